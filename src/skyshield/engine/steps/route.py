"""Step 6: route each threat.

The drawn polyline of the route is flown at the class's speed, by a UAV that is a jet at its own; a detour factor
stretches the time, not the drawing: real routes wind more than two legs can show.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.engine.scratch import Raid
from skyshield.engine.world import Routes


@kernel
def route_raid(routes: Routes, vector: int, n: int, raid: Raid) -> bool:
    """Fill length and pace of every threat; return whether all times are valid."""
    for i in range(n):
        kind = raid.threat_class[i]
        speed_m_s = routes.jet_speed_m_s[vector] if raid.jet[i] else routes.speed_m_s[vector, kind]
        pace_s_m = routes.detour[vector, kind] / speed_m_s
        if not (pace_s_m > 0.0 and np.isfinite(pace_s_m) and np.isfinite(raid.departure_s[i])):
            return False
        raid.pace_s_m[i] = pace_s_m
        raid.length_m[i] = routes.length_m[raid.route[i]]
    return True
