"""What an option comes to depends on little of a scenario: the same little is never played twice.

That is the scenario without its options and wording, the option itself, the options that its aid is the twin of, the
seed and the numbers and the map that a scenario is resolved with. Which other options are played beside it changes
nothing: all meet the same raids, and no draw is shared. But for one thing: where any option of a scenario has a ground
contingent, strikes aimed at crews in Ukraine are UAVs' in part under every option (`skyshield.compile.incidents`), so
whether one has is part of the little, and the first that has is compiled beside the others.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.forces.ground import GroundPackage, share_left
from skyshield.scenario import Option, Scenario
from skyshield.scenario.resolve import OPTION_WORDING, WORDING, canonical

_NOT_OF_ONE = (*WORDING, "options", "baseline", "name")


def with_twins(scenario: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """Return options with those that their aid is the twin of, in the scenario's order.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> with_twins(load("month"), ("aid_cities",))
    ('cities', 'aid_cities')
    """
    wanted, new = set[str](), set(names)
    while new:
        wanted |= new
        new = {twin for name in new if (twin := scenario.option(name).twin) is not None} - wanted
    return tuple(option.name for option in scenario.options if option.name in wanted)


def alone(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """Return a scenario with only some options, their twins, the baseline and who stands for contingents."""
    kept = {*with_twins(scenario, [*names, scenario.baseline, *_contingent(scenario)])}
    chosen = scenario.model_copy(update={"options": tuple(o for o in scenario.options if o.name in kept), "pairs": ()})
    return Scenario.model_validate(chosen.model_dump(mode="json", exclude_none=True))


def chosen_options(scenario: Scenario, names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the options that are asked for, and the baseline, in the scenario's order; all if none are named.

    Raises
    ------
    SkyShieldError
        If there is no such option, or an empty list is given.
    """
    if names is None:
        return tuple(option.name for option in scenario.options)
    wanted = {scenario.option(str(name)).name for name in names}
    if not wanted:
        raise SkyShieldError("options", "names no option",
                             f"choose from {', '.join(option.name for option in scenario.options)}")
    return tuple(option.name for option in scenario.options if option.name in wanted | {scenario.baseline})


def option_keys(scenario: Scenario, names: Iterable[str], more: str) -> dict[str, str]:
    """Return option -> the hash of all that decides what it comes to; `more` says what the scenario does not.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> month = load("month")
    >>> keys = option_keys(month, ("own", "region"), "seed 1")
    >>> fewer = month.model_copy(update={"options": month.options[:2], "title": "Another"})
    >>> option_keys(fewer, ("region",), "seed 1")["region"] == keys["region"] != keys["own"]
    True
    """
    whole = scenario.model_dump(mode="json", exclude_none=True, exclude=set(_NOT_OF_ONE))
    common = f"{canonical(whole)} {more} {len(_contingent(scenario))}"
    plain = {option.name: _plain(option) for option in scenario.options}
    return {name: hashlib.sha256(f"{common} {name} {canonical([plain[twin] for twin in with_twins(scenario, [name])])}"
                                 .encode()).hexdigest() for name in names}


def _contingent(scenario: Scenario) -> tuple[str, ...]:
    """Return the first option that brings soldiers, if any."""
    return tuple(option.name for option in scenario.options
                 if any(isinstance(package, GroundPackage) for package in option.packages)
                 and share_left(scenario.members_of(option), "people") > 0.0)[:1]


def _plain(option: Option) -> dict[str, Any]:
    return option.model_dump(mode="json", exclude_none=True, exclude=set(OPTION_WORDING))
