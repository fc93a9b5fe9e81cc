"""Rolling forecasts and frozen ones on made records: no look-ahead, same bytes, tampering, wrong input.

Shown to fail once: nights read one day on in `raid_model`, and the weights of a day taken from the day after (the day
itself is not read), the hash left unchecked (tampering), `freeze` reading one day more (a rehearsal gives the same).
"""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.freeze import freeze, read_frozen, score_frozen, write_frozen
from skyshield.evidence.backtest.rolling import as_data, backtest, index_of
from skyshield.evidence.backtest.series import as_first_known, series_of
from skyshield.evidence.backtest.targets import TARGETS, Forecasters
from skyshield.record import read_alerts, read_record
from skyshield.record.reader import Record
from support.records import HEADER, alerts, record

LAST = dt.date(2025, 12, 31)
FIRST = LAST - dt.timedelta(days=9)


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


def test_changing_the_future_changes_no_earlier_forecast(folder: Path) -> None:
    text, changed_day = record(100, LAST), LAST - dt.timedelta(days=4)
    alert_file = read_alerts(folder / "alerts.csv")
    reference = backtest(written(folder, text), FIRST, LAST, alert_file)
    changed = backtest(written(folder, changed_from(text, changed_day), "other.csv"), FIRST, LAST, alert_file)
    before = int((changed_day - FIRST).days)
    for name in TARGETS:
        a, b = reference[name], changed[name]
        if len(a.crps) == 0:
            continue
        assert a.crps[:before].tolist() == b.crps[:before].tolist(), name
        assert a.log_score[:before].tolist() == b.log_score[:before].tolist(), name
        for baseline, values in a.baselines.items():
            assert values[:before].tolist() == b.baselines[baseline][:before].tolist(), (name, baseline)
    assert reference["uav_launched"].crps[before:].tolist() != changed["uav_launched"].crps[before:].tolist()


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
    result = backtest(raids, dt.date(2025, 7, 1), dt.date(2025, 9, 30), names=("uav_leakers",))
    row = as_data(result["uav_leakers"])
    assert row["n"] == 92
    assert row["pit_p"] > 0.01 / 8
    assert row["crps"] < row["baselines"]["beta_binomial_size"]
