"""A resolved scenario as the engine's arrays: parameters, geometry, forces, aid, costs, incidents, the planned cost."""
