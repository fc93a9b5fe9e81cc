"""Is the ceasefire holding? Changes of the rate of breaches, alarms against a baseline, lulls and gaps."""
