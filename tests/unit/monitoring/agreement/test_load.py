"""The shipped agreements and what a file may get wrong."""

import copy

import pytest
import yaml

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement import ACTS, PARTIES, library, load_agreement
from skyshield.monitoring.agreement.load import LIBRARY, parse_agreement

WRITTEN = {name: yaml.safe_load((LIBRARY / f"{name}.yaml").read_text("utf-8")) for name in library()}


@pytest.mark.parametrize("name", library())
def test_shipped_lines_are_drawn_coarsely_with_a_stated_error(name):
    agreement = load_agreement(name)
    assert agreement.name == name
    for line in agreement.lines.values():
        assert len(line.points) <= 40
        assert line.error_m >= 5_600.0  # half a cell of the grid
        assert all(round(value, 1) == value for point in line.points for value in point)
    assert set(agreement.parties) == set(agreement.party_lines) == set(PARTIES)


@pytest.mark.parametrize("name", library())
def test_every_clause_says_where_it_can_be_read(name):
    agreement = load_agreement(name)
    assert all("." in agreement.sources[clause.source].address for clause in agreement.clauses)


def test_the_widths_of_minsk_are_those_of_the_whole_zone():
    clause = next(clause for clause in load_agreement("minsk-2015").clauses if clause.width_m)
    assert clause.width_m == {"artillery": 50e3, "rocket-artillery": 70e3, "long-range-rockets": 140e3}


def test_what_paris_has_not_published_is_open_for_every_act():
    clauses = load_agreement("paris-2026").clauses
    assert {clause.status for clause in clauses} == {"open"}
    assert sorted(code for clause in clauses for code in clause.acts) == sorted(ACTS)


def _set(path, value):
    def change(content):
        *way, last = path
        for part in way:
            content = content[part]
        if value is None:
            del content[last]
        else:
            content[last] = value
    return change


@pytest.mark.parametrize(("change", "line"), [
    (_set(("clauses", 0, "acts"), ["V13"]), "x.yaml: clauses.0.acts.0: is 'V13'; use 'V1', 'V2'"),
    (_set(("clauses", 0, "who"), ["DE"]), "x.yaml: clauses.0.who.0: is 'DE'; use 'RU', 'UA', 'CO' or 'OTHER'"),
    (_set(("clauses", 0, "words"), None), "x.yaml: clauses.0.words: is missing; add it"),
    (_set(("clauses", 0, "wrods"), "x"), "x.yaml: clauses.0.wrods: is not a known key; remove it"),
    (_set(("clauses", 0, "start"), "2015-02-14T22:00:00"), "x.yaml: clauses.0.start: has no time zone; end"),
    (_set(("clauses", 0, "end"), "2014-01-01T00:00:00Z"), "x.yaml: clauses.0: has times out of order"),
    (_set(("clauses", 0, "start"), None), "x.yaml: clauses.0: is agreed but has no start"),
    (_set(("clauses", 0, "zone"), "moon"), "x.yaml: zones: 'moon' is named but not there"),
    (_set(("clauses", 0, "source"), "rumour"), "x.yaml: sources: 'rumour' is named but not there"),
    (_set(("clauses", 1, "id"), "1-ceasefire"), "x.yaml: clauses: the id '1-ceasefire' is given twice"),
    (_set(("clauses", 2, "width_m"), {"laser": 5000}), "x.yaml: weapons: 'laser' is named but not there"),
    (_set(("clauses", 2, "width_m"), {"artillery": -5}), "x.yaml: clauses.2.width_m.artillery: input should be"),
    (_set(("clauses", 2, "zone"), "donbas"), "x.yaml: clauses.2: has a zone and a width_m"),
    (_set(("parties", "OTHER"), None), "x.yaml: parties: lacks OTHER"),
    (_set(("party_lines", "UA"), {"line": "actual-2015"}), "x.yaml: party_lines.UA: names a line and its own_side"),
    (_set(("party_lines", "UA", "line"), "wish"), "x.yaml: lines: 'wish' is named but not there"),
    (_set(("lines", "actual-2015", "error_m"), None), "x.yaml: lines.actual-2015.error_m: is missing"),
    (_set(("lines", "actual-2015", "points", 0), [48.6, 39.8]), "x.yaml: lines.actual-2015.points.0: has longitude"),
    (_set(("lines", "actual-2015", "points", 0), [0.0, 51.5]), "x.yaml: lines.actual-2015.points.0: lies outside"),
    (_set(("zones", "donbas", "oblasts"), ["Donezk"]), "x.yaml: zones.donbas.oblasts: names no oblast ('Donezk')"),
    (_set(("zones", "donbas", "status"), "open"), "x.yaml: zones.donbas: is one of: oblasts, polygon, along"),
    (_set(("no_fly_areas",), {"here": {"words": "x", "status": "open"}}), "x.yaml: no_fly_areas: no clause names"),
])
def test_a_fault_is_told_in_one_line(change, line):
    content = copy.deepcopy(WRITTEN["minsk-2015"])
    change(content)
    with pytest.raises(SkyShieldError) as refused:
        parse_agreement(content, "x.yaml")
    assert str(refused.value).startswith(line)
    assert refused.value.exit_code == 2
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_what_is_no_mapping_is_refused(content):
    with pytest.raises(SkyShieldError, match="is not a mapping of fields"):
        parse_agreement(content, "x.yaml")


def test_broken_yaml_and_files_that_are_not_there_are_refused(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: [unclosed\n", "utf-8")
    with pytest.raises(SkyShieldError, match=r"broken\.yaml: line 2"):
        load_agreement(broken)
    with pytest.raises(SkyShieldError, match="no such file"):
        load_agreement(tmp_path / "none.yaml")
    with pytest.raises(SkyShieldError, match="neither a shipped agreement nor a file; choose from measures-2020"):
        load_agreement("minsk")


def test_a_copy_of_a_shipped_agreement_reads_alike(tmp_path):
    path = tmp_path / "copy.yaml"
    path.write_text((LIBRARY / "minsk-2015.yaml").read_text("utf-8"), "utf-8")
    assert load_agreement(path) == load_agreement("minsk-2015")
