"""What the program understood of a scenario, in words: a heading, then a short block an option, 100 columns wide.

The figures are those of `skyshield.bounds.understood`; nothing is worked out here.
"""

import datetime as dt
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from skyshield.report.text import count, listing, number

WIDTH = 100
_LABEL = 11
_SYSTEMS = {"irist": "IRIS-T SLM battery", "nasams": "NASAMS battery", "patriot": "Patriot battery"}
_SENSORS = {"ground_radar": "ground radar", "airborne_early_warning": "airborne early warning",
            "aerostats": "radar aerostats", "acoustic": "the acoustic network, all over Ukraine"}
_TARGETS = {"uav": "one-way attack UAVs", "cruise": "cruise missiles", "ballistic": "ballistic missiles"}
_LOST = {"deleted": "deleted, at least half of each being outside", "undecided": "undecided within the map's error",
         "outside_protected_area": "outside, as they are of the protected area itself"}
_MILLION, _BILLION = 1e6, 1e9
_AREA_DIGITS = 3


def understood_lines(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was understood, line by line; `content` is from `skyshield.bounds.understood.understood`."""
    yield from _heading(content["title"])
    yield from _wrapped("period", _period(content["period"]))
    for phase in content["phases"]:
        yield from _wrapped("phase", _phase(phase))
    yield from _wrapped("counted in", f"{_zone(content['protected_area'])}: "
                                      f"{_km2(content['protected_area']['area_km2'])}")
    yield from _members(content["members"])
    for name, value in content["assumptions"].items():
        yield from _wrapped("fixed", f"{name} at {value:g}")
    yield from _wrapped("baseline", content["baseline"])
    if content["pairs"]:
        yield from _wrapped("compared", "; ".join(f"{one} minus {other}" for one, other in content["pairs"]))
    for option in content["options"]:
        yield ""
        yield from _option(option, content["baseline"])
    yield ""


def date(text: str) -> str:
    """Write a date as a sentence does.

    Examples
    --------
    >>> date("2026-03-01")
    '1 March 2026'
    """
    day = dt.date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def distance(written: str | None, km: float) -> str:
    """Write a distance in kilometres, and as the scenario has it where that is another unit.

    Examples
    --------
    >>> distance("150 miles", 241.4016), distance("200 km", 200.0), distance("150 m", 0.15)
    ('150 miles = 241 km', '200 km', '150 m = 0.15 km')
    """
    in_km = f"{number(km, _AREA_DIGITS) if km >= 1.0 else f'{km:g}'} km"
    return in_km if written is None or written.split()[-1] == "km" else f"{written} = {in_km}"


def _wrapped(label: str, text: str) -> list[str]:
    head = f"  {label:<{_LABEL}}"
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head),
                         break_long_words=False, break_on_hyphens=False)


def _heading(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _period(period: Mapping[str, Any]) -> str:
    before = period["decided_before_days"]
    whole = "" if period["campaign_days"] == period["days"] else (
        f", the first part of a campaign of {count(period['campaign_days'], 'day')}")
    decided = "decided on the first day" if before == 0 else f"decided {count(before, 'day')} before"
    dates = f"{date(period['first_date'])} to {date(period['last_date'])}"
    return f"{count(period['days'], 'day')}, {dates}{whole}; {decided}"


def _phase(phase: Mapping[str, Any]) -> str:
    raids, name = phase["raid_intensity"], phase["name"].replace("_", " ")
    how = "" if raids in (None, 1.0 if name in ("war", "collapse") else 0.0) else f", {raids:.0%} of the raids of war"
    more = "" if phase["uav_intensity"] == 1.0 else f", {phase['uav_intensity']:g} times the UAVs"
    if phase["first_day"] is None:
        return f"{name}, by chance in a ceasefire{how}{more}"
    return (f"{name}, day {phase['first_day']} to {phase['last_day']}, {date(phase['first_date'])} to "
            f"{date(phase['last_date'])}{how}{more}")


def _members(members: list[Mapping[str, Any]]) -> Iterator[str]:
    if not members:
        yield from _wrapped("members", "none, so no option has aircraft")
    for member in members:
        shares = [f"{member[f'{what}_share']:.0%} of the {what}" for what in ("aircraft", "people", "ships", "money")
                  if member[f"{what}_share"] > 0.0]
        base = "" if member["base"] is None else f" ({member['base']})"
        state = "" if member["state"] is None else f", of {member['state']}"
        idle = "" if member["active"] else "; switched off"
        yield from _wrapped("member", f"{member['name']}{base}{state}: {listing(shares)}{idle}")


def _zone(zone: Mapping[str, Any]) -> str:
    """Say a zone: its oblasts, with the city that one of them lacks, or its circles, or its corners."""
    if zone["corners"]:
        return f"a drawn zone of {count(zone['corners'], 'corner')} {_holding(zone)}"
    if zone["places"]:
        written = distance(zone["radius"], zone["radius_km"])
        sea = f", with the sea within {zone['sea']} of the coast" if zone["sea"] else ""
        return f"{written} around {listing(zone['places'])} {_holding(zone)}{sea}"
    lacking = {pair["oblast"]: f"{pair['oblast']} oblast without {pair['city']}" for pair in zone["without"]}
    return f"{count(len(zone['oblasts']), 'oblast')} ({', '.join(lacking.get(o, o) for o in zone['oblasts'])})"


def _holding(zone: Mapping[str, Any]) -> str:
    parts = [f"all of {listing(zone['holds'])}"] if zone["holds"] else []
    parts += [f"parts of {listing(zone['holds_in_part'])}"] if zone["holds_in_part"] else []
    return f"({', '.join(parts)})"


def _km2(area_km2: float) -> str:
    return f"{number(area_km2, _AREA_DIGITS)} km²"


def _option(option: Mapping[str, Any], baseline: str) -> Iterator[str]:
    is_baseline = " (baseline)" if option["name"] == baseline else ""
    yield from _heading(f"{option['name']}: {option['label']}{is_baseline}")
    if not option["forces"]:
        yield from _wrapped("forces", "none beside Ukraine's own")
    if option["zone"] is not None:
        yield from _wrapped("zone", _option_zone(option["zone"]))
        yield from _wrapped("distance", _kept(option["distances"]))
        sure = option["identification"]
        targets = "every class" if option["target_classes"] is None else (
            f"{listing([_TARGETS[name] for name in option['target_classes']])} only")
        yield from _wrapped("targets", targets + (f", identified with a confidence of {sure:g}" if sure else ""))
    for force in option["forces"]:
        yield from _wrapped("money" if force["kind"] == "aid" else "forces",
                            _FORCES[force["kind"]](force) + _when(force))
    if option["there_from_day"] not in (None, 1):
        when = f"day {option['there_from_day']}, {date(option['there_from_date'])}, with lead times at their references"
        yield from _wrapped("there from", when)
    if option["interests"] is not None:
        yield from _interests(option["interests"])
    if option["budget"] is not None:
        yield from _wrapped("budget", f"{_eur(option['budget']['eur'])}, shown in the report; it limits nothing")


def _option_zone(zone: Mapping[str, Any]) -> str:
    words = "all territory that Ukraine holds" if zone["everywhere"] else (
        "the protected area" if zone["is_protected_area"] else _zone(zone))
    left = zone["left_km2"] / zone["area_km2"]
    cut = "" if zone["left_km2"] == zone["area_km2"] else (
        f", of which the distances leave {_km2(zone['left_km2'])} ({left:.0%})")
    return f"{words}: {_km2(zone['area_km2'])}{cut}"


def _kept(distances: list[Mapping[str, Any]]) -> str:
    if not distances:
        return "none is kept"
    parts = []
    for row in distances:
        buffered = row["with_buffer_km"] > row["km"]
        alone = distance(row["written"], row["km"])
        if buffered and row["km"] > 0.0:
            parts.append(f"{alone} from {row['from']}, {distance(None, row['with_buffer_km'])} with the buffer for "
                         "crewed aircraft")
        else:
            parts.append(f"{alone if row['km'] else distance(None, row['with_buffer_km'])} from {row['from']}"
                         + (" for the crewed buffer alone" if buffered else ""))
    return "; ".join(parts)


def _interests(interests: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the option's zone and distances take away of the op-ed's five interests."""
    said = [f"{words}: {'; '.join(interests[key])}" for key, words in _LOST.items() if interests[key]]
    for k, words in enumerate(said or ["all five of the op-ed's lie inside, at least for the most part"]):
        yield from _wrapped("" if k else "interests", words)


def _when(force: Mapping[str, Any]) -> str:
    return "" if force["start"] == "before_ceasefire" else f"; {force['when']}, from day {force['from_day']}"


def _fighters(force: Mapping[str, Any]) -> str:
    drawn = "" if force["drawn_from"] is None else (
        f" ({force['drawn_from']}, {force['drawn_low']:g} to {force['drawn_high']:g})")
    ordinary, massed = (number(force[f"kept_up_{night}_night"]) for night in ("ordinary", "massed"))
    alert = f", {number(force['on_alert'])} on ground alert" if force["on_alert"] else ""
    tankers = f", with {count(force['tankers'], 'tanker')}" if force["tankers"] else ""
    hours = "18:00 to 09:00" if force["posture"] == "demand_led" else "day and night"
    where = ([f"{listing(force['always_over'])} always"] if force["always_over"] else []) \
        + ([f"{listing(force['in_part_over'])} at times"] if force["in_part_over"] else [])
    up = f"kept up on average, {hours}: {ordinary}" + (f" ({', '.join(where)})" if where else "")
    massed_up = "" if ordinary == massed else f", {massed} on nights taken for massed"
    return (f"{number(force['aircraft'])} fighters{drawn}{tankers}: {number(force['ready'])} ready{alert}; "
            f"{up}{massed_up}")


def _batteries(force: Mapping[str, Any]) -> str:
    name = _SYSTEMS[force["system"]]
    several = name[:-1] + "ies"
    facing = f", facing {force['facing']}" if force["system"] == "patriot" else ""
    return f"{force['shooters']} {name if force['shooters'] == 1 else several} at {_places(force)}{facing}"


def _guns(force: Mapping[str, Any]) -> str:
    return f"{count(force['shooters'], 'gun')} at {_places(force)}"


def _teams(force: Mapping[str, Any]) -> str:
    return f"{count(force['shooters'], 'interceptor-drone team')} at {_places(force)}"


def _places(force: Mapping[str, Any]) -> str:
    """Say where shooters stand, and how many at each place if that is more than one."""
    several = len(force["places"]) > 1 and force["per_place"] > 1
    return listing(force["places"]) + (f", {force['per_place']} at each" if several else "")


def _sensors(force: Mapping[str, Any]) -> str:
    return _SENSORS[force["sensor"]] + (f" over {listing(force['serves'])}" if force["serves"] else "")


def _aid(force: Mapping[str, Any]) -> str:
    money = f"as much as {force['twin_of']} is planned to cost" if "twin_of" in force else _eur(force["budget_eur"])
    where = "anywhere" if force["where"] == "anywhere" else "in the zone alone"
    ordered = force["ordered_before_days"]
    before = f", ordered {count(ordered, 'day')} before it starts" if ordered else ""
    grid = f", {force['protection_share']:.0%} of it for the grid" if force["protection_share"] else ""
    boundary = "fully loaded" if force["boundary"] == "fully_loaded" else "incremental"
    counted = ", spent to stop warheads" if force["counts"] == "warhead" else ""
    return f"{money} ({boundary}), given to Ukraine's own defence {where}{before}{grid}{counted}"


def _ground(force: Mapping[str, Any]) -> str:
    oblasts = listing(list(dict.fromkeys(hub["oblast"] for hub in force["hubs"])))
    return f"{number(force['soldiers'])} soldiers at {count(len(force['hubs']), 'hub')} in {oblasts}"


def _ships(force: Mapping[str, Any]) -> str:
    closed = "; the Straits closed in war" if force["straits"] == "closed_in_war" else ""
    tonnes = sum(ship["tonnage_t"] for ship in force["ships"])
    states = listing(list(dict.fromkeys(ship["state"] for ship in force["ships"])))
    return (f"{count(len(force['ships']), 'warship')} of {number(tonnes)} t together, of {states}: "
            f"{listing(force['places'])}{closed}")


def _sea_lanes(force: Mapping[str, Any]) -> str:
    what = [count(force[field], word) for field, word in (("escorts", "patrol ship"), ("minehunters", "minehunter"))
            if force[field]]
    return f"{listing(what)}: {listing(force['places'])}"


def _shelters(force: Mapping[str, Any]) -> str:
    return f"shelters for {force['people_sheltered']:,} soldiers"


def _eur(amount: float) -> str:
    """Write an amount of money.

    Examples
    --------
    >>> _eur(3e6), _eur(1.25e9), _eur(1000.0)
    ('3 million EUR', '1.25 billion EUR', '1,000 EUR')
    """
    if amount >= _BILLION:
        return f"{number(amount / _BILLION, _AREA_DIGITS)} billion EUR"
    if amount >= _MILLION:
        return f"{number(amount / _MILLION, _AREA_DIGITS)} million EUR"
    return f"{number(amount, _AREA_DIGITS)} EUR"


_FORCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "fighters": _fighters, "batteries": _batteries, "guns": _guns, "drone_teams": _teams, "sensors": _sensors,
    "aid": _aid, "ground": _ground, "ships": _ships, "sea_lanes": _sea_lanes, "shelters": _shelters}
