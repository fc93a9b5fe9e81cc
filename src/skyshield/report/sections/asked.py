"""What is asked: the options and their rules, the period, the members, the words that have one meaning."""

from typing import Any

from skyshield.report import tables
from skyshield.report.reading import Reading
from skyshield.report.text import SOME, count, listing, number, zone_text
from skyshield.scenario import Scenario
from skyshield.theatre import Theatre

_PERCENT = 100.0


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    scenario = reading.scenario
    return {"options": tables.options(scenario, reading.catalogue), "period": _period(scenario),
            "area": zone_text(scenario.protected_area), "baseline": reading.baseline,
            "members": _members(scenario, reading.theatre)}


def _period(scenario: Scenario) -> str:
    phases = [f"{phase.name.replace('_', ' ')} from day {phase.first_day or 1}" for phase in scenario.calendar]
    chance = [phase.name for phase in scenario.phases if phase.by_chance]
    by_chance = f"; {listing(chance)} by chance" if chance else ""
    return f"{count(scenario.days, 'day')} from {scenario.start_date.isoformat()}; {listing(phases)}{by_chance}"


def _members(scenario: Scenario, theatre: Theatre) -> list[str]:
    """Say who brings what; the country of a base is named, the base is not."""
    countries = {base.name: base.country for base in theatre.bases}
    sentences = []
    for member in scenario.members:
        away = "" if member.active else "; switched off"
        base = "" if member.base is None else f", standing in {countries.get(member.base, 'a country not named')}"
        shares = [f"{number(_PERCENT * share, SOME)}% of the {what}" + (base if what == "aircraft" else "")
                  for what, share in member.contributes.items() if share > 0.0]
        sentences.append(f"{member.name}: {listing(shares)}{away}")
    return sentences
