"""Options that cannot be told apart share a row, in every table and figure in which nothing shown differs.

Two options are alike if everything that a table or figure shows of them is the same, to the digits that are shown, in
the headline and in every arm. What differs, such as the planned cost, is then shown as a range or in a table in which
each option has a row of its own.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from skyshield.report.text import listing, number
from skyshield.scenario import Scenario
from skyshield.study.compare import PRIMARY
from skyshield.study.summary import Summary
from skyshield.study.view import StudyView

_SHOWN = ("delta", "lo", "hi", "spread_lo", "spread_hi", "env_lo", "env_hi")
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


@dataclass(frozen=True)
class Family:
    """One option, or several that share a row.

    Attributes
    ----------
    names
        Of the options.
    label
        What the row is called.
    members
        The labels of the options, empty for one alone.
    """

    names: tuple[str, ...]
    label: str
    members: str = ""

    @property
    def first(self) -> str:
        """The option whose figures stand in the row."""
        return self.names[0]


def alike(names: Sequence[str], shown: Callable[[str], Hashable]) -> list[tuple[str, ...]]:
    """Return names in groups of which the same is shown, in the order of their first.

    Examples
    --------
    >>> alike(["zone", "aid", "more_aid"], {"zone": 14, "aid": 5, "more_aid": 5}.get)
    [('zone',), ('aid', 'more_aid')]
    """
    groups: dict[Hashable, list[str]] = {}
    for name in names:
        groups.setdefault(shown(name), []).append(name)
    return [tuple(group) for group in groups.values()]


def as_shown(row: Summary) -> tuple[str, ...]:
    """Return a summary to the digits that tables show."""
    return tuple(number(row.get(key)) for key in _SHOWN)


def families(view: StudyView, scenario: Scenario, names: Sequence[str]) -> list[Family]:
    """Return the options in families: those whose main figures are the same in the headline and in every arm.

    Parameters
    ----------
    view
        The study.
    scenario
        What its options are.
    names
        The options in the order of the rows.
    """
    def shown(name: str) -> Hashable:
        return (as_shown(view.compared.rows[name][PRIMARY]),
                *(as_shown(view.sums[name][what]) for what in ("prevented", "redundant")),
                *(as_shown(row) for row in view.arms[name]))

    aid = {option.name for option in scenario.options if option.role == "aid"}
    return [Family(group, label_of(group, view.labels, aid),
                   listing([f"“{view.labels[name]}”" for name in group]) if len(group) > 1 else "")
            for group in alike(names, shown)]


def label_of(group: Sequence[str], labels: Mapping[str, str], aid: set[str]) -> str:
    """Return what the row of some options is called.

    Examples
    --------
    >>> label_of(["a"], {"a": "Aid"}, {"a"}), label_of(["a", "b"], {"a": "Aid", "b": "More aid"}, {"a", "b"})
    ('Aid', 'The same money as aid: two options alike')
    >>> label_of(["a", "b"], {"a": "One", "b": "Two"}, set())
    'One, and one more option alike'
    """
    if len(group) == 1:
        return labels[group[0]]
    if set(group) <= aid:
        return f"The same money as aid: {_NUMBERS.get(len(group), str(len(group)))} options alike"
    more = len(group) - 1
    return (f"{labels[group[0]]}, and {'one' if more == 1 else _NUMBERS.get(more, str(more))} more "
            f"option{'' if more == 1 else 's'} alike")
