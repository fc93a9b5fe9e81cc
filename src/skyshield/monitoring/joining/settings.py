"""Settings of the method, and what the catalogue holds to be so before any report is looked at."""

import dataclasses
import functools
from importlib import resources
from typing import Any

from skyshield.catalogue import load_catalogue
from skyshield.core.files import parse_yaml


@functools.cache
def settings() -> dict[str, Any]:
    """Return the settings of the method (``monitoring/data/joining.yaml``).

    Examples
    --------
    >>> settings()["odds_kept"]
    0.02
    """
    text = resources.files("skyshield.monitoring").joinpath("data/joining.yaml").read_text("utf-8")
    content = parse_yaml(text, "monitoring/data/joining.yaml")
    assert isinstance(content, dict)  # noqa: S101 - our own file
    return content


@dataclasses.dataclass(frozen=True)
class Prior:
    """What is taken of a source of which nothing is known: shares but for the factors."""

    p: float
    error_factor: float
    repeats: float
    false_share: float
    act_error: float
    tail_share: float
    tail_factor: float


@functools.cache
def prior() -> Prior:
    """Return the catalogue's priors.

    Examples
    --------
    >>> prior().p
    0.5
    """
    catalogue = load_catalogue()
    return Prior(*(catalogue[f"joining_{field.name}"].reference_value for field in dataclasses.fields(Prior)))


@functools.cache
def default_errors(method: str) -> tuple[float, float]:
    """Return the error of place (metres per axis) and of time (seconds) of a record that states none.

    Examples
    --------
    >>> default_errors("heard")
    (3000.0, 600.0)
    """
    catalogue = load_catalogue()
    place, time = (catalogue[f"joining_error_{what}_{method}"].reference_si for what in ("place", "time"))
    return place, time
