"""Fighters: the package, where its patrols stand and its pairs wait, and what they can do.

A force of A aircraft, those of members that take part, first puts pairs on ground alert if the package asks for them,
and keeps up as many patrols of a pair as the others and their crews allow: `skyshield.forces.patrols` says what one
takes, `skyshield.forces.fleets` what the force has. Slot k serves place k modulo the number of places, so a larger
force doubles up in the same order, and tankers support the first patrols first. How far it is to a place is the mean
over the members' bases, weighted by their aircraft. Reach is the smaller of what a patrol can cover from its station
and the radar horizon 4.12 (sqrt(h_patrol) + sqrt(h_target)) km with heights in metres (4/3 earth). Source: domain notes
B3 and B6.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import N_CLASSES
from skyshield.forces.capabilities import Capabilities, Effort, Placement, Weapon, by_class, eur, horizon_m
from skyshield.forces.package import ForcePackage, NamedPlaces
from skyshield.forces.patrols import Pace, effort, on_station, tanker_fuel_per_day_kg, tanker_time_s
from skyshield.theatre import Theatre
from skyshield.theatre.model import Base, City, Site

_SECONDS_PER_DAY = 86400.0
_STORE = "fighters"


class Member(BaseModel):
    """A contingent of the coalition: where its aircraft stand and how many of the force they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    base: str
    aircraft_share: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    active: bool = True


class FighterPackage(ForcePackage):
    """A force of fighters: aircraft, the places its patrols serve, in order, its pace, tankers and ground alert."""

    kind: Literal["fighters"]
    aircraft: Annotated[int, Field(ge=0, le=1000, strict=True)] | str
    serves: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)]
    guided_rockets: bool = False
    pace: Pace = "sustained"
    tankers: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    ground_alert: Annotated[int, Field(ge=0, le=32, strict=True)] = 0

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places over which patrols stand."""
        return (NamedPlaces("serves", self.serves, "place"),)

    def in_words(self) -> str:
        """Say what it brings; a number drawn from the catalogue is named by its entry."""
        number = f"{self.aircraft:,} fighters" if isinstance(self.aircraft, int) else f"fighters ({self.aircraft})"
        return f"{number} on patrol{self.manner()}"

    def manner(self) -> str:
        """Say how they fly and what they carry, where it is not the plainest way; empty, or after a comma."""
        more = ["with guided rockets too"] if self.guided_rockets else []
        more += ["at a surge"] if self.pace == "surge" else []
        more += [f"with {self.tankers} tankers"] if self.tankers else []
        more += [f"with {self.ground_alert} pairs on ground alert"] if self.ground_alert else []
        return "".join(f", {part}" for part in more) + ("," if self.guided_rockets and len(more) == 1 else "")


def places_xy(theatre: Theatre, names: Sequence[str], kind: str) -> tuple[Floats, Floats]:
    """Return plane coordinates of named cities and sites (`place`), of bases (`base`), or of all these (`anywhere`).

    Raises
    ------
    SkyShieldError
        If the theatre has no such place; close matches are named.
    """
    from difflib import get_close_matches

    known: dict[str, Base | City | Site] = {}
    if kind != "place":
        known |= {base.name: base for base in theatre.bases}
    if kind != "base":
        known |= {city.name: city for city in theatre.cities}
        known |= {site.name: site for interest in theatre.interests for site in interest.sites
                  if site.kind == "point" and site.name not in known}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:3]
            what = "base" if kind == "base" else "place"
            raise SkyShieldError(f"{what} {name!r}", "is not in the theatre", f"did you mean {', '.join(near)}?")
    return to_plane([known[n].lon for n in names], [known[n].lat for n in names])


def aircraft_of(package: FighterPackage, members: Sequence[Member], parameters: Parameters) -> Floats:
    """Return f8[vector]: the aircraft of the members that take part."""
    number = parameters[package.aircraft] if isinstance(package.aircraft, str) else float(package.aircraft)
    return np.asarray(number * np.full_like(parameters["fighters_per_station"],
                                            sum(m.aircraft_share for m in members if m.active)))


def on_alert(package: FighterPackage, parameters: Parameters) -> tuple[Floats, Floats]:
    """Return f8[vector] each: aircraft and crews that a package holds on ground alert, if it has them."""
    aircraft = package.ground_alert * parameters["fighters_per_station"]
    return aircraft, aircraft * parameters["alert_crews_per_aircraft"] if package.ground_alert else 0.0 * aircraft


def mean_transit_m(theatre: Theatre, members: Sequence[Member], x_m: Floats, y_m: Floats) -> Floats:
    """Return f8[place]: distance from the members' bases, weighted by their aircraft; 0 without members."""
    if not members:
        return np.zeros(len(x_m))
    bx, by = places_xy(theatre, [m.base for m in members], "base")
    share = np.array([m.aircraft_share for m in members])
    return np.asarray(np.average(np.hypot(bx[:, None] - x_m, by[:, None] - y_m), axis=0, weights=share))


