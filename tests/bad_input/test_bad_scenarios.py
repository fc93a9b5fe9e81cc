"""A scenario that cannot be: one line that names the field, exit code 2, nothing played and nothing written.

Each case is the shipped scenario with one fault.
"""

from pathlib import Path

import pytest

from skyshield.scenario.load import LIBRARY
from support.command_line import refused, skyshield

TEXT = (LIBRARY / "month.yaml").read_text("utf-8")
OBLASTS = """[Zakarpattia, Lviv, Volyn, Ivano-Frankivsk, Chernivtsi, Ternopil, Rivne, Khmelnytskyi, Zhytomyr,
            Vinnytsia, Kyiv City, Kyiv, Cherkasy, Kirovohrad, Odesa]"""
AREA = f"  scope: region\n  oblasts: {OBLASTS}\n"
LABEL = "    label: SkyShield over the region\n"


def edited(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, f"the shipped month no longer holds {old!r}"
    return TEXT.replace(old, new, 1)


GROUND = "{kind: ground, soldiers: 15000, hubs: [{oblast: Lviv, share: 0.6}, {oblast: Volyn, share: 0.4}]}"
SHIPS = "{kind: ships, ships: [{tonnage_t: 6000, state: France, days: 21}]}"


def with_force(package: str, old: str, new: str) -> str:
    """Return the shipped scenario with one option more, of one package with one fault."""
    assert old in package
    wrong = package.replace(old, new, 1)
    return edited("  region:\n", f"  tried:\n    label: Tried\n    packages: [{wrong}]\n  region:\n")


FAULTS = {
    "hub in occupied territory": (with_force(GROUND, "Lviv", "Crimea"), "options.tried.packages.hubs: oblast 'Crimea'"),
    "hub abroad": (with_force(GROUND, "Lviv", "Podkarpackie"), "'Podkarpackie' is no oblast of Ukraine"),
    "rotation below one": (with_force(GROUND, "15000", "15000, rotation: 0.9"), "packages.0.rotation: is 0.9, less"),
    "hubs' shares": (with_force(GROUND, "0.6", "0.7"), "packages.0.hubs: the hubs' shares add up to 1.1"),
    "no soldiers": (with_force(GROUND, "15000", "0"), "packages.0.soldiers: is 0, less than 1"),
    "a ship too large": (with_force(SHIPS, "6000", "60000"), "Article 10 of the Convention of Montreux"),
    "tonnage over the limit": (with_force(SHIPS, "[{", "[" + 8 * "{tonnage_t: 6000, state: Italy}, " + "{"),
                               "Article 18 (1) (b) of the Convention of Montreux: 54,000 t"),
    "a ship that stays": (with_force(SHIPS, "days: 21", "days: 30"), "Article 18 (2) of the Convention of Montreux"),
    "a sea that is none": (with_force(SHIPS, "]}", "], places: [Sea off Minsk]}"), "sea area 'Sea off Minsk' is"),
    "unknown key": (edited("days: 30", "days: 30\ncolour: red"), "colour: is not a known key"),
    "unknown rule": (edited("      standoff_front", "      standoff_sea: 3 km\n      standoff_front"),
                     "options.region.rules.standoff_sea: is not a known key"),
    "missing key": (edited("days: 30\n", ""), "days: is missing"),
    "key twice": (edited("days: 30", "days: 30\ndays: 31"), "names 'days' twice"),
    "option twice": (edited("  region:\n", "  own:\n"), "names 'own' twice"),
    "option with another name": (edited(LABEL, f"    name: own\n{LABEL}"), "options.region.name: is not a known key"),
    "deep nesting": ("a: " + "[" * 4000 + "]" * 4000, "is nested deeper than 20 levels"),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "uses an alias"),
    "merge key": (edited("days: 30", "<<: {days: 30}"), "only plain values"),
    "unknown tag": (edited("days: 30", "days: !thirty 30"), "'!thirty'"),
    "two documents": (TEXT + "---\nname: other\n", "single document"),
    "not YAML": ("name: [skyshield\ntitle: }", "line "),
    "control character": ("name: sky\x07shield\n", "is not YAML"),
    "a list": ("- 1\n- 2\n", "is not a mapping"),
    "only comments": ("# nothing here\n", "is not a mapping"),
    "a key that is a number": (edited("days: 30", "30: days"), "which is not text"),
    "no options": (TEXT[:TEXT.index("options:")] + "options: {}\n", "options"),
    "options as a list": (TEXT[:TEXT.index("options:")] + "options: [own]\n", "is not a mapping from name to option"),
    "an empty option": (TEXT[:TEXT.index("options:")] + "options:\n  own:\n", "options.own: is not a mapping"),
    "an option that is no name": (edited("  region:\n", "  Région 1:\n"), "is 'Région 1', not a name"),
    "baseline unknown": (edited("baseline: own", "baseline: nobody"), "'nobody' is not among the options"),
    "self-crossing zone": (edited(AREA, "  scope: region\n  polygon: [[25, 48], [30, 51], [30, 48], [25, 51]]\n"),
                           "crosses itself"),
    "zone of two corners": (edited(AREA, "  scope: region\n  polygon: [[25, 48], [30, 51]]\n"), "give at least three"),
    "zone elsewhere": (edited(AREA, "  scope: region\n  polygon: [[-25, 48], [-30, 51], [-30, 48]]\n"),
                       "outside the theatre"),
    "zone without extent": (edited(AREA, "  scope: region\n"), "neither or both"),
    "circles without radius": (edited(AREA, "  scope: city\n  places: [Kyiv]\n"), "radius"),
    "corner that is no number": (edited(AREA, "  scope: region\n  polygon: [[25, .nan], [30, 51], [30, 48]]\n"),
                                 "protected_area"),
    "corner at infinity": (edited(AREA, "  scope: region\n  polygon: [[25, .inf], [30, 51], [30, 48]]\n"),
                           "protected_area"),
    "cost without unit": (edited(LABEL, f"{LABEL}    budget: 5000000\n"), "options.region.budget: is 5000000 without"),
    "cost without unit, quoted": (edited(LABEL, f"{LABEL}    budget: '5000000'\n"), "without a unit"),
    "cost in kilometres": (edited(LABEL, f"{LABEL}    budget: 5 km\n"), "the unit 'km'"),
    "negative cost": (edited(LABEL, f"{LABEL}    budget: -5 EUR\n"), "a negative amount"),
    "endless cost": (edited(LABEL, f"{LABEL}    budget: 1e308 billion EUR\n"), "too large a number"),
    "unknown unit": (edited("200 km", "200 parsnips"), "standoff_russia: the unit 'parsnips'"),
    "distance without unit": (edited("200 km", "200"), "standoff_russia: is 200 without a unit"),
    "negative distance": (edited("200 km", "-200 km"), "standoff_russia: is '-200 km'"),
    "huge distance": (edited("200 km", "1e300 km"), "outside 0 to 2,000 km"),
    "distance that is none": (edited("200 km", "nan km"), "not a finite number"),
    "debris without unit": (edited("      standoff_front", "      debris: 10\n      standoff_front"),
                            "options.region.rules.debris: is 10 without a unit"),
    "negative debris": (edited("      standoff_front", "      debris: -1 km\n      standoff_front"),
                        "rules.debris: is '-1 km', outside 0 to 2,000 km"),
    "buffer in hours": (edited("      standoff_front", "      crewed_buffer: 2 h\n      standoff_front"),
                        "rules.crewed_buffer: the unit 'h'"),
    "endless buffer": (edited("      standoff_front", "      crewed_buffer: .inf\n      standoff_front"),
                       "rules.crewed_buffer: is inf without a unit"),
    "confidence above one": (edited("      standoff_front", "      identification: 1.5\n      standoff_front"),
                             "options.region.rules.identification: is 1.5, not a number from 0 to 1"),
    "negative confidence": (edited("      standoff_front", "      identification: -0.1\n      standoff_front"),
                            "identification: is -0.1, not a number from 0 to 1"),
    "confidence in per cent": (edited("      standoff_front", "      identification: 95%\n      standoff_front"),
                               "identification: is '95%', not a number from 0 to 1"),
    "confidence that is no number": (edited("      standoff_front", "      identification: .nan\n      standoff_front"),
                                     "identification: is nan, not a number from 0 to 1"),
    "confidence as truth": (edited("      standoff_front", "      identification: true\n      standoff_front"),
                            "identification: is True, not a number from 0 to 1"),
    "confidence as a list": (edited("      standoff_front", "      identification: [0.9]\n      standoff_front"),
                             "identification: is [0.9], not a number from 0 to 1"),
    "unknown oblast": (edited("Zakarpattia, Lviv", "Zakarpatia, Lviv"), "did you mean 'Zakarpattia'"),
    "unknown place": (edited("serves: [Kyiv,", "serves: [Kiyv,"), "options.region.packages.serves: place 'Kiyv'"),
    "unknown base": (edited("base: Rzeszów", "base: Rzeszow"), "did you mean Rzeszów"),
    "unknown catalogue key": (edited("skyshield_aircraft", "skyshield_aircrafts"), "is not in the catalogue"),
    "catalogue key of another kind": (edited("skyshield_aircraft", "decoy_share"), "is not a number of aircraft"),
    "negative aircraft": (edited("skyshield_aircraft", "-3"), "packages.0.aircraft"),
    "too many aircraft": (edited("skyshield_aircraft", "1000000000"), "packages.0.aircraft"),
    "aircraft as truth": (edited("skyshield_aircraft", "true"), "packages.0.aircraft"),
    "half an aircraft": (edited("skyshield_aircraft", "3.5"), "packages.0.aircraft"),
    "share that is no number": (edited("aircraft_share: 0.5", "aircraft_share: .nan"), "members.0.aircraft_share"),
    "endless share": (edited("aircraft_share: 0.5", "aircraft_share: .inf"), "members.0.aircraft_share"),
    "shares above one": (edited("aircraft_share: 0.5", "aircraft_share: 0.9"), "add up to 1.4"),
    "days that are no number": (edited("days: 30", "days: .nan"), "days: "),
    "days without end": (edited("days: 30", "days: .inf"), "days: "),
    "days beyond the limit": (edited("days: 30", f"days: {'9' * 400}"), "days: "),
    "more digits than Python reads": (edited("days: 30", f"days: {'9' * 5000}"), "impossible value"),
    "days as text": (edited("days: 30", "days: '30'"), "days: "),
    "days as truth": (edited("days: 30", "days: true"), "days: "),
    "no days": (edited("days: 30", "days: 0"), "days: "),
    "impossible date": (edited("2027-01-30", "2027-02-30"), "impossible value"),
    "date in words": (edited("2027-01-30", "tomorrow"), "start_date: "),
    "date of another age": (edited("2027-01-30", "0001-01-01"), "start_date: "),
    "unknown class": (edited("[uav]", "[ufo]"), "target_classes.0"),
    "phases out of order": (edited("{name: war, first_day: 1}", "{name: war, first_day: 2}"), "the phases"),
    "assumption outside its ends": (f"{TEXT}\nassumptions: {{displacement: 1.5}}\n",
                                    "assumptions.displacement: is 1.5, outside the catalogue's 0 to 1"),
    "assumption about nothing": (f"{TEXT}\nassumptions: {{displacment: 0.5}}\n", "did you mean displacement"),
    "assumption about what has a centre": (f"{TEXT}\nassumptions: {{aam_pk: 0.7}}\n", "aam_pk: has a centre"),
    "assumption of before": (f"{TEXT}\nassumptions: {{own_defence_rival: 1}}\n", "use own_defence_along_share"),
    "assumption as truth": (f"{TEXT}\nassumptions: {{displacement: true}}\n", "write one line an entry"),
    "assumption in words": (f"{TEXT}\nassumptions: {{displacement: half}}\n", "assumptions.displacement: "),
    "assumption that is no number": (f"{TEXT}\nassumptions: {{displacement: .nan}}\n", "assumptions.displacement: "),
    "assumption without end": (f"{TEXT}\nassumptions: {{displacement: .inf}}\n", "assumptions.displacement: "),
    "assumptions as a list": (f"{TEXT}\nassumptions: [displacement]\n", "assumptions: "),
    "assumption twice": (f"{TEXT}\nassumptions: {{displacement: 0, displacement: 1}}\n", "names 'displacement' twice"),
    "a fit that is a path": (edited("fit: embedded", "fit: /etc/passwd"), "fit: "),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_scenario_that_cannot_be(forked, tmp_path, case):
    text, words = FAULTS[case]
    path = tmp_path / "my.yaml"
    path.write_text(text, "utf-8")
    refused(forked("scenario", "check", path, "--json"), 2, words)
    assert [file.name for file in tmp_path.iterdir()] == ["my.yaml"]


def test_the_scenario_without_a_fault_is_sound(forked, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(TEXT, "utf-8")
    done = forked("scenario", "check", path, "--json")
    assert (done.returncode, done.stderr) == (0, "")


READERS = {"run": ("run", "{}", "--vectors", 1, "--out", "{out}"), "show": ("scenario", "show", "{}"),
           "matrix": ("scenario", "matrix", "{}")}


@pytest.mark.parametrize(("command", "case"), [
    ("run", "unknown key"), ("run", "self-crossing zone"), ("run", "cost without unit"), ("show", "unknown key"),
    ("show", "cost without unit"), ("matrix", "unknown key"), ("matrix", "self-crossing zone")])
def test_every_command_that_reads_scenarios_says_so(forked, tmp_path, case, command):
    text, words = FAULTS[case]
    path, out = tmp_path / "my.yaml", tmp_path / "study"
    path.write_text(text, "utf-8")
    given = [str(word).replace("{out}", str(out)).replace("{}", str(path)) for word in READERS[command]]
    refused(forked(*given, "--json"), 2, words.rpartition(": ")[2])
    assert not out.exists()


TAGS = ("!!python/object/apply:os.system ['touch {}']", "!!python/object/new:subprocess.check_call [[touch, '{}']]",
        "!!python/name:os.system", "!!python/module:os", "!!python/object/apply:pathlib.Path.touch ['{}']")


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_that_would_run_code_runs_nothing(tmp_path, tag, forked):
    proof = tmp_path / "it-ran"
    path = tmp_path / "my.yaml"
    path.write_text(edited("days: 30", "days: " + tag.format(proof)), "utf-8")
    refused(forked("scenario", "check", path, "--json"), 2, "only plain values, lists and mappings are read")
    assert not proof.exists()


def test_an_alias_bomb_is_refused_at_once(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 30)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines))
    refused(skyshield("scenario", "check", path, "--json"), 2, "bomb.yaml: line 2, column 10: uses an alias")


