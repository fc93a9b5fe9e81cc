"""Which preview each tab of a browser waits for: a newer one ends the one before it."""

from skyshield.app.pipe import Job, Worker


class Previews:
    """The previews under way, by tab; without a tab they do not know of one another."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._of_tab: dict[str, Job] = {}

    def take(self, tab: str, job: Job) -> None:
        """Note a tab's preview, and stop the one before it."""
        if tab:
            older = self._of_tab.get(tab)
            self._of_tab[tab] = job
            if older is not None:
                self._worker.stop(older)

    def drop(self, tab: str, job: Job) -> None:
        """Let go of a preview that has ended or that nobody reads."""
        self._worker.forget(job)
        if self._of_tab.get(tab) is job:
            del self._of_tab[tab]
