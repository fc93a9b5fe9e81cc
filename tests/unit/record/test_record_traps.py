"""Each trap on a small invented record: what is read, and what is told."""

import numpy as np
import pytest

from skyshield.record import daily, nightly, read_alerts, read_record, summarise
from skyshield.record.monthly import build_monthly, parse_monthly
from skyshield.record.names import classify
from skyshield.record.nights import window_s


@pytest.fixture
def warnings_by_trap(write):
    """Summarise rows and return the warnings by trap."""
    def warnings_by_trap(rows, **options):
        return {entry["trap"]: entry for entry in summarise(read_record(write(rows, **options)))["warnings"]}
    return warnings_by_trap


def month_of(write, rows):
    (month,) = summarise(read_record(write(rows)))["months"]
    return {name: value for name, value in month.items() if value and name not in ("month", "partial")}


@pytest.mark.parametrize(("model", "threat_class"), [
    ("Shahed-136/131", "uav"), ("Shahed-136/131 and Lancet", "uav"), ("X-59/X-69", "cruise"), ("X-59MK2", "cruise"),
    ("X-22/X-32", "cruise"), ("X-101/X-555 and  Kalibr and Iskander-K", "cruise"), ("3M22 Zircon", "cruise"),
    ("Banderol", "cruise"), ("C-400 and Iskander-M", "ballistic"), ("X-47 Kinzhal", "ballistic"),
    ("Intercontinental Ballistic Missile", "ballistic"), ("Iskander-M/Iskander-K", "mixed"),
    ("Iskander-M/KN-23 and Iskander-K and X-59/X-69", "mixed"), ("Unknown Missile", "mixed"),
    ("Unknown Missile and Kalibr", "mixed"),
    ("Unknown Missile and Kalibr and Iskander-M", "mixed"),
    ("GBU", "other"), ("Lancet", "other"), ("Orlan-10 and ZALA", "other"),
    ("Unknown UAV", "other")])
def test_classes_of_known_names(model, threat_class):
    assert classify(model)[::2] == (threat_class, True)


@pytest.mark.parametrize("model", ["", "Thunderbird", "X-22 and Thunderbird", "Shahed-136/131 and Kalibr", "X-22/",
                                   "Shahed-136 131", "Kalibr and Lancet", " and "])
def test_what_is_not_in_the_table_is_other_and_told(model, warnings_by_trap, r):
    assert classify(model)[::2] == ("other", False)
    start, end = "2031-05-01 19:00", "2031-05-02 08:00"
    result = warnings_by_trap([r(start, end, model, 77), r(start, end)])
    assert result["unknown_model"]["rows"] == 1
    assert f"77 launches ({77 / 87:.1%}) in 1 rows are left out" in result["unknown_model"]["what"]


def test_every_numbered_trap_is_told_for_any_file(warnings_by_trap, r):
    quiet = warnings_by_trap([r("2031-05-01 19:00", "2031-05-02 08:00", "Orlan-10")])
    assert list(quiet) == list(range(1, 12))
    assert all(entry["rows"] == 0 for entry in quiet.values())
    assert all(entry["what"] and not entry["what"].endswith(".") for entry in quiet.values())


def test_1_counts_the_claims(warnings_by_trap, r, regional):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00"), r("2031-05-01 19:00", "2031-05-02 08:00", source=regional)]
    assert warnings_by_trap(rows)[1]["rows"] == 1


def test_2_counts_regional_rows(warnings_by_trap, r, regional):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00", launched=100),
            r("2031-05-01 20:00", "2031-05-02 07:00", launched=30, source=regional),
            r("2031-05-03 20:00", "2031-05-04 07:00", launched=5, source="PvkZahid/1"),
            r("2031-05-03 20:00", "2031-05-04 07:00", "Orlan-10", source="PvkZahid/1")]
    entry = warnings_by_trap(rows)[2]
    assert entry["rows"] == 2
    for words in ("1 meet", "1 stand alone", "launched 105", "none kept 100", "all kept 135"):
        assert words in entry["what"]


