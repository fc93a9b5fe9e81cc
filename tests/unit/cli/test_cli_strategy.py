"""``skyshield strategy ledgers`` as users run it: on a study, compared with another option, and with bad input."""

import pytest

from support import strategy
from support.command_line import made_once, parsed, refused

GROUPS = ("sending_states", "eastern_eu", "moldova", "belarus", "russia", "grain_importers")


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"


def test_one_object_holds_the_three_ledgers(two_phases, forked):
    content = parsed(forked("strategy", "ledgers", two_phases, "--json"))
    assert (content["to"], content["baseline"], content["days"]) == ("own", "own", 6)
    assert tuple(content["benefits"]) == GROUPS and "npp_offsite_power_days" in content["limits"]
    assert list(content["phases"]) == ["war", "ceasefire"] and len(content["interests"]) == 5
    assert content["legitimacy"]["options"] == {"own": [], "same": [], "region": ["zone_from_outside"],
                                                "aid_region": ["aid"]}


def test_text_tells_each_group_interest_and_statement(two_phases, forked):
    done = forked("strategy", "ledgers", two_phases)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("Importers of grain: option minus own", "not measured: ", "Phase ceasefire: 3 days on average",
                  "Embassies and their staff in Kyiv, war", "A zone flown and seen from outside Ukraine: region",
                  "against: A no-fly zone",
                  "Hours under alert by night, Kyiv: At the reference the model has less than half",
                  "Warships in the Black Sea: no option of this study",
                  "Article 22 makes the premises of a mission inviolable"):
        assert words in done.stdout, words
    assert "fewer than 200: intervals are rough" in done.stdout


def test_benefits_are_taken_to_the_option_asked_for(two_phases, forked):
    content = parsed(forked("strategy", "ledgers", two_phases, "--to", "region", "--json"))
    assert content["to"] == "region"
    assert set(content["benefits"]["moldova"]["options"]) == {"own", "same", "aid_region"}
    assert set(content["interests"]["ports"]["exposure"]["period"]) == {"same", "region", "aid_region"}


@pytest.mark.parametrize(("words", "said"), [
    (("nothing",), ("nothing", "holds no study")),
    (("{}", "--to", "nobody"), ("option 'nobody'", "is not in the study")),
    ((), ("DIR",)), (("{}", "--weights"), ("No such option",))])
def test_bad_input_is_one_line(words, said, two_phases, forked):
    refused(forked("strategy", "ledgers", *(str(word).format(two_phases) for word in words)), 2, *said)
