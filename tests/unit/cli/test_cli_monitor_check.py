"""``monitor check`` as users run it.

Tried to fail: the time read without its zone; a word unknown to the agreement let through; the half of a width taken
whole. Each fails a test.
"""

import pytest

from support.command_line import parsed, refused

ACT = ("monitor", "check", "minsk-2015", "--act", "V2", "--party", "UA", "--at", "37.6,48.2")
TIME = ("--time", "2015-02-14T22:00:00Z")


def test_the_object_has_the_fields_of_the_design(forked):
    found = parsed(forked(*ACT, *TIME, "--json"))
    assert list(found) == ["breach", "clauses", "exemption", "distance_m", "distance_error_m"]
    assert (found["breach"], found["exemption"], found["distance_error_m"]) == ("yes", None, 10_000.0)
    assert [row["id"] for row in found["clauses"]] == ["1-ceasefire"]
    assert 10_000.0 < found["distance_m"] < 20_000.0
    assert parsed(forked(*ACT, "--time", "2015-02-14T21:59:59Z", "--json"))["breach"] == "no"


def test_the_text_says_which_clause_and_why(forked):
    done = forked(*ACT[:-4], "--party", "RU", "--at", "37.6,48.2", *TIME)
    assert done.stdout.splitlines() == [
        "breach: open", "1-ceasefire-russia: open (the term is open): Whether the ceasefire binds Russia's own forces."]
    done = forked("monitor", "check", "minsk-2015", "--act", "V12", "--party", "RU", "--at", "37.6,48.2", *TIME)
    assert done.stdout.splitlines() == ["breach: no", "No clause speaks of this act by this party."]
    done = forked("monitor", "check", "measures-2020", "--act", "V6", "--party", "UA", "--at", "37.6,48.2", "--time",
                  "2021-01-01T00:00:00Z", "--exemption", "return-fire")
    assert done.stdout.startswith("breach: yes\n") and "No clause that speaks of this act knows it." in done.stdout


@pytest.mark.parametrize(("words", "line"), [
    ((*ACT, *TIME, "--weapon", "laser"), "error: --weapon: no weapon is named 'laser'; use one of: artillery"),
    ((*ACT, "--time", "2015-02-14T22:00:00"), "error: --time: '2015-02-14T22:00:00' has no time zone; end it with Z"),
    ((*ACT[:-1], "48.2,37.6", *TIME), "error: --at: '48.2,37.6' has longitude and latitude swapped; write longitude"),
    ((*ACT[:-1], "2.3,48.9", *TIME), "error: --at: '2.3,48.9' lies outside the theatre; write longitude"),
    ((*ACT[:-2], *TIME), "error: skyshield monitor check: Missing option '--at'"),
])
def test_bad_input_is_one_line(words, line, forked):
    done = forked(*words, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line) and done.stderr.count("\n") == 1


def test_a_broken_file_is_one_line(tmp_path, forked):
    path = tmp_path / "mine.yaml"
    path.write_text("name: [\n", "utf-8")
    refused(forked("monitor", "check", path, *ACT[3:], *TIME), 2, "mine.yaml: line")
    path.write_text("name: mine\n", "utf-8")
    refused(forked("monitor", "check", path, *ACT[3:], *TIME), 2, "title: is missing (and ")
