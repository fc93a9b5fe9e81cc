"""The parameter vectors of a study: one draw of every number used, shared by all options.

A parameter that the fit holds comes from the fit's row (vector modulo rows, so that joint rows stay
joint); any other from its catalogue entry's distribution, at a uniform addressed by its name. Entries
without a centre are never drawn: they stand at one end, the reference end in the headline and each end in
turn in the arms of the envelope.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from skyshield.catalogue import Catalogue, Entry
from skyshield.core.streams import parameter_uniforms
from skyshield.raids import Fit
from skyshield.raids.fit import significant

Floats = npt.NDArray[np.float64]


class ParameterTable:
    """Named parameters over vectors, drawn when first asked for.

    Parameters
    ----------
    catalogue, fit
        Where the numbers come from.
    seed
        The study's seed.
    n_vectors
        How many vectors; more leave the earlier ones as they are.
    ends
        For entries without a centre, ``low`` or ``high``; the entry's reference end if not named.
    """

    def __init__(self, catalogue: Catalogue, fit: Fit, seed: int, n_vectors: int, ends: Mapping[str, str]) -> None:
        self._catalogue, self._seed, self._n, self._ends = catalogue, seed, n_vectors, dict(ends)
        self._fitted = fit.parameters
        self.fit_row = np.arange(n_vectors) % len(fit.rows)
        self.used: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """Return f8[vector] in SI units (money in the entry's currency)."""
        if name not in self.used:
            self.used[name] = self._draw(name)
        return self.used[name]

    def _draw(self, name: str) -> Floats:
        if name in self._fitted:
            return np.ascontiguousarray(self._fitted[name][self.fit_row])
        entry = self._catalogue[name]
        if entry.central is None:
            return np.full(self._n, end_value(entry, self._ends.get(name)))
        return significant(entry.ppf(parameter_uniforms(self._seed, name, 0, self._n)))

    def without_centre(self) -> tuple[str, ...]:
        """Return the entries without a centre that were asked for, by name."""
        return tuple(sorted(n for n in self.used if n not in self._fitted and self._catalogue[n].central is None))


class CentralValues:
    """The same names at their central values (the reference end without one), f8[1] each: for plans."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __getitem__(self, name: str) -> Floats:
        """Return f8[1] in SI units."""
        return np.array([self._catalogue[name].reference_si])


def end_value(entry: Entry, end: str | None) -> float:
    """Return an interval's named end, its reference end if None, in SI units."""
    low, _, high = entry.si()
    return {"low": low, "high": high, None: entry.reference_si}[end]
