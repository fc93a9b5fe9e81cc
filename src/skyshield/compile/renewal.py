r"""How a ceasefire breaks down or is violated, as the engine's arrays.

Without any option war is back within t of a ceasefire's first day with the probability 1 - exp(-(t/s)^a), a Weibull
distribution whose two numbers follow from those of one year and of five. An option multiplies the hazard by exp(r), r
being the sum over its packages of the logarithms of their hazard ratios, on days on which they are there: of aid for
each 10 billion euros a year, of a force at its full effect times g(N), of ships, of a zone. All of these are intervals
whose reference is no effect. A violation begins and ends at constant rates; whether it leads to war is the hazard's
matter alone.
"""

import numpy as np

from skyshield.compile.aid import aid_of
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.phases import COLLAPSE, VIOLATION
from skyshield.compile.planned import planned_by_package
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.engine import Renewal
from skyshield.scenario import Scenario
from skyshield.scenario.model import CEASEFIRES

_YEAR_DAYS, _FIVE_YEARS = 365.0, 5.0
_DAY_S = 86400.0
AID_UNIT_EUR = 1e10  # a year, of which `log_hazard_ratio_aid` speaks


def weibull(within_1_year: Floats, within_5_years: Floats, later_years: float = _FIVE_YEARS) -> tuple[Floats, Floats]:
    """Return shape and scale in days, f8[vector] each, of the time until war is back.

    The second probability is that of five years, or of another number of them that is told.

    Raises
    ------
    SkyShieldError
        If it is not likelier within five years than within one, or certain, or impossible.

    Examples
    --------
    >>> a, s_days = weibull(np.array([0.3]), np.array([0.5]))
    >>> round(float(a[0]), 6), round(float(s_days[0]) / 365.0, 4)
    (0.412826, 12.1491)
    """
    if not ((within_1_year > 0.0) & (within_1_year < within_5_years) & (within_5_years < 1.0)).all():
        raise SkyShieldError("assumptions.renewal_within_5_years", "is not above renewal_within_1_year and below 1",
                             "give a larger probability for five years than for one")
    one, five = -np.log1p(-within_1_year), -np.log1p(-within_5_years)
    shape = np.log(five / one) / np.log(later_years)
    return shape, _YEAR_DAYS / one ** (1.0 / shape)


def run_starts(scenario: Scenario) -> list[int]:
    """Return for each day the first day, from 0, of the run of ceasefire that it belongs to, -1 in war.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> set(run_starts(load("skyshield")))
    {-1}
    """
    result: list[int] = []
    for day, phase in enumerate(scenario.phase_by_day()):
        quiet = phase in CEASEFIRES
        result.append((result[-1] if result and result[-1] >= 0 else day) if quiet else -1)
    return result


def compile_renewal(context: CompileContext, table: ParameterTable) -> Renewal:
    """Return how the scenario's ceasefires end by chance; nothing is drawn unless it has a collapse or a violation."""
    scenario, n = context.scenario, len(table.fit_row)
    names = [phase.name for phase in scenario.phases]
    starts = np.array(run_starts(scenario), np.int64)
    collapse, violation = (names.index(name) if name in names else -1 for name in (COLLAPSE, VIOLATION))
    hazard, p_begins, p_ends = np.zeros((n, scenario.days)), np.zeros(n), np.zeros(n)
    if collapse >= 0:
        shape, scale_days = weibull(table["renewal_within_1_year"], table["renewal_within_5_years"])
        since = np.where(starts >= 0, np.arange(scenario.days) - starts, 0)
        begun, ended = ((days / scale_days[:, None]) ** shape[:, None] for days in (since, since + 1.0))
        hazard = np.where(starts >= 0, ended - begun, 0.0)
    if violation >= 0:
        p_begins, p_ends = (-np.expm1(-table[name] * _DAY_S) for name in ("violations_per_year",
                                                                          "violation_exits_per_year"))
    log_ratio = _log_ratio(context, table) if collapse >= 0 else np.zeros(_shape(context, n))
    return Renewal(starts, np.ascontiguousarray(hazard), log_ratio, p_begins, p_ends, np.array([collapse]),
                   np.array([violation]))


def _shape(context: CompileContext, n_vectors: int) -> tuple[int, int, int]:
    options = context.scenario.options
    return n_vectors, len(options), max(1, *(len(option.packages) for option in options))


def _log_ratio(context: CompileContext, table: ParameterTable) -> Floats:
    """Return f8[vector, option, package]: what each adds to the hazard's logarithm while it is there."""
    result = np.zeros(_shape(context, len(table.fit_row)))
    for k, option in enumerate(context.scenario.options):
        deployment = context.deployment(table, option)
        zones = 0
        for p, package in enumerate(option.packages):
            for kind, amount in package.deters(deployment).items():
                zones += kind == "zone"
                if kind != "zone" or zones == 1:  # a zone is one, however many packages it is made of
                    result[:, k, p] += table[f"log_hazard_ratio_{kind}"] * amount
        given = aid_of(context, option)
        if given is not None:
            planned = planned_by_package(context)[k, given.stands_with, :, COST_LINES.index("aid")]
            a_year = float(planned[BOUNDARIES.index(given.terms.boundary)]) * _YEAR_DAYS
            result[:, k, given.stands_with] += table["log_hazard_ratio_aid"] * a_year / AID_UNIT_EUR
    return result
