"""The parameter vectors of a study: one draw of every number used, shared by all options.

A parameter that the fit holds comes from the fit's row (vector modulo rows, so that joint rows stay
joint); any other from its catalogue entry's distribution, at a uniform addressed by its name. Entries
without a centre are never drawn: in the headline each stands at the value the scenario assumes or else at
its reference, and in the arms of the envelope one of them at a time at one of its ends.
"""

import contextlib
from collections.abc import Iterator, Mapping

import numpy as np

from skyshield.catalogue import Catalogue, Entry
from skyshield.catalogue.unit_text import si_factor
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.raids import Fit
from skyshield.raids.fit import significant

RELIEF_ENTRIES = ("relief_share", "relief_elasticity")  # zero but in the arm that supposes relief
REFERENCE_COLUMNS = {"own_defence_along_share": "soft_share_of_stops"}  # which have that of the vector
STRENGTH = "own_strength_"  # of the own defence of a region, drawn where it is compiled


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
        For entries without a centre, ``low`` or ``high``; see `headline_value` for those not named.
    assumptions
        What the scenario fixes for entries without a centre, in the unit of the entry.
    given
        Values f8[vector], SI units, that stand instead of what would be drawn, fitted or assumed: a design's.

    Raises
    ------
    SkyShieldError
        If something is given that is no parameter, or not one finite number a vector.
    """

    def __init__(self, catalogue: Catalogue, fit: Fit, seed: int, n_vectors: int, ends: Mapping[str, str],
                 assumptions: Mapping[str, float] | None = None, given: Mapping[str, Floats] | None = None) -> None:
        self._catalogue, self._seed, self._n, self._ends = catalogue, seed, n_vectors, dict(ends)
        self._assumptions = dict(assumptions or {})
        self.given = {name: np.array(values, np.float64) for name, values in (given or {}).items()}
        for name, values in self.given.items():
            if name not in catalogue and name not in fit.names and not name.startswith(STRENGTH):
                raise SkyShieldError(f"given {name}", "is no parameter", "give names of the catalogue or the fit")
            if values.shape != (n_vectors,) or not np.isfinite(values).all():
                raise SkyShieldError(f"given {name}", f"is not {n_vectors} finite numbers",
                                     "give one number a vector")
        self._fit, self._fitted = fit, fit.parameters
        self.fit_row = np.arange(n_vectors) % len(fit.rows)
        self.used: dict[str, Floats] = {}
        self._drawn: dict[str, Floats] = {}  # by tables of the same vectors, where no end moves it
        self._sampled: dict[str, Floats] = {}  # of these what no assumption moves
        self._noting: list[set[str]] = []

    def moved(self, ends: Mapping[str, str]) -> "ParameterTable":
        """Return a table of the same vectors with other ends; what they do not move is drawn once for both."""
        other = ParameterTable(self._catalogue, self._fit, self._seed, self._n, ends, self._assumptions, self.given)
        other._drawn, other._sampled = self._drawn, self._sampled
        return other

    def assuming(self, assumptions: Mapping[str, float]) -> "ParameterTable":
        """Return a table of the same vectors under other assumptions; what has a centre is drawn once for both."""
        other = ParameterTable(self._catalogue, self._fit, self._seed, self._n, self._ends, assumptions, self.given)
        other._sampled = self._sampled
        return other

    @contextlib.contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Yield a set that the names read meanwhile are put into."""
        names: set[str] = set()
        self._noting.append(names)
        try:
            yield names
        finally:
            self._noting.remove(names)

    def __getitem__(self, name: str) -> Floats:
        """Return f8[vector] in SI units (money in the entry's currency)."""
        for names in self._noting:
            names.add(name)
        if name not in self.used:
            if name in self._ends:
                self.used[name] = self._draw(name)
            else:
                of = self._sampled if self._is_sampled(name) else self._drawn
                if name not in of:
                    of[name] = self._draw(name)
                self.used[name] = of[name]
        return self.used[name]

    def _is_sampled(self, name: str) -> bool:
        """Return whether a number is given, fitted or drawn from a range with a centre."""
        return name in self.given or name in self._fitted or self._catalogue[name].central is not None

    def one(self, name: str) -> float:
        """Return a parameter that is the same in every vector of a world, such as a choice between two models.

        Raises
        ------
        SkyShieldError
            If it is given and differs between vectors.
        """
        values = self[name]
        if (values != values[0]).any():
            raise SkyShieldError(f"given {name}", "differs between vectors of one world",
                                 "compile a world for each of its values")
        return float(values[0])

    def _draw(self, name: str) -> Floats:
        if name in self.given:
            return self.given[name]
        if name in self._fitted:
            return np.ascontiguousarray(self._fitted[name][self.fit_row])
        from skyshield.core.streams import parameter_uniforms  # brings the compiler along

        entry = self._catalogue[name]
        if entry.central is None:
            end = self._ends.get(name)
            if end is None and name not in self._assumptions and name in REFERENCE_COLUMNS:
                return self[REFERENCE_COLUMNS[name]]
            value = headline_value(entry, self._assumptions) if end is None else end_value(entry, end)
            return np.full(self._n, value * si_factor(entry.unit))
        return significant(entry.ppf(parameter_uniforms(self._seed, name, 0, self._n)))

    def without_centre(self) -> tuple[str, ...]:
        """Return the entries without a centre that were asked for, by name, but for those the scenario fixes."""
        return tuple(sorted(n for n in self.used if n not in self._fitted and n not in self._assumptions
                            and self._catalogue[n].central is None))


class CentralValues:
    """The same names at their central values (as in the headline without one), f8[1] each: for plans."""

    def __init__(self, catalogue: Catalogue, assumptions: Mapping[str, float] | None = None) -> None:
        self._catalogue, self._assumptions = catalogue, dict(assumptions or {})
        self.fit_row = np.zeros(1, np.int64)

    def __getitem__(self, name: str) -> Floats:
        """Return f8[1] in SI units."""
        entry = self._catalogue[name]
        return np.array([headline_value(entry, self._assumptions) * si_factor(entry.unit)])


class RowValues:
    """The same names, f8[row] each: a fit's over its rows, all others at their central values. For plans."""

    def __init__(self, catalogue: Catalogue, fit: Fit, assumptions: Mapping[str, float] | None = None) -> None:
        self._central, self._fitted = CentralValues(catalogue, assumptions), fit.parameters
        self._n = len(fit.rows)

    def __getitem__(self, name: str) -> Floats:
        """Return f8[row] in SI units."""
        return self._fitted[name] if name in self._fitted else np.repeat(self._central[name], self._n)


def end_value(entry: Entry, end: str) -> float:
    """Return an interval's ``low`` or ``high`` end, in the unit of the entry."""
    return {"low": entry.low, "high": entry.high}[end]


def headline_value(entry: Entry, assumptions: Mapping[str, float]) -> float:
    """Return where the headline has an entry, in its unit: as the scenario assumes, else at its reference.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> entry = load_catalogue()["displacement"]
    >>> headline_value(entry, {}), headline_value(entry, {"displacement": 0.5})
    (0.0, 0.5)
    """
    return assumptions.get(entry.key, entry.reference_value)
