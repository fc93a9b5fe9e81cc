"""The machine's faults: no permission, a full disk, a closed pipe. Exit code 3, one line, nothing half written.

As root, permission is tried as the user nobody; where that user cannot reach this installation, as root without
the capability to override permissions, to whom files are as closed as to anybody else. Nothing is skipped for root.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import confined as confinement
from support.command_line import NOBODY, SKYSHIELD, hashes, leftovers, refused, skyshield, stamps, unstored
from support.forks import Forks

SMALL = ("run", "--vectors", 1, "--replications", 1, "--days", 1)
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
WITHOUT_OVERRIDE = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search")
ROOT = os.geteuid() == 0


@pytest.fixture(scope="session")
def unprivileged() -> tuple[str, ...]:
    """Return the command that runs another one without privileges; nothing for a user who has none."""
    if not ROOT:
        return ()
    assert shutil.which("setpriv"), "setpriv (package util-linux) is needed to give privileges up"
    for before in (AS_NOBODY, WITHOUT_OVERRIDE):
        if skyshield("scenario", "list", before=before).returncode == 0:
            return before
    pytest.fail("no way to run the command without root's privileges")


@pytest.fixture
def place(tmp_path_factory) -> Path:
    """Return a folder that every user can reach (pytest's own are closed to others)."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="skyshield-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
        for path in Path(name).rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)


def test_a_folder_without_permission(unprivileged, place):
    closed = place / "closed"
    closed.mkdir(mode=0o500)
    closed.chmod(0o555)
    refused(skyshield(*SMALL, "--out", closed / "study", "--json", before=unprivileged), 3, "permission denied")
    refused(skyshield(*SMALL, "--out", closed, "--json", before=unprivileged), 3, "permission denied")
    assert not list(closed.iterdir())


def test_a_folder_that_may_not_even_be_looked_into(unprivileged, place):
    secret = place / "secret"
    secret.mkdir()
    (secret / "study").mkdir()
    secret.chmod(0o000)
    refused(skyshield(*SMALL, "--out", secret / "study", "--json", before=unprivileged), 3, "permission denied")
    refused(skyshield("compare", secret / "study", "--json", before=unprivileged), 3, "permission denied")
    refused(skyshield("scenario", "check", secret / "my.yaml", "--json", before=unprivileged), 3, "permission denied")
    secret.chmod(0o700)
    assert [path.name for path in secret.rglob("*")] == ["study"]


def test_files_that_may_not_be_read(unprivileged, place):
    for name, words in (("my.yaml", ("scenario", "check")), ("record.csv", ("record",))):
        path = place / name
        path.write_text("x")
        path.chmod(0o000)
        refused(skyshield(*words, path, "--json", before=unprivileged), 3, name, "permission denied")


def test_scenario_new_in_a_folder_without_permission(unprivileged, place):
    place.chmod(0o555)
    refused(skyshield("scenario", "new", place / "my.yaml", "--json", before=unprivileged), 3, "permission denied")
    assert not list(place.iterdir())
    place.chmod(0o755)


