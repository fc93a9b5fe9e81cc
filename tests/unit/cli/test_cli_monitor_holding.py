"""``monitor holding`` as users run it: the real series of the Donbas and the lulls of the record, and bad input.

Tried to fail: dates of events not spread; counts rounded down; the size fixed at one; regional bulletins taken for the
national command's; the regions at the front left in; the run length asked for given to one side alone. Each fails a
test.
"""

import csv
import datetime as dt
import json

import pytest

from support.command_line import parsed, refused

SPAN = ("--from", "2014-04-07", "--to", "2019-12-29")
CALM = ("--baseline", "2015-09-07,2016-12-25")
EVENTS = ["2014-06-30", "2014-09-08", "2015-01-12", "2015-02-23", "2015-08-24", "2017-01-23"]


def sure(found):
    return [one for one in found["changes"] if one["p"] >= 0.95]


def near(one, date, days=14):
    return abs((dt.date.fromisoformat(one["date"]) - dt.date.fromisoformat(date)).days) <= days


@pytest.fixture(scope="module")
def donbas(tmp_path_factory, forked, data_dir):
    place = tmp_path_factory.mktemp("donbas")
    parsed(forked("monitor", "init", place / "mission", "--agreement", "minsk-2015", "--key", place / "key", "--json"))
    taken = parsed(forked("monitor", "ingest", place / "mission", data_dir / "events/ucdp_ged_ukraine_2014_2019.csv",
                          "--source", "ucdp", "--json"))
    assert taken["accepted"] == 2677
    return place / "mission"


@pytest.fixture(scope="module")
def weeks(donbas, forked):
    return parsed(forked("monitor", "holding", donbas, "--by", "week", *SPAN, *CALM, "--k", "4", "--h", "10", "--json"))


def test_the_changes_of_events_are_those_of_the_issue_and_no_others(weeks):
    assert len(sure(weeks)) == len(EVENTS)
    for one, date in zip(sure(weeks), EVENTS, strict=True):
        assert near(one, date), (one, date)
        assert one["lo"] <= one["date"] <= one["hi"]
    assert weeks["series"]["windows"] == 299


def test_the_fall_came_after_debaltseve_not_with_the_signature(weeks):
    p = {row["date"]: row["p"] for row in weeks["p_by_window"]}
    assert p["2015-02-09"] < 0.01 < p["2015-02-23"]


def test_the_chart_of_the_issue(weeks):
    up = weeks["cusum"]["up"]
    assert (up["k"], up["h"]) == (4.0, 10.0)
    assert up["arl"] == pytest.approx(2930, abs=0.5)
    assert up["arl_lo"] < up["arl"] < up["arl_hi"]
    first = weeks["alarms"][0]
    assert (first["date"], first["side"], first["since"]) == ("2017-01-30", "up", "2017-01-23")
    assert weeks["e_detector"]["alarms"][0]["side"] == "up"
    assert weeks["e_detector"]["threshold"] == pytest.approx(weeks["cusum"]["arl"])
    assert weeks["baseline"]["size_from"] == "baseline" and weeks["baseline"]["windows"] == 68


def test_deaths_also_change_in_april_and_are_far_from_poisson(donbas, forked):
    found = parsed(forked("monitor", "holding", donbas, "--measure", "deaths", *SPAN, "--json"))
    for date in ("2014-04-28", "2015-02-23", "2015-08-24", "2017-01-23"):
        assert any(near(one, date) for one in sure(found)), date
    assert found["dispersion"]["log_odds_over_poisson"]["same_changes"] > 400.0
    assert found["dispersion"]["log_odds_over_poisson"]["free"] > 100.0
    assert found["dispersion"]["size_lo"] < found["dispersion"]["size"] < found["dispersion"]["size_hi"] < 10.0


def test_the_same_twice_and_the_four_counts_of_the_issue_by_file(weeks, donbas, forked, tmp_path):
    again = parsed(forked("monitor", "holding", donbas, *SPAN, *CALM, "--k", "4", "--h", "10", "--json"))
    assert again == weeks
    path = tmp_path / "weeks.csv"
    path.write_text("from,to,count,exposure\n2031-01-06,2031-01-06,5,1\n2031-01-07,2031-01-07,7,1\n"
                    "2031-01-08,2031-01-08,1,1\n2031-01-09,2031-01-09,0,1\n", "utf-8")
    found = parsed(forked("monitor", "holding", "--series", path, "--size", "2", "--gap-probability", "0.1", "--json"))
    assert [round(row["p"], 4) for row in found["p_by_window"]] == [0.0578, 0.3083, 0.1869]
    assert round(found["p_no_change"], 4) == 0.4982
    assert list(found)[:5] == ["changes", "alarms", "lulls", "dispersion", "gaps"]


