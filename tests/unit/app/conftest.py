"""One application that is asked without a socket, and one server, for all tests of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.app_studies import studies
from support.application import Asked, Served, asked, served


@pytest.fixture(scope="session")
def ask(tmp_path_factory) -> Iterator[Asked]:
    with asked(tmp_path_factory.mktemp("asked")) as one:
        yield one


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Served]:
    """Started as its users start it; its folder is empty, and stays so or is put in order again."""
    folder: Path = tmp_path_factory.mktemp("served")
    with served(folder) as one:
        yield one


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Hold studies of each kind, whole and not."""
    return studies(tmp_path_factory)


@pytest.fixture(scope="module")
def stored(folder) -> Iterator[Asked]:
    """Answer on that folder, without a socket."""
    with asked(folder) as one:
        yield one
