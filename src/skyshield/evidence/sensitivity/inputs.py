"""The uncertain inputs of a study, each a function of numbers between 0 and 1, so that designs can move them.

Kinds, which are never mixed into one figure without a word:

- ``distribution``: a catalogue entry with a distribution; u is its probability.
- ``fit``: the joint rows of the fit as one input. Its parameters hang together (rank correlations up to 0.7 between
  nights and leak rates), so they are moved together or not at all; u picks a row, in the order of the rows' first
  principal component. No order does them justice, so only what does not depend on order is said of this input.
- ``strengths``: what each region's own defence is drawn to, one u a region; it matters where Ukraine stops threats near
  defended aims.
- ``interval``: an entry without a centre. It has no distribution, and u runs evenly from its low to its high end: a
  stand-in for a design, not an opinion. The choice between the two models of the own defence is one of them.

The base of a design, where whatever does not move stands: entries at their central values (those without one as the
scenario or their reference has them), the fit at the row nearest the middle of all rows, regions at equal strength.
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
from skyshield.study.points import SWITCHES

Given = dict[str, Floats]

DISTRIBUTION, FIT, STRENGTHS, INTERVAL = KINDS = ("distribution", "fit", "strengths", "interval")
FIT_INPUT, STRENGTHS_INPUT = "fit", "own_strengths"
_WEST = "own_strength_west"  # solved for, never moved
_SPREAD = "own_regional_spread"
_HALF, _TINY = 0.5, 1e-6
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
    every
        Those with a distribution first, each kind by name.
    base
        One number by parameter, SI units.
    """

    context: CompileContext
    every: tuple[Input, ...]
    base: dict[str, float]

    def named(self, name: str) -> Input:
        """Return the input of a name."""
        return next(one for one in self.every if one.name == name)

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
        result = {name: np.full(n, value) for name, value in self.base.items()}
        for name, u in moved.items():
            result |= self._values(self.named(name), u, result)
        return result

    def _values(self, one: Input, u: Floats, so_far: Given) -> Given:
        if one.kind == FIT:
            row = fit_order(self.context.fit)[row_of(u[:, 0], len(self.context.fit.rows))]
            return {name: column[row] for name, column in self.context.fit.parameters.items()}
        if one.kind == STRENGTHS:
            from scipy.special import ndtri

            spread = so_far.get(_SPREAD, np.zeros(len(u)))
            return {name: significant(np.exp(spread * ndtri(np.clip(u[:, k], _TINY, 1.0 - _TINY))))
                    for k, name in enumerate(one.columns)}
        return {one.name: at(self.context.catalogue[one.name], u[:, 0])}


def at(entry: Entry, u: Floats) -> Floats:
    """Return an entry's values, SI units: quantiles, evenly between the ends without a centre, an end for a switch.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> at(catalogue["claim_bias"], np.array([0.0, 0.5])).tolist()
    [0.0, 0.25]
    >>> at(catalogue["own_defence_rival"], np.array([0.4, 0.5])).tolist()
    [0.0, 1.0]
    """
    if entry.central is not None:
        return significant(entry.ppf(u))
    share = np.where(u < _HALF, 0.0, 1.0) if entry.key in SWITCHES else u
    return significant((entry.low + (entry.high - entry.low) * share) * si_factor(entry.unit))


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
    z = _standard(fit.rows)
    direction = np.linalg.svd(z, full_matrices=False)[2][0]
    return np.argsort((z @ (direction * np.sign(direction[np.abs(direction).argmax()]))).round(9), kind="stable")


def middle_row(fit: Fit) -> int:
    """Return the row nearest the middle of all rows, column by column in units of their spread."""
    z = _standard(fit.rows)
    return int(((z - np.median(z, axis=0)) ** 2).sum(axis=1).round(9).argmin())


def _standard(rows: Floats) -> Floats:
    spread = rows.std(axis=0)
    return np.asarray((rows - rows.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))


