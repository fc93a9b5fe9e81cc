"""What a claim is: who says it where, what would have to be true, and each figure with the threshold that it must pass.

A **claim** has one part or several. A part fixes beforehand its figure y, its threshold, its direction (`above`: y must
be larger; `below`: smaller) and the arms that it is tried in. A claim that no study can test has no part and says what
would test it. The shipped tables stand in ``data``: they were written before any study was looked at, and carry the
date of that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ABOVE, BELOW = "above", "below"
DIRECTIONS = (ABOVE, BELOW)
ALL, PHASES = "all", "phases"
TRIED_IN = (ALL, PHASES)
EFFECT, GEOGRAPHY, EXPOSURE, AID, POLITICS = "effect", "geography", "exposure", "aid", "politics"
KINDS = (EFFECT, GEOGRAPHY, EXPOSURE, AID, POLITICS)
OP_ED = "op_ed"
# Who says it. Those beside the op-ed are its rivals, and the zone's own advocates elsewhere.
SIDES: Mapping[str, str] = {
    OP_ED: "the op-ed", "ground": "for a ground force", "against_ground": "against a ground force",
    "naval": "for ships", "aid": "for aid", "neighbouring_soil": "for batteries next door",
    "zone": "for the zone, elsewhere", "moscow": "Moscow"}


@dataclass(frozen=True)
class Threshold:
    """What a figure must pass.

    Attributes
    ----------
    value, unit
        In the unit of the results.
    days
        Length of the study that it holds for; None if it holds for any.
    reason, source
        Why this one: a sentence, and what it rests on.
    """

    name: str
    value: float
    unit: str
    days: int | None
    reason: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """What is looked up: a measure of the study, or an answer of `skyshield strategy`.

    Attributes
    ----------
    measure
        A column of results; the paired difference of `option` to the first of `to`, the baseline if that is empty.
    answer, quantity
        Which strategy answer, and what of it, if it is no measure.
    option, to
        Whose; empty where an answer is about none.
    phase
        The phase that a measure is told of; empty for the whole period.
    """

    measure: str = ""
    answer: str = ""
    quantity: str = ""
    option: str = ""
    to: tuple[str, ...] = ()
    phase: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The options that it is about."""
        return tuple(name for name in (self.option, *self.to) if name)

    @property
    def name(self) -> str:
        """It in one line.

        Examples
        --------
        >>> Figure(measure="casualties", option="region", to=("naval",)).name
        'casualties: region minus naval'
        >>> Figure(answer="ladder", quantity="step_up", option="region").name
        'strategy ladder, step_up: region'
        """
        head = f"strategy {self.answer}, {self.quantity}" if self.answer else self.measure
        of = f"{self.option} minus {', '.join(self.to)}" if self.to else self.option
        phase = f" in {self.phase}" if self.phase else ""
        return head + (f": {of}{phase}" if of else "")


@dataclass(frozen=True)
class Part:
    """A figure, the threshold that it must pass, on which side, and where it is tried."""

    name: str
    figure: Figure
    threshold: Threshold
    direction: str
    tried_in: str = ALL
    because: str = ""


@dataclass(frozen=True)
class Place:
    """Where a claim stands: a paragraph of the op-ed with its first words, or a source."""

    paragraph: int | None = None
    words: str = ""
    source: str = ""

    def plain(self) -> dict[str, int | str]:
        """Return it as plain data."""
        if self.paragraph is None:
            return {"source": self.source}
        return {"paragraph": self.paragraph, "words": self.words, "source": self.source}


@dataclass(frozen=True)
class Claim:
    """A claim in our words.

    Attributes
    ----------
    short, says, true_if
        In few words, in a sentence, and what would have to be true.
    parts
        All of them are claimed; none if it cannot be tested.
    test
        What would test a claim without parts.
    """

    name: str
    side: str
    place: Place
    short: str
    says: str
    true_if: str
    kind: str
    parts: tuple[Part, ...]
    test: str = ""


@dataclass(frozen=True)
class Claims:
    """Tables of claims: the day they were fixed, sources, and the claims in order."""

    fixed: str
    claims: tuple[Claim, ...]

    def __iter__(self) -> Iterator[Claim]:
        """Yield the claims."""
        return iter(self.claims)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.claims)
