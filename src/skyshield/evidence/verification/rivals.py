"""Competing hazards without shooters: aid beside the own defence, and ballistic salvos that meet a defence or do not.

With hazards H of the own defence and d of aid, met along the way in proportion, aid is first with the probability
d / (H + d) among those that either stops, and exp(-H) (1 - exp(-d)) of all threats are kept from an aim that the own
defence would have let them reach. A salvo of n ballistic missiles meets a defence with the probability
c(n) = 1 / (1 + exp(-a - b log n)); then each missile is stopped with the same probability, otherwise none is.
"""

import math

import numpy as np
from scipy import stats

from skyshield.core.arrays import Floats
from skyshield.engine import World
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import mean_of, nightly, ratio_of
from skyshield.evidence.verification.worlds import (
    make_aid,
    make_certain_season,
    make_forces,
    make_own,
    make_raids,
    make_world,
)

LEAK, AID = 0.25, 0.5  # of the own defence alone; the hazard that aid adds
NIGHT, DAYS, REPLICATIONS = 50, 100, 160
STOP, INTERCEPT, SLOPE = 0.5, -1.5, 0.8
SALVO, DISPERSION, P_SALVO = 6.0, 4.0, 0.8
_MAX_SALVO = 2_000  # of a salvo, beyond which nothing is left of its law


def aided(hazard: float) -> World:
    """Return a world with the own defence, aid of a hazard, and nobody else."""
    return make_world(raids=make_raids(DAYS, season=make_certain_season(NIGHT)), own=make_own(leak=LEAK),
                      forces=make_forces(days=DAYS, n_stations=[0.0]), aid=make_aid(days=DAYS, hazard=hazard))


def _aid(exact: float, measure: str, seed: int, factor: float) -> CaseResult:
    result = nightly(aided(AID * factor), seed, REPLICATIONS)
    return ratio_of(exact, result[measure], result["launched/uav"])


def _aid_prevents(seed: int, factor: float) -> CaseResult:
    return _aid(LEAK * -math.expm1(-AID), "prevented/uav", seed, factor)


def _aid_stops(seed: int, factor: float) -> CaseResult:
    own = -math.log(LEAK)
    return _aid(AID / (own + AID) * -math.expm1(-own - AID), "stopped_aid/uav", seed, factor)


def salvos(mean: float, stop: float = STOP) -> World:
    """Return a world of ballistic salvos of 1 + NB missiles on four nights of five, beside one UAV a night."""
    ones = np.ones((2, 2))
    season = make_certain_season(1, p_missile=np.array([[0.0, 0.0], [0.0, P_SALVO]]), missile_mean=mean * ones,
                                 missile_size=DISPERSION * ones)
    return make_world(raids=make_raids(DAYS, season=season), own=make_own(leak=1.0 - stop, cover=(INTERCEPT, SLOPE)),
                      forces=make_forces(days=DAYS, n_stations=[0.0]))


def _salvo_law() -> tuple[Floats, Floats]:
    """Return sizes of salvos from 1, and their probabilities."""
    size = np.arange(1.0, _MAX_SALVO)
    law = stats.nbinom(DISPERSION, DISPERSION / (DISPERSION + SALVO - 1.0))
    return size, np.asarray(law.pmf(size - 1))


def _salvo_missiles(seed: int, factor: float) -> CaseResult:
    result = nightly(salvos(SALVO * factor), seed, 400)["launched/ballistic"]
    return mean_of(P_SALVO * SALVO, result, int(result.sum()))


def _salvo_stops(seed: int, factor: float) -> CaseResult:
    size, law = _salvo_law()
    cover = 1.0 / (1.0 + np.exp(-INTERCEPT - SLOPE * np.log(size)))
    result = nightly(salvos(SALVO, STOP * factor), seed, 600)
    exact = STOP * float((law * size * cover).sum()) / SALVO
    return ratio_of(exact, result["stopped_own_hard/ballistic"], result["launched/ballistic"])


CASES: tuple[Case, ...] = (
    Case("salvo_missiles", "salvo mean",
         "ballistic missiles a night, salvos of 1 + NB missiles on four nights of five: four fifths of their mean",
         _salvo_missiles, "the mean size of a salvo"),
    Case("salvo_cover", "salvo mean",
         "ballistic missiles stopped, where a salvo of n meets a defence with the probability c(n): the sum over n of "
         "P(n) n c(n) p, over the mean", _salvo_stops, "the probability p to stop a missile of a covered salvo"),
    Case("risks_aid_stops", "competing risks",
         "threats that aid is first to stop: d / (H + d) (1 - exp(-H - d))", _aid_stops, "the hazard d that aid adds"),
    Case("risks_aid_prevents", "competing risks",
         "threats that aid stops and the own defence would not have: exp(-H) (1 - exp(-d))", _aid_prevents,
         "the hazard d that aid adds"))
