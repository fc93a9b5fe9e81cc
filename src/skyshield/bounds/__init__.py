"""Figures that need no simulation, and whether a simulated headline respects them; words for them are the report's."""
