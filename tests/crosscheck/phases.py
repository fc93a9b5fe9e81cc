"""Which phase holds on each day, section 5.20 of the page on the day, with draws of its own."""

import math

import numpy as np


def kind_of_day(renewal, day, phase):
    """The count that a day goes into."""
    if renewal.run_start[day] < 0 or phase == renewal.collapse[0]:
        return "war_days"
    return "violation_days" if phase == renewal.violation[0] else "ceasefire_days"


class Truce:
    """A ceasefire under one option, or without any: until when it holds, and whether it is violated."""

    def __init__(self, renewal, vector, quantile):
        self.renewal, self.v = renewal, vector
        self.held_share, self.share_wanted = 1.0, 1.0 - quantile  # that holds so far; below which war is back
        self.over = self.violated = False

    def day(self, day, added, coin, calendar):
        """The phase of a day on which packages add so much to the hazard's logarithm."""
        r, v = self.renewal, self.v
        if r.collapse[0] >= 0 and not self.over:
            self.held_share *= math.exp(-math.exp(added) * float(r.hazard[v, day]))
            self.over = self.held_share <= self.share_wanted
        if self.over:
            return int(r.collapse[0])
        if r.violation[0] >= 0:
            turns = coin < (r.p_violation_end if self.violated else r.p_violation)[v]
            self.violated = self.violated != bool(turns)
        return int(r.violation[0]) if self.violated else calendar


def paths(world, vector, rng):
    """Phases [option + 1, day] of one replication, last without any option: all share the draws."""
    renewal, there = world.renewal, world.forces.presence
    n_options, _, days = there.shape
    draws = rng.random((days, 2))
    result = np.zeros((n_options + 1, days), np.int64)
    for option in range(n_options + 1):
        truce = None
        for day in range(days):
            calendar, start = int(world.raids.phase[day]), int(renewal.run_start[day])
            if start < 0:
                result[option, day] = calendar
                continue
            if start == day:
                truce = Truce(renewal, vector, draws[day, 0])
            added = 0.0
            if option < n_options:
                added = float(renewal.log_ratio[vector, option] @ there[option, :, day])
            result[option, day] = truce.day(day, added, draws[day, 1], calendar)
    return result
