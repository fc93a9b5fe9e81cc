"""Files as analysts have them, through the commands: what is read, said, counted and refused.

All rows are made up. A fit is made of the same 30 nights throughout, so that these tests differ in the file alone.
"""

import datetime as dt
import json
import subprocess

import pytest

from skyshield.record.names import reading
from support.command_line import SKYSHIELD, parsed, refused, skyshield
from support.records import alerts, record

LAST = dt.date(2025, 12, 31)
STUDY = ("--vectors", 2, "--replications", 1, "--days", 2)
NO_ROWS = {"Cruise missiles: share stopped", "Ballistic salvo of one: share stopped",
           "West: claimed kills over launches of the deep stream, massed nights",
           "South: share of the front stream's kills",
           "Share of stops that are jamming", "Share of UAVs without a warhead"}


def renamed(nights=range(4, 30, 3), name="Shahed-136/131 and Gerbera"):
    """Return the record with another model's name on some nights."""
    lines = record(36).splitlines()
    uav = [k for k, line in enumerate(lines) if "Shahed" in line]
    for night in nights:
        lines[uav[night]] = lines[uav[night]].replace("Shahed-136/131", name)
    return "\n".join(lines) + "\n"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "record.csv").write_text(record(36), "utf-8")
    (tmp_path / "renamed.csv").write_text(renamed(), "utf-8")
    (tmp_path / "one_night.csv").write_text(renamed([4]), "utf-8")
    (tmp_path / "alerts.csv").write_text(alerts(), "utf-8")
    (tmp_path / "old_alerts.csv").write_text(alerts().replace("2025-", "2019-"), "utf-8")
    return tmp_path


COMMANDS = {
    "fit": ("fit", "{}"), "run": ("run", "{few}", "--record", "{}", *STUDY),
    "backtest": ("backtest", "{}", "--from", "2025-12-30", "--to", "2025-12-31"),
    "freeze": ("backtest", "{}", "--from", "2026-01-01", "--to", "2026-01-01", "--freeze", "{out}")}


def words(name, place, few, file):
    return [str(word).format(place / file, few=few, out=place / "frozen.json") for word in COMMANDS[name]]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_name_that_loses_too_much_stops_every_use(name, place, few, forked):
    result = refused(forked(*words(name, place, few, "renamed.csv"), "--json"), 2, "renamed.csv", "launches (",
                     "'Shahed-136/131 and Gerbera', nearest 'Shahed-136/131 and Lancet'", "--accept-unknown")
    assert "limit 5%" in result["what"]
    assert not (place / "frozen.json").exists()


@pytest.mark.parametrize("name", ["fit", "backtest"])
def test_accepted_it_is_counted_and_told(name, place, few, forked):
    content = parsed(forked(*words(name, place, few, "renamed.csv"), "--accept-unknown", "--json"))
    lost = content["record"]["left_out"]
    assert lost["rows"] == 9 and lost["share"] > 0.05
    assert [(one["name"], one["nearest"]) for one in lost["models"]] == [
        ("Shahed-136/131 and Gerbera", "Shahed-136/131 and Lancet")]
    asked = parsed(forked("record", place / "renamed.csv", "--json"))
    assert content["record"]["warnings"] == asked["warnings"]
    assert asked["left_out"] == lost
    if name == "fit":
        assert "launches (" in content["status"] and "are left out" in content["status"]
        assert content["diagnostics"]["left_out_rows"] == 9


