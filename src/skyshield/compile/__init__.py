"""A resolved scenario as the engine's arrays: parameters, geometry, forces, aid, costs, incidents, the planned cost."""

from skyshield.compile.world import compile_world

__all__ = ["compile_world"]
