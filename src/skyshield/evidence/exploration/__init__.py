"""Options over all uncertainties: scenario discovery, regret, near-optimal options, thresholds."""
