"""A replication that fails is a row, leaves every option and makes the exit code 1; the others stand."""

import dataclasses
import json
import sys

import numpy as np
import pytest

from skyshield.cli import main as command_line
from skyshield.raids.fit import embedded_fit
from skyshield.study import compare, run
from skyshield.study.compare import marks, options_summary
from skyshield.study.parquet import Parquet
from skyshield.study.plan import ARM_REPLICATIONS
from skyshield.study.prepare import prepare
from skyshield.study.reader import read
from skyshield.study.summary import summarise

ROUTE = "a departure time or a speed that is not a positive finite number"


@pytest.fixture
def without_speed(monkeypatch):
    """Return what makes the UAVs of the named vectors fly at no speed at all, in every arm."""
    module = sys.modules[run.__module__]
    valid = module.ArmCompiler.compile

    def break_vectors(which):
        def compile_broken(*arguments, **keywords):
            compiled = valid(*arguments, **keywords)
            speed = compiled.world.routes.speed_m_s.copy()
            speed[which, 0] = np.nan
            world = compiled.world._replace(routes=compiled.world.routes._replace(speed_m_s=speed))
            return dataclasses.replace(compiled, world=world)

        monkeypatch.setattr(module.ArmCompiler, "compile", compile_broken)

    return break_vectors


@pytest.fixture
def broken(without_speed):
    """Break vector 1."""
    without_speed(1)


@pytest.fixture(scope="module")
def resolved(few):
    return prepare(str(few), embedded_fit(), days=2).resolved


def test_failures_are_rows_and_leave_every_option(broken, resolved, tmp_path):
    whole = run(resolved, 1, 5, vectors=3, out=tmp_path / "study")
    n_arms = len(whole.manifest["arms"])
    assert [failed.shape for failed in whole.failed] == [(3, 5), *[(3, ARM_REPLICATIONS)] * (n_arms - 1)]
    assert all((failed[1] != 0).all() and (failed[[0, 2]] == 0).all() for failed in whole.failed)
    rows = whole.failures()
    assert len(rows) == 5 + (n_arms - 1) * ARM_REPLICATIONS
    assert rows[0] == {"arm": 0, "vector": 1, "replication": 0, "stage": "route", "error": ROUTE}
    assert all((values[1] == 0).all() for values in whole.values)
    stored, _ = read(tmp_path / "study")
    assert stored.failures() == rows
    with Parquet() as parquet:
        table = parquet.read(tmp_path / "study" / "failures.parquet")
    assert table["stage"].tolist() == ["route"] * len(rows) and table["vector"].tolist() == [1] * len(rows)


def test_figures_are_those_of_the_sound_replications(broken, resolved):
    whole = run(resolved, 1, 5, vectors=3)
    for summary in (options_summary(whole)["region"]["leaked/uav"], compare(whole, "own").rows["region"]["leaked/uav"]):
        known = [*summary.values(), *summary["se"].values()]
        assert np.isfinite([value for value in known if isinstance(value, float)]).all()
    m = list(options_summary(whole)["own"]).index("launched/uav")
    expected = whole.values[0][[0, 2], :, 0, m].mean()
    assert options_summary(whole)["own"]["launched/uav"]["mean"] == pytest.approx(expected)
    assert expected > 0
    own, region = (whole.values[0][[0, 2], :, whole.options.index(name), m] for name in ("own", "region"))
    sorties = list(options_summary(whole)["own"]).index("sorties")
    flown = whole.values[0][[0, 2], :, whole.options.index("region"), sorties].mean()
    assert flown > 0 and (own == region).all()
    assert compare(whole, "own").rows["region"]["sorties"]["delta"] == pytest.approx(flown)
    assert any("replications failed and were left out of every option" in mark for mark in marks(whole, ""))
    assert np.isnan(whole.totals["leaked/uav"].to_numpy()[1]).all()


def test_the_exit_code_is_1_and_the_rest_is_said(broken, few, tmp_path, capsys):
    folder = tmp_path / "study"
    words = ["run", str(few), "--vectors", "3", "--replications", "2", "--days", "2", "--json"]
    with pytest.raises(SystemExit) as left:
        command_line.main([*words, "--out", str(folder)])
    out, err = capsys.readouterr()
    assert (left.value.code, err) == (1, "")
    content = json.loads(out)
    assert {(row["vector"], row["stage"], row["error"]) for row in content["failures"]} == {(1, "route", ROUTE)}
    assert content["options"]["own"]["launched/uav"]["mean"] > 0
    assert "failed" in (folder / "report.html").read_text("utf-8")
    with pytest.raises(SystemExit) as left:
        command_line.main(words)
    assert left.value.code == 1 and capsys.readouterr().out == out


@pytest.mark.parametrize("form", [("--json",), ("--out", "study")])
def test_every_replication_failed(without_speed, few, tmp_path, monkeypatch, capsys, form):
    assert set(summarise(np.ones((2, 3)), np.zeros((2, 3), bool)).values()) == {None}
    without_speed(slice(None))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        command_line.main(["run", str(few), "--vectors", "2", "--replications", "2", "--days", "1", *form])
    out, err = capsys.readouterr()
    assert (left.value.code, err) == (1, "")
    if form == ("--json",):
        assert json.loads(out)["options"]["own"]["launched/uav"]["mean"] is None
    else:
        assert "replications failed" in out


def test_a_vector_without_sound_replications_leaves_the_others_alone():
    x = np.array([[1.0, 3.0], [9.0, 9.0], [5.0, 7.0]])
    valid = np.array([[True, True], [False, False], [True, True]])
    assert summarise(x, valid) == summarise(x[[0, 2]], np.ones((2, 2), bool))


def test_what_cannot_be_known_from_the_size_is_none():
    x = np.array([[1.0], [3.0]])
    assert summarise(x, np.ones((2, 1), bool))["mcse"] is None
    assert summarise(x.T, np.ones((1, 2), bool))["lo"] is None
    one = summarise(np.array([[2.0]]), np.ones((1, 1), bool))
    assert (one["mean"], one["lo"], one["hi"], one["mcse"], one["spread_lo"]) == (2.0, None, None, None, 2.0)
