"""Rolling forecasts and frozen ones on made records: no look-ahead, same bytes, tampering, wrong input.

Shown to fail once: nights read one day on in `raid_model`, and the weights of a day taken from the day after (the day
itself is not read), the hash left unchecked (tampering), `freeze` reading one day more (a rehearsal gives the same);
levels filtered up to the night itself (the simulator reads it), UAVs lost in rounding (launches given), experts' scores
as a target's own, likeness with the wrong sign, the shipped priors, a verdict by the skill without its interval, silent
days left out, nights of a day played one after another with what the last left in store.
"""

import datetime as dt
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from skyshield.calibrate import posterior
from skyshield.calibrate.posterior import load_blocks
from skyshield.core.errors import SkyShieldError
from skyshield.evidence.backtest.baselines import GIVEN_ALERTS, UNCONDITIONAL
from skyshield.evidence.backtest.blind import blind_block
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.freeze import freeze, read_frozen, score_frozen, write_frozen
from skyshield.evidence.backtest.hac import Skill
from skyshield.evidence.backtest.rolling import (
    Scored,
    as_data,
    backtest,
    index_of,
    rules_of,
    score_target,
    simulator_of,
    verdict,
)
from skyshield.evidence.backtest.series import Series, as_first_known, series_of
from skyshield.evidence.backtest.simulated import Effort, Launches, Night, _Player
from skyshield.evidence.backtest.simulator import Simulator
from skyshield.evidence.backtest.targets import TARGETS, Forecasters
from skyshield.evidence.backtest.unjudged import NO_BULLETIN
from skyshield.record import read_alerts, read_record
from skyshield.record.reader import Record
from support.records import HEADER, alerts, record

LAST = dt.date(2025, 12, 31)
FIRST = LAST - dt.timedelta(days=9)
CHANGED = LAST - dt.timedelta(days=4)
ROUGHLY = 8  # steps of the search for a mode: what is read is tested here, not how well it is fitted
FEW = Effort(rows=2, replications=8, given=6, proposals=16)


def written(folder: Path, text: str, name: str = "record.csv") -> Record:
    file = folder / name
    file.write_text(text, "utf-8")
    return read_record(file)


def changed_from(text: str, day: dt.date) -> str:
    """Return a record whose rows dated on a day or later tell of other raids, and of one more class."""
    lines = []
    for line in text.splitlines():
        cells = line.split(",")
        if cells[0] != "time_start" and dt.date.fromisoformat(cells[1][:10]) >= day:
            cells[3:6] = ["700", "100", "100"] if cells[2].startswith("Shahed") else ["90", "1", ""]
        lines.append(",".join(cells))
    return "\n".join([*lines, f"{LAST} 19:00,{LAST} 23:00,X-101/X-555,80,1,,kpszsu/posts/z"]) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backtest")
    (path / "alerts.csv").write_text(alerts(), "utf-8")
    return path


class Played(NamedTuple):
    scored: dict[str, Scored]
    simulator: Simulator
    series: Series


@pytest.fixture(scope="module")
def futures(folder: Path) -> tuple[Played, Played]:
    """The same past with two futures: forecast by simulator and experts, and scored."""
    text, alert_file = record(75, LAST), read_alerts(folder / "alerts.csv")
    played = []
    for name, content in (("one.csv", text), ("other.csv", changed_from(text, CHANGED))):
        raids = written(folder, content, name)
        final, first_known = series_of(raids, alert_file), as_first_known(raids)
        known = series_of(first_known, alert_file)
        begin, end = index_of(known, FIRST), index_of(known, LAST)
        simulator = simulator_of(first_known, known, alert_file, (begin,), end, FEW)
        assert simulator is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(posterior, "_MAX_ITERATIONS", ROUGHLY)
            simulator.play(range(begin, end + 1))
        forecasters = Forecasters(known, begin, end, 273)
        played.append(Played({target: score_target(target, forecasters, known, final, simulator)
                              for target in TARGETS}, simulator, known))
    return played[0], played[1]


