"""Every case of the verification passes; moved by a twentieth on the simulated side it fails; bytes notice mutations.

What has no parameter is guarded by changes of the program, one below for each such case. The sizes leave room: where
numbers are drawn, a twentieth is at least eight standard errors, twice what is allowed.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.engine import COUNTS, play
from skyshield.evidence.verification import same_bytes
from skyshield.evidence.verification.case import ACCURACY, STANDARD_ERRORS, Case, CaseResult, Outcome, judge
from skyshield.evidence.verification.families import FAMILIES
from skyshield.evidence.verification.registry import CASES, SEED, case_named, perturbation, verify
from support.command_line import made_once

NAMES = [case.name for case in CASES]
PERTURBABLE = [case for case in CASES if case.perturbable]
ENOUGH = 100_000
ROOM = 8.0  # standard errors that a twentieth moves a case
WHOLE = {"conserved_threats", "conserved_leakers", "same_empty_option", "same_added_option", "same_added_days",
         "same_added_shooter", "same_added_missile"}


def test_names_are_unique_and_every_family_has_cases():
    assert len(set(NAMES)) == len(NAMES) >= 20
    assert {case.family for case in CASES} == {family.name for family in FAMILIES}
    assert all(family.shows and family.leaves_open for family in FAMILIES)
    for case in CASES:
        assert case.name.isidentifier() and case.name.islower()
        assert case.model and "\n" not in case.model
    assert {case.name for case in CASES if not case.perturbable} == WHOLE


def unmoved(case: Case, factory: pytest.TempPathFactory) -> CaseResult:
    """What a case comes to as it is, played once for all workers (JSON keeps every bit of a number)."""
    def make(place: Path) -> None:
        (place / "result.json").write_text(json.dumps(judge(case, SEED).result), "utf-8")

    return CaseResult(*json.loads((made_once(factory, f"case-{case.name}", make) / "result.json").read_text("utf-8")))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_passes_with_numbers_enough(case, tmp_path_factory):
    outcome = Outcome(case, unmoved(case, tmp_path_factory))
    result = outcome.result
    assert all(math.isfinite(value) for value in (*result, outcome.tolerance))
    assert outcome.passed, result
    if result.n:
        assert result.n >= ENOUGH and result.se > 0.0
        assert outcome.tolerance == STANDARD_ERRORS * result.se
    else:
        assert result.se == 0.0
        assert outcome.tolerance == ACCURACY * (abs(result.exact) or 1.0)


@pytest.mark.parametrize("factor", [1.05, 0.95])
@pytest.mark.parametrize("case", PERTURBABLE, ids=[case.name for case in PERTURBABLE])
def test_moved_by_a_twentieth_it_fails(case, factor, tmp_path_factory):
    outcome, before = judge(case, SEED, factor), unmoved(case, tmp_path_factory)
    assert not outcome.passed
    assert math.isfinite(outcome.result.simulated)
    assert outcome.result.exact == before.exact  # the exact side does not move with the parameter
    if outcome.result.n:
        # from its own unmoved value, so that luck does not count
        moved = abs(outcome.result.simulated - before.simulated)
        assert moved >= ROOM * max(outcome.result.se, before.se) * 0.9


def test_the_same_seed_gives_the_same_and_another_does_not():
    some = tuple(case_named(name) for name in ("layers_one", "nested_spread", "coverage_zone_area", "patrol_aircraft"))
    first, again, other = (verify(seed, cases=some) for seed in (1, 1, 2**64 - 1))
    assert first == again
    drawn = [k for k, outcome in enumerate(first) if outcome.result.n]
    assert len(drawn) == 3
    assert all(first[k].result.simulated != other[k].result.simulated for k in drawn)
    assert [outcome.result.exact for outcome in first] == [outcome.result.exact for outcome in other]


def test_only_the_moved_case_moves():
    some = tuple(case_named(name) for name in ("patrol_aircraft", "patrol_flight_hours"))
    calls = []
    outcomes = verify(1, (some[0], 1.05), lambda done, total: calls.append((done, total)), some)
    assert [outcome.passed for outcome in outcomes] == [False, True]
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize(("result", "passed"), [
    (CaseResult(1.0, 1.0 + 0.9e-9), True), (CaseResult(1.0, 1.0 + 1.1e-9), False),
    (CaseResult(1e6, 1e6 + 0.9e-3), True),
    (CaseResult(0.0, 0.9e-9), True), (CaseResult(0.0, 1.0), False), (CaseResult(1.0, math.nan), False),
    (CaseResult(1.0, math.inf), False), (CaseResult(1.0, 1.39, 0.1, 10), True), (CaseResult(1.0, 1.41, 0.1, 10), False),
    (CaseResult(1.0, 1.0, math.nan, 10), False), (CaseResult(1.0, 9.0, math.inf, 10), False),
    (CaseResult(1.0, 1.001, 0.0, 10), False)])
def test_the_rule(result, passed):
    assert Outcome(CASES[0], result).passed is passed


@pytest.mark.parametrize(("text", "name", "factor"), [
    ("layers_one=+5%", "layers_one", 1.05), ("layers_one=5%", "layers_one", 1.05),
    (" layers_one=-5% ", "layers_one", 0.95), ("horizon_aircraft=-0.5%", "horizon_aircraft", 0.995),
    ("nested_error=+50%", "nested_error", 1.5)])
def test_a_perturbation_is_read(text, name, factor):
    case, result = perturbation(text)
    assert (case.name, result) == (name, pytest.approx(factor))


@pytest.mark.parametrize(("text", "message"), [
    ("layers_on=+5%", "no case is named 'layers_on'; did you mean layers_one"), ("x=+5%", "see the names"),
    ("same_added_days=+5%", "has no numeric parameter"), ("layers_one=+0%", "moves layers_one by 0%"),
    ("layers_one=+51%", "moves layers_one by 51%"), ("layers_one", "not a case and a percentage"),
    ("layers_one=", "not a case and a percentage"), ("layers_one=5", "not a case and a percentage"),
    ("layers_one=five%", "not a case and a percentage"), ("=+5%", "not a case and a percentage"),
    ("layers_one=+5%%", "not a case and a percentage"), ("layers_one=+٥%", "not a case and a percentage"),
    ("layers_one=nan%", "not a case and a percentage"), ("layers_one=1e1%", "not a case and a percentage"),
    ("", "is ''")])
def test_what_is_no_perturbation(text, message):
    with pytest.raises(SkyShieldError) as refused:
        perturbation(text)
    assert message in str(refused.value) and refused.value.exit_code == 2


# --- mutations: the program changed, the case must notice ------------------------------------------------------------


def leaks_twice(world, seed, first, last):
    """An engine that counts a leaker twice, in one cell of one option."""
    result = play(world, seed, first, last)
    result.counts[0, 0, -1, COUNTS.index("leaked/cruise")] += 1
    return result


def forgets_a_stop(world, seed, first, last):
    """An engine that counts a stop of a threat that would have leaked as redundant."""
    result = play(world, seed, first, last)
    prevented, redundant = COUNTS.index("prevented/uav"), COUNTS.index("redundant/uav")
    result.counts[..., redundant] += result.counts[..., prevented]
    result.counts[..., prevented] = 0
    return result


def consumes(world, seed, first, last):
    """An engine whose draws depend on what else there is: options, days, slots, kinds of threat."""
    options, slots = world.forces.shooter_kind.shape
    missiles = int(world.raids.season.p_missile.any())
    return play(world, seed + 1000 * options + 100 * slots + 10 * len(world.raids.phase) + missiles, first, last)


def fuller_option():
    """An option without aircraft that has some after all."""
    result = dict(SHIPPED_EMPTY)
    result["packages"] = [{"kind": "fighters", "aircraft": 1_000, "serves": ["Kyiv", "Vinnytsia"]}]
    return result


SHIPPED_EMPTY = same_bytes.empty_option()
MUTATIONS = {"conserved_threats": ("play", leaks_twice), "conserved_leakers": ("play", forgets_a_stop),
             "same_empty_option": ("empty_option", fuller_option), "same_added_option": ("play", consumes),
             "same_added_days": ("play", consumes), "same_added_shooter": ("play", consumes),
             "same_added_missile": ("play", consumes)}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_mutation_is_noticed(name, monkeypatch):
    where, mutant = MUTATIONS[name]
    monkeypatch.setattr(same_bytes, where, mutant)
    outcome = judge(case_named(name), SEED)
    assert not outcome.passed and outcome.result.simulated >= 1.0


@pytest.mark.parametrize("seed", [1, 2])
def test_an_option_with_more_shooters_changes_no_last_bit(seed):
    """Sums over slots once depended on how many slots other options have; at seed 2 eight bytes differed."""
    assert judge(case_named("same_added_option"), seed).result.simulated == 0.0


def test_an_empty_option_with_any_cost_or_count_would_be_noticed(monkeypatch):
    """The last option of each replication is moved by one count, or by one euro."""
    for column in (COUNTS.index("engaged"), None):
        def touched(world, seed, first, last, column=column):
            result = play(world, seed, first, last)
            if column is None:
                result.amounts[-1, -1, -1, 2] += 1.0
            else:
                result.counts[-1, -1, -1, column] += 1
            return result

        monkeypatch.setattr(same_bytes, "play", touched)
        assert not judge(case_named("same_empty_option"), SEED).passed


def test_bytes_are_counted():
    one = np.arange(6.0).reshape(2, 3)
    assert same_bytes.bytes_differing(one, one.copy()) == 0.0
    assert same_bytes.bytes_differing(one, one[:, :2]) == one.nbytes
    assert same_bytes.bytes_differing(np.zeros(2), -np.zeros(2)) == 2.0  # equal numbers, other bytes
