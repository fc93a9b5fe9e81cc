"""What several outputs say of a study is worked out once, however many of them are written."""

import json
import sys

import pytest

from skyshield.cli import main as command_line
from skyshield.study import StudyView, compare, run
from skyshield.study.compare import marks, options_summary, over_arms, paired, relief_rows, rivals
from skyshield.study.prepare import prepare
from support.studies import parts, resolved, scenario


@pytest.fixture
def calls(monkeypatch):
    """Count the calls of functions wherever the package has them."""
    counted: list[tuple[str, tuple]] = []

    def counting(function):
        def counted_function(*arguments, **keywords):
            counted.append((function.__name__, arguments[1:]))
            return function(*arguments, **keywords)

        return counted_function

    for function in (compare, options_summary, over_arms, paired, rivals):
        for name, module in list(sys.modules.items()):
            if name.startswith("skyshield.") and vars(module).get(function.__name__) is function:
                monkeypatch.setattr(module, function.__name__, counting(function))
    return counted


@pytest.mark.parametrize("words", [(), ("--rules",)])
def test_a_run_compares_each_pair_once(few, tmp_path, capsys, calls, words):
    arguments = ["run", str(few), "--vectors", "2", "--replications", "2", "--days", "1", *words, "--json"]
    with pytest.raises(SystemExit) as left:
        command_line.main([*arguments, "--out", str(tmp_path / "study")])
    out = capsys.readouterr().out
    assert left.value.code == 0
    assert all((tmp_path / "study" / name).exists() for name in ("report.html", "annex.html"))
    names = [name for name, _ in calls]
    assert {name: names.count(name) for name in ("compare", "options_summary", "over_arms", "rivals")} == {
        "compare": 1, "options_summary": 1, "over_arms": 1, "rivals": 1}
    pairs = [pair for name, of in calls if name == "paired" for pair in of[0]]
    assert len(pairs) == len(set(pairs)) and len(pairs) >= len(json.loads(out)["paired"])


def test_a_view_says_what_its_parts_say():
    made = resolved(scenario(days=1))
    result = run(made, seed=1, replications=2, vectors=2)
    view = StudyView(result, made)
    assert view.to == "own"
    assert view.comparison == compare(result, "own") and view.summaries == options_summary(result)
    assert view.arms == over_arms(result, "own") and view.rivals == rivals(result, view.arms)
    assert view.marks == marks(result, parts()[2].status) and view.relief == relief_rows(result, "own") == {}
    assert StudyView(result, made, "region").comparison == compare(result, "region")
    assert view.comparison is view.comparison


def test_options_that_only_price_a_clause_are_not_compared(few):
    made = prepare(str(few), parts()[2], rules=True, days=1).resolved
    view = StudyView(run(made, seed=1, replications=1, vectors=2), made)
    assert set(view.comparison.rows) - set(view.compared.rows) == set(view.dropped) != set()
    assert {price["option"] for price in view.prices} <= set(view.compared.rows)
