"""The overlap rule against the plainest possible reading of it."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.record import read_record
from skyshield.record.overlap import meets_any

MOMENTS = st.integers(0, 12)
WINDOWS = st.lists(st.tuples(MOMENTS, st.integers(0, 5)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=12)


def meets(r, n):
    return n[0] < r[1] and r[0] < n[1]


def arrays(windows):
    both = np.array(windows, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(WINDOWS, WINDOWS)
def test_against_every_pair(judged, against):
    expected = [any(meets(r, n) for n in against) for r in judged]
    assert meets_any(*arrays(judged), *arrays(against)).tolist() == expected


def test_windows_of_no_length():
    cases = [((5, 5), (5, 5), False), ((5, 5), (4, 6), True), ((5, 5), (5, 6), False), ((5, 5), (4, 5), False),
             ((4, 6), (5, 5), True), ((4, 5), (5, 6), False), ((4, 6), (5, 7), True)]
    for judged, against, expected in cases:
        assert meets_any(*arrays([judged]), *arrays([against])).tolist() == [expected], (judged, against)


def test_many_rows_take_seconds_at_most():
    rng = np.random.default_rng(7)
    start = rng.integers(0, 10_000_000, 200_000)
    end = start + rng.integers(0, 500, start.size)
    began = time.process_time()
    result = meets_any(start[:100_000], end[:100_000], start[100_000:], end[100_000:])
    assert time.process_time() - began < 2
    for i in range(0, 100_000, 9973):
        expected = ((start[100_000:] < end[i]) & (start[i] < end[100_000:])).any()
        assert result[i] == expected


def test_the_reader_applies_it_to_the_classes_only(write, r, regional):
    day = "2031-05-02 0"
    rows = [
        r(day + "1:00", day + "5:00", "Kalibr"),                                          # national
        r(day + "4:00", day + "6:00", "Shahed-136/131", source=regional),                 # meets it, other class
        r(day + "5:00", day + "6:00", "Shahed-136/131", source=regional),                 # touches it only
        r(day + "7:00", day + "8:00", "Orlan-10"),                                        # national, no class
        r(day + "7:00", day + "8:00", "Iskander-M", source=regional),                     # meets only that one
        r(day + "2:00", day + "3:00", "ZALA", source=regional),
    ]
    kept = [(row.line, row.kept, row.why_dropped) for row in read_record(write(rows)).rows]
    assert kept == [(2, True, ""), (3, False, "repeats a national bulletin"), (4, True, ""),
                    (5, False, "is in none of the classes"), (6, True, ""), (7, False, "is in none of the classes")]


def test_a_date_alone_is_a_whole_day(write, r, regional):
    rows = [
        r("2031-05-02", "2031-05-02"),
        r("2031-05-02 23:59", "2031-05-03 04:00", "X-22", source=regional),
        r("2031-05-03 00:00", "2031-05-03 04:00", "X-22", source=regional),
        r("2031-05-01 20:00", "2031-05-02 00:00", "X-22", source=regional),
        r("2031-05-01 20:00", "2031-05-01", "X-22", source=regional),
    ]
    record = read_record(write(rows))
    assert [row.kept for row in record.rows] == [True, False, True, True, True]
    assert [row.start_date_only for row in record.rows] == [True, False, False, False, False]
    assert [row.end_date_only for row in record.rows] == [True, False, False, False, True]
    assert [row.month for row in record.rows] == ["2031-05"] * 5
    assert record.rows[-1].date.isoformat() == "2031-05-01"
