"""How wrong a parameter must be before its fact says so.

Each fact guards a parameter. The parameter is set to one value in every row of the fit, moved from its median on the
scale it lives on, records are made anew with the same draws, and the observed fact is held against the band of the
moved model (its own median and scales, the critical value of the unmoved band). The smallest shift that puts the
observed fact outside is found by bisection, in either direction; where none up to the furthest does, the fact does not
guard the parameter, and the result says so. A history of the levels that records follow stays the unmoved model's: a
filter would follow the shift and hide it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.evidence.fit_checks.bands import TAIL, Band, deviations, scales
from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of, parallel_map
from skyshield.evidence.fit_checks.facts import Fact, shift_of
from skyshield.raids.fit import Fit

N_RECORDS = 128
HALVINGS = 4
_MIN_SHARE = 1e-9


@dataclass(frozen=True)
class Detected:
    """What a fact says about the parameter it guards.

    `value` is the parameter's median over rows; `low` and `high` are the nearest values below and above it at which
    the observed fact lies outside the moved model's band, None if it stays inside up to `lowest` or `highest`.
    `already` tells that it is outside with the parameter where it is.
    """

    fact: Fact
    value: float
    low: float | None
    high: float | None
    lowest: float
    highest: float
    already: bool


def moved(values: npt.ArrayLike, scale: str, shift: float) -> Floats:
    """Return values moved on a scale: ``factor`` (shift is a logarithm), ``logit`` or ``absolute``.

    Examples
    --------
    >>> moved([0.5], "logit", np.log(3.0)).round(6).tolist(), moved([2.0], "factor", 0.0).tolist()
    ([0.75], [2.0])
    """
    start = np.asarray(values, float)
    if scale == "factor":
        return np.asarray(start * math.exp(shift))
    if scale == "absolute":
        return np.asarray(start + shift)
    odds = start * math.exp(shift)
    return np.asarray(np.clip(odds / (odds + 1.0 - start), _MIN_SHARE, 1.0 - _MIN_SHARE))


def moved_fit(fit: Fit, parameter: str, scale: str, shift: float) -> Fit:
    """Return a fit with one parameter at the same value in every row: its median, moved."""
    rows = fit.rows.copy()
    column = fit.names.index(parameter)
    rows[:, column] = moved(np.median(rows[:, column]), scale, shift)
    return replace(fit, rows=rows)


def farthest(scale: str, far: float) -> float:
    """Return the furthest shift on the scale's own axis."""
    return math.log(far) if scale == "factor" else far


def detect(band: Band, observed: Floats, ensemble: Ensemble, jobs: int = 1) -> tuple[Detected, ...]:
    """Return, fact by fact, how far its parameter can move unnoticed.

    Parameters
    ----------
    band
        Of the unmoved model.
    observed
        f8[fact], the facts of the observed record.
    ensemble
        How the moved records are made; its histories, if any, stay those of the unmoved model.
    jobs
        Processes, over the parameters.
    """
    guards = list(dict.fromkeys(fact.guard for fact in band.facts))
    by_guard = parallel_map(_DetectParameter(band, observed, ensemble), guards, jobs)
    result = {one.fact.name: one for detections in by_guard for one in detections}
    return tuple(result[fact.name] for fact in band.facts)


@dataclass(frozen=True)
class _DetectParameter:
    """Search all facts of one parameter; travels to other processes."""

    band: Band
    observed: Floats
    ensemble: Ensemble

    def __call__(self, parameter: str) -> tuple[Detected, ...]:
        columns = [j for j, fact in enumerate(self.band.facts) if fact.guard == parameter]
        search = _Search(self.band, self.observed, self.ensemble, parameter, columns)
        return tuple(search.detected(column) for column in columns)


class _Search:
    """Bisection over the shift of one parameter, shared by the facts that guard it."""

    def __init__(self, band: Band, observed: Floats, ensemble: Ensemble, parameter: str, columns: list[int]) -> None:
        self._band, self._observed, self._ensemble = band, observed, ensemble
        self._parameter, self._columns = parameter, columns
        shift = shift_of(parameter)
        self._scale, self._far = shift.scale, farthest(shift.scale, shift.farthest)
        self._cache: dict[float, Mapping[int, bool]] = {}

    def detected(self, column: int) -> Detected:
        """Search both ways for one fact."""
        value = float(np.median(self._ensemble.fit.parameters[self._parameter]))
        already = bool(self._band.deviations(self._observed)[column] > self._band.critical)
        low, high = ((None, None) if already or math.isnan(self._observed[column]) else
                     (self._nearest(column, -self._far), self._nearest(column, self._far)))

        def natural(shift: float) -> float:
            return float(moved([value], self._scale, shift)[0])

        return Detected(self._band.facts[column], value, None if low is None else natural(low),
                        None if high is None else natural(high), natural(-self._far), natural(self._far), already)

    def _nearest(self, column: int, limit: float) -> float | None:
        if not self._outside(limit)[column]:
            return None
        inside, outside = 0.0, limit
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            if self._outside(middle)[column]:
                outside = middle
            else:
                inside = middle
        return outside

    def _outside(self, shift: float) -> Mapping[int, bool]:
        if shift not in self._cache:
            fit = moved_fit(self._ensemble.fit, self._parameter, self._scale, shift)
            facts = [self._band.facts[j] for j in self._columns]
            values = facts_of(replace(self._ensemble, fit=fit), facts)
            far = deviations(self._observed[self._columns], *scales(values, TAIL))
            self._cache[shift] = {j: bool(d > self._band.critical) for j, d in zip(self._columns, far, strict=True)}
        return self._cache[shift]
