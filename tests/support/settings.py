"""Settings of the shipped month as a person moves them: one lever, or some, of each kind."""

import random

from skyshield.scenario import load
from skyshield.scenario.load import dump, parse

CLASSES = (["uav"], ["uav", "cruise"], ["cruise"], None)


def changed(levers, name="month"):
    """Return a shipped scenario with levers set: path, as text with points between names and numbers, to value."""
    content = dump(load(name))
    for path, value in levers.items():
        *places, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        at = content
        for place in places:
            at = at.setdefault(place, {}) if isinstance(at, dict) else at[place]
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return parse(content, "a setting")


def random_setting(seed, days=None):
    """Return the levers of a random setting of `region`, its aircraft and what nobody knows."""
    chance = random.Random(seed)
    levers = {"options.region.rules.standoff_russia": f"{chance.randrange(0, 400, 10)} km",
              "options.region.rules.standoff_front": f"{chance.randrange(0, 250, 10)} km",
              "options.region.rules.target_classes": chance.choice(CLASSES),
              "options.region.packages.0.aircraft": chance.randrange(12, 160, 4),
              "options.region.packages.0.ground_alert": chance.randrange(5),
              "assumptions.displacement": round(chance.random(), 2),
              "assumptions.volume_response": round(0.8 + chance.random() / 2, 2)}
    few = {path: levers[path] for path in chance.sample(sorted(levers), chance.randrange(1, 5))}
    return few | ({} if days is None else {"days": days})
