"""``scenario feasible`` and ``strategy``: one JSON object each, a table, and one line for what cannot be.

Tried to fail: a state named twice let through; the table without the option's name.
"""

import pytest

from skyshield.cli.feasibility import WORDS
from skyshield.forces.coalition import CAPABILITIES, coalition
from support.command_line import parsed, refused
from support.forks import skyshield

KEYS = {"answer", "binds", "short_by", "capabilities", "now", "starts", "fits_low", "fits_high", "size_left", "states",
        "people", "money_eur_a_year"}


@pytest.fixture(scope="module")
def month():
    return parsed(skyshield("scenario", "feasible", "month", "--json"))


def test_feasible_says_it_of_each_option(month):
    assert (month["scenario"], month["without"], month["states"]) == ("month", [], 35)
    for name, option in month["options"].items():
        assert set(option) == KEYS and option["answer"] in ("yes", "no", "undecided"), name
        assert 0.0 <= option["fits_low"] <= option["fits_high"] <= 1.0
        for capability, answer in option["capabilities"].items():
            assert capability in CAPABILITIES
            assert set(answer) == {"need_low", "need_high", "have_low", "have_high", "answer", "in_ukraine"}
    assert month["options"]["own"]["answer"] == "yes"
    assert month["options"]["region"]["now"]["answer"] == "undecided"


def test_striking_states_is_told_and_counts(month):
    willing = [state.iso for state in coalition().members if state.iso not in ("ISL", "MLT")]
    struck = parsed(skyshield("scenario", "feasible", "month", "--without", ",".join(willing), "--json"))
    assert (struck["states"], len(struck["without"])) == (2, 33)
    region = struck["options"]["region"]
    assert (region["answer"], region["fits_high"]) == ("no", 0.0)
    assert region["binds"] in ("fighters", "early_warning_aircraft")


def test_the_tables_are_printed():
    done = skyshield("scenario", "feasible", "month")
    assert (done.returncode, done.stderr) == (0, "")
    assert "what binds" in done.stdout and "\nregion " in done.stdout and "undecided" in done.stdout
    done = skyshield("strategy", "commitments", "--without", "GBR")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("of 34 states", "without United Kingdom", "US backstop: none", "Article 42(7)",
                  "once a ceasefire enters into force"):
        assert words in " ".join(done.stdout.split()), words
    done = skyshield("strategy", "burden", "month", "--shares", "FRA=0.5,GBR=0.5")
    assert (done.returncode, done.stderr) == (0, "")
    assert "shared by stated" in done.stdout and "release 29" in done.stdout


def test_commitments_as_json():
    found = parsed(skyshield("strategy", "commitments", "--backstop", "fires", "--before-ceasefire", "--json"))
    assert (found["backstop"], found["ceasefire"], len(found["states"])) == ("fires", False, 35)
    assert {row["trigger"] for row in found["triggers"]} >= {"renewed_invasion", "attack_on_the_force"}


def test_burden_as_json():
    found = parsed(skyshield("strategy", "burden", "month", "--by", "given", "--without", "JPN", "--json"))
    assert (found["option"], found["by"], len(found["states"])) == ("region", "given", 34)
    total = sum(row["eur_a_year_low"] for row in found["states"])
    assert total == pytest.approx(found["eur_a_year"]["low"], rel=1e-4)


@pytest.mark.parametrize(("words", "where"), [
    (("scenario", "feasible", "--without", "FRA,France"), "--without 'France': is named twice; name each state once"),
    (("scenario", "feasible", "--without", "Atlantis"), "--without 'Atlantis': is not a state"),
    (("scenario", "feasible", "nowhere"), "nowhere"),
    (("strategy", "commitments", "--without", "UKR"), "--without 'UKR': is the host"),
    (("strategy", "commitments", "--backstop", "troops"), "--backstop 'troops': is no backstop"),
    (("strategy", "burden", "--shares", "FRA=0.5"), "--shares: add up to 0.5; let them add up to 1"),
    (("strategy", "burden", "--shares", "FRA=half"), "--shares FRA: is 'half', not a number"),
    (("strategy", "burden", "--shares", "FRA=0.5,FRA=0.5"), "--shares 'FRA': stands there twice"),
    (("strategy", "burden", "--by", "fairness"), "--by 'fairness': is no rule for shares"),
    (("strategy", "burden", "--option", "regoin"), "option 'regoin': is not in the scenario")])
def test_what_cannot_be_is_one_line(words, where):
    refused(skyshield(*words), 2, where)


def test_every_capability_has_words():
    assert set(WORDS) == {*CAPABILITIES, "members"}
