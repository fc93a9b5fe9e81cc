"""Alerts of either form, and how far they speak of the days and oblasts that are asked."""

import datetime as dt

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.record import alert_coverage, night_alert_hours, read_alerts
from skyshield.record.coverage import covered_hours, fitted_oblasts, reliable_oblasts

PLAIN = "region,started_at,finished_at\n"
OFFICIAL = "oblast,raion,hromada,level,started_at,finished_at,source\n"
FIRST, LAST = dt.date(2031, 5, 1), dt.date(2031, 5, 10)


def at(day, hour, minute=0):
    return f"2031-05-{day:02d} {hour:02d}:{minute:02d}:00+00:00"


@pytest.fixture
def official(write):
    return read_alerts(write(OFFICIAL + "".join(f"{line},official\n" for line in (
        f"Lvivska oblast,,,oblast,{at(1, 20)},{at(1, 21)}",
        f"Lvivska oblast,Stryiskyi raion,,raion,{at(1, 20, 30)},{at(1, 22)}",
        f"Lvivska oblast,Lvivskyi raion,,raion,{at(1, 21, 30)},{at(1, 23)}",
        f"Lvivska oblast,Lvivskyi raion,Lvivska,hromada,{at(3, 20)},{at(3, 21)}",
        f"м. Київ,,,oblast,{at(4, 20)},{at(4, 22)}",
        f"м. Київ,,,oblast,{at(5, 20)},"))))


