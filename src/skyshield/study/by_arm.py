"""What each arm of a study says of the measures that conclusions rest on: the doubt that no interval of one arm holds.

An arm plays one thing otherwise than the headline: a rival model, an end of a number that nobody knows, all of them at
their worst or best. Whoever draws a conclusion in words from a study (`skyshield.strategy`, `skyshield.claims`) has to
draw it in every arm. An arm that leaves an option as it is in the headline has no row of its own.
"""

from collections.abc import Sequence

from skyshield.study.compare import PRIMARIES, summed
from skyshield.study.plan import JOINT
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.summary import figures_by_arm
from skyshield.study.told import Summary, ends

# Beside the primary measures; a name before a stroke stands for all its columns.
_TOLD = ("prevented_zone", "casualties", "alert_person_hours", "outage_h", "port_days", "rail_h",
         "npp_offsite_power_days", "alert_h_kyiv", "alert_h_corridors", "war_days", "cost_eur", "incidents")
BY_ARM = (*PRIMARIES, *(column for column in MEASURES if column.partition("/")[0] in _TOLD))
LEVELS = tuple(column for column in MEASURES if column.startswith("incidents/"))

Rows = dict[int, list[float | None]]  # by arm: delta, lo, hi, mcse


def by_arm_json(result: StudyResult, to: str, measures: Sequence[str] = BY_ARM) -> dict[str, dict[str, Rows]]:
    """Return measure -> option -> arm -> its paired difference, its ends and its Monte Carlo error.

    Parameters
    ----------
    result
        The study.
    to
        The option that differences are taken to.
    measures
        Columns of results.

    Returns
    -------
    dict
        The headline is arm 0. An arm in which a row would be the headline's has none, and neither has a joint arm that
        was not played for the option. Ends are those for a conclusion (`skyshield.study.told.ends`), None where there
        are none.
    """
    pairs = [(option, to) for option in result.options if option != to]
    rows = {measure: differences_by_arm(result, pairs, measure) for measure in measures} if pairs else {}
    return {measure: {option: row for (option, _), row in zip(pairs, of, strict=True)} for measure, of in rows.items()}


def levels_by_arm(result: StudyResult, option: str, measures: Sequence[str] = LEVELS) -> dict[str, Rows]:
    """Return measure -> arm -> the option's own figure, not a difference: what happens without any option, by arm.

    Arms as in `by_arm_json`; the baseline is played in every one.
    """
    result = result.unrelieved
    at, told = result.options.index(option), {}
    for measure in measures:
        column = result.column(measure)
        every = figures_by_arm([values[[at]] for values in column.values], result.valid, column.moved, spread=False)
        rows = {arm: _row(one.row(0)) for arm, one in enumerate(every)}
        told[measure] = {arm: row for arm, row in rows.items() if arm == 0 or row != rows[0]}
    return told


def differences_by_arm(result: StudyResult, pairs: Sequence[tuple[str, str]], measure: str) -> list[Rows]:
    """Return by pair of options arm -> delta, lo, hi, mcse, where it is not the headline's and both are played.

    Joint arms belong to differences to the study's baseline alone.
    """
    result = result.unrelieved
    column, baseline = summed(result, pairs, (measure,)), result.manifest["baseline"]
    every = figures_by_arm(column.values, result.valid, column.moved, spread=False, base=column.base)
    played = [k for k, arm in enumerate(result.arms) if arm.kind != JOINT]
    told: list[Rows] = []
    for k, (option, to) in enumerate(pairs):
        chosen = [*played, *(sorted(set(result.joint.get(option, ()))) if to == baseline else ())]
        rows = {arm: _row(every[arm].row(k)) for arm in chosen}
        told.append({arm: row for arm, row in rows.items() if arm == 0 or row != rows[0]})
    return told


def _row(row: Summary) -> list[float | None]:
    reach = ends(row, "mean")
    return [row["mean"], *(reach or (None, None)), row["mcse"]]
