"""Record to fit: which nights and which parameter rows a study may draw from."""

from skyshield.calibrate.first import FIT_KEYS, fit_aggregates, fit_record

__all__ = ["FIT_KEYS", "fit_aggregates", "fit_record"]
