"""The envelope of a setting: how far its answer may lie with each number that nobody knows at one of its ends.

A preview plays the headline alone. What it leaves out is a study's other arms, which take seconds more: they follow
once nobody moves anything. It is the study itself that is played, of the options asked for, so the figures are those of
``skyshield run --options``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skyshield.app.digest import shown_columns
from skyshield.raids import Fit
from skyshield.scenario import Scenario, resolve
from skyshield.study.compare import compare, rounded
from skyshield.study.maps import Map
from skyshield.study.stopping import Stopped, never

if TYPE_CHECKING:
    from skyshield.study.runner import Progress

ENDS = ("env_lo", "env_hi", "joint_lo", "joint_hi")


def reach(scenario: Scenario, options: Sequence[str] | None, seed: int, size: tuple[int, int], map_: Map, fit: Fit,
          tell: "Progress | None" = None, stopped: Stopped = never) -> dict[str, Any]:
    """Play a setting's other arms; return option -> measure -> the ends of its envelope and of its joint arms.

    Parameters
    ----------
    scenario, options
        The setting, and which of its options are asked for; all if not given.
    seed, size
        Of the study: vectors, and replications of each.
    map_
        How blocks are played.
    fit
        Of the record.
    tell
        Called after every block.
    stopped
        Asked between blocks.

    Returns
    -------
    dict
        Without those of the baseline.

    Raises
    ------
    SkyShieldError
        If the setting cannot be played, or it was stopped.
    """
    from skyshield.catalogue import load_catalogue
    from skyshield.study.runner import run
    from skyshield.theatre import load_theatre

    asked = scenario if options is None else scenario.chosen(tuple(options))
    resolved = resolve(asked, load_catalogue(), load_theatre(), fit)
    vectors, replications = size
    result = run(resolved, seed, replications, None, map_, vectors, progress=tell, stopped=stopped)
    rows = compare(result, resolved.baseline, shown_columns()).rows
    content: dict[str, Any] = rounded({option: {column: {end: row[end] for end in ENDS} for column, row in of.items()}
                                       for option, of in rows.items()})
    return content
