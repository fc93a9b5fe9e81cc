r"""The probability of each party, from items of evidence at even odds, and the party named or `undetermined`.

    P(p | items) = Π L_i(p) / Σ_q Π L_i(q)

Items are taken to be independent given the party. The interval runs over every combination of the items' variants: it
says what the assumptions allow, not how the evidence might have fallen otherwise. A party is named if the low end of
its interval reaches `attribution_threshold`; without evidence nobody is.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from skyshield.monitoring.attribution.evidence import Item, ends
from skyshield.monitoring.attribution.words import UNDETERMINED


@dataclasses.dataclass(frozen=True)
class Share:
    """The probability of a party, and its interval."""

    p: float
    lo: float
    hi: float


@dataclasses.dataclass(frozen=True)
class Attribution:
    """Who an event is put down to.

    Attributes
    ----------
    party
        The party named, or `undetermined`.
    shares
        By party; empty if the agreement has fewer than two to tell apart.
    items
        What it rests on.
    """

    party: str
    shares: dict[str, Share]
    items: tuple[Item, ...]


def attribute(items: Sequence[Item], parties: Sequence[str]) -> Attribution:
    """Return who an event is put down to.

    Examples
    --------
    >>> bearing = Item("fire bearing", "", (0,), np.array([[0.9332, 0.0668]]))
    >>> weapon = Item("weapon", "", (0,), np.array([[3.0, 1.0]]))
    >>> [round(attribute(of, ("RU", "UA")).shares["RU"].p, 3) for of in ([bearing], [bearing, weapon])]
    [0.933, 0.977]
    >>> attribute([], ("RU", "UA")).party
    'undetermined'
    """
    if len(parties) < 2:
        return Attribution(UNDETERMINED, {}, ())
    if not items:
        even = Share(1.0 / len(parties), 0.0, 1.0)
        return Attribution(UNDETERMINED, dict.fromkeys(parties, even), ())
    joint = np.ones((1, len(parties)))
    for item in items:  # the first row stays the reference
        rows = np.unique(item.likelihood[1:], axis=0) if len(item.likelihood) > 1 else item.likelihood[1:]
        varied = np.concatenate([item.likelihood[:1], rows])
        varied = varied / np.maximum(varied.max(axis=1, keepdims=True), np.finfo(float).tiny)
        joint = (joint[:, None, :] * varied[None, :, :]).reshape(-1, len(parties))
        joint = np.concatenate([joint[:1], _ends(joint[1:])]) if len(joint) > 1 else joint
    p = joint / joint.sum(axis=1, keepdims=True)
    shares = {party: Share(float(p[0, k]), float(p[:, k].min()), float(p[:, k].max()))
              for k, party in enumerate(parties)}
    threshold = ends("attribution_threshold")[0]
    named = next((party for party, share in shares.items() if share.lo >= threshold), UNDETERMINED)
    return Attribution(named, shares, tuple(items))


def _ends(joint: np.ndarray) -> np.ndarray:
    """Return the rows that may still become an end of an interval: with two parties those of the extreme ratios."""
    if joint.shape[1] != 2:
        return joint
    tiny = np.finfo(float).tiny
    ratio = np.log(np.maximum(joint[:, 0], tiny)) - np.log(np.maximum(joint[:, 1], tiny))
    return joint[[int(np.argmin(ratio)), int(np.argmax(ratio))]]
