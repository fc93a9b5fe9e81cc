"""Names of weapons and oblasts however they are written; what is like a name that nobody knows."""

import pytest

from skyshield.record.names import classify, comparable, nearest_model, oblast_of, reading


@pytest.mark.parametrize(("written", "known"), [
    ("SHAHED-136/131", "Shahed-136/131"), ("shahed-136/131 AND lancet", "Shahed-136/131 and Lancet"),
    ("Х-101/Х-555", "X-101/X-555"), ("С-300", "C-300"), ("Іskаndеr-М", "Iskander-M"), ("ХС-1", "XC-1"),
    ("X–101/X—555", "X-101/X-555"), ("kalibr  and\tx-22", "Kalibr and X-22"), ("３M22 zircon", "3M22 Zircon"),
    ("фенікс", "Фенікс"), ("X\u200b-101\u00ad", "X-101")])
def test_case_look_alikes_and_dashes_do_not_matter(written, known):
    assert comparable(written) == comparable(known)
    assert classify(written) == classify(known)


@pytest.mark.parametrize("table", ["names", "whole_names", "oblasts", "cities_and_crimea"])
def test_no_two_known_names_are_compared_alike(table):
    names = list(reading()[table])
    assert len({comparable(name) for name in names}) == len(names)


def test_another_weapon_stays_another():
    assert classify("X-22") != classify("X-31")
    assert not classify("Shahed").known
    assert not classify("X-1O1").known  # the letter O


@pytest.mark.parametrize(("unknown", "near"), [
    ("Shahed-136/132", "Shahed-136/131"), ("Kh-101", "X-101"), ("Kalibre and X-22", "Kalibr and X-22"),
    ("Shahed-136/131 and Gerbera", "Shahed-136/131 and Lancet"), ("Iskander", "Iskander-M"), ("qqqq", None),
    ("Shahed-136 and Kalibre", None),  # a combination in no class
    ("Geran-2", None),  # Granat-4 is nearer than anything that counts, and counts nowhere
    ("", None)])
def test_the_nearest_name(unknown, near):
    assert not classify(unknown).known
    assert nearest_model(unknown) == near


@pytest.mark.parametrize(("written", "oblast"), [
    ("Lvivska oblast", "Lvivska oblast"), ("Львівська область", "Lvivska oblast"), ("ЛЬВІВСЬКА ОБЛ.", "Lvivska oblast"),
    ("Lviv", "Lvivska oblast"), ("Lviv Oblast", "Lvivska oblast"),
    ("Івано-Франківська область", "Ivano-Frankivska oblast"),
    ("м. Київ", "Kyiv City"), ("Київ", "Kyiv City"), ("Kyiv", "Kyiv City"), ("Kyiv oblast", "Kyivska oblast"),
    ("Київська область", "Kyivska oblast"), ("Kyivska", "Kyivska oblast"), ("Крим", "Avtonomna Respublika Krym"),
    ("Одеса", None), ("Lvivskа oblast", "Lvivska oblast"), ("", None)])
def test_oblasts(written, oblast):
    assert oblast_of(written) == oblast


def test_every_oblast_of_the_tables_is_known():
    table = reading()
    named = [*table["reliable_oblasts"], *table["alert_oblasts"]["west"], *table["alert_oblasts"]["centre"]]
    assert all(oblast_of(name) == name for name in named)
    assert len(table["oblasts"]) + len(table["cities_and_crimea"]) == 27
