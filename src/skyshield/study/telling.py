"""What a stage of a preview says of options, from their totals: each option by itself, what was told before kept.

An option's figures are those of `skyshield.study.summary` of its x[measure, vector, replication], and of x less that of
the baseline. They depend on the totals of both alone and on which replications count, so after a move only the options
that it touches are told anew.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from skyshield.compile.kept import Kept
from skyshield.core.arrays import Booleans, Floats
from skyshield.engine import COUNTS
from skyshield.study.compare import ENOUGH_VECTORS
from skyshield.study.played import Played
from skyshield.study.summary import figures
from skyshield.study.told import are_noise
from skyshield.study.totals import MEASURES

Row = dict[str, float | None]
Columns = Floats  # [measure, 5]: mean, lo, hi, mcse, error; NaN where it is not told
_MEAN, _MCSE, _ERROR = 0, 3, 4


@dataclass(frozen=True)
class Side:
    """The options of a setting, the baseline among them, and under which keys their totals are held."""

    names: tuple[str, ...]
    keys: Mapping[str, str]
    baseline: str

    @property
    def others(self) -> tuple[str, ...]:
        """The options other than the baseline."""
        return tuple(name for name in self.names if name != self.baseline)

    def pair(self, name: str) -> tuple[str, str]:
        """Return the keys of an option and of the baseline."""
        return self.keys[name], self.keys[self.baseline]


class Size(NamedTuple):
    """Of a stage: vectors and replications, and which measures are told."""

    vectors: int
    replications: int
    measures: tuple[str, ...]


@dataclass(frozen=True)
class _Totals:
    """The totals of options at one size, those of replications that do not count set to zero."""

    held: Mapping[str, Played]
    size: Size
    valid: Booleans  # [vector, replication] played, and no option failed

    def x(self, key: str) -> Floats:
        """Return f8[measure, vector, replication] of one option."""
        of, (vectors, replications, measures) = self.held[key], self.size
        x = np.empty((len(measures), vectors, replications))
        for row, name in zip(x, measures, strict=True):
            place = MEASURES.index(name)
            part, column = (of.counts, place) if place < len(COUNTS) else (of.amounts, place - len(COUNTS))
            row[:] = part[:vectors, :replications, column]
        return x if self.valid.all() else np.where(self.valid, x, 0.0)

    def level(self, key: str) -> Columns:
        """Return the figures of an option."""
        return columns_of(self.x(key), self.valid)

    def paired(self, pair: tuple[str, str]) -> Columns:
        """Return the figures of an option less the baseline."""
        return columns_of(self.x(pair[0]) - self.x(pair[1]), self.valid)

    def moved(self, now: tuple[str, str], before: tuple[str, str]) -> Columns:
        """Return the figures of what has changed of an option less the baseline, on the same raids."""
        if now == before:
            nothing = columns_of(np.zeros((1, *self.valid.shape)), self.valid)
            return np.repeat(nothing, len(self.size.measures), axis=0)
        there, left = (self.x(option) - self.x(baseline) for option, baseline in (now, before))
        return columns_of(there - left, self.valid)


def columns_of(x: Floats, valid: Booleans) -> Columns:
    """Return the figures of x[measure, vector, replication], the ends left out where noise explains all.

    Examples
    --------
    >>> columns_of(np.array([[[1.0, 3.0], [5.0, 7.0]]]), np.ones((2, 2), bool)).round(3).tolist()
    [[4.0, 2.223, 5.777, 0.707, 2.0]]
    """
    told = figures(x, valid, spread=False)
    noise = are_noise(told.lo, told.hi, told.mcse)
    return np.stack([told.mean, np.where(noise, np.nan, told.lo), np.where(noise, np.nan, told.hi), told.mcse,
                     errors_of(x, valid, told.mcse)], axis=-1)


def errors_of(x: Floats, valid: Booleans, mcse: Floats) -> Floats:
    """Return how far the means of x[..., vector, replication] may still be from their final values; NaN if untold.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [5.0, 7.0]])
    >>> float(errors_of(x, np.ones((2, 2), bool), np.float64(0.5)))
    2.0
    """
    used = valid.any(axis=1)
    n_vectors = int(used.sum())
    if n_vectors >= ENOUGH_VECTORS and not np.isnan(mcse).any():
        return mcse
    if n_vectors < 2:
        return np.full(x.shape[:-2], np.nan)
    means = np.where(valid, x, 0.0)[..., used, :].sum(axis=-1) / valid[used].sum(axis=-1)
    return np.asarray(means.std(axis=-1, ddof=1) / np.sqrt(n_vectors))


def tell(now: Side, before: Side | None, held: Mapping[str, Played], size: Size, jobs: int,
         kept: Kept[Columns]) -> dict[str, Any]:
    """Return what `Preview` says of options: paired, error, move, levels, planned.

    Parameters
    ----------
    now, before
        The setting that is told, and the one left, if any.
    held
        Totals of every option of both by key, of this size at least.
    size
        Of the stage.
    jobs
        Threads.
    kept
        What was told before, to which is added what is told now.
    """
    totals = _Totals(held, size, _valid(now, held, size))
    tasks: dict[Hashable, Callable[[], Columns]] = {}
    for name in now.names:
        tasks[now.keys[name]] = partial(totals.level, now.keys[name])
    for name in now.others:
        tasks[now.pair(name)] = partial(totals.paired, now.pair(name))
    there: tuple[str, ...] = ()
    if before is not None:
        there = tuple(name for name in now.others if name in before.others)
        both = _Totals(held, size, totals.valid & _valid(before, held, size))
        for name in there:
            tasks[now.pair(name), before.pair(name)] = partial(both.moved, now.pair(name), before.pair(name))
    found = _looked_up(tasks, (size, _sha256(totals.valid), _sha256(both.valid) if there else b""), jobs, kept)
    pairs = {name: found[now.pair(name)] for name in now.others}
    moves = {name: found[now.pair(name), before.pair(name)] for name in there if before is not None}
    return {"paired": {name: _rows(of, size.measures, "delta", "lo", "hi", "mcse") for name, of in pairs.items()},
            "error": {name: _column(of, size.measures, _ERROR) for name, of in pairs.items()},
            "move": {name: _rows(of[:, (_MEAN, _MCSE, _ERROR)], size.measures, "delta", "mcse", "error")
                     for name, of in moves.items()},
            "levels": {name: _rows(found[now.keys[name]], size.measures, "mean", "lo", "hi", "mcse")
                       for name in now.names},
            "planned": {name: float(held[now.keys[name]].planned_eur[0]) for name in now.names}}


def _valid(side: Side, held: Mapping[str, Played], size: Size) -> Booleans:
    """Return bool[vector, replication]: played, and no option failed."""
    part = np.s_[:size.vectors, :size.replications]
    return np.asarray(np.logical_and.reduce([held[side.keys[name]].failed[part] == 0 for name in side.names]))


def _sha256(valid: Booleans) -> bytes:
    return hashlib.sha256(valid.tobytes()).digest()


def _looked_up(tasks: Mapping[Hashable, Callable[[], Columns]], circumstances: Hashable, jobs: int,
               kept: Kept[Columns]) -> dict[Hashable, Columns]:
    """Return what is kept of the tasks, and what the others make.

    One option at a time rather than all at once: its totals fit into the cache of a processor.
    """
    todo = [key for key in tasks if (key, circumstances) not in kept]
    made: dict[Hashable, Columns] = {}
    if todo:
        with ThreadPoolExecutor(min(jobs, len(todo))) as pool:
            made = dict(zip(todo, pool.map(lambda key: tasks[key](), todo), strict=True))
    found = {key: made[key] if key in made else kept.get((key, circumstances), tasks[key]) for key in tasks}
    for key in todo:
        kept.put((key, circumstances), made[key])
    return found


def _rows(columns: Floats, measures: Sequence[str], *names: str) -> dict[str, Row]:
    """Return measure -> name -> figure, None where there is none; columns after the names are left out."""
    return {measure: dict(zip(names, row, strict=False))
            for measure, row in zip(measures, _plain(columns), strict=True)}


def _column(columns: Columns, measures: Sequence[str], place: int) -> Row:
    return dict(zip(measures, _plain(columns[:, place]), strict=True))


def _plain(values: Floats) -> Any:
    """Return an array as lists, None for NaN."""
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()