def inputs_of(context: CompileContext, seed: int) -> Inputs:
    """Return the inputs that a scenario reads.

    Entries that the scenario fixes and constants are none.
    """
    compiled = compile_world(context, seed, 1)
    catalogue, fitted, fixed = context.catalogue, set(context.fit.names), set(context.scenario.assumptions)
    read = [name for name in compiled.parameters if name not in fitted and name in catalogue]
    drawn = [n for n in read if catalogue[n].central is not None]
    moved = [n for n in drawn if catalogue[n].distribution != CONSTANT and n not in fixed]
    open_ = [n for n in read if catalogue[n].central is None and n not in fixed]
    regions = tuple(n for n in compiled.parameters if n.startswith(STRENGTH) and n != _WEST)
    every = [Input(n, DISTRIBUTION, (n,), catalogue[n].label) for n in moved]
    every += [Input(FIT_INPUT, FIT, context.fit.names, "the fit to the raid record, joint rows")]
    every += [Input(STRENGTHS_INPUT, STRENGTHS, regions, "how regions of Ukraine's own defence differ in strength")]
    every += [Input(n, INTERVAL, (n,), catalogue[n].label) for n in open_]
    return Inputs(context, tuple(every), _base(context, drawn, regions))


def _base(context: CompileContext, drawn: Sequence[str], regions: Sequence[str]) -> dict[str, float]:
    catalogue = context.catalogue
    base = {name: headline_value(catalogue[name], context.scenario.assumptions) * si_factor(catalogue[name].unit)
            for name in drawn}
    base |= dict.fromkeys(regions, 1.0)
    row = context.fit.rows[middle_row(context.fit)]
    base |= {name: float(row[k]) for k, name in enumerate(context.fit.names)}
    return base


def reaching(inputs: Inputs, seed: int, out_of_sight: frozenset[str] = MONEY_AND_PEOPLE, places: int = 4) -> set[str]:
    """Return the names of the inputs that can move what is stopped, by what they change in the compiled world.

    Every entry is put at both its ends alone, with all others at the base and at some places drawn for them. One that
    changes nothing but prices and the counting of incidents in any of these worlds cannot change how a day is played
    there, and no day need be played to know it. The fit, the strengths and the choice of the own defence are kept.

    Parameters
    ----------
    inputs, seed
        The inputs and the study's seed.
    out_of_sight
        Parts of the world that the measure does not depend on.
    places
        The base and so many less one drawn.
    """
    from skyshield.study.points import one_by_one

    tried = [one for one in inputs.every if one.kind in (DISTRIBUTION, INTERVAL) and one.name not in SWITCHES]
    kept = {one.name for one in inputs.every if one not in tried} | {_SPREAD}
    draws = np.random.default_rng([seed, 0]).random((places, len(tried)))
    strong = np.random.default_rng([seed, 1]).random((places, len(inputs.named(STRENGTHS_INPUT).columns)))
    for place in range(places):
        here = {} if place == 0 else {one.name: np.full((1, 1), draws[place, k]) for k, one in enumerate(tried)}
        if place:
            here[STRENGTHS_INPUT] = strong[place:place + 1]
        alone = inputs.given(here, 1)
        n = 2 * len(tried) + 1
        given = {name: np.repeat(value, n) for name, value in alone.items()}
        for k, one in enumerate(tried):
            entry = inputs.context.catalogue[one.name]
            given.setdefault(one.name, np.full(n, inputs.reference(one.name)))
            given[one.name][2 * k + 1], given[one.name][2 * k + 2] = (
                value * si_factor(entry.unit) for value in (entry.low, entry.high))
        if SWITCHES[0] in {one.name for one in inputs.every}:
            given[SWITCHES[0]] = np.full(n, 1.0)  # near defended aims: the model that reads more
        worlds = one_by_one(inputs.context, given, seed, n)
        kept |= {one.name for k, one in enumerate(tried) if one.name not in kept
                 and any(_differ(worlds[0], worlds[2 * k + side], out_of_sight) for side in (1, 2))}
    return kept


def _differ(one: tuple[object, ...], other: tuple[object, ...], apart: frozenset[str]) -> bool:
    """Say whether two worlds differ outside of some parts."""
    names = getattr(one, "_fields", ())
    for name, a, b in zip(names, one, other, strict=True):
        if name in apart:
            continue
        if isinstance(a, tuple) and isinstance(b, tuple):
            if _differ(a, b, frozenset()):
                return True
        elif np.asarray(a).tobytes() != np.asarray(b).tobytes():
            return True
    return False
