"""All cases of the verification, in the order in which they are reported."""

import re
from collections.abc import Callable

from skyshield.core.errors import SkyShieldError
from skyshield.evidence.verification import (
    aid_money,
    flying,
    harms,
    layers,
    levels,
    nested,
    posture,
    queues,
    reach,
    rivals,
    same_bytes,
    stores,
)
from skyshield.evidence.verification.case import Case, Outcome, judge

SEED = 20260301
MAX_PERCENT = 50.0

CASES: tuple[Case, ...] = (*layers.CASES, *queues.CASES, *rivals.CASES, *levels.CASES, *stores.CASES, *flying.CASES,
                           *posture.CASES, *reach.CASES, *harms.CASES, *nested.CASES, *aid_money.CASES,
                           *same_bytes.CASES)

Progress = Callable[[int, int], None]


def case_named(name: str, where: str = "verify") -> Case:
    """Return a case by its name.

    Raises
    ------
    SkyShieldError
        If there is none; close names are offered.

    Examples
    --------
    >>> case_named("layers_one").parameter
    'the kill probability p of a shot'
    """
    from difflib import get_close_matches

    for case in CASES:
        if case.name == name:
            return case
    similar = get_close_matches(name, [case.name for case in CASES])
    raise SkyShieldError(where, f"no case is named {name!r}", f"did you mean {' or '.join(similar)}?" if similar else
                         "see the names in the output of 'skyshield verify'")


def perturbation(text: str, where: str = "--perturb") -> tuple[Case, float]:
    """Read ``NAME=+5%``: return the case and the factor on its parameter.

    Raises
    ------
    SkyShieldError
        If it has another form, or names no case or one that has no parameter, or a percentage of 0 or beyond 50.

    Examples
    --------
    >>> case, factor = perturbation("layers_one=+5%")
    >>> case.name, factor
    ('layers_one', 1.05)
    """
    match = re.fullmatch(r"([^=\s]+)=([+-]?\d+(?:\.\d+)?)%", text.strip(), re.ASCII)
    if match is None:
        raise SkyShieldError(where, f"is {text!r}, not a case and a percentage", "write it as layers_one=+5%")
    case, percent = case_named(match[1], where), float(match[2])
    if not case.perturbable:
        raise SkyShieldError(where, f"{case.name} has no numeric parameter to move",
                             "choose a case that is perturbable")
    if not 0.0 < abs(percent) <= MAX_PERCENT:
        raise SkyShieldError(where, f"moves {case.name} by {percent:g}%",
                             f"give a percentage from -{MAX_PERCENT:g} to {MAX_PERCENT:g}, not 0")
    return case, 1.0 + percent / 100.0


def verify(seed: int = SEED, moved: tuple[Case, float] | None = None, progress: Progress | None = None,
           cases: tuple[Case, ...] = CASES) -> list[Outcome]:
    """Play cases, on as many threads as the machine has processors.

    Parameters
    ----------
    seed
        64-bit seed of all draws; the same seed gives the same outcomes, whatever the machine has.
    moved
        A case and the factor on its parameter.
    progress
        Called with the cases done and the cases in all.
    cases
        Which; all of them unless given.

    Examples
    --------
    >>> case = case_named("patrol_aircraft")
    >>> [outcome.passed for factor in (1.0, 1.05) for outcome in verify(1, (case, factor), cases=(case,))]
    [True, False]
    """
    import os
    from concurrent.futures import ThreadPoolExecutor

    def play(case: Case) -> Outcome:
        return judge(case, seed, moved[1] if moved is not None and moved[0] is case else 1.0)

    outcomes = []
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        for outcome in pool.map(play, cases):
            outcomes.append(outcome)
            if progress is not None:
                progress(len(outcomes), len(cases))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return outcomes
