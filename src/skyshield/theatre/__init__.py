"""Borders, control line, oblasts, third states, zones at three scopes, stand-offs, the interests and bases."""

from skyshield.theatre.load import load_theatre
from skyshield.theatre.matrix import MatrixRow, matrix, matrix_to_dict
from skyshield.theatre.model import (
    Base,
    City,
    GeometryErrors,
    Interest,
    LaunchArea,
    Neighbour,
    Oblast,
    SeaArea,
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
    plane_neighbour,
    plane_oblast,
    plane_point,
    ukraine_plane,
)
from skyshield.theatre.surroundings import built_up_area, near_border_area, near_front_area, third_states
from skyshield.theatre.zones import Zone, standoff_area, zone_polygon

__all__ = [
    "Base", "City", "GeometryErrors", "Interest", "LaunchArea", "MatrixRow", "Neighbour", "Oblast", "SeaArea",
    "Site", "StandoffSet", "Theatre", "Zone", "border_belarus_plane", "border_russia_plane", "built_up_area",
    "control_line_plane", "front_plane", "load_theatre", "matrix", "matrix_to_dict",
    "near_border_area", "near_front_area", "occupied_plane", "own_plane", "plane_neighbour", "plane_oblast",
    "plane_point", "standoff_area", "third_states", "ukraine_plane", "zone_polygon",
]
