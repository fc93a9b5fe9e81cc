"""An entry that lacks or misstates anything does not load, and the message says where."""

import copy
from pathlib import Path
from typing import Any

import pytest

from skyshield.catalogue import Catalogue, load_catalogue, read_catalogue
from skyshield.core.errors import BAD_INPUT, SkyShieldError

SOURCES = {"s1": {"kind": "media", "citation": "A paper, 2025."}, "K": {"kind": "assumption", "citation": "Known."}}
PRICE: dict[str, Any] = {
    "label": "Price of a thing", "unit": "USD", "low": 1, "central": 2, "high": 4, "distribution": "pert",
    "source": ["s1"], "date": "2025-08", "grade": "B", "price_year": 2025,
}
SPEED: dict[str, Any] = PRICE | {"unit": "km/h", "price_year": None}
INTERVAL: dict[str, Any] = SPEED | {"central": None, "distribution": "interval", "reference": "low", "note": "Careful."}


def _load(fields: Any, key: str = "thing") -> Catalogue:
    return Catalogue.from_dict({"subjects": {"things": {key: fields}}, "sources": copy.deepcopy(SOURCES)})


def _refusal(fields: Any, key: str = "thing") -> SkyShieldError:
    with pytest.raises(SkyShieldError) as caught:
        _load(fields, key)
    assert caught.value.exit_code == BAD_INPUT
    return caught.value


@pytest.mark.parametrize("fields", [PRICE, SPEED, INTERVAL, INTERVAL | {"reference": 2.5},
                                    INTERVAL | {"bundle": "people"}, PRICE | {"note": "Something."},
                                    SPEED | {"source": "K"}])
def test_whole_entries_load(fields: dict[str, Any]) -> None:
    assert _load(fields)["thing"].label == "Price of a thing"


@pytest.mark.parametrize("name", list(PRICE))
def test_each_field_is_required(name: str) -> None:
    error = _refusal({key: value for key, value in PRICE.items() if key != name})
    assert str(error).startswith(f"things.yaml: thing: {name}: is missing; ")


REFUSED = [
    ("centre", SPEED | {"centre": 2}, "centre", "did you mean central?"),
    ("unknown field", SPEED | {"colour": "red"}, "colour", "is not a known field"),
    ("label empty", SPEED | {"label": "  "}, "label", "not a line of text"),
    ("label of two lines", SPEED | {"label": "a\nb"}, "label", "not a line of text"),
    ("note empty", SPEED | {"note": ""}, "note", "not a line of text"),
    ("unit a number", SPEED | {"unit": 1}, "unit", "not a line of text"),
    ("unit unknown", SPEED | {"unit": "furlong"}, "unit", "unknown unit 'furlong'"),
    ("unit half unknown", SPEED | {"unit": "km/parsec"}, "unit", "no symbol 'parsec'"),
    ("unit not a unit", SPEED | {"unit": "km per h"}, "unit", "unknown unit"),
    ("unit code", SPEED | {"unit": "__import__('os')"}, "unit", "unknown unit"),
    ("low text", SPEED | {"low": "1"}, "low", "not a finite number"),
    ("low null", SPEED | {"low": None}, "low", "not a finite number"),
    ("low a truth value", SPEED | {"low": True}, "low", "not a finite number"),
    ("high infinite", SPEED | {"high": float("inf")}, "high", "not a finite number"),
    ("central not a number", SPEED | {"central": float("nan")}, "central", "not a finite number"),
    ("low above central", SPEED | {"low": 3}, "low", "above central"),
    ("central above high", SPEED | {"central": 5}, "central", "above high"),
    ("no centre", SPEED | {"central": None}, "central", "make it an interval"),
    ("distribution unknown", SPEED | {"distribution": "normal"}, "distribution", "'normal'"),
    ("pert of one value", SPEED | {"low": 2, "high": 2}, "distribution", "make it constant"),
    ("constant of three", SPEED | {"distribution": "constant"}, "distribution", "differ"),
    ("quantiles at an end", SPEED | {"distribution": "quantiles", "high": 2}, "distribution", "two of its three"),
    ("interval with a centre", INTERVAL | {"central": 2}, "central", "an interval has none"),
    ("interval of one value", INTERVAL | {"high": 1}, "low", "not below high"),
    ("interval without reference", {k: v for k, v in INTERVAL.items() if k != "reference"}, "reference", "is missing"),
    ("interval with a middle", INTERVAL | {"reference": "middle"}, "reference", "'middle'"),
    ("interval without a why", {k: v for k, v in INTERVAL.items() if k != "note"}, "note", "is missing"),
    ("interval with a truth value", INTERVAL | {"reference": True}, "reference", "is True"),
    ("interval with a list", INTERVAL | {"reference": [2]}, "reference", "low, high or a number between them"),
    ("interval without end", INTERVAL | {"reference": float("inf")}, "reference", "is inf"),
    ("interval with a reference outside", INTERVAL | {"reference": 4.5}, "reference", "is 4.5, not between 1 and 4"),
    ("interval with an end as a number", INTERVAL | {"reference": 1}, "reference", "an end itself is written low"),
    ("reference of a pert", SPEED | {"reference": "low"}, "reference", "intervals only"),
    ("bundle of a pert", SPEED | {"bundle": "people"}, "bundle", "intervals only"),
    ("bundle without a name", INTERVAL | {"bundle": ""}, "bundle", "is ''"),
    ("bundle a truth value", INTERVAL | {"bundle": True}, "bundle", "is True"),
    ("no source", SPEED | {"source": []}, "source", "names no source"),
    ("source null", SPEED | {"source": None}, "source", "names no source"),
    ("source of numbers", SPEED | {"source": [1]}, "source", "names no source"),
    ("source unknown", SPEED | {"source": ["s11"]}, "source", "did you mean 's1'?"),
    ("source twice", SPEED | {"source": ["s1", "s1"]}, "source", "twice"),
    ("grade unknown", SPEED | {"grade": "D"}, "grade", "'D'"),
    ("grade lower", SPEED | {"grade": "a"}, "grade", "'a'"),
    ("date a number", SPEED | {"date": 2025}, "date", "not a line of text"),
    ("date without sense", SPEED | {"date": "2025-13"}, "date", "'2025-13'"),
    ("date in words", SPEED | {"date": "August 2025"}, "date", "'August 2025'"),
    ("money without a year", PRICE | {"price_year": None}, "price_year", "is money"),
    ("money a day without a year", PRICE | {"unit": "EUR/day", "price_year": None}, "price_year", "is money"),
    ("money of a strange year", PRICE | {"price_year": 25}, "price_year", "is money"),
    ("a year for a speed", SPEED | {"price_year": 2025}, "price_year", "is not money"),
]