def test_changing_the_future_changes_no_earlier_forecast(futures: tuple[Played, Played]) -> None:
    before = int((CHANGED - FIRST).days)
    for name in TARGETS:
        a, b = (future.scored[name] for future in futures)
        if len(a.crps) == 0:
            continue
        assert set(a.forecasters) == {"simulator", "experts"}, name
        for ours, theirs in ((a.forecasters, b.forecasters), (a.baselines, b.baselines)):
            for who, scores in ours.items():
                for mine, other in zip(scores, theirs[who], strict=True):
                    assert mine[:before].tolist() == other[:before].tolist(), (name, who)
    launched = [future.scored["uav_launched"] for future in futures]
    assert launched[0].crps[before:].tolist() != launched[1].crps[before:].tolist()


def test_the_simulator_does_not_read_the_day_itself(futures: tuple[Played, Played]) -> None:
    day = index_of(futures[0].series, CHANGED)
    for name, target in TARGETS.items():
        if not target.given_launches:
            a, b = (future.simulator.forecast(name, day) for future in futures)
            assert (a.values.tolist(), a.weights.tolist()) == (b.values.tolist(), b.weights.tolist()), name
    later = [future.simulator.forecast("uav_launched", day + 1).values.tolist() for future in futures]
    assert later[0] != later[1]


def test_played_nights_hold_what_is_given_and_lose_nobody(futures: tuple[Played, Played]) -> None:
    nights, series = futures[0].simulator._nights, futures[0].series
    day = index_of(series, LAST)
    night, given = nights.play(day), nights.play_given(day, 57.0)
    assert (given.launched == 57.0).all()
    for one in (night, given):
        assert (one.leaked + one.south_stops + one.west_stops <= one.launched).all()
        assert ((one.alert_h >= 0.0) & (one.alert_h <= 15.0)).all()
    assert night.south_stops.sum() > 0.0
    assert night.launched.tolist() == futures[0].simulator._played[day].launched.tolist()  # as before


def test_a_night_alone_is_the_same_as_after_others(futures: tuple[Played, Played]) -> None:
    """Each night stands alone: before it Ukraine's stores are what they are, whatever was played in between."""
    nights, series = futures[0].simulator._nights, futures[0].series
    after, first = nights._player_of(index_of(series, LAST))  # which has played all days before
    drawn = after.season(first, FEW.rows, FEW.replications)
    together = after.play(drawn)
    assert together.leaked.sum() > 0.0
    for k in range(len(drawn.word)):
        only = Launches(drawn.word[k:k + 1], drawn.counts[k:k + 1], tuple(column[k:k + 1] for column in drawn.state))
        alone = _Player(after._world, int(after._key), after._grid, after._aims_of_area).play(only)
        for name in Night._fields:
            assert getattr(alone, name)[0].tolist() == getattr(together, name)[k].tolist(), (k, name)


def test_the_scores_of_a_target_are_the_simulators(futures: tuple[Played, Played]) -> None:
    row = as_data(futures[0].scored["uav_leakers"])
    assert (row["forecaster"], row["n"], len(row["pit"])) == ("simulator", 10, 10)
    assert row["crps"] == float(futures[0].scored["uav_leakers"].forecasters["simulator"].crps.mean())
    assert {"crps", "ignorance", "interval_score", "skill", "verdict"} <= set(row["experts"])
    series = futures[0].series
    assert set(rules_of("west_kills", series, 70, 70)) == set(GIVEN_ALERTS)  # the same alerts as the model
    assert set(rules_of("cruise_leaked", series, 70, 70)) == set(UNCONDITIONAL)


class TwoKinds:
    """Nights of which half are quiet, and half loud with many stops."""

    def play(self, day: int) -> Night:
        loud = np.tile([0.0, 1.0], 50)
        return Night(*[100.0 * loud] * 4, 30.0 * loud, 30.0 * loud, np.stack([5.0 * loud] * 3, axis=1))


@pytest.mark.parametrize(("hours", "low", "high"), [(0.0, 0.0, 5.0), (9.0, 25.0, 30.0), (np.nan, 14.9, 15.1)])
def test_nights_with_alerts_like_todays_count_most(hours: float, low: float, high: float) -> None:
    days = np.arange(np.datetime64("2031-05-01"), np.datetime64("2031-05-01") + 41)
    told = np.append(np.tile([0.0, 8.0], 20), hours)
    columns = {"west_alert_h": told, "centre_alert_h": told, "south_alert_h": told, "uav": np.full(41, np.nan)}
    series = Series(days, *[columns.get(name, np.zeros(41)) for name in Series._fields[1:]])
    simulator = Simulator(TwoKinds(), series)  # type: ignore[arg-type]
    simulator.play([40])
    for name in ("west_kills", "south_kills"):
        forecast = simulator.forecast(name, 40)
        assert low <= float(forecast.values @ forecast.weights) <= high, name


