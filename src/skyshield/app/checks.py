"""What `check` finds of settings, of each once: a move's preview, its map and the move after it ask for the same."""

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future

from skyshield.scenario import Finding, Scenario, check

_MOST = 64  # settings


class Checks:
    """Findings of the settings asked for last; who asks for one that is being checked waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, Future[list[Finding]]] = OrderedDict()

    def of(self, scenario: Scenario) -> list[Finding]:
        """Return what in a setting deserves a second look.

        Raises
        ------
        SkyShieldError
            If it cannot be played.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> checks = Checks()
        >>> checks.of(load("month")) is checks.of(load("month"))
        True
        """
        key = hashlib.sha256(scenario.model_dump_json().encode()).digest()
        with self._lock:
            there = self._kept.get(key)
            found = self._kept.setdefault(key, Future())
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        if there is None:
            try:
                found.set_result(check(scenario))
            except BaseException as error:  # noqa: BLE001 - whoever waits is told too
                found.set_exception(error)
                with self._lock:
                    self._kept.pop(key, None)
        return found.result()
