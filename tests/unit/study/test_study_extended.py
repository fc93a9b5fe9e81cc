"""A study that is extended says the same more exactly; nothing it prints is an interval without a width.

`test_study_summary` extends ten made-up ones; these are played. Tried to fail: arms told as the headline plus their
mean change, rows of `compare` told without the rivals, coinciding ends printed. Each fails at least one test.
"""

import json
import re

import pytest

from skyshield.study import run
from skyshield.study.compare import compare, over_arms, rivals
from support.command_line import parsed
from support.forks import skyshield
from support.studies import resolved, scenario

SEED, VECTORS = 3, 16
WITHOUT_WIDTH = re.compile(r"(?<![\d.,−-])(?<!under )(-?[\d.,]+) to \1(?![\d.,])")


def told(result):
    arms = over_arms(result, "own")
    return arms["region"], rivals(result, arms)["region"]["holds_under_both"], compare(result, "own").rows["region"]


def test_a_played_study_refines_and_never_reverses(tmp_path):
    asked = resolved(scenario(days=6))
    folder = tmp_path / "study"
    before, both, _ = told(run(asked, SEED, 5, vectors=VECTORS, out=folder))
    assert all("mcse_floor" in row for row in before[1:])
    for replications in (9, 30):
        result = run(asked, SEED, replications, vectors=VECTORS, out=folder)
        assert result.joint  # so that rows have joint ends
        arms, still, rows = told(result)
        for one, other in zip(before, arms, strict=True):
            assert other["mcse"] <= one["mcse"] * (1.0 + 1e-9) and other["delta"] >= 0.0
            assert other["lo"] is None or 0.0 <= other["lo"] <= other["hi"]
        assert still == both
        for row in rows.values():
            assert row["env_lo"] <= row["delta"] <= row["env_hi"] and row["joint_lo"] <= row["delta"] <= row["joint_hi"]
            assert row["lo"] is None or row["env_lo"] <= row["lo"] <= row["hi"] <= row["env_hi"]
        before = [arms[0], *arms[1:]]
    assert all(row["mcse_floor"] <= row["mcse"] for row in arms[1:])


@pytest.fixture(scope="module")
def played(few, tmp_path_factory):
    folder = tmp_path_factory.mktemp("extended") / "study"
    words = ("run", few, "--vectors", VECTORS, "--replications", 3, "--days", 3, "--out", folder)
    return folder, skyshield(*words), json.loads((folder / "summary.json").read_text("utf-8"))


def test_an_interval_without_a_width_is_never_printed(played):
    folder, done, content = played
    assert done.returncode == 0, done.stderr
    texts = [done.stdout, skyshield("compare", folder, "--to", "region").stdout,
             *((folder / name).read_text("utf-8") for name in ("report.html", "annex.html"))]
    assert all(texts) and not [found for text in texts for found in WITHOUT_WIDTH.findall(text)]
    assert WITHOUT_WIDTH.findall("213 (213 to 213)") == ["213"] and not WITHOUT_WIDTH.findall("213 to 2130, 1.5 to 5")
    rows = [row for of in (content["options"], content["paired"]) for by in of.values() for row in by.values()]
    noisy = [row for row in rows if row.get("reason") == "within noise"]
    assert noisy and all(row["lo"] is row["hi"] is None for row in noisy)
    assert all(row["lo"] is not None or row["reason"] for row in rows)
    assert not [row for row in rows if row["lo"] is not None and row["lo"] == row["hi"] and row["mcse"] > 1e-6]
    assert "within noise" in texts[0]


def test_compare_to_another_option_carries_the_flags(played):
    folder, done, _ = played
    flagged = skyshield("compare", folder, "--to", "region").stdout
    assert "two rival models" in flagged or "both rival models" in flagged or "whether Ukraine stops" in flagged
    assert "more than region" in flagged
    sentence = next(line for line in done.stdout.splitlines()
                    if any(words in line for words in ("rival models", "FLAG", "whether Ukraine stops")))
    assert sentence[:40] in skyshield("compare", folder).stdout.replace("\n", " ")
    result = parsed(skyshield("compare", folder, "--to", "region", "--json"))
    assert set(result["rivals"]) == {"own"} and set(result["joint"]["options"]) == {"region"}
