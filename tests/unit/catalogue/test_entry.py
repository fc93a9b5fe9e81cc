"""Distributions, units and the hash."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from skyshield.catalogue import Catalogue, Entry, load_catalogue
from skyshield.catalogue.unit_text import SI_OF_SYMBOL, si_factor, si_unit
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import scale_to

GRID = (np.arange(20_000) + 0.5) / 20_000
SAMPLED = [entry for entry in load_catalogue().values() if entry.central is not None]
UNCERTAIN = [entry for entry in SAMPLED if entry.distribution != "constant"]


def _entry(low: float, central: float | None, high: float, distribution: str, unit: str = "1") -> Entry:
    return Entry(key="thing", unit=unit, low=low, central=central, high=high, distribution=distribution,
                 source=("K",), date="2026", grade="K", price_year=None, label="A thing")


@pytest.mark.parametrize("entry", UNCERTAIN, ids=lambda entry: entry.key)
def test_quantiles_are_those_stated(entry: Entry) -> None:
    low, central, high = entry.si()
    assert central is not None
    if entry.distribution == "quantiles":
        assert entry.ppf([0.05, 0.5, 0.95]) == pytest.approx([low, central, high], rel=1e-12)
    else:
        assert entry.ppf([0.0, 1.0]) == pytest.approx([low, high], rel=1e-12)
        assert entry.ppf(GRID).mean() == pytest.approx((low + 4 * central + high) / 6, rel=1e-5)


@pytest.mark.parametrize("entry", UNCERTAIN, ids=lambda entry: entry.key)
def test_ppf_rises_and_repeats(entry: Entry) -> None:
    u = (np.arange(0, 2**32, 2**22) + 0.5) / 2**32
    drawn = entry.ppf(u)
    assert drawn.dtype == np.float64 and np.all(np.isfinite(drawn))
    assert np.all(np.diff(drawn) > 0)
    assert drawn.tobytes() == entry.ppf(u).tobytes()
    if entry.unit == "1" and entry.high < 1 and entry.low > 0:
        assert drawn.min() > 0 and drawn.max() < 1


@pytest.mark.parametrize(("low", "central", "high"),
                         [(2, 2, 3), (30, 40, 40), (0.6, 0.8, 0.9), (0, 0.1, 1), (-1, 0, 2)])
def test_pert_is_the_beta_it_says(low: float, central: float, high: float) -> None:
    a, b = 1 + 4 * (central - low) / (high - low), 1 + 4 * (high - central) / (high - low)
    u = np.linspace(0.001, 0.999, 97)
    expected = stats.beta(a, b, loc=low, scale=high - low).ppf(u)
    assert _entry(low, central, high, "pert").ppf(u) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_two_pieces_by_hand() -> None:
    z = stats.norm.ppf(0.8) / stats.norm.ppf(0.95)
    share = _entry(0.1, 0.2, 0.5, "quantiles").ppf([0.8, 0.2])
    log_odds = np.log(share / (1 - share))
    middle, up, down = np.log(0.2 / 0.8), np.log(1.0) - np.log(0.2 / 0.8), np.log(0.2 / 0.8) - np.log(0.1 / 0.9)
    assert log_odds == pytest.approx([middle + z * up, middle - z * down])
    size = _entry(3500, 4400, 5000, "quantiles", "person").ppf([0.8, 0.2])
    assert size == pytest.approx([4400 * (5000 / 4400) ** z, 4400 * (3500 / 4400) ** z])
    count = _entry(21, 36, 80, "quantiles").ppf(0.8)  # plain numbers above 1 are no shares
    assert float(count) == pytest.approx(36 * (80 / 36) ** z)
    reach = _entry(0.1, 0.2, 0.5, "quantiles", "km").ppf(0.8)  # nor is a length below 1
    assert float(reach) == pytest.approx(200 * (0.5 / 0.2) ** z)
    signed = _entry(-2, 1, 3, "quantiles").ppf([0.8, 0.2])
    assert signed == pytest.approx([1 + z * 2, 1 - z * 3])


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 0.9), st.floats(1e-3, 0.9), st.sampled_from(["pert", "quantiles"]),
       st.sampled_from(["1", "km", "USD/h"]))
def test_any_entry_rises(central: float, below: float, above: float, distribution: str, unit: str) -> None:
    entry = _entry(central * (1 - below), central, central * (1 + above), distribution, unit)
    drawn = entry.ppf(np.linspace(0.001, 0.999, 200))
    assert np.all(np.diff(drawn) >= 0)


def test_constant_and_shape() -> None:
    assert _entry(2, 2, 2, "constant", "km").ppf(np.full((3, 2), 0.3)).tolist() == [[2000.0] * 2] * 3
    assert _entry(1, 2, 4, "pert").ppf(0.5).shape == ()


@pytest.mark.parametrize("u", [-0.1, 1.1, float("nan")])
def test_no_probability(u: float) -> None:
    with pytest.raises(SkyShieldError, match=r"outside \[0, 1\]"):
        _entry(1, 2, 4, "pert").ppf([0.5, u])


def test_an_interval_is_never_sampled() -> None:
    intervals = [entry for entry in load_catalogue().values() if entry.distribution == "interval"]
    assert len(intervals) > 40
    for entry in intervals:
        with pytest.raises(SkyShieldError, match="cannot be sampled"):
            entry.ppf([0.5])
        stated = {"low": entry.low, "high": entry.high}.get(entry.reference, entry.reference)
        assert entry.reference_value == stated
        assert entry.reference_si == pytest.approx(stated * si_factor(entry.unit))


def test_a_reference_between_the_ends_is_in_the_unit_of_the_entry() -> None:
    entry = dataclasses.replace(_entry(1, None, 4, "interval", "km"), reference=2.5)
    assert (entry.reference_value, entry.reference_si) == (2.5, 2500.0)
    assert entry.to_dict()["reference"] == 2.5
    assert [dataclasses.replace(entry, reference=end).reference_si for end in ("low", "high")] == [1000.0, 4000.0]
    assert (_entry(1, 2, 4, "pert", "km").reference_value, _entry(1, 2, 4, "pert", "km").reference_si) == (2.0, 2000.0)


@pytest.mark.parametrize(("unit", "expected"), [
    ("1", "1"), ("km", "m"), ("km/h", "m/s"), ("1/day", "1/s"), ("USD/h", "USD/s"), ("USD/EUR", "USD/EUR"),
    ("USD/person/year", "USD/person/s"), ("km**2", "m**2"), ("deg", "rad"), ("t", "kg"), ("aircraft", "aircraft"),
])
def test_si_form(unit: str, expected: str) -> None:
    assert si_unit(unit) == expected


@pytest.mark.parametrize(("unit", "factor"), [
    ("km", 1e3), ("km/h", 1 / 3.6), ("h", 3600), ("min", 60), ("1/day", 1 / 86400), ("USD/h", 1 / 3600), ("t", 1e3),
    ("km/s", 1e3), ("week", 604800), ("deg", np.pi / 180), ("km**2", 1e6), ("1", 1), ("sortie", 1),
])
def test_si_factor(unit: str, factor: float) -> None:
    assert si_factor(unit) == pytest.approx(factor, rel=1e-14)


def test_pint_knows_every_symbol_and_every_unit_in_use() -> None:
    for symbol, base in SI_OF_SYMBOL.items():
        assert scale_to(symbol, base) > 0
    for unit in {entry.unit for entry in load_catalogue().values()}:
        assert si_factor(unit) > 0


def test_values_are_in_si() -> None:
    assert load_catalogue()["geran2_speed"].si() == pytest.approx((150 / 3.6, 50.0, 200 / 3.6))
    assert load_catalogue()["zone_share"].si() == (0.2, None, 0.6)
    assert load_catalogue()["cap_on_station"].ppf([0.0]).tolist() == [3600.0]


def test_round_trip() -> None:
    catalogue = load_catalogue()
    data = json.loads(json.dumps(catalogue.to_dict()))
    rebuilt = Catalogue.from_dict(data)
    assert rebuilt.sha256 == catalogue.sha256 and len(rebuilt.sha256) == 64
    assert dict(rebuilt) == dict(catalogue) and rebuilt.sources == catalogue.sources


def test_hash_ignores_order_and_notices_everything_else() -> None:
    catalogue = load_catalogue()
    data = catalogue.to_dict()
    turned = {"sources": dict(reversed(data["sources"].items())),
              "subjects": {name: dict(reversed(table.items())) for name, table in reversed(data["subjects"].items())}}
    assert Catalogue.from_dict(turned).sha256 == catalogue.sha256
    hashes = {catalogue.sha256}
    for field, value in (("high", 0.51), ("grade", "C"), ("date", "2026-01"), ("label", "Other"), ("source", ["K"])):
        changed = json.loads(json.dumps(data))
        changed["subjects"]["raids"]["decoy_share"][field] = value
        hashes.add(Catalogue.from_dict(changed).sha256)
    assert len(hashes) == 6


def test_hash_is_the_same_in_another_process() -> None:
    code = "from skyshield.catalogue import load_catalogue; print(load_catalogue().sha256)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == load_catalogue().sha256


def test_reading_starts_neither_pint_nor_scipy() -> None:
    code = ("import sys; from skyshield.catalogue import load_catalogue, load_measures; load_catalogue(); "
            "load_measures(); print([m for m in ('pint', 'scipy', 'pandas') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_entries_cannot_be_changed() -> None:
    catalogue = load_catalogue()
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue["decoy_share"].low = 0.0  # type: ignore[misc]
    catalogue.subjects.clear()
    catalogue.sources.clear()
    assert catalogue.subjects and catalogue.sources
    assert load_catalogue() is catalogue
    with pytest.raises(KeyError):
        catalogue["nothing"]


def test_every_source_is_used_and_every_number_has_its_caveat() -> None:
    catalogue = load_catalogue()
    cited = {key for entry in catalogue.values() for key in entry.source}
    assert cited == set(catalogue.sources)
    for entry in catalogue.values():
        if entry.source == ("K",) or "judgement" in entry.source:
            assert entry.grade == "K", f"{entry.key} rests on general knowledge alone"
