"""One small study of two phases, made once for all tests."""

import pytest

from support import strategy
from support.command_line import made_once


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"