@pytest.mark.parametrize("name", ["fit", "backtest"])
def test_a_little_left_out_goes_on_and_is_told_in_words(name, place, few, forked):
    done = forked(*words(name, place, few, "one_night.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "unknown_model (1 rows): " in done.stdout
    assert "nearest 'Shahed-136/131 and Lancet'" in done.stdout
    assert "absent_columns" in done.stdout and "traps that touched rows: 1 (" in done.stdout


def test_a_study_on_a_record_says_what_its_fit_left_out(place, few, forked):
    content = parsed(forked(*words("run", place, few, "one_night.csv"), "--dry-run", "--json"))
    assert content["record"]["left_out"]["rows"] == 1
    assert any("are left out" in mark for mark in content["marks"])
    assert any("not identified here" in mark for mark in content["marks"])
    done = forked(*words("run", place, few, "one_night.csv"), "--dry-run")
    assert "unknown_model (1 rows): " in done.stdout


def test_the_limit_in_the_help_is_the_readers():
    limit = f"{reading()['limits']['left_out_share']:.0%}"
    for name in ("fit", "run", "backtest"):
        text = " ".join(skyshield(name, "--help").stdout.split())
        assert f"more than {limit} of the launches" in text


def test_case_and_look_alikes_change_nothing(place, forked):
    text = record(36).replace("Shahed-136/131", "SHAHED–136/131").replace("X-101/X-555", "Х-101/Х-555")
    (place / "other.csv").write_text(text, "utf-8")
    plain, other = (parsed(forked("record", place / name, "--json")) for name in ("record.csv", "other.csv"))
    assert other == plain


def test_nothing_is_called_identified_without_a_row_of_it(place, forked):
    lines = [line for line in record(36).splitlines() if "X-101" not in line and "Iskander" not in line]
    no_losses = [",".join(["0" if k == 5 and n else cell for k, cell in enumerate(line.split(","))])
                 for n, line in enumerate(lines)]
    (place / "uav_only.csv").write_text("\n".join(no_losses) + "\n", "utf-8")
    content = parsed(forked("fit", place / "uav_only.csv", "--json"))
    table = {row["quantity"]: row for row in content["identified"]}
    assert {table[name]["status"] for name in NO_ROWS} == {"not identified here"}
    assert {table[name]["nights"] for name in NO_ROWS} == {0}
    for name in NO_ROWS:
        assert table[name]["high"] - table[name]["low"] < 0.5, name
    assert "identified, given the claims" not in {row["status"] for row in table.values() if not row["nights"]}
    text = forked("fit", place / "uav_only.csv").stdout
    assert "! not identified here, so the catalogue's ranges stand in: " in text


def test_without_losses_to_jamming_nothing_is_read_as_none(place, forked):
    text = "\n".join(",".join(cell for k, cell in enumerate(line.split(",")) if k != 5)
                     for line in record(36).splitlines()) + "\n"
    (place / "five.csv").write_text(text, "utf-8")
    result = parsed(forked("record", place / "five.csv", "--json"))
    assert {row["uav_lost"] for row in result["months"]} == {None}
    warning = next(one for one in result["warnings"] if one["trap"] == "losses_absent")
    assert warning["rows"] == 36 and "unknown, not none" in warning["what"]
    assert " - " in forked("record", place / "five.csv").stdout
    table = {row["quantity"]: row for row in parsed(forked("fit", place / "five.csv", "--json"))["identified"]}
    for name in ("Front stream: share that gets through", "Deep stream: share that gets through",
                 "Share of stops that are jamming"):
        assert (table[name]["status"], table[name]["nights"]) == ("not identified here", 0)
    scored = parsed(forked("backtest", place / "five.csv", "--from", "2025-12-30", "--to", "2025-12-31", "--json"))
    assert scored["targets"]["uav_leakers"]["n"] == 0 and scored["targets"]["uav_launched"]["n"] == 2


@pytest.mark.parametrize("name", ["fit", "run", "backtest"])
def test_alerts_that_would_not_be_used_are_an_error(name, place, few, forked):
    refused(forked(*words(name, place, few, "record.csv"), "--alerts", place / "old_alerts.csv", "--json"), 2,
            "old_alerts.csv: speaks of none of the days", "would not be used")


def test_alerts_with_a_frozen_forecast_are_an_error(place, few, forked):
    refused(forked(*words("freeze", place, few, "record.csv"), "--alerts", place / "alerts.csv", "--json"), 2,
            "--alerts", "alerts.csv", "would not be used")
    refused(forked("run", few, "--accept-unknown"), 2, "--accept-unknown: is given without --record")


def test_coverage_is_said_and_stored(fitted, place, forked):
    content = json.loads((fitted / "fit.out").read_text("utf-8"))
    covered = content["record"]["alerts"]
    assert (covered["n_covered_days"], covered["n_window_days"]) == (28, 30)
    assert content["source"].endswith("with air-raid alerts on 28 of 30 days")
    assert content["diagnostics"]["alert_days"] == 28
    text = forked("record", fitted / "record.csv", "--alerts", fitted / "alerts.csv").stdout
    assert "alerts cover 28 of 30 days" in text


def test_a_pipe_is_read_once(place):
    plain = parsed(skyshield("record", place / "record.csv", "--json"))
    done = subprocess.run([SKYSHIELD, "record", "/dev/stdin", "--json"], input=record(36), capture_output=True,
                          encoding="utf-8", check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == plain


def test_times_with_an_offset_are_kyiv_times(place, forked):
    def utc(cell):
        moment = dt.datetime.fromisoformat(cell) - dt.timedelta(hours=2)  # winter
        return moment.strftime("%Y-%m-%dT%H:%M:00Z")

    lines = record(20).splitlines()
    other = [lines[0], *(",".join([*map(utc, line.split(",")[:2]), *line.split(",")[2:]]) for line in lines[1:])]
    (place / "utc.csv").write_text("\n".join(other) + "\n", "utf-8")
    (place / "local.csv").write_text("\n".join(lines) + "\n", "utf-8")
    result, plain = (parsed(forked("record", place / name, "--json")) for name in ("utc.csv", "local.csv"))
    assert result["months"] == plain["months"]
    assert next(one["rows"] for one in result["warnings"] if one["trap"] == "times_with_offset") == len(lines) - 1
    (place / "eet.csv").write_text("\n".join(lines).replace("08:00", "08:00 EET") + "\n", "utf-8")
    refused(forked("record", place / "eet.csv"), 2, "line 2: time_end", "'EET' after the time is not read")


def test_part_months_are_marked(place, forked):
    result = parsed(forked("record", place / "record.csv", "--json"))
    assert [(row["month"], row.get("partial")) for row in result["months"]] == [("2025-11", True), ("2025-12", None)]
    text = forked("record", place / "record.csv").stdout
    assert "2025-11*" in text and "part of this month only: it runs from 2025-11-25 to 2025-12-31" in text


def test_trap_2_tells_what_meets_no_national_row_of_its_class(place, forked):
    window = "2025-12-11 19:00,2025-12-12 08:00"  # a night of UAVs only
    text = record(36) + "".join(f"{window},{model},{n},0,,PvKPivden/posts/b\n" for model, n in (
        ("Kalibr", 7), ("Shahed-136/131", 5), ("C-300", 3)))
    (place / "regional.csv").write_text(text, "utf-8")
    result = parsed(forked("record", place / "regional.csv", "--json"))
    what = next(one["what"] for one in result["warnings"] if one["trap"] == 2)
    assert "of what is dropped, 2 rows with 10 launches (cruise 7, ballistic 3) meet no national row" in what