def patrols(package: FighterPackage, members: Sequence[Member], theatre: Theatre,
            parameters: Parameters) -> list[tuple[float, float, Effort, Floats]]:
    """Return place, effort and tankers' time a day of each patrol the force could keep up on its best day, in order.

    The best day has every aircraft ready: in the course of a campaign there are never more.
    """
    active = [m for m in members if m.active]
    x, y = places_xy(theatre, package.serves, "place")
    transit_s = 2.0 * mean_transit_m(theatre, active, x, y)[:, None] / parameters["fighter_cruise"]
    aircraft = aircraft_of(package, members, parameters)
    aside, crews_aside = on_alert(package, parameters)
    left, crews = aircraft - aside, aircraft * parameters["aircrew_per_aircraft"] - crews_aside
    fuel_kg = tanker_fuel_per_day_kg(package.tankers, parameters) if package.tankers else np.zeros_like(left)
    result: list[tuple[float, float, Effort, Floats]] = []
    idle = 0
    while idle < len(x) and ((left > 0.0) & (crews > 0.0)).any():
        place = len(result) % len(x)
        stays_s, taken_kg = on_station(transit_s[place], fuel_kg, parameters)
        takes = effort(stays_s, transit_s[place], package.pace, parameters)
        tanker_s = tanker_time_s(taken_kg, parameters) if package.tankers else np.zeros_like(left)
        result.append((float(x[place]), float(y[place]), takes, tanker_s))
        idle = 0 if ((takes.aircraft > 0.0) & (left > 0.0) & (crews > 0.0)).any() else idle + 1
        left, crews, fuel_kg = left - takes.aircraft, crews - takes.crews, fuel_kg - taken_kg
    return result[:len(result) - idle]


def placements(package: FighterPackage, members: Sequence[Member], theatre: Theatre,
               parameters: Parameters) -> list[Placement]:
    """Return the patrols that a package could keep up in any vector, and its pairs on ground alert."""
    aircraft = aircraft_of(package, members, parameters)
    kind = "fighters_with_rockets" if package.guided_rockets else "fighters"
    result = [Placement(kind, x, y, (takes.aircraft > 0.0).astype(float), effort=takes, tanker_time_s=tanker_s,
                        store=_STORE, store_size=aircraft)
              for x, y, takes, tanker_s in patrols(package, members, theatre, parameters)]
    active = [m for m in members if m.active]
    x, y = places_xy(theatre, [m.base for m in active], "base")
    share = np.array([m.aircraft_share for m in active])
    held = np.zeros(len(active))
    for k in range(package.ground_alert if active else 0):
        base = int(np.argmax((k + 1) * share / share.sum() - held))
        held[base] += 1.0
        result.append(Placement("ground_alert", float(x[base]), float(y[base]), (aircraft > 0.0).astype(float),
                                store=_STORE, store_size=aircraft))
    return result


def capabilities(parameters: Parameters) -> Capabilities:
    """Return what a patrol of fighters with air-to-air missiles can do; they stop no ballistic missile.

    A patrol flies to its threats: all its weapons reach as far as it covers from its station.
    """
    per_patrol = parameters["fighters_per_station"]
    missiles = Weapon("aam", parameters["fighter_shots_per_sortie"] * per_patrol, parameters["fighter_reach"],
                      by_class(parameters, "aam_pk", "aam_pk", None), eur(parameters, "aim9_price"),
                      parameters["fighter_missile_stock"], parameters["fighter_missile_resupply"] * _SECONDS_PER_DAY)
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
                     parameters["fighter_rocket_resupply"] * _SECONDS_PER_DAY)
    return replace(plain, weapons=(rockets, *plain.weapons))


def ground_alert(parameters: Parameters) -> Capabilities:
    """Return what a pair on ground alert can do: a patrol's missiles, after the time to take off and to fly there.

    Others' sensors guide it to its threat, so no radar horizon of its own bounds how far from base it meets one. Its
    weapons are renewed when it is turned round after a sortie.
    """
    plain = capabilities(parameters)
    reach = parameters["alert_reach"]
    return replace(plain, renewal_time_s=parameters["sortie_turnaround"],
                   weapons=tuple(replace(weapon, reach_m=reach) for weapon in plain.weapons),
                   sees_m=np.repeat(reach[:, None], N_CLASSES, axis=1), alert_time_s=parameters["alert_time"],
                   dash_speed_m_s=parameters["alert_dash_speed"], alert_sortie_s=parameters["alert_sortie_time"])
