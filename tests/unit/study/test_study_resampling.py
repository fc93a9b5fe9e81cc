"""The error of the sample of vectors, against samples that were drawn anew.

Tried to fail: the resamples' own means not taken off, the shrinkage left out, resamples that depend on how many vectors
there are. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.streams import name_key
from skyshield.raids.fit import embedded_fit
from skyshield.study.resampling import RESAMPLES, error_of_mean, errors, resample_name, vector_counts
from skyshield.study.summary import figures
from skyshield.study.told import told_digits
from support.handmade import result_of

TAIL = 0.025


def intervals(x):
    """Mean, lo and hi of x[sample, vector, replication], each sample by itself."""
    of = figures(x, np.ones(x.shape[1:], bool), spread=False)
    return np.stack([of.mean, of.lo, of.hi])


@pytest.mark.parametrize(("vectors", "tolerance"), [(40, 0.3), (200, 0.15)])
def test_errors_are_what_other_samples_of_vectors_show(vectors, tolerance):
    rng = np.random.default_rng(vectors)
    x = rng.gamma(2.0, 3.0, (300, vectors, 1)) + rng.normal(0.0, 2.0, (300, vectors, 4))
    truth = intervals(x).std(axis=1)
    claimed = figures(x[:100], np.ones((vectors, 4), bool), spread=False, counts=vector_counts(7, vectors)).errors
    assert np.array(claimed).mean(axis=1) == pytest.approx(truth, rel=tolerance)


def test_the_mean_needs_no_resample():
    x = np.random.default_rng(1).normal(size=(3, 150))
    counts = vector_counts(1, 150)
    resampled = (x @ (counts / counts.sum(axis=0))).std(axis=1)
    assert resampled == pytest.approx(error_of_mean(x), rel=4.0 / np.sqrt(2.0 * RESAMPLES))
    assert np.isnan(error_of_mean(x[:, :1])).all()


def test_a_vector_that_is_added_leaves_those_before_as_they_are():
    few, many = vector_counts(5, 30), vector_counts(5, 200)
    assert (few == many[:30]).all() and (vector_counts(6, 30) != few).any()
    assert many.mean() == pytest.approx(1.0, abs=0.03) and many.var() == pytest.approx(1.0, abs=0.05)
    assert not many.flags.writeable


def test_no_resample_shares_its_address_with_a_parameter():
    names = {*load_catalogue(), *embedded_fit().names}
    keys = [name_key(resample_name(k)) for k in range(RESAMPLES)]
    assert len(set(keys)) == RESAMPLES and not set(keys) & {name_key(name) for name in names}


@pytest.mark.parametrize("vectors", [1, 2, 3, 5])
def test_few_vectors(vectors):
    x = np.arange(float(vectors))[None]
    result = errors(x, np.zeros(x.shape), vector_counts(1, vectors), TAIL)
    assert all(np.isnan(one[0]) if vectors == 1 else one[0] > 0.0 for one in result)


def test_options_and_paired_carry_it():
    from skyshield.study.compare import compare, options_summary

    x = np.random.default_rng(2).normal(50.0, 4.0, (40, 1)) + np.random.default_rng(3).normal(0.0, 2.0, (40, 6))
    result = result_of(["own", "region"], {("region", "prevented_zone"): x})
    for row in (options_summary(result)["region"]["prevented_zone"],
                compare(result, "own").rows["region"]["prevented_zone"]):
        assert set(row["se"]) == {"mean", "lo", "hi"}
        assert row["se"]["mean"] == pytest.approx(x.mean(axis=1).std(ddof=1) / np.sqrt(40))
        assert row["se"]["mean"] > row["mcse"] and min(row["se"].values()) > 0.0
    still = compare(result, "own").rows["region"]["leaked_zone"]
    assert still["se"] == {"mean": 0.0, "lo": 0.0, "hi": 0.0}


def test_digits_end_at_the_first_of_the_error():
    assert [told_digits(14.34, error, 3) for error in (0.05, 0.52, 1.2, 30.0)] == [3, 3, 2, 1]
