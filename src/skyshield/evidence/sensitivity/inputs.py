"""The uncertain inputs of a study, each a function of numbers between 0 and 1, so that designs can move them.

Kinds, which are never mixed into one figure without saying so:

- ``distribution``: a catalogue entry with a distribution; u is its probability.
- ``fit``: the joint rows of the fit as one input. Its parameters are correlated (rank correlations up to 0.7 between
  nights and leak rates), so they are moved together or not at all; u picks a row, in the order of the rows' first
  principal component. That order is arbitrary, so only what does not depend on order is reported of this input.
- ``strengths``: the strength of each region's own defence, one u a region; it matters where Ukraine stops threats near
  defended aims.
- ``interval``: an entry without a centre. It has no distribution, and u is mapped linearly from its low to its high
  end: a stand-in for a design, not an opinion. The choice between the two models of the own defence is one of them.

The base of a design, at which inputs that do not move are held: entries at their central values (those without one as
the scenario or their reference has them), the fit at the row nearest the median of all rows, regions at equal strength.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.catalogue import Entry
from skyshield.catalogue.distribution import CONSTANT
from skyshield.catalogue.unit_text import si_factor
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import STRENGTH, headline_value
from skyshield.compile.world import compile_world
from skyshield.core.arrays import Floats, Integers
from skyshield.raids import Fit
from skyshield.raids.fit import significant

Given = dict[str, Floats]

DISTRIBUTION, FIT, STRENGTHS, INTERVAL = KINDS = ("distribution", "fit", "strengths", "interval")
FIT_INPUT, STRENGTHS_INPUT = "fit", "own_strengths"
_SPREAD = "own_regional_spread"
_TINY = 1e-6
MONEY_AND_PEOPLE = frozenset({"costs", "risks", "people", "marks"})  # read by the last steps of a day alone


@dataclass(frozen=True)
class Input:
    """One uncertain input.

    Attributes
    ----------
    name
        Its key: the entry's, ``fit`` or ``own_strengths``.
    kind
        One of `KINDS`.
    columns
        Parameters that it moves; as many u as it has columns, but the fit has one.
    label
        In words.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    label: str

    @property
    def n_dims(self) -> int:
        """How many numbers between 0 and 1 it takes."""
        return len(self.columns) if self.kind == STRENGTHS else 1

    @property
    def has_distribution(self) -> bool:
        """Whether there is a distribution behind it."""
        return self.kind != INTERVAL


@dataclass(frozen=True)
class Inputs:
    """All inputs of a study, with the base.

    Attributes
    ----------
    all_inputs
        Those with a distribution first, each kind by name.
    base
        One number by parameter, SI units.
    """

    context: CompileContext
    all_inputs: tuple[Input, ...]
    base: dict[str, float]

    def named(self, name: str) -> Input:
        """Return the input of a name."""
        return next(item for item in self.all_inputs if item.name == name)

    def reference(self, name: str) -> float:
        """Return where the headline has an entry, SI units."""
        entry = self.context.catalogue[name]
        return headline_value(entry, self.context.scenario.assumptions) * si_factor(entry.unit)

    def given(self, moved: Mapping[str, Floats], n: int) -> Given:
        """Return f8[point] by parameter: the base, with some inputs moved.

        Parameters
        ----------
        moved
            f8[point, dim] by input, numbers between 0 and 1.
        n
            Points.
        """
        values = {name: np.full(n, value) for name, value in self.base.items()}
        for name, u in moved.items():
            values |= self._values(self.named(name), u, values)
        return values

    def _values(self, item: Input, u: Floats, values_so_far: Given) -> Given:
        if item.kind == FIT:
            row = fit_order(self.context.fit)[row_of(u[:, 0], len(self.context.fit.rows))]
            return {name: column[row] for name, column in self.context.fit.parameters.items()}
        if item.kind == STRENGTHS:
            from scipy.special import ndtri

            spread = values_so_far.get(_SPREAD, np.zeros(len(u)))
            return {name: significant(np.exp(spread * ndtri(np.clip(u[:, k], _TINY, 1.0 - _TINY))))
                    for k, name in enumerate(item.columns)}
        return {item.name: values_at(self.context.catalogue[item.name], u[:, 0])}


def values_at(entry: Entry, u: Floats) -> Floats:
    """Return an entry's values, SI units: quantiles, or evenly between the ends without a centre.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> values_at(catalogue["claim_bias"], np.array([0.0, 0.5])).tolist()
    [0.0, 0.25]
    """
    if entry.central is not None:
        return significant(entry.ppf(u))
    return significant((entry.low + (entry.high - entry.low) * u) * si_factor(entry.unit))


def row_of(u: Floats, n: int) -> Integers:
    """Return which of n rows each u picks.

    Examples
    --------
    >>> row_of(np.array([0.0, 0.5, 1.0]), 4).tolist()
    [0, 2, 3]
    """
    return np.minimum((u * n).astype(np.int64), n - 1)


