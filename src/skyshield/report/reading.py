"""What all sections of a report read: the study as seen by `StudyView`, and what several of them work out from it."""

import functools
from typing import TYPE_CHECKING, Any

from skyshield.bounds.interests import Interests, interest_matrices
from skyshield.report.alike import Family, families
from skyshield.report.colours import colour_of
from skyshield.scenario import Option
from skyshield.study.compare import PRIMARY
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from skyshield.adaptation.summary import Adaptation

_ZONES_AND_AID = {"fighters", "sensors", "batteries", "guns", "drone_teams", "aid"}  # kinds of package


class Reading:
    """A study as the report reads it.

    Parameters
    ----------
    view
        The study.
    adapted
        The sweep of the attacker's adaptation, where it was played.
    """

    def __init__(self, view: StudyView, adapted: "Adaptation | None" = None) -> None:
        self.view, self.adapted = view, adapted
        self.fit, self.catalogue, self.theatre = view.fit, view.catalogue, view.theatre
        self.days = int(view.manifest["days"])
        self.scenario = view.scenario.without_dropped().model_copy(update={"days": self.days})
        self.comparison, self.labels, self.summaries = view.compared, view.labels, view.summaries
        self.shorts = view.shorts

    @property
    def alone(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.comparison.rows

    @property
    def baseline(self) -> str:
        """The label of the option that differences are taken to."""
        return self.labels[self.comparison.to]

    @functools.cached_property
    def options(self) -> dict[str, Option]:
        """Option -> what it is."""
        return {option.name: option for option in self.scenario.options}

    @functools.cached_property
    def colours(self) -> dict[str, str]:
        """Option -> the colour of its role."""
        return {name: colour_of(option) for name, option in self.options.items()}

    @functools.cached_property
    def ordered(self) -> list[str]:
        """The options compared, each with the same money as aid right below it."""
        return in_pairs(list(self.comparison.rows), {name: option.twin for name, option in self.options.items()})

    @functools.cached_property
    def families(self) -> list[Family]:
        """The options compared, those alike together."""
        return families(self.view, self.scenario, self.ordered)

    @functools.cached_property
    def lead(self) -> str | None:
        """The scenario's first option that is not aid and has a result, else the first that has one."""
        known = [name for name in self.ordered if self.comparison.rows[name][PRIMARY]["delta"] is not None]
        forces = [name for name in known if self.options[name].role != "aid"]
        return next(iter([*forces, *known]), None)

    @functools.cached_property
    def strongest(self) -> str | None:
        """The option other than aid that keeps most armed threats in the area from their aims, or None."""
        means = {name: self.comparison.rows[name][PRIMARY]["delta"] for name in self.ordered
                 if self.options[name].role != "aid"}
        return max((name for name, mean in means.items() if mean is not None), key=lambda name: means[name] or 0.0,
                   default=None)

    @functools.cached_property
    def interests(self) -> Interests:
        """What the restrictions leave of the op-ed's own interests."""
        return interest_matrices(self.scenario, self.catalogue, self.theatre)

    @property
    def has_guarantees(self) -> bool:
        """Whether options are told side by side on a page of their own: several phases, or more than zones and aid."""
        kinds = {package.kind for option in self.scenario.options for package in option.packages}
        return not self.alone and (len(self.scenario.phases) > 1 or not kinds <= _ZONES_AND_AID)

    @functools.cached_property
    def feasible(self) -> dict[str, Any]:
        """Option -> whether states could provide it, see `skyshield.strategy.feasible`."""
        from skyshield.compile.world import prepare_context
        from skyshield.strategy.feasible import asked_of, asked_of_study, feasible

        view = self.view
        planned = view.manifest.get("planned_by_package")
        asked = (asked_of(prepare_context(view.resolved)) if planned is None  # of a study that is older
                 else asked_of_study(view.scenario, self.theatre, self.catalogue, planned))
        found: dict[str, Any] = feasible(asked)["options"]
        return found

    @property
    def measured(self) -> str:
        """What most pictures measure: threats in the period against the baseline, on the same raids."""
        return f"in {self.days} days, difference to “{self.baseline}” on the same raids"

    @property
    def source(self) -> str:
        """The line below every picture: which study it is drawn from."""
        return f"Source: SkyShield, study {self.view.manifest['study_key'][:12]}; record to {self.fit.window[1]}."

    @property
    def source_alone(self) -> str:
        """The same for a picture that leaves the page, with what must be said of the study."""
        return " ".join([self.source, *(f"Note: {mark}." for mark in self.view.marks)])


def in_pairs(names: list[str], twins: dict[str, str | None]) -> list[str]:
    """Return the names with each aid twin right after its option.

    Examples
    --------
    >>> in_pairs(["a", "b", "aid_b", "aid_a", "free"], {"aid_a": "a", "aid_b": "b", "free": None})
    ['a', 'aid_a', 'b', 'aid_b', 'free']
    """
    ordered: list[str] = []
    for name in names:
        if twins.get(name) not in names:
            ordered += [name, *(other for other in names if twins.get(other) == name)]
    return ordered
