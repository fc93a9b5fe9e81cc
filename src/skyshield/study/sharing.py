"""What an arm has in common with the headline is played once: an option that the arm does not touch plays to the same.

An arm moves few arrays of a world, and an option reads only some of them: its own rows of arrays with an axis of
options, and of those without one what `READERS` does not leave to others. An option without shooters reads nothing of
shooters, one with shooters only the kinds that it has, one whose shooters never come nothing of the attacker's
response, one without packages nothing of people at risk. Arrays that the table does not name are read by every option.
An option whose reading is the same to the byte in two worlds ends every day the same in both, whatever is played beside
it (`skyshield.engine.day`), so its totals may be taken from one of them. A test moves each array in turn and plays both
in full.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from skyshield.core.arrays import Booleans
from skyshield.engine import World
from skyshield.engine.axes import ARRAYS
from skyshield.engine.check import arrays_of
from skyshield.engine.world import READY

SHOOTERS, FIRES, PRESENT, EVERY = "shooters", "fires", "present", "every"
_NEAR_FIRST, _NEAR_SLOT = "forces.near_first", "forces.near_slot"

# Which options read an array, or a group of arrays that its name begins with; the longest name holds.
READERS = {
    "": EVERY, "forces.": SHOOTERS, "forces.presence": EVERY, "forces.fires": EVERY, "fleets.": SHOOTERS,
    "rules.": SHOOTERS, "rules.aim_in_area": EVERY, "response.": FIRES, "relief.": PRESENT,
    "costs.price_eur": SHOOTERS, "risks.p_fratricide": SHOOTERS, "risks.p_fratricide_own": SHOOTERS,
    "risks.lost_per_engagement": SHOOTERS, "risks.lost_at_bases_per_day": SHOOTERS,
    "risks.early_warning_lost_per_day": SHOOTERS, "risks.tankers_lost_per_day": SHOOTERS,
    "risks.encounters_per_h": SHOOTERS, "risks.aircraft_lost_per_h": SHOOTERS, "risks.accidents_per_h": SHOOTERS,
    "people.on_board": SHOOTERS, "people.p_aircrew_casualty": SHOOTERS, "people.p_struck": PRESENT,
    "people.deliberate_per_day": PRESENT, "people.uav_share": PRESENT, "people.casualties_per_strike": PRESENT,
    "people.casualty_dispersion": PRESENT}


def same_options(world: World, other: World) -> Booleans:
    """Return bool[option]: all that an option reads is the same to the byte in both worlds, which have the same axes.

    Parameters
    ----------
    world, other
        Of one scenario, for the same number of vectors.

    Returns
    -------
    array
        bool[option].

    Examples
    --------
    >>> from skyshield.evidence.verification.worlds import make_aid, make_forces, make_world
    >>> world = make_world(forces=make_forces((((0.0, 0.0),),) * 2))
    >>> aid = make_aid(2, 1, hazard=np.array([0.0, 0.5])[None, :, None, None])
    >>> same_options(world, world._replace(aid=aid)).tolist()
    [True, False]
    """
    mine, theirs = dict(arrays_of(world)), dict(arrays_of(other))
    n_options = len(world.rules.class_allowed)
    readers = {of: _readers(world, of) | _readers(other, of) for of in (SHOOTERS, FIRES, PRESENT, EVERY)}
    kinds = _kinds(world) | _kinds(other)
    same = _same_near(mine, theirs)
    for name, array in mine.items():
        if array is theirs[name] or name in (_NEAR_FIRST, _NEAR_SLOT):
            continue
        equal = _equal(name, array, theirs[name], n_options, kinds)
        same &= equal | ~readers[reader_of(name)]
    return same


def reader_of(name: str) -> str:
    """Return which options read an array: `SHOOTERS`, `FIRES`, `PRESENT` or `EVERY`.

    Examples
    --------
    >>> reader_of("forces.p_kill"), reader_of("rules.aim_in_area"), reader_of("raids.phase")
    ('shooters', 'every', 'every')
    """
    return READERS[max((start for start in READERS if name.startswith(start)), key=len)]


def cut_options(world: World, options: Sequence[int]) -> World:
    """Return the world with some of its options, in this order; all other arrays are shared.

    Parameters
    ----------
    world
        The whole.
    options
        Numbers of those to keep, one or more.
    """
    if list(options) == list(range(len(world.rules.class_allowed))):
        return world
    near = [_near(world.forces.near_first, world.forces.near_slot, option) for option in options]
    lengths = [0, *np.cumsum([len(slots) for _, slots in near]).tolist()]
    special = {_NEAR_FIRST: np.stack([first + start for (first, _), start in zip(near, lengths, strict=False)]),
               _NEAR_SLOT: np.concatenate([slots for _, slots in near])}
    return cast("World", _cut(world, "", np.asarray(options, np.int64), special))


def _cut(group: Any, prefix: str, options: Any, special: dict[str, Any]) -> Any:
    def part(name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return _cut(value, f"{name}.", options, special)
        if name in special:
            return np.ascontiguousarray(special[name], value.dtype)
        axes = ARRAYS[name].axes
        return np.ascontiguousarray(np.take(value, options, axes.index("option"))) if "option" in axes else value

    return type(group)(*(part(f"{prefix}{field}", value) for field, value in zip(group._fields, group, strict=True)))


def _near(near_first: Any, near_slot: Any, option: int) -> tuple[Any, Any]:
    """Return an option's own `near_first` [route + 1], from 0 on, and its `near_slot`."""
    first = near_first[option]
    return first - first[0], near_slot[first[0]:first[-1]]


