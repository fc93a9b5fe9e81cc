"""What the restrictions leave of the op-ed's own interests, site by site."""

from typing import Any

from skyshield.report import interests
from skyshield.report.reading import Reading


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    computed = reading.interests
    return {"lost": lost(reading), "left_out": interests.left_out(computed), "matrix": interests.table(computed),
            "sites": [interests.sites(own, reading.labels) for own in computed.own_matrices]}


def lost(reading: Reading) -> list[str]:
    """Say which interests each option's own zone and stand-offs delete or put in doubt."""
    return interests.sentences(reading.interests, reading.labels)
