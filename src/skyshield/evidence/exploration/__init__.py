"""Options over everything that is not known: scenario discovery, regret, near-optimal options, thresholds."""
