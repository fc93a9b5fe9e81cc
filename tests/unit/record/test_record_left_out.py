"""What is left out for a name nobody knows: counted by days, refused above the limit, never in silence."""

import datetime as dt

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.record import last_days, left_out, read_files, read_record
from skyshield.record.names import reading

NIGHTS = [(f"2031-05-{day:02d} 19:00", f"2031-05-{day + 1:02d} 08:00") for day in range(1, 21)]


@pytest.fixture
def path(write, r, regional):
    rows = [r(*night, launched=100) for night in NIGHTS]
    rows[3]["model"] = "Gerbera"
    return write([*rows, r(*NIGHTS[5], "Thunderbird", 7, source=regional),
                  r("2031-05-25 10:00", "2031-05-25 11:00", "Thunderbird", 3, source=regional),
                  r(*NIGHTS[0], "ZALA", 50)])


def test_the_whole_and_some_days(path):
    result = left_out(read_record(path))
    assert (result.rows, result.launched) == (2, 103)  # the regional one that meets a national bulletin would go anyway
    assert result.share == pytest.approx(103 / 2003)
    assert [(model.name, model.launched) for model in result.models] == [("Gerbera", 100), ("Thunderbird", 3)]
    part = left_out(read_record(path), dt.date(2031, 5, 6), dt.date(2031, 5, 31))
    assert (part.rows, part.launched) == (1, 3)
    assert left_out(read_record(path), dt.date(2031, 6, 1)).share == 0.0


def test_the_days_of_a_record_hold_what_is_left_out(path):
    record = read_record(path)
    assert last_days(record) == (dt.date(2031, 5, 2), dt.date(2031, 5, 25))
    assert last_days(record, 10) == (dt.date(2031, 5, 16), dt.date(2031, 5, 25))
    assert last_days(record, 10, dt.date(2031, 5, 8)) == (dt.date(2031, 5, 2), dt.date(2031, 5, 8))
    assert last_days(record, 10, dt.date(2032, 1, 1)) == (dt.date(2031, 5, 16), dt.date(2031, 5, 25))


def test_more_than_the_limit_is_refused_and_says_how_to_go_on(path, monkeypatch):
    with pytest.raises(SkyShieldError) as caught:
        read_files(path)
    message = str(caught.value)
    assert caught.value.exit_code == 2
    for expected in (str(path), "103 launches (5.1%) in 2 rows", "'Gerbera'", "limit 5%", "--accept-unknown"):
        assert expected in message
    assert read_files(path, accept_unknown=True).report.left_out.rows == 2
    assert read_files(path, n_days=10).report.left_out.launched == 3
    monkeypatch.setitem(reading()["limits"], "left_out_share", 0.06)
    assert read_files(path).report.left_out.launched == 103


def test_the_report_says_it(path):
    report = read_files(path, n_days=10).report
    lines = report.lines()
    assert any(line.startswith("unknown_model (3 rows): 103 launches (5.1%) in 2 rows are left out") for line in lines)
    assert any("1 more such rows are regional" in line for line in lines)
    assert any(line.startswith("of the days from 2031-05-16 to 2031-05-25, 3 launches") for line in lines)
    assert lines[-1].startswith("traps that touched rows: 1 (19), 4 (19)")
    content = report.to_dict()
    assert content["left_out"]["models"] == [{"name": "Thunderbird", "rows": 1, "launched": 3, "nearest": None}]
    assert [model["trap"] for model in content["warnings"]][:11] == list(range(1, 12))


def test_rows_without_a_number_count_as_rows(write, r):
    rows = [r(*night, launched=100) for night in NIGHTS]
    rows[2] |= {"model": "Oreshnik", "launched": "NA"}
    rows[3] |= {"model": "Oreshnik", "launched": "NA"}
    result = left_out(read_record(write(rows)))
    assert (result.rows, result.launched, result.without_number, result.share) == (2, 0, 2, pytest.approx(2 / 20))
    with pytest.raises(SkyShieldError, match=r"0 launches \(10\.0%\) in 2 rows, 2 of them without a number,"):
        read_files(write(rows))


def test_a_regional_repeat_of_an_unknown_national_row_counts_once(write, r, regional):
    rows = [*(r(*night) for night in NIGHTS[1:]), r(*NIGHTS[0], "Oreshnik", 4),
            r(*NIGHTS[0], "Oreshnik", 4, source=regional), r(*NIGHTS[0], "Kalibr", 2, source=regional)]
    record = read_record(write(rows))
    assert left_out(record).launched == 4
    assert [row.model for row in record.orphans] == ["Kalibr"]  # the rule knows national rows of the classes only


def test_a_combination_without_a_class_says_so(write, r):
    omitted = left_out(read_record(write([r(*NIGHTS[0], "Shahed-136/131 and Kalibr"), r(*NIGHTS[1])])))
    assert "'Shahed-136/131 and Kalibr', a combination that is in no class" in omitted.text()


def test_nothing_left_out_is_not_told(write, r):
    report = read_files(write([r(*night) for night in NIGHTS])).report
    assert report.left_out.rows == 0 and report.left_out.models == ()
    assert "unknown" not in " ".join(report.lines())
