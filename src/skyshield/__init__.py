"""SkyShield: an open, reproducible laboratory for the air-protection-zone debate.

The public face: `load`, `check`, `resolve`, `run`, `open_study`, `compare`, `catalogue`, `read_record`, `fit`. Each is
imported when it is first used. All else in the package may change without notice.

Examples
--------
>>> import skyshield
>>> study = skyshield.run("month", vectors=2, replications=2, days=1, options=["region"])
>>> study.paired.query("measure == 'prevented_armed_zone'")[["option", "unit"]].values.tolist()
[['region', 'threats']]
"""

from typing import TYPE_CHECKING, Any

from skyshield import version

if TYPE_CHECKING:
    from skyshield.api import check, compare, fit, load, open_study, read_record, resolve, run
    from skyshield.api import shipped_catalogue as catalogue

__version__ = version.VERSION

_FACE = ("load", "check", "resolve", "run", "open_study", "compare", "catalogue", "read_record", "fit")
__all__ = ["__version__", "catalogue", "check", "compare", "fit", "load", "open_study", "read_record", "resolve", "run"]


def __getattr__(name: str) -> Any:
    """Return a function of the public face."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    if name == "catalogue":  # the room of that name, which returns the shipped catalogue when it is called
        return importlib.import_module("skyshield.catalogue")
    return getattr(importlib.import_module("skyshield.api"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
