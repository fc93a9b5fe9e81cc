"""The pages say what the program does: links, commands, scenarios and names are tried, not believed.

Conventions of the pages: a ``console`` block holds commands after ``$`` and, below each, lines it prints, in order,
``...`` standing for lines left out or for the rest of a line; a ``yaml`` block is a whole scenario or, without a name,
fields to add to the shipped one; a ``yml`` block is text to add at the end of the copy that the page has just made; a
``csv`` block is the file ``example.csv``.
"""

import dataclasses
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
import yaml

import skyshield
from skyshield.catalogue import load_bundles, load_catalogue, load_measures, load_threat_classes
from skyshield.cli import main as cli
from skyshield.cli import monitor
from skyshield.core.vocabulary import BLAMED, COST_LINES, INCIDENT_KINDS, PEOPLE_ROLES
from skyshield.engine import world as engine_world
from skyshield.evidence.backtest.baselines import GIVEN_ALERTS, GIVEN_LAUNCHES
from skyshield.evidence.backtest.targets import TARGETS
from skyshield.evidence.verification.registry import CASES
from skyshield.monitoring.agreement import Agreement, Answer
from skyshield.monitoring.agreement.model import Clause, Exemption, Line, PartyLine, Source, Zone
from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.monitoring.attribution.words import tables as attribution
from skyshield.monitoring.commission.steps import ATTRIBUTION, OPENED
from skyshield.monitoring.commission.steps import FIELDS as STEPS
from skyshield.monitoring.holding.changes import Change
from skyshield.monitoring.holding.record_series import EVERYWHERE, QUIET, UNKNOWN, WENT_ON
from skyshield.monitoring.ingest.quarantine import FOLDER as QUARANTINE
from skyshield.monitoring.joining import model as joining
from skyshield.monitoring.joining.document import LABELS
from skyshield.monitoring.joining.sources import DECLARABLE
from skyshield.monitoring.ledger.export import ABOUT, CHECKPOINT
from skyshield.monitoring.ledger.records import ERASURE
from skyshield.monitoring.ledger.store import LEVELS
from skyshield.monitoring.mission.model import MEANS, Budget, Design, Means, Sector
from skyshield.monitoring.observation import NATIVE_COLUMNS
from skyshield.monitoring.observation import tables as observations
from skyshield.raids.fit import COLUMNS, Fit
from skyshield.record.alerts import COLUMNS as ALERT_COLUMNS
from skyshield.record.names import reading
from skyshield.record.reader import OPTIONAL, REQUIRED
from skyshield.report.brief.language import LANGUAGES
from skyshield.report.daily.data import COLUMNS as DAILY_COLUMNS
from skyshield.report.export.formats import FORMATS
from skyshield.report.export.results import KIND_COLUMN, MEASURE_COLUMNS
from skyshield.report.export.tables import PACKAGED, SHEETS, TABLES
from skyshield.report.pages import ANNEX, REPORT
from skyshield.scenario.load import LIBRARY, library
from skyshield.scenario.model import FIRST_DATE, LAST_DATE, LONGEST_NAME, MAX_DAYS, MAX_OPTIONS, Scenario
from skyshield.study.result import MEASURES
from skyshield.theatre import load_theatre
from support.records import alerts, record

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
WRITTEN = [page for page in PAGES if page.parent.name != "reference"]
SCENARIO_PAGE = DOCS / "how-to/write-a-scenario.md"
DAY_PAGE = DOCS / "explanation/how-a-day-is-played.md"
TUTORIAL = DOCS / "tutorial/first-comparison.md"
SHIPPED = (LIBRARY / "skyshield.yaml").read_text("utf-8")
OTHER_PROGRAMS = ("make", "source")
SMALL = ["--vectors", "3", "--replications", "2", "--days", "2"]
SCORES = ("targets", "n", "crps", "ignorance", "interval_score", "forecaster", "verdict", "experts", "best_baseline",
          "baselines", "baselines_ignorance", "baselines_interval_score", "skill", "skill_lo", "skill_hi", "pit",
          "pit_band", "pit_p", "unjudged_days", "date", "why", "made_on", "hindsight", "missing")  # backtest --json