@pytest.mark.parametrize(("source", "kept"), [
    ("kpszsu/1", True), ("GeneralStaff.ua/1", True), ("CinCAFU/1", True), ("https://t.me/x", True),
    ("watch/?v=1", False), ("kharkivoda.gov.ua/1", False), ("pvkshid/1", False), ("", False)])
def test_2_who_is_national(write, r, source, kept):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00"), r("2031-05-01 19:00", "2031-05-02 08:00", source=source)]
    assert read_record(write(rows)).rows[1].kept is kept


def test_3_finds_the_months_of_another_meaning_by_data(warnings_by_trap, r):
    rows = [r("2031-04-01 19:00", "2031-04-02 08:00", launched=100, destroyed=80),
            r("2031-05-01 19:00", "2031-05-02 08:00", launched=100, destroyed=50, not_reach_goal=40),
            r("2031-05-02 19:00", "2031-05-03 08:00", launched=90, destroyed=80, not_reach_goal=0),
            r("2031-06-01 19:00", "2031-06-02 08:00", launched=20, destroyed=10, not_reach_goal=5),
            r("2031-06-02 19:00", "2031-06-03 08:00", launched=100, destroyed=90)]
    entry = warnings_by_trap(rows)[3]
    assert entry["rows"] == 2
    assert "1 months from 2031-05 to 2031-05" in entry["what"]
    assert f"{130 / 190:.1%} destroyed and {170 / 190:.1%} neutralised in that time" in entry["what"]
    assert f"{100 / 120:.1%} destroyed and {105 / 120:.1%} neutralised after" in entry["what"]
    assert "in no month" in warnings_by_trap([rows[0], rows[3], rows[4]])[3]["what"]


def test_4_tells_the_armed_share(warnings_by_trap, r):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00", launched=100, is_shahed=60),
            r("2031-05-02 19:00", "2031-05-03 08:00", launched=50, is_shahed=40.0),
            r("2031-05-03 19:00", "2031-05-04 08:00")]
    entry = warnings_by_trap(rows)[4]
    assert entry["rows"] == 3
    assert "2 say" in entry["what"]
    assert "70% of launches" in entry["what"]
    assert "65% and 75%" in entry["what"]


def test_5_places_are_not_weapons(warnings_by_trap, r):
    entry = warnings_by_trap([r("2031-05-01 19:00", "2031-05-02 08:00", launched=50, destroyed=30, not_reach_goal=6,
                                still_attacking=4, num_hit_location=5),
                              r("2031-05-02 19:00", "2031-05-03 08:00")])[5]
    assert entry["rows"] == 1
    assert "0.50 places" in entry["what"]


def test_6_tells_rates_with_and_without_merged_types(warnings_by_trap, r):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00", "C-300 and Iskander-M", 10, 6),
            r("2031-05-02 19:00", "2031-05-03 08:00", "Iskander-M/KN-23", 10, 1),
            r("2031-06-02 19:00", "2031-06-03 08:00", "Iskander-M", 10, 10),
            r("2031-05-02 19:00", "2031-05-03 08:00", "C-300/C-400", 10, 0)]
    entry = warnings_by_trap(rows)[6]
    assert entry["rows"] == 1
    assert "iskander_m with s300 1, from 2031-05, 10 launched" in entry["what"]
    assert f"{7 / 30:.1%} stopped with them, {1 / 20:.1%} without" in entry["what"]


def test_7_launch_places_are_lists(warnings_by_trap, write, r):
    rows = [r("2031-05-01 19:00", "2031-05-02 08:00", launch_place="Kursk oblast and Hvardiiske, Crimea"),
            r("2031-05-02 19:00", "2031-05-03 08:00", launch_place="Crimea"),
            r("2031-05-03 19:00", "2031-05-04 08:00")]
    entry = warnings_by_trap(rows)[7]
    assert entry["rows"] == 1
    assert "1 name none" in entry["what"]
    assert read_record(write(rows)).rows[0].launch_places == ("Kursk oblast", "Hvardiiske, Crimea")


