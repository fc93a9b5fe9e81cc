"""Ranges over a box hold every random point of it, and are reached by a search from many starts.

Mutations tried, each caught: the sides of the rectangle left out (corners alone); shared hazard ratios left out of the
base hazard; the status cost of what is shared; belief at one end alone.
"""

import numpy as np
import pytest
from scipy.optimize import minimize

from skyshield.strategy.timing import Regime, Values, agreement, least_wanted, most_conceded, pressure_at_zero
from skyshield.strategy.timing_box import (
    NOTHING,
    Box,
    Deployed,
    Span,
    Term,
    agreement_range,
    ceasefire_range,
    conceded_range,
    wanted_range,
    zero_pressure_range,
)

WIDE = {"rho": (0.03, 0.3), "x": (0.0, 2.0), "phi0": (0.5, 3.0), "chi": (0.01, 0.6), "R": (0.0, 20.0), "q": (0.0, 1.0),
        "d": (0.5, 2.5), "psi": (0.02, 0.6), "L": (0.5, 5.0), "m": (0.2, 1.3), "lambda_none": (0.06, 1.2)}
BOXES = {"wide": WIDE, "belief inside": {**WIDE, "q": (0.3, 0.7)}, "belief a point": {**WIDE, "q": (0.5, 0.5)},
         "narrow": {**WIDE, "x": (1.2, 1.2), "R": (5.0, 5.5)},
         "hazard a point": {**WIDE, "lambda_none": (0.3, 0.3), "R": (9.0, 9.0), "x": (1.0, 1.0)},
         "rate a point": {**WIDE, "rho": (0.1, 0.1), "R": (11.0, 12.0), "x": (1.0, 1.3)}}
FORCE = Deployed(Span(0.0, 0.6), Span(-1.0, 0.2))
SHIELD = Deployed(Span(0.0, 0.6), Span(-0.5, 0.2))
GAIN = ((SHIELD, 1.0, 0.0), (FORCE, 0.0, -1.0), (NOTHING, -1.0, 1.0))
PARADOX = ((NOTHING, 0.0, 1.0), (FORCE, 0.0, -1.0))
PROMISE = ((FORCE, 0.0, 1.0), (NOTHING, 1.0, -1.0))
BOTH = ((SHIELD, 1.0, 0.0), (NOTHING, -1.0, 0.0))
COSTLY = ((Deployed(Span(0.4, 0.6), Span(-0.1, 0.0)), 0.0, 1.0), (NOTHING, 1.0, -1.0))  # best not believed
SUMS = {"costly promise": (COSTLY, NOTHING), "gain": (GAIN, NOTHING), "paradox": (PARADOX, NOTHING),
        "promise": (PROMISE, NOTHING), "both": (BOTH, FORCE)}
POINTS = 20_000


def total(at, terms, shared):
    """The sum at points: at holds rho, lambda, x, R, q, the shared part's status and ratio, then each term's."""
    rho, lam, x, war, q, s_0, log_0 = at[:7]
    result = 0.0
    for k, (_, constant, slope) in enumerate(terms):
        status, log_ratio = at[7 + 2 * k], at[8 + 2 * k]
        hazard = lam * np.exp(log_0 + log_ratio)
        result = result + (constant + slope * q) * rho * (x - s_0 - status + hazard * war) / (rho + hazard)
    return result


def bounds(box, terms, shared):
    own = [(shared.status, shared.log_ratio), *((one.status, one.log_ratio) for one, _, _ in terms)]
    return np.array([box[name] for name in ("rho", "lambda_none", "x", "R", "q")]
                    + [tuple(span) for pair in own for span in pair])


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("box", BOXES)
def test_a_range_holds_every_point_and_is_reached(box, name):
    terms, shared = SUMS[name]
    found = ceasefire_range(Box.of(BOXES[box]), [Term(*term) for term in terms], shared)
    ends = bounds(BOXES[box], terms, shared)
    generator = np.random.default_rng(7)
    points = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * generator.random((len(ends), POINTS))
    drawn = total(points, terms, shared)
    slack = 1e-9 * max(1.0, abs(found.low), abs(found.high))
    assert found.low - slack <= drawn.min() <= drawn.max() <= found.high + slack
    for sign, end in ((1.0, found.low), (-1.0, found.high)):
        starts = points[:, np.argsort(sign * drawn)[:4]].T
        corners = ends[np.arange(len(ends)), generator.integers(0, 2, (8, len(ends)))]
        reached = min(minimize(lambda at, sign=sign: sign * total(at, terms, shared), start, method="L-BFGS-B",
                               bounds=ends).fun for start in (*starts, *corners)) * sign
        assert reached == pytest.approx(end, abs=2e-4)
        assert sign * reached >= sign * end - slack  # never better than what is said to be best


