"""``skyshield run`` and ``compare``: what they print, and what they keep to themselves."""

import functools
import json
import os
import pty
import re
import subprocess
import threading
from importlib.metadata import version
from pathlib import Path

import pytest

from skyshield.cli.output import LEAST_WIDTH
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.study.compare import PRIMARIES, PRIMARY
from skyshield.study.result import MEASURES
from skyshield.study.told import ends
from support.command_line import FIXED, SKYSHIELD, parsed, refused, stamps
from support.forks import skyshield

SUMMARY = {"mean", "lo", "hi", "mcse", "spread_lo", "spread_hi"}
CLAUSES = ("target_classes", "zone", "standoff_russia", "standoff_front")
SIZE = ("--vectors", 2, "--replications", 2, "--days", 1)


@pytest.fixture(scope="module")
def content(ruled):
    return json.loads((ruled / "study.out").read_text("utf-8"))


def test_the_keys_of_the_json(content):
    promised = {"scenario", "study_key", "seed", "vectors", "replications", "days", "primary", "options", "paired",
                "rivals", "without_centre", "unknowns", "breakeven", "months", "provenance"}
    assert promised <= set(content)
    assert "timing" not in content
    assert (content["scenario"], content["seed"], content["primary"]) == (
        "month", 1, list(PRIMARIES))
    assert (content["vectors"], content["replications"], content["days"]) == (3, 4, 2)
    assert re.fullmatch("[0-9a-f]{64}", content["study_key"])


def test_every_option_has_every_measure(content):
    dropped = {f"region_without_{clause}" for clause in CLAUSES}
    assert set(content["options"]) == {"own", "region", *dropped}
    assert set(content["paired"]) == set(content["options"]) - {"own"}
    for measures in content["options"].values():
        assert set(measures) == set(MEASURES)
        assert all(set(summary) >= SUMMARY for summary in measures.values())
    for measures in content["paired"].values():
        assert set(measures) == set(MEASURES)
        assert all(set(summary) >= SUMMARY - {"mean"} | {"delta"} for summary in measures.values())
    assert "leaked/uav" in MEASURES and "munitions/aam" in MEASURES


def test_deltas_are_differences_of_means(content):
    for name, rows in content["paired"].items():
        for measure, summary in rows.items():
            difference = (content["options"][name][measure]["mean"] - content["options"]["own"][measure]["mean"])
            assert summary["delta"] == pytest.approx(difference, rel=1e-4, abs=1e-2), (name, measure)


def test_numbers_have_six_significant_digits(content):
    def numbers(value):
        if isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from numbers(item)
        elif isinstance(value, float):
            yield value

    actual = list(numbers(content))
    assert len(actual) > 1000
    assert all(value == float(f"{value:.5e}") for value in actual)


def test_provenance_is_versions_and_hashes_alone(content, ruled):
    provenance = content["provenance"]
    assert set(provenance) == {"versions", "resolved_sha256", "kernel_sha256", "catalogue_sha256", "theatre_sha256",
                               "record_sha256", "alerts_sha256", "fit", "fit_window", "fit_status"}
    for name, value in provenance.items():
        if name.endswith("_sha256"):
            assert re.fullmatch("[0-9a-f]{64}", value), name
    fit = embedded_fit()
    assert (provenance["fit"], provenance["record_sha256"], provenance["alerts_sha256"]) == (
        fit.source, fit.record_sha256, fit.alerts_sha256)
    assert (provenance["fit_window"], provenance["fit_status"]) == (list(fit.window), fit.status)
    assert provenance["versions"]["numba"] == version("numba")
    printed = json.dumps(content)
    for place in {ruled, Path.cwd(), Path.home()} - {Path("/")}:
        assert f"{place}/" not in printed
    assert not re.search(r"jobs|\bhost|\bclock|\d\d:\d\d", printed)