def fit_order(fit: Fit) -> Integers:
    """Return the fit's rows in the order of their first principal component."""
    z = _standardised(fit.rows)
    direction = np.linalg.svd(z, full_matrices=False)[2][0]
    return np.argsort((z @ (direction * np.sign(direction[np.abs(direction).argmax()]))).round(9), kind="stable")


def central_row(fit: Fit) -> int:
    """Return the row nearest the median of all rows, column by column in units of their spread."""
    z = _standardised(fit.rows)
    return int(((z - np.median(z, axis=0)) ** 2).sum(axis=1).round(9).argmin())


def _standardised(rows: Floats) -> Floats:
    spread = rows.std(axis=0)
    return np.asarray((rows - rows.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))


def study_inputs(context: CompileContext, seed: int) -> Inputs:
    """Return the inputs that a scenario reads.

    Entries that the scenario fixes and constants are not inputs.
    """
    compiled = compile_world(context, seed, 1)
    catalogue, fitted, fixed = context.catalogue, set(context.fit.names), set(context.scenario.assumptions)
    read = [name for name in compiled.parameters if name not in fitted and name in catalogue]
    with_centre = [n for n in read if catalogue[n].central is not None]
    moved = [n for n in with_centre if catalogue[n].distribution != CONSTANT and n not in fixed]
    without_centre = [n for n in read if catalogue[n].central is None and n not in fixed]
    regions = tuple(n for n in compiled.parameters if n.startswith(STRENGTH))
    all_inputs = [Input(n, DISTRIBUTION, (n,), catalogue[n].label) for n in moved]
    all_inputs += [Input(FIT_INPUT, FIT, context.fit.names, "the fit to the raid record, joint rows")]
    all_inputs += [Input(STRENGTHS_INPUT, STRENGTHS, regions,
                         "how regions of Ukraine's own defence differ in strength")]
    all_inputs += [Input(n, INTERVAL, (n,), catalogue[n].label) for n in without_centre]
    return Inputs(context, tuple(all_inputs), _base(context, with_centre, regions))


def _base(context: CompileContext, with_centre: Sequence[str], regions: Sequence[str]) -> dict[str, float]:
    catalogue = context.catalogue
    base = {name: headline_value(catalogue[name], context.scenario.assumptions) * si_factor(catalogue[name].unit)
            for name in with_centre}
    base |= dict.fromkeys(regions, 1.0)
    row = context.fit.rows[central_row(context.fit)]
    base |= {name: float(row[k]) for k, name in enumerate(context.fit.names)}
    return base


def relevant_inputs(inputs: Inputs, seed: int, ignored_parts: frozenset[str] = MONEY_AND_PEOPLE,
                    n_points: int = 4) -> set[str]:
    """Return the names of the inputs that can change what is stopped, by what they change in the compiled world.

    Every entry is set to each of its ends alone, with all others at the base and at some points drawn for them. One
    that changes nothing but prices and the counting of incidents in any of these worlds cannot change how a day is
    played there, and no day need be played to know it. The fit and the strengths always count as relevant.

    Parameters
    ----------
    inputs, seed
        The inputs and the study's seed.
    ignored_parts
        Parts of the world that the measure does not depend on.
    n_points
        Number of points: the base, the others drawn.
    """
    from skyshield.study.points import one_by_one

    candidates = [item for item in inputs.all_inputs if item.kind in (DISTRIBUTION, INTERVAL)]
    relevant = {item.name for item in inputs.all_inputs if item not in candidates} | {_SPREAD}
    draws = np.random.default_rng([seed, 0]).random((n_points, len(candidates)))
    strengths = np.random.default_rng([seed, 1]).random((n_points, len(inputs.named(STRENGTHS_INPUT).columns)))
    for point in range(n_points):
        moved = {} if point == 0 else {item.name: np.full((1, 1), draws[point, k]) for k, item in enumerate(candidates)}
        if point:
            moved[STRENGTHS_INPUT] = strengths[point:point + 1]
        base_values = inputs.given(moved, 1)
        n = 2 * len(candidates) + 1
        given = {name: np.repeat(value, n) for name, value in base_values.items()}
        for k, item in enumerate(candidates):
            entry = inputs.context.catalogue[item.name]
            given.setdefault(item.name, np.full(n, inputs.reference(item.name)))
            given[item.name][2 * k + 1], given[item.name][2 * k + 2] = (
                value * si_factor(entry.unit) for value in (entry.low, entry.high))
        compiled_worlds = one_by_one(inputs.context, given, seed, n)
        relevant |= {item.name for k, item in enumerate(candidates) if item.name not in relevant
                     and any(_differ(compiled_worlds[0], compiled_worlds[2 * k + side], ignored_parts)
                             for side in (1, 2))}
    return relevant


def _differ(first: tuple[object, ...], second: tuple[object, ...], ignored: frozenset[str]) -> bool:
    """Return whether two worlds differ outside of the ignored parts."""
    names = getattr(first, "_fields", ())
    for name, a, b in zip(names, first, second, strict=True):
        if name in ignored:
            continue
        if isinstance(a, tuple) and isinstance(b, tuple):
            if _differ(a, b, frozenset()):
                return True
        elif np.asarray(a).tobytes() != np.asarray(b).tobytes():
            return True
    return False
