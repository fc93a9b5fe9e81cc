"""The wish to end, before there is anything to end."""

import os
import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def leave_when_told() -> None:
    """Take SIGINT and SIGTERM as a wish to end from now on: while the server is loaded, nothing is held yet."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: os._exit(0))