def test_what_has_no_centre_is_told_with_what_the_scenario_fixes(content):
    actual = {row.pop("entry"): row for row in content["without_centre"]}
    assert set(actual) == {*FIXED, "own_defence_along_share", "zone_share"}
    assert {name: row["headline"] for name, row in actual.items() if row["fixed_by_scenario"]} == FIXED
    assert actual["zone_share"] == {"unit": "1", "low": 0.2, "high": 0.6, "headline": 0.6, "fixed_by_scenario": False}


def test_unknowns_are_the_arms_of_the_envelope(content):
    assert set(content["unknowns"]) == set(content["paired"])
    for option, rows in content["unknowns"].items():
        assert [(row["entry"], row["end"], row["value"]) for row in rows] == [
            ("own_defence_along_share", "low", 0.0), ("own_defence_along_share", "high", 1.0),
            ("zone_share", "low", 0.2)]
        headline = content["paired"][option][PRIMARY]
        low, high = ([row["delta"] if row[end] is None else row[end] for row in (headline, *rows)]
                     for end in ("lo", "hi"))
        assert headline["env_lo"] == min(low) and headline["env_hi"] == max(high)
    assert content["unknowns"]["region"][0]["delta"] != content["paired"]["region"][PRIMARY]["delta"]


def test_the_rivals_are_the_arms_at_both_ends(content):
    for option, actual in content["rivals"].items():
        near_aims, along = content["unknowns"][option][:2]
        assert actual["by_rival"]["coverage"]["delta"] == near_aims["delta"]
        assert actual["by_rival"]["uniform"]["delta"] == along["delta"]
        prevents = [ends(row)[0] > 0.0 for row in (along, near_aims)]
        assert actual["by_rival"]["uniform"]["prevents"] is prevents[0]
        assert actual["holds_under_both"] is all(prevents)


def test_neither_manifest_nor_page_tell_of_the_machine(ruled):
    for name in ("study.json", "resolved.json", "report.html", "annex.html"):
        text = (ruled / "study" / name).read_text("utf-8")
        for place in {ruled, Path.cwd(), Path.home()} - {Path("/")}:
            assert f"{place}/" not in text


def test_compare_repeats_what_run_said_and_prices_clauses(content, ruled, forked):
    before = stamps(ruled / "study")
    actual = parsed(forked("compare", ruled / "study", "--json"))
    assert stamps(ruled / "study") == before
    assert actual["study_key"] == content["study_key"]
    assert (actual["to"], actual["primary"]) == ("own", list(PRIMARIES))
    assert actual["paired"] == content["paired"]
    assert (actual["rivals"], actual["unknowns"]) == (content["rivals"], content["unknowns"])
    assert [(price["option"], price["clause"]) for price in actual["clauses"]] == [("region", c) for c in CLAUSES]
    for price in actual["clauses"]:
        whole = content["options"]["region"]["prevented_zone"]["mean"]
        without = content["options"][f"region_without_{price['clause']}"]["prevented_zone"]["mean"]
        assert price["measures"]["prevented_zone"]["delta"] == pytest.approx(without - whole, abs=1e-2)


def test_compare_to_another_option_turns_the_sign(content, ruled, forked):
    actual = parsed(forked("compare", ruled / "study", "--to", "region", "--json"))
    assert actual["to"] == "region" and set(actual["paired"]) == set(content["options"]) - {"region"}
    back = actual["paired"]["own"][PRIMARY]
    there = content["paired"]["region"][PRIMARY]
    assert back["delta"] == pytest.approx(-there["delta"])
    assert ends(back) == pytest.approx([-end for end in reversed(ends(there))])
    assert "…" not in forked("compare", ruled / "study", "--to", "region").stdout
    refused(forked("compare", ruled / "study", "--to", "regoin", "--json"), 2, "option 'regoin': is not in the study")


