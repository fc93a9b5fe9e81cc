"""How well an event is verified, whose it was, and how grave: levels, attribution, severity."""
