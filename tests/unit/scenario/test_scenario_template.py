"""A new scenario file: every key is in it once with its words, and it is the scenario that it was made from.

Tried against mutations: a key struck from the table; an example that cannot be; a limit in the words changed; a value
left out when it is written.
"""

import re

import pytest
from annotated_types import Ge, Le, MaxLen

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import parse_yaml
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.scenario.keys import KINDS, MODELS, OF_EVERY_PACKAGE, keys_of, table
from skyshield.scenario.load import library, parse
from skyshield.scenario.template import commented
from skyshield.theatre import load_theatre
from support.command_line import parsed, refused

MOST_LINES = 260
COMMON = set(table()[OF_EVERY_PACKAGE])


def fields(section):
    names = set(MODELS[section].model_fields)
    if section in KINDS:
        names -= COMMON
    return names - {"name"} if section == "option" else names  # an option's name is the key it stands under


@pytest.mark.parametrize("section", MODELS)
def test_every_field_has_its_words_and_no_words_are_left_over(section):
    assert set(table()[section]) == fields(section)
    assert set(table()) == set(MODELS)
    for key in table()[section].values():
        assert key.what and key.form and key.example
        assert len(f"{key.what}: {key.form}") <= 118


def limits(field):
    """The limits of a field, wherever in its type they stand."""
    found = [one for one in field.metadata if isinstance(one, Ge | Le | MaxLen)]
    found += [Ge(int(part)) for part in re.findall(r"(?:ge|le|max_length)=(\d+)", repr(field.annotation))]
    return {f"{getattr(one, 'ge', None) or getattr(one, 'le', None) or getattr(one, 'max_length', 0):g}"
            for one in found if not hasattr(getattr(one, "ge", getattr(one, "le", 0)), "year")} - {"0"}


@pytest.mark.parametrize("section", MODELS)
def test_the_limits_in_the_words_are_those_of_the_models(section):
    told = 0
    for name, key in table()[section].items():
        for limit in limits(MODELS[section].model_fields[name]):
            if name not in ("polygon", "assumptions", "twin_of"):
                assert re.search(rf"\b{limit}\b", key.form), f"{section}.{name} does not say {limit}"
                told += 1
    assert told or section in ("rules", "zone", OF_EVERY_PACKAGE)


@pytest.mark.parametrize("name", library())
def test_a_new_file_is_the_scenario_it_was_made_from(name):
    again, shipped = parse(parse_yaml(commented(name), "new.yaml"), "new.yaml"), load(name)
    parts = load_catalogue(), load_theatre(), embedded_fit()
    assert resolve(again, *parts).sha256 == resolve(shipped, *parts).sha256


@pytest.mark.parametrize("name", library())
def test_every_key_stands_in_a_new_file_and_is_explained_once(name):
    text = commented(name)
    for section in MODELS:
        for key, words in table()[section].items():
            assert re.search(rf"^\s*#? *{key}:", text.replace("- ", "  "), re.MULTILINE), f"{section}.{key}"
            flat = " ".join(text.replace("\n", " ").replace("#", " ").split())
            said = " ".join(f"{words.what}: {words.form}".split())
            assert said in flat, f"{section}.{key} is not explained"


def test_a_new_file_is_short_and_no_line_is_long():
    lines = commented("skyshield").splitlines()
    assert len(lines) <= MOST_LINES and max(map(len, lines)) <= 120
    assert "No government has published such an offer" in "".join(lines)  # comments of the shipped file are kept


GO_TOGETHER = ("last_day", "share")
UNUSED = re.compile(r"^(\s*)#([a-z_]+: .*)$")


@pytest.mark.parametrize("name", library())
def test_what_is_switched_off_can_be_switched_on(name):
    lines, tried = commented(name).splitlines(), 0
    for k, line in enumerate(lines):
        if (unused := UNUSED.match(line)) is None:
            continue
        text = "\n".join([*lines[:k], f"{unused[1]}{unused[2]}", *lines[k + 1:]])
        if unused[2].startswith(("twin_of", "budget")) and "kind: aid" in "".join(lines[max(0, k - 6):k]):
            with pytest.raises(SkyShieldError, match="has both twin_of and budget"):
                parse(parse_yaml(text, "new.yaml"), "new.yaml")
        elif unused[2].startswith(GO_TOGETHER) and name == "guarantees":  # with others that it has more than one of
            with pytest.raises(SkyShieldError, match=r"start on the day after|a share to each or to none"):
                parse(parse_yaml(text, "new.yaml"), "new.yaml")
        else:
            parse(parse_yaml(text, "new.yaml"), "new.yaml")
        tried += 1
    assert tried > 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_of_package_is_one(kind):
    keys = keys_of(kind)
    body = parse_yaml("\n".join(f"{name}: {key.example}" for name, key in keys.items() if (kind, name) != (
        "aid", "budget")), "example")
    content = {**parse_yaml(commented("skyshield"), "x")}
    content["options"] = {**content["options"], "example": {"label": "Example", "packages": [body]}}
    assert parse(content, "x").option("example").packages[0].kind == kind


def test_the_command_writes_it_whole_or_not_at_all(forked, tmp_path):
    path = tmp_path / "mine.yaml"
    assert parsed(forked("scenario", "new", path, "--from", "variants", "--json")) == {
        "written": str(path), "from": "variants"}
    assert path.read_text("utf-8") == commented("variants")
    refused(forked("scenario", "new", path, "--json"), 2, "exists already")
    refused(forked("scenario", "new", tmp_path / "no" / "x.yaml", "--json"), 2, "there is no such folder")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]