def test_priors_that_carry_a_reading_of_the_record_say_little() -> None:
    blind, shipped = blind_block(), load_blocks()["raids"]
    assert blind.names == shipped.names
    published = blind.free({"leak_front": 0.28, "routine_deep_ratio": 0.2})
    other = blind.free({"leak_front": 0.5, "routine_deep_ratio": 0.6})
    assert abs(blind.log_prior(published) - blind.log_prior(other)) < 1.0
    assert shipped.log_prior(published) - shipped.log_prior(other) > 2.0


@pytest.mark.parametrize(("low", "high", "words"), [
    (0.01, 0.2, "better"), (0.0, 0.2, "no skill"), (-0.1, 0.3, "no skill"), (-0.3, -0.1, "worse"),
    (np.nan, np.nan, "not judged")])
def test_an_interval_that_holds_zero_is_no_skill(low: float, high: float, words: str) -> None:
    assert verdict(Skill(0.1, low, high)) == words


def test_days_that_cannot_be_judged_are_named(folder: Path) -> None:
    silent = str(LAST - dt.timedelta(days=3))
    text = "\n".join(line for line in record(50, LAST).splitlines() if line.split(",")[1][:10] != silent) + "\n"
    rows = {name: as_data(one) for name, one in backtest(written(folder, text, "gap.csv"), FIRST, LAST).items()}
    assert rows["uav_launched"]["n"] == 9
    assert rows["uav_launched"]["unjudged_days"] == [{"date": silent, "why": NO_BULLETIN}]
    assert len(rows["hit_locations"]["unjudged_days"]) == 10
    assert rows["hit_locations"]["verdict"] == "not judged"


def test_the_day_itself_is_not_read(folder: Path) -> None:
    text, changed_day = record(100, LAST), LAST - dt.timedelta(days=4)
    forecasts_by_record = []
    for k, content in enumerate((text, changed_from(text, changed_day))):
        series = series_of(as_first_known(written(folder, content, f"turn{k}.csv")))
        day = index_of(series, changed_day)
        forecasters = Forecasters(series, day - 5, len(series.date) - 1, 273)
        forecasts = {}
        for name, target in TARGETS.items():
            if not target.given_launches:
                experts = forecasters.experts(name)
                forecasts[name] = pooled(experts, pool_weights(experts.log_p, experts.start), day).tolist()
        launched = np.array([20.0, 300.0])
        forecasts["shares"] = [part.tolist() for model in (forecasters.leak_shares, forecasters.neutralised_shares)
                               for part in model.predict(day, launched)]
        forecasts_by_record.append(forecasts)
    assert forecasts_by_record[0] == forecasts_by_record[1]


