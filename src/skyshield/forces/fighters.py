"""Fighters: the package, where its patrols stand and its pairs wait, and what they can do.

A force of A aircraft, those of members that take part, first puts pairs on ground alert if the package asks for them,
and keeps up as many patrols of a pair as the others and their crews allow: `skyshield.forces.patrols` says what one
takes, `skyshield.forces.fleets` what the force has. Slot k serves place k modulo the number of places, so a larger
force doubles up in the same order, and tankers support the first patrols first. How far it is to a place is the mean
over the members' bases, weighted by their aircraft. Reach is the smaller of what a patrol can cover from its station
and the radar horizon 4.12 (sqrt(h_patrol) + sqrt(h_target)) km with heights in metres (4/3 earth). Source: domain notes
B3 and B6.
"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import N_CLASSES, Boundary
from skyshield.forces.capabilities import Capabilities, Effort, Placement, Weapon, by_class, eur, horizon_m
from skyshield.forces.members import contributed, with_aircraft
from skyshield.forces.money import price_list
from skyshield.forces.package import Amount, Deployment, Fleet, ForcePackage, NamedEntry, by_key
from skyshield.forces.patrols import (
    DAY_S,
    NIGHT_S,
    Pace,
    Posture,
    effort,
    on_station,
    sorties_per_aircraft_day,
    tanker_fuel_per_day_kg,
    tanker_time_s,
)
from skyshield.forces.people import Place, people_table
from skyshield.forces.places import NamedPlaces, places_xy
from skyshield.theatre import own_plane

_SECONDS_PER_DAY = 86400.0
_STORE = "fighters"


class FighterPackage(ForcePackage):
    """A force of fighters: aircraft, the places its patrols serve, in order, its pace, tankers and ground alert."""

    fires: ClassVar[bool] = True
    flies: ClassVar[bool] = True
    kind: Literal["fighters"]
    aircraft: Annotated[int, Field(ge=0, le=1000, strict=True)] | str
    serves: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)]
    guided_rockets: bool = True
    pace: Pace = "sustained"
    posture: Posture = "demand_led"
    tankers: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    ground_alert: Annotated[int, Field(ge=0, le=32, strict=True)] = 0

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places over which patrols stand."""
        return (NamedPlaces("serves", self.serves, "place"),)

    def named_entries(self) -> tuple[NamedEntry, ...]:
        """Return the entry its number of aircraft is drawn from, if it is not a plain number."""
        return (NamedEntry("aircraft", self.aircraft, "aircraft"),) if isinstance(self.aircraft, str) else ()

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return the patrols that it could keep up in any vector, and its pairs on ground alert."""
        aircraft = aircraft_of(self, deployment)
        kind = "fighters_with_rockets" if self.guided_rockets else "fighters"
        until_s = NIGHT_S if self.posture == "demand_led" else np.inf
        result = [Placement(kind, x, y, (takes.aircraft > 0.0).astype(float), effort=takes, tanker_time_s=tanker_s,
                            store=_STORE, store_size=aircraft, on_duty_until_s=until_s)
                  for x, y, takes, tanker_s in patrols(self, deployment)]
        x, y, share = _bases(deployment)
        held = np.zeros(len(x))
        for k in range(self.ground_alert if len(x) else 0):
            base = int(np.argmax((k + 1) * share / share.sum() - held))
            held[base] += 1.0
            kind = "ground_alert_with_rockets" if self.guided_rockets else "ground_alert"
            result.append(Placement(kind, float(x[base]), float(y[base]), (aircraft > 0.0).astype(float),
                                    store=_STORE, store_size=aircraft))
        return result

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the bases of the members that take part, with their people."""
        x, y, share = _bases(deployment)
        if not len(x):
            return []
        people = _number(self, deployment.parameters) * deployment.parameters[people_table().at_base]
        at: dict[tuple[float, float], Floats] = {}
        for k in range(len(x)):
            here = float(x[k]), float(y[k])
            at[here] = at.get(here, 0.0 * people) + float(share[k]) * people
        return [Place(*here, number) for here, number in at.items()]

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return people and basing of its aircraft."""
        prices = price_list(deployment.parameters, boundary)
        return {"people_and_basing": prices.fighter_day_eur * aircraft_of(self, deployment)}

    def fleet(self, deployment: Deployment) -> Fleet:
        """Return its aircraft and crews, those of them on ground alert, and what posture makes of its patrols."""
        aircraft = aircraft_of(self, deployment)
        return Fleet(aircraft, aircraft * deployment.parameters["aircrew_per_aircraft"],
                     *on_alert(self, deployment.parameters), *paces(self, deployment))

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return its aircraft and tankers, whoever brings them."""
        aircraft = _number(self, deployment.parameters) * np.ones_like(deployment.parameters["fighters_per_station"])
        return {"fighters": aircraft} | ({"tankers": np.full_like(aircraft, self.tankers)} if self.tankers else {})

    def share_of_way_inside(self, deployment: Deployment) -> float:
        """Return how much of the way from the members' bases to the served places lies over Ukraine's own territory.

        Weighted by aircraft, as the way itself is (`mean_transit_m`); 0 without members.

        Examples
        --------
        >>> from skyshield.forces.members import Member
        >>> from skyshield.theatre import load_theatre
        >>> package = FighterPackage(kind="fighters", aircraft=12, serves=("Lviv",))
        >>> members = [Member(name="one", base="Rzeszów", aircraft_share=1.0)]
        >>> round(package.share_of_way_inside(Deployment(members, load_theatre(), {})), 2)
        0.46
        """
        import shapely

        bx, by, share = _bases(deployment)
        if not len(bx):
            return 0.0
        x_m, y_m = places_xy(deployment.theatre, self.serves, "place")
        ends = np.stack([np.stack(np.broadcast_arrays(bx[:, None], x_m), axis=-1),
                         np.stack(np.broadcast_arrays(by[:, None], y_m), axis=-1)], axis=-1)
        way = shapely.linestrings(ends.reshape(-1, 2, 2))
        held = shapely.length(shapely.intersection(way, own_plane(deployment.theatre))).reshape(len(bx), -1)
        whole = shapely.length(way).reshape(len(bx), -1)
        return float((share[:, None] * held).sum() / (share[:, None] * whole).sum())

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        fighters = "fighters"
        number = f"{self.aircraft:,} {fighters}" if isinstance(self.aircraft, int) else amount(self.aircraft, fighters)
        return f"{number} on patrol{self.manner()}"

    def manner(self) -> str:
        """Say how they fly and what they carry, where it is not the plainest way; empty, or after a comma."""
        more = [] if self.guided_rockets else ["with missiles alone"]
        more += ["at a surge"] if self.pace == "surge" else []
        more += ["round the clock"] if self.posture == "round_the_clock" else []
        more += [f"with {self.tankers} tankers"] if self.tankers else []
        more += [f"with {self.ground_alert} pairs on ground alert"] if self.ground_alert else []
        return "".join(f", {part}" for part in more) + ("," if not self.guided_rockets and len(more) == 1 else "")


