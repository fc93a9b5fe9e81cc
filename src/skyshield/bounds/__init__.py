"""Bounds that need no simulation, and whether a simulated headline respects them; their text is in the report."""
