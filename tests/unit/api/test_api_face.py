"""The public face: what it lists, and that nothing else of it can be reached by accident.

Tried against mutations: a name taken out of the face; one more put in; a function without an example. Each fails at
least one test.
"""

import inspect
import subprocess
import sys
import types
import typing

import pytest

import skyshield

FACE = ["catalogue", "check", "compare", "fit", "load", "open_study", "read_record", "resolve", "run"]


def test_the_face_is_these_names_and_no_others():
    assert sorted(skyshield.__all__) == sorted(["__version__", *FACE])
    assert dir(skyshield) == sorted(skyshield.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'simulate'"):
        skyshield.simulate  # noqa: B018


@pytest.mark.parametrize("name", FACE)
def test_each_is_documented_and_typed(name):
    of = getattr(skyshield, name)
    if isinstance(of, types.ModuleType):  # the room that can be called
        from skyshield.api import shipped_catalogue as of
    text = inspect.getdoc(of)
    assert "Examples\n--------" in text and ">>> import skyshield" in text
    assert f"skyshield.{name}(" in text
    hints = typing.get_type_hints(of)
    assert "return" in hints and set(inspect.signature(of).parameters) <= set(hints)


def test_importing_it_loads_nothing_heavy():
    loaded = "import sys, skyshield; print([m for m in ('numpy', 'pandas', 'numba', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_catalogue_is_called_or_looked_into():
    assert skyshield.catalogue()["displacement"].unit == "1"
    assert skyshield.catalogue.load_catalogue().sha256 == skyshield.catalogue().sha256
