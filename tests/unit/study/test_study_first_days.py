"""A campaign's first days: played as they are in the whole campaign, and every output says that they are its first.

Tried to fail: plans and budgets of the days that are played alone; the last days in place of the first; the mark left
out; more days than the scenario has taken for its first. Each fails at least one test.
"""

import datetime as dt
import json

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.engine import play
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.study import StudyView, run
from skyshield.study.document import run_json
from skyshield.study.foreseen import planned
from skyshield.study.prepare import prepare
from skyshield.study.store import difference
from support.studies import compiled, resolved, scenario

PHASES = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 9, "raid_intensity": 0.0},
          {"name": "war", "first_day": 14}]
MARK = "the first 3 of 20 days: forces and budgets are planned for all of them"


def campaign():
    content = dump(load("month")) | {"days": 20, "phases": PHASES, "start_date": dt.date(2026, 3, 1)}
    return parse(content, "test").chosen(("region", "cities", "aid_region"))


def test_the_first_days_are_those_of_the_whole():
    whole, first = compiled(campaign()).world, compiled(campaign().first(11)).world
    assert len(whole.raids.phase) == 20 and len(first.raids.phase) == 11
    assert first.costs.planned_eur.tobytes() == whole.costs.planned_eur.tobytes() and whole.aid.hazard.any()
    alone = compiled(campaign().model_copy(update={"days": 11})).world
    assert alone.aid.hazard.tobytes() != whole.aid.hazard.tobytes()  # money of eleven days
    for vector in range(2):
        days, of = (play(world, 5, vector << 16, (vector << 16) + 2) for world in (first, whole))
        assert days.counts.tobytes() == np.ascontiguousarray(of.counts[:, :11]).tobytes()
        assert days.amounts.tobytes() == np.ascontiguousarray(of.amounts[:, :11]).tobytes()


def test_every_output_says_so(tmp_path):
    asked = resolved(scenario(days=20).first(3))
    result = run(asked, 5, 2, vectors=2, out=tmp_path / "study")
    content = run_json(StudyView(result, asked))
    assert (content["days"], content["of_days"]) == (3, 20) and MARK in content["marks"]
    assert [(m["from_day"], m["to_day"]) for m in content["months"]] == [(1, 3)]
    region = content["money"]["planned"]["region"]["fully_loaded"]
    spent = result.column("planned_cost_eur").values[0][1].mean()
    assert sum(region.values()) == pytest.approx(spent, rel=1e-3) and spent > 0.0
    content = planned(asked, 2, 2, 5, False).content
    assert (content["days"], content["of_days"]) == (3, 20) and MARK in content["marks"]
    stored = json.loads((tmp_path / "study/study.json").read_text("utf-8"))
    assert (stored["days"], stored["of_days"]) == (3, 20)
    whole = resolved(scenario(days=3))
    assert not any("first" in mark for mark in run_json(StudyView(run(whole, 5, 2, vectors=2), whole))["marks"])
    with pytest.raises(SkyShieldError, match=r"holds another study, with another of_days \(20, not 3\)"):
        run(whole, 5, 2, vectors=2, out=tmp_path / "study")


def test_days_that_are_asked_for_are_the_first_or_more():
    assert load("skyshield").days == 365
    first, all_, more = (prepare("skyshield", embedded_fit(), days=days).scenario for days in (3, 365, 366))
    assert (first.days, first.campaign_days) == (3, 365)
    assert (all_.days, all_.of_days) == (365, None) and (more.days, more.campaign_days) == (366, 366)
    assert first.campaign == load("skyshield") and first.first(2).campaign_days == 365
    with pytest.raises(SkyShieldError, match="20 days are more than the campaign's 10"):
        parse(dump(load("skyshield")) | {"days": 20, "of_days": 10}, "test")


def test_another_length_is_told_by_what_differs():
    there = {"seed": 1, "days": 3, "of_days": 20, "model_sha256": "a", "parts": {"scenario": "b"}}
    assert difference(there, there | {"of_days": 3}) == "with another of_days (20, not 3)"
