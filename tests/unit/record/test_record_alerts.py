"""Alert intervals: real figures, real hours, and files that cannot be read."""

import gzip
import io
import tracemalloc
import zlib

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.record import night_alert_hours, read_alerts
from skyshield.record.names import reading

HEAD = "region,started_at,finished_at,n_subalerts\n"
HOURS_2025 = {"Lvivska oblast": 158, "Volynska oblast": 194, "Ternopilska oblast": 192, "Rivnenska oblast": 289,
              "Khmelnytska oblast": 367, "Vinnytska oblast": 580, "Zhytomyrska oblast": 863, "Kyiv City": 740,
              "Odeska oblast": 942}


@pytest.fixture(scope="module")
def real(data_dir):
    return read_alerts(data_dir / "alerts" / "oblast_alert_intervals.csv.gz")


def test_the_real_file(real):
    assert (real.start.size, real.n_dropped) == (67_752, 161)
    assert dict(real.dropped)["Dnipropetrovska oblast"] == 81
    in_2025 = real.start.astype("datetime64[Y]") == np.datetime64("2025")
    hours = (real.end - real.start).astype(np.int64) / 3600
    result = {name: round(hours[in_2025 & (real.region == name)].sum()) for name in HOURS_2025}
    assert result == HOURS_2025


def test_operational_days_of_the_real_file(real):
    names = sorted(set(real.region.tolist()))
    hours = night_alert_hours(real, names)
    assert (str(hours.date[0]), str(hours.date[-1])) == ("2022-03-16", "2026-03-01")
    total_h = (real.end - real.start).astype(np.int64).sum() / 3600
    assert np.isclose(hours.night_h.sum() + hours.day_h.sum(), total_h)
    assert hours.night_h.min() >= 0
    assert hours.night_h.max() <= 16
    assert hours.day_h.max() <= 9
    in_2025 = hours.date.astype("datetime64[Y]") == np.datetime64("2025")
    for name, expected_h in HOURS_2025.items():
        column = names.index(name)
        assert abs((hours.night_h + hours.day_h)[in_2025, column].sum() - expected_h) < 10
    valid = night_alert_hours(real, reading()["reliable_oblasts"])
    both_h = (valid.night_h + valid.day_h).sum(axis=1)
    quiet, raid = (both_h[hours.date == np.datetime64(date)][0] for date in ("2025-04-20", "2025-10-01"))
    assert quiet < 1 < 4 < raid


