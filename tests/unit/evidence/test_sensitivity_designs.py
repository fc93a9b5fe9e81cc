"""Screening, indices and value of information against closed forms, through the code that studies use.

Tried against mutations: the step of a trajectory taken as one; the noise added instead of taken out; f(A) for f(B) in
the first order; the bias of EVPPI not taken out; the noise of replications counted once a point. Each fails a test.
"""

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.evidence.sensitivity.analysis import choose
from skyshield.evidence.sensitivity.information import basis, partial
from skyshield.evidence.sensitivity.morris import Group, effects, problem_of, trajectories
from skyshield.evidence.sensitivity.sizes import check_sizes
from skyshield.evidence.sensitivity.sobol import indices, pick_freeze

pytest.importorskip("SALib", exc_type=ImportError)
ABC = [Group("a"), Group("b"), Group("c")]
ROWS = 2048
# Ishigami with a = 7, b = 0.1: Sobol and Levitan 1999
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
G_A = (0.0, 1.0, 4.5, 9.0)


def ishigami(u):
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(u):
    return np.prod([(abs(4.0 * u[:, k] - 2.0) + a) / (1.0 + a) for k, a in enumerate(G_A)], axis=0)


def noisy(y, step, replications, size, seed=1):
    """Add noise that all points of a row share in part, as raids are shared."""
    g = np.random.default_rng(seed)
    shared = np.repeat(g.standard_normal((len(y) // step, replications)), step, axis=0)
    return y[:, None] + size * (shared + g.standard_normal((len(y), replications))) / np.sqrt(2.0)


@pytest.mark.parametrize("size", [0.0, 4.0])
def test_ishigami_with_and_without_noise(size):
    design = pick_freeze(ABC, ROWS, 3)
    y = noisy(ishigami(design.points), design.step, 4, size)
    result = indices(design, y)
    assert result["variance"] == pytest.approx(13.845, rel=0.05)
    for row, first, total in zip(result["inputs"], FIRST, TOTAL, strict=True):
        assert row["first"] == pytest.approx(first, abs=0.05)
        assert row["total"] == pytest.approx(total, abs=0.05)
        assert row["first_lo"] - 0.02 < first < row["first_hi"] + 0.02
    share = size**2 / 4.0 / (13.845 + size**2 / 4.0)
    assert result["noise_share"] == pytest.approx(share, abs=0.03)


def test_noise_that_is_not_taken_out_would_be_seen():
    design = pick_freeze(ABC, ROWS, 3)
    y = noisy(ishigami(design.points), design.step, 4, 8.0)
    left = indices(design, y.mean(axis=1, keepdims=True))  # one replication: nothing can be taken out
    assert left["inputs"][1]["first"] < 0.75 * FIRST[1]
    assert indices(design, y)["inputs"][1]["first"] == pytest.approx(FIRST[1], abs=0.1)


def test_the_g_function():
    design = pick_freeze([Group(f"x{k}") for k in range(4)], ROWS, 5)
    part = np.array([1.0 / 3.0 / (1.0 + a) ** 2 for a in G_A])
    product = np.prod(1.0 + part) - 1.0
    result = indices(design, g_function(design.points)[:, None])["inputs"]
    for k, row in enumerate(result):
        assert row["first"] == pytest.approx(part[k] / product, abs=0.05)
        assert row["total"] == pytest.approx(part[k] * np.prod(1.0 + part) / (1.0 + part[k]) / product, abs=0.05)


def test_salib_says_the_same():
    from SALib.analyze import sobol

    design = pick_freeze(ABC, ROWS, 3)
    y = ishigami(design.points)
    problem = {key: value for key, value in problem_of(ABC).items() if key != "groups"}
    theirs = sobol.analyze(problem, y, calc_second_order=False, seed=1)
    ours = indices(design, y[:, None])["inputs"]
    assert [row["first"] for row in ours] == pytest.approx(theirs["S1"], abs=0.02)
    assert [row["total"] for row in ours] == pytest.approx(theirs["ST"], abs=0.02)


def test_a_group_moves_together():
    design = pick_freeze([Group("a"), Group("bc", 2, ordered=False)], ROWS, 3)
    result = indices(design, design.points @ np.array([[1.0], [1.0], [1.0]]))["inputs"]
    assert result[1]["total"] == pytest.approx(2.0 / 3.0, abs=0.03)


def test_morris_on_a_plane_and_on_a_bent_surface():
    design = trajectories(ABC, 6, 2)
    plane = effects(design, (design.points @ np.array([4.0, -2.0, 0.0]))[:, None])
    assert [row["mu"] for row in plane] == pytest.approx([4.0, -2.0, 0.0])
    assert [row["mu_star"] for row in plane] == pytest.approx([4.0, 2.0, 0.0])
    assert [row["sigma"] for row in plane] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert plane[0]["noise"] is None
    bent = effects(design, (design.points[:, 0] * design.points[:, 1])[:, None])
    assert bent[0]["sigma"] > 0.1
    assert bent[2]["mu_star"] == 0.0


def test_morris_tells_the_level_of_noise():
    design = trajectories(ABC, 200, 2)
    g = np.random.default_rng(4)
    rows = effects(design, 10.0 * design.points[:, :1] + g.standard_normal((len(design.points), 8)))
    assert rows[2]["mu_star"] == pytest.approx(rows[2]["noise"], rel=0.15)  # nothing but noise
    assert rows[0]["mu_star"] > 8.0 * rows[0]["noise"]
    assert choose({"zone": rows}, 5) == ["a"]


@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_evppi_of_a_linear_gaussian_choice(slope):
    g = np.random.default_rng(6)
    x, other = g.standard_normal((2, 4000))
    values = {"stay": np.zeros(4000), "go": slope * x + other + 2.0 * g.standard_normal(4000)}
    exact = slope / np.sqrt(2.0 * np.pi)  # E max(0, N(0, slope^2))
    result = partial(values, x[:, None], 1)
    assert abs(result["value"] - exact) < 3.0 * result["se"] + 0.02
    assert result["se"] < 0.1


def test_evppi_of_what_does_not_matter_is_nothing():
    g = np.random.default_rng(7)
    values = {"stay": np.zeros(500), "go": g.standard_normal(500) + 0.1}
    result = partial(values, g.standard_normal((500, 1)), 1)
    assert result["value"] < 2.0 * result["se"]
    assert result["bias"] > 0.0
    sure = partial({"stay": np.zeros(500), "go": np.ones(500)}, g.standard_normal((500, 1)), 1)
    assert (sure["value"], sure["bias"] < 1e-6) == (0.0, True)


def test_a_switch_is_an_indicator():
    assert basis(np.array([[0.0], [1.0], [1.0]])).tolist() == [[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]


def test_designs_are_the_same_each_time_and_differ_by_seed():
    assert trajectories(ABC, 4, 1).points.tobytes() == trajectories(ABC, 4, 1).points.tobytes()
    assert pick_freeze(ABC, 8, 1).points.tobytes() == pick_freeze(ABC, 8, 1).points.tobytes()
    assert pick_freeze(ABC, 8, 1).points.tobytes() != pick_freeze(ABC, 8, 2).points.tobytes()


@pytest.mark.parametrize(("sizes", "where"), [
    (("prevented_zon", 8, 128, 4, 1), "--measure"), (("prevented_zone", 1, 128, 4, 1), "--trajectories"),
    (("prevented_zone", 8, 100, 4, 1), "--samples"), (("prevented_zone", 8, 128, 0, 1), "--replications"),
    (("prevented_zone", 8, 128, 4, -1), "--seed")])
def test_wrong_sizes_are_refused(sizes, where):
    with pytest.raises(SkyShieldError) as refused:
        check_sizes(*sizes)
    assert refused.value.where == where