@pytest.fixture(scope="module")
def raids(forked, data_dir):
    return parsed(forked("monitor", "holding", "--record", data_dir / "raids/missile_attacks_daily.csv", "--alerts",
                         data_dir / "alerts/oblast_alert_intervals.csv.gz", "--from", "2024-10-01", "--to",
                         "2026-02-28", "--json"))


def test_alerts_tell_the_lulls_of_bulletins_apart(raids):
    bulletins, alerts = ([one for one in raids["lulls"] if one["source"] == source]
                         for source in ("bulletins", "alerts"))
    assert [round(one["hours"], 1) for one in bulletins[:3]] == [82.0, 77.5, 41.0]
    assert [one["verdict"] for one in bulletins[:3]] == ["alerts", "quiet", "quiet"]
    assert [round(one["hours"], 1) for one in alerts[:2]] == [54.2, 29.2]
    assert [(one["from"][:10], one["to"][:10]) for one in alerts[:2]] == [
        ("2025-05-08", "2025-05-11"), ("2025-04-19", "2025-04-21")]
    assert {one["verdict"] for one in alerts} == {"quiet"}


def test_a_hole_in_the_alerts_is_not_peace(forked, tmp_path):
    record, alerts = tmp_path / "record.csv", tmp_path / "alerts.csv"
    days = [dt.date(2031, 5, 1) + dt.timedelta(i) for i in range(20) if not 5 <= i < 8]
    record.write_text("time_start,time_end,model,launched,destroyed,source\n" + "".join(
        f"{day} 19:00,{day} 23:00,Shahed-136/131,9,7,kpszsu/posts/{day}\n" for day in days), "utf-8")
    rows = [("Lvivska oblast", day) for day in days] + [("Sumska oblast", dt.date(2031, 5, 6))]

    def verdicts(kept):
        with alerts.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("region", "started_at", "finished_at"), *(
                (region, f"{day}T17:00:00Z", f"{day}T19:00:00Z") for region, day in kept)])
        found = parsed(forked("monitor", "holding", "--record", record, "--alerts", alerts, "--by", "day", "--json"))
        return {one["source"]: one["verdict"] for one in found["lulls"]}

    assert verdicts(rows) == {"alerts": "quiet", "bulletins": "quiet"}
    assert verdicts(rows[:-1]) == {"alerts": "silent everywhere", "bulletins": "silent everywhere"}
    assert verdicts(rows[:4]) == {"bulletins": "unknown"}
    ringing = [("Lvivska oblast", dt.date(2031, 5, day)) for day in (6, 7, 8)]
    assert verdicts([*rows, *ringing]) == {"bulletins": "alerts"}
    alone = parsed(forked("monitor", "holding", "--record", record, "--by", "day", "--json"))
    assert [one["verdict"] for one in alone["lulls"]] == ["unknown"]


def test_the_text_says_changes_alarms_and_silences(donbas, raids, forked):
    text = forked("monitor", "holding", donbas, *SPAN, *CALM).stdout
    for words in ("299 windows", "▁", "2017-01-23", "Alarms against the baseline", "a false alarm once in",
                  "Silences, the longest first", "note: no record says who watched when"):
        assert words in text, words


def test_both_sides_together_run_as_long_as_asked(donbas, forked):
    found = parsed(forked("monitor", "holding", donbas, *SPAN, *CALM, "--arl", "500", "--json"))
    assert found["cusum"]["arl"] >= 500.0
    assert found["e_detector"]["threshold"] == 500.0
    for side in ("up", "down"):
        assert found["cusum"][side]["arl"] >= 1000.0


SERIES = "from,to,count,exposure\n2031-01-06,2031-01-12,5,1\n2031-01-13,2031-01-19,7,1\n2031-01-20,2031-01-26,4,1\n"


@pytest.mark.parametrize(("words", "line"), [
    (("--measure", "shells"), "error: --measure: is 'shells'; give one of events, deaths"),
    (("--by", "month"), "error: --by: is 'month'; give one of day, week"),
    (("--baseline", "2030-01-01,2030-02-01"), "error: --baseline: holds 0 whole windows"),
    (("--baseline", "2031-02-01,2031-01-01"), "error: --baseline: ends"),
    (("--baseline", ","), "error: --baseline: is ''"),
    (("--baseline", "2031-01-06"), "error: --baseline: is '2031-01-06'"),
    (("--k", "0"), "error: --k: is 0"),
    (("--k", "nan"), "error: --k: is nan"),
    (("--k", "3.14159", "--h", "9"), "error: --k: is 3.14159, no multiple"),
    (("--arl", "0"), "error: --arl: is 0"),
    (("--arl", "inf"), "error: --arl: is inf"),
    (("--arl", "1e300"), "error: --arl: is 1e+300"),
    (("--arl", "100", "--h", "9"), "error: --arl, --h: are both given"),
    (("--rate", "-1"), "error: --rate: is -1"),
    (("--rate", "1e300"), "error: --rate: is 1e+300"),
    (("--k", "1e-300"), "error: --k: is 1e-300, no multiple"),
    (("--gap-probability", "1"), "error: --gap-probability: is 1"),
    (("--size", "0"), "error: --size: is 0"),
    (("--season",), "error: --season: needs 3 years"),
    (("--from", "2031-13-01"), "error: --from: is '2031-13-01'"),
    (("--from", "2032-01-01"), "has 0 windows"),
    (("--alerts", "x.csv"), "error: --alerts: tells lulls of the record apart"),
    (("--source", "x"), "error: --source: is one of a ledger"),
    (("--record", "x.csv"), "error: DIR, --series, --record: 2 of them are given"),
])
def test_bad_input_is_one_line(words, line, forked, tmp_path):
    path = tmp_path / "series.csv"
    path.write_text(SERIES, "utf-8")
    done = forked("monitor", "holding", "--series", path, *words, "--json")
    refused(done, 2, line)


