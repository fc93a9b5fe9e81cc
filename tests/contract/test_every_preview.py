"""The last stage of a preview is a study of that size: the same totals and figures, over every scenario and clause.

Tried to fail: every block a replication further on; an option left out of its twin's hash; an option's failures kept
from the others; months that are added up in another order; figures of the replications that failed counted.
"""

import functools

import numpy as np
import pytest

from skyshield.engine import COUNTS
from skyshield.scenario import library, load
from skyshield.study.compare import compare, options_summary, rounded
from skyshield.study.maps import thread_map
from skyshield.study.runner import run
from skyshield.study.session import Session
from skyshield.study.totals import MEASURES
from support.command_line import FIXED
from support.studies import resolved

DECIDED, DAYS, SEED = 335, 4, 3  # days before, so that both sides are there
STAGES = ((1, 1), (2, 3), (4, 3), (6, 5))
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


def expected(asked, size, seed):
    """Return a study of the size, and its differences and figures as a command prints them."""
    vectors, replications = size
    result = run(resolved(asked), seed, replications, vectors=vectors, map=functools.partial(thread_map, jobs=2))
    return result, compare(result, asked.baseline).rows, options_summary(result)


def assert_same(preview, rows, levels, told):
    """Every option's figures are those of a study, digit by digit."""
    for computed, of, middle in ((rows, preview.paired, "delta"), (levels, preview.levels, "mean")):
        assert list(of) == list(computed)
        for option, measures in computed.items():
            assert of[option] == {name: {key: row[key] for key in (middle, *FEW)} for name, row in measures.items()}
    assert told["paired"] == rounded(preview.paired)


def check(asked, stages=STAGES, seed=SEED):
    with Session(jobs=2) as session:
        previews = list(session.preview(asked, stages, seed=seed))
        result, rows, levels = expected(asked, stages[-1], seed)
        assert_same(previews[-1], rows, levels, previews[-1].plain())
        assert totals_of(session, asked, stages[-1], seed).tobytes() == result.values[0].tobytes()
        planned = {name: sum(money["fully_loaded"].values()) for name, money in result.manifest["planned"].items()}
        assert previews[-1].planned == pytest.approx(planned, rel=1e-12)
        assert [preview.final for preview in previews] == [False] * (len(stages) - 1) + [True]
    return result


@pytest.mark.parametrize("name", library())
def test_the_last_stage_is_a_study(name):
    result = check(shipped(name))
    prevented = result.values[0][..., COUNTS.index("prevented_armed")]
    assert prevented.any() and result.values[0].shape[-1] == len(MEASURES)


@pytest.mark.parametrize("name", library())
def test_every_clause_dropped(name):
    check(without_clauses(name))


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
    check(load("skyshield").model_copy(update={"assumptions": FIXED}), ((2, 1), (4, 2)))


@pytest.mark.slow
def test_the_month_with_every_arm():
    """The month as it is shipped, with all arms that a study plays beside the headline."""
    check(load("month"), ((10, 1), (20, 2)))
