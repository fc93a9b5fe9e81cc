"""Step 18: relief, in its arm alone.

A redundant stop saves Ukraine's own defence one of its own. With D the own stops in the option's declared zone without
the option minus those with it, and no more than the redundant stops there, and E the own stops elsewhere without the
option, the own defence elsewhere is as if its hazard were

    m = (1 + phi D / E)^eta

times what it is tonight. A threat bound elsewhere that leaked is stopped after all if its margin, -ln U over its own
hazard (`steps.own`), is at most m: nothing is drawn. Whoever is first in the raid is first here, until D are stopped
so, and never more than keeps the own stops of the night at or below what they are without the option. Where nothing is
stopped elsewhere there is nothing to be multiplied, and no relief.

In the zone is who is bound for it: the aim counts, not the place of the stop. With phi = 0, as in the headline, the
step does nothing. Source: model specification, section 2.
"""

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import N_STREAMS
from skyshield.engine.scratch import Raid
from skyshield.engine.steps.engage import LIVE, STOPPED_BY_COALITION

RELIEVED = 2  # a fate, beside those of `steps.engage`


@kernel
def own_stops_without(zone: Flags, sizes: Integers, most: Integers, raid: Raid) -> tuple[int, int]:
    """Return the own stops without an option, of threats bound for its zone and of others.

    The raid is as drawn: of each stream the first `sizes` of `most` come without an option.
    """
    inside, outside, first = 0, 0, 0
    for stream in range(N_STREAMS):
        for i in range(first, first + sizes[stream]):
            if raid.own_stop_m[i] <= raid.length_m[i]:
                if zone[raid.aim[i]]:
                    inside += 1
                else:
                    outside += 1
        first += most[stream]
    return inside, outside


@kernel
def multiplier(share: float, elasticity: float, saved: int, elsewhere: int) -> float:
    """Return what the hazard elsewhere is multiplied by."""
    if saved <= 0 or elsewhere <= 0:
        return 1.0
    return float((1.0 + share * saved / elsewhere) ** elasticity)


@kernel
def relieve(zone: Flags, share: float, elasticity: float, inside: int, outside: int, supply: Floats, n: int,
            raid: Raid) -> int:
    """Mark the threats that are stopped thanks to relief in their fate; return how many.

    `inside` and `outside` are the own stops without the option, see `own_stops_without`; `supply` [class] is what the
    own defence's hazard is over that of full stores.
    """
    with_inside, with_outside, redundant = 0, 0, 0
    for i in range(n):
        if raid.own_stop_m[i] > raid.length_m[i]:
            continue
        taken = raid.fate[i] == STOPPED_BY_COALITION or raid.aid_stop_m[i] < raid.own_stop_m[i]
        if not zone[raid.aim[i]]:
            with_outside += not taken
        elif taken:
            redundant += 1
        else:
            with_inside += 1
    saved = max(0, min(inside - with_inside, redundant))
    m = multiplier(share, elasticity, saved, outside)
    most = min(saved, inside + outside - with_inside - with_outside)
    n_relieved = 0
    if m <= 1.0:
        return 0
    for i in range(n):
        if n_relieved >= most:
            break
        leaks = raid.fate[i] == LIVE and min(raid.own_stop_m[i], raid.aid_stop_m[i]) > raid.length_m[i]
        if leaks and not zone[raid.aim[i]] and raid.own_margin[i] <= m * supply[raid.threat_class[i]]:
            raid.fate[i] = RELIEVED
            n_relieved += 1
    return n_relieved
