"""Studies: compile, run, store, compare."""

from skyshield.study.compare import Comparison, compare
from skyshield.study.compile import compile_world
from skyshield.study.maps import thread_map
from skyshield.study.plan import study_key
from skyshield.study.result import StudyResult
from skyshield.study.run import run

__all__ = ["Comparison", "StudyResult", "compare", "compile_world", "run", "study_key", "thread_map"]
