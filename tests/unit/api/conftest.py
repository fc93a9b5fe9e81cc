"""A study that is small and stored, made once for all workers."""

import pytest

import skyshield
from support.api_study import OPTIONS, asked
from support.command_line import made_once


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return made_once(tmp_path_factory, "api-study", lambda place: skyshield.run(
        asked(), vectors=3, replications=2, options=OPTIONS, out=place / "study")) / "study"


@pytest.fixture(scope="session")
def study(folder):
    return skyshield.open_study(folder)
