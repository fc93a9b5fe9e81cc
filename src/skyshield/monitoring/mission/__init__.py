"""How many units of which means a monitoring mission needs in each sector; numbers only, no places."""
