r"""The break-even atlas: SkyShield against its aid twin, as arithmetic over a sweep of the study.

The twin spends the option's planned cost b on aid to Ukraine's own defence. With c the marginal cost of one more
stop and alpha the share of the budget that aid can absorb, it adds

    aid = alpha b / c        stops, so alpha / c for each planned euro.

The option keeps B(delta) threats from reaching any aim in the country (`avoided`, paired, so what displacement sends
elsewhere counts against it). A share phi of its redundant stops may free Ukrainian stops elsewhere, each worth one
stop at most (model-spec 2):

    S(delta, phi) = B(delta) + phi min(redundant, Ukraine's stops in the baseline, leakers that are left).

Both are equal at c*(alpha, phi, delta) = alpha b / S. Below c* aid stops more for the money, above it the option
does. Where S is not above zero aid leads at any price: c* has no value. S is computed replication by replication at
the values of delta that were played, shrunk to expected outcomes a vector as in `compare`, and joined by straight
lines; ``lo`` and ``hi`` turn the 95% interval of S over vectors over.

Relief here is arithmetic and its phi another thing than in the arm of relief, though both stand on the same entry: a
share phi of redundant stops, wherever they fell, is worth one stop each. In the arm the saved stops of the zone alone
raise the hazard elsewhere, and how far that carries depends on what leaks there and on the elasticity
(`engine.steps.relieve`). So at phi = 1 this is an upper bound on what the arm finds.

Assumptions: the attacker does not adapt to aid (it declares no zone); the budget is the planned cost; spending at one
constant marginal cost. Diminishing returns are the reader's choice of c. Values and evidence of the axes stand in the
catalogue, their labels in ``atlas.yaml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.adaptation.sweep import AVOIDED, Sweep
from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.vocabulary import CLASSES
from skyshield.forces import eur
from skyshield.study.summary import expected_outcomes

MARGINAL_COST, ABSORPTION, RELIEF, DISPLACEMENT = AXES = ("marginal_cost", "absorption", "relief", "displacement")
STATUSES = ("identified", "weak", "not identified", "assumption interval")
PRICE, KILLS = "intercept_drone_price", "intercept_drone_kill_per_sortie"
_FILE = Path(__file__).with_name("atlas.yaml")
_MILLION = 1e6
_TAILS = (0.025, 0.975)
_DIGITS = 6
_REDUNDANT = tuple(f"redundant/{kind}" for kind in CLASSES)
_OWN = tuple(f"stopped_own_{how}/{kind}" for how in ("hard", "soft") for kind in CLASSES)
_LEAKED = tuple(f"leaked/{kind}" for kind in CLASSES)


@dataclass(frozen=True)
class Axis:
    """One axis: what it is, the evidence for it, and the values it is drawn at (none for what is solved or played)."""

    label: str
    status: str
    evidence: str
    source: tuple[str, ...]
    values: tuple[float, ...] = ()
    steps: int = 0


@dataclass(frozen=True)
class Stops:
    """What an option stops: f8[relief, displacement, vector], expected outcomes."""

    relief: tuple[float, ...]
    displacement: tuple[float, ...]
    values: Floats

    def at(self, relief: float, displacement: float) -> Floats:
        """Return f8[vector] between the values held, on straight lines in displacement.

        Raises
        ------
        SkyShieldError
            If the relief is not held, or the displacement lies outside what was played.
        """
        if relief not in self.relief or not self.displacement[0] <= displacement <= self.displacement[-1]:
            raise SkyShieldError("atlas", f"holds no relief {relief} with displacement {displacement}",
                                 "ask inside what was played")
        at_relief = self.values[self.relief.index(relief)]
        return np.array([np.interp(displacement, self.displacement, column) for column in at_relief.T])


def load_axes(catalogue: Catalogue | None = None) -> dict[str, Axis]:
    """Return the axes of the atlas by name, their values and evidence from the catalogue (the shipped one if None).

    Examples
    --------
    >>> axes = load_axes()
    >>> list(axes), axes["relief"].status
    (['marginal_cost', 'absorption', 'relief', 'displacement'], 'assumption interval')
    """
    catalogue = load_catalogue() if catalogue is None else catalogue
    result = {}
    for name, row in read_yaml(_FILE)["axes"].items():
        entry = catalogue[row["entry"]] if "entry" in row else None
        evidence, source = (row["evidence"], row["source"]) if entry is None else (entry.note, entry.source)
        values: tuple[float, ...] = ()
        if entry is not None and "draw" in row:
            middle = ((entry.low + entry.high) / 2,) if row["draw"] == "middle" else ()
            values = (entry.low, *middle, entry.high)
        result[name] = Axis(row["label"], row["status"], " ".join(evidence.split()), tuple(source), values,
                            int(row.get("steps", 0)))
    return result


def skyshield_stops(sweep: Sweep, option: str, relief: tuple[float, ...]) -> Stops:
    """Return what an option stops at each relief and played displacement, each vector's expected outcome.

    Vectors without a valid replication are left out.
    """
    points, valid = sweep.axes[DISPLACEMENT], sweep.valid_everywhere()
    stops_by_point = []
    for phi in relief:
        for point in points:
            limit = np.minimum(sweep.total(option, _REDUNDANT, point), sweep.total(sweep.baseline, _OWN, point))
            freed = np.minimum(limit, sweep.total(option, _LEAKED, point))
            stops_by_point.append(expected_outcomes(sweep.outcome(option, AVOIDED, point) + phi * freed, valid))
    values = np.stack(stops_by_point).reshape(len(relief), len(points), -1)
    return Stops(relief, tuple(sweep.points[p].displacement for p in points), values[..., valid.any(axis=1)])


def break_even_cost(stops: float, budget_eur: float, absorption: float) -> float | None:
    """Return the marginal cost of aid, EUR million a stop, at which both are equal; None if aid leads at any price.

    Examples
    --------
    >>> break_even_cost(30.0, 60e6, 0.5), break_even_cost(-1.0, 60e6, 0.5)
    (1.0, None)
    """
    return absorption * budget_eur / _MILLION / stops if stops > 0.0 else None


def boundary(stops: Stops, budget_eur: float, absorption: float, relief: float,
             displacement: tuple[float, ...]) -> dict[str, Any]:
    """Return the break-even marginal cost along displacement, for one absorption and relief.

    Returns
    -------
    dict
        ``absorption``, ``relief``, ``displacement`` and, for each of it, ``cost``, ``lo`` and ``hi`` in EUR million a
        stop: of the mean stops and of the ends of their 95% interval. None where aid leads at any price; ``lo`` and
        ``hi`` are empty for a single vector.
    """
    rows: dict[str, list[float | None]] = {"cost": [], "lo": [], "hi": []}
    for delta in displacement:
        stops_at = stops.at(relief, delta)
        rows["cost"].append(break_even_cost(float(stops_at.mean()), budget_eur, absorption))
        if len(stops_at) > 1:
            low, high = np.quantile(stops_at, _TAILS)
            rows["lo"].append(break_even_cost(float(high), budget_eur, absorption))
            rows["hi"].append(break_even_cost(float(low), budget_eur, absorption))
    return {"absorption": absorption, "relief": relief, "displacement": list(displacement), **rows}


def average_cost(catalogue: Catalogue, assumptions: Mapping[str, float]) -> dict[str, float]:
    """Return the average cost of a claimed interceptor-drone kill, EUR million: price over kills per sortie.

    An average, of targets of all types, and the drone alone: the marginal stop costs more.
    """
    price, kills = catalogue[PRICE], catalogue[KILLS]
    central = CentralValues(catalogue, assumptions)
    middle = float(eur(central, PRICE)[0] / central[KILLS][0]) / _MILLION
    return {"low": middle * (price.low / price.reference_value) / (kills.high / kills.reference_value),
            "central": middle, "high": middle * (price.high / price.reference_value)
            / (kills.low / kills.reference_value)}


def planned_eur(sweep: Sweep, option: str) -> float:
    """Return the option's budget: its planned cost in the period above the baseline's; it is no outcome."""
    cost = sweep.total(option, ("planned_cost_eur",), 0) - sweep.total(sweep.baseline, ("planned_cost_eur",), 0)
    return float(cost[sweep.valid_everywhere()].mean())


def _twin(sweep: Sweep, twin: str, budget_eur: float) -> dict[str, Any]:
    """Return what a simulated aid twin achieved, and what it cost a stop."""
    values = expected_outcomes(sweep.outcome(twin, AVOIDED, 0), sweep.valid_everywhere())
    values = values[~np.isnan(values)]
    mean, (low, high) = float(values.mean()), np.quantile(values, _TAILS)
    return {"option": twin, "avoided": mean, "cost": break_even_cost(mean, budget_eur, 1.0),
            "lo": break_even_cost(float(high), budget_eur, 1.0), "hi": break_even_cost(float(low), budget_eur, 1.0)}


def atlas(sweep: Sweep, axes: Mapping[str, Axis] | None = None) -> dict[str, dict[str, Any]]:
    """Return the atlas of every option that plans to spend money and is no aid itself.

    Returns
    -------
    dict
        option -> ``budget_eur``, ``twins`` (the simulated ones that the study has: their realised cost a stop) and
        ``slices``, one `boundary` for each absorption and relief.
    """
    axes = load_axes() if axes is None else axes
    result: dict[str, dict[str, Any]] = {}
    for option in sweep.options if sweep.valid_everywhere().any() else ():
        budget = planned_eur(sweep, option)
        if option in sweep.aid or budget <= 0.0:
            continue
        stops = skyshield_stops(sweep, option, axes[RELIEF].values)
        first, last = stops.displacement[0], stops.displacement[-1]
        grid = np.linspace(first, last, axes[DISPLACEMENT].steps + 1).round(_DIGITS).tolist()
        displacements = {*grid, *stops.displacement}
        result[option] = {"budget_eur": budget, "twins": [_twin(sweep, twin, budget) for twin in sweep.twins(option)],
                          "slices": [boundary(stops, budget, alpha, phi, tuple(sorted(displacements)))
                                     for alpha in axes[ABSORPTION].values for phi in axes[RELIEF].values]}
    return result
