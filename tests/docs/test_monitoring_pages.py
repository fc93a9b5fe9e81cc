"""The pages on ledgers: commands run in order, on the real events and on the files that the pages show.

Tried to fail: a column left out of the format's page, another figure in the tutorial, the forgery without its effect.
"""

import csv
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skyshield.monitoring.ingest.faults import Code
from skyshield.monitoring.ingest.formats import READERS
from skyshield.monitoring.observation import NATIVE_COLUMNS, tables

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = DOCS / "tutorial/a-ledger-of-real-events.md"
FIRST_DAY = DOCS / "how-to/first-day-of-a-mission.md"
FORMAT = DOCS / "reference/observation-format.md"


def commands(text: str) -> Iterator[tuple[list[str], list[str]]]:
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *lines = part.splitlines()
            yield shlex.split(first)[1:], [line for line in lines if line.strip() and line != "..."]


def files(text: str) -> list[str]:
    return re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def printed(shown: str, lines: list[str]) -> bool:
    return any(line.startswith(shown.removesuffix("...")) if shown.endswith("...") else line == shown for line in lines)


def perform(words: list[str], shown: list[str], forked: Any, place: Path, code: int = 0) -> None:
    done = forked(*words, cwd=place)
    assert done.returncode == code, (words, done.stderr)
    lines = done.stdout.splitlines()
    assert [line for line in shown if not printed(line, lines)] == [], (words, done.stdout)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, with the user's data in another one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_every_step_of_the_tutorial(forked: Any, place: Path, data_dir: Path) -> None:
    text = TUTORIAL.read_text("utf-8")
    patrol, forgery = files(text)
    shutil.copy(data_dir / "events/ucdp_ged_ukraine_2014_2019.csv", place / "events.csv")
    (place / "patrol.csv").write_text(patrol, "utf-8")
    steps = list(commands(text))
    for words, shown in steps[:-1]:
        perform(words, shown, forked, place)
    forgery = forgery.replace('"donbas/', f'"{place}/donbas/')
    exec(forgery, {})  # noqa: S102 - the page's own lines
    perform(*steps[-1], forked, place, code=1)
    assert len(steps) == 14


def test_the_figures_of_the_tutorial(data_dir: Path) -> None:
    with (data_dir / "events/ucdp_ged_ukraine_2014_2019.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    later = [row for row in rows if row["date_start"][:10] >= "2015-02-15"]
    dead, dead_later = (sum(float(row["best"]) for row in some) for some in (rows, later))
    text = " ".join(TUTORIAL.read_text("utf-8").split())
    assert f"Of the {len(rows):,} events {len(later):,} began" in text
    assert f"{dead_later:,.0f} of the {dead:,.0f} dead are theirs" in text
    contents = [tuple(cell for name, cell in row.items() if name != "id") for row in rows]
    assert f"{len(rows) - len(set(contents))} rows differ from another" in text
    assert (rows[0]["date_start"], float(rows[0]["best"])) == ("2014-01-22", 5)


def test_the_first_day_of_a_mission(forked: Any, place: Path) -> None:
    text = FIRST_DAY.read_text("utf-8")
    report, mended = files(text)
    (place / "report.csv").write_text(report, "utf-8")
    (place / "mended.csv").write_text(mended, "utf-8")
    steps = list(commands(text))
    for words, shown in steps:
        perform(words, shown, forked, place)
    assert len(steps) == 10


def rows_of(text: str, heading: str) -> dict[str, list[str]]:
    """Return the cells of a table below a heading by the name in its first."""
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()
            if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


class TestFormat:
    text = FORMAT.read_text("utf-8")

    def test_every_column_has_its_row_and_an_example_that_is_taken_in(self, forked: Any, place: Path) -> None:
        columns = rows_of(self.text, "Columns of the native format")
        assert sorted(columns) == sorted(NATIVE_COLUMNS)
        examples = {name: row[-1].strip("`") for name, row in columns.items()}
        event = {name: cell for name, cell in examples.items()
                 if name not in ("kind", "reach_m", "restriction", "withdraws")}
        watch = {name: examples[name] for name in ("time", "time_end", "lon", "lat", "method", "kind", "reach_m")}
        (place / "one.csv").write_text("".join(",".join(row) + "\n" for row in (event, event.values())), "utf-8")
        (place / "two.csv").write_text("".join(",".join(row) + "\n" for row in (watch, watch.values())), "utf-8")
        perform(["monitor", "init", "mission", "--agreement", "minsk-2015"], [], forked, place)
        for name in ("one", "two"):
            perform(["monitor", "ingest", "mission", f"{name}.csv", "--source", "x"],
                    ["1 rows (native): 1 accepted, 0 known already, 0 in quarantine"], forked, place)

    def test_every_code(self) -> None:
        codes = {name: cells[0].split(", ") for name, cells in rows_of(self.text, "Codes").items()}
        assert codes == {"method": tables()["methods"], "kind": tables()["kinds"],
                         "direction": tables()["directions"], "restriction": tables()["restrictions"],
                         "exercise": list(tables()["exercise"])}

    def test_every_reason_of_the_quarantine(self) -> None:
        assert list(rows_of(self.text, "Why a row waits in quarantine")) == [code.value for code in Code]

    def test_every_format(self) -> None:
        assert sorted(rows_of(self.text, "Files of others")) == sorted(READERS)

    @pytest.mark.parametrize("number", [f"{tables()['limits'][name]:,}" for name in (
        "cell_characters", "line_characters", "leaf_bytes", "expansion")])
    def test_limits_are_as_stated(self, number: str) -> None:
        assert number in self.text

    def test_the_examples_are_the_same_record(self, forked: Any, place: Path) -> None:
        table, features = files(self.text)
        (place / "one.csv").write_text(table, "utf-8")
        (place / "one.geojson").write_text(features, "utf-8")
        perform(["monitor", "init", "mission", "--agreement", "minsk-2015"], [], forked, place)
        perform(["monitor", "ingest", "mission", "one.csv", "--source", "x"],
                ["1 rows (native): 1 accepted, 0 known already, 0 in quarantine"], forked, place)
        perform(["monitor", "ingest", "mission", "one.geojson", "--source", "x"],
                ["1 rows (geojson): 0 accepted, 1 known already, 0 in quarantine"], forked, place)
        assert json.loads(features)["type"] == "FeatureCollection"


def test_pages_are_short() -> None:
    for page in (TUTORIAL, FIRST_DAY, DOCS / "explanation/ledger-threats.md"):
        assert len(page.read_text("utf-8").split()) <= 900, page