def test_compare_for_a_reader(ruled, forked):
    done = forked("compare", ruled / "study")
    assert (done.returncode, done.stderr) == (0, "")
    assert "! 3 parameter vectors, fewer than 200" in done.stdout
    assert "region minus own, same raids" in done.stdout
    assert "region: what dropping one clause changes in 2 days, same raids" in done.stdout
    table = done.stdout[done.stdout.index("what dropping one clause changes"):]
    heads = r"clause dropped +Leakers in the protected area +Leakers in the country .*Cost, EUR million"
    assert re.search(heads, table)
    for clause in CLAUSES:
        assert re.search(rf"^{clause} +\S", table, re.MULTILINE)
        assert f"region_without_{clause} minus" not in done.stdout  # priced, not compared once more


def test_a_dry_run_plays_and_writes_nothing(tmp_path, forked):
    before = stamps(tmp_path)
    actual = parsed(forked("run", "--dry-run", "--vectors", 10, "--replications", 65, "--days", 4, "--out",
                           tmp_path / "study", "--json", cwd=tmp_path))
    assert stamps(tmp_path) == before and not (tmp_path / "study").exists()
    assert (actual["vectors"], actual["replications"], actual["days"]) == (10, 65, 4)
    assert actual["options"] == [option.name for option in load("skyshield").options] and actual["baseline"] == "own"
    assert actual["blocks"] == 10 * (2 + actual["arms"] - 1)
    n_options = len(actual["options"])
    assert 65 * 10 * 4 * n_options < actual["raid_days"] < (65 + (actual["arms"] - 1) * 2 * 0.75) * 10 * 4 * n_options
    first = f"the first 4 of {load('skyshield').days} days: forces and budgets are planned for all of them"
    assert actual["marks"] == ["10 parameter vectors, fewer than 200: intervals are rough", first]
    printed = forked("run", "--dry-run", "--vectors", 10, cwd=tmp_path)
    assert printed.stdout.startswith("! 10 parameter vectors, fewer than 200: intervals are rough\nA European ")
    assert re.search(r"^  Share of threats bound .*: at its high end, 1; \d options$", printed.stdout, re.MULTILINE)
    assert re.search(r"^(takes about [\d.]+ \w+ here, .* about [\d.]+ [MG]B on the disk|how long .* compiles the .*)$",
                     printed.stdout, re.MULTILINE)
    assert len(actual["arm_list"]) == actual["arms"]
    assert {"wall_s", "disk_bytes"} == set(actual["estimate"])


def test_a_study_run_again_says_what_was_there_and_what_was_played(few, tmp_path, forked):
    words = ("run", few, "--days", 1, "--replications", 2, "--out", tmp_path / "mine", "--json")
    first = forked(*words, "--vectors", 2)
    assert first.stderr == ""
    again = forked(*words, "--vectors", 2)
    holds = f"note: study {tmp_path / 'mine'} holds"
    assert again.stdout == first.stdout
    assert again.stderr == f"{holds} all that is asked (2 vectors x 2 replications): nothing was played\n"
    more = forked(*words, "--vectors", 3)
    lines = more.stderr.splitlines()
    held = holds.removesuffix("holds") + "held"
    played = re.fullmatch(rf"{held} 2 vectors x 2 replications and holds 3 vectors x 2 replications now: (\d+) "
                          "raid-days were played", lines[0])
    assert played is not None and 2 * 2 <= int(played.group(1)) <= 2 * 2 * 4 and len(lines) == 1
    unfinished = json.loads((tmp_path / "mine/study.json").read_text("utf-8"))
    for name in [name for name in unfinished["shards"] if name.startswith("a01")]:
        del unfinished["shards"][name]
    (tmp_path / "mine/study.json").write_text(json.dumps({**unfinished, "complete": False}), "utf-8")
    rest = forked(*words, "--vectors", 3)
    assert re.fullmatch(rf"{held} \d\d% of 3 vectors x 2 replications and holds 3 vectors x 2 replications now: \d+ "
                        r"raid-days were played\n", rest.stderr) and rest.stdout == more.stdout


