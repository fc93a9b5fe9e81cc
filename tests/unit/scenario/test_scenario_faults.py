"""Wrong scenario files, and the one line that each gets: in the words of who wrote it, with what to write instead.

Each case is the shipped scenario with one fragment exchanged. Tried against mutations: a suggestion taken from another
section; the digits of a number word exchanged; a kind of error left to the validator's own words.
"""

import re

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import parse_yaml
from skyshield.scenario.load import LIBRARY, parse

SHIPPED = re.sub(r"\n    short: .*", "", (LIBRARY / "skyshield.yaml").read_text("utf-8"))
LABEL = "    label: SkyShield over the region\n"
REGION, CITIES = "options.region", "options.cities.packages.2"

KINDS = "fighters, batteries, guns, drone_teams, sensors, aid, ground, ships, sea_lanes or shelters"

CASES = [
    # whole numbers
    ("days: 365", "days: thirty", "days: is 'thirty', not a whole number; write it as 30"),
    ("days: 365", "days: three hundred and sixty-five",
     "days: is 'three hundred and sixty-five', not a whole number; write it as 365"),
    ("days: 365", "days: '365'", "days: is '365', not a whole number; write it as 365 without quotes"),
    ("days: 365", "days: 365 days", "days: is '365 days', not a whole number; write it as 365"),
    ("days: 365", "days: 12.5", "days: is 12.5, not a whole number; write a whole number from 1 to 1827"),
    ("days: 365", "days: [365]", "days: is a list, not a whole number; write a whole number from 1 to 1827"),
    ("days: 365", "days:", "days: is empty, not a whole number; write a whole number from 1 to 1827"),
    ("days: 365", "days: 4000", "days: is 4000, more than 1827; write a whole number from 1 to 1827"),
    ("per_place: 6", "per_place: 60",
     f"{CITIES}.per_place: is 60, more than 32; write a whole number from 1 (default) to 32"),
    ("aircraft: skyshield_aircraft", "aircraft: 120.5",
     f"{REGION}.packages.0.aircraft: is 120.5, not a whole number nor an entry of the catalogue; write a whole number "
     "from 0 to 1000, or a catalogue entry"),
    ("per_place: 6", "per_place: 6, start: soon",
     f"{CITIES}.start: is 'soon', not before_ceasefire, at_ceasefire, after_ceasefire or in_a_few_years; write one of "
     "these"),
    # dates
    ("2026-03-01", "2026/03/01", "start_date: is '2026/03/01', not a date as year-month-day; write 2026-03-01"),
    ("2026-03-01", "1 March 2026", "start_date: is '1 March 2026', not a date as year-month-day; write 2026-03-01"),
    ("2026-03-01", "31.03.2026", "start_date: is '31.03.2026', not a date as year-month-day; write 2026-03-31"),
    ("2026-03-01", "20260301", "start_date: is 20260301, not a date as year-month-day; write 2026-03-01"),
    ("2026-03-01", "2026-03-01 12:00:00", "start_date: holds a time of day; write 2026-03-01"),
    ("2026-03-01", "spring", "start_date: is 'spring', not a date as year-month-day; write it as 2026-03-01"),
    ("2026-03-01", "1990-01-01",
     "start_date: is 1990-01-01, before 2000-01-01; write a date as year-month-day, from 2000 to 2099"),
    # quantities
    ("russia: 200 km", "russia: 200", f"{REGION}.rules.standoff_russia: is 200 without a unit; write 200 km"),
    ("russia: 200 km", "russia: 200km",
     f"{REGION}.rules.standoff_russia: is '200km', not a number and a unit; put a space between number and unit: "
     "200 km"),
    ("russia: 200 km", "russia: 1,5 km",
     f"{REGION}.rules.standoff_russia: is '1,5 km', not a number and a unit; write it as 1.5 km"),
    ("russia: 200 km", "russia: 1,000 km",
     f"{REGION}.rules.standoff_russia: is '1,000 km', not a number and a unit; write it as 1000 km"),
    ("russia: 200 km", "russia: 200 kms",
     f"{REGION}.rules.standoff_russia: the unit 'kms' is none of length; write km, m or miles, as 200 km"),
    ("russia: 200 km", "russia: [200 km]",
     f"{REGION}.rules.standoff_russia: is a list, where one value belongs; write it without brackets, as 200 km"),
    (LABEL, f"{LABEL}    budget: 3000000\n", f"{REGION}.budget: is 3000000 without a unit; write 3000000 EUR"),
    (LABEL, f"{LABEL}    budget: 3 million USD\n",
     f"{REGION}.budget: is 3 million USD, and amounts are in EUR; write 2.65 million EUR, at 1.13 USD to the euro"),
    (LABEL, f"{LABEL}    budget: $3 million\n",
     f"{REGION}.budget: is '$3 million', not a number and a unit; write an amount in EUR, as 3 million EUR"),
    # shares
    ("aircraft_share: 0.5", "aircraft_share: 50%",
     "members.0.aircraft_share: is '50%', not a valid number; write it as 0.5"),
    ("aircraft_share: 0.5", "aircraft_share: 50",
     "members.0.aircraft_share: is 50, more than 1; write a number from 0 (default) to 1"),
    ("aircraft_share: 0.5", "aircraft_share: half",
     "members.0.aircraft_share: is 'half', not a valid number; write a number from 0 (default) to 1, as 0.5"),
    # keys
    ("days: 365", "day: 365", "day: is not a known key (and 1 more); write days"),
    ("standoff_russia", "Standoff-Russia",
     f"{REGION}.rules.Standoff-Russia: is not a known key; write standoff_russia"),
    (LABEL, f"{LABEL}    standoff_russia: 200 km\n",
     f"{REGION}.standoff_russia: is not a known key here; it belongs to the option's rules; move it there"),
    ("per_place: 6", "aircraft: 6",
     f"{CITIES}.aircraft: is not a known key here; it belongs to a package of kind fighters; move it there"),
    ("per_place: 6", "number: 6",
     f"{CITIES}.number: is not a known key; remove it, or use one of kind, places, per_place, start"),
    ("baseline: own\n", "", "baseline: is missing; add it, as baseline: own"),
    (LABEL, "", f"{REGION}.label: is missing; add it, as label: A zone over western Ukraine"),
    # choices
    ("scope: region", "scope: regions", "protected_area.scope: is 'regions', not region, city or site; write region"),
    ("scope: region", "scope: oblast",
     "protected_area.scope: is 'oblast', not region, city or site; write one of these"),
    ("scope: region", "scope: [region]",
     "protected_area.scope: is a list, where one value belongs; write region, city or site"),
    ("[uav]", "[UAV]", f"{REGION}.rules.target_classes.0: is 'UAV', not uav, cruise or ballistic; write uav"),
    ("system: irist", "system: IRIS-T",
     "options.cities.packages.1.system: is 'IRIS-T', not irist, nasams or patriot; write irist"),
    ("guided_rockets: true", "guided_rockets: maybe",
     f"{REGION}.packages.0.guided_rockets: is 'maybe', neither true nor false; write true or false"),
    # kinds
    ("kind: guns, ", "", f"{CITIES}: has no kind; begin it with kind: and one of {KINDS}"),
    ("kind: guns", "type: guns", f"{CITIES}: has no kind (but type); begin it with kind: and one of {KINDS}"),
    ("kind: guns", "kind: gun", f"{CITIES}: is of the kind 'gun', not {KINDS}; write kind: guns"),
    # text, lists and mappings
    (LABEL, "    label: 5\n", f"{REGION}.label: is 5, not text; put it in quotes, as '5'"),
    (LABEL, "    label: no\n",
     f"{REGION}.label: is false, which is how yes, no, on and off are read too, not text; put it in quotes, as 'no'"),
    (LABEL, "    label: [SkyShield]\n",
     f"{REGION}.label: is a list, where one value belongs; write it without brackets, as SkyShield"),
    ("target_classes: [uav]", "target_classes: uav",
     f"{REGION}.rules.target_classes: is 'uav', not a list; put it in brackets: [uav]"),
    ("target_classes: [uav]", "target_classes: []",
     f"{REGION}.rules.target_classes: is empty; write a list of uav, cruise or ballistic (all if left out)"),
    ("  - {name: war, first_day: 1}", "  name: war",
     "phases: is a mapping, not a list; begin each of its entries with a dash"),
    ("  - {name: war, first_day: 1}", "  - war",
     "phases.0: is not a mapping of fields but 'war'; write its fields below it, as name: war"),
    ("  own:\n    label: Ukraine's own defence alone\n", "  own: Ukraine alone\n",
     "options.own: is not a mapping of fields but 'Ukraine alone'; write its fields below it, as label: A zone over "
     "western Ukraine"),
    ("fit: embedded", "assumptions: [displacement]",
     "assumptions: is a list, not a mapping; write one line an entry, as displacement: 0.5"),
    ("title: A", f"title: {'A' * 600}", "title: has 662 letters, more than 500; shorten it to 500"),
]


