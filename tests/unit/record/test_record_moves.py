"""Deleting or changing rows of the real file moves exactly the figures that should move.

What should move is worked out from the file's cells by the plainest reading of the rule (every
regional row against every national one), not by the reader. The seeded sample covers every kind of
row; figures that stay are compared too.
"""

import csv
import datetime as dt
import io

import numpy as np
import pytest

from skyshield.record import read_record, summarise
from skyshield.record.names import classify

KINDS = ("national", "dropped", "orphan", "outside")
CHANGES = ("delete", "launched", "destroyed", "lost", "model_class", "model_out", "source", "later_year", "date_only")
NATIONAL = ("kpszsu", "GeneralStaff.ua", "CinCAFU", "https:")


@pytest.fixture(scope="module")
def original(data_dir):
    text = (data_dir / "raids" / "missile_attacks_daily.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def window(cells):
    def moment(text):
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d %H:%M" if ":" in text else "%Y-%m-%d")
    end = moment(cells["time_end"])
    return moment(cells["time_start"]), end if ":" in cells["time_end"] else end + dt.timedelta(days=1)


def expected(rows):
    """Months, kept rows and orphans of some rows, every pair compared."""
    counted = [(cells, classify(" ".join(cells["model"].split())).threat_class, window(cells)) for cells in rows]
    counted = [item for item in counted if item[1] != "other"]
    national = [item[2] for item in counted if item[0]["source"].startswith(NATIONAL)]
    months, orphans, kept = {}, [], 0
    for cells, threat_class, (start, end) in counted:
        if not cells["source"].startswith(NATIONAL):
            if any(n_start < end and start < n_end for n_start, n_end in national):
                continue
            orphans.append((cells["time_start"].strip(), cells["time_end"].strip(), cells["model"]))
        kept += 1
        for column, name in (("launched", "launched"), ("destroyed", "destroyed"), ("not_reach_goal", "lost")):
            key = (cells["time_end"][:7], f"{threat_class}_{name}")
            months[key] = months.get(key, 0) + int(float(cells[column] or 0))
    return months, kept, orphans


def summary_parts(rows, write):
    path = write(rows, columns=list(rows[0]))
    summary = summarise(read_record(path))
    assert summary["rows"] == len(rows)
    months = {(row["month"], name): value for row in summary["months"] for name, value in row.items()
              if name not in ("month", "partial")}
    orphans = [(row["time_start"], row["time_end"], row["model"]) for row in summary["orphans"]]
    return months, summary["kept_rows"], orphans, {entry["trap"]: entry for entry in summary["warnings"]}


def figures(months):
    """Drop zeros, and lost counts outside the UAVs, which the table does not show."""
    return {key: value for key, value in months.items()
            if value and (not key[1].endswith("_lost") or key[1] == "uav_lost")}


def kind_of(cells, orphans):
    if classify(" ".join(cells["model"].split())).threat_class == "other":
        return "outside"
    if cells["source"].startswith(NATIONAL):
        return "national"
    name = cells["time_start"].strip(), cells["time_end"].strip(), cells["model"]
    return "orphan" if name in orphans else "dropped"


def changed(rows, at, change):
    """Return the rows with one row changed or gone."""
    cells = dict(rows[at])
    if change == "delete":
        return rows[:at] + rows[at + 1:]
    if change == "launched":
        cells["launched"] = "4321"
    elif change == "destroyed":
        cells["destroyed"] = "4321.0"
    elif change == "lost":
        cells["not_reach_goal"] = "17"
    elif change == "model_class":
        cells["model"] = "Kalibr" if classify(cells["model"]).threat_class != "cruise" else "Shahed-136/131"
    elif change == "model_out":
        cells["model"] = "Lancet"
    elif change == "source":
        cells["source"] = "pvkshid/x" if cells["source"].startswith(NATIONAL) else "kpszsu/x"
    elif change == "later_year":
        for column in ("time_start", "time_end"):
            cells[column] = str(int(cells[column][:4]) + 5) + "-03-05" + cells[column][10:]
        if window(cells)[1] < window(cells)[0]:
            cells["time_end"] = cells["time_end"].replace("-03-05", "-03-06")
    elif change == "date_only":
        cells["time_start"], cells["time_end"] = cells["time_start"].strip()[:10], cells["time_end"].strip()[:10]
    return [*rows[:at], cells, *rows[at + 1:]]


@pytest.fixture(scope="module")
def slices(original):
    """Some hundred neighbouring rows from three times, so that many changes run fast."""
    return [original[start:start + 240] for start in (380, 1950, 3100)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_moves_what_it_should(change, slices, write):
    rng = np.random.default_rng(CHANGES.index(change))
    for rows in slices:
        before, kept_before, orphans_before, _ = summary_parts(rows, write)
        assert (figures(before), kept_before, orphans_before) == (figures(expected(rows)[0]), *expected(rows)[1:])
        by_kind = {kind: [i for i, cells in enumerate(rows) if kind_of(cells, orphans_before) == kind]
                   for kind in KINDS}
        for kind in KINDS:
            for at in rng.permutation(by_kind[kind])[:2].tolist():
                after_rows = changed(rows, at, change)
                months, kept, orphans, _ = summary_parts(after_rows, write)
                should_months, should_kept, should_orphans = expected(after_rows)
                assert figures(months) == figures(should_months), (kind, rows[at])
                assert (kept, orphans) == (should_kept, should_orphans), (kind, rows[at])


def test_what_stays_stays(original, write):
    """On the whole file: a row outside the classes, or dropped, moves no month; one that counts moves its own."""
    rng = np.random.default_rng(17)
    before, kept_before, orphans_before, warnings_before = summary_parts(original, write)
    by_kind = {kind: [i for i, cells in enumerate(original) if kind_of(cells, orphans_before) == kind]
               for kind in KINDS}
    at = int(rng.choice(by_kind["outside"]))
    months, kept, orphans, warnings = summary_parts(changed(original, at, "delete"), write)
    assert (months, kept, orphans) == (before, kept_before, orphans_before)
    moved = {trap for trap in warnings_before if warnings_before[trap] != warnings.get(trap)}
    assert moved <= {"more_than_launched"}, "only the line number told there may move"

    at = int(rng.choice(by_kind["dropped"]))
    months, kept, orphans, warnings = summary_parts(changed(original, at, "launched"), write)
    assert (months, kept, orphans) == (before, kept_before, orphans_before)
    moved = {trap for trap in warnings_before if warnings_before[trap] != warnings.get(trap)}
    assert moved <= {2}, "what the rule drops is told there"
    assert moved or not original[at]["model"].startswith("Shahed")

    at = int(rng.choice(by_kind["orphan"]))
    cells = original[at]
    months, kept, orphans, _ = summary_parts(changed(original, at, "delete"), write)
    threat_class = classify(cells["model"]).threat_class
    differing = {key: before[key] - months[key] for key in before if before[key] != months[key]}
    expected_fall = {(cells["time_end"][:7], f"{threat_class}_{name}"): int(float(cells[name] or 0))
                     for name in ("launched", "destroyed")}
    assert differing == {key: value for key, value in expected_fall.items() if value}
    assert (kept, len(orphans)) == (kept_before - 1, len(orphans_before) - 1)


def test_taking_a_nights_national_rows_away_brings_its_regional_rows_back(original, write):
    _, kept_before, orphans_before, _ = summary_parts(original, write)
    dropped = [cells for cells in original if kind_of(cells, orphans_before) == "dropped"
               and cells["time_end"].startswith("2024-09")]
    start, end = window(dropped[0])
    without = [cells for cells in original if not (
        kind_of(cells, orphans_before) == "national" and window(cells)[0] < end and start < window(cells)[1])]
    assert len(without) < len(original)
    months, kept, orphans, _ = summary_parts(without, write)
    back = (dropped[0]["time_start"].strip(), dropped[0]["time_end"].strip(), dropped[0]["model"])
    assert back not in orphans_before
    assert back in orphans
    should_months, should_kept, should_orphans = expected(without)
    assert figures(months) == figures(should_months)
    assert (kept, orphans) == (should_kept, should_orphans)
    assert kept < kept_before


def test_the_order_of_rows_does_not_matter(original, write):
    shuffled = [original[i] for i in np.random.default_rng(23).permutation(len(original))]
    before, after = summary_parts(original, write), summary_parts(shuffled, write)
    assert before[:2] == after[:2]
    assert sorted(before[2]) == sorted(after[2])
    assert {trap: entry["rows"] for trap, entry in before[3].items()} == {
        trap: entry["rows"] for trap, entry in after[3].items()}
