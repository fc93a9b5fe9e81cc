"""A fit: what the record (or the shipped aggregates) says, as joint rows of parameters.

First form. A row holds catalogue draws and the indices of the nights that the row takes for possible,
a block bootstrap of the collection `nights`. Every report on such a fit is stamped with `status`. The
fitted raid model will fill the same table with its own parameters.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import SkyShieldError

NIGHT_PREFIX = "night_"
NOT_CALIBRATED = "not yet calibrated"


@dataclass(frozen=True)
class Fit:
    """Joint rows of parameters.

    Attributes
    ----------
    names
        Column names: catalogue keys, then ``night_000`` and so on.
    rows
        f8[draw, parameter], SI units, 8 significant digits.
    nights
        i8[night, class]: launches of UAVs, cruise and ballistic missiles of each night.
    window
        First and last day the nights come from, ISO dates.
    record_sha256
        Of the record's file, or of the shipped aggregates.
    source
        In words, for the report.
    status
        How far the fit may be trusted, in words; empty once it is calibrated.
    """

    names: tuple[str, ...]
    rows: npt.NDArray[np.float64]
    nights: npt.NDArray[np.int64]
    window: tuple[str, str]
    record_sha256: str
    source: str
    status: str

    @property
    def parameters(self) -> dict[str, npt.NDArray[np.float64]]:
        """The columns that are parameters, f8[draw] each."""
        return {name: self.rows[:, k] for k, name in enumerate(self.names) if not name.startswith(NIGHT_PREFIX)}

    @property
    def night_index(self) -> npt.NDArray[np.int64]:
        """i8[draw, n]: the nights each row takes for possible."""
        columns = [k for k, name in enumerate(self.names) if name.startswith(NIGHT_PREFIX)]
        return self.rows[:, columns].astype(np.int64)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"names": list(self.names), "rows": self.rows.tolist(), "nights": self.nights.tolist(),
                "window": list(self.window), "record_sha256": self.record_sha256, "source": self.source,
                "status": self.status}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Fit":
        """Rebuild a fit from plain data.

        Raises
        ------
        SkyShieldError
            If a field is missing or a shape does not match.
        """
        try:
            fit = cls(tuple(data["names"]), np.array(data["rows"], float), np.array(data["nights"], np.int64),
                      (data["window"][0], data["window"][1]), data["record_sha256"], data["source"], data["status"])
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise SkyShieldError("fit", f"cannot be read ({error})", "make it again from the record") from None
        index = fit.night_index
        if (fit.rows.ndim != 2 or fit.nights.ndim != 2 or fit.rows.shape[1] != len(fit.names)
                or index.size == 0 or index.min() < 0 or index.max() >= len(fit.nights)):
            raise SkyShieldError("fit", "has rows that do not match its names or nights",
                                 "make it again from the record")
        return fit


def significant(values: npt.ArrayLike, digits: int = 8) -> npt.NDArray[np.float64]:
    """Round to significant digits, so that fits agree across platforms.

    Examples
    --------
    >>> significant([1.23456789012, 0.0]).tolist()
    [1.2345679, 0.0]
    """
    flat = [float(f"{value:.{digits - 1}e}") for value in np.asarray(values, float).ravel()]
    return np.array(flat).reshape(np.shape(values))
