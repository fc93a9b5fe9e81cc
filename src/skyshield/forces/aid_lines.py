r"""What aid can be spent on: lines with prices, yields, limits and lead times.

A line is a kind of spending. Of each, the catalogue says what a unit costs, how many threats of a class one unit
stops before returns decrease (its yield), how many units can be used a month, and how long the first one takes.

======================  ===================  ====================  ==========================================
line                    unit                 works on              units a month are limited by
======================  ===================  ====================  ==========================================
`interceptor_drones`    one sortie           UAVs                  makers' output
`guns`                  one engagement       UAVs                  crews and places within reach of routes
`light_aircraft`        one sortie           UAVs                  aircraft, crews, weather
`own_jets`              one sortie           UAVs, cruise          jets; pilots; makers' output of missiles and
                                                                   of rockets, and the share of it to be had
`irist`                 one round            UAVs, cruise          makers' output, and the share of it to be had
`patriot`               one round            UAVs, cruise,         the same
                                             ballistic
`ew_sensors`            one euro             UAVs                  what can be absorbed
`training_repair`       one euro             all                   what can be absorbed
`intelligence`          one euro             all                   what can be absorbed
======================  ===================  ====================  ==========================================

Of interceptor drones there are enough; crews and radars are scarce. They are bought with the drones: a sortie costs
the drone and its share of a new crew's month and of another radar's month, on both boundaries, since nobody has or
pays them today. So money raises these limits, and only makers' output is left. A sortie of Ukraine's jets costs the
missiles and rockets that it fires on average, at prices in the mix in which they are made, and its flight time.

Nothing public tells what a euro of the last three, the supporting lines, stops. Their yield is therefore stated
against that of a euro spent on the class's usual weapon: an interceptor drone, an IRIS-T or a Patriot round.

Sources: catalogue, files aid, effectors, batteries and stocks; domain notes B5 and H.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES, Boundary
from skyshield.forces.capabilities import eur
from skyshield.forces.money import check_boundary, hour_eur

Counts = Literal["threats", "warhead"]
Where = Literal["anywhere", "zone"]
COUNTS: tuple[Counts, ...] = ("threats", "warhead")
SHOOTERS = ("interceptor_drones", "guns", "light_aircraft", "own_jets", "irist", "patriot")
SUPPORTING = ("ew_sensors", "training_repair", "intelligence")
LINES = (*SHOOTERS, *SUPPORTING)

_SHOT_BY = {"uav": SHOOTERS, "cruise": ("own_jets", "irist", "patriot"), "ballistic": ("patriot",)}
_SUPPORTED = {"ew_sensors": ("uav",), "training_repair": CLASSES, "intelligence": CLASSES}
_USUAL_WEAPON = {"uav": "interceptor_drones", "cruise": "irist", "ballistic": "patriot"}
_OVERHEAD = {"interceptor_drones": "aid_overhead_drones", "guns": "aid_overhead_guns",
             "light_aircraft": "aid_overhead_light_aircraft", "irist": "aid_overhead_missiles",
             "patriot": "aid_overhead_missiles", **dict.fromkeys(SUPPORTING, "aid_overhead_support")}
_LIMITS = {"interceptor_drones": ("aid_drone_production",), "guns": ("aid_gun_engagements",),
           "light_aircraft": ("aid_light_aircraft_sorties",),
           "own_jets": ("aid_jet_sorties_by_jets", "aid_jet_sorties_by_pilots"),
           **{line: (f"aid_absorbed_{line}",) for line in SUPPORTING}}
_MADE = {"irist": "irist_missile_production", "patriot": "pac3mse_production_2025"}
_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class AidLines:
    """Lines of spending as arrays; the axes are vector, `LINES` and `CLASSES`.

    Attributes
    ----------
    price_eur
        f8[vector, line], of a unit, EUR.
    stops_per_unit
        f8[vector, line, class]: its yield before returns decrease; 0 for a class it does not work on.
    reach
        f8[vector, line, class]: share of the class's threats that come where the line works; beyond it a unit does
        less and less. Over lines it adds up to 1, or to less where no line works on a class.
    units_per_s
        f8[vector, line]: the most units that can be used, a second.
    lead_time_s
        f8[vector, line]: from the order to the first unit at work.
    h_max
        f8[vector, class]: the most that all lines together can add to the own hazard.
    worth
        f8[vector, class]: what a stop counts when lines are compared, in stops of UAVs.
    """

    price_eur: Floats
    stops_per_unit: Floats
    reach: Floats
    units_per_s: Floats
    lead_time_s: Floats
    h_max: Floats
    worth: Floats


def aid_lines(parameters: Parameters, boundary: Boundary, counts: Counts = "threats") -> AidLines:
    """Return the lines at the numbers of each parameter vector.

    Parameters
    ----------
    parameters
        Numbers by catalogue key, SI units, f8[vector].
    boundary
        ``incremental``: a unit costs its price, that of an interceptor drone's sortie with its crew and radar, an hour
        of a jet's flight its fuel. ``fully_loaded``: its price over 1 - overhead, the overhead being launchers, guns
        and light aircraft with their crews, transport and administration; an hour of a jet's flight its whole cost.
    counts
        ``threats``: every stop counts alike. ``warhead``: a stop counts by the warhead kept from its aim, that of a UAV
        being the mean over armed ones and decoys.

    Raises
    ------
    SkyShieldError
        If the boundary or what counts is not a known one.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> class References:
    ...     def __getitem__(self, name):
    ...         return np.array([load_catalogue()[name].reference_si])
    >>> lines = aid_lines(References(), "incremental")
    >>> {line: round(price) for line, price in zip(LINES, lines.price_eur[0].tolist())}["interceptor_drones"]
    4540
    >>> lines.stops_per_unit[0, LINES.index("guns")].tolist()
    [0.7, 0.0, 0.0]
    """
    check_boundary(boundary)
    yields = _yields(parameters, unit_prices_eur(parameters, "incremental"))
    price = unit_prices_eur(parameters, boundary)
    return AidLines(price, yields, _reach(parameters), np.stack([_rate(parameters, line) for line in LINES], axis=1),
                    np.stack([parameters[f"aid_lead_{line}"] for line in LINES], axis=1),
                    np.stack([parameters[f"aid_h_max_{name}"] for name in CLASSES], axis=1),
                    _worth(parameters, counts))


def _rate(parameters: Parameters, line: str) -> Floats:
    """Return f8[vector]: the most units of a line a second."""
    share = parameters["share_of_production"]
    rates = [parameters[name] for name in _LIMITS.get(line, ())]
    if line in _MADE:
        rates.append(share * parameters[_MADE[line]])
    if line == "own_jets":
        rates += [share * (parameters["aim9x_annual_output"] + parameters["amraam_annual_output"])
                  / parameters["aid_jet_missiles"],
                  share * parameters["apkws_annual_output"] / parameters["aid_jet_rockets"]]
    return np.asarray(np.min(rates, axis=0))


def _worth(parameters: Parameters, counts: Counts) -> Floats:
    """Return f8[vector, class]: what a stop counts, in UAVs."""
    if counts not in COUNTS:
        raise SkyShieldError(f"aid counts {counts!r}", "is not something to count", f"use {' or '.join(COUNTS)}")
    if counts == "threats":
        return np.ones_like(np.stack([parameters[f"aid_h_max_{name}"] for name in CLASSES], axis=1))
    uav = parameters["geran2_warhead"] * (1.0 - parameters["decoy_share"])
    return np.stack([uav, parameters["kalibr_warhead"], parameters["iskanderM_warhead"]], axis=1) / uav[:, None]


def unit_prices_eur(parameters: Parameters, boundary: Boundary) -> Floats:
    """Return f8[vector, line]: what a unit costs on a boundary."""
    of_line = {"interceptor_drones": _drone_sortie_eur(parameters), "guns": eur(parameters, "gun_engagement_cost"),
               "light_aircraft": parameters["aid_light_aircraft_sortie_cost"],
               "own_jets": _jet_sortie_eur(parameters, boundary), "irist": parameters["irist_missile"],
               "patriot": eur(parameters, "pac3mse_price")}  # the others are stated in euros
    unit = np.stack([of_line.get(line, np.ones_like(of_line["irist"])) for line in LINES], axis=1)
    if boundary == "incremental":
        return unit
    none = np.zeros(len(unit))
    return np.asarray(unit / (1.0 - np.stack(
        [parameters[_OVERHEAD[line]] if line in _OVERHEAD else none for line in LINES], axis=1)))


def _drone_sortie_eur(parameters: Parameters) -> Floats:
    """Return f8[vector]: a drone, and its share of a crew's and of a radar's month."""
    crew = parameters["aid_drone_crew_cost"] / parameters["aid_drone_sorties_per_crew"]
    track = parameters["aid_drone_track_cost"] / parameters["aid_drone_sorties_per_track"]
    return np.asarray(eur(parameters, "intercept_drone_price") + crew + track)


def _jet_sortie_eur(parameters: Parameters, boundary: Boundary) -> Floats:
    """Return f8[vector]: what a jet fires in a sortie on average, and its flight time."""
    short, far = parameters["aim9x_annual_output"], parameters["amraam_annual_output"]
    missile = (eur(parameters, "aim9_price") * short + eur(parameters, "aim120_price") * far) / (short + far)
    hours = parameters["aid_jet_sortie_length"] / _SECONDS_PER_HOUR
    return np.asarray(parameters["aid_jet_missiles"] * missile
                      + parameters["aid_jet_rockets"] * eur(parameters, "apkws_price")
                      + hours * hour_eur(parameters, "fighter_hour", boundary == "fully_loaded"))


def _yields(parameters: Parameters, unit_eur: Floats) -> Floats:
    """Return f8[vector, line, class]: threats stopped by one unit before returns decrease."""
    result = np.zeros((*unit_eur.shape, len(CLASSES)))
    uav, cruise, ballistic = (CLASSES.index(name) for name in CLASSES)
    drones, guns, light, jets, irist, patriot = (LINES.index(name) for name in SHOOTERS)
    result[:, drones, uav] = parameters["intercept_drone_kill_per_sortie"]
    result[:, guns, uav] = parameters["gun_pk_in_reach"]
    result[:, light, uav] = parameters["aid_light_aircraft_kill_per_sortie"]
    result[:, jets, cruise] = parameters["aid_jet_missiles"] * parameters["aam_pk"]
    result[:, jets, uav] = result[:, jets, cruise] + parameters["aid_jet_rockets"] * parameters["apkws_pk"]
    result[:, irist, uav] = result[:, irist, cruise] = parameters["irist_pk"]
    result[:, patriot, uav] = result[:, patriot, cruise] = parameters["aid_patriot_pk_air_breathing"]
    result[:, patriot, ballistic] = (parameters["ballistic_intercept_patriot_covered"]
                                     / parameters["shots_per_ballistic"])
    for line, classes in _SUPPORTED.items():
        for name in classes:
            weapon, of = LINES.index(_USUAL_WEAPON[name]), CLASSES.index(name)
            result[:, LINES.index(line), of] = (parameters["aid_support_yield"] * result[:, weapon, of]
                                                / unit_eur[:, weapon])
    return result


def _reach(parameters: Parameters) -> Floats:
    """Return f8[vector, line, class]: the supporting lines share `aid_support_reach` evenly, shooters by weight."""
    support = parameters["aid_support_reach"]
    weight = np.zeros((len(support), len(LINES), len(CLASSES)))
    for of, name in enumerate(CLASSES):
        supporting = [line for line in SUPPORTING if name in _SUPPORTED[line]]
        total = np.sum([parameters[f"aid_reach_{line}"] for line in _SHOT_BY[name]], axis=0)
        for line in _SHOT_BY[name]:
            weight[:, LINES.index(line), of] = (1.0 - support) * parameters[f"aid_reach_{line}"] / total
        for line in supporting:
            weight[:, LINES.index(line), of] = support / len(supporting)
    return weight
