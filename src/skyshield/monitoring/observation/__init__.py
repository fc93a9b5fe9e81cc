"""What a mission, a sensor or a public source saw, and the bytes under which it is kept."""

from skyshield.monitoring.observation.leaf import file_part, leaf_bytes, new_salts, private_part, utc_text
from skyshield.monitoring.observation.model import NATIVE_COLUMNS, Observation, tables

__all__ = [
    "NATIVE_COLUMNS", "Observation", "file_part", "leaf_bytes", "new_salts", "private_part", "tables", "utc_text"]
