"""Studies: plan, run, store, compare."""

from skyshield.study.compare import Comparison, compare
from skyshield.study.key import study_key
from skyshield.study.maps import thread_map
from skyshield.study.result import StudyResult
from skyshield.study.run import run
from skyshield.study.view import StudyView

__all__ = ["Comparison", "StudyResult", "StudyView", "compare", "run", "study_key", "thread_map"]
