"""The page of the verification tells every case of the registry, its figures and its words, and none besides."""

import json
import re
from pathlib import Path

import yaml

from skyshield.evidence.verification.families import FAMILIES
from skyshield.evidence.verification.registry import CASES, SEED
from skyshield.version import VERSION

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/verification.md"
STALE = "docs/explanation/verification.md is out of date: make verification"
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def text():
    return PAGE.read_text("utf-8")


def test_names_in_the_tables_are_those_of_the_registry_by_family():
    parts = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", text().partition("## Mutations")[0], re.M | re.DOTALL))
    assert [head.lower() for head in parts] == [family.name.lower() for family in FAMILIES], STALE
    for family, part in zip(FAMILIES, parts.values(), strict=True):
        assert [name for name, _ in ROW.findall(part)] == [c.name for c in CASES if c.family == family.name], STALE


def test_every_case_says_what_it_compares_and_what_is_moved():
    words = " ".join(text().split())
    for case in CASES:
        assert f"- `{case.name}`: {case.model}." in words, STALE
        assert not case.perturbable or f"Moved: {case.parameter}." in words, STALE
    for family in FAMILIES:
        assert f"**Shows:** {family.shows}" in words and f"**Leaves open:** {family.leaves_open}" in words, STALE


def test_every_row_passed_and_every_parameter_was_moved():
    rows = dict(ROW.findall(text()))
    for case in CASES:
        *_, outcome, off = (cell.strip() for cell in rows[case.name].split("|"))
        assert outcome == "passed"
        assert off.endswith(", fails") if case.perturbable else off == "-"


def test_the_listed_mutations_were_tried_and_caught():
    listed = [one["name"] for one in yaml.safe_load((ROOT / "tests/mutations.yaml").read_text("utf-8"))]
    result = json.loads((ROOT / "tests/mutations_outcome.json").read_text("utf-8"))
    assert sorted(result) == sorted(listed), "make mutations"
    assert all(one["caught"] for one in result.values())
    reported = re.findall(r"^\| `(\w+)` \| ([^|]+) \| `\w+` \|$", text(), re.MULTILINE)
    assert dict(reported) == {name: one["what"] for name, one in result.items()}, STALE


def test_every_listed_mutation_still_fits_the_program():
    for one in yaml.safe_load((ROOT / "tests/mutations.yaml").read_text("utf-8")):
        assert (ROOT / one["file"]).read_text("utf-8").count(one["old"]) == 1, one["name"]


def test_the_version_date_and_seed_are_said():
    assert re.search(rf"version {re.escape(VERSION)}, \d{{4}}-\d\d-\d\d, seed {SEED}: {len(CASES)} of {len(CASES)} "
                     "cases passed", " ".join(text().split())), STALE
