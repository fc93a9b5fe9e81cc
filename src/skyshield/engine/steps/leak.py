"""Steps 8 and 11: what reaches its aim, and the tally of the day.

A stop by the coalition or by aid is `prevented` if the own defence would have let the threat through, and `redundant`
if it would have stopped it later anyway. A stop by relief is the own defence's. `saturated` are threats that a free
shooter could have shot at while they lived, and none did. Every launched threat ends in exactly one of: stopped by own
defence (kill or diversion), stopped by aid, stopped by the coalition, leaked.
"""

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.steps.engage import STOPPED_BY_COALITION
from skyshield.engine.steps.permit import NOT_REFUSED, REFUSED_BY_STANDOFF
from skyshield.engine.steps.relieve import RELIEVED
from skyshield.engine.world import N_CLASSES, UAV, Integers, Raid, Rules


@kernel
def count_day(rules: Rules, option: int, n: int, raid: Raid, counts: Integers) -> bool:
    """Add the day's fates to `counts` [measure]; return whether every threat is accounted for."""
    for i in range(n):
        kind = raid.threat_class[i]
        in_area = rules.aim_in_area[raid.aim[i]]
        would_leak = raid.own_stop_m[i] > raid.length_m[i]
        end_m = min(raid.own_stop_m[i], raid.length_m[i])
        counts[t.LAUNCHED + kind] += 1
        counts[t.ENGAGED] += raid.engagements[i] > 0
        end_s = raid.departure_s[i] + min(end_m, raid.aid_stop_m[i]) * raid.pace_s_m[i]
        counts[t.SATURATED] += raid.engagements[i] == 0 and raid.could_shoot_s[i] < end_s
        if raid.refused[i] != NOT_REFUSED:
            counts[t.REFUSED + raid.refused[i] - 1] += 1
            if raid.refused[i] == REFUSED_BY_STANDOFF:
                counts[t.REFUSED_BY + rules.refused_by[option, raid.route[i]] - 1] += 1
        by_coalition = raid.fate[i] == STOPPED_BY_COALITION
        if by_coalition or raid.aid_stop_m[i] < end_m:
            counts[(t.COALITION if by_coalition else t.AID) + kind] += 1
            if would_leak:
                counts[t.PREVENTED + kind] += 1
                counts[t.PREVENTED_ZONE] += in_area
            else:
                counts[t.REDUNDANT + kind] += 1
        elif would_leak and raid.fate[i] != RELIEVED:
            counts[t.LEAKED + kind] += 1
            counts[t.LEAKED_ZONE] += in_area
            counts[t.LEAKED_ARMED] += kind == UAV and raid.armed[i]
        else:
            counts[(t.OWN_SOFT if raid.own_soft[i] else t.OWN_HARD) + kind] += 1
            counts[t.RELIEVED] += would_leak
    for kind in range(N_CLASSES):
        ended = (counts[t.OWN_HARD + kind] + counts[t.OWN_SOFT + kind] + counts[t.AID + kind]
                 + counts[t.COALITION + kind] + counts[t.LEAKED + kind])
        if ended != counts[t.LAUNCHED + kind]:
            return False
    return True
