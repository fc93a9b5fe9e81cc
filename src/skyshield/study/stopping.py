"""How whoever waits for a study or a preview ends it: asked between blocks, which take a second at most."""

from collections.abc import Callable

from skyshield.core.errors import FAILED, SkyShieldError

Stopped = Callable[[], bool]


class StudyStoppedError(SkyShieldError):
    """A study was stopped: what it has stored is whole, and running it again goes on from there.

    Examples
    --------
    >>> StudyStoppedError().exit_code
    1
    """

    def __init__(self) -> None:
        super().__init__("study", "was stopped before all of it was played",
                         "run it again: with a folder, it goes on from what is stored", FAILED)

    def __reduce__(self) -> tuple[type[SkyShieldError], tuple[()]]:  # type: ignore[override]
        """Travel between processes whole."""
        return type(self), ()


def never() -> bool:
    """Say that nothing is to be stopped."""
    return False
