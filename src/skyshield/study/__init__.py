"""Studies: plan, run, store, compare.

`run` is imported when it is first used: a stored study is opened without the engine and its compiler.
"""

from typing import TYPE_CHECKING, Any

from skyshield.study.compare import Comparison, compare
from skyshield.study.key import study_key
from skyshield.study.maps import thread_map
from skyshield.study.result import StudyResult
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from skyshield.study.runner import run

__all__ = ["Comparison", "StudyResult", "StudyView", "compare", "run", "study_key", "thread_map"]


def __getattr__(name: str) -> Any:
    if name == "run":
        from skyshield.study.runner import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