PAGE_ORDER = ("options", "paired", "pairs", "thresholds", "months", "results", "option_list", "parameters", "catalogue",
              "provenance", "arms", "vectors", "failures", "totals")  # of the tables on the page of exports
SIZES = ("--vectors", "--replications", "--days", "--dry-run", "--help")


class Console(NamedTuple):
    """A command and the lines shown below it."""

    words: list[str]
    shown: list[str]

    @property
    def light(self) -> bool:
        return self.words[:1] == ["skyshield"] and (
            self.words[1] in ("scenario", "catalogue", "record") or self.words[1:3] == ["monitor", "check"]
            or not {"--dry-run", "--help", "--version"}.isdisjoint(self.words))


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def consoles(text: str) -> Iterator[Console]:
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *shown = part.splitlines()
            yield Console(shlex.split(first, comments=True), [line for line in shown if line.strip()])


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings make, as GitHub and most renderers name them."""
    heads = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", head).strip().lower()).replace(" ", "-") for head in heads}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


def broken_links(page: Path, text: str) -> list[str]:
    actual = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        made = anchors(there.read_text("utf-8") if name else text) if anchor and there.exists() else {anchor}
        if not there.exists() or anchor not in made:
            actual.append(target)
    return actual


def usage_problem(words: list[str]) -> str | None:
    """Parse a command line by the program's own command objects; nothing runs."""
    if words[0] != "skyshield":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        known = words[0] in OTHER_PROGRAMS and (words[0] != "make" or words[1] in targets)
        return None if known else f"{words} is no command that the pages may use"
    command: Any = typer.main.get_command(cli.build(cli.COMMANDS))
    rest, context = words[1:], None
    while True:
        if getattr(command, "commands", None) and rest and rest[0] in command.commands:
            context = command.make_context(command.name, [], parent=context, resilient_parsing=True)
            command, rest = command.commands[rest[0]], rest[1:]
            continue
        if getattr(command, "commands", None) and rest not in (["--help"], ["--version"]):
            return f"there is no command {' '.join(words)}"
        flags = [word for word in rest if word.startswith("--")]
        options = {name for option in command.params for name in option.opts} | {"--help"}
        if unknown := [flag for flag in flags if flag.split("=")[0] not in options]:
            return f"{' '.join(words)}: no option {unknown[0]}"
        if "--help" in rest or "--version" in rest:
            return None
        try:
            command.make_context(command.name, list(rest), parent=context)
        except Exception as error:  # noqa: BLE001 - whatever the parser says is the finding
            return f"{' '.join(words)}: {error}"
        return None


def missing_lines(shown: list[str], output: str) -> list[str]:
    """Return the shown lines that the output does not have in this order, spaces aside."""
    lines = iter([" ".join(line.split()) for line in output.splitlines()])
    missing = []
    for line in (" ".join(line.split()) for line in shown):
        if line == "...":
            continue
        start = line.removesuffix("...").rstrip() if line.endswith("...") else None
        rest = list(lines)
        for k, printed in enumerate(rest):
            if printed == line or (start is not None and printed.startswith(start)):
                lines = iter(rest[k + 1:])
                break
        else:
            lines = iter(rest)
            missing.append(line)
    return missing


def whole_scenarios(text: str) -> list[str]:
    return [block for block in blocks(text, "yaml") if "name" in yaml.safe_load(block)]


