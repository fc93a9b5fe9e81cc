"""A second day, written from docs/reference/day.md alone: a discrete-event model with draws of its own."""

from crosscheck.outcomes import (
    CLASSES,
    CLAUSES,
    INCIDENTS,
    LINES,
    MUNITIONS,
    ROLES,
    Harm,
    Outcomes,
    fate,
    fighters_lost,
    relieve,
)
from crosscheck.own_defence import Attack, Courses, OwnRounds, draw_uniforms
from crosscheck.phases import kind_of_day
from crosscheck.shooters import Force

BY_CLASS = ("launched", "stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition", "prevented",
            "redundant", "leaked")
COUNT_NAMES = (*(f"{what}/{c}" for what in BY_CLASS for c in CLASSES), "prevented_zone", "leaked_zone",
               "leaked_armed", "engaged", "saturated", "refused_class", "refused_standoff", "refused_identification",
               "refused_deconfliction", *(f"refused_by/{c}" for c in CLAUSES), *(f"munitions/{m}" for m in MUNITIONS),
               "relieved", "casualties", "shooter_days_without_rounds", "prevented_armed_zone", "prevented_armed",
               "war_days", "ceasefire_days", "violation_days", *(f"casualties_by_role/{role}" for role in ROLES))
AMOUNT_NAMES = ("flight_hours", "sorties", "cost_eur", "incremental_cost_eur", "planned_cost_eur",
                "planned_incremental_cost_eur", "unspent_eur", "tanker_hours",
                *(f"cost_by_line_eur/{line}" for line in LINES), *(f"incidents/{i}" for i in INCIDENTS),
                "people_exposed_h", *(f"people_by_role_h/{role}" for role in ROLES), "alert_person_hours",
                "own_rounds_saved_eur", *(f"warhead_kg/{c}" for c in CLASSES),
                *(f"warhead_zone_kg/{c}" for c in CLASSES), "outage_h", "outage_zone_h", "port_days", "rail_h",
                "rail_zone_h", "npp_offsite_power_days", "alert_h_kyiv", "alert_h_corridors")


def is_massed(night, option, intensity):
    """Whether the night is a massed one for an option: only if its phase brings raids (5.5)."""
    return night.regime == 1 and bool(intensity[night.phases[option]].sum() > 0.0)


class Campaign:
    """One option under one vector, day after day."""

    def __init__(self, world, vector, option, rng, shared=None, courses=None):
        """Draw the uniforms that options share from `shared`, if given: equal streams give two options the same."""
        self.world, self.v, self.o, self.rng, self.shared = world, vector, option, rng, shared or rng
        courses = courses or Courses(world.routes)
        self.attack, self.force = Attack(world, vector, option, courses), Force(world, vector, option, courses)
        self.outcomes, self.harm = Outcomes(world, vector, option, courses), Harm(world, vector, option)
        self.rounds, self.rounds_alone = OwnRounds(world.own, vector), OwnRounds(world.own, vector)
        self.day = 0

    def play(self, night):
        """Play the next day on its raid; return its counts and amounts by name."""
        world, rng, force, outcomes = self.world, self.rng, self.force, self.outcomes
        day, self.day, phase = self.day, self.day + 1, int(night.phases[self.o])
        counts, amounts = dict.fromkeys(COUNT_NAMES, 0), dict.fromkeys(AMOUNT_NAMES, 0.0)
        result = dict.fromkeys(INCIDENTS, 0.0)
        uniforms = draw_uniforms(self.shared, float(world.forces.track_correlation[self.v]), len(night.threats))
        raid, alone = self.attack.raids(night, day, uniforms, self.rounds.supply(), self.rounds_alone.supply())
        there = world.forces.presence[self.o, :, day].astype(bool)
        active, funded = self.force.anybody(there), bool(there.any())
        force.stand_down()
        if active:
            force.muster(uniforms, is_massed(night, self.o, self.world.raids.intensity[self.v]), there, rng)
        force.fight(raid, rng)
        if world.relief.share[self.v] > 0.0 and funded:
            relieve(float(world.relief.share[self.v]), float(world.relief.elasticity[self.v]), alone.stops, raid,
                    outcomes.zone)
        ends = [fate(t) for t in raid]
        outcomes.tally(counts, raid, ends, alone)
        counts[kind_of_day(world.renewal, day, phase)] = 1
        if funded:
            outcomes.fly(counts, amounts, force)
        own_fratricide = outcomes.incidents(result, raid, ends, amounts["flight_hours"] > 0.0, force)
        outcomes.attacks(result, force, phase)
        if funded:
            lost = outcomes.people(result, amounts, raid, ends, own_fratricide, there, phase, rng)
            counts.update({f"casualties_by_role/{role}": n for role, n in lost.items()})
            counts["casualties"] = sum(lost.values())
        outcomes.alerts(amounts, raid, ends)
        force.lose(fighters_lost(result, own_fratricide))
        if active:
            force.repair()
        self.harm.count(amounts, raid, ends, day)
        amounts["own_rounds_saved_eur"] = self.use_own_rounds(counts, alone, day)
        if funded:
            outcomes.pay(amounts, result, force, own_fratricide, there, phase)
        amounts.update({f"incidents/{kind}": float(x) for kind, x in result.items()})
        return counts, amounts

    def use_own_rounds(self, counts, alone, day):
        """Take the day's kills from Ukraine's stores, and add what comes; return what the option saves (5.18)."""
        own, growth = self.world.own, self.world.raids.growth[self.v, :, day].tolist()
        kills = [counts[f"stopped_own_hard/{c}"] for c in CLASSES]
        shares = own.resupply_share[self.v].tolist()

        def comes(full):
            return [r * k / x if k else 0.0 for r, k, x in zip(shares, full, growth, strict=True)]

        self.rounds.end_day(kills, comes(alone.kills_of_phase))
        self.rounds_alone.end_day(alone.kills, comes(alone.kills_with_full_stores))
        prices = own.kill_cost_eur[self.v].tolist()
        return sum((a - k) * eur for a, k, eur in zip(alone.kills, kills, prices, strict=True))
