"""Files that cannot be read stop with their place; files that only look different are read."""

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.record import read_record, summarise
from skyshield.record.reader import OPTIONAL, REQUIRED

START, END = "2031-05-01 19:00", "2031-05-02 08:00"


def refusal(path):
    with pytest.raises(SkyShieldError) as caught:
        read_record(path)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize("value", ["-1", "-0.0", "2.5", "naan", "inf", "-inf", "1e3", "twelve", "1,000", "0x10",
                                   "١٢", "1_000", "--", "100001", "999999999999", "9" * 400, "1.0.0", "+3"])
@pytest.mark.parametrize("column", ["launched", "destroyed", "not_reach_goal"])
def test_counts_that_are_none(write, r, value, column):
    path = write([r(START, END), r(START, END, **{column: value})])
    message = refusal(path)
    assert message.startswith(f"{path}: line 3: {column}: is ")


@pytest.mark.parametrize("column", ["still_attacking", "is_shahed", "num_hit_location", "num_fall_fragment_location"])
def test_the_other_counts_are_checked_too(write, r, column):
    assert f"line 2: {column}" in refusal(write([r(START, END, **{column: "-4"})]))


def test_a_count_is_refused_in_rows_that_do_not_count(write, r, regional):
    rows = [r(START, END), r(START, END, launched="-1", source=regional)]
    assert "line 3: launched" in refusal(write(rows))
    assert "line 2: launched" in refusal(write([r(START, END, "ZALA", launched="x")]))


@pytest.mark.parametrize("text", ["2031-02-30", "2031-13-01 10:00", "2031-05-01 24:00", "2031-05-01 10:60", "2031-5-1",
                                  "01.05.2031", "yesterday", "2031-05-01 10", "1931-05-01", "9999-12-31", "0000-00-00",
                                  "2031-05-01 10:00 EET", "2031-05-01 10:00 Europe/Kyiv", "2031-05-01Z",
                                  "2031-05-01 10:00+25:00", "２０３１-05-01"])
@pytest.mark.parametrize("column", ["time_start", "time_end"])
def test_dates_that_are_none(write, r, text, column):
    rows = [r(START, END) | {column: text}]
    assert f"line 2: {column}: {text!r} is not a date" in refusal(write(rows))


def test_empty_dates(write, r):
    assert "line 2: time_start: is empty" in refusal(write([r(" ", END)]))


@pytest.mark.parametrize("text", ["2031-05-01 9:05", "2031-05-01T09:05", " 2031-05-01 09:05:00 "])
def test_ways_to_write_a_moment(write, r, text):
    assert read_record(write([r(text, END)])).rows[0].start.isoformat() == "2031-05-01T09:05:00"


def test_windows_that_make_no_sense(write, r):
    assert "line 2: time_end: the window ends" in refusal(write([r(END, START)]))
    assert "lasts 60 days" in refusal(write([r("2031-05-01 10:00", "2031-06-30 11:00")]))
    assert read_record(write([r("2031-05-02 10:00", "2031-05-02")])).rows[0].end.isoformat() == "2031-05-03T00:00:00"


@pytest.mark.parametrize("column", ["border_crossing", "destroyed_details"])
@pytest.mark.parametrize("text", ["poland 8", "{'poland'}", "{'poland': -1}", "{'poland': x}", "{poland: 1}", "{",
                                  "['a']", "{'a': 1 'b': 2}", "{'a': 1e999}", "{" * 500 + "}" * 500,
                                  "{" + "'a': 1," * 900 + "!}"])
def test_details_that_are_none(write, r, column, text):
    assert f"line 2: {column}: " in refusal(write([r(START, END, **{column: text})]))


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_column_is_named(write, r, columns, name):
    assert repr(name) in refusal(write([r(START, END)], columns=[c for c in columns if c != name]))


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_missing_optional_column_is_told(write, r, columns, name):
    record = read_record(write([r(START, END)], columns=[c for c in columns if c != name]))
    assert record.absent == (name,)
    assert name in summarise(record)["warnings"][-1]["what"]


