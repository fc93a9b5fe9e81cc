"""The decisive guarantor: how much a euro of aid must do to renewed war, beside a euro of force, to be worth more.

Both are judged by the armed threats that reach their aims in the country: those of the war that goes on (what an
option keeps from its aims there is taken off), and those of war renewed after a ceasefire, at the option's hazard
(`skyshield.strategy.renewal`). The force's hazard ratio stands at an end of its interval, which nobody has measured;
the aid's is moved until both options leave the same harm. Above the ratio of the two per euro, where the force lowers
the hazard, the aid is worth more. Beside it stands what the catalogue's interval of aid allows the ratio to be.
Source: strategy specification, S4.
"""

from typing import Any

from skyshield.catalogue import Catalogue
from skyshield.compile.renewal import AID_UNIT_EUR
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.figures import PlayedOption, StudyFigures
from skyshield.strategy.renewal import (
    DAYS_A_YEAR,
    Flip,
    Weibull,
    decisive_guarantor,
    harm_until,
    p_renewal,
    weibull_through,
)

YEARS = (1.0, 2.0, 5.0)
_FORCE, _AID, _WAR = "ground", "aid", "war"
_KEPT, _LEFT = "prevented_armed", "leaked_armed"


def renewal(figures: StudyFigures, catalogue: Catalogue, years: float) -> dict[str, Any]:
    """Return what is assumed of renewed war, and for each force what aid must do to be worth more; plain data.

    Parameters
    ----------
    figures
        Of a study with a phase of war and others.
    catalogue
        The intervals.
    years
        Horizon from the ceasefire on.

    Raises
    ------
    SkyShieldError
        If the study has no phases, or the horizon is no number of years.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.figures import open_figures
    >>> found = renewal(open_figures(), load_catalogue(), 5.0)
    >>> found["p_renewal"][0]["years"], [row["force"] for row in found["guarantors"]][:2]
    (1.0, ['ground_10k', 'ground_15k'])
    """
    if not 0.0 < years <= 100.0:
        raise SkyShieldError("--years", f"is {years:g}", "give years above 0, at most 100")
    if _WAR not in figures.phases():
        raise SkyShieldError(f"study {figures.study_key[:12]}", "has no phases", "run a scenario with a ceasefire")
    ends = {end: _weibull(catalogue, end) for end in ("low", "reference_value", "high")}
    return {
        "years": years,
        "equation": "harm = h (war days / 365) - kept + h * integral of P(t) dt, P(t) = 1 - exp(-exp(r) (t / s)^a)",
        "p_renewal": [{"years": at, "low": p_renewal(ends["low"], at), "reference": p_renewal(
            ends["reference_value"], at), "high": p_renewal(ends["high"], at)} for at in YEARS],
        "guarantors": [_row(figures, catalogue, ends["reference_value"], force, years)
                       for force in figures.options.values() if _FORCE in force.kinds and _AID not in force.kinds]}


def _weibull(catalogue: Catalogue, end: str) -> Weibull:
    one, later = (float(getattr(catalogue[f"renewal_within_{name}"], end)) for name in ("1_year", "5_years"))
    return weibull_through(one, later)


def _row(figures: StudyFigures, catalogue: Catalogue, base: Weibull, force: PlayedOption,
         years: float) -> dict[str, Any]:
    aids = [one for one in figures.options.values() if one.kinds == (_AID,)]
    aid = min(aids, key=lambda one: abs(one.planned_eur - force.planned_eur), default=None)
    if aid is None:
        return {"force": force.name, "aid": None, "flips": [], "why": "the study has no aid"}
    at_war = figures.phase(_WAR, figures.baseline, "war_days").mean
    harm_a_year = figures.phase(_WAR, figures.baseline, _LEFT).mean / at_war * DAYS_A_YEAR
    kept = {one.name: figures.phase(_WAR, one.name, _KEPT).mean for one in (force, aid)}
    entry, of_aid = catalogue["log_hazard_ratio_force"], catalogue["log_hazard_ratio_aid"]
    eur_a_year = aid.planned_eur * DAYS_A_YEAR / figures.days
    flips = []
    for end, log_ratio in (("low", entry.low), ("high", entry.high)):
        flip = decisive_guarantor(lambda r: harm_until(base, years, harm_a_year, r), float(log_ratio),
                                  force.planned_eur, aid.planned_eur, -kept[force.name], -kept[aid.name])
        per_force = float(log_ratio) / force.planned_eur
        allowed = sorted(float(one) * eur_a_year / AID_UNIT_EUR / aid.planned_eur / per_force
                         for one in (of_aid.low, of_aid.high))
        flips.append({"force_at": end, "log_ratio_force": float(log_ratio), "ratio": flip.ratio,
                      "log_ratio_aid": flip.log_ratio_aid, "why": flip.why,
                      "allowed_low": allowed[0] + 0.0, "allowed_high": allowed[1] + 0.0,
                      "worth_more": _worth_more(flip, float(log_ratio), allowed)})
    return {"force": force.name, "aid": aid.name, "eur_force": force.planned_eur, "eur_aid": aid.planned_eur,
            "kept_force": kept[force.name], "kept_aid": kept[aid.name], "flips": flips}


def _worth_more(flip: Flip, log_ratio_force: float, allowed: list[float]) -> str:
    """Return ``aid``, ``force``, or ``open`` where what the interval of aid allows lies on both sides of the ratio.

    Examples
    --------
    >>> _worth_more(Flip(0.9, -0.9, ""), -1.0, [0.0, 0.05]), _worth_more(Flip(1.2, 0.2, ""), 0.2, [-0.3, 0.0])
    ('force', 'aid')
    """
    if flip.ratio is None:
        return "aid" if flip.why.startswith("aid") else "force" if flip.why.startswith("the force is") else "open"
    above = [one > flip.ratio for one in allowed]
    if above[0] != above[1]:
        return "open"
    return "aid" if above[0] == (log_ratio_force < 0.0) else "force"
