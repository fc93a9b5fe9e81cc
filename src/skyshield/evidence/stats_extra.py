"""The libraries of the extra ``stats``: imported where they are used, with one line of error if missing."""

import importlib
import warnings
from typing import Any

from skyshield.core.errors import SkyShieldError


def needed(module: str) -> Any:
    """Import a module of the extra ``stats`` (SALib, EMA Workbench), or say how to get it.

    Raises
    ------
    SkyShieldError
        If it is not installed.

    Examples
    --------
    >>> needed("json").dumps(1)
    '1'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they warn of extras of their own that nobody asked for
            return importlib.import_module(module)
    except ImportError:
        raise SkyShieldError("skyshield[stats]", f"is not installed ({module.split('.')[0]} is missing)",
                             "install it with: pip install 'skyshield[stats]'") from None
