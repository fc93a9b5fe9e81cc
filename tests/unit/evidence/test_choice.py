"""What is recommended: ties are called ties, and two recommendations that contradict each other say so.

Tried to fail: the error of the difference taken as that of each option by itself, ties left out of the agreement,
indices of a small design told. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.evidence.exploration.regret import regret
from skyshield.evidence.exploration.text import lines
from skyshield.evidence.sensitivity.analysis import KNOWN
from skyshield.evidence.sensitivity.choice import AT_REFERENCES, SPREAD_EVENLY, choice, choice_lines, compared, said
from skyshield.evidence.sensitivity.morris import Group
from skyshield.evidence.sensitivity.sobol import LEAST_ROWS, PickFreeze, indices
from skyshield.evidence.sensitivity.text import index_line


def test_points_that_options_share_make_a_small_difference_clear():
    rng = np.random.default_rng(1)
    shared, small = rng.normal(0.0, 10.0, 200), rng.normal(0.0, 0.1, 200)
    clear = choice({"zone": shared + 0.3, "aid": shared + small})
    assert (clear["best"], clear["ties"]) == ("zone", [])
    near = choice({"zone": shared + 0.3, "aid": rng.normal(0.0, 10.0, 200)})
    assert said(near) in ("zone and aid tie", "aid and zone tie")
    assert choice({"own": np.zeros(5), "idle": np.zeros(5)})["ties"] == ["idle"]
    assert choice({"a": np.ones(1), "b": np.zeros(1)})["ties"] == ["b"]  # one point tells nothing apart


@pytest.mark.parametrize(("references", "stand_in", "agree"), [
    (("a", []), ("a", []), True), (("a", []), ("b", []), False), (("a", ["b"]), ("b", []), True),
    (("a", ["b"]), ("c", ["b"]), True), (("a", ["b"]), ("c", []), False)])
def test_opposite_choices_are_said(references, stand_in, agree):
    rows = compared({AT_REFERENCES: dict(zip(("best", "ties"), references, strict=True)),
                     SPREAD_EVENLY: dict(zip(("best", "ties"), stand_in, strict=True))})
    assert rows["agree"] is agree
    assert any(line.startswith("These disagree") for line in choice_lines(rows)) is not agree


def test_regret_says_where_its_two_criteria_disagree():
    values = {"zone": np.array([10.0] * 30 + [0.0]), "aid": np.array([7.0] * 30 + [7.5])}
    result = regret(values)
    assert (result["minimax"], result["minimax_ties"]) == ("aid", [])
    assert (result["least_mean"], result["least_mean_ties"]) == ("zone", [])
    content = {"boxes": {}, "choices": {}, "regret": {"most": result}, "thresholds": {},
               "near_optimal": {"most": {"all": [], "some": [], "none": [], "within": 0.1}}}
    text = "\n".join(lines(content))
    assert "by least greatest regret: choose aid; by least mean regret: choose zone" in text
    assert "These disagree: greatest regret" in text


@pytest.mark.parametrize("n", [LEAST_ROWS // 2, LEAST_ROWS])
def test_indices_of_a_small_design_are_refused(n):
    points = np.random.default_rng(3).random((n * 3, 1))
    result = indices(PickFreeze((Group("a"),), points), points * np.ones((1, 2)))
    told = [row[key] for row in result["inputs"] for key in ("first", "total", "total_lo", "total_hi")]
    assert all((value is None) == (n < LEAST_ROWS) for value in told)
    line = index_line("zone", KNOWN, result)
    assert ("no indices, 32 rows are fewer than 64: ask for more with --samples" in line) == (n < LEAST_ROWS)