def test_bad_places_are_one_line(forked, tmp_path, data_dir):
    refused(forked("monitor", "holding", "--json"), 2, "0 of them are given")
    refused(forked("monitor", "holding", tmp_path, "--json"), 2, "holds no ledger")
    refused(forked("monitor", "holding", "--series", tmp_path / "none.csv"), 2, "no such file")
    record = data_dir / "raids/missile_attacks_daily.csv"
    refused(forked("monitor", "holding", "--record", record, "--measure", "deaths"), 2, "the record tells launches")
    refused(forked("monitor", "holding", "--record", record, "--from", "2040-01-01"), 2, "has no time from 2040-01-01")
    refused(forked("monitor", "holding", "--series", record), 2, "lacks the column")
    assert not list(tmp_path.iterdir())


def test_run_lengths_by_command(forked):
    found = parsed(forked("monitor", "arl", "--mean", "1.88", "--k", "2", "--h", "6", "--start", "3", "--json"))
    assert round(found["arl"], 2) == 29.19
    assert found["distribution"] == "poisson"
    found = parsed(forked("monitor", "arl", "--mean", "4", "--size", "2", "--k", "6", "--h", "20", "--json"))
    assert round(found["arl"], 2) == 504.19
    assert "504.19 windows" in forked("monitor", "arl", "--mean", "4", "--size", "2", "--k", "6", "--h", "20").stdout
    found = parsed(forked("monitor", "arl", "--mean", "1.88", "--size", "inf", "--k", "2", "--h", "6", "--json"))
    assert (round(found["arl"], 2), found["size"]) == (37.2, None)
    never = json.loads(forked("monitor", "arl", "--mean", "1e-300", "--k", "5", "--h", "500", "--json").stdout)
    assert never["arl"] is None


@pytest.mark.parametrize(("words", "line"), [
    (("--mean", "0", "--k", "2", "--h", "6"), "--mean: is 0"),
    (("--mean", "nan", "--k", "2", "--h", "6"), "--mean: is nan"),
    (("--mean", "2", "--k", "-2", "--h", "6"), "--k: is -2"),
    (("--mean", "2", "--k", "2", "--h", "inf"), "--h: is inf"),
    (("--mean", "2", "--k", "2", "--h", "1e15"), "--h: is 1e+15"),
    (("--mean", "2", "--k", "2", "--h", "6", "--size", "0"), "--size: is 0"),
    (("--mean", "2", "--k", "2", "--h", "6", "--start", "6"), "--start: is 6"),
    (("--mean", "2", "--k", "2", "--h", "6", "--start", "-1"), "--start: is -1"),
    (("--mean", "2", "--k", "2", "--h", "6", "--side", "left"), "--side: is 'left'"),
    (("--mean", "2", "--k", "1.2345678", "--h", "6"), "--k: is 1.23457, no multiple"),
])
def test_bad_figures_of_run_lengths(words, line, forked):
    refused(forked("monitor", "arl", *words, "--json"), 2, line)


def test_the_picture_is_written_whole_or_not_at_all(forked, tmp_path):
    path = tmp_path / "series.csv"
    path.write_text(SERIES, "utf-8")
    refused(forked("monitor", "holding", "--series", path, "--out", tmp_path / "a.jpg"), 2, "end the name in .png or")
    refused(forked("monitor", "holding", "--series", path, "--out", tmp_path / "none" / "a.svg"), 2, "none")
    refused(forked("monitor", "holding", "--series", path, "--k", "0", "--out", tmp_path / "a.svg"), 2, "--k: is 0")
    assert list(tmp_path.iterdir()) == [path]
    parsed(forked("monitor", "holding", "--series", path, "--out", tmp_path / "a.svg", "--json"))
    assert "<svg" in (tmp_path / "a.svg").read_text("utf-8")
