"""The tutorial from the guarantees to a brief, its commands run in order on a small study of its scenario.

Tried to fail: a claim of another name in a command.
"""

import json
import re
import shlex
from pathlib import Path

from skyshield.scenario import load
from skyshield.scenario.load import dump
from support.command_line import FIXED

PAGE = Path(__file__).parents[2] / "docs/tutorial/from-guarantees-to-a-brief.md"
SMALL = ("--vectors", "3", "--replications", "1")
DAYS = 12


def few(folder):
    """Write `guarantees` of a few days, its ceasefire half way and nearly all numbers fixed."""
    asked = dump(load("guarantees"))
    for phase in asked["phases"]:
        if phase["name"] == "ceasefire":
            phase["first_day"] = DAYS // 2
    asked |= {"days": DAYS, "assumptions": {**FIXED, **asked.get("assumptions", {})}}
    path = folder / "few.yaml"
    path.write_text(json.dumps(asked), "utf-8")
    return path


def commands(text):
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *lines = part.splitlines()
            yield shlex.split(first)[1:], [line for line in lines if line.strip()]


def test_every_step_of_the_tutorial(forked, tmp_path):
    text, scenario, last = PAGE.read_text("utf-8"), few(tmp_path), 0
    for words, shown in commands(text):
        asked = ["run", scenario, *words[2:], *SMALL] if words[:2] == ["run", "guarantees"] else words
        done = forked(*asked, cwd=tmp_path)
        assert done.returncode == 0, (words, done.stderr)
        assert done.stdout.strip(), words
        assert all(line in done.stdout for line in shown), (words, done.stdout)
        last += 1
    assert last == 11
    for name in ("guarantees/guarantees.html", "guarantees/brief.pdf", "brief-uk.pdf", "guarantees/brief.html"):
        assert (tmp_path / name).stat().st_size > 10_000
    (tmp_path / "ada.yaml").write_text(re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0], "utf-8")
    (tmp_path / "ben.yaml").write_text("person: Ben\nintervals:\n  timing: {chi: [0.01, 0.05]}\n", "utf-8")
    done = forked("strategy", "timing", "guarantees", "--elicited", "ada.yaml", "--elicited", "ben.yaml", cwd=tmp_path)
    assert done.returncode == 0 and "Ada" in done.stdout and "Ben" in done.stdout
