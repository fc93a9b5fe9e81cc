"""The page of guarantees: all options side by side, in what they prevent, expose, cost, need and risk, by phase."""