def workplace(folder: Path, text: str) -> None:
    """Put the files that a page talks about into a folder."""
    for block in whole_scenarios(text):
        (folder / f"{yaml.safe_load(block)['name']}.yaml").write_text(block, "utf-8")
    example = blocks((DOCS / "how-to/use-your-own-record.md").read_text("utf-8"), "csv")[0]
    (folder / "example.csv").write_text(example, "utf-8")
    (folder / "missile_attacks_daily.csv").write_text(record(), "utf-8")
    for name in ("alerts.csv", "alerts.csv.gz"):
        (folder / name).write_text(alerts(), "utf-8")


def perform(console: Console, capfd: pytest.CaptureFixture[str], sized: bool = True) -> str | None:
    """Run one command of a page as the user would; return what is wrong with it."""
    words = console.words[1:]
    if sized and words[:1] == ["run"] and not console.shown and not any(w in SIZES for w in words):
        words = [*words, *SMALL]
    capfd.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    printed = "\n".join(capfd.readouterr())
    refused = any(line.startswith("error: ") for line in console.shown)
    if bool(left.value.code) != refused:
        return f"{' '.join(console.words)} left with {left.value.code}: {printed.strip()[-400:]}"
    missing = missing_lines(console.shown, printed)
    return f"{' '.join(console.words)} did not print: {missing}\nit printed:\n{printed}" if missing else None


def edit_as_the_page_says(console: Console, text: str) -> None:
    """Add the page's ``yml`` blocks to the scenario that a command of the page has just made."""
    if console.words[1:3] == ["scenario", "new"]:
        with Path(console.words[3]).open("a", encoding="utf-8") as file:
            file.writelines(blocks(text, "yml"))


def mutation_names() -> set[str]:
    """Return the names of the listed mutations and of the tests that caught them, which are in the tests."""
    tried = json.loads((ROOT / "tests/mutations_outcome.json").read_text("utf-8"))
    catching = {one["by"].split("::")[1].partition("[")[0]: one["by"].split("::")[0] for one in tried.values()}
    return {*tried, *(name for name, file in catching.items() if f"def {name}(" in (ROOT / file).read_text("utf-8"))}


def known_names() -> set[str]:
    """Return every name that a page may put between backticks: measures, entries, fields, columns and a few words."""
    schema = Scenario.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    fields = {name for part in parts for name in part.get("properties", {})}
    values = set(re.findall(r"'(?:const|enum)': (?:\[)?([^\]}]+)", str(schema)))
    values = {word for value in values for word in re.findall(r"'([a-z_]+)'", value)}
    warned = re.findall(r'\("(\w+)", _\w+\)', (ROOT / "src/skyshield/record/traps.py").read_text("utf-8"))
    rooms = {path.name for path in (ROOT / "src/skyshield").iterdir() if path.is_dir()}
    summary = {"delta", "lo", "hi", "mcse", "spread_lo", "spread_hi", "env_lo", "env_hi", "joint_lo", "joint_hi",
               "joint", "se", "mean", "reason", "mcse_floor", "choices", "rivals", "unknowns", "months", "pairs",
               "more_launches", "dominated"}
    alert_columns = {*"|".join(ALERT_COLUMNS).split("|"), *reading()["alert_levels"], "level"}
    fit = {*COLUMNS, *(field.name for field in dataclasses.fields(Fit))}
    terms = {name for model in (Agreement, Clause, Exemption, Line, PartyLine, Source, Zone)
             for name in model.model_fields}
    mission = {*MEANS, *(name for model in (Budget, Design, Means, Sector) for name in model.model_fields), "value",
               "bound", "gap", "cases", "conclusions", "central_plan_value", "central_plan_loss", "coverage", "shares",
               "teams_needed", "not_deterrable", "inspect_first"}
    joined = {*LABELS, *DECLARABLE, "counts", *(field.name for model in (joining.Assessment, joining.Event,
                                                                         joining.Source)
                                                for field in dataclasses.fields(model))}
    steps = {*STEPS, *(field for fields in STEPS.values() for field in fields), OPENED, ATTRIBUTION}
    kinds = {*observations()["kinds"], *attribution()["intents"], UNDETERMINED, "area", "cell", "case"}
    return {*steps, *kinds, *DAILY_COLUMNS, *LANGUAGES, *NATIVE_COLUMNS,
            *joined, *Change._fields, QUIET, WENT_ON, EVERYWHERE, UNKNOWN, "p_by_window", *terms, *mission,
            *(field.name for field in dataclasses.fields(Answer)), "agreed", "refused", "accepted",
            "yes", "no", "open", *MEASURES,
            *(m.name for m in load_measures()), *(c.name for c in load_threat_classes()), *load_catalogue(),
            *fields, *values, *warned, *rooms, *summary, *fit, *INCIDENT_KINDS, *PEOPLE_ROLES,
            *TABLES, *(column.name for column in (KIND_COLUMN, *MEASURE_COLUMNS)),
            *COST_LINES, *BLAMED, *(case.name for case in CASES), "relief", "money", "planned",
            "p_any", "p_ten", *REQUIRED, *OPTIONAL, *alert_columns, *cli.COMMANDS,
            "check", "library", "interval", "months", "note", "true", "false", "null", "kpszsu", "own", "region",
            "region_100", *skyshield.__all__, *library(), *mutation_names(), *TARGETS, *GIVEN_LAUNCHES, *GIVEN_ALERTS,
            *SCORES, *LEVELS, CHECKPOINT, ABOUT, "state", "sha256", *NATIVE_COLUMNS, "line", "file",
            QUARANTINE, ERASURE, *(command.name or "" for command in monitor.app.registered_commands)}