def test_an_oblast_is_under_alert_while_any_part_of_it_is(official):
    hours = night_alert_hours(official, ["Lvivska oblast", "Kyiv City"])
    assert hours.date.astype(str).tolist() == ["2031-05-02", "2031-05-03", "2031-05-04", "2031-05-05"]
    assert hours.night_h[:, 0].tolist() == [3.0, 0.0, 1.0, 0.0]
    assert hours.night_h[:, 1].tolist() == [0.0, 0.0, 0.0, 2.0]
    oblast_wide = night_alert_hours(official, ["Lvivska oblast"], official.oblast_wide)
    assert oblast_wide.night_h[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_what_is_said_of_parts_and_of_alerts_without_an_end(official):
    result = alert_coverage(official, FIRST, LAST)
    assert (result.n_alerts, result.n_of_parts, result.n_unended) == (5, 3, 1)
    assert result.share_by_parts_alone == pytest.approx(1 - 3 / 6)
    remarks = " ".join(result.remarks())
    assert "3 of 5 alerts are of a raion or a hromada" in remarks and "50% of the hours used" in remarks
    assert "1 alerts have no end" in remarks
    assert "while any part of it is" in remarks


def test_the_level_may_be_missing_and_must_be_known(write):
    text = "oblast,raion,started_at,finished_at\n"
    alerts = read_alerts(write(f"{text}Lviv,,{at(1, 20)},{at(1, 21)}\nLviv,Stryi,{at(1, 20)},{at(1, 21)}\n"))
    assert alerts.oblast_wide.tolist() == [True, False]
    with pytest.raises(SkyShieldError, match="line 2: level: is 'city'; use oblast, raion, hromada"):
        read_alerts(write(f"{OFFICIAL}Lviv,,,city,{at(1, 20)},{at(1, 21)},x\n"))


def test_the_three_forms_of_a_name_give_the_same_hours(write):
    result = [night_alert_hours(read_alerts(write(f"{PLAIN}{name},{at(1, 20)},{at(1, 21, 30)}\n")), ["Lvivska oblast"])
              for name in ("Lvivska oblast", "Львівська область", "lviv OBLAST")]
    assert [hours.night_h.ravel().tolist() for hours in result] == [[1.5]] * 3


def test_coverage_of_a_window(write):
    alerts = read_alerts(write(f"{PLAIN}Lviv,{at(3, 20)},{at(3, 21)}\nLvuv,{at(4, 1)},{at(4, 2)}\n"
                               f"Vinnytsia,{at(7, 20)},{at(7, 21)}\n"))
    result = alert_coverage(alerts, FIRST, LAST)
    assert (result.first, result.last) == ("2031-05-04", "2031-05-08")
    assert (result.n_window_days, result.n_covered_days) == (10, 5)
    assert set(result.missing_oblasts) == set(reliable_oblasts()) - {"Lvivska oblast", "Vinnytska oblast"}
    assert result.unknown_regions == (("Lvuv", 1, None),)
    assert result.sentence().startswith("alerts cover 5 of 10 days (2031-05-01 to 2031-05-10)")
    remarks = " ".join(result.remarks())
    assert "does not speak of 12 of the 14 oblasts whose hours are used" in remarks and "unknown, not quiet" in remarks
    assert "1 alerts name 'Lvuv', which is no oblast" in remarks
    content = result.to_dict()
    assert content["n_covered_days"] == 5 and content["sentences"][0] == result.sentence()


@pytest.mark.parametrize(("lines", "words"), [
    (f"Lviv,{at(1, 20)},{at(1, 21)}\n", "speaks of none of the days 2031-06-01 to 2031-06-30"),
    (f"Sumy,{at(1, 20)},{at(1, 21)}\n", "has no alert in an oblast of the west, the centre or Kyiv"),
    (f"Lvivska oblist,{at(1, 20)},{at(1, 21)}\n", "write 'Lvivska oblast' for 'Lvivska oblist'")])
def test_a_file_that_would_not_be_used_is_an_error_that_names_it(write, lines, words):
    alerts = read_alerts(write(PLAIN + lines, "my_alerts.csv"))
    with pytest.raises(SkyShieldError, match=r"my_alerts\.csv") as caught:
        alert_coverage(alerts, dt.date(2031, 6, 1), dt.date(2031, 6, 30))
    assert words in str(caught.value) and caught.value.exit_code == 2


def test_a_long_silence_is_not_heard_of_rather_than_quiet(write):
    """Lviv falls silent for two months; Volyn is heard of throughout."""
    days = [dt.date(2031, 1, 1) + dt.timedelta(days=k) for k in range(150)]
    lines = [f"{name},{day}T20:00:00Z,{day}T21:00:00Z\n" for k, day in enumerate(days) if k % 5 == 0
             for name in ("Lviv", "Volyn") if name == "Volyn" or not 50 <= k < 110]
    alerts = read_alerts(write(PLAIN + "".join(lines)))
    covered = covered_hours(alerts, ["Lvivska oblast", "Volynska oblast", "Rivnenska oblast"])
    silent = np.isnan(covered.hours)
    assert covered.oblasts == ("Lvivska oblast", "Volynska oblast") and not silent[:, 1].any()
    assert silent[:, 0].sum() == 65 - 1 - 2 * 30  # from 30 days after the last alert to 30 days before the next
    assert covered.mean_h[silent[:, 0]].tolist() == covered.hours[silent[:, 0], 1].tolist()
    assert covered.mean_h[~silent[:, 0]].tolist() == covered.hours[~silent[:, 0]].mean(axis=1).tolist()
    assert night_alert_hours(alerts, ["Lvivska oblast"]).night_h[silent[:, 0]].sum() == 0.0


def test_oblasts_that_nobody_uses_do_not_stretch_the_days_covered(write):
    alerts = read_alerts(write(f"{PLAIN}Lviv,{at(3, 20)},{at(3, 21)}\nSumy,2031-01-01T00:00:00Z,2031-01-01T01:00:00Z\n"
                               "Sumy,2031-09-01T00:00:00Z,2031-09-01T01:00:00Z\n"))
    result = alert_coverage(alerts, dt.date(2031, 2, 1), dt.date(2031, 8, 1))
    assert (result.first, result.last, result.n_covered_days) == ("2031-01-01", "2031-09-01", 2 * 30 + 1)


def test_kyiv_is_no_use_to_a_fit_and_long_alerts_to_nobody(write):
    kyiv = read_alerts(write(f"{PLAIN}Kyiv,{at(3, 20)},{at(3, 21)}\n"))
    assert alert_coverage(kyiv, FIRST, LAST).n_covered_days == 1
    with pytest.raises(SkyShieldError, match="has no alert in an oblast whose hours are used"):
        alert_coverage(kyiv, FIRST, LAST, fitted_oblasts())
    long = read_alerts(write(f"{PLAIN}Lviv,{at(3, 20)},{at(6, 21)}\nSumy,{at(3, 20)},{at(3, 21)}\n"))
    with pytest.raises(SkyShieldError, match="has only alerts over 24 h in oblasts of the west"):
        alert_coverage(long, FIRST, LAST)


def test_the_real_file_in_the_official_form_and_in_ukrainian(data_dir, write):
    import csv
    import gzip

    with gzip.open(data_dir / "alerts" / "oblast_alert_intervals.csv.gz", "rt", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["started_at"] >= "2026-01"]
    ukrainian = {"Lvivska oblast": "Львівська область", "Kyiv City": "м. Київ", "Odeska oblast": "Одеська область"}
    plain = PLAIN + "".join(f"{row['region']},{row['started_at']},{row['finished_at']}\n" for row in rows)
    official_text = OFFICIAL + "".join(f"{ukrainian.get(row['region'], row['region'])},,,oblast,"
                                       f"{row['started_at'].replace('T', ' ').replace('Z', '+00:00')},"
                                       f"{row['finished_at']},official\n" for row in rows)
    hours = [night_alert_hours(read_alerts(write(text)), reliable_oblasts()) for text in (plain, official_text)]
    assert np.array_equal(hours[0].night_h, hours[1].night_h) and hours[0].night_h.sum() > 100