def test_an_interior_extreme_is_found():
    """Force against nothing in a box where the extreme is on a side, not in a corner."""
    point = {**{name: (low, low) for name, (low, _) in WIDE.items()}, "rho": (0.1, 0.1), "x": (1.0, 1.0),
             "R": (20.0, 20.0), "q": (1.0, 1.0), "lambda_none": (0.01, 5.0)}
    force = Deployed(Span(0.0, 0.0), Span(-1.0, -1.0))
    terms = ((NOTHING, 1.0, 0.0), (force, -1.0, 0.0))
    found = ceasefire_range(Box.of(point), [Term(*term) for term in terms])
    hazards = np.linspace(0.01, 5.0, 50_001)
    at = np.array([np.full_like(hazards, v) for v in (0.1, 0.0, 1.0, 20.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0)])
    at[1] = hazards
    values = total(at, terms, NOTHING)
    assert 0 < values.argmax() < len(hazards) - 1
    assert found.high == pytest.approx(values.max(), abs=1e-8) and found.high >= values.max()
    assert found.low == pytest.approx(values.min(), abs=1e-9)


HELD = Span(-0.5, 1.5)


@pytest.mark.parametrize(("ranged", "valued"), [
    (agreement_range, agreement), (zero_pressure_range, pressure_at_zero), (conceded_range, most_conceded),
    (wanted_range, least_wanted)])
def test_acceptance_holds_every_point_and_corner(ranged, valued):
    found = ranged(Box.of(WIDE), FORCE, HELD)
    generator = np.random.default_rng(3)
    reached = []
    for k in range(3000):
        draw = generator.integers(0, 2, 20) if k % 2 else generator.random(20)
        of = {name: low + (high - low) * u for (name, (low, high)), u in zip(WIDE.items(), draw, strict=False)}
        status, ratio, dh = (span.low + (span.high - span.low) * u
                             for span, u in zip((FORCE.status, FORCE.log_ratio, HELD), draw[11:], strict=False))
        hazard = of.pop("lambda_none")
        none, regime = Regime(0.0, hazard), Regime(status, hazard * np.exp(ratio))
        reached.append(valued(Values(**of, dh=dh, none=none, force=regime, shield=none), regime, dh))
    assert found.low - 1e-9 <= min(reached) <= max(reached) <= found.high + 1e-9
    assert max(reached) - min(reached) > 0.7 * (found.high - found.low)


def test_corners_of_acceptance_are_reached():
    """Every corner tried: the least and the most of Z and of its zero are those that are told."""
    import itertools

    box = {**WIDE, "d": (1.5, 1.5), "phi0": (2.0, 2.0)}
    seen = {agreement: [], pressure_at_zero: []}
    for corner in itertools.product((0, 1), repeat=len(box)):
        of = {name: ends[k] for (name, ends), k in zip(box.items(), corner, strict=True)}
        hazard = of.pop("lambda_none")
        none = Regime(0.0, hazard)
        for dh, status, ratio in itertools.product(HELD, FORCE.status, FORCE.log_ratio):
            regime = Regime(status, hazard * np.exp(ratio))
            one = Values(**of, dh=dh, none=none, force=regime, shield=none)
            for valued, rows in seen.items():
                rows.append(valued(one, regime, dh))
    for ranged, valued in ((agreement_range, agreement), (zero_pressure_range, pressure_at_zero)):
        found = ranged(Box.of(box), FORCE, HELD)
        assert tuple(found) == pytest.approx((min(seen[valued]), max(seen[valued])), abs=1e-9)


def test_spans():
    assert Span(-1.0, 2.0).plus(Span(1.0, 1.0)) == Span(0.0, 3.0)
    assert -Span(-1.0, 2.0) == Span(-2.0, 1.0)
    assert [Span(*ends).sign for ends in ((1.0, 2.0), (-2.0, -1.0), (-1.0, 1.0), (0.0, 0.0), (0.0, 1.0))] == [
        "positive", "negative", "both", "zero", "both"]
