r"""Sensors that improve the picture of the shooters they cover: radars, early warning, aerostats, the acoustic network.

A shooter's own sensors let it hold a track on a share p of the threats in its reach, over nights
(`Capabilities.p_track`). Of what it lacks, sensors of one sort s show it the share

    g_s = q_s h (1 - prod_k (1 - c_k)),

q_s being the quality of the sort (what it makes a track of among what it could see, and the hours it works), h the
probability that the track is handed over (a data link, one track number for all), and c_k the share of the shooter's
disc within the k-th sensor's radius (`skyshield.forces.coverage`), by class of threat, because the horizon depends on
their height. Sorts work one after another,

    p' = 1 - (1 - p) prod_s (1 - g_s).

Sensors of one sort see alike: where one covers a shooter wholly, another adds nothing, and the parts that two places
cover are laid over each other as if by chance, which lies between the least and the most they can cover together. The
night's factor stays one and the same: what the poor picture shows, the better one shows too. A threat that is not
tracked is not tracked for the whole of its flight. A track that a shooter holds by hand-over alone takes
`track_handover_time` longer to be released.

The acoustic network is spread over the territory that Ukraine holds and covers every shooter there; it tells guns and
interceptor-drone teams where to look, no radar. Radars of the shooters themselves are part of their reach, not of this.
Sources: domain notes B6; qualities and ranges are judgements.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Booleans, Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import N_CLASSES, Boundary
from skyshield.forces import sensor_costs
from skyshield.forces.capabilities import horizon_m
from skyshield.forces.coverage import covered_share
from skyshield.forces.money import check_boundary
from skyshield.forces.package import Amount, Deployment, ForcePackage, Role, SensorPlacement, by_key
from skyshield.forces.places import NamedPlaces, places_xy
from skyshield.theatre import Theatre, own_plane

HANDED_OVER, HANDOVER_TIME = "track_handover_probability", "track_handover_time"
_AIR_BREATHING = (1.0, 1.0, 0.0)  # UAVs and cruise missiles; a ballistic missile is a matter of its battery's own radar


@dataclass(frozen=True)
class Sensor:
    """A sort of sensor: its name in scenarios and in words, and its numbers by the catalogue's names.

    `day_eur` is what a unit costs a day, by parameters and whether the boundary is the fully loaded one. One with a
    height stands at places and sees as far as its horizon or the range of its instrument, whichever is less. One that
    flies is scarce: it is up on a share of nights. One without is a network over all territory that Ukraine holds.
    `by_sound` helps only shooters that can be guided by sound (`Capabilities.cued_by_sound`). `classes` is 1 for each
    class it shows, in the engine's order.
    """

    name: str
    words: str
    quality: str
    day_eur: Callable[[Parameters, bool], Floats]
    height: str | None = None
    range_: str | None = None
    by_sound: bool = False
    flies: bool = False
    classes: tuple[float, ...] = _AIR_BREATHING

    def radius_m(self, parameters: Parameters) -> Floats:
        """Return f8[vector, class]: how far one sees, 0 where it has no height."""
        if self.height is None or self.range_ is None:
            return np.zeros((len(parameters[self.quality]), N_CLASSES))
        return np.minimum(horizon_m(parameters, self.height), parameters[self.range_][:, None]) * self.classes


SENSORS: tuple[Sensor, ...] = (
    Sensor("ground_radar", "ground radars", "ground_radar_quality", sensor_costs.ground_radar, "radar_mast_height",
           "ground_radar_range"),
    Sensor("airborne_early_warning", "airborne early warning", "aew_quality", sensor_costs.airborne_early_warning,
           "aew_height", "aew_range", flies=True),
    Sensor("aerostats", "radar aerostats", "aerostat_quality", sensor_costs.aerostat, "aerostat_height",
           "aerostat_range"),
    Sensor("acoustic", "the acoustic network", "acoustic_quality", sensor_costs.acoustic, by_sound=True))


def sensor_named(name: str) -> Sensor:
    """Return a sort of sensor by its name in scenarios.

    Raises
    ------
    SkyShieldError
        If there is no such sort.

    Examples
    --------
    >>> sensor_named("aerostats").height
    'aerostat_height'
    """
    for sensor in SENSORS:
        if sensor.name == name:
            return sensor
    raise SkyShieldError(f"sensor {name!r}", "is no sort of sensor", f"use {', '.join(one.name for one in SENSORS)}")


def sensor_day_eur(name: str, parameters: Parameters, boundary: Boundary) -> Floats:
    """Return f8[vector]: what one unit of a sort costs a day, EUR of `money.PRICE_YEAR`.

    Raises
    ------
    SkyShieldError
        If the boundary or the sensor is not a known one.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> class References:
    ...     def __getitem__(self, name):
    ...         return np.array([load_catalogue()[name].reference_si])
    >>> [float(sensor_day_eur("acoustic", References(), one)[0].round()) for one in ("fully_loaded", "incremental")]
    [5088.0, 0.0]
    """
    check_boundary(boundary)
    return sensor_named(name).day_eur(parameters, boundary == "fully_loaded")


def _known(name: str) -> str:
    known = [sensor.name for sensor in SENSORS]
    if name not in known:
        raise PydanticCustomError("sensor", "{what}; {mend}", {
            "what": f"is {name!r}, not a sort of sensor",
            "mend": f"use {' or '.join(get_close_matches(name, known, n=1) or known)}"})
    return name


SensorName = Annotated[str, AfterValidator(_known),
                       Field(json_schema_extra={"enum": [sensor.name for sensor in SENSORS]})]


class SensorPackage(ForcePackage):
    """Sensors of one sort: one continuous orbit, one aerostat or one radar for each place named; or the network."""

    role: ClassVar[Role] = "sensors"
    kind: Literal["sensors"]
    sensor: SensorName
    serves: Annotated[tuple[str, ...], Field(max_length=16)] = ()

    @model_validator(mode="after")
    def _places_if_it_has_any(self) -> "SensorPackage":
        network = sensor_named(self.sensor).height is None
        if network and self.serves:
            raise PydanticCustomError("serves", "{what}; {mend}", {
                "what": f"{self.sensor} is a network over all of Ukraine's own territory, but names places",
                "mend": "leave serves out"})
        if not network and not self.serves:
            raise PydanticCustomError("serves", "{what}; {mend}", {
                "what": f"{self.sensor} names no place", "mend": "write serves: [Kyiv], a place for each of them"})
        return self

    @property
    def units(self) -> int:
        """How many: orbits, aerostats or radars; the network is one."""
        return max(1, len(self.serves))

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places it names: a sensor may stand at a base too, outside Ukraine."""
        return (NamedPlaces("serves", self.serves, "anywhere"),)

    def sensors(self, deployment: Deployment) -> tuple[SensorPlacement, ...]:
        """Return its sensors."""
        del deployment
        return (SensorPlacement(self.sensor, self.serves),)

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return what its sensors cost a day."""
        return {"sensors": self.units * sensor_day_eur(self.sensor, deployment.parameters, boundary)}

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return the early-warning aircraft that keep its orbits up."""
        if not sensor_named(self.sensor).flies:
            return {}
        return {"early_warning_aircraft": self.units * deployment.parameters["aew_per_orbit"]}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return sensor_named(self.sensor).words + (f" over {', '.join(self.serves)}" if self.serves else "")


