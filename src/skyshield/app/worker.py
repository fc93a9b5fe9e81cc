"""The worker's process: it reads what to do line by line, plays it, and says line by line what came of it.

``python -m skyshield.app.worker``; `skyshield.app.pipe` is the other end. It ends when its input does, so that it never
outlives the server.
"""

import json
import os
import sys
import threading
from typing import Any, TextIO


class Lines:
    """Standard output for our lines alone; what a library prints goes to standard error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._out: TextIO = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(self, **said: Any) -> None:
        """Write one line."""
        text = json.dumps(said, allow_nan=False)
        with self._lock:
            self._out.write(text + "\n")
            self._out.flush()


def main() -> None:
    """Serve until the input ends."""
    lines = Lines()
    lines.say(event="starting")
    from skyshield.app.playing import Playing

    playing = Playing(lines.say)
    playing.start()
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "quit":
            break
        playing.take(request)
    os._exit(0)  # threads that play hold nothing that a store does not survive


if __name__ == "__main__":
    main()