def test_8_a_raid_over_midnight_and_month_end_counts_once_by_its_end(warnings_by_trap, write, r):
    rows = [r("2031-05-31 19:00", "2031-06-01 08:00", launched=9, destroyed=7),
            r("2031-06-01 10:00", "2031-06-01 16:00", launched=2, destroyed=1),
            r("2031-06-01 20:00", "2031-06-01 23:00", launched=3, destroyed=0)]
    assert month_of(write, rows) == {"uav_launched": 14, "uav_destroyed": 8}
    entry = warnings_by_trap(rows)[8]
    assert entry["rows"] == 1
    assert "1 dates hold a night and a day part" in entry["what"]
    assert "1 rows lie mostly after" in entry["what"]


def test_9_tells_the_incomplete_years(warnings_by_trap, r):
    entry = warnings_by_trap([r("2023-05-01 19:00", "2023-05-02 08:00", "C-300"),
                              r("2023-06-01 19:00", "2023-06-02 08:00"),
                              r("2031-05-01 19:00", "2031-05-02 08:00", "C-300")])[9]
    assert entry["rows"] == 1
    assert "1 of 2 months there have none (2023-06)" in entry["what"]


def test_10_dates_without_time_and_empty_counts(warnings_by_trap, write, r, regional):
    rows = [r("2031-05-01", "2031-05-01 08:00", launched="", destroyed=0),
            r("2031-05-02", "2031-05-02", "Kalibr", destroyed=""),
            r("2031-05-04 10:00", "2031-05-04 11:00", source=regional),
            r("2031-05-05", "2031-05-05", source=regional)]
    assert month_of(write, rows) == {"uav_launched": 20, "uav_destroyed": 16, "cruise_launched": 10}
    entry = warnings_by_trap(rows)[10]
    assert entry["rows"] == 3
    assert "3 rows (2 national, 2031)" in entry["what"]
    assert "1 have no launched and 1 no destroyed" in entry["what"]


def test_11_tells_the_clock_covered(warnings_by_trap, r):
    rows = [r("2031-05-01 18:00", "2031-05-02 06:00"), r("2031-05-02 00:00", "2031-05-02 06:00", "Kalibr"),
            r("2031-05-03 12:00", "2031-05-03 18:00"), r("2031-05-05 06:00", "2031-05-05 12:00", "X-22")]
    entry = warnings_by_trap(rows)[11]
    assert entry["rows"] == 2
    assert f"{18 / 96:.1%} of the clock" in entry["what"]
    assert "windows of 9.0 h" in entry["what"]
    assert "2 of 4 days of the file have no UAV row" in entry["what"]


def test_11_asks_the_alerts(write, r):
    record = read_record(write([r("2031-05-01 18:00", "2031-05-02 06:00"), r("2031-05-04 18:00", "2031-05-05 06:00")]))
    alerts = read_alerts(write("region,started_at,finished_at\n"
                               "Lvivska oblast,2031-05-01T20:00:00Z,2031-05-01T22:00:00Z\n"
                               "Lvivska oblast,2031-05-02T20:00:00Z,2031-05-02T23:00:00Z\n"
                               "Sumska oblast,2031-05-03T20:00:00Z,2031-05-03T23:00:00Z\n"
                               "Sumska oblast,2031-05-03T20:00:00Z,2031-05-06T23:00:00Z\n"
                               "Lvivska oblast,2031-05-04T20:00:00Z,2031-05-04T22:00:00Z\n", "alerts.csv"))
    what = summarise(record, alerts)["warnings"][10]["what"]
    assert "cover 2 of these days: a median of 1.5 oblast-hours, 2.0 on the other days, and 1 of them" in what
    assert "1 alerts over 24 h dropped" in what


def test_oddities_are_told_only_where_they_occur(warnings_by_trap, r, text_of, columns):
    start, end = "2031-05-01 19:00", "2031-05-02 08:00"
    result = warnings_by_trap([r(start, end, launched=5, destroyed=6),
                               r(start, end, launched=5, destroyed=3, not_reach_goal=3),
                               r(start, end, launched=5, destroyed=3, still_attacking=2), r(start, end, is_shahed=11)])
    assert result["more_than_launched"]["rows"] == 3
    assert result["more_than_launched"]["what"].endswith("(line 2, 3, 5)")
    result = warnings_by_trap([r(start, end), r(start, end), r(start, end, launch_place="Kursk oblast")])
    assert result["same_row_twice"]["rows"] == 1
    assert "more_than_launched" not in result
    result = warnings_by_trap([r(start, "2031-05-04 08:00", source="")])
    assert result["long_window"]["rows"] == result["no_source"]["rows"] == 1
    result = warnings_by_trap([r(start, end)], columns=[name for name in columns if name != "is_shahed"])
    assert "is_shahed" in result["absent_columns"]["what"]


