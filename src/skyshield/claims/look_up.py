"""What a study says of the figure of a claim, in every arm that it is tried in, or what the study lacks for it.

A difference to the study's baseline is tried in all arms, the joint ones included; one to another option in those in
which both are played, which leaves the joint arms out, since they are played for one option each. An arm that is the
headline over again is not listed. A study that lacks an option, a measure, a phase or the length that a threshold is
for does not stop the rest: the claim says so.
"""

from skyshield.claims.answers import Answers
from skyshield.claims.arms import by_arm, in_arm
from skyshield.claims.judge import Tried
from skyshield.claims.table import Part
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.figures import StudyFigures


def look_up(part: Part, study: StudyFigures, answers: Answers) -> Tried:
    """Return what is known of the figure of a part.

    Parameters
    ----------
    part
        With its figure and threshold.
    study
        What it is looked up in.
    answers
        Of strategy, over the same study.
    """
    figure, days = part.figure, part.threshold.days
    if lacking := [name for name in figure.options if name not in study.options]:
        return Tried(missing=f"the study has no option {', '.join(lacking)}; run guarantees")
    if days is not None and study.days != days:
        return Tried(missing=f"the threshold is for {days} days and the study has {study.days}; run guarantees")
    try:
        if figure.answer:
            return answers.tried(figure)
        if figure.phase:
            return Tried((in_arm("headline", study.phase(figure.phase, figure.option, figure.measure)),))
        return by_arm(study, figure.measure, figure.option, next(iter(figure.to), None))
    except SkyShieldError as error:
        return Tried(missing=f"{error.where} {error.what}; {error.remedy}")
