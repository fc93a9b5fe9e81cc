"""SkyShield: an open, reproducible laboratory for the air-protection-zone debate."""

from skyshield.version import VERSION as __version__

__all__ = ["__version__"]
