"""What would have to be true for the option shown first, or for its money as aid, to keep more from its aim."""

from collections.abc import Mapping
from typing import Any

from skyshield.report.brief.charts import Turn, turning_chart
from skyshield.report.brief.document import Block, Heading, Items, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.told import AREA, COUNTRY, PERCENT, Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced
from skyshield.report.pairs import lead_pair
from skyshield.study.breakeven import BUNDLE_ENDS
from skyshield.study.compare import PRIMARIES

MOST_TURNS = 5
# Numbers that nobody knows, in a few words; one that has none here is left to the report.
LEVERS: Mapping[str, str] = {
    "displacement": N_("Share of threats sent elsewhere"),
    "own_defence_along_share": N_("Share stopped along the way, not near aims"),
    "launch_growth": N_("Launches after a year over those of today"),
    "zone_lead_time": N_("Days until the zone is there"),
    "aid_absorption": N_("Share of this spending that aid can absorb"),
    "class_shift": N_("Share of drones replaced by cruise missiles"),
    "log_hazard_ratio_zone": N_("Hazard of renewed war with a zone over without"),
    "log_hazard_ratio_force": N_("Hazard of renewed war with a force over without"),
    "volume_response": N_("Launches with the option over those without"),
    "leak_deep_at_end": N_("Share of deep raids that get through at the end"),
    "stop_track_correlation": N_("How alike stops of one night are"),
    "zone_share": N_("Share of raids bound for the zone"),
    "claim_bias": N_("Share of claimed kills that are none"),
    "decoy_leak_ratio": N_("How much more often decoys get through"),
    "leak_west_over_leak_deep": N_("Leak in the west over that of deep raids"),
}
BUNDLES: Mapping[str, str] = {
    "aid_ceilings": N_("what aid adds at most"), "own_by_place": N_("how own defence differs by place"),
    "class_shares": N_("shares of jets and ballistic missiles"), "exposure": N_("how often soldiers and ships are "
                                                                                "struck"),
    "own_rounds": N_("what Ukraine's stores hold"), "posture": N_("how many patrols follow a warning"),
    "production": N_("what is made of missiles"), "renewal": N_("how soon war is back"),
    "clearance": N_("how often a threat is mistaken"), "consequences": N_("what hits do"),
    "zone_lead_time": N_("time until the zone is there")}


def blocks(told: Told) -> list[Block]:
    """Return the part of the page: a chart of thresholds in the area, and what holds in the country."""
    made: list[Block] = [Heading(told.say(N_("What would have to be true")))]
    row = lead_pair(told.reading)
    if row is None or not any(one["levers"] for one in row["measures"].values()):
        return [*made, Text(told.say(N_("No option of this study stands beside the same money as aid with numbers "
                                        "moved, so no threshold can be given.")))]
    first, second = told.short(row["option"]), told.short(row["to"])
    shown = sorted(_turns(told, row, AREA), key=lambda turn: not turn.lever["thresholds"])[:MOST_TURNS]
    if shown:
        measure = told.say(N_("Which keeps more from their aims in the area as one number goes from its low to its "
                              "high end, all others unmoved; means alone"))
        made.append(turning_chart(told, "brief-conditions", shown, (row["option"], row["to"]),
                                  _title(told, row, shown, first, second), measure))
    return [*made, Items(tuple(_items(told, row, first, second)))]


def _turns(told: Told, row: Mapping[str, Any], measure: str) -> list[Turn]:
    """Return the numbers moved alone that have a few words."""
    return [Turn(told.say(LEVERS[key]), lever, key,
                 Source("study", row["option"], measure, key, "threshold", row["to"]))
            for key, lever in row["measures"][measure]["levers"].items()
            if key in LEVERS and lever["unit"] != BUNDLE_ENDS]


def _title(told: Told, row: Mapping[str, Any], shown: list[Turn], first: Traced, second: Traced) -> Said:
    """Say the first threshold in a sentence."""
    delta = row["measures"][AREA]["delta"] or 0.0
    ahead, behind = (first, second) if delta > 0.0 else (second, first)
    turning = next((turn for turn in shown if len(turn.lever["thresholds"]) == 1), None)
    if turning is None:
        return told.say(N_("{ahead} keeps more than {behind} in the area, whichever one of these numbers is moved"),
                        ahead=ahead, behind=behind)
    value = turning.shown(told, turning.lever["thresholds"][0], turning.source)
    leads_low = bool(turning.lever["leads_low"])
    above = leads_low == (delta > 0.0)  # the reference lies on the side where the one ahead leads
    message = (N_("{behind} would keep more than {ahead} in the area if this is above {value}: {number}") if above else
               N_("{behind} would keep more than {ahead} in the area if this is below {value}: {number}"))
    return told.say(message, behind=behind, ahead=ahead, value=value, number=turning.name)


def _items(told: Told, row: Mapping[str, Any], first: Traced, second: Traced) -> list[tuple[Said, Said]]:
    items = [(told.say(N_("Whole country.")), _in_country(told, row, first, second))]
    turned = [told.say(BUNDLES[key]) for key, lever in row["measures"][AREA]["levers"].items()
              if lever["unit"] == BUNDLE_ENDS and lever["thresholds"] and key in BUNDLES]
    if turned:
        items.append((told.say(N_("Several at once.")), told.say(
            N_("Moved together to an end, these turn the lead in the area too: {names}."),
            names=told.language.listing(turned))))
    launches = _launches(told, row["option"])
    return items + ([(told.say(N_("More launches.")), launches)] if launches else [])


def _in_country(told: Told, row: Mapping[str, Any], first: Traced, second: Traced) -> Said:
    told_of = row["measures"][COUNTRY]
    ahead = first if (told_of["delta"] or 0.0) > 0.0 else second
    turning = [told.say(N_("{number} ({value})"), number=turn.name, value=told.language.listing(
        [turn.shown(told, value, turn.source) for value in turn.lever["thresholds"]]))
        for turn in _turns(told, row, COUNTRY) if turn.lever["thresholds"]]
    if not turning:
        return told.say(N_("{ahead} keeps more whichever number is moved alone."), ahead=ahead)
    return told.say(N_("{ahead} keeps more; one of these moved alone turns it at the value in brackets: {numbers}."),
                    ahead=ahead, numbers=told.language.listing(turning))


def _launches(told: Told, option: str) -> Said:
    """Say how many more launches make up for an option in the country."""
    lever = told.reading.view.more_launches.get(option)
    if lever is None or not lever["thresholds"]:
        return EMPTY
    more = told.language.number(PERCENT * (lever["thresholds"][0] - 1.0), Source(
        "study", option, PRIMARIES[1], "volume_response", "threshold", told.reading.comparison.to))
    return told.say(N_("If Russia launches {more} percent more because {option} is there, as many armed threats reach "
                       "their aims as without it."), more=more, option=told.short(option))
