"""Arguments that cannot be: one line, exit code 2 (3 where the machine is too small), nothing made."""

import pytest

from support.command_line import refused, skyshield, stamps

WORDS = {
    "no replications": (("run", "--replications", 0), "--replications: is 0; give a whole number from 1 to 65,535"),
    "negative replications": (("run", "--replications", -1), "--replications: is -1"),
    "too many replications": (("run", "--replications", 65536), "--replications: is 65536"),
    "replications in words": (("run", "--replications", "many"), "'--replications'"),
    "half a replication": (("run", "--replications", "1.5"), "'--replications'"),
    "no vectors": (("run", "--vectors", 0), "--vectors: is 0; give a whole number from 1 to 65,536"),
    "too many vectors": (("run", "--vectors", 65537), "--vectors: is 65537"),
    "endless vectors": (("run", "--vectors", "9" * 30), "--vectors: is 999"),
    "vectors that are no number": (("run", "--vectors", "nan"), "'--vectors'"),
    "no days": (("run", "--days", 0), "--days: is 0; give a whole number from 1 to 1827"),
    "too many days": (("run", "--days", 1828), "--days: is 1828"),
    "negative seed": (("run", "--seed", -1), "--seed: is -1; give a whole number from 0 to 2**64 - 1"),
    "seed too large": (("run", "--seed", 2**64), "--seed: is 18446744073709551616"),
    "no jobs": (("run", "--jobs", 0, "--vectors", 1), "--jobs: is 0"),
    "negative jobs": (("run", "--jobs", -2, "--vectors", 1), "--jobs: is -2"),
    "too many jobs": (("run", "--jobs", 100000, "--vectors", 1), "--jobs: is 100000"),
    "unknown option of the scenario": (("run", "--options", "own,regoin"), "option 'regoin': is not in the scenario"),
    "no option at all": (("run", "--options", ","), "--options: names no option"),
    "unknown command": (("rum",), "No such command 'rum'"),
    "unknown command of a group": (("scenario", "lost"), "No such command 'lost'"),
    "unknown flag": (("run", "--colour", "red"), "No such option: --colour"),
    "flag of another command": (("catalogue", "--vectors", 3), "No such option: --vectors"),
    "flag without its value": (("run", "--vectors"), "'--vectors' requires an argument"),
    "value for a switch": (("run", "--force=yes"), "does not take a value"),
    "one scenario too many": (("run", "skyshield", "skyshield"), "unexpected extra argument"),
    "no record": (("record",), "Missing argument 'CSV'"),
    "no folder": (("compare",), "Missing argument 'DIR'"),
    "no scenario": (("scenario", "check"), "Missing argument 'SCENARIO'"),
    "unknown entry": (("catalogue", "dekoy_share"), "did you mean decoy_share"),
    "unknown scenario": (("run", "skyshild"), "is neither a shipped scenario nor a file"),
    "unknown scenario to show": (("scenario", "show", "skyshild"), "is neither a shipped scenario nor a file"),
    "an empty name": (("run", ""), "is neither a shipped scenario nor a file"),
    "a name over several lines": (("run", "two\nlines\x1b[31m"), "is neither a shipped scenario nor a file"),
    "a very long name": (("run", "x" * 5000), "is not a usable file name"),
    "a very long file name": (("scenario", "check", "x" * 5000 + ".yaml"), "is not a usable file name"),
}


@pytest.mark.parametrize("case", WORDS)
def test_arguments_that_cannot_be(forked, tmp_path, case):
    words, message = WORDS[case]
    form = ("--out", tmp_path / "study", "--json") if words[0] == "run" and words[-1] != "--vectors" else ("--json",)
    if case in ("unknown command", "flag without its value"):
        form = ()
    refused(forked(*words, *form), 2, message)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("case", ["no replications", "unknown command", "unknown flag"])
def test_the_installed_command_says_the_same(forked, case):
    words, message = WORDS[case]
    done = skyshield(*words)
    refused(done, 2, message)
    assert done.stderr == forked(*words).stderr


@pytest.mark.parametrize("group", [(), ("scenario",)])
def test_no_command_shows_those_there_are(forked, group):
    done = forked(*group)
    assert done.returncode == 2
    assert done.stderr == f"error: {' '.join(('skyshield', *group))}: no command is given; choose one of those listed\n"
    assert "Commands:" in done.stdout


def test_a_study_larger_than_the_memory(forked, tmp_path):
    out = tmp_path / "study"
    words = ("run", "--vectors", 65536, "--replications", 65535, "--out", out, "--json")
    refused(forked(*words), 3, "GiB of memory")
    assert not out.exists()


SMALL = ("run", "--vectors", 1, "--replications", 1, "--days", 1)


def test_out_on_a_file(tmp_path, forked):
    file = tmp_path / "file"
    file.write_text("mine")
    before = stamps(tmp_path)
    refused(forked(*SMALL, "--out", file, "--json"), 2, f"{file}: is a file, not a folder")
    refused(forked(*SMALL, "--out", file, "--force", "--json"), 2, f"{file}: is a file, not a folder")
    refused(forked(*SMALL, "--out", file / "below" / "it", "--json"), 2, "lies under a file")
    assert stamps(tmp_path) == before and file.read_text() == "mine"


def test_out_on_a_folder_of_something_else(tmp_path, forked):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("mine")
    before = stamps(tmp_path)
    for more in ((), ("--force",)):
        refused(forked(*SMALL, "--out", tmp_path / "letters", "--json", *more), 2, "holds no study (dear.txt)")
    assert stamps(tmp_path) == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["dear.txt", "letters"]


def test_out_with_a_name_no_file_system_takes(tmp_path, forked):
    refused(forked(*SMALL, "--out", tmp_path / ("x" * 300), "--json"), 2, "is not a usable file name")
    assert not list(tmp_path.iterdir())
