"""`make demo` installs what running needs and no test tools; `make test` brings these, alone or after it.

Seen to fail with the test tools among what `make demo` waits for.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INSTALL = re.compile(r"pip install .*-c constraints\.txt -e (\S+)")


def installed(target, environment):
    """Return what make would install for a target, in order, with an environment in that state."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make", "-n", target, f"VENV={environment}"], cwd=ROOT, env=variables, check=True,
                          capture_output=True, encoding="utf-8")
    return INSTALL.findall(done.stdout)


def commands(*words):
    """Return what make would run, the installation aside."""
    done = subprocess.run(["make", "-n", *words], cwd=ROOT, check=True, capture_output=True, encoding="utf-8",
                          env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")})
    return [line for line in done.stdout.splitlines() if "skyshield" in line or line.startswith("echo")]


@pytest.mark.parametrize("target", ["demo", "app"])
def test_in_a_fresh_clone_demo_and_application_need_no_test_tools(tmp_path, target):
    assert installed(target, tmp_path) == ["."]


def test_the_demo_ends_by_naming_the_application_which_shows_it():
    *_, last = commands("demo")
    assert last == 'echo "To see it in a browser and move its levers: make app FOLDER=."'
    assert commands("app", "FOLDER=.")[-1].endswith("bin/skyshield app .")
    assert commands("app")[-1].rstrip().endswith("bin/skyshield app")


@pytest.mark.parametrize("target", ["test", "test-long", "lint", "bench"])
def test_what_developers_run_brings_its_tools(target, tmp_path):
    assert installed(target, tmp_path) == [".", "'.[dev]'"]


def test_either_may_come_first(tmp_path):
    (tmp_path / ".ready-run").touch()
    assert installed("demo", tmp_path) == []
    assert installed("test", tmp_path) == ["'.[dev]'"]
    (tmp_path / ".ready").touch()
    assert installed("test", tmp_path) == []
    assert installed("demo", tmp_path) == []


def test_a_change_of_what_is_needed_installs_again(tmp_path):
    for marker in (".ready-run", ".ready"):
        (tmp_path / marker).touch()
        os.utime(tmp_path / marker, (0, 0))
    assert installed("demo", tmp_path) == ["."]
    assert installed("test", tmp_path) == [".", "'.[dev]'"]
