"""What must be the same to the byte, and what must add up: the shipped month small, and hand-made worlds.

Simulated is a number of bytes or of cells that differ; exact is 0. There is no parameter to move: the tests change the
program instead, and each case must notice.
"""

from typing import Any

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.compile.world import compile_world
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import CLASSES
from skyshield.engine import AMOUNTS, COUNTS, World, play
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.layers import world_of
from skyshield.evidence.verification.worlds import make_certain_season
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre

VECTORS, REPLICATIONS, DAYS = 2, 24, 3
MANY_VECTORS, FEW_REPLICATIONS = 24, 2  # where what is compiled may differ in its last bit, in some vectors only
NO_ADAPTATION = {"displacement": 0.0, "volume_response": 1.0, "class_shift": 0.0}
_VECTOR_BITS = 16


def shipped(options: tuple[str, ...] | None = None, days: int = DAYS, vectors: int = VECTORS, seed: int = 1,
            **extra_options: dict[str, Any]) -> tuple[list[str], World]:
    """Compile the first days of the shipped scenario `month`: names of its options, and the world.

    Parameters
    ----------
    options
        Which, in this order; all of them unless given. The attacker does not adapt to any.
    days, vectors, seed
        Sizes, and the seed of the vectors.
    extra_options
        Options as plain data, after the others.
    """
    content = {**dump(load("month").first(days)), "assumptions": NO_ADAPTATION}
    all_options = content["options"]
    content["options"] = {name: all_options[name] for name in options or all_options} | extra_options
    resolved = resolve(parse(content, "verify"), load_catalogue(), load_theatre(), embedded_fit())
    return list(content["options"]), compile_world(resolved, seed, vectors).world


def empty_option() -> dict[str, Any]:
    """Return an option with the rules of one with forces, and no aircraft."""
    fighters = {"kind": "fighters", "aircraft": 0, "serves": ["Kyiv"]}
    return {"label": "nobody", "packages": [fighters], "rules": {"target_classes": ["uav"]}}


def crowded_option() -> dict[str, Any]:
    """Return an option with far more shooters than any that is shipped, so that all arrays are wider."""
    guns = {"kind": "guns", "places": ["Kyiv", "Lviv", "Uzhhorod", "Vinnytsia"], "per_place": 16}
    return {"label": "a crowd", "packages": [guns], "rules": {"target_classes": ["uav"]}}


def tallies(world: World, seed: int, vectors: int = VECTORS, replications: int = REPLICATIONS) -> Floats:
    """Play a world; return f8[vector, replication, day, option, measure], counts and amounts."""
    result = [play(world, seed, v << _VECTOR_BITS, (v << _VECTOR_BITS) + replications) for v in range(vectors)]
    return np.stack([np.concatenate([one.counts.astype(float), one.amounts], axis=3) for one in result])


def bytes_differing(first: Floats, second: Floats) -> float:
    """Return how many bytes of two arrays differ; every one if they are not of one shape.

    Examples
    --------
    >>> bytes_differing(np.array([1.0, 2.0]), np.array([1.0, 2.0])), bytes_differing(np.array([1.0]), np.array([-1.0]))
    (0.0, 1.0)
    """
    if first.shape != second.shape:
        return float(max(first.nbytes, second.nbytes))
    byte_arrays = (np.frombuffer(np.ascontiguousarray(x).tobytes(), np.uint8) for x in (first, second))
    return float(np.not_equal(*byte_arrays).sum())


def _sum_of(result: Floats, *measures: str) -> Floats:
    """Return the sum of measures."""
    names = (*COUNTS, *AMOUNTS)
    return np.asarray(sum(result[..., names.index(measure)] for measure in measures))


def _conserved(seed: int, _factor: float) -> CaseResult:
    """Count the cells (vector, replication, day, option, class) in which not every threat ends once."""
    result = tallies(shipped(seed=seed)[1], seed)
    ends = ("stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition", "leaked")
    return CaseResult(0.0, float(sum((_sum_of(result, *(f"{end}/{kind}" for end in ends))
                                      != _sum_of(result, f"launched/{kind}")).sum() for kind in CLASSES)))