def _number(package: FighterPackage, parameters: Parameters) -> Floats | float:
    """Return f8[vector], or one number: the aircraft of the force if all members take part."""
    return parameters[package.aircraft] if isinstance(package.aircraft, str) else float(package.aircraft)


def _bases(deployment: Deployment) -> tuple[Floats, Floats, Floats]:
    """Return f8[base] each: where the members' bases are on the plane, and the share of the aircraft that stands there.

    Members that are switched off or have no aircraft are left out; two members at one base are two.
    """
    flying = with_aircraft(deployment.members)
    x, y = places_xy(deployment.theatre, [base for base, _ in flying], "base")
    return x, y, np.array([share for _, share in flying])


def aircraft_of(package: FighterPackage, deployment: Deployment) -> Floats:
    """Return f8[vector]: the aircraft of the members that take part."""
    parameters = deployment.parameters
    return np.asarray(_number(package, parameters) * np.full_like(
        parameters["fighters_per_station"], contributed(deployment.members)["aircraft"]))


def on_alert(package: FighterPackage, parameters: Parameters) -> tuple[Floats, Floats]:
    """Return f8[vector] each: aircraft and crews that a package holds on ground alert, if it has them."""
    aircraft = package.ground_alert * parameters["fighters_per_station"]
    return aircraft, aircraft * parameters["alert_crews_per_aircraft"] if package.ground_alert else 0.0 * aircraft


def mean_transit_m(deployment: Deployment, x_m: Floats, y_m: Floats) -> Floats:
    """Return f8[place]: distance from the members' bases, weighted by their aircraft; 0 without members."""
    bx, by, share = _bases(deployment)
    if not len(bx):
        return np.zeros(len(x_m))
    return np.asarray(np.average(np.hypot(bx[:, None] - x_m, by[:, None] - y_m), axis=0, weights=share))


def patrols(package: FighterPackage, deployment: Deployment) -> list[tuple[float, float, Effort, Floats]]:
    """Return place, effort and tankers' time a day of each patrol the force could keep up on its best day, in order.

    The best day has every aircraft ready, and is one of surge if the posture has them: in the course of a campaign
    there are never more.
    """
    parameters = deployment.parameters
    x, y = places_xy(deployment.theatre, package.serves, "place")
    transit_s = 2.0 * mean_transit_m(deployment, x, y)[:, None] / parameters["fighter_cruise"]
    aircraft = aircraft_of(package, deployment)
    aside, crews_aside = on_alert(package, parameters)
    most, _ = paces(package, deployment)
    left, crews = (aircraft - aside) * most, (aircraft * parameters["aircrew_per_aircraft"] - crews_aside) * most
    fuel_kg = tanker_fuel_per_day_kg(package.tankers, parameters) if package.tankers else np.zeros_like(left)
    cover_s = NIGHT_S if package.posture == "demand_led" else DAY_S
    result: list[tuple[float, float, Effort, Floats]] = []
    idle = 0
    while idle < len(x) and ((left > 0.0) & (crews > 0.0)).any():
        place = len(result) % len(x)
        stays_s, taken_kg = on_station(transit_s[place], fuel_kg, parameters, cover_s)
        takes = effort(stays_s, transit_s[place], package.pace, parameters, cover_s)
        tanker_s = tanker_time_s(taken_kg, parameters) if package.tankers else np.zeros_like(left)
        result.append((float(x[place]), float(y[place]), takes, tanker_s))
        idle = 0 if ((takes.aircraft > 0.0) & (left > 0.0) & (crews > 0.0)).any() else idle + 1
        left, crews, fuel_kg = left - takes.aircraft, crews - takes.crews, np.maximum(fuel_kg - taken_kg, 0.0)
    return result[:len(result) - idle]


