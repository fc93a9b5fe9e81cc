"""The door to the engine: blocks of replications of one vector, played and added up."""

import threading

import numpy as np

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.streams import vector_of
from skyshield.core.vocabulary import N_STREAMS
from skyshield.engine import tally as t
from skyshield.engine.day import ALERT_BIN_H, MAX_THREATS, draw_period, largest_raid, new_period, play_block
from skyshield.engine.scratch import Period, Scratch, active_days, new_raid, new_scratch
from skyshield.engine.tally import Tally
from skyshield.engine.world import World

__all__ = ["Player", "alert_hours", "play", "play_period"]


class Player:
    """Plays blocks of one world, in any number of threads: each works all of its blocks out in the same arrays.

    Parameters
    ----------
    world
        The arrays of `skyshield.engine.world`.
    """

    def __init__(self, world: World) -> None:
        self.world, self._active, self._of_thread = world, active_days(world.forces), threading.local()
        self._crosses = world.rules.crosses_declared.max(axis=0, initial=0)
        self._everywhere = np.ones_like(self._crosses)

    def __reduce__(self) -> tuple[type["Player"], tuple[World]]:
        """Travel between machines without what it works in."""
        return type(self), (self.world,)

    def play(self, seed: int, first: int, last: int, day_groups: Integers | None = None) -> Tally:
        """Play a block of replications; parameters and result are those of `play`."""
        period = new_period(self.world, last - first)
        draw_period(self.world, np.uint64(seed), first, last, period)
        return self.play_period(seed, first, period, day_groups)

    def play_period(self, seed: int, first: int, period: Period, day_groups: Integers | None = None) -> Tally:
        """Play given launches from the replication `first` on."""
        world, (n_replications, n_days) = self.world, period.massed.shape
        last, key, n_options = first + n_replications, np.uint64(seed), world.rules.class_allowed.shape[0]
        group = np.arange(n_days) if day_groups is None else day_groups
        assert len(group) == n_days and group.min(initial=0) >= 0  # noqa: S101 - kernels do not check bounds
        shape = n_replications, int(group.max(initial=-1)) + 1, n_options
        counts = np.zeros((*shape, len(t.COUNTS)), np.int64)
        amounts = np.zeros((*shape, len(t.AMOUNTS)))
        n_phases = world.raids.intensity.shape[1]
        by_phase = n_replications, n_phases if n_phases > 1 else 0, n_options
        phase_counts = np.zeros((*by_phase, len(t.COUNTS)), np.int64)
        phase_amounts = np.zeros((*by_phase, len(t.AMOUNTS)))
        failed = np.zeros(n_replications, np.int64)
        scratch = self.scratch_of(key, first, last, period)
        play_block(world, key, first, last, period, group, scratch, counts, amounts, phase_counts, phase_amounts,
                   failed)
        return Tally(counts, amounts, failed.astype(np.uint8), phase_counts, phase_amounts)

    def scratch_of(self, key: np.uint64, first: int, last: int, period: Period) -> Scratch:
        """Return what this thread works a block out in; what an earlier block left there is not read."""
        world, vector = self.world, vector_of(first)
        n_options = len(world.rules.class_allowed)
        launches, sizes = (np.zeros((n, N_STREAMS), np.int64) for n in (n_options + 1, n_options))
        capacity = min(MAX_THREATS, largest_raid(world.response, self._active, key, first, last, period, launches,
                                                 sizes, np.zeros(N_STREAMS, np.int64)))
        sent = _may_adapt(world, self._active, vector) or (period.path != period.path[:, -1:]).any()
        own_capacity = capacity if sent or (world.own.ration_below[vector] > 0.0).any() else 0
        scratch: Scratch | None = getattr(self._of_thread, "scratch", None)
        there = (-1, -1) if scratch is None else (len(scratch.raid.threat), len(scratch.own_raid.threat))
        if scratch is None or there[0] < capacity or there[1] < own_capacity:
            raid, own_raid = (new_raid(max(have, min(MAX_THREATS, needed + needed // 4)))  # the next may be larger
                              for have, needed in zip(there, (capacity, own_capacity), strict=True))
            scratch = new_scratch(world.forces, world.costs, raid, own_raid, world.raids.aim_cdf.shape[2],
                                  world.rules.window_start_m.shape[2], len(world.routes.piece_end_m))
            self._of_thread.scratch = scratch
        return scratch._replace(may_cross=self._everywhere if sent else self._crosses)


def _may_adapt(world: World, active: Flags, vector: int) -> bool:
    """Return whether the attacker's adaptation may change anybody's raid."""
    response = world.response
    return bool(active.any() and (response.displacement[vector] > 0.0 or response.volume[vector] != 1.0
                                or response.class_shift[vector] > 0.0))


def play(world: World, seed: int, first: int, last: int, day_groups: Integers | None = None) -> Tally:
    """Play a block of replications. Pure, and free of the interpreter lock.

    Parameters
    ----------
    world
        The arrays of `skyshield.engine.world`.
    seed
        64-bit seed of the study.
    first, last
        ``vector << 16 | replication`` of the first replication and of the one after the last; both of
        one vector.
    day_groups
        i8[day]: the group, such as a month, that each day is added to, from 0 on; each day is a group of its own if
        not given.

    Returns
    -------
    Tally
        Counts, amounts and failures; a failed replication holds zeros and its stage.
    """
    return Player(world).play(seed, first, last, day_groups)


def play_period(world: World, seed: int, first: int, period: Period, day_groups: Integers | None = None) -> Tally:
    """Play given launches from the replication `first` on, all of one vector: what `play` does with those it draws."""
    return Player(world).play_period(seed, first, period, day_groups)


def alert_hours(world: World, seed: int, first: int, last: int) -> Floats:
    """Return f8[aim]: mean hours a night, 18:00 to 09:00, that an aim's oblast is under alert, as Ukraine alone has it.

    `first` and `last` are as in `play`; infinite numbers if a night fails.
    """
    player, key, period = Player(world), np.uint64(seed), new_period(world, last - first)
    draw_period(world, key, first, last, period)
    bins = player.scratch_of(key, first, last, period).alert_bins
    bins[:] = 0
    if player.play_period(seed, first, period).failed.any():
        return np.full(len(bins), np.inf)
    return np.asarray(bins * ALERT_BIN_H / period.massed.size)
