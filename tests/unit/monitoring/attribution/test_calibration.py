"""Attribution on events whose author is known, drawn from another model than the one that weighs them.

Tried to fail: the sides of the line exchanged in the weighing (Brier score 0.75).
"""

import itertools

import numpy as np
import pytest

from skyshield.core.geodesy import to_plane
from skyshield.monitoring.attribution.evidence import Place, items_of
from skyshield.monitoring.attribution.ground import ground_of
from skyshield.monitoring.attribution.posterior import attribute
from support.attributed import agreement, known_events

BINS = np.linspace(0.5, 1.0, 6)  # of the likeliest party's P


def measured(n, seed):
    """Return for each event the likeliest party's P, whether it was that party, and the party named."""
    ground = ground_of(agreement())
    events = known_events(n, seed)
    inside = ground.inside_m(*to_plane([e.lon for e in events], [e.lat for e in events]))
    rows = []
    for k, event in enumerate(events):
        place = Place(event.lon, event.lat, 200.0, inside[:, k])
        found = attribute(items_of([event.record], place, ground, ground.parties), ground.parties)
        likeliest = max(found.shares, key=lambda party: found.shares[party].p)
        rows.append((found.shares[likeliest].p, likeliest == event.party, found.party == "undetermined",
                     found.party not in ("undetermined", event.party)))
    return (np.array(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize(("n", "noise"), [(1_000, 2.0), pytest.param(6_000, 0.0, marks=pytest.mark.slow)])
def test_brier_score_reliability_and_share_undetermined(n, noise):
    p, right, undetermined, wrong = measured(n, seed=n)
    brier = float(np.mean((p - right) ** 2))
    print(f"n {n}: Brier {brier:.3f}, undetermined {undetermined.mean():.3f}, wrong {wrong.mean():.4f}")
    for low, high in itertools.pairwise(BINS):
        inside = (p >= low - 1e-9) & ((p < high - 1e-9) | (high == 1.0))
        if count := int(inside.sum()):
            share = float(right[inside].mean())
            print(f"  P {low:.1f} to {high:.1f}: {count} events, mean P {p[inside].mean():.3f}, right {share:.3f}")
            if count >= n / 50:
                assert abs(p[inside].mean() - share) <= 0.05 + noise * np.sqrt(share * (1.0 - share) / count)
    assert brier < 0.15
    assert 0.3 < undetermined.mean() < 0.95
    assert wrong.mean() < 0.01
