"""Circles that hold the sea near the coast too, for ships.

Mutations tried, each caught: the sea left out; the sea behind the control line kept; the sea not cut by stand-offs.
"""

import numpy as np
import pytest
import shapely

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.rules import RulesOfEngagement, ZoneClause, effective_area, prepare_rules
from skyshield.theatre import Zone, load_theatre, zone_polygon

THEATRE = load_theatre()
PORTS = {"scope": "site", "places": ("Greater Odesa ports",)}
SEA, LAND, HELD_BY_RUSSIA = (shapely.Point(*map(float, to_plane(lon, lat))) for lon, lat in (
    (31.0, 46.2), (30.6, 46.6), (33.6, 45.2)))


def test_circles_hold_the_sea_only_where_the_zone_says_so():
    dry, wet = (zone_polygon(THEATRE, Zone(**PORTS, radius_m=80e3, sea_m=sea_m)) for sea_m in (0.0, 100e3))
    assert dry.contains(LAND) and not dry.contains(SEA)
    assert wet.contains(LAND) and wet.contains(SEA) and dry.difference(wet).area < 1.0
    far = zone_polygon(THEATRE, Zone(**PORTS, radius_m=400e3, sea_m=400e3))
    assert far.contains(SEA) and not far.contains(HELD_BY_RUSSIA)
    near = zone_polygon(THEATRE, Zone(**PORTS, radius_m=80e3, sea_m=10e3))
    assert dry.area < near.area < wet.area


def test_a_region_has_no_sea():
    with pytest.raises(SkyShieldError, match="is a region with a part of the sea; leave sea out"):
        zone_polygon(THEATRE, Zone("region", oblasts=("Odesa",), sea_m=10e3))


def test_stand_offs_cut_the_sea_as_they_cut_land():
    clause = ZoneClause(**PORTS, radius="80 km", sea="100 km")
    whole, cut = (effective_area(THEATRE, RulesOfEngagement(zone=clause, standoff_front=front))
                  for front in (None, "60 km"))
    assert whole.contains(SEA) and not cut.contains(SEA)
    assert cut.area < whole.area
    farther = effective_area(THEATRE, RulesOfEngagement(zone=clause, standoff_front="20 km"))
    assert farther.contains(SEA)


def test_a_route_from_the_sea_has_a_window_there():
    x_m, y_m = to_plane([[31.5, 31.0, 30.7]], [[45.6, 46.1, 46.5]])
    windows = [prepare_rules([RulesOfEngagement(zone=ZoneClause(**PORTS, radius="80 km", **sea))], ("uav",), THEATRE,
                             x_m, y_m, np.ones(1, np.uint8)) for sea in ({}, {"sea": "100 km"})]
    dry_m, wet_m = (float(np.nansum(np.where(np.isfinite(one.window_start_m), one.window_end_m - one.window_start_m,
                                             0.0))) for one in windows)
    assert wet_m > dry_m + 30e3
