r"""A force of fighters over a campaign: a pool of aircraft, some out of use.

Of A aircraft D are out of use, A - D ready. On every day the ready ones, less those on ground alert, and the crews keep
up patrols in their order, times the share of patrols that weather leaves. After a share b of the sorties S an aircraft
is out of use until it is mended, which takes T days on average, so that after a day

    D' = D exp(-1/T) + b S T (1 - exp(-1/T)).

T is such that at the sustained pace, f sorties a day of each ready aircraft, a share q stays available
(`skyshield.forces.patrols.repair_time_days`); the pool starts there. At any other pace of r sorties it settles where
the force flies A r f q / (f q + r (1 - q)) a day: a surge starts at r q A and is paid for later. Aircraft are a real
number, not single ones, and nothing but weather and warning is drawn. What is lost is gone for good.
"""

from collections.abc import Sequence

import numpy as np

from skyshield.engine import Fleets
from skyshield.forces.members import Member
from skyshield.forces.package import Deployment, ForcePackage
from skyshield.forces.patrols import repair_time_days


def prepare_fleets(packages: Sequence[Sequence[ForcePackage]], deployment: Deployment,
                   members: Sequence[Sequence[Member]] | None = None) -> Fleets:
    """Return the fleet of each option's packages; an option without fighters has none.

    `members` are for each option those that provide it, the deployment's if not given.
    """
    parameters = deployment.parameters
    pair = parameters["fighters_per_station"]
    nothing = np.zeros((len(pair), len(packages)))
    aircraft, crews, alert_aircraft, alert_crews = (nothing.copy() for _ in range(4))
    surge, rest = nothing + 1.0, nothing + 1.0
    there = False
    for option, of_option in enumerate(packages):
        for package in of_option:
            its = deployment if members is None else deployment._replace(members=members[option])
            fleet = package.fleet(its)
            if fleet is not None:
                there = True
                aircraft[:, option], crews[:, option] = fleet.aircraft, fleet.crews
                surge[:, option], rest[:, option] = fleet.surge, fleet.rest
                alert_aircraft[:, option], alert_crews[:, option] = fleet.alert_aircraft, fleet.alert_crews
    one = np.ones(len(pair))
    return Fleets(
        aircraft, crews, alert_aircraft, alert_crews, parameters["fighter_availability"] if there else one,
        parameters["fighter_failure_probability"] if there else 0.0 * one,
        repair_time_days(parameters) if there else one, parameters["patrol_bad_weather_days"] if there else 0.0 * one,
        parameters["patrol_bad_weather_flown"] if there else one, pair,
        parameters["massed_warning_probability"] if there else one,
        parameters["massed_false_alarm"] if there else 0.0 * one, surge, rest)
