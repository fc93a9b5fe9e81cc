"""A fit: joint rows of parameters of raids and Ukraine's own defence, estimated from the record.

Each row is one draw of all parameters together (`COLUMNS`; `ALERT_COLUMNS` where alerts were given), so that their
correlations are kept. With it go the window of the record, the hashes of
its sources and, for each quantity, how well the record identifies it (`Identified`).
"""

import functools
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.vocabulary import MISSILE_CLASSES

FORM = 5
# Levels stand where they do at the window's end; `*_average` is the mean over the window's nights.
SEASON_COLUMNS = (
    "nights_since_massed", "massed_intercept", "massed_slope", "massed_step", "front_mean", "front_size",
    "front_step", "routine_deep_ratio", "routine_deep_size", "massed_deep_median", "massed_deep_sigma", "deep_step",
    "massed_average", "front_average", "massed_deep_average",
    *(f"{kind}_{what}" for kind in MISSILE_CLASSES for what in (
        "p_routine", "p_massed", "mean_routine", "mean_massed", "size_routine", "size_massed", "slope")))
# `leak_front` at the window's end, from where it moves by `leak_step` a night; `leak_deep` the window's average, which
# does not move; `leak_deep_end` where it would stand at the window's end if it did, for an arm.
OWN_COLUMNS = ("leak_front", "leak_front_average", "leak_step", "leak_deep", "leak_deep_end", "rho_uav",
               "cruise_intercept", "rho_cruise", "ballistic_cover_intercept", "ballistic_cover_slope",
               "ballistic_stop_covered", "rho_ballistic_covered", "soft_share_of_stops")
# `west_kills_share_*`: kills over launches of the deep stream, by regime; `south_share_*`: shares of a stream's kills.
PLACE_COLUMNS = ("south_share_front", "south_share_deep", "rho_south", "west_any_massed", "west_kills_share_massed",
                 "west_kills_share_routine", "west_kills_size_massed", "west_kills_size_routine")
TIME_COLUMNS = ("p_day_raid", "day_raid_share", "launch_window_start_local_h", "decoy_share")
COLUMNS = (*SEASON_COLUMNS, *OWN_COLUMNS, *PLACE_COLUMNS, *TIME_COLUMNS)
ALERT_COLUMNS = ("west_alert_intercept", "west_alert_slope", "west_missile_slope", "west_alert_size")
LAUNCH_PREFIX = "launch_share_"

IDENTIFIED, WEAK, NOT_HERE, NOT_IDENTIFIED, ASSUMED = (
    "identified, given the claims", "weakly identified", "not identified here", "not identified",
    "assumption interval")
STATUSES = (IDENTIFIED, WEAK, NOT_HERE, NOT_IDENTIFIED, ASSUMED)
_DIGITS = 8


def launch_key(area: str) -> str:
    """Return the name of a fit's share of a launch area.

    Examples
    --------
    >>> launch_key("Primorsko-Akhtarsk")
    'launch_share_primorsko_akhtarsk'
    """
    return LAUNCH_PREFIX + area.lower().replace("-", "_")


@dataclass(frozen=True)
class Identified:
    """How well the record identifies a quantity: its status, its 95% interval or range, and why.

    `nights` is how many nights of the record it rests on, None where no night informs it. A quantity that is "not
    identified here" could be with more nights than this record has; its interval is the catalogue's.
    """

    quantity: str
    status: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    means: str
    nights: int | None = None


@dataclass(frozen=True)
class Fit:
    """Joint rows of parameters.

    Attributes
    ----------
    names
        Column names.
    rows
        f8[draw, parameter], SI units, 8 significant digits.
    window
        First and last operational day used, ISO dates.
    record_sha256, alerts_sha256
        Of the files it was made from; no alerts, None.
    source
        A sentence for the report.
    status
        A warning for every output, empty if there is none.
    identified
        The identification table.
    diagnostics
        Numbers about the fit itself: half-lives in days, effective sample sizes, log likelihood.
    """

    names: tuple[str, ...]
    rows: Floats
    window: tuple[str, str]
    record_sha256: str
    alerts_sha256: str | None
    source: str
    status: str
    identified: tuple[Identified, ...] = ()
    diagnostics: dict[str, float] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, Floats]:
        """The columns, f8[draw] each."""
        return {name: self.rows[:, k] for k, name in enumerate(self.names)}

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON and YAML."""
        return {"form": FORM, "names": list(self.names), "window": list(self.window),
                "record_sha256": self.record_sha256, "alerts_sha256": self.alerts_sha256, "source": self.source,
                "status": self.status, "identified": [asdict(row) for row in self.identified],
                "diagnostics": dict(self.diagnostics), "rows": self.rows.tolist()}

    @classmethod
    def from_dict(cls, data: Any, where: str = "fit") -> "Fit":
        """Rebuild a fit from plain data.

        Raises
        ------
        SkyShieldError
            If a field or column is missing, a value is no finite number or a shape does not match.
        """
        remedy = "make it again with 'skyshield fit'"
        form = data.get("form") if isinstance(data, dict) else None
        if form != FORM:
            raise SkyShieldError(where, f"is a fit of form {form}, made by another version (this one reads form {FORM})"
                                 if isinstance(form, int) else f"is not a fit of form {FORM}", remedy)
        try:
            fit = cls(tuple(map(str, data["names"])), np.array(data["rows"], float),
                      (str(data["window"][0]), str(data["window"][1])), str(data["record_sha256"]),
                      None if data["alerts_sha256"] is None else str(data["alerts_sha256"]), str(data["source"]),
                      str(data["status"]), tuple(Identified(**row) for row in data["identified"]),
                      {str(name): float(value) for name, value in data["diagnostics"].items()})
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise SkyShieldError(where, f"cannot be read ({error})", remedy) from None
        if fit.rows.ndim != 2 or fit.rows.shape[1] != len(fit.names) or len(fit.rows) == 0:
            raise SkyShieldError(where, "has rows that do not match its names", remedy)
        if not np.isfinite(fit.rows).all():
            raise SkyShieldError(where, "has a row with a value that is no finite number", remedy)
        missing = sorted(set(COLUMNS) - set(fit.names))
        if missing:
            raise SkyShieldError(where, f"lacks {missing[0]}", remedy)
        return fit


def read_fit(path: str | Path) -> Fit:
    """Read a fit from a YAML file.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file cannot be read or is not a fit.
    """
    return Fit.from_dict(read_yaml(path), str(path))


@functools.cache
def embedded_fit() -> Fit:
    """Return the fit that ships with the package."""
    fit = read_fit(Path(__file__).with_name("data") / "fit.yaml")
    fit.rows.flags.writeable = False
    return fit


def fit_text(fit: Fit) -> str:
    """Return the YAML text of a fit, one row a line.

    Examples
    --------
    >>> import yaml
    >>> fit = embedded_fit()
    >>> Fit.from_dict(yaml.safe_load(fit_text(fit))).rows.shape == fit.rows.shape
    True
    """
    import yaml

    content = fit.to_dict()
    rows = content.pop("rows")
    head = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    return head + "rows:\n" + "".join(
        "- [" + ", ".join(f"{value:.{_DIGITS}g}" for value in row) + "]\n" for row in rows)


def significant(values: npt.ArrayLike, digits: int = _DIGITS) -> Floats:
    """Round to significant digits, so that fits agree across platforms.

    Examples
    --------
    >>> significant([1.23456789012, 0.0]).tolist()
    [1.2345679, 0.0]
    """
    flat = [float(f"{value:.{digits - 1}e}") for value in np.asarray(values, float).ravel()]
    return np.array(flat).reshape(np.shape(values))
