"""Steps 8 and 11: what reaches its aim, and the tally of the day.

A coalition stop is `prevented` if the own defence would have let the threat through, and `redundant` if
it would have stopped it later anyway. `saturated` are threats that a free patrol could have shot at while
they lived, and none did. Every launched threat ends in exactly one of: stopped by own
defence (kill or diversion), stopped by the coalition, leaked.
"""

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.steps.engage import STOPPED_BY_COALITION
from skyshield.engine.steps.permit import REFUSED_BY_CLASS, REFUSED_BY_STANDOFF
from skyshield.engine.world import N_CLASSES, Integers, Raid, Rules


@kernel
def count_day(rules: Rules, work_s: float, n: int, raid: Raid, counts: Integers) -> bool:
    """Add the day's fates to `counts` [measure]; return whether every threat is accounted for."""
    for i in range(n):
        kind = raid.threat_class[i]
        in_area = rules.aim_in_area[raid.aim[i]]
        would_leak = raid.own_stop_m[i] > raid.length_m[i]
        counts[t.LAUNCHED + kind] += 1
        counts[t.SHOTS] += raid.shots[i]
        counts[t.ENGAGED] += raid.shots[i] > 0
        end_s = raid.departure_s[i] + min(raid.own_stop_m[i], raid.length_m[i]) * raid.pace_s_m[i]
        counts[t.SATURATED] += raid.shots[i] == 0 and raid.opening_s[i] + work_s < end_s
        counts[t.REFUSED_CLASS] += raid.refused[i] == REFUSED_BY_CLASS
        counts[t.REFUSED_STANDOFF] += raid.refused[i] == REFUSED_BY_STANDOFF
        if raid.fate[i] == STOPPED_BY_COALITION:
            counts[t.COALITION + kind] += 1
            if would_leak:
                counts[t.PREVENTED + kind] += 1
                counts[t.PREVENTED_ZONE] += in_area
            else:
                counts[t.REDUNDANT + kind] += 1
        elif would_leak:
            counts[t.LEAKED + kind] += 1
            counts[t.LEAKED_ZONE] += in_area
            counts[t.LEAKED_ARMED] += raid.armed[i]
        elif raid.own_soft[i]:
            counts[t.OWN_SOFT + kind] += 1
        else:
            counts[t.OWN_HARD + kind] += 1
    for kind in range(N_CLASSES):
        ended = (counts[t.OWN_HARD + kind] + counts[t.OWN_SOFT + kind] + counts[t.COALITION + kind]
                 + counts[t.LEAKED + kind])
        if ended != counts[t.LAUNCHED + kind]:
            return False
    return True