def in_small_disk(forked: Forks, size: str, place: Path, *words: object,
                  filled: bool = False) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the command with a disk of that size (or ``ro``) mounted at `place`, seen by it alone.

    Returns the ended process and the files that it left on the disk.
    """
    listing = place.with_name(f"{place.name}.files")
    listing.unlink(missing_ok=True)
    done = confined(forked, listing, confinement.on_small_disk, size, place, listing, filled, words)
    return done, listing.read_text("utf-8").splitlines()


def confined(forked: Forks, proof: Path, how: Callable[..., None],
             *given: object) -> subprocess.CompletedProcess[str]:
    """Run a function of `support.confined` in a process of its own; `proof` is what it leaves if it could mount."""
    done = forked.calling(how, *given)
    if proof.exists():
        return done
    assert not ROOT, f"root could not mount a small disk: {done.stderr}"
    pytest.skip(f"this user may not mount a small disk: {done.stderr.strip()}")


def test_a_full_disk(tmp_path, forked):
    disk = tmp_path / "disk"
    disk.mkdir()
    done, files = in_small_disk(forked, "1m", disk, *STUDY, "--out", disk / "study", "--json")
    refused(done, 3, "the disk is full; free some space")
    names = [Path(name).name for name in files]
    assert "study.json" in names and sum(name.endswith(".parquet") for name in names) >= 1
    assert not [name for name in names if "tmp" in name]


def test_a_disk_too_small_for_the_first_file(tmp_path, forked):
    disk = tmp_path / "disk"
    disk.mkdir()
    done, files = in_small_disk(forked, "64k", disk, *SMALL, "--out", disk / "study", "--json")
    refused(done, 3, "the disk is full")
    assert files == []
    done, files = in_small_disk(forked, "64k", disk, "scenario", "new", disk / "study.yaml", "--json", filled=True)
    refused(done, 3, "the disk is full")
    assert files == [str(disk / "filler")]


def test_a_read_only_disk(tmp_path, forked):
    disk = tmp_path / "disk"
    disk.mkdir()
    done, files = in_small_disk(forked, "ro", disk, *SMALL, "--out", disk / "study", "--json")
    refused(done, 3, "permission denied")
    assert files == []


@pytest.mark.parametrize("words", [("catalogue",), ("catalogue", "--json"), ("scenario", "list"), ("--help",),
                                   ("--version",), ("scenario",), ("run", "--help")])
def test_standard_output_that_takes_nothing(words):
    with Path("/dev/full").open("w") as full:
        done = skyshield(*words, stdout=full)
    assert done.returncode == 3
    assert done.stderr == "error: skyshield: the disk is full; free some space and run the same command again\n"


@pytest.mark.parametrize("words", ["catalogue", "catalogue --json", "scenario show", "--help"])
def test_a_reader_that_leaves_early(words):
    script = f'set -o pipefail; "$0" {words} | head -n 1'
    done = subprocess.run(["bash", "-c", script, SKYSHIELD], capture_output=True, encoding="utf-8", check=False)
    assert done.stdout.count("\n") == 1
    assert (done.returncode, unstored(done.stderr)) == (0, "")


def test_streams_that_are_closed():
    done = subprocess.run(["sh", "-c", '"$0" catalogue >&-', SKYSHIELD], capture_output=True, encoding="utf-8",
                          check=False)
    refused(done, 3, "standard output: is closed")
    done = subprocess.run(["sh", "-c", '"$0" rum 2>&-', SKYSHIELD], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([SKYSHIELD, "rum"], stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


STUDY = ("run", "--options", "region", "--vectors", 6, "--replications", 70, "--days", 3, "--jobs", 1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, forked):
    """A study that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "study"
    assert forked(*STUDY, "--out", folder).returncode == 0
    return folder


def test_a_folder_that_loses_its_permissions_in_mid_run(place, whole, forked):
    folder = place / "study"
    words = (*STUDY, "--out", folder)
    done = forked.calling(confinement.without_permission_soon, folder, 3, words)
    refused(done, 3, "shards/a")
    (folder / "shards").chmod(0o755)
    stored = stamps(folder, "shards/a*.parquet")
    assert len(stored) >= 3
    # A file begun before the permission went can be neither named nor removed after: the next run clears it away.
    assert len(leftovers(folder)) <= 1
    (folder / "shards/.a00-v00001-r00000-00064.parquet.tmp-1").write_bytes(b"half")  # such a one, whatever the moment
    done = forked.calling(confinement.without_override, words)
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert hashes(folder) == hashes(whole) and not leftovers(folder)
    assert stored.items() <= stamps(folder, "shards/a*.parquet").items()


def test_a_disk_that_fills_up_and_is_made_larger(tmp_path, whole, forked):
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    disk.mkdir()
    done = confined(forked, copy, confinement.on_a_disk_made_larger, disk, copy, (*STUDY, "--out", disk / "study"))
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert done.stderr.count("the disk is full; free some space and run the same command again") == 1
    assert hashes(copy) == hashes(whole)


@pytest.fixture(scope="module")
def small(tmp_path_factory, forked) -> Path:
    """A stored study."""
    folder = tmp_path_factory.mktemp("exported") / "study"
    done = forked(*SMALL, "--options", "region", "--out", folder, "--json")
    assert done.returncode == 0, done.stderr
    return folder


def test_an_export_on_a_full_disk(small, tmp_path, forked):
    disk = tmp_path / "disk"
    disk.mkdir()
    for name in ("it.csv", "it.xlsx"):
        done, files = in_small_disk(forked, "64k", disk, "export", small, "--out", disk / name, "--json")
        refused(done, 3, "the disk is full; free some space")
        assert files == []


def test_an_export_without_permission(small, unprivileged, place):
    shutil.copytree(small, place / "study")
    for path in (place / "study", *(place / "study").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    closed = place / "closed"
    closed.mkdir()
    (closed / "it.xlsx").write_text("mine")
    (closed / "it.xlsx").chmod(0o444)
    closed.chmod(0o555)
    for name, more in (("it.xlsx", ("--force",)), ("other.csv", ())):
        refused(skyshield("export", place / "study", "--out", closed / name, *more, before=unprivileged), 3, name,
                "permission denied")
    assert [path.name for path in closed.iterdir()] == ["it.xlsx"] and (closed / "it.xlsx").read_text() == "mine"
