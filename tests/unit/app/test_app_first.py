"""The first view in words."""

from typing import Any

from skyshield.app.first import chosen, finding, first_view, measure_line, shown

OPTIONS = [{"name": name, "short": name.title(), "label": name, "colour": colour, "twin": twin, "fires": fires,
            "baseline": name == "own"}
           for name, colour, twin, fires in (("own", "#666666", None, False), ("other", "#0072B2", None, True),
                                             ("zone", "#0072B2", None, True), ("aid", "#009E73", "zone", False))]


def lab(**figures: Any) -> dict[str, Any]:
    told = None if not figures else {
        "stage": 3, "final": True, "planned": {"zone": 3.2e8}, **figures}
    return {"options": OPTIONS, "baseline": "own", "days": 30, "figures": told}


def row(value: float) -> dict[str, dict[str, float]]:
    return {measure: {"delta": value, "lo": value - 1, "hi": value + 1, "mcse": 0.1} for measure in (
        "prevented_armed_zone", "prevented_armed", "prevented_zone")}


FIGURES = {"paired": {name: row(value) for name, value in (("other", 4.0), ("zone", 9.04), ("aid", 12.3))},
           "error": {name: dict.fromkeys(row(0.0), 0.1) for name in ("other", "zone", "aid")}}


def test_the_heading_sets_an_option_against_its_money() -> None:
    assert finding(lab(**FIGURES), "zone") == ("Zone: 9.0 armed threats kept from their aims in the area, the same "
                                               "money as aid 12; in the whole country 9.0 and 12")
    assert finding(lab(**FIGURES), "other").endswith("in the area, 4 in the whole country")


def test_without_numbers_it_asks() -> None:
    assert finding(lab(), "zone") == "What would Zone prevent?"
    assert finding(lab(**FIGURES), "own") == "Own: what the others are compared with"
    view = first_view(lab())
    assert (view["stage"], view["final"], view["state"], view["enveloped"]) == (0, False, "No numbers yet", False)
    assert {cell["text"] for one in view["rows"] for cell in one["cells"]} == {"–"}


def test_aid_stands_below_what_its_money_is_of() -> None:
    assert [one["name"] for one in shown(OPTIONS)] == ["other", "zone", "aid"]
    assert chosen(lab()) == "other"


def test_an_envelope_is_told_where_there_is_one() -> None:
    with_it = {name: {measure: {**one, "env_lo": 1.0, "env_hi": 20.0} for measure, one in rows.items()}
               for name, rows in FIGURES["paired"].items()}
    assert not first_view(lab(**FIGURES))["enveloped"]
    assert first_view(lab(**{**FIGURES, "paired": with_it}))["enveloped"]


def test_the_line_below_says_how_long_and_against_what() -> None:
    assert measure_line({**lab(), "days": 1}).endswith("in 1 day, compared with own.")