def test_details_are_read(write, r):
    row = read_record(write([r(
        "2031-05-01 19:00 ", " 2031-05-02 8:00", border_crossing="{'belarus': 2.0, 'russia': 1}", launched="12",
        destroyed_details="{'south': 7, 'north': NaN,    'Kyiv oblast': 1}", is_shahed="8.0",
        num_hit_location=3, num_fall_fragment_location=4, still_attacking=1, not_reach_goal=2)])).rows[0]
    assert row.border_crossing == (("belarus", 2), ("russia", 1))
    assert row.kills_by_area == (("south", 7), ("north", None), ("Kyiv oblast", 1))
    assert (row.launched, row.destroyed, row.lost, row.still_attacking) == (12, 8, 2, 1)
    assert (row.is_shahed, row.hit_locations, row.fragment_locations) == (8, 3, 4)
    assert (row.start.isoformat(), row.end.isoformat()) == ("2031-05-01T19:00:00", "2031-05-02T08:00:00")
    assert row.time_start == "2031-05-01 19:00 "


def test_nights_and_days(write, r):
    nights = nightly(read_record(write([
        r("2031-05-01 18:00", "2031-05-02 09:00", launched=100, destroyed=80, not_reach_goal=5, still_attacking=3),
        r("2031-05-02 09:00", "2031-05-02 17:00", launched=7, destroyed=7),
        r("2031-05-02 06:00", "2031-05-02 11:00", launched=4, destroyed=1),
        r("2031-05-01 18:00", "2031-05-02 09:00", "X-22", 3, 1),
        r("2031-05-04 08:00", "2031-05-04 10:00", "X-22", 5, 1),
        r("2031-05-04 18:00", "2031-05-04 18:00", launched=1, destroyed=1),
        r("2031-05-05 17:59", "2031-05-05 17:59", launched=1, destroyed=1)])))
    assert nights.date.astype(str).tolist() == ["2031-05-02", "2031-05-02", "2031-05-04", "2031-05-04", "2031-05-05"]
    assert nights.part.tolist() == ["night", "day", "night", "day", "day"]
    assert nights.uav_launched.tolist() == [104, 7, 1, 0, 1]
    assert nights.uav_destroyed.tolist() == [81, 7, 1, 0, 1]
    assert (nights.uav_lost[0], nights.uav_still[0]) == (5, 3)
    assert nights.cruise_launched.tolist() == [3, 0, 0, 5, 0]
    assert nights.exposure_h.tolist() == [17, 6, 0, 0, 0]
    days = daily(nights)
    assert days.date.astype(str).tolist() == ["2031-05-02", "2031-05-03", "2031-05-04", "2031-05-05"]
    assert days.uav.tolist() == [111, 0, 1, 1]
    assert days.uav_day_part.tolist() == [7, 0, 0, 1]
    assert days.cruise.tolist() == [3, 0, 5, 0]
    assert days.exposure_h.tolist() == [23, 0, 0, 0]


@pytest.mark.parametrize(("start", "end", "part"), [
    ("2031-05-02 00:00", "2031-05-02 18:00", "day"), ("2031-05-02 07:00", "2031-05-02 11:00", "day"),
    ("2031-05-02 16:00", "2031-05-02 20:00", "night"), ("2031-05-02 09:00", "2031-05-03 03:00", "night"),
    ("2031-05-02 08:00", "2031-05-02 09:59", "night"), ("2031-05-02 08:00", "2031-05-02 10:01", "day"),
    ("2031-05-02 09:00", "2031-05-02 09:00", "day"), ("2031-05-02 18:00", "2031-05-02 18:00", "night"),
    ("2031-05-02", "2031-05-02", "night"), ("2031-05-02", "2031-05-02 08:00", "night")])
