"""Commands by fork."""

from collections.abc import Iterator

import pytest

from support.forks import Forks


@pytest.fixture(scope="session")
def forked() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()