def test_every_target_has_its_keys_and_the_same_bytes_twice(folder: Path) -> None:
    raids = written(folder, record(50, LAST))
    first, second = ({name: as_data(one) for name, one in backtest(raids, FIRST, LAST).items()} for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert set(first) == set(TARGETS)
    for row in first.values():
        assert {"n", "crps", "best_baseline", "baselines", "skill", "skill_lo", "skill_hi", "pit", "pit_p"} <= set(row)
        assert len(row["pit"]) == 10
        assert sum(row["pit"]) == row["n"]
    assert first["uav_launched"]["n"] == 10
    assert first["hit_locations"]["n"] == 0  # this record tells of none
    assert "beta_binomial_size" in first["uav_leakers"]["baselines"]
    assert "beta_binomial_size" not in first["uav_launched"]["baselines"]
    leakers = first["uav_leakers"]
    assert leakers["skill"] == pytest.approx(1 - leakers["crps"] / leakers["baselines"][leakers["best_baseline"]])


def test_a_later_national_bulletin_undoes_nothing_known_before(tmp_path: Path) -> None:
    rows = ("2025-05-01 19:00,2025-05-02 08:00,Shahed-136/131,40,30,0,PvKPivden/posts/a",
            "2025-05-02 07:00,2025-05-03 08:00,Shahed-136/131,60,50,0,kpszsu/posts/b")
    raids = written(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    assert np.nan_to_num(series_of(raids).uav).tolist() == [60.0]
    assert series_of(as_first_known(raids)).uav.tolist() == [40.0, 60.0]


@pytest.mark.parametrize(("first", "last", "words"), [
    (LAST, FIRST, "before --from"), (FIRST, LAST + dt.timedelta(days=1), "after the record's last day"),
    (LAST - dt.timedelta(days=40), LAST, "fewer than 14 days")])
def test_a_window_that_cannot_be_judged_is_refused(folder: Path, first: dt.date, last: dt.date, words: str) -> None:
    with pytest.raises(SkyShieldError, match=words):
        backtest(written(folder, record(50, LAST)), first, last)


def test_freeze_and_score(folder: Path, tmp_path: Path) -> None:
    text = record(50, LAST)
    early = "\n".join(line for line in text.splitlines() if line == HEADER
                      or line.split(",")[1][:10] < str(FIRST)) + "\n"
    content = freeze(written(tmp_path, early), FIRST, LAST)
    assert content["made_on"] == str(FIRST - dt.timedelta(days=1))
    assert content["hindsight"] is False
    rehearsed = freeze(written(tmp_path, text, "whole.csv"), FIRST, LAST)
    assert rehearsed["hindsight"] is True
    assert rehearsed["targets"] == content["targets"]  # the days themselves are not looked at
    write_frozen(tmp_path / "f.json", content)
    scored, missing = score_frozen(read_frozen(tmp_path / "f.json"), read_record(tmp_path / "whole.csv"))
    assert len(scored["uav_launched"].crps) == 10
    assert missing["uav_launched"] == []
    assert len(missing["hit_locations"]) == 10
    with pytest.raises(SkyShieldError, match="tells of none of the days"):
        score_frozen(content, read_record(tmp_path / "record.csv"))
    with pytest.raises(SkyShieldError, match="exists"):
        write_frozen(tmp_path / "f.json", content)


def test_a_changed_word_is_found(folder: Path, tmp_path: Path) -> None:
    content = freeze(written(tmp_path, record(50, LAST)), LAST + dt.timedelta(days=1), LAST + dt.timedelta(days=2))
    file = tmp_path / "f.json"
    write_frozen(file, content)
    file.write_text(file.read_text("utf-8").replace(str(LAST), "2025-12-30", 1), "utf-8")
    with pytest.raises(SkyShieldError, match="was changed"):
        read_frozen(file)
    file.write_text("[]", "utf-8")
    with pytest.raises(SkyShieldError, match="is not a frozen forecast"):
        read_frozen(file)


def test_forecasts_ahead_grow_less_sure(folder: Path, tmp_path: Path) -> None:
    content = freeze(written(tmp_path, record(90, LAST)), LAST + dt.timedelta(days=1), LAST + dt.timedelta(days=60))
    shares = list(content["targets"]["uav_leakers"].values())
    assert shares[-1]["rho"][5] > 1.2 * shares[0]["rho"][5]


def test_the_aims_on_the_real_record(data_dir: Path) -> None:
    raids = read_record(data_dir / "raids" / "missile_attacks_daily.csv")
    result = backtest(raids, dt.date(2025, 7, 1), dt.date(2025, 9, 30), names=("uav_leakers",), effort=Effort(rows=0))
    row = as_data(result["uav_leakers"])
    assert row["n"] == 92
    assert row["pit_p"] > 0.01 / 8
    assert row["crps"] < row["baselines"]["beta_binomial_size"]


@pytest.mark.slow
def test_the_simulator_on_the_real_record(data_dir: Path) -> None:
    raids = read_record(data_dir / "raids" / "missile_attacks_daily.csv")
    result = backtest(raids, dt.date(2025, 8, 1), dt.date(2025, 8, 31), names=("uav_launched", "uav_leakers"))
    for scored in result.values():
        row = as_data(scored)
        assert (row["forecaster"], row["n"]) == ("simulator", 31)
        assert row["crps"] < row["baselines"]["persistence"]
        assert row["pit_p"] > 0.01 / 2
