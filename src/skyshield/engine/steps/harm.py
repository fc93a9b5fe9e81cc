"""Step 24: harm: warheads delivered, hours without power, days of the ports, hours of the railway; alerts by place.

Armed leakers carry the warhead of their kind; an area is credited with those that reach an aim in it. Of those in an
oblast a share hits the grid. Hits, counted in those of a UAV by their warhead, accumulate in every oblast and are
mended with a mean time T,

    d' = d exp(-1/T) + hits (1 - protection),

and while d are not mended its residents are without power for min(24 h, e d) of a day. What is added up is the mean
over all residents of the country, or of the oblasts whose aim lies in the protected area: no oblast is told from
another. Ports likewise: with d hits not mended min(1, b d) of a day of their work is lost. A hit on the railway costs
hours of delay and repair. A hit on the grid of an oblast with a nuclear power plant costs the plant days of off-site
power on average, counted on the day of the hit. Shares, hours and days are intervals without a centre.

Told beside the alerts of all (`steps.alerts`): the hours of the capital, and the mean over the oblasts that travellers'
corridors cross.
"""

import math

from skyshield.core.arrays import Flags, Floats
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import ARMED, BALLISTIC, CARGOES, CRUISE, DECOY_ARMED, UAV
from skyshield.engine import tally as t
from skyshield.engine.scratch import Campaign, Ends
from skyshield.engine.steps.alerts import hours_under_alert
from skyshield.engine.world import Harm

_DAY_H = 24.0
_CRUISE_CARGO, _BALLISTIC_CARGO = CARGOES.index("cruise"), CARGOES.index("ballistic")


@kernel
def hits_of_uavs(harm: Harm, vector: int, aim: int, ends: Ends) -> float:
    """Return the warhead that reached an aim, in warheads of a UAV."""
    kg = 0.0
    for cargo in range(1, ends.leakers.shape[1]):
        kg += ends.leakers[aim, cargo] * harm.warhead_kg[vector, cargo]
    return float(kg / harm.warhead_kg[vector, ARMED])


@kernel
def count_warheads(harm: Harm, vector: int, aim_in_area: Flags, ends: Ends, amounts: Floats) -> None:
    """Add the warheads delivered, by class, in the country and in the protected area."""
    for aim in range(ends.leakers.shape[0]):
        of_aim, kg = ends.leakers[aim], harm.warhead_kg[vector]
        uav = of_aim[ARMED] * kg[ARMED] + of_aim[DECOY_ARMED] * kg[DECOY_ARMED]
        cruise, ballistic = (of_aim[_CRUISE_CARGO] * kg[_CRUISE_CARGO],
                             of_aim[_BALLISTIC_CARGO] * kg[_BALLISTIC_CARGO])
        amounts[t.WARHEAD + UAV] += uav
        amounts[t.WARHEAD + CRUISE] += cruise
        amounts[t.WARHEAD + BALLISTIC] += ballistic
        if aim_in_area[aim]:
            amounts[t.WARHEAD_ZONE + UAV] += uav
            amounts[t.WARHEAD_ZONE + CRUISE] += cruise
            amounts[t.WARHEAD_ZONE + BALLISTIC] += ballistic


@kernel
def count_harm(harm: Harm, population: Floats, aim_in_area: Flags, vector: int, day: int, option: int, ends: Ends,
               campaign: Campaign, amounts: Floats) -> None:
    """Add the day's harm [measure], and take note of what is not mended."""
    count_warheads(harm, vector, aim_in_area, ends, amounts)
    grid = campaign.grid[option]
    grid_left = math.exp(-1.0 / harm.grid_repair_days[vector])
    port_left = math.exp(-1.0 / harm.port_repair_days[vector])
    outage, outage_zone, people, people_zone, port, rail, rail_zone = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    on_grid = harm.energy_share[vector] * (1.0 - harm.grid_protected[vector, option, day])
    for aim in range(grid.shape[0]):
        hits, armed = hits_of_uavs(harm, vector, aim, ends), int(ends.leakers[aim, 1:].sum())
        grid[aim] = grid[aim] * grid_left + on_grid * hits
        without_h = population[aim] * min(_DAY_H, harm.outage_h_per_hit[vector] * grid[aim])
        on_rail = armed * harm.rail_share[vector] * harm.rail_h_per_hit[vector]
        outage, people, rail = outage + without_h, people + population[aim], rail + on_rail
        if aim_in_area[aim]:
            outage_zone, people_zone, rail_zone = (outage_zone + without_h, people_zone + population[aim],
                                                   rail_zone + on_rail)
        if harm.port_aim[aim]:
            port += hits * harm.port_share[vector]
        if harm.plant_aim[aim]:
            amounts[t.PLANT_DAYS] += on_grid * hits * harm.plant_days_per_hit[vector]
    campaign.port[option] = campaign.port[option] * port_left + port
    amounts[t.OUTAGE] += outage / max(people, 1.0)
    amounts[t.OUTAGE_ZONE] += outage_zone / max(people_zone, 1.0)
    amounts[t.PORT_DAYS] += min(1.0, harm.port_days_per_hit[vector] * campaign.port[option])
    amounts[t.RAIL] += rail
    amounts[t.RAIL_ZONE] += rail_zone
    amounts[t.ALERT_KYIV] += hours_under_alert(harm.kyiv_aim, ends)
    amounts[t.ALERT_CORRIDORS] += hours_under_alert(harm.corridor_aim, ends)
