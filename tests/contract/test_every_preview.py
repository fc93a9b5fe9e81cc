"""The last stage of a preview is a study of that size: the same totals and figures, over every scenario and clause.

Seen to fail: every block a replication further on; soldiers of other options left out of what an option depends on;
sums over places that depend on how many vectors are compiled (as they did).
"""

import functools

import numpy as np
import pytest

from skyshield.compile.world import compile_world
from skyshield.engine import COUNTS
from skyshield.scenario import library, load
from skyshield.study.compare import compare, options_summary, rounded
from skyshield.study.document import run_json
from skyshield.study.maps import thread_map
from skyshield.study.plan import HEADLINE, Arm
from skyshield.study.runner import play_arms, run
from skyshield.study.session import Session
from skyshield.study.view import StudyView
from support.command_line import FIXED
from support.studies import resolved

DECIDED, DAYS, SEED = 335, 3, 3  # days before, so that both sides are there
STAGES = ((1, 1), (2, 2), (4, 3))
FEW = ("lo", "hi", "mcse")


def shipped(name):
    """A shipped scenario of few days, with few arms; its ceasefire comes on the third day."""
    whole = load(name)
    change = {"days": DAYS, "assumptions": {**FIXED, **whole.assumptions}, "decided_before_days": DECIDED}
    if len(whole.phases) > 1:
        change["phases"] = tuple(phase.model_copy(update={"first_day": 3}) if phase.name == "ceasefire" else phase
                                 for phase in whole.phases)
    return whole.model_copy(update=change)


def without_clauses(name):
    """The same with options that fire, each without each of its clauses in turn; no aid."""
    asked = shipped(name)
    fire = tuple(option.name for option in asked.options if option.fires and option.twin is None)
    return asked.chosen(fire).with_clauses_dropped()


def totals_of(session, asked, size, seed):
    """Return f8[vector, replication, option, measure] of what a session keeps."""
    held = [session._kept.get(key, None) for key in session._setting(asked, None, seed).keys.values()]
    part = np.s_[:size[0], :size[1]]
    return np.stack([np.concatenate([one.counts[part], one.amounts[part]], axis=-1) for one in held], axis=2)


def study(asked, size, seed):
    """Return a study of the size, with all its arms."""
    return run(resolved(asked), seed, size[1], vectors=size[0], map=functools.partial(thread_map, jobs=2))


def headline(asked, size, seed):
    """Return the headline of that study alone, played as a study plays it: of many options it takes far less."""
    of = resolved(asked)
    return play_arms(of, [compile_world(of, seed, size[0])], [Arm(HEADLINE)], seed, size[1], vectors=size[0])


def check(asked, expected=study, stages=STAGES):
    """Hold the last stage against what a study of its size comes to, digit by digit."""
    with Session(jobs=2) as session:
        previews = list(session.preview(asked, stages, seed=SEED))
        totals = totals_of(session, asked, stages[-1], SEED)
    result, last = expected(asked, stages[-1], SEED), previews[-1]
    assert totals.tobytes() == result.values[0].tobytes()
    assert_rows(last.paired, compare(result, asked.baseline).rows, "delta")
    assert_rows(last.levels, options_summary(result), "mean")
    assert [preview.final for preview in previews] == [False] * (len(stages) - 1) + [True]
    return result, last


def assert_rows(told, computed, middle):
    assert list(told) == list(computed)
    for option, measures in computed.items():
        assert told[option] == {name: {key: row[key] for key in (middle, *FEW)} for name, row in measures.items()}


@pytest.mark.parametrize("name", library())
def test_the_last_stage_is_a_study(name):
    result, last = check(shipped(name))
    assert result.values[0][..., COUNTS.index("prevented_armed")].any()
    planned = {name: sum(money["fully_loaded"].values()) for name, money in result.manifest["planned"].items()}
    assert last.planned == planned
    printed = rounded(run_json(StudyView(result, resolved(shipped(name))))["paired"])
    assert last.plain()["paired"] == {option: {measure: {key: row[key] for key in ("delta", *FEW)}
                                               for measure, row in rows.items()} for option, rows in printed.items()}


@pytest.mark.parametrize("name", library())
def test_every_clause_dropped(name):
    check(without_clauses(name), headline, STAGES[1:])


@pytest.mark.parametrize("name", ["month", "guarantees", "aid"])
def test_options_by_themselves_are_those_of_the_whole(name):
    """A session that plays options one by one, in any order, comes to what it comes to with all of them."""
    asked, size = shipped(name), STAGES[-1]
    with Session(jobs=1) as session:
        for option in reversed(asked.options):
            list(session.preview(asked, (size,), seed=SEED, options=[option.name]))
        one_by_one = totals_of(session, asked, size, SEED)
    with Session(jobs=2) as session:
        list(session.preview(asked, (size,), seed=SEED))
        assert totals_of(session, asked, size, SEED).tobytes() == one_by_one.tobytes()


@pytest.mark.slow
def test_the_year():
    """The whole of the default year, which the short days above never see the seasons and stores of."""
    check(load("skyshield").model_copy(update={"assumptions": FIXED}), stages=((2, 1), (4, 2)))


@pytest.mark.slow
def test_the_month_with_every_arm():
    """The month as it is shipped, with all arms that a study plays beside the headline."""
    check(load("month"), stages=((10, 1), (20, 2)))
