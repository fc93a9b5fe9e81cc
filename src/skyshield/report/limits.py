"""The limits of a report as data: each has a text and the conditions under which it holds.

A condition is the name of a function of this file, perhaps with `not` before it; all of a limit's conditions must
hold. There is no other language in the table, so that every limit can be held against studies and against the program.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.report.reading import Reading
from skyshield.study.clauses import columns_of
from skyshield.study.months import month_starts

TABLE = Path(__file__).parent / "data" / "limits.yaml"
_NOT = "not "
NEUTRAL = {"displacement": 0.0, "volume_response": 1.0, "class_shift": 0.0}  # an attacker who does not adapt


@dataclass(frozen=True)
class Limit:
    """What a report cannot say.

    Attributes
    ----------
    key
        Its name in the table.
    text
        One or two sentences.
    when
        Names of conditions, all of which must hold; none for a limit of every study.
    """

    key: str
    text: str
    when: tuple[str, ...] = ()

    def holds(self, reading: Reading) -> bool:
        """Return whether it holds for a study."""
        return all(_holds(name, reading) for name in self.when)


def _holds(name: str, reading: Reading) -> bool:
    wanted = not name.startswith(_NOT)
    return CONDITIONS[name.removeprefix(_NOT)](reading) == wanted


def fit_is_marked(reading: Reading) -> bool:
    """Return whether the fit says of itself that it may not be trusted in full."""
    return bool(reading.fit.status)


def something_fires(reading: Reading) -> bool:
    """Return whether an option has a shooter of its own."""
    return any(option.fires for option in reading.scenario.options)


def something_flies(reading: Reading) -> bool:
    """Return whether an option has fighters."""
    return any(package.flies for option in reading.scenario.options for package in option.packages)


def money_is_given(reading: Reading) -> bool:
    """Return whether an option is or holds aid."""
    return any(package.aid() is not None for option in reading.scenario.options for package in option.packages)


def something_is_brought(reading: Reading) -> bool:
    """Return whether an option has anything beside Ukraine's own defence."""
    return any(option.packages for option in reading.scenario.options)


def lasts_months(reading: Reading) -> bool:
    """Return whether the period is longer than a month."""
    return len(month_starts(reading.scenario.start_date, reading.days)) > 1


def is_cut_short(reading: Reading) -> bool:
    """Return whether the period is the first days of a longer campaign."""
    return reading.scenario.of_days not in (None, reading.days)


def incidents_are_counted(_: Reading) -> bool:
    """Return whether the engine counts incidents."""
    return bool(columns_of("incidents/"))


def relief_was_played(reading: Reading) -> bool:
    """Return whether the study has the arm that supposes relief for Ukraine's own defence."""
    return bool(reading.view.relief)


def adaptation_is_supposed(reading: Reading) -> bool:
    """Return whether the scenario supposes an attacker who adapts, so that the headline has one."""
    return any(reading.scenario.assumptions.get(name, value) != value for name, value in NEUTRAL.items())


def adaptation_is_moved(reading: Reading) -> bool:
    """Return whether the study moves a number of the attacker's adaptation alone to an end."""
    return any(one.name in NEUTRAL for one in reading.view.moves)


def rival_is_fixed(reading: Reading) -> bool:
    """Return whether the study uses where Ukraine stops threats and played one of the two models alone."""
    return any(len(one["by_rival"]) == 1 for one in reading.view.rivals.values())


CONDITIONS: dict[str, Callable[[Reading], bool]] = {
    condition.__name__: condition for condition in (
        fit_is_marked, something_fires, something_flies, something_is_brought, money_is_given, lasts_months,
        is_cut_short, incidents_are_counted, relief_was_played, adaptation_is_supposed, adaptation_is_moved,
        rival_is_fixed)}


def load_limits(path: Path = TABLE) -> tuple[Limit, ...]:
    """Read the table.

    Raises
    ------
    SkyShieldError
        If a limit has no text, or a condition that there is not.

    Examples
    --------
    >>> any(limit.key == "claims" for limit in load_limits())
    True
    """
    limits = []
    for key, row in read_yaml(path).items():
        limit = Limit(key, row["text"], tuple(row.get("when", ())))
        for name in limit.when:
            if name.removeprefix(_NOT) not in CONDITIONS:
                raise SkyShieldError(f"limits.{key}", f"names the condition {name!r}, which there is not",
                                     f"use one of {', '.join(CONDITIONS)}")
        limits.append(limit)
    return tuple(limits)


def holding(reading: Reading, limits: tuple[Limit, ...] | None = None) -> list[str]:
    """Return the texts of the limits that hold for a study, words in braces filled in from it."""
    filled: Mapping[str, str] = {"fit_status": reading.fit.status}
    return [limit.text.format_map(dict(filled)) for limit in (load_limits() if limits is None else limits)
            if limit.holds(reading)]
