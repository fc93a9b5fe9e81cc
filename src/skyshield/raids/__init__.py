"""The raid model: launch areas, destinations by stream, routes, and the fit of its parameters."""

from skyshield.raids.expected import expected_launches
from skyshield.raids.fit import Fit
from skyshield.raids.geography import (
    Aims,
    Destinations,
    Launches,
    RouteTable,
    destinations,
    launch_shares,
    launches,
    oblast_aims,
    route_table,
)

__all__ = ["Aims", "Destinations", "Fit", "Launches", "RouteTable", "destinations", "expected_launches",
           "launch_shares", "launches", "oblast_aims", "route_table"]
