"""The picture of a series: bars, level with its interval, changes, alarms.

Mutations tried, each caught: the interval of another size; the weights of segments left out; sure
changes written as likely ones; a straight scale under a peak that hides the rest; another ending taken.
"""

import numpy as np
import pytest
from scipy import stats

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.changes import posterior_of
from skyshield.monitoring.holding.judge import Asked, Counted, judge
from skyshield.monitoring.holding.levels import rate_band
from skyshield.monitoring.holding.series import Series
from skyshield.report.holding_figure import holding_figure, kind_of, write_holding
from skyshield.report.marks import Bar, Line, Words


def weeks(count):
    start = np.datetime64("2031-01-06", "s") + np.arange(len(count)) * np.timedelta64(7, "D")
    return Series(start, start + np.timedelta64(7, "D"), np.asarray(count, float), np.ones(len(count)))


def judged(count):
    found = judge(Counted(weeks(count)), Asked(arl=100.0))
    return found.to_dict(), found.windows()


PEAK = [3, 2, 4, 3, 2, 3, 1, 3, 4, 2, 150, 170, 160, 140, 155, 165, 3, 2, 4, 3, 2, 1, 3, 2, 4, 3, 2, 3, 1, 2, 3, 4]


def test_the_interval_of_one_segment_is_that_of_its_beta():
    series = weeks([4, 6, 5, 3])
    low, high = rate_band(series, posterior_of(series.count, series.exposure, np.full(3, 1e-9), 2.0))
    p = stats.beta(1 + 2.0 * 4, 1 + 18)
    for end, share in ((low, 0.975), (high, 0.025)):
        assert end == pytest.approx(np.full(4, 2.0 * (1 - p.ppf(share)) / p.ppf(share)), rel=0.01)


def test_the_interval_of_two_segments_is_a_mixture():
    series = weeks([4, 30])
    found = posterior_of(series.count, series.exposure, np.array([0.5]), 2.0)
    low, high = rate_band(series, found)

    def below(x, i):
        parts = [(found.segment[0, 2], 34, 2), (found.segment[i, i + 1], series.count[i], 1)]
        return sum(w * stats.beta.sf(2.0 / (2.0 + x), 1 + 2.0 * e, 1 + y) for w, y, e in parts)

    for i in (0, 1):
        assert [below(low[i], i), below(high[i], i)] == pytest.approx([0.025, 0.975], abs=0.002)


def test_a_truce_without_events_has_an_interval_from_near_nothing():
    _, windows = judged([0] * 40)
    assert all(row["low"] < 0.01 < row["high"] for row in windows)


def test_the_picture_shows_what_the_object_says():
    content, windows = judged(PEAK)
    figure = holding_figure(content, windows)
    words = [mark.words for mark in figure.drawn.marks if isinstance(mark, Words)]
    bold = [mark.words for mark in figure.drawn.marks if isinstance(mark, Words) and mark.kind == "strong"]
    assert bold == ["17 Mar 2031", "28 Apr 2031"]
    assert "baseline" in words
    assert "alarms against it" in words
    assert "a week at the end" in figure.title
    assert "28 Apr 2031" in figure.title
    assert figure.measure.endswith("square-root scale")
    ticks = [mark for mark in figure.drawn.marks if isinstance(mark, Line) and mark.colour == "#E69F00"]
    assert len(ticks) == len(content["alarms"]) > 0
    assert len(figure.numbers.rows) == len(PEAK)
    bars = [mark for mark in figure.drawn.marks if isinstance(mark, Bar) and mark.colour == "#666666"]
    tall, low = bars[11], bars[0]
    assert (tall.y[1] - tall.y[0]) / (low.y[1] - low.y[0]) == pytest.approx((170 / 3) ** 0.5)


def test_an_even_series_keeps_a_straight_scale_and_says_that_nothing_is_sure():
    figure = holding_figure(*judged([3, 2, 4, 3, 2, 3, 1, 3, 4, 2] * 3))
    assert "square-root" not in figure.measure
    assert "no change is sure" in figure.title


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_the_file_is_the_same_twice(name, tmp_path):
    content, windows = judged(PEAK)
    write_holding(tmp_path / name, content, windows, "Source: weeks.csv")
    first = (tmp_path / name).read_bytes()
    write_holding(tmp_path / name, content, windows, "Source: weeks.csv")
    assert (tmp_path / name).read_bytes() == first
    assert first.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(SkyShieldError, match="end the name in"):
        kind_of(tmp_path / "a.jpg")
