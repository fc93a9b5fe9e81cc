"""Fighters on patrol: sortie arithmetic, places, weapons.

Sortie arithmetic: A aircraft of which a share q is mission-capable, each flying f sorties a day, keep

    n = A q f t / (2 * 24 h)

two-ship patrols on station, t being the time on station in hours. A patrol kept up for a day costs
2 * 24 h / t sorties of t plus the way there and back at cruise speed. Reach is the smaller of what a
patrol can cover from its station and the radar horizon 4.12 (sqrt(h_patrol) + sqrt(h_target)) km with
heights in metres (4/3 earth). Source: domain notes B3 and B6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.forces.abilities import Abilities, Parameters, Stand, Weapon, by_class, eur, horizon_m
from skyshield.forces.package import ForcePackage, NamedPlaces
from skyshield.theatre import Theatre
from skyshield.theatre.model import Base, City, Site

Floats = npt.NDArray[np.float64]

_SECONDS_PER_HOUR = 3600.0
_SECONDS_PER_DAY = 86400.0


class Member(BaseModel):
    """A contingent of the coalition: where its aircraft stand and how many of the force they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    base: str
    aircraft_share: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    active: bool = True


class FighterPackage(ForcePackage):
    """A force of fighters: how many aircraft, the places its patrols serve, in order; whether they carry rockets."""

    kind: Literal["fighters"]
    aircraft: Annotated[int, Field(ge=0, le=1000, strict=True)] | str
    serves: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)]
    guided_rockets: bool = False

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places over which patrols stand."""
        return (NamedPlaces("serves", self.serves, "place"),)

    def in_words(self) -> str:
        """Say what it brings; a number drawn from the catalogue is named by its entry."""
        number = f"{self.aircraft:,} fighters" if isinstance(self.aircraft, int) else f"fighters ({self.aircraft})"
        return f"{number} on patrol{', with guided rockets too,' if self.guided_rockets else ''}"


@dataclass(frozen=True)
class FighterArrays:
    """Fighters of all options; the axes are those of `skyshield.engine.world.Forces`."""

    station_x_m: Floats
    station_y_m: Floats
    n_stations: Floats
    sorties_per_station_day: Floats
    flight_time_per_sortie_h: Floats


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


def fleet(package: FighterPackage, members: Sequence[Member], parameters: Parameters) -> Floats:
    """Return f8[vector]: the aircraft of the members that take part."""
    number = parameters[package.aircraft] if isinstance(package.aircraft, str) else float(package.aircraft)
    return np.asarray(number * np.full_like(parameters["fighters_per_station"],
                                            sum(m.aircraft_share for m in members if m.active)))


def prepare_fighters(packages: Sequence[FighterPackage | None], members: Sequence[Member], theatre: Theatre,
                     parameters: Parameters) -> FighterArrays:
    """Turn each option's fighter package into patrol slots and sortie arithmetic.

    Slot k serves place k modulo the number of places, so a larger force doubles up in the same order; there
    are as many slots as the largest force of any vector can man. Aircraft of members that are switched off
    are missing.
    """
    relief_s = parameters["cap_on_station"]
    per_day = parameters["fighters_per_station"] * _SECONDS_PER_DAY / relief_s
    sorties_per_aircraft_day = (parameters["fighter_availability"] * parameters["fighter_sorties_per_MC_day"]
                                * _SECONDS_PER_DAY)
    served: dict[int, tuple[Floats, Floats]] = {}
    n_stations = np.zeros((len(relief_s), len(packages)))
    flight_time_h = np.zeros_like(n_stations)
    for option, package in enumerate(packages):
        if package is None:
            continue
        px, py = places_xy(theatre, package.serves, "place")
        served[option] = px, py
        active = [m for m in members if m.active]
        n_stations[:, option] = fleet(package, members, parameters) * sorties_per_aircraft_day / per_day
        transit_m = mean_transit_m(theatre, active, px, py)
        flight_time_h[:, option] = (relief_s + 2 * transit_m / parameters["fighter_cruise"]) / _SECONDS_PER_HOUR
    stations = np.zeros((2, len(packages), max(1, int(np.ceil(n_stations.max())))))
    for option, places in served.items():
        stations[:, option] = np.stack(places)[:, np.arange(stations.shape[2]) % len(places[0])]
    return FighterArrays(stations[0], stations[1], n_stations, per_day, flight_time_h)


def mean_transit_m(theatre: Theatre, members: Sequence[Member], x_m: Floats, y_m: Floats) -> float:
    """Return the distance from the members' bases to the served places, weighted by aircraft."""
    if not members:
        return 0.0
    bx, by = places_xy(theatre, [m.base for m in members], "base")
    share = np.array([m.aircraft_share for m in members])
    return float(np.average(np.hypot(bx[:, None] - x_m, by[:, None] - y_m).mean(axis=1), weights=share))


def stands(package: FighterPackage, members: Sequence[Member], theatre: Theatre, parameters: Parameters) -> list[Stand]:
    """Return the patrols that a package can keep up in any vector: the k-th is ready with what n exceeds k by."""
    found = prepare_fighters([package], members, theatre, parameters)
    n = found.n_stations[:, 0]
    kind = "fighters_with_rockets" if package.guided_rockets else "fighters"
    return [Stand(kind, float(found.station_x_m[0, k]), float(found.station_y_m[0, k]), np.clip(n - k, 0.0, 1.0))
            for k in range(int(np.ceil(n.max())))]


def abilities(parameters: Parameters) -> Abilities:
    """Return what a patrol of fighters with air-to-air missiles can do; they stop no ballistic missile.

    A patrol flies to its threats: all its weapons reach as far as it covers from its station.
    """
    per_patrol = parameters["fighters_per_station"]
    missiles = Weapon("aam", parameters["fighter_shots_per_sortie"] * per_patrol, parameters["fighter_reach"],
                      by_class(parameters, "aam_pk", "aam_pk", None), eur(parameters, "aim9_price"))
    return Abilities(
        n_channels=np.ones_like(per_patrol), engagement_time_s=parameters["fighter_engagement_time"],
        renewal_time_s=parameters["cap_on_station"], weapons=(missiles,),
        p_track=parameters["fighter_track_probability"], track_rho=parameters["fighter_track_rho"],
        sees_m=horizon_m(parameters, "patrol_altitude"),
        sorties_per_day=per_patrol * _SECONDS_PER_DAY / parameters["cap_on_station"],
        day_cost_eur=np.zeros_like(per_patrol))


def with_rockets(parameters: Parameters) -> Abilities:
    """Return the same with guided rockets too, which are for UAVs only and are used first, being cheaper."""
    plain = abilities(parameters)
    rockets = Weapon("guided_rocket", parameters["fighter_guided_rockets"] * parameters["fighters_per_station"],
                     parameters["fighter_reach"], by_class(parameters, "apkws_pk", None, None),
                     eur(parameters, "apkws_price"))
    return Abilities(**{**vars(plain), "weapons": (rockets, *plain.weapons)})
