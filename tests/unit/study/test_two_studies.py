"""Two stored studies compared: paired where both met the same raids, against sums made by hand from their files.

Tried to fail: the sign turned, the noise left in the intervals of independent studies, the seed left out of what is
looked at. Each fails at least one test.
"""

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.study.result import MEASURES
from skyshield.study.two_studies import _other_raids, independent_row, two_json, two_studies
from support.command_line import made_once, parsed, refused
from support.forks import skyshield

SIZE = ("--vectors", 3, "--replications", 2, "--days", 2)
STANDOFF = "standoff_russia: 200 km"


@pytest.fixture(scope="session")
def studies(few, tmp_path_factory) -> Path:
    """Hold studies: ``first``; ``near`` with another stand-off; ``more`` of it, larger; ``other`` with another seed."""
    def make(place: Path) -> None:
        text = few.read_text("utf-8")
        assert STANDOFF in text
        (place / "near.yaml").write_text(text.replace(STANDOFF, "standoff_russia: 600 km"), "utf-8")
        for name, words in {"first": (few, *SIZE), "near": (place / "near.yaml", *SIZE),
                            "more": (few, *SIZE, "--vectors", 4, "--replications", 5),
                            "other": (few, *SIZE, "--seed", 2)}.items():
            done = skyshield("run", *words, "--out", place / name, "--json")
            assert done.returncode == 0, done.stderr

    return made_once(tmp_path_factory, "two-studies", make)


def by_hand(folder, option, measure):
    """Return one measure [vector, replication] of the headline, read with DuckDB from the study's files."""
    number = json.loads((folder / "study.json").read_text("utf-8"))["options"].index(option)
    table = duckdb.read_parquet(f"{folder}/shards/a00-*.parquet")
    rows = table.filter(f"option = {number}").project(f'vector, replication, "{measure}"').fetchall()
    values = np.zeros((1 + max(row[0] for row in rows), 1 + max(row[1] for row in rows)))
    for vector, replication, value in rows:
        values[vector, replication] = value
    return values


@pytest.mark.parametrize("name", ["first", "more"])
def test_a_study_differs_from_itself_by_nothing_at_all(studies, name):
    found = two_json(two_studies(studies / name, studies / name))
    assert found["paired"] and found["why_not"] == [] and found["changed"] == {
        "options": {}, "numbers": [], "scenario": []}
    for rows in found["differences"].values():
        assert set(rows) == set(MEASURES)
        assert all(row == {"delta": 0.0, "lo": 0.0, "hi": 0.0, "mcse": 0.0} for row in rows.values())


def test_an_extended_study_pairs_with_its_smaller_self_where_both_have_played(studies):
    for pair in (("first", "more"), ("more", "first")):
        found = two_json(two_studies(*(studies / name for name in pair)))
        assert (found["paired"], found["vectors"], found["replications"]) == (True, 3, 2)
        assert all(row["delta"] == row["mcse"] == 0.0 for rows in found["differences"].values()
                   for row in rows.values())


def test_paired_differences_are_those_of_the_files(studies):
    found = two_json(two_studies(studies / "first", studies / "near"))
    assert found["paired"] and found["changed"]["options"] == {"region": ["rules"]}
    moved = 0
    for option, rows in found["differences"].items():
        for measure in ("refused_standoff", "engaged", "redundant/uav", "leaked/uav", "cost_eur"):
            change = by_hand(studies / "near", option, measure) - by_hand(studies / "first", option, measure)
            row, n = rows[measure], change.shape[0]
            assert row["delta"] == pytest.approx(change.mean(), rel=1e-9, abs=1e-9)
            assert row["mcse"] == pytest.approx(np.sqrt((change.var(axis=1, ddof=1) / change.shape[1]).sum()) / n,
                                                rel=1e-9, abs=1e-12)
            moved += abs(row["delta"]) > 0.0
            assert option != "own" or not change.any()
    assert moved >= 2


def shrunk(x):
    """Return the means of vectors [vector, replication] with the noise taken out of their spread, by its formula."""
    means, noise = x.mean(axis=1), (x.var(axis=1, ddof=1) / x.shape[1]).mean()
    between = means.var(ddof=1)
    return means.mean() + np.sqrt(max(0.0, 1.0 - noise / between) if between > 0.0 else 0.0) * (means - means.mean())


def test_independent_differences_are_those_of_the_files(studies):
    found = two_json(two_studies(studies / "more", studies / "other"))
    assert not found["paired"] and found["why_not"] == ["seed (1, not 2)"] and "vectors" not in found
    told = 0
    for option, rows in found["differences"].items():
        for measure in ("launched/uav", "flight_hours", "leaked/uav", "redundant/uav", "cost_eur"):
            a, b = (by_hand(studies / name, option, measure) for name in ("more", "other"))
            row = rows[measure]
            assert row["delta"] == pytest.approx(b.mean() - a.mean(), rel=1e-9, abs=1e-9)
            every = (shrunk(b)[:, None] - shrunk(a)[None, :]).ravel()
            if row["lo"] is not None:
                assert (row["lo"], row["hi"]) == pytest.approx(tuple(np.quantile(every, (0.025, 0.975))), rel=1e-9)
                told += row["lo"] < row["hi"]
    assert told >= 3


def test_with_an_option_to_compare_with_differences_are_taken_inside_each_study_first(studies):
    found = two_json(two_studies(studies / "first", studies / "near", "own"))
    assert list(found["differences"]) == ["region"]
    within = [by_hand(studies / name, "region", "leaked/uav") - by_hand(studies / name, "own", "leaked/uav")
              for name in ("first", "near")]
    assert found["differences"]["region"]["leaked/uav"]["delta"] == pytest.approx((within[1] - within[0]).mean())


def test_a_study_that_met_other_launches_is_not_paired(studies):
    found = two_studies(studies / "first", studies / "near")
    assert _other_raids(found.a, found.b, found.changed) == []
    other = two_studies(studies / "first", studies / "other")
    assert _other_raids(other.a, other.b, other.changed) == ["the raids themselves"]


def test_very_large_samples_are_thinned_evenly():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.0, 1.0, (900, 2)), rng.normal(1.0, 1.0, (1000, 2))
    a[:, 1], b[:, 1] = a[:, 0], b[:, 0]  # no noise
    row = independent_row(a, np.ones(a.shape, bool), b, np.ones(b.shape, bool))
    every = np.quantile((b[:, :1] - a[:, 0][None, :]).ravel(), (0.025, 0.975))
    assert (row["lo"], row["hi"]) == pytest.approx(tuple(every), abs=0.02)


def test_refusals(studies, tmp_path):
    with pytest.raises(SkyShieldError, match="is not in the study"):
        two_studies(studies / "first", studies / "near", "cities")
    refused(skyshield("compare", studies / "first", tmp_path), 2, "holds no study")
    refused(skyshield("compare", studies / "first", studies / "near.yaml"), 2, "is a file")


def test_what_the_command_prints(studies):
    content = parsed(skyshield("compare", studies / "first", studies / "near", "--json"))
    assert {"a", "b", "paired", "why_not", "only_in_a", "only_in_b", "changed", "differences"} <= set(content)
    text = skyshield("compare", studies / "first", studies / "near").stdout
    assert "Paired: both met the same raids" in text and "3 vectors x 2 replications" in text
    assert "region is not the same in both: its rules differ" in text and "no difference at all" in text
    text = skyshield("compare", studies / "first", studies / "other").stdout
    assert "! not paired: seed (1, not 2) is not the same in both." in text