def unknown_names(text: str, known: set[str]) -> list[str]:
    words = re.findall(r"`([^`\n]+)`", prose(text))
    return [w for w in words if re.fullmatch(r"[a-z][a-z0-9]*(_[A-Za-z0-9]+)*(/[a-z]+)?", w) and w not in known]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text("utf-8")) == []


def test_every_page_is_linked_from_the_index() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    linked = {(DOCS / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", index)}
    assert {page for page in DOCS.rglob("*.md") if page.name != "index.md"} <= linked


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_exist_with_their_options(page: Path) -> None:
    actual = list(consoles(page.read_text("utf-8")))
    assert [problem for console in actual if (problem := usage_problem(console.words))] == []


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_light_commands_run_and_print_what_is_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                    capfd: pytest.CaptureFixture[str]) -> None:
    text = page.read_text("utf-8")
    workplace(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    for console in consoles(text):
        if console.light:
            assert perform(console, capfd) is None
            edit_as_the_page_says(console, text)


def test_every_command_has_an_example_and_json() -> None:
    root: Any = typer.main.get_command(cli.build(cli.COMMANDS))
    leaves = [leaf for command in root.commands.values()
              for leaf in getattr(command, "commands", {"": command}).values()]
    for leaf in leaves:
        assert "xample" in leaf.epilog, f"{leaf.name} has no example"
        assert any("--json" in option.opts for option in leaf.params), f"{leaf.name} has no --json"


def scenarios() -> list[tuple[str, str]]:
    actual = []
    for page in PAGES:
        text = page.read_text("utf-8")
        actual += [(named(page), block) for block in whole_scenarios(text)]
        actual += [(named(page), SHIPPED + block) for language in ("yaml", "yml") for block in blocks(text, language)
                   if block not in whole_scenarios(text)]
    return actual


@pytest.mark.parametrize(("page", "content"), scenarios())
def test_scenarios_pass_the_check(page: str, content: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.yaml"
    file.write_text(content, "utf-8")
    assert perform(Console(["skyshield", "scenario", "check", str(file)], [f"{yaml.safe_load(content)['name']}: ..."]),
                   capfd) is None


def test_zones_at_all_three_scopes_are_shown() -> None:
    shown = [yaml.safe_load(block) for block in whole_scenarios(SCENARIO_PAGE.read_text("utf-8"))]
    assert [scenario["protected_area"]["scope"] for scenario in shown] == ["region", "city", "site"]


def test_every_field_of_a_scenario_is_described() -> None:
    schema = Scenario.model_json_schema()
    fields = {name for part in (schema, *schema["$defs"].values()) for name in part.get("properties", {})}
    described = set(re.findall(r"`(\w+)`", "".join(
        line.split("|")[1] for line in SCENARIO_PAGE.read_text("utf-8").splitlines() if line.startswith("| `"))))
    assert fields - described == set()


def test_limits_of_a_scenario_are_as_stated() -> None:
    text = SCENARIO_PAGE.read_text("utf-8")
    for words in (f"Up to {LONGEST_NAME} lower-case letters", f"1 to {MAX_DAYS}. |", f"1 to {MAX_OPTIONS} of them",
                  f"years {FIRST_DATE.year} to {LAST_DATE.year}"):
        assert words in text


def test_listed_places_are_those_of_the_theatre() -> None:
    theatre, text = load_theatre(), " ".join(SCENARIO_PAGE.read_text("utf-8").split())
    sites = [site for interest in theatre.interests for site in interest.sites if site.kind != "oblast"]
    for head, items in {"Oblasts": theatre.oblasts, "Cities": theatre.cities, "Sites": sites,
                        "Bases": theatre.bases}.items():
        listed = re.search(rf"\*\*{head}\*\*: (.*?)\. ", text)
        assert listed is not None
        assert sorted(listed.group(1).split(", ")) == sorted(item.name for item in items)


def errors_shown() -> list[tuple[str, str, str]]:
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$", SCENARIO_PAGE.read_text("utf-8"), re.MULTILINE)
    return [(a, b, c) for a, b, c in rows]


@pytest.mark.parametrize(("instead", "written", "line"), errors_shown())
def test_common_errors_say_what_the_page_says(instead: str, written: str, line: str, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch,
                                              capfd: pytest.CaptureFixture[str]) -> None:
    assert instead in SHIPPED
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHIPPED.replace(instead, written), "utf-8")
    assert perform(Console(["skyshield", "scenario", "check", "mine.yaml"], [f"error: {line}"]), capfd) is None


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_names_between_backticks_exist(page: Path) -> None:
    assert unknown_names(page.read_text("utf-8"), known_names()) == []


def test_the_table_of_decisions_is_the_engines() -> None:
    table = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", DAY_PAGE.read_text("utf-8"), re.MULTILINE)
    every = [(str(value), name) for name, value in vars(engine_world).items()
             if name in re.findall(r"[A-Z_]{4,}", DAY_PAGE.read_text("utf-8")) and isinstance(value, int)]
    assert table == sorted(every, key=lambda row: int(row[0]))
    assert len(table) == len({value for value, _ in every})  # no number has two meanings
    source = Path(engine_world.__file__).read_text("utf-8")
    block = re.findall(r"^# Decisions: .*\n((?:[A-Z].*\n)+)", source, re.MULTILINE)
    assert {name for _, name in table} == set(re.findall(r"[A-Z_]{4,}", block[0]))


def test_patrols_of_the_central_case_are_as_stated() -> None:
    from skyshield.compile.parameters import CentralValues
    from skyshield.forces import Deployment
    from skyshield.forces.fighters import aircraft_of, patrols
    from skyshield.forces.patrols import weather_mean
    from skyshield.scenario import load

    central, asked = CentralValues(load_catalogue()), load("skyshield")
    package, text = asked.option("region").packages[0], DAY_PAGE.read_text("utf-8")
    deployment = Deployment(asked.members, load_theatre(), central)
    takes = [one for _, _, one, _ in patrols(package, deployment)]
    ready = float(aircraft_of(package, deployment)[0] * central["fighter_availability"][0])
    assert f"{ready:.0f} of 120 aircraft are ready" in text
    left, kept_up = ready * float(weather_mean(central)[0]), 0.0  # crews are plenty
    for one in takes:
        part = min(1.0, left / one.aircraft[0])
        kept_up, left = kept_up + part, left - part * one.aircraft[0]
    assert f"n = {kept_up:.2f} patrols" in " ".join(text.split())
    a_day = dict(zip(package.serves, (one.sorties_per_day[0] for one in takes), strict=False))
    assert (f"a patrol over Kyiv takes {a_day['Kyiv']:.0f} sorties a day and one over Khmelnytskyi "
            f"{a_day['Khmelnytskyi']:.0f}.") in " ".join(text.split())


def test_entries_without_a_centre_are_those_named() -> None:
    from skyshield.compile.world import compile_world
    from skyshield.raids.fit import embedded_fit
    from skyshield.scenario import load, resolve

    used = compile_world(resolve(load("skyshield"), load_catalogue(), load_theatre(), embedded_fit()), 1, 1)
    catalogue, text = load_catalogue(), " ".join((DOCS / "explanation/uncertainty.md").read_text("utf-8").split())
    named = [f"`{name}`" for name in used.without_centre if not catalogue[name].bundle]
    assert len(named) == 13
    assert f"The model now moves thirteen by themselves: {', '.join(named[:-1])} and {named[-1]}." in text
    for bundle, what in load_bundles().items():
        together = [f"`{name}`" for name in used.without_centre if catalogue[name].bundle == bundle]
        if together:
            assert f"| {what} | {', '.join(together)} |" in text
        else:  # of what the shipped scenario does not have
            assert all(f"`{name}`" in text for name, entry in catalogue.items() if entry.bundle == bundle)


def test_every_format_and_table_of_an_export_is_described() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|.*?([^|]*)\|$", (DOCS / "how-to/export.md").read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == [*(f".{name}" for name in FORMATS), *PAGE_ORDER]
    assert set(PAGE_ORDER) == set(TABLES)
    held = {name: set(where.replace(" ", "").split(",")) for name, where in rows}
    assert {name for name in TABLES if "xlsx" in held[name]} == set(SHEETS)
    assert {name for name in TABLES if "zip" in held[name]} == {*PACKAGED, "totals"}


def test_the_tutorial_reads_the_report_in_its_order() -> None:
    read = re.findall(r"^### (.*)$", TUTORIAL.read_text("utf-8"), re.MULTILINE)
    annexed = "In the annex: "
    assert [title for title in read if not title.startswith(annexed)] == [section.title for section in REPORT]
    titles = [section.title.lower() for section in ANNEX]
    places = [titles.index(title.removeprefix(annexed)) for title in read if title.startswith(annexed)]
    assert places == sorted(set(places)) and len(places) >= 5


def test_the_option_the_tutorial_adds_differs_in_its_stand_off_alone() -> None:
    options = yaml.safe_load(SHIPPED + "".join(blocks(TUTORIAL.read_text("utf-8"), "yml")))["options"]
    options["region_100"]["rules"]["standoff_russia"] = options["region"]["rules"]["standoff_russia"]
    words = {"label": "", "short": ""}
    assert options["region_100"] | words == options["region"] | words


def test_figures_quoted_in_the_tutorial_stand_in_its_outputs() -> None:
    text = TUTORIAL.read_text("utf-8")
    outputs = " ".join(" ".join(line for console in consoles(text) for line in console.shown).split())
    figures = re.findall(r"`([−-]?[\d,.]+(?: to [−-]?[\d,.]+)?)`", prose(text))
    assert len(figures) > 5
    assert [f for f in figures if not re.search(rf"(?<!\S){re.escape(f)}(?![^\s)])", outputs)] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", [ROOT / "README.md", TUTORIAL, *sorted((DOCS / "how-to").glob("*.md"))], ids=named)
def test_every_command_runs_and_prints_what_is_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                     capfd: pytest.CaptureFixture[str]) -> None:
    text = page.read_text("utf-8")
    workplace(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    recipe = re.search(r"^demo:.*\n\t\$\(BIN\)/(skyshield .*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    for console in consoles(text):
        played = Console(recipe.group(1).split(), console.shown) if console.words == ["make", "demo"] else console
        if played.words[0] == "skyshield":
            assert perform(played, capfd) is None
            edit_as_the_page_says(played, text)


def test_a_broken_link_is_found() -> None:
    page = DOCS / "index.md"
    assert broken_links(page, "[a](reference/record.md#the-traps) [b](https://example.org) [c](#here)\n# Here\n") == []
    assert broken_links(page, "[a](no.md) [b](reference/record.md#none) [c](#there)") == [
        "no.md", "reference/record.md#none", "#there"]


@pytest.mark.parametrize("line", [
    "skyshield fly", "skyshield run --vektors 3", "skyshield run --vectors many", "skyshield compare",
    "skyshield scenario", "skyshield scenario tell x", "skyshield record a.csv b.csv", "skyshield compare x --jobs 2",
    "skyshield fly --help", "skyshield run --dri --help", "make coffee", "rm -r /tmp/x"])
def test_a_wrong_command_is_found(line: str) -> None:
    assert usage_problem(line.split()) is not None


@pytest.mark.parametrize("line", [
    "skyshield --version", "skyshield --help", "skyshield run --help", "skyshield scenario --help", "make test",
    "skyshield scenario new a.yaml --from skyshield", "skyshield run a.yaml --rules --out x --jobs 2"])
def test_a_right_command_passes(line: str) -> None:
    assert usage_problem(line.split()) is None


def test_a_line_that_is_not_printed_is_found() -> None:
    assert missing_lines(["...", "a  b", "study key ...", "c"], "x\n a b\nstudy key 12\n\nc\n") == []
    assert missing_lines(["c", "a b"], "a b\nc\n") == ["a b"]
    assert missing_lines(["a b", "a b"], "a b\n") == ["a b"]


def test_a_wrong_output_and_a_wrong_exit_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(LIBRARY / "skyshield.yaml", "mine.yaml")
    right = ["skyshield", "scenario", "check", "mine.yaml"]
    assert perform(Console(right, ["skyshield: 10 options, ..."]), capfd) is None
    assert "did not print" in (perform(Console(right, ["skyshield: 4 options"]), capfd) or "")
    assert "left with 0" in (perform(Console(right, ["error: mine.yaml: is wrong; mend it"]), capfd) or "")
    assert "left with 2" in (perform(Console([*right[:3], "no.yaml"], []), capfd) or "")


def test_an_unknown_name_is_found() -> None:
    known = known_names()
    good = "`prevented_zone` `prevented/uav` `zone_share` `standoff_russia` `before_ceasefire` `env_lo` `skyshield run`"
    assert unknown_names(good, known) == []
    assert unknown_names("`prevented_zon` `prevented/drone` `zone_shares` ```\n", known) == [
        "prevented_zon", "prevented/drone", "zone_shares"]


def test_the_table_of_the_own_defence_is_what_the_command_prints() -> None:
    from skyshield.bounds.defence import defence_of
    from skyshield.raids.fit import embedded_fit
    from skyshield.scenario import load, resolve

    content = defence_of(resolve(load("skyshield"), load_catalogue(), load_theatre(), embedded_fit()))
    text = (DOCS / "explanation/how-a-day-is-played.md").read_text("utf-8")
    shown = [line.split(" | ")[-5:] for line in text.splitlines() if line.count("%") == 4 and line.endswith("% |")]
    printed = [[region, *(f"{row[key]:.1%}" for key in ("share", "leak", "leak_arrivals", "kills_share"))]
               for rows in content["omega"].values() for region, row in rows.items()]
    assert [[cell.strip(" |") for cell in row] for row in shown] == printed
    assert all(f"{solved['met']} of {solved['vectors']}" in text for solved in content["solved"].values())
