"""How often a track is taken for one that may be shot at, against looks that are drawn and judged one by one.

Mutations tried, each caught (`tools/mutate.py`): the distance between classes halved; the prior's sign turned round;
the threshold of confidence put in place of the even one instead of the greater of both.
"""

import numpy as np
import pytest
from scipy.special import expit, logit, ndtri

from skyshield.rules import acceptance

CERTAIN = (False, False, True)
ONE = np.ones(1)


def judged(confusion, allowed, confidence, prior, n=400_000, seed=11):
    """Draw looks at tracks of either kind, judge each by Bayes' rule; return shares of both that are shot at."""
    draw, apart = np.random.default_rng(seed), -2.0 * ndtri(confusion)
    result = []
    for centre in (apart / 2.0, -apart / 2.0):
        look = draw.normal(centre, 1.0, n)
        evidence = np.exp(-((look - apart / 2.0) ** 2) / 2.0) / np.exp(-((look + apart / 2.0) ** 2) / 2.0)
        shot = np.ones(n, bool)
        if not all(allowed):
            shot &= evidence >= 1.0
        if confidence > 0.0:
            shot &= prior * evidence / (prior * evidence + 1.0 - prior) >= confidence
        result.append(shot.mean())
    return result


@pytest.mark.parametrize("allowed", [(True, False), (False, True), (True, True)])
@pytest.mark.parametrize(("confusion", "confidence", "prior"), [
    (0.05, 0.0, 0.6), (0.05, 0.95, 0.6), (0.15, 0.9, 0.3), (0.01, 0.99, 0.95), (0.15, 0.2, 0.5), (0.1, 0.6, 0.95)])
def test_it_is_what_single_looks_give(allowed, confusion, confidence, prior):
    result = acceptance(confusion * ONE, (*allowed, False), CERTAIN, confidence, prior * ONE)[0]
    shares = judged(confusion, allowed, confidence, prior)
    for p, may in zip(result[:2], allowed, strict=True):
        share = shares[0 if may else 1]
        assert p == pytest.approx(share, abs=4.0 * np.sqrt(max(share * (1 - share), 1e-6) / 400_000) + 1e-5)


def test_the_closed_form_at_the_even_threshold_is_the_confusion_itself():
    c = np.array([0.01, 0.05, 0.15])
    result = acceptance(c, (True, False, False), CERTAIN, 0.0, c)
    np.testing.assert_allclose(result, np.stack([1.0 - c, c, 0.0 * c], axis=1), atol=1e-12)


def test_surer_is_dearer_and_safer():
    """From where the clause begins to bind on, both chances fall; below, the clause on classes is what counts."""
    ladder = [0.0, 0.3, 0.6, 0.7, 0.9, 0.95, 0.99, 0.999, 1.0]
    result = np.array([acceptance(0.05 * ONE, (True, False, False), CERTAIN, q, 0.6 * ONE)[0, :2] for q in ladder])
    assert (np.diff(result, axis=0) <= 0.0).all()
    assert (result[:3] == result[0]).all()  # a confidence below the prior asks for less than the even threshold
    assert (np.diff(result[2:], axis=0) < 0.0).all()
    assert result[-1].tolist() == [0.0, 0.0]  # nobody is ever certain
    alone = [acceptance(0.05 * ONE, (True, True, True), CERTAIN, q, 0.6 * ONE)[0, 0] for q in ladder]
    assert alone[0] == 1.0 and (np.diff(alone) < 0.0).all()


def test_at_the_threshold_the_posterior_is_the_confidence():
    c, q, prior = 0.05, 0.9, 0.4
    apart = -2.0 * ndtri(c)
    p = acceptance(c * ONE, (True, False, False), CERTAIN, q, prior * ONE)[0, 0]
    look = apart / 2.0 - ndtri(p)  # the look beyond which a share p of allowed tracks lies
    assert expit(logit(prior) + apart * look) == pytest.approx(q, abs=1e-9)


def test_a_ballistic_missile_is_taken_for_nothing_else():
    assert acceptance(0.1 * ONE, (True, False, True), CERTAIN, 0.9, 0.5 * ONE)[0, 2] == 1.0
    assert acceptance(0.1 * ONE, (True, True, False), CERTAIN, 0.0, 0.5 * ONE)[0].tolist() == [1.0, 1.0, 0.0]
    assert acceptance(0.1 * ONE, (False, False, True), CERTAIN, 0.0, 0.5 * ONE)[0].round(6).tolist() == [0.1, 0.1, 1.0]