def test_a_dry_run_plays_no_study(monkeypatch, capsys):
    import sys

    from skyshield.cli.main import main
    from skyshield.study import run as play

    def fail(*_, **__):
        raise AssertionError("played")

    module = sys.modules[play.__module__]
    monkeypatch.setattr(module, "_play", fail)
    monkeypatch.setattr(module, "run", fail)
    with pytest.raises(SystemExit) as left:
        main(["run", "--dry-run", "--vectors", "1"])
    assert left.value.code == 0
    assert "study key" in capsys.readouterr().out


def test_a_dry_run_names_the_study_that_would_be_run(content, few, forked):
    actual = parsed(forked("run", few, "--rules", "--dry-run", "--days", 2, "--json"))
    assert actual["study_key"] == content["study_key"]
    assert set(actual["options"]) == set(content["options"])


@pytest.mark.parametrize(("asked", "played"), [("region", ["own", "region"]), ("own", ["own"]),
                                               (" region , own,", ["own", "region"])])
def test_the_baseline_is_always_played(asked, played, forked):
    assert parsed(forked("run", "--dry-run", "--options", asked, "--json"))["options"] == played


def test_timing_is_asked_for_and_kept_apart(tmp_path, few):
    out = tmp_path / "new" / "folder" / "study"
    actual = parsed(skyshield("run", few, *SIZE, "--timing", "--out", out, "--json", cwd=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    parts = {"compile_s", "play_s", "store_s", "summarise_s", "report_s"}
    assert set(actual["timing"]) == {"wall_s", "raid_days_per_s", *parts}
    assert all(value > 0 for value in actual["timing"].values())
    assert sum(actual["timing"][part] for part in parts) == pytest.approx(actual["timing"]["wall_s"], rel=1e-3)
    kept = json.loads((out / "timing.json").read_text("utf-8"))
    assert kept == pytest.approx(actual["timing"], rel=1e-4)
    assert not [name for name in ("study.json", "report.html", "annex.html")
                if "wall_s" in (out / name).read_text("utf-8")]


def on_a_terminal(*words) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the command with standard error at a terminal; return it and what the terminal showed."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def listen() -> None:
        with os.fdopen(ours, "rb", buffering=0) as terminal:
            try:
                shown.extend(iter(functools.partial(terminal.read, 4096), b""))
            except OSError:  # the other end is closed
                return

    listener = threading.Thread(target=listen)
    listener.start()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run([SKYSHIELD, *map(str, words)], stdout=subprocess.PIPE, stderr=theirs, encoding="utf-8",
                          env=environment, stdin=subprocess.DEVNULL, check=False)
    os.close(theirs)
    listener.join()
    return done, b"".join(shown).decode("utf-8", "replace")


def test_progress_is_for_a_terminal_only(few):
    words = ("run", few, *SIZE)
    watched, shown = on_a_terminal(*words)
    assert watched.returncode == 0
    for printed in ("playing month", "blocks", "raid-days/s", "left", "by what is played so far", "region", "mcse"):
        assert printed in shown
    piped = skyshield(*words)
    assert (piped.returncode, piped.stderr) == (0, "")
    assert piped.stdout == watched.stdout
    assert "playing" not in piped.stdout
    assert "\x1b" not in piped.stdout


def test_the_page_for_a_reader_names_the_figures(few):
    done = skyshield("run", few, *SIZE)
    assert done.stdout.startswith("! 2 parameter vectors, fewer than 200: intervals are rough\n")
    assert all(f"region: {measure} " in done.stdout for measure in PRIMARIES)
    assert "region minus own, same raids" in done.stdout
    assert "whether Ukraine stops threats" in done.stdout or "rival models of where Ukraine" in done.stdout \
        or "FLAG: " in done.stdout
    assert "own, per 1 days" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= LEAST_WIDTH
    assert "…" not in done.stdout
