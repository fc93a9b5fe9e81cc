"""The settings of the method (``monitoring/data/holding.yaml``)."""

import functools
from importlib import resources
from typing import Any

from skyshield.core.files import parse_yaml

DAY_S = 86400
YEAR_DAYS = 365.25


@functools.cache
def settings() -> dict[str, Any]:
    """Return the settings.

    Examples
    --------
    >>> settings()["prior"]
    {'a': 1.0, 'b': 1.0}
    """
    text = resources.files("skyshield.monitoring").joinpath("data/holding.yaml").read_text("utf-8")
    content = parse_yaml(text, "monitoring/data/holding.yaml")
    assert isinstance(content, dict)  # noqa: S101 - our own file
    return content
