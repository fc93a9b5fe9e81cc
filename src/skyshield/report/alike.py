"""Options that cannot be told apart share a row, in every table and figure in which nothing shown differs.

Two options are alike if what a table or figure shows of them is the same, to the digits that are shown, in the
headline, and differs by no more than the computing's own error in every other arm. What differs, such as the planned
cost, is then shown as a range or in a table in which each option has a row of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from skyshield.report.text import listing, number
from skyshield.scenario import Scenario
from skyshield.study.compare import PRIMARIES
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

_SHOWN = ("delta", "lo", "hi", "spread_lo", "spread_hi", "env_lo", "env_hi")
_NOISE = 1.96
_ENDS = ("delta", "lo", "hi")
_SUMS = ("prevented", "redundant")
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


def alike(names: Sequence[str], same: Callable[[str, str], bool]) -> list[tuple[str, ...]]:
    """Return names in groups, each of those that are the same as the group's first, in the order of their first.

    Examples
    --------
    >>> shown = {"zone": 14, "aid": 5, "more_aid": 5}
    >>> alike(["zone", "aid", "more_aid"], lambda one, other: shown[one] == shown[other])
    [('zone',), ('aid', 'more_aid')]
    """
    groups: list[list[str]] = []
    for name in names:
        group = next((group for group in groups if same(group[0], name)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return [tuple(group) for group in groups]


def shown_alike(one: Summary, other: Summary) -> bool:
    """Return whether two summaries are the same to the digits that tables show."""
    return all(number(one.get(key)) == number(other.get(key)) for key in _SHOWN)


def within_error(one: Summary, other: Summary) -> bool:
    """Return whether two summaries differ by no more than 95% of the Monte Carlo error of either, 1.96 times it.

    Examples
    --------
    >>> row = {"delta": 7.05, "lo": 3.0, "hi": 13.0, "mcse": 0.1}
    >>> within_error(row, row | {"delta": 7.04}), within_error(row, row | {"delta": 7.5})
    (True, False)
    """
    noise = _NOISE * min(one.get("mcse") or 0.0, other.get("mcse") or 0.0)
    pairs = [(one.get(key), other.get(key)) for key in _ENDS]
    return all(a == b or (a is not None and b is not None and abs(a - b) <= noise) for a, b in pairs)


def families(view: StudyView, scenario: Scenario, names: Sequence[str]) -> list[Family]:
    """Return the options in families.

    Those are together whose main figures are shown alike in the headline, and within the computing's own error in every
    arm; aid stays with aid.

    Parameters
    ----------
    view
        The study.
    scenario
        What its options are.
    names
        The options in the order of the rows.
    """
    aid = {option.name for option in scenario.options if option.role == "aid"}

    def same(one: str, other: str) -> bool:
        return ((one in aid) == (other in aid)
                and all(shown_alike(view.compared.rows[one][measure], view.compared.rows[other][measure])
                        for measure in PRIMARIES)
                and all(shown_alike(view.sums[one][what], view.sums[other][what]) for what in _SUMS)
                and all(within_error(a, b) for a, b in zip(view.arms[one], view.arms[other], strict=True)))

    return [Family(group, label_of(group, view.labels, aid),
                   listing([f"“{view.labels[name]}”" for name in group]) if len(group) > 1 else "")
            for group in alike(names, same)]


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