def covered_m(sensor: Sensor, places: Sequence[str], theatre: Theatre, parameters: Parameters, x_m: Floats,
              y_m: Floats, reach_m: Floats) -> Floats:
    """Return f8[vector, slot, class]: the share of each shooter's disc that sensors of one sort cover.

    Parameters
    ----------
    sensor, places
        The sort, and where they stand; a place named again adds nothing.
    theatre, parameters
        Where places are; f8[vector] by name.
    x_m, y_m
        f8[slot], where shooters stand.
    reach_m
        f8[vector, slot, class], how far they reach.
    """
    if sensor.height is None:
        import shapely

        inside = shapely.contains_xy(own_plane(theatre), x_m, y_m)
        return np.where(reach_m > 0.0, inside[:, None] * np.array(sensor.classes), 0.0)
    x, y = places_xy(theatre, list(dict.fromkeys(places)), "anywhere")
    radius_m = sensor.radius_m(parameters)[:, None, :]
    uncovered = np.ones(reach_m.shape)
    for px, py in zip(x, y, strict=True):
        apart_m = np.hypot(x_m - px, y_m - py)[None, :, None]
        uncovered *= 1.0 - covered_share(reach_m, radius_m, apart_m)
    return np.asarray(1.0 - uncovered)


def picture_gain(placed: Sequence[SensorPlacement], theatre: Theatre, parameters: Parameters, x_m: Floats,
                 y_m: Floats, reach_m: Floats, by_sound: Booleans) -> Floats:
    """Return f8[vector, slot, class]: the share of the tracks a shooter lacks that the option's sensors add.

    Parameters
    ----------
    placed
        The sensors of one option.
    theatre, parameters, x_m, y_m, reach_m
        As `covered_m` takes them.
    by_sound
        bool[slot]: the shooter can be guided by sound.
    """
    places: dict[str, list[str]] = {}
    for one in placed:
        places.setdefault(one.sort, []).extend(one.places)
    lacking = np.ones(reach_m.shape)
    for sensor in SENSORS:
        if sensor.name in places:
            share = covered_m(sensor, places[sensor.name], theatre, parameters, x_m, y_m, reach_m)
            given = parameters[sensor.quality] * parameters[HANDED_OVER]
            helped = np.where(by_sound | (not sensor.by_sound), 1.0, 0.0)[:, None]
            lacking *= 1.0 - given[:, None, None] * helped * share
    return np.asarray(1.0 - lacking)


def handover_time_s(placed: Sequence[SensorPlacement], parameters: Parameters, n_vectors: int) -> Floats:
    """Return f8[vector]: how much longer a track by hand-over alone takes; 0 where nobody has sensors."""
    return parameters[HANDOVER_TIME] if placed else np.zeros(n_vectors)
