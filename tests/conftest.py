"""Fixtures shared by all rooms."""

import os
from pathlib import Path

import pytest

from support.forks import Forks, forks


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real files, from SKYSHIELD_DATA: set but absent fails, unset says why not."""
    place = os.environ.get("SKYSHIELD_DATA")
    if place is None:
        pytest.skip("SKYSHIELD_DATA is not set, so the real files are not here to test against")
    folder = Path(place)
    assert folder.is_dir(), f"SKYSHIELD_DATA names {place}, which is not a folder"
    return folder


@pytest.fixture(scope="session")
def forked() -> Forks:
    """Run commands by fork; each kind is also run once as the installed command."""
    return forks()
