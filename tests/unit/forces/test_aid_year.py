"""A year of aid from the day of the decision, against a slow loop over days written from the description alone.

Lead times run to three years. The loop knows no pieces of the period: it goes through every thousandth of every day.

Mutations tried, each caught: a limit for the whole year whatever the lead time; lead times counted from the last day;
what a line meets not cut by its share of the period; the day on which work begins counted whole or not at all; the
pieces taken in the wrong order; days on which the money is not at work counted into the period.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import CLASSES
from skyshield.forces.aid import prepare_aid
from skyshield.forces.aid_lines import LINES, aid_lines
from skyshield.forces.aid_rule import spread_over_lines
from support.aid import Drawn, Numbers

DAYS, DAY_S, PARTS = 365, 86400.0, 1000
DEMAND = np.multiply.outer([0.5, 0.3, 0.2], [63_000.0, 1500.0, 900.0])
HERE = np.ones(3, np.uint8)


def slow(bought, lines, vector, at_work):
    """Stops of each day and class by hand: efforts from the units bought, added up moment by moment."""
    first_day = next(day for day in range(DAYS) if at_work[day])
    lead = lines.lead_time_s[vector] / DAY_S
    moments = np.arange(PARTS) / PARTS + 0.5 / PARTS
    works = np.array([[at_work[day] * (day - first_day + moments >= lead[line]) for day in range(DAYS)]
                      for line in range(len(LINES))])  # [line, day, moment]
    share = works.mean(axis=2).sum(axis=1) / sum(at_work)
    stopped = np.zeros((len(CLASSES), DAYS))
    for of in range(len(CLASSES)):
        total, h_max = DEMAND[:, of].sum(), lines.h_max[vector, of]
        effort = np.zeros((DAYS, PARTS))
        for line in range(len(LINES)):
            units, reach = bought[vector, line, of], lines.reach[vector, line, of]
            y = lines.stops_per_unit[vector, line, of]
            if units > 0.0:
                q, a = (1 - reach) / reach, y * units / (h_max * total * share[line])
                effort += works[line] * (np.sqrt(1 + 2 * q * a) - 1) / q
        met = total / sum(at_work) * np.array(at_work)[:, None]
        stopped[of] = (met * (1 - np.exp(-h_max * (1 - np.exp(-effort))))).mean(axis=1)
    return stopped


def units_by_class(result, numbers, budget, at_work=None):
    """Return the units of each line and class, from the rule itself."""
    lines = aid_lines(numbers, "fully_loaded")
    there = np.ones(DAYS, bool) if at_work is None else np.array(at_work, bool)
    lead = lines.lead_time_s / DAY_S
    elapsed = np.arange(1, DAYS + 1) - there.argmax()
    share = (np.clip(elapsed - lead[:, :, None], 0.0, 1.0) * there).sum(axis=2) / there.sum()
    limit = lines.units_per_s * DAY_S * there.sum() * share
    total = np.tile(DEMAND.sum(axis=0), (len(lead), 1))
    units, _, _ = spread_over_lines(np.full(len(lead), budget), total, share, limit, lines)
    assert units.sum(axis=2) == pytest.approx(result.units)
    return units, lines


@pytest.mark.parametrize("at_work", [[1] * 365, [0] * 40 + [1] * 200 + [0] * 60 + [1] * 65])
@pytest.mark.parametrize("budget", [3e8, 1.5e9, 1e11])
def test_a_year_day_by_day(at_work, budget):
    n = 6
    numbers = Drawn(n)
    result = prepare_aid(budget, DAYS, np.tile(DEMAND, (n, 1, 1)), HERE, numbers, at_work=np.array(at_work, np.uint8))
    units, lines = units_by_class(result, numbers, budget, at_work)
    assert (lines.lead_time_s > DAYS * DAY_S).any() and (units > 0.0).sum() > 2 * n
    for vector in range(n):
        expected = slow(units, lines, vector, at_work)
        hazard = result.hazard[vector, 0][:, None] * result.ramp[vector]
        played = DEMAND.sum(axis=0)[:, None] / sum(at_work) * np.array(at_work) * -np.expm1(-hazard)
        assert played.sum(axis=1) == pytest.approx(expected.sum(axis=1), rel=1e-5, abs=1e-9)
        assert played == pytest.approx(expected, abs=expected.max() / PARTS)  # a moment of the loop
        assert result.latent_stops[vector] == pytest.approx(expected.sum(axis=1), rel=1e-5, abs=1e-9)


def test_limits_of_a_month_hold_for_the_months_after_the_lead_time():
    """With all the money in the world each line uses its monthly number in the days that are left to it."""
    numbers = Numbers()
    result = prepare_aid(1e13, DAYS, DEMAND[None], HERE, numbers)
    month_s = 365.25 / 12 * DAY_S
    for line, monthly, lead in (("interceptor_drones", 30_000, 60), ("guns", 400, 180), ("light_aircraft", 1000, 120),
                                ("irist", 40 / 12, 240), ("patriot", 62 / 12, 360), ("intelligence", 5e6, 30)):
        wanted = monthly * (DAYS - lead) * DAY_S / month_s
        assert result.units[0, LINES.index(line)] == pytest.approx(wanted, rel=1e-6)
    late = prepare_aid(1e13, DAYS, DEMAND[None], HERE, Numbers(aid_lead_patriot=1080 * DAY_S))
    assert late.units[0, LINES.index("patriot")] == 0.0
