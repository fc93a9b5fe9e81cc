"""SkyShield: an open, reproducible laboratory for the air-protection-zone debate."""

from skyshield import version

__version__ = version.VERSION

__all__ = ["__version__"]
