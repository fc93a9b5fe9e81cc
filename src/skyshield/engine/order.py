"""The order of a day: one row a step, numbered as played.

`STEPS` is the only place where the order is written down. The docstring of `skyshield.engine.day` and the table in
``docs/reference/day.md`` repeat it, and tests compare all three with each other and with the calls that the kernels of
`skyshield.engine.day` make.
"""

from typing import NamedTuple

PERIOD, DAY, OPTION = "period", "day", "option"
SCOPES = {PERIOD: "Once for every vector and replication", DAY: "For every day, once for all options",
          OPTION: "For every option, on the same raid"}


class Step(NamedTuple):
    """One step of the day.

    Attributes
    ----------
    number
        Its place in the order, from 1.
    scope
        How often it is played: a key of `SCOPES`.
    name
        What it is called.
    what
        What it does, in one sentence.
    functions
        What is called for it in `skyshield.engine.steps`, as ``module.function``, in order.
    """

    number: int
    scope: str
    name: str
    what: str
    functions: tuple[str, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """Modules of `skyshield.engine.steps` that it lives in."""
        return tuple(dict.fromkeys(function.split(".")[0] for function in self.functions))


_ROWS = (
    (PERIOD, "phases", "Find the phase that holds on each day under every option: a ceasefire breaks down by one "
     "common quantile, and is violated by one common draw a day.", ("phases.draw_phases", "phases.mark_played")),
    (PERIOD, "season", "Draw the regime, the launches by stream in every phase that somebody is in, and the level of "
     "the leak rates, night by night.",
     ("season.draw_season",)),
    (PERIOD, "start", "Work out where along each route each shooter may engage and which options have the same aid, "
     "once a block; set fleets, stores and Ukraine's own rounds to those of the first day.",
     ("reach.find_reach", "aid.find_same_aid", "readiness.begin_campaign", "readiness.begin_harm")),
    (DAY, "sizes", "Work out how many threats of each stream come under each option, in the phase that it is in.",
     ("adapt.adapted_sizes",)),
    (DAY, "raid", "Draw the night's raid, as large as any option meets it: where the deep stream goes, launch areas, "
     "aims, loads, times.", ("draw.spread_deep_stream", "draw.draw_raid")),
    (DAY, "route", "Route each threat.", ("route.route_raid",)),
    (DAY, "own defence", "Draw each threat's latent stop by Ukraine's own defence, a competing risk, with the rounds "
     "that Ukraine alone has left; work out what comes of them today.",
     ("own.fill_met", "own.night_hazards", "own.are_valid", "own.salvo_covered", "own.draw_own_stops",
      "magazines.fill_supply", "magazines.fill_supplies", "magazines.ration")),
    (DAY, "fates without an option", "Add up how each threat ends as Ukraine alone meets the raid, and what is left of "
     "its rounds.", ("fates.count_own_ends", "fates.count_alone", "magazines.end_of_stock")),
    (DAY, "aid's draws", "Draw each threat's uniform against aid, one for all options.", ("aid.draw_aid_uniforms",)),
    (DAY, "detection", "Detect: one factor shared by the night, one draw a threat; identification and clearance are "
     "drawn too.", ("detect.detect",)),
    (DAY, "weather", "Draw whether airborne early warning is up, whether the night is taken for a massed one, and the "
     "weather in which fighters fly.", ("detect.early_warning_up", "readiness.warned", "readiness.flyable")),
    (OPTION, "adaptation", "Let the attacker adapt to the option: how many of each stream come, and who is sent "
     "elsewhere; these, and all where other rounds are left than Ukraine alone has, meet the own defence again, with "
     "their old draws, and their ends are added up.",
     ("own.salvo_covered", "magazines.fill_supply", "adapt.unchanged", "adapt.adapt", "fates.count_own_ends")),
    (OPTION, "readiness", "Refill the stores and man the shooters that the option has ready tonight, fighters as far "
     "as fleet and weather go.", ("readiness.man_shooters",)),
    (OPTION, "picture", "Add what the option's sensors show each shooter.", ("detect.share_picture",)),
    (OPTION, "aid", "Work out what aid to Ukraine would stop, a competing risk of its own.", ("aid.find_aid_stops",)),
    (OPTION, "permission", "Identify, and apply the rules: when each shooter may engage, and what holds one back.",
     ("permit.permit",)),
    (OPTION, "engagement", "Engage in time order among live threats, redundant stops included; pairs on ground alert "
     "fly to theirs.", ("engage.engage",)),
    (OPTION, "relief", "In the arm that supposes it, let the own defence stop others elsewhere with what it is saved.",
     ("relieve.own_stops_without", "relieve.relieve")),
    (OPTION, "fates", "Add up how each threat ends under the option: those that it touches are taken out of the totals "
     "and added anew.", ("fates.count_ends",)),
    (OPTION, "tally", "Tally the day and its phase; threats are conserved.", ("fates.count_day", "phases.count_phase")),
    (OPTION, "use", "Add up hours, sorties, munitions and shooters without rounds.", ("cost.use_day",)),
    (OPTION, "incidents", "Add up incidents, people, casualties and alerts: of the fates, and of the hours flown.",
     ("incidents.count_incidents",)),
    (OPTION, "fleet", "Work out what the day left of the fleet.", ("cost.fighters_lost", "readiness.end_day")),
    (OPTION, "harm", "Add up warheads delivered, hours without power, days of the ports and hours of the railway.",
     ("harm.count_harm",)),
    (OPTION, "own rounds", "Add up what Ukraine is saved of its rounds, and work out what is left of them.",
     ("magazines.saved_eur", "magazines.end_of_stock")),
    (OPTION, "money", "Add up the day's money, aircraft lost in incidents included.", ("cost.cost_day",)),
)
STEPS = tuple(Step(number, *row) for number, row in enumerate(_ROWS, start=1))
BY_NAME = {step.name: step for step in STEPS}


def published() -> str:
    """Return the order as the docstring of `skyshield.engine.day` prints it, without line breaks within a step.

    Examples
    --------
    >>> [line for line in published().splitlines() if line.startswith("6.")]
    ['6. Route each threat (`steps.route`).']
    """
    lines: list[str] = []
    for scope, heading in SCOPES.items():
        lines += ["", f"{heading}:", ""][not lines:]
        for step in (step for step in STEPS if step.scope == scope):
            where = ", ".join(f"`steps.{module}`" for module in step.modules)
            lines.append(f"{step.number}. {step.what[:-1]} ({where}).")
    return "\n".join(lines)
