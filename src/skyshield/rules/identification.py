r"""Classification and identification of a track as a signal-detection problem.

A look at a track gives one number that is normal with the same spread for both kinds of track, those of a class the
rules allow and those of a class they do not, a distance d apart. If an operator who favours neither kind goes wrong
with probability c (`class_confusion_night`), then

    d = -2 \Phi^{-1}(c).

The logarithm of the likelihood ratio in favour of an allowed class is then normal with mean +d^2/2 for an allowed
class and -d^2/2 for another, and variance d^2 for both. The operator shoots if it is at least t:

- where a clause on classes binds, t = 0: the likelier class is taken for the true one;
- where a clause on identification asks for the confidence q, the posterior must reach it. With a prior share p of
  allowed tracks, t = logit q - logit p;
- where both bind, the greater of the two; where neither does, a track is enough.

A class that its speed alone gives away, as a ballistic missile's does, is never taken for another: it is shot at if and
only if the rules allow it, and it takes no part in the clause on classes.

So P(shoot | allowed) = \Phi((d^2/2 - t) / d) and P(shoot | not allowed) = \Phi((-d^2/2 - t) / d): a higher confidence
costs engagements and leaves some error. Source: Green and Swets, "Signal detection theory and psychophysics", 1966;
general knowledge.
"""

from collections.abc import Sequence

import numpy as np

from skyshield.core.arrays import Floats


def acceptance(confusion: Floats, allowed: Sequence[bool], certain: Sequence[bool], confidence: float,
               prior: Floats) -> Floats:
    """Return how often a track of each class is taken to be one that may be shot at.

    Parameters
    ----------
    confusion
        f8[vector], probability of taking one class for another at the even threshold, in (0, 0.5).
    allowed
        For each class whether the rules allow it.
    certain
        For each class whether nobody can take it for another.
    confidence
        What identification must reach, 0 to 1; 0 if a track is enough.
    prior
        f8[vector], share of tracks that are of an allowed class, in (0, 1); read only if confidence is above 0.

    Returns
    -------
    array
        f8[vector, class].

    Examples
    --------
    >>> c, half = np.array([0.05]), np.array([0.5])
    >>> acceptance(c, (True, False, False), (False, False, True), 0.0, half).round(3).tolist()
    [[0.95, 0.05, 0.0]]
    >>> acceptance(c, (True, False, False), (False, False, True), 0.95, half).round(3).tolist()
    [[0.773, 0.006, 0.0]]
    >>> acceptance(c, (True, True, False), (False, False, True), 0.0, half).tolist()
    [[1.0, 1.0, 0.0]]
    """
    from scipy.special import logit, ndtr, ndtri

    allowed_classes, certain_classes = np.asarray(allowed, bool), np.asarray(certain, bool)
    binds = not allowed_classes[~certain_classes].all()
    if not binds and confidence <= 0.0:
        return np.broadcast_to(allowed_classes | ~certain_classes, (len(confusion), len(allowed_classes))).astype(float)
    separation = -2.0 * ndtri(confusion)[:, None]
    threshold = np.full((len(confusion), 1), 0.0 if binds else -np.inf)
    if confidence > 0.0:
        threshold = np.maximum(threshold, (logit(confidence) - logit(prior))[:, None])
    mean = np.where(allowed_classes, 1.0, -1.0) * separation**2 / 2.0
    return np.where(certain_classes, allowed_classes.astype(float), ndtr((mean - threshold) / separation))
