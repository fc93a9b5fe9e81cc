"""Which preview each tab of a browser waits for: a newer one ends the one before it."""

from skyshield.app.pipe import Job, Worker
from skyshield.study.footprint import give_back

_EVERY = 8  # previews; what answering them has taken and freed is then given back


class Previews:
    """The previews under way, by tab; without a tab they do not know of one another."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._of_tab: dict[str, tuple[int, Job]] = {}
        self._last = self._dropped = 0

    def arrived(self) -> int:
        """Return a request's number as it comes: of two the newer is not the one that is checked faster."""
        self._last += 1
        return self._last

    def take(self, tab: str, job: Job, number: int) -> None:
        """Note a tab's preview, and stop the older one of the two."""
        if not tab:
            return
        there = self._of_tab.get(tab)
        if there is not None and there[0] > number:
            self._worker.stop(job)
            return
        self._of_tab[tab] = number, job
        if there is not None:
            self._worker.stop(there[1])

    def drop(self, tab: str, job: Job) -> None:
        """Let go of a preview that has ended or that nobody reads."""
        self._worker.forget(job)
        if tab in self._of_tab and self._of_tab[tab][1] is job:
            del self._of_tab[tab]
        self._dropped += 1
        if self._dropped % _EVERY == 0:
            give_back()