@pytest.mark.parametrize(("fields", "field", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(fields: dict[str, Any], field: str, words: str) -> None:
    message = str(_refusal(fields))
    assert message.startswith(f"things.yaml: thing: {field}: "), message
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize("key", ["two words", "", "a__b", "_a", "9lives", "a-b"])
def test_names(key: str) -> None:
    assert "is not a name" in str(_refusal(SPEED, key))


@pytest.mark.parametrize("fields", [None, [], "text", 3])
def test_an_entry_is_a_mapping(fields: Any) -> None:
    assert "things.yaml: thing: is not a list of fields" in str(_refusal(fields))


@pytest.mark.parametrize(("data", "words"), [
    ([], "is not a mapping"),
    ({"subjects": {}}, "sources: is missing"),
    ({"subjects": [], "sources": SOURCES}, "subjects: is not a mapping"),
    ({"subjects": {"things": {}}, "sources": SOURCES}, "things.yaml: holds no entries"),
    ({"subjects": {}, "sources": {}}, "sources.yaml: holds no sources"),
    ({"subjects": {}, "sources": {"s1": "A paper."}}, "sources.yaml: s1: is not a list of fields"),
    ({"subjects": {}, "sources": {"s1": {"kind": "media"}}}, "sources.yaml: s1: citation: is missing"),
    ({"subjects": {}, "sources": {"s1": {"kind": "rumour", "citation": "x"}}}, "sources.yaml: s1: kind: is 'rumour'"),
    ({"subjects": {"a": {"thing": SPEED}, "b": {"thing": SPEED}}, "sources": SOURCES}, "thing: stands in two files"),
])
def test_refused_tables(data: Any, words: str) -> None:
    with pytest.raises(SkyShieldError) as caught:
        Catalogue.from_dict(data)
    assert words in str(caught.value)


def _write(folder: Path, **files: str) -> Path:
    sources = "s1:\n  kind: media\n  citation: A paper.\n"
    for name, text in ({"sources": sources} | files).items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


ENTRY = """{key}:
  label: Speed
  unit: km/h
  low: 1
  central: 2
  high: {high}
  distribution: pert
  source: [s1]
  date: "2025"
  grade: B
  price_year: null
"""


def test_files_of_a_folder(tmp_path: Path) -> None:
    folder = _write(tmp_path, b=ENTRY.format(key="two", high=3), a=ENTRY.format(key="one", high=3), measures="x: 1")
    catalogue = read_catalogue(folder)
    assert list(catalogue) == ["one", "two"]
    assert list(catalogue.subjects) == ["a", "b"]


def test_a_file_names_itself_when_refused(tmp_path: Path) -> None:
    folder = _write(tmp_path, raids=ENTRY.format(key="one", high=1.5))
    with pytest.raises(SkyShieldError, match=r"^raids\.yaml: one: central: is 2, above high \(1\.5\); "):
        read_catalogue(folder)


def test_a_key_twice_in_one_file(tmp_path: Path) -> None:
    folder = _write(tmp_path, raids=ENTRY.format(key="one", high=3) * 2)
    with pytest.raises(SkyShieldError, match="'one' twice"):
        read_catalogue(folder)


def test_a_date_without_quotes(tmp_path: Path) -> None:
    folder = _write(tmp_path, raids=ENTRY.format(key="one", high=3).replace('"2025"', "2025-08-01"))
    with pytest.raises(SkyShieldError, match="one: date: is "):
        read_catalogue(folder)


def test_no_sources_file(tmp_path: Path) -> None:
    with pytest.raises(SkyShieldError, match="no such file"):
        read_catalogue(tmp_path)


def test_unknown_key_names_its_neighbours() -> None:
    message = "^dekoy_share: is not in the catalogue; did you mean decoy_share"
    with pytest.raises(SkyShieldError, match=message) as caught:
        load_catalogue().find("dekoy_share")
    assert caught.value.exit_code == BAD_INPUT
    with pytest.raises(SkyShieldError, match="fighter_cruise"):
        load_catalogue().find("FIGHTER_CRUIS")
    with pytest.raises(SkyShieldError, match="aim9_price"):
        load_catalogue().find("aim9")
    with pytest.raises(SkyShieldError, match="see the list"):
        load_catalogue().find("zzzzzz")
    with pytest.raises(SkyShieldError, match=r"^KEY: "):
        load_catalogue().find("")