@pytest.mark.parametrize(("instead", "written", "line"), CASES, ids=[written.strip()[:40] for _, written, _ in CASES])
def test_a_wrong_file_is_told_in_the_words_of_who_wrote_it(instead, written, line):
    assert instead in SHIPPED
    with pytest.raises(SkyShieldError) as caught:
        parse(parse_yaml(SHIPPED.replace(instead, written, 1), "my.yaml"), "my.yaml")
    assert str(caught.value) == f"my.yaml: {line}"
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("number", ["9" * 400, "1.0e+300", ".nan", ".inf"])
def test_a_number_that_no_distance_can_be_is_not_handed_back(number):
    """Seen to fail: a whole number that no float can hold ended in an internal error."""
    with pytest.raises(SkyShieldError) as caught:
        parse(parse_yaml(SHIPPED.replace("russia: 200 km", f"russia: {number}", 1), "my.yaml"), "my.yaml")
    assert caught.value.where == f"my.yaml: {REGION}.rules.standoff_russia"
    assert caught.value.remedy == "write a distance with its unit, up to 2000 km"


UNREADABLE = [
    (LABEL, "    label: Zone: the region\n", "line 31, column 16", "holds a second colon", "in quotes"),
    (LABEL, "\tlabel: SkyShield\n", "line 31, column 1", "is indented with a tab", "indent with spaces"),
    (LABEL, "    label: 'SkyShield\n", "line 119, column 1", "a text whose quote in line 31 is not closed", "close"),
    (LABEL, "    label: @SkyShield\n", "line 31, column 12", "has a meaning of its own", "in quotes"),
    (LABEL, "    label: *SkyShield\n", "line 31, column 12", "uses an alias", "in quotes"),
    (LABEL, "    label SkyShield\n", "line 32, column 13", "holds a second colon", "the line above is complete"),
    ("days: 365", "days 365", "line 10, column 1", "line 9, which lacks a colon", "write key: value"),
    ("days: 365", " days: 365", "line 9, column 6", "holds a second colon", "the line above is complete"),
    ("days: 365", "- days: 365", "line 9, column 1", "in another column than the fields from line 2 on", "same column"),
    ("days: 365", "days: 365\ndays: 30", "line 10, column 1", "names 'days' twice", "keep one of them"),
    ("2026-03-01", "2026-02-30", "line 8, column 13", "an impossible value", "that there is"),
    ("Kirovohrad, Odesa]", "Kirovohrad, Odesa", "line 20", "a list whose [ in line 16 is not closed", "close"),
    ("{kind: guns, places", "{kind: guns places", "line 58", "a mapping whose { in line 58 is not closed", "close"),
    ("      - kind: fighters", "     - kind: fighters\n      - kind: guns", "line 34, column 7",
     "in another column than the list from line 33 on", "same column"),
]


@pytest.mark.parametrize(("instead", "written", "place", "what", "remedy"),
                         UNREADABLE, ids=[case[1].strip()[:30] for case in UNREADABLE])
def test_a_file_that_cannot_be_read_is_told_by_line_and_column_and_what_to_do(instead, written, place, what, remedy):
    assert instead in SHIPPED
    with pytest.raises(SkyShieldError) as caught:
        parse_yaml(SHIPPED.replace(instead, written, 1), "my.yaml")
    assert place in caught.value.where and what in caught.value.what and remedy in caught.value.remedy
    assert "mend the YAML" not in str(caught.value)