def paces(package: FighterPackage, deployment: Deployment) -> tuple[Floats, Floats]:
    """Return f8[vector] each: patrols on a night that is taken for massed, and on another, over those of the pace.

    A force whose posture follows demand flies at a surge when it is warned, and keeps up a share of its patrols
    (`posture_routine_share`) when it is not; the surge is the way to its first place.
    """
    parameters = deployment.parameters
    one = np.ones_like(parameters["fighters_per_station"])
    if package.posture == "round_the_clock":
        return one, one
    x, y = places_xy(deployment.theatre, package.serves, "place")
    transit_s = 2.0 * mean_transit_m(deployment, x, y)[0] / parameters["fighter_cruise"]
    flight_time_s = parameters["cap_on_station"] + transit_s
    surge = (sorties_per_aircraft_day("surge", flight_time_s, parameters)
             / sorties_per_aircraft_day(package.pace, flight_time_s, parameters))
    return np.asarray(np.maximum(surge, one)), parameters["posture_routine_share"]


def capabilities(parameters: Parameters) -> Capabilities:
    """Return what a patrol of fighters with air-to-air missiles can do; they stop no ballistic missile.

    A patrol flies to its threats: all its weapons reach as far as it covers from its station.
    """
    per_patrol = parameters["fighters_per_station"]
    made = (parameters["aim9x_annual_output"] + parameters["amraam_annual_output"]) * _SECONDS_PER_DAY
    missiles = Weapon("aam", parameters["fighter_shots_per_sortie"] * per_patrol, parameters["fighter_reach"],
                      by_class(parameters, "aam_pk", "aam_pk", None), eur(parameters, "fighter_missile_price"),
                      parameters["fighter_missile_stock"], parameters["share_of_production"] * made, from_makers=True)
    return Capabilities(
        n_channels=np.ones_like(per_patrol), engagement_time_s=parameters["fighter_engagement_time"],
        renewal_time_s=parameters["cap_on_station"], weapons=(missiles,),
        p_track=parameters["fighter_track_probability"], track_rho=parameters["fighter_track_rho"],
        sees_m=horizon_m(parameters, "patrol_altitude"), day_cost_eur=np.zeros_like(per_patrol))


def with_rockets(parameters: Parameters) -> Capabilities:
    """Return the same with guided rockets too, which are for UAVs only and are used first, being cheaper."""
    plain = capabilities(parameters)
    rockets = Weapon("guided_rocket", parameters["fighter_guided_rockets"] * parameters["fighters_per_station"],
                     parameters["fighter_reach"], by_class(parameters, "apkws_pk", None, None),
                     eur(parameters, "apkws_price"), parameters["fighter_rocket_stock"],
                     parameters["share_of_production"] * parameters["apkws_annual_output"] * _SECONDS_PER_DAY,
                     from_makers=True)
    return replace(plain, weapons=(rockets, *plain.weapons))


def ground_alert(parameters: Parameters) -> Capabilities:
    """Return what a pair on ground alert can do: a patrol's missiles, after the time to take off and to fly there.

    Others' sensors guide it to its threat, so no radar horizon of its own bounds how far from base it meets one. Its
    weapons are renewed when it is turned round after a sortie.
    """
    return _on_the_ground(capabilities(parameters), parameters)


def ground_alert_with_rockets(parameters: Parameters) -> Capabilities:
    """Return the same with guided rockets too."""
    return _on_the_ground(with_rockets(parameters), parameters)


def _on_the_ground(plain: Capabilities, parameters: Parameters) -> Capabilities:
    reach = parameters["alert_reach"]
    return replace(plain, renewal_time_s=parameters["sortie_turnaround"],
                   weapons=tuple(replace(weapon, reach_m=reach) for weapon in plain.weapons),
                   sees_m=np.repeat(reach[:, None], N_CLASSES, axis=1), alert_time_s=parameters["alert_time"],
                   dash_speed_m_s=parameters["alert_dash_speed"], alert_sortie_s=parameters["alert_sortie_time"])
