"""Studies: plan, run, store, compare."""

from skyshield.study.compare import Comparison, compare
from skyshield.study.maps import thread_map
from skyshield.study.plan import study_key
from skyshield.study.result import StudyResult
from skyshield.study.run import run

__all__ = ["Comparison", "StudyResult", "compare", "run", "study_key", "thread_map"]