def test_scenario_files_that_are_none(forked, tmp_path):
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    refused(forked("scenario", "check", tmp_path / "none.yaml", "--json"), 2, "no such file")
    refused(forked("scenario", "check", write("empty.yaml", b""), "--json"), 2, "is empty")
    refused(forked("scenario", "check", write("binary.yaml", b"\x00\x01\x02"), "--json"), 2, "is binary")
    refused(forked("scenario", "check", write("cp1251.yaml", "name: Київ".encode("cp1251")), "--json"), 2,
            "is not UTF-8")
    refused(forked("scenario", "check", tmp_path, "--json"), 2, "is a directory")
    refused(skyshield("run", "skyshild", "--json"), 2, "is neither a shipped scenario nor a file")
    large = tmp_path / "large.yaml"
    with large.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    refused(forked("scenario", "check", large, "--json"), 2, "is over the limit of 4 MiB")


def test_new_overwrites_nothing(forked, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("mine")
    refused(forked("scenario", "new", path, "--json"), 2, "exists already")
    assert path.read_text() == "mine"
    refused(forked("scenario", "new", tmp_path / "no" / "such" / "folder.yaml", "--json"), 2, "there is no such folder")
    refused(forked("scenario", "new", path / "below.yaml", "--json"), 2)
    refused(forked("scenario", "new", tmp_path / "x.yaml", "--from", "../skyshield", "--json"), 2,
            "is not a shipped scenario")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]