def _same_near(mine: dict[str, Any], theirs: dict[str, Any]) -> Booleans:
    """Return bool[option]: the same shooters are near the same routes."""
    n_options = len(mine[_NEAR_FIRST])
    if all(mine[name] is theirs[name] for name in (_NEAR_FIRST, _NEAR_SLOT)):
        return np.ones(n_options, bool)
    lists = ([_near(arrays[_NEAR_FIRST], arrays[_NEAR_SLOT], k) for k in range(n_options)] for arrays in (mine, theirs))
    return np.array([all(map(np.array_equal, one, other)) for one, other in zip(*lists, strict=True)])


def _readers(world: World, of: str) -> Booleans:
    """Return bool[option]: whether an option has shooters, shooters that come, or packages that do."""
    present = world.forces.presence.max(axis=2, initial=0)
    if of == SHOOTERS:
        return np.asarray((world.forces.shooter_kind >= 0).any(axis=1))
    if of == FIRES:
        return np.asarray((present * world.forces.fires).any(axis=1))
    if of == PRESENT:
        return np.asarray(present.any(axis=1))
    return np.ones(len(present), bool)


def _kinds(world: World) -> Booleans:
    """Return bool[option, kind]: an option has shooters of a kind."""
    kind = world.forces.shooter_kind
    return np.asarray((kind[:, :, None] == np.arange(len(world.forces.munition))).any(axis=1))


def _equal(name: str, mine: Any, theirs: Any, n_options: int, kinds: Booleans) -> Booleans:
    """Return bool[option]: the part of an array that an option may read is the same to the byte."""
    if mine.shape != theirs.shape:
        return np.zeros(n_options, bool)
    axes = ARRAYS[name].axes
    if "option" in axes:
        return _equal_along(mine, theirs, axes.index("option"))
    if "kind" in axes:
        return np.asarray(~(kinds & ~_equal_along(mine, theirs, axes.index("kind"))).any(axis=1))
    if "item" in axes:
        return np.asarray(~(_items(kinds, mine.shape[axes.index("item")])
                            & ~_equal_along(mine, theirs, axes.index("item"))).any(axis=1))
    return np.full(n_options, _equal_along(mine[None], theirs[None], 0)[0])


def _items(kinds: Booleans, n_items: int) -> Booleans:
    """Return bool[option, item]: an option may use what has this price: all without a kind, and that of its kinds."""
    n_options, n_kinds = kinds.shape
    n_weapons = (n_items - READY - n_kinds) // n_kinds
    return np.concatenate([np.ones((n_options, READY), bool), kinds, np.repeat(kinds, n_weapons, axis=1)], axis=1)


def _equal_along(mine: Any, theirs: Any, axis: int) -> Booleans:
    """Return bool[entry of an axis]: both hold the same bytes there."""
    one, other = (np.moveaxis(array, axis, 0) for array in (mine, theirs))
    differ = np.ascontiguousarray(one).view(np.uint8) != np.ascontiguousarray(other).view(np.uint8)
    return np.asarray(~differ.reshape(len(one), -1).any(axis=1))
