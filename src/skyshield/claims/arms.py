"""A study's figure in every arm that plays it, as the rule judges it."""

from skyshield.claims.judge import InArm, Tried
from skyshield.strategy.figures import Figure, PlayedArm, StudyFigures
from skyshield.study.compare import PRIMARY
from skyshield.study.plan import JOINT


def by_arm(study: StudyFigures, measure: str, option: str, to: str | None) -> Tried:
    """Return a paired difference in every arm that plays both options."""
    told = study.by_arm(measure, option, to)
    labels = arm_labels(study, option)
    return Tried(tuple(in_arm(labels[arm.number], one) for arm, one in zip(study.arms, told, strict=True)
                       if one is not None and (arm.number == 0 or one != told[0])))


def in_arm(label: str, figure: Figure) -> InArm:
    """Return a figure with the arm that it is of."""
    return InArm(label, figure.mean, figure.lo, figure.hi)


def arm_labels(study: StudyFigures, option: str) -> list[str]:
    """Return the arms in words, the joint ones by what they are for an option."""
    joint = [arm for arm in study.arms if arm.kind == JOINT]
    prevented = study.by_arm(PRIMARY, option) if joint else []
    means = {arm.number: one.mean for arm in joint if (one := prevented[arm.number]) is not None}
    return [arm.label if arm.kind != JOINT else _joint(arm, means) for arm in study.arms]


def _joint(arm: PlayedArm, means: dict[int, float]) -> str:
    if arm.number not in means:
        return arm.label
    return f"{arm.label}, at their {'worst' if means[arm.number] == min(means.values()) else 'best'} for the option"