def test_files_that_are_no_record(write, tmp_path, r, text_of):
    good = text_of([r(START, END)])
    assert "no such file" in refusal(tmp_path / "none.csv")
    assert "directory" in refusal(tmp_path)
    assert "is empty" in refusal(write(b""))
    assert "no header" in refusal(write("\n\n"))
    assert "no rows" in refusal(write(good.splitlines()[0] + "\n"))
    assert "no rows" in refusal(write(good.splitlines()[0] + "\n\n\n"))
    assert "separator is a comma" in refusal(write(good.replace(",", ";")))
    assert "separator is a comma" in refusal(write(good.replace(",", "\t")))
    assert "lacks the column" in refusal(write("<html><body>404</body></html>"))
    assert "binary" in refusal(write(b"\x89PNG\r\n\x00\x00" + good.encode()))
    assert "binary" in refusal(write(good.encode("utf-16")[2:]))
    assert "line 2: is not UTF-8" in refusal(write(good.replace("kpszsu", "Львів").encode("cp1251")))
    assert "not UTF-8" in refusal(write(good.replace("kpszsu", "Köln").encode("latin-1")))
    assert "names a column twice" in refusal(write([r(START, END)], columns=[*r(START, END), "source"]))
    assert "line 2: has" in refusal(write(good.rstrip("\n") + ",extra\n"))
    assert "line 2: has" in refusal(write(good.rsplit(",", 1)[0] + "\n"))
    assert "is not CSV" in refusal(write(good + '"2031-05-01'))


def test_a_cell_and_a_file_over_the_limit(write, r, monkeypatch):
    assert "longer than 20,000" in refusal(write([r(START, END, "X" * 20_001)]))
    from skyshield.core import files
    path = write([r(START, END)])
    monkeypatch.setattr(files, "LIMIT_BYTES", 64)
    monkeypatch.setattr(files.read_bytes, "__defaults__", (64,))
    monkeypatch.setattr(files.read_csv, "__defaults__", ((), 64, 10))
    assert "over the limit" in refusal(path)


def test_the_same_record_written_otherwise(write, r, regional, text_of, columns):
    rows = [r(START, END, launched=9, launch_place="Kursk oblast and Crimea"),
            r(START, END, launched=3, source=regional), r("2031-05-03", "2031-05-03", "X-22", 4, 1, source=regional)]
    plain = summarise(read_record(write(rows)))
    text = text_of(rows)
    quoted = text_of(rows, quoting=1)
    other_order = np.random.default_rng(3).permutation(columns).tolist()
    more = [row | {"colour": "grey", "note": 'say "so", twice\nand on'} for row in rows]
    for content in (text.replace("\n", "\r\n"), "\ufeff" + text, quoted, text.rstrip("\n"), text + "\n\n",
                    text_of(rows, columns=other_order)):
        assert summarise(read_record(write(content))) == plain
    extra = summarise(read_record(write(text_of(more, columns=["note", *columns, "colour"]))))
    assert extra["months"] == plain["months"]
    assert extra["orphans"][0]["line"] > plain["orphans"][0]["line"]


def test_a_large_record_is_read_in_seconds(write, r, regional):
    import time
    rows = []
    for i in range(20_000):
        date = f"{2022 + i // 400:04d}-{1 + i % 12:02d}-{1 + i % 28:02d}"
        rows.append(r(f"{date} 0{i % 8}:00", f"{date} 0{i % 8 + 1}:30", launched=i % 50, destroyed=i % 7,
                      source="kpszsu/x" if i % 1200 < 600 and i % 3 else regional))
    path = write(rows)
    began = time.process_time()
    record = read_record(path)
    summary = summarise(record)
    assert time.process_time() - began < 20
    assert summary["rows"] == 20_000
    assert 0 < len(summary["orphans"]) < summary["kept_rows"] < summary["rows"]
