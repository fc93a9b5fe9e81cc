"""Whatever the world, every threat of every class and option ends once, and what is prevented is what no longer leaks.

Small random worlds: one to three kinds of shooter with sectors left aside, one or two aims, windows, classes, sensors,
identification, a joint zone, aid, soft kills, covered salvos. Options: the own defence alone, shooters, aid, both, and
shooters with other rules.

Mutations tried, each caught (`tools/mutate.py`): stops by aid not counted; fates kept from the option before; aid's
stop kept from the option before.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.core.vocabulary import CLASSES
from skyshield.engine import COUNTS
from support.random_worlds import OPTIONS, random_world
from support.worlds import play_nights


def played(seed):
    world, nights = random_world(seed)
    result = play_nights(world, nights, seed=seed, replications=3)
    assert not result.failed.any()  # the engine's own check, which this recomputes
    return {(measure, option): result.counts[:, :, k, COUNTS.index(measure)]
            for measure in COUNTS for k, option in enumerate(OPTIONS)}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_threats_are_conserved_by_class_and_option(seed):
    result = played(seed)
    for option in OPTIONS:
        for kind in CLASSES:
            def of(measure, name=option, kind=kind):
                return result[f"{measure}/{kind}", name]

            ends = of("stopped_own_hard") + of("stopped_own_soft") + of("stopped_aid") + of("stopped_coalition")
            assert (ends + of("leaked") == of("launched")).all()
            assert (of("launched") == of("launched", "own")).all()
            assert (of("prevented") + of("redundant") == of("stopped_coalition") + of("stopped_aid")).all()
            assert (of("prevented") + of("leaked") == of("leaked", "own")).all()
            own_stops = of("stopped_own_hard") + of("stopped_own_soft")
            before = of("stopped_own_hard", "own") + of("stopped_own_soft", "own")
            assert (own_stops + of("redundant") == before).all()
        assert (result["leaked_zone", option] + result["prevented_zone", option] == result["leaked_zone", "own"]).all()
    assert not any(result[f"stopped_coalition/{kind}", name].any() for kind in CLASSES for name in ("own", "aid"))
    assert not any(result[f"stopped_aid/{kind}", name].any() for kind in CLASSES
                   for name in ("own", "shooters", "strict"))


def test_the_random_worlds_are_of_every_sort():
    """The property is worth little if nothing ever happens: all ends occur, in every class."""
    total = {}
    for seed in range(40):
        for key, counts in played(seed).items():
            total[key] = total.get(key, 0) + counts.sum()
    for kind in CLASSES:
        for measure in ("stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition", "prevented",
                        "redundant", "leaked"):
            assert total[f"{measure}/{kind}", "both"] > 30, (measure, kind)
    for measure in ("refused_class", "refused_standoff", "refused_deconfliction", "saturated"):
        assert total[measure, "both"] > 30, measure
    assert total["refused_identification", "strict"] > 30 and total["refused_identification", "both"] == 0
