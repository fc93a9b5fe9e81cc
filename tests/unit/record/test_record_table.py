"""The monthly table on the real file, exactly; the shipped aggregates agree with it."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from skyshield.core.files import parse_yaml
from skyshield.record import daily, nightly, read_record, summarise
from skyshield.record.monthly import build_monthly, load_monthly, parse_monthly

# Month, UAV launched, destroyed, lost, cruise L, D, ballistic L, D, mixed L, D: own sums of the record.
TABLE = """
2022-09 7 5 0 5 4 0 0 0 0
2022-10 253 247 0 220 143 16 0 3 3
2022-11 59 58 0 190 136 0 0 0 0
2022-12 90 80 0 217 179 27 0 20 12
2023-01 108 108 0 94 75 2 0 0 0
2023-02 45 40 0 110 79 35 0 0 0
2023-03 89 71 0 70 38 19 0 0 0
2023-04 73 60 0 23 21 0 0 0 0
2023-05 408 369 0 150 133 31 17 19 11
2023-06 201 166 0 175 141 20 13 8 2
2023-07 244 205 0 129 82 7 2 0 0
2023-08 166 149 0 123 96 18 2 0 0
2023-09 503 396 0 93 78 2 1 0 0
2023-10 283 229 0 17 12 18 0 1 0
2023-11 370 304 0 25 16 18 1 0 0
2023-12 623 510 0 134 109 49 10 0 0
2024-01 362 293 0 176 115 98 15 0 0
2024-02 379 292 0 89 57 33 1 0 0
2024-03 553 496 0 180 131 87 4 0 0
2024-04 287 258 0 94 69 58 0 2 2
2024-05 358 352 0 87 70 26 0 0 0
2024-06 328 309 0 116 88 23 4 1 1
2024-07 426 373 17 72 51 24 4 1 0
2024-08 790 656 73 157 115 51 6 7 3
2024-09 1334 1108 137 75 42 55 9 10 0
2024-10 1912 1098 661 39 8 40 2 4 0
2024-11 2434 1308 989 234 195 30 10 0 0
2024-12 1807 946 814 177 151 46 7 1 0
2025-01 2629 1598 914 52 40 25 2 0 0
2025-02 3902 2209 1586 42 6 21 6 33 0
2025-03 4198 2435 1386 55 37 29 1 0 0
2025-04 2476 1195 901 92 56 32 8 0 0
2025-05 4003 1852 1437 73 57 49 8 2 0
2025-06 5438 2700 1978 177 140 63 22 0 0
2025-07 6297 3541 2023 101 81 70 20 27 17
2025-08 4132 3445 0 98 85 59 21 1 0
2025-09 5636 4886 0 156 126 31 2 0 0
2025-10 5298 4221 17 162 111 108 17 0 0
2025-11 5445 4560 0 96 71 77 20 38 9
2025-12 5131 4144 15 120 99 51 14 0 0
2026-01 4476 3743 0 60 38 74 30 0 0
2026-02 5059 4410 0 170 132 120 38 0 0
"""
EXPECTED = {line.split()[0]: [int(cell) for cell in line.split()[1:]] for line in TABLE.strip().splitlines()}


@pytest.fixture(scope="module")
def path(data_dir):
    return data_dir / "raids" / "missile_attacks_daily.csv"


@pytest.fixture(scope="module")
def record(path):
    return read_record(path)


@pytest.fixture(scope="module")
def summary(record):
    return summarise(record)


def test_the_monthly_table(summary):
    result = {row["month"]: [value for name, value in row.items() if name not in ("month", "partial")]
              for row in summary["months"]}
    assert result == EXPECTED


def test_the_frame_of_the_summary(summary, record, path):
    assert list(summary) == ["rows", "kept_rows", "orphans", "first", "last", "months", "months_without_uav_counts",
                             "left_out", "alerts", "warnings"]
    assert [row["month"] for row in summary["months"] if "partial" in row] == ["2022-09"]
    assert summary["months_without_uav_counts"] == ["2024-07", "2024-08", "2024-09"]
    assert (summary["left_out"]["rows"], summary["left_out"]["share"]) == (0, 0.0)
    assert (summary["rows"], summary["kept_rows"], len(summary["orphans"])) == (3467, 2008, 100)
    assert (summary["first"], summary["last"]) == ("2022-09-28", "2026-02-28")
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.absent == ()


def test_october_2025_under_three_rules(record):
    rows = [row for row in record.rows if row.month == "2025-10" and row.threat_class == "uav"]

    def launched(chosen):
        return sum(row.launched or 0 for row in chosen)

    assert launched(row for row in rows if row.kept) == 5298
    assert launched(row for row in rows if row.national) == 5249
    assert launched(rows) == 5300


def test_the_orphans_that_must_be_kept(summary):
    first_of_october = [row for row in summary["orphans"] if row["time_end"].startswith("2025-10-01")]
    assert [(row["model"], row["launched"], row["source"]) for row in first_of_october] == [
        ("Shahed-136/131", 49, "PvKPivden"), ("P-800 Oniks", 1, "PvKPivden"), ("Iskander-M/KN-23", 4, "PvKPivden")]
    west = [row for row in summary["orphans"] if row["time_end"].startswith("2026-01")]
    assert {row["source"] for row in west} == {"PvkZahid"}
    assert [row["launched"] for row in west] == [3, 11, 10]
    assert all("/" not in row["source"] for row in summary["orphans"])


def test_what_the_traps_touched(summary):
    reported = {entry["trap"]: entry for entry in summary["warnings"]}
    assert list(reported) == [*range(1, 12), "more_than_launched"]
    assert {trap: entry["rows"] for trap, entry in reported.items()} == {
        1: 2008, 2: 267, 3: 322, 4: 931, 5: 282, 6: 16, 7: 780, 8: 838, 9: 46, 10: 763, 11: 278,
        "more_than_launched": 1}
    for trap, words in {2: "167 meet", 3: "2025-07", 4: "62%", 6: "14, from 2023-05", 10: "720 national",
                        11: "national alone 56.4%", "more_than_launched": "line 1502"}.items():
        assert words in reported[trap]["what"], reported[trap]["what"]


def test_days_agree_with_months_and_with_the_known_facts(record):
    days = daily(nightly(record))
    months = np.array(list(EXPECTED), "datetime64[M]")
    for column, name in ((0, "uav"), (3, "cruise"), (5, "ballistic"), (7, "mixed")):
        result = [int(getattr(days, name)[days.date.astype("datetime64[M]") == month].sum()) for month in months]
        assert result == [row[column] for row in EXPECTED.values()]
    recent = days.date >= np.datetime64("2025-06-01")
    uav = days.uav[recent]
    missiles = (days.cruise + days.ballistic + days.mixed)[recent]
    assert uav.size == 273
    assert abs(uav.mean() - 172) < 0.5
    assert abs(uav.std() - 152) < 0.5
    assert np.quantile(uav, (0.05, 0.5, 0.95)).round().tolist() == [47, 115, 509]
    assert abs(np.corrcoef(uav[:-1], uav[1:])[0, 1] + 0.13) < 0.005
    assert (uav >= 300).sum() == 48
    assert (missiles >= 20).sum() == 40
    assert abs(np.corrcoef(uav, missiles)[0, 1] - 0.80) < 0.005


def test_every_part_of_the_days_is_bounded(record):
    nights, days = nightly(record), daily(nightly(record))
    assert days.uav.sum() == sum(row[0] for row in EXPECTED.values())
    assert (days.uav_day_part <= days.uav).all()
    assert 0 < days.uav_day_part.sum() < days.uav.sum()
    assert (nights.exposure_h >= 0).all()
    assert np.isclose(nights.exposure_h.sum(), days.exposure_h.sum())
    assert (np.diff(days.date) == np.timedelta64(1, "D")).all()
    assert nights.uav_lost.sum() == sum(row[2] for row in EXPECTED.values())


def test_the_shipped_aggregates_hold_the_table():
    shipped = load_monthly()
    names = list(shipped.counts)
    result = {str(month): [int(shipped.counts[name][i]) for name in names] for i, month in enumerate(shipped.month)}
    assert result == EXPECTED
    assert shipped.provenance["note"].startswith("claims by the defender")
    assert len(shipped.provenance["sha256"]) == 64
    recent = shipped.month >= np.datetime64("2025-06")
    assert shipped.days["n_mass_raids"][recent].sum() == 48
    assert shipped.days["n_combined_raids"][recent].sum() == 40
    assert np.isnan(shipped.quantiles["uav"][0]).all()
    assert (np.diff(shipped.quantiles["uav"][1:], axis=1) >= 0).all()
    with pytest.raises(ValueError, match="read-only"):
        shipped.counts["uav_launched"][0] = 1


def test_the_shipped_aggregates_come_from_the_file(record, path, tmp_path):
    shipped = load_monthly()
    again = build_monthly(record, shipped.provenance["source"], shipped.provenance["date"])
    assert again["provenance"] == shipped.provenance
    rebuilt = parse_monthly(again)
    assert (rebuilt.exposure_h == shipped.exposure_h).all()
    for name, values in shipped.quantiles.items():
        np.testing.assert_array_equal(values, rebuilt.quantiles[name])
    for name, values in shipped.days.items():
        np.testing.assert_array_equal(values, rebuilt.days[name])
    tool_path = Path(__file__).parents[3] / "tools" / "make_monthly.py"
    spec = importlib.util.spec_from_file_location("make_monthly", tool_path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    out = tmp_path / "monthly.yaml"
    assert tool.main([str(path), "--date", shipped.provenance["date"], "--out", str(out)]) == 0
    assert out.read_bytes() == tool.OUT.read_bytes()
    assert parse_yaml(out.read_text("utf-8"), "out")["rows"] == again["rows"]


def test_the_tool_reports_bad_input(tmp_path, capsys):
    tool_path = Path(__file__).parents[3] / "tools" / "make_monthly.py"
    spec = importlib.util.spec_from_file_location("make_monthly", tool_path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    out = tmp_path / "monthly.yaml"
    assert tool.main([str(tmp_path / "none.csv"), "--out", str(out)]) == 2
    assert "no such file" in capsys.readouterr().err
    assert not out.exists()
