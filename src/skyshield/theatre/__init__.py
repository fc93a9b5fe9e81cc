"""Borders, control line, oblasts, zones at three scopes, stand-offs, the interests and bases."""

from skyshield.theatre.load import load_theatre
from skyshield.theatre.matrix import MatrixRow, matrix, matrix_to_dict
from skyshield.theatre.model import (
    Base,
    City,
    GeometryErrors,
    Interest,
    LaunchArea,
    Oblast,
    Site,
    StandoffSet,
    Theatre,
)
from skyshield.theatre.plane import (
    border_belarus_plane,
    border_russia_plane,
    control_line_plane,
    front_plane,
    occupied_plane,
    own_plane,
    plane_oblast,
    plane_point,
    ukraine_plane,
)
from skyshield.theatre.zones import Standoffs, Zone, effective_zone, standoff_area, zone_polygon

__all__ = [
    "Base", "City", "GeometryErrors", "Interest", "LaunchArea", "MatrixRow", "Oblast", "Site", "StandoffSet",
    "Standoffs", "Theatre", "Zone", "border_belarus_plane", "border_russia_plane", "control_line_plane",
    "effective_zone", "front_plane", "load_theatre", "matrix", "matrix_to_dict", "occupied_plane", "own_plane",
    "plane_oblast", "plane_point", "standoff_area", "ukraine_plane", "zone_polygon",
]
