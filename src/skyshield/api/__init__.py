"""The public face: what ``import skyshield`` offers. All else may change without notice."""

from skyshield.api.comparison import StudyComparison, compare
from skyshield.api.inputs import check, fit, load, read_record, resolve, shipped_catalogue
from skyshield.api.study import Study, open_study, run

__all__ = ["Study", "StudyComparison", "check", "compare", "fit", "load", "open_study", "read_record", "resolve", "run",
           "shipped_catalogue"]