def minutes(alerts, name):
    """Sum alert minutes by (date, part) one minute at a time, Kyiv clock."""
    import datetime as dt
    from zoneinfo import ZoneInfo
    inside = set()
    for region, start, end in zip(alerts.region, alerts.start.astype(int), alerts.end.astype(int), strict=True):
        if region == name:
            inside |= set(range(start // 60, end // 60))
    sums = {}
    for minute in inside:
        local = dt.datetime.fromtimestamp(minute * 60, ZoneInfo("Europe/Kyiv"))
        date = local.date() + dt.timedelta(days=local.hour >= 18)
        key = (date.isoformat(), "day" if 9 <= local.hour < 18 else "night")
        sums[key] = sums.get(key, 0) + 1
    return sums


def test_against_one_minute_at_a_time(write):
    rng = np.random.default_rng(5)
    lines = []
    for first in ("2025-03-28T00:00", "2025-10-24T00:00"):  # both clock changes
        start = np.datetime64(first) + rng.integers(0, 4 * 1440, 40).astype("timedelta64[m]")
        end = start + rng.integers(0, 600, 40).astype("timedelta64[m]")
        lines += [f"{'Lvivska oblast' if i % 2 else 'Kyiv City'},{s}Z,{e}Z,1" for i, (s, e) in
                  enumerate(zip(start, end, strict=True))]
    alerts = read_alerts(write(HEAD + "\n".join(lines) + "\n"))
    hours = night_alert_hours(alerts, ["Kyiv City", "Lvivska oblast"])
    for column, name in enumerate(hours.oblasts):
        expected = minutes(alerts, name)
        result = {}
        for i, date in enumerate(hours.date.astype(str)):
            result[date, "night"], result[date, "day"] = hours.night_h[i, column] * 60, hours.day_h[i, column] * 60
        result = {key: round(value) for key, value in result.items() if value > 0}
        assert result == expected


def test_long_alerts_are_dropped_and_counted(write):
    alerts = read_alerts(write(HEAD + "A,2031-05-01T00:00:00Z,2031-05-02T00:00:00Z,1\n"
                               "A,2031-05-01T00:00:00Z,2031-05-02T00:00:01Z,1\n"))
    assert (alerts.start.size, alerts.dropped) == (1, (("A", 1),))
    only_long = read_alerts(write(HEAD + "A,2031-05-01T00:00:00Z,2031-05-09T00:00:01Z,1\n"))
    assert only_long.n_dropped == 1
    assert night_alert_hours(only_long, ["A"]).date.size == 0


def test_offsets_and_packing_do_not_matter(write):
    text = HEAD + "A,2031-05-01T20:00:00Z,2031-05-01T21:00:00Z,1\n"
    plain = read_alerts(write(text))
    for content in (gzip.compress(text.encode()), text.replace("T20:00:00Z", " 23:00:00+03:00"), "\ufeff" + text,
                    text.replace("\n", "\r\n"), gzip.compress(text[:50].encode()) + gzip.compress(text[50:].encode())):
        other = read_alerts(write(content, "alerts.csv.gz"))
        assert other.region.tolist() == plain.region.tolist()
        assert (other.start == plain.start).all()
        assert (other.end == plain.end).all()


def refusal(path):
    with pytest.raises(SkyShieldError) as caught:
        read_alerts(path)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_bomb_is_not_unpacked(write, monkeypatch):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(HEAD.encode()), *(packer.compress(bytes(1 << 20)) for _ in range(80)), packer.flush()]
    bomb = b"".join(pieces)
    assert len(bomb) < 200_000
    path = write(bomb, "alerts.csv.gz")
    assert "unpacks to more than 64 MiB" in refusal(path)
    monkeypatch.setitem(reading()["limits"], "alert_bytes", 1 << 20)
    tracemalloc.start()
    try:
        assert "unpacks to more than 1 MiB" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("line", "place"), [
    ("A,2031-05-01T20:00:00,2031-05-01T21:00:00Z,1", "line 2: started_at: '2031-05-01T20:00:00' has no zone"),
    ("A,2031-05-01T20:00:00Z,soon,1", "line 2: finished_at: 'soon' is not a time"),
    ("A,2031-02-30T20:00:00Z,2031-05-01T21:00:00Z,1", "line 2: started_at"),
    ("A,,2031-05-01T21:00:00Z,1", "line 2: started_at"),
    ("A,0001-01-01T00:00:00+23:00,2031-05-01T21:00:00Z,1", "line 2: started_at"),
    ("A,1931-05-01T20:00:00Z,2031-05-01T21:00:00Z,1", "plausible year"),
    ("A,2031-05-01T22:00:00Z,2031-05-01T21:00:00Z,1", "line 2: finished_at: the alert ends before"),
    (" ,2031-05-01T20:00:00Z,2031-05-01T21:00:00Z,1", "line 2: region: is empty"),
    ("A,2031-05-01T20:00:00Z", "line 2: has 2 cells"),
    ('"A,2031', "is not CSV"),
    ("", "no rows")])
def test_lines_that_cannot_be_read(write, line, place):
    assert place in refusal(write(HEAD + line + "\n"))


def test_files_that_are_no_alerts(write, tmp_path):
    packed = gzip.compress((HEAD + "A,2031-05-01T20:00:00Z,2031-05-01T21:00:00Z,1\n").encode())
    assert "no such file" in refusal(tmp_path / "none.csv.gz")
    assert "broken gzip" in refusal(write(packed[:-12]))
    assert "broken gzip" in refusal(write(packed[:20] + b"\xff\xff\xff" + packed[23:]))
    assert "broken gzip" in refusal(write(b"\x1f\x8b"))
    assert "lacks the column 'region'" in refusal(write("a,b\n1,2\n"))
    assert "has no header" in refusal(write(gzip.compress(b"")))
    assert "not UTF-8" in refusal(write(gzip.compress("Київ".encode("cp1251"))))
    assert "binary" in refusal(write(b"region\x00"))
    buffer = io.BytesIO(packed)
    assert "binary" in refusal(write(gzip.compress(buffer.getvalue())))


def test_an_unknown_oblast_is_refused(write):
    alerts = read_alerts(write(HEAD + "A,2031-05-01T20:00:00Z,2031-05-01T21:00:00Z,1\n"))
    with pytest.raises(SkyShieldError, match="has no alert in the file"):
        night_alert_hours(alerts, ["Lviv"])
