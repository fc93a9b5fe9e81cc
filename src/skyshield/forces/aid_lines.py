r"""What aid can be spent on: lines with prices, yields, limits and lead times.

A line is a kind of spending. Of each, the catalogue says what a unit costs, how many threats of a class one unit
stops before returns decrease (its yield), how many units can be used a month, and how long the first one takes.

======================  ===================  ====================  ==========================================
line                    unit                 works on              units a month are limited by
======================  ===================  ====================  ==========================================
`interceptor_drones`    one sortie           UAVs                  production, crews, radar tracks
`guns`                  one engagement       UAVs                  crews and places within reach of routes
`irist`                 one round            UAVs, cruise          production, and the share of it to be had
`patriot`               one round            UAVs, cruise,         the same
                                             ballistic
`ew_sensors`            one euro             UAVs                  what can be absorbed
`training_repair`       one euro             all                   what can be absorbed
`intelligence`          one euro             all                   what can be absorbed
======================  ===================  ====================  ==========================================

Nothing public tells what a euro of the last three, the supporting lines, stops. Their yield is therefore stated
against that of a euro spent on the class's usual weapon: an interceptor drone, an IRIS-T or a Patriot round.

Sources: catalogue, files aid, effectors and batteries; domain notes B5 and H.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES, Boundary
from skyshield.forces.capabilities import eur
from skyshield.forces.money import check_boundary

Counts = Literal["threats", "warhead"]
Where = Literal["anywhere", "zone"]
COUNTS: tuple[Counts, ...] = ("threats", "warhead")
SHOOTERS = ("interceptor_drones", "guns", "irist", "patriot")
SUPPORTING = ("ew_sensors", "training_repair", "intelligence")
LINES = (*SHOOTERS, *SUPPORTING)

_SHOT_BY = {"uav": SHOOTERS, "cruise": ("irist", "patriot"), "ballistic": ("patriot",)}
_SUPPORTED = {"ew_sensors": ("uav",), "training_repair": CLASSES, "intelligence": CLASSES}
_USUAL_WEAPON = {"uav": "interceptor_drones", "cruise": "irist", "ballistic": "patriot"}
_OVERHEAD = {"interceptor_drones": "aid_overhead_drones", "guns": "aid_overhead_guns",
             "irist": "aid_overhead_missiles", "patriot": "aid_overhead_missiles",
             **dict.fromkeys(SUPPORTING, "aid_overhead_support")}
_LIMITS = {"interceptor_drones": ("aid_drone_production", "aid_drone_crews", "aid_drone_tracks"),
           "guns": ("aid_gun_engagements",), "irist": ("irist_missile_production",),
           "patriot": ("pac3mse_production_2025",), "ew_sensors": ("aid_absorbed_ew_sensors",),
           "training_repair": ("aid_absorbed_training_repair",), "intelligence": ("aid_absorbed_intelligence",)}
_FROM_A_MAKER = ("irist", "patriot")


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
        f8[vector, line, class]: share of the class's threats that come where the line works. Over lines it adds up
        to 1, or to less where no line works on a class.
    units_per_s
        f8[vector, line]: the most units that can be used, a second.
    lead_time_s
        f8[vector, line]: from the order to the first unit at work.
    h_max
        f8[vector, class]: the most that aid can add to the own hazard.
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
        ``incremental``: a unit costs its price. ``fully_loaded``: its price over 1 - overhead, the overhead being crews
        and their training, a share of launchers and radars, transport and administration.
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
    3540
    >>> lines.stops_per_unit[0, LINES.index("guns")].tolist()
    [0.7, 0.0, 0.0]
    """
    check_boundary(boundary)
    yields = _yields(parameters, unit_prices_eur(parameters, "incremental"))
    price = unit_prices_eur(parameters, boundary)
    rates = []
    for line in LINES:
        rate = np.min([parameters[name] for name in _LIMITS[line]], axis=0)
        rates.append(rate * parameters["share_of_production"] if line in _FROM_A_MAKER else rate)
    return AidLines(price, yields, _reach(parameters), np.stack(rates, axis=1),
                    np.stack([parameters[f"aid_lead_{line}"] for line in LINES], axis=1),
                    np.stack([parameters[f"aid_h_max_{name}"] for name in CLASSES], axis=1),
                    _worth(parameters, counts))


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
    irist = parameters["irist_missile"]  # stated in euros
    unit = np.stack([eur(parameters, "intercept_drone_price"), eur(parameters, "gun_engagement_cost"), irist,
                     eur(parameters, "pac3mse_price"), *(np.ones_like(irist) for _ in SUPPORTING)], axis=1)
    if boundary == "incremental":
        return unit
    return np.asarray(unit / (1.0 - np.stack([parameters[_OVERHEAD[line]] for line in LINES], axis=1)))


def _yields(parameters: Parameters, unit_eur: Floats) -> Floats:
    """Return f8[vector, line, class]: threats stopped by one unit before returns decrease."""
    result = np.zeros((*unit_eur.shape, len(CLASSES)))
    uav, cruise, ballistic = (CLASSES.index(name) for name in CLASSES)
    drones, guns, irist, patriot = (LINES.index(name) for name in SHOOTERS)
    result[:, drones, uav] = parameters["intercept_drone_kill_per_sortie"]
    result[:, guns, uav] = parameters["gun_pk_in_reach"]
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
