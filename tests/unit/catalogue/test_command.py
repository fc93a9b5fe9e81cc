"""``skyshield catalogue`` as a reader meets it."""

import json

import pytest
from typer.testing import CliRunner, Result

from skyshield.catalogue import load_catalogue, load_measures
from skyshield.cli.catalogue import EXAMPLE, HELP, app
from skyshield.core.errors import BAD_INPUT, SkyShieldError


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_list_holds_every_entry() -> None:
    done = _run()
    assert done.exit_code == 0
    first_words = {line.split()[0] for line in done.stdout.splitlines() if line.strip()}
    assert set(load_catalogue()) <= first_words
    line = next(line for line in done.stdout.splitlines() if line.startswith("intercept_drone_price "))
    assert line.split() == ["intercept_drone_price", "2,500", "4,000", "15,000", "USD", "B", "s47", "s50"]
    assert next(line for line in done.stdout.splitlines() if line.startswith("zone_share ")).split()[2] == "-"


def test_one_entry_in_full() -> None:
    done = _run("geran2_speed")
    assert done.exit_code == 0
    for words in ("150, 180, 200 km/h", "41.6667, 50, 55.5556 m/s", "distribution: pert", "grade: B",
                  "date: 2022-11-07", "source s54: J. Bronk"):
        assert words in done.stdout
    assert "prices of" not in done.stdout
    assert "prices of: 2025" in _run("aim9_price").stdout
    assert "in the headline: 0.6, its high end\n" in _run("zone_share").stdout
    assert "in the headline: 1\n" in _run("volume_response").stdout
    assert "in the headline" not in _run("aim9_price").stdout


def test_json_of_one_entry() -> None:
    data = json.loads(_run("geran2_speed", "--json").stdout)
    assert (data["key"], data["low"], data["central"], data["high"], data["unit"]) == (
        "geran2_speed", 150, 180, 200, "km/h")
    assert data["si"]["unit"] == "m/s" and data["si"]["central"] == pytest.approx(50)
    assert list(data["citations"]) == data["source"] == ["s54"]


def test_json_of_all() -> None:
    data = json.loads(_run("--json").stdout)
    assert data["sha256"] == load_catalogue().sha256
    assert {key for table in data["subjects"].values() for key in table} == set(load_catalogue())
    assert [threat["name"] for threat in data["threat_classes"]] == ["uav", "cruise", "ballistic"]
    assert [measure["name"] for measure in data["measures"]] == [measure.name for measure in load_measures()]


@pytest.mark.parametrize("arguments", [("dekoy_share",), ("dekoy_share", "--json")])
def test_unknown_key(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments)
    assert done.stdout == ""
    assert isinstance(done.exception, SkyShieldError)
    assert done.exception.exit_code == BAD_INPUT
    assert "did you mean decoy_share" in str(done.exception)


def test_help_has_an_example_that_runs() -> None:
    text = " ".join(_run("--help").stdout.split())
    assert HELP in text.replace(" │ ", " ") and EXAMPLE in text
    command = EXAMPLE.removeprefix("Example: skyshield catalogue ").split()
    assert _run(*command).exit_code == 0