def test_the_part_that_holds_most_of_a_window(write, r, start, end, part):
    assert nightly(read_record(write([r(start, end)]))).part.tolist() == [part]


def test_windows_within_windows_count_once(write, r):
    rows = [r("2031-05-01 18:00", "2031-05-02 06:00"), r("2031-05-01 19:00", "2031-05-01 20:00"),
            r("2031-05-02 02:00", "2031-05-02 03:00"), r("2031-05-02 05:00", "2031-05-02 07:00")]
    nights = nightly(read_record(write(rows)))
    assert nights.date.astype(str).tolist() == ["2031-05-01", "2031-05-02"]
    assert nights.exposure_h.tolist() == [1, 13]
    assert nightly(read_record(write([rows[0], *rows[2:]]))).exposure_h.tolist() == [13]


def test_no_window_has_a_negative_length(write, r):
    (row,) = read_record(write([r("2025-03-30 03:10", "2025-03-30 04:05")])).rows
    start, end = window_s(row)
    assert start == end


@pytest.mark.parametrize(("start", "end", "hours"), [
    ("2025-03-29 18:00", "2025-03-30 09:00", 14), ("2025-10-25 18:00", "2025-10-26 09:00", 16),
    ("2025-03-30 03:10", "2025-03-30 04:05", 0), ("2025-07-01 18:00", "2025-07-02 09:00", 15),
    ("2025-10-26 03:30", "2025-10-26 03:30", 0)])
def test_hours_are_real_hours(write, r, start, end, hours):
    assert nightly(read_record(write([r(start, end)]))).exposure_h.tolist() == [hours]


def test_a_record_without_counted_rows_has_no_days(write, r):
    record = read_record(write([r("2031-05-01 19:00", "2031-05-02 08:00", "ZALA")]))
    assert summarise(record)["months"] == []
    nights = nightly(record)
    assert nights.date.size == nights.exposure_h.size == 0
    assert daily(nights).date.size == daily(nights).uav.size == 0
    assert nights.date.dtype == daily(nights).date.dtype == np.dtype("datetime64[D]")


def test_months_without_rows_are_zeros(write, r):
    months = summarise(read_record(write([r("2031-11-01 19:00", "2031-11-02 08:00"),
                                          r("2032-02-01 19:00", "2032-02-02 08:00")])))["months"]
    assert [row["month"] for row in months] == ["2031-11", "2031-12", "2032-01", "2032-02"]
    assert months[1] == months[2] | {"month": "2031-12"}
    assert sum(value for name, value in months[1].items() if name != "month") == 0


def test_monthly_aggregates(write, r):
    rows = []
    for day in range(1, 29):
        moment = f"2031-05-{day:02d} 0"
        if day != 9:
            rows.append(r(moment + "1:00", moment + "7:00", launched=300 if day < 3 else 299, destroyed=0))
        rows.append(r(moment + "1:00", moment + "7:00", "X-22", 18 if day < 5 else 17))
        rows.append(r(moment + "1:00", moment + "7:00", "Iskander-M and Kalibr", 2))
    rows.append(r("2031-05-09 01:00", "2031-05-09 01:00", launched=0))
    rows.append(r("2031-06-02 01:00", "2031-06-02 07:00", launched=9))
    table = parse_monthly(build_monthly(read_record(write(rows)), "invented", "2031-07-01"))
    assert table.month.astype(str).tolist() == ["2031-05", "2031-06"]
    assert {name: values.tolist() for name, values in table.days.items()} == {
        "n_days": [31, 2], "n_days_without_uav_row": [3, 1], "n_uav_windows": [28, 1], "n_mass_raids": [2, 0],
        "n_combined_raids": [4, 0]}
    assert table.exposure_h.tolist() == [27 * 6, 6]
    expected = np.quantile([300, 300] + [299] * 25 + [0] * 4, table.levels)
    assert np.allclose(table.quantiles["uav"][0], expected, atol=0.01)
    assert np.isnan(table.quantiles["uav"][1]).all()
    assert table.provenance["window_last"] == "2031-06-02"