def _leaks_less_prevented(seed: int, _factor: float) -> CaseResult:
    """Count the cells in which an option's leakers and those it prevents are not the baseline's leakers."""
    names, world = shipped(seed=seed)
    result, own = tallies(world, seed), names.index("own")
    wrong = 0
    for kind in CLASSES:
        leaked_or_prevented = _sum_of(result, f"leaked/{kind}", f"prevented/{kind}")
        wrong += int((leaked_or_prevented != _sum_of(result, f"leaked/{kind}")[..., own, None]).sum())
    return CaseResult(0.0, float(wrong))


def _empty_option(seed: int, _factor: float) -> CaseResult:
    names, world = shipped(("own", "region"), seed=seed, empty=empty_option())
    result = tallies(world, seed)
    return CaseResult(0.0, bytes_differing(result[..., names.index("own"), :], result[..., names.index("empty"), :]))


def _added_option(seed: int, _factor: float) -> CaseResult:
    sizes: dict[str, Any] = {"days": 1, "vectors": MANY_VECTORS, "seed": seed}
    names, world = shipped(("own", "region"), **sizes, crowded=crowded_option())
    fewer = tallies(shipped(("own", "region"), **sizes)[1], seed, MANY_VECTORS, FEW_REPLICATIONS)
    more = tallies(world, seed, MANY_VECTORS, FEW_REPLICATIONS)[..., [names.index("own"), names.index("region")], :]
    return CaseResult(0.0, bytes_differing(fewer, more))


def _added_days(seed: int, _factor: float) -> CaseResult:
    few = tallies(shipped(("own", "region"), seed=seed)[1], seed)
    _, world = shipped(("own", "region"), DAYS + 2, VECTORS + 1, seed)
    many = tallies(world, seed, VECTORS + 1, REPLICATIONS + 8)
    return CaseResult(0.0, bytes_differing(few, many[:VECTORS, :REPLICATIONS, :DAYS]))


def _added_shooter(seed: int, _factor: float) -> CaseResult:
    """Add a shooter that is ready on some nights and reaches nothing."""
    alone = world_of(days=DAYS, reach_m=4e4, n_stations=[0.7], stations=(((45_000.0, 0.0),),))
    beside = world_of(days=DAYS, reach_m=4e4, n_stations=[1.7], stations=(((0.0, 9e6), (45_000.0, 0.0)),))
    forces = beside.forces
    swapped = forces._replace(shooter_id=np.array([[1, 0]]), p_ready=np.array([[[0.5, 0.7]]]))
    alone_tallies, beside_tallies = (tallies(world, seed, 1) for world in (alone, beside._replace(forces=swapped)))
    n_counts = len(COUNTS)
    return CaseResult(0.0, bytes_differing(alone_tallies[..., :n_counts], beside_tallies[..., :n_counts]))


def _added_missiles(seed: int, _factor: float) -> CaseResult:
    """Add a cruise missile a night that nobody of the coalition shoots at."""
    world = world_of(days=DAYS, p_kill=np.array([0.7, 0.0, 0.0]))
    season = make_certain_season(50, p_missile=np.array([[0.0, 0.0], [1.0, 0.0]]), missile_mean=np.ones((2, 2)))
    more = world._replace(raids=world.raids._replace(season=season))
    uavs = [k for k, name in enumerate(COUNTS) if name.endswith("/uav")]
    without_missiles, with_missiles = (tallies(played, seed, 1) for played in (world, more))
    added = _sum_of(with_missiles, "launched/cruise") - _sum_of(without_missiles, "launched/cruise")
    differing = bytes_differing(without_missiles[..., uavs], with_missiles[..., uavs])
    return CaseResult(0.0, differing + float((added != 1.0).sum()))


CASES: tuple[Case, ...] = (
    Case("conserved_threats", "conservation",
         "cells of the shipped month (vector, replication, day, option, class) in which not every launched threat "
         "ends exactly once", _conserved),
    Case("conserved_leakers", "conservation",
         "cells of the shipped month in which what an option lets through and what it prevents are not what leaks "
         "without it", _leaks_less_prevented),
    Case("same_empty_option", "empty option", "bytes by which an option without aircraft differs from the baseline",
         _empty_option),
    Case("same_added_option", "stream independence",
         "bytes of two options that one more option with many shooters changes", _added_option),
    Case("same_added_days", "stream independence",
         "bytes that more vectors, replications and days change of the earlier ones", _added_days),
    Case("same_added_shooter", "stream independence", "bytes that one more shooter changes which reaches nothing",
         _added_shooter),
    Case("same_added_missile", "stream independence",
         "bytes of UAVs' fates that one more cruise missile a night changes", _added_missiles))
