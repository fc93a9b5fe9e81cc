"""Nights ahead as the simulator plays them: the backtest's one door to fit, compile and engine.

At each *origin* (the first day forecast and each month's first) the raid model and the stops of missiles are fitted to
the days before; what a fit holds besides (launch areas, times of the night, decoys) comes from the last `SHARE_DAYS`
before the first origin. For every night the levels are filtered up to the night before. So each night has rows of
parameters of its own; those of a month's nights are stacked into one fit, compiled into one world (a vector is a night
and a row) and played without any option, a period of one day, with geography and own defence as a study has them.

Nothing is taken from the night itself but what a target is given:

- **given the launches**, `N_SEASON` nights of each row are drawn by the engine's season; the `n_given` whose launches
  come nearest (in logarithm) are scaled to the night's, front and deep alike, and played.

What a bulletin counts by area is worked out from where each UAV is stopped, and hours under alert from the alerts that
the engine sounds for the aims of an area.
"""

import dataclasses
import datetime as dt
from typing import NamedTuple

import numpy as np

from skyshield.calibrate import outcomes
from skyshield.calibrate.fit import (
    MIN_NIGHTS,
    as_nights,
    fit_observations,
    last_night_columns,
    run_filter,
    uav_areas,
    window_days,
)
from skyshield.calibrate.observations import Observations, observe
from skyshield.calibrate.posterior import Posterior, load_blocks, sample
from skyshield.catalogue import load_catalogue
from skyshield.compile.context import CompileContext
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.streams import word_of
from skyshield.core.vocabulary import DEEP_STREAM, FRONT_STREAM, N_STREAMS, UAV
from skyshield.engine import AMOUNTS, COUNTS, World
from skyshield.engine.scratch import Scratch, new_raid, new_scratch
from skyshield.evidence.backtest.blind import blind_block
from skyshield.evidence.backtest.places import SOUTH, WEST, AreaGrid, along, area_grid, oblasts_of
from skyshield.evidence.backtest.raid_model import nights_before
from skyshield.evidence.backtest.series import Series
from skyshield.raids.fit import Fit, significant
from skyshield.record import Alerts, Record
from skyshield.scenario import load, resolve
from skyshield.theatre import load_theatre

N_SEASON = 2000  # nights drawn by a row, among which are looked for those like a given one
SHARE_DAYS = 90
SEED = 20
SCENARIO = "skyshield"
AREAS = ("west", "centre", "south")  # whose hours under alert are compared with the record's
MOST_A_STREAM = 20_000  # of a night: a fit to few nights may draw what no memory holds


class Effort(NamedTuple):
    """How much is drawn a night: rows of parameters, replications of each, nights given the launches.

    `proposals` are those of a fit.
    """

    rows: int = 16
    replications: int = 32
    given: int = 256
    proposals: int = 256


class Night(NamedTuple):
    """Nights drawn for one day, one element each; launches and leakers of UAVs unless named otherwise."""

    launched: Floats
    leaked: Floats
    cruise_leaked: Floats
    ballistic_leaked: Floats
    south_stops: Floats
    west_stops: Floats
    alert_h: Floats  # [draw, area of AREAS]: means over the area's oblasts, night part


class _Month(NamedTuple):
    """What is fitted at an origin: the raid model's draws, and the other columns of a fit."""

    raids: Posterior
    others: dict[str, Floats]


class PlayedNights:
    """Plays the night of any day of a window.

    Parameters
    ----------
    record
        As first known (`skyshield.evidence.backtest.series.as_first_known`).
    alerts
        What `read_alerts` returned, or None.
    series
        The same by day; of a day's forecast only the days before are read.
    origins
        Indices of the days on which is fitted, in order; the first is the first day forecast.
    last
        Index of the last day forecast.
    effort
        How much is drawn.
    """

    def __init__(self, record: Record, alerts: Alerts | None, series: Series, origins: tuple[int, ...], last: int,
                 effort: Effort) -> None:
        self._record, self._alerts, self._series, self._origins, self._last = record, alerts, series, origins, last
        self._effort = effort
        self._catalogue, self._theatre = load_catalogue(), load_theatre()
        self._window_days = window_days(self._catalogue)
        self._base: Fit | None = None
        self._context: CompileContext | None = None
        self._mode: dict[str, float] = {}
        self._worlds: dict[int, _Player] = {}

    def play(self, day: int) -> Night:
        """Return nights of a day of which nothing is given."""
        player, first = self._player_of(day)
        launches = player.season(first, self._effort.rows, self._effort.replications)
        return player.play(launches)

    def play_given(self, day: int, launched: float) -> Night:
        """Return nights of a day on which so many UAVs are launched."""
        player, first = self._player_of(day)
        return player.play(nearest(player.season(first, self._effort.rows, N_SEASON), launched, self._effort.given))

    def _player_of(self, day: int) -> "tuple[_Player, int]":
        """Return who plays a day, and the first of its vectors."""
        origin = max(one for one in self._origins if one <= day)
        if origin not in self._worlds:
            self._worlds.clear()  # days come in order: a month's arrays are let go with it
            self._worlds[origin] = self._prepare(origin)
        return self._worlds[origin], (day - origin) * self._effort.rows

    def _observed_before(self, day: int) -> Observations:
        """Return what was known on the morning of a day, of the days before it."""
        before: dt.date = (self._series.date[day] - 1).item()
        return observe(self._record, self._alerts, before, uav_areas())

    def _prepare(self, origin: int) -> "_Player":
        """Fit on the days before an origin and compile the nights up to the next."""
        end = min([one for one in self._origins if one > origin] + [self._last + 1])
        month = self._fit(origin)
        rows = []
        for day in range(origin, end):
            before = nights_before(self._series, day, self._window_days)
            columns = month.others | last_night_columns(month.raids, before)
            rows.append(np.stack([columns[name] for name in self._first_fit.names], axis=1))
        fit = dataclasses.replace(self._first_fit, rows=significant(np.concatenate(rows)))
        seed = SEED + self._origins.index(origin)
        compiled = compile_world(dataclasses.replace(self._compile_context(fit), fit=fit), seed, len(fit.rows))
        aims = np.array(compiled.aims.oblasts)
        centre = np.array([region == "centre" for region in compiled.aims.regions])
        of_area = {"west": np.isin(aims, oblasts_of("west")), "centre": centre,
                   "south": np.isin(aims, oblasts_of("south")) & ~compiled.aims.front}
        routes = compiled.world.routes
        grid = area_grid(self._theatre, compiled.aims.oblasts, routes.x_m, routes.y_m)
        return _Player(compiled.world, seed, grid, [np.flatnonzero(of_area[name]) for name in AREAS])

    @property
    def _first_fit(self) -> Fit:
        if self._base is None:
            known = self._observed_before(self._origins[0])
            recent, whole = known.last(SHARE_DAYS), known.last(self._window_days)
            enough = int(recent.reported.sum()) >= MIN_NIGHTS
            self._base = fit_observations(recent if enough else whole, self._catalogue, self._record.sha256, None,
                                          uav_areas(), self._effort.rows, self._effort.proposals,
                                          with_stand_ins=False)
        return self._base

    def _fit(self, origin: int) -> _Month:
        """Return the draws of the raid model at an origin, and all other columns."""
        block, observed = blind_block(), self._observed_before(origin).last(self._window_days)
        nights, n, proposals = as_nights(observed), self._effort.rows, self._effort.proposals
        raids = sample(block, lambda free: run_filter(block.natural(free), nights).log_likelihood,
                       self._mode or _rough_start(nights.uav), n, "backtest raids", proposals)
        self._mode = dict(zip(raids.names, raids.mode.tolist(), strict=True))
        columns = dict(self._first_fit.parameters)
        blocks = load_blocks()
        for stops in (outcomes.cruise_stops(blocks["cruise_stops"], observed, n, proposals),
                      outcomes.ballistic_stops(blocks["ballistic_stops"], observed, n, proposals),
                      raids):
            columns |= {name: stops.draws[:, k] for k, name in enumerate(stops.names)}
        return _Month(raids, columns)

    def _compile_context(self, fit: Fit) -> CompileContext:
        """Return the context of Ukraine's own defence alone, on a period of one day."""
        if self._context is None:
            scenario = load(SCENARIO)
            alone = scenario.chosen((scenario.baseline,)).model_copy(update={"days": 1})
            self._context = prepare_context(resolve(alone, self._catalogue, self._theatre, fit))
        return dataclasses.replace(self._context, worked_out={})


def _rough_start(uav: Floats) -> dict[str, float]:
    """Return where the search for the mode begins: the median night is a routine one."""
    reported = uav[np.isfinite(uav)]
    middle = max(1.0, float(np.median(reported)))
    massed = reported[reported > 2.0 * middle]
    return {"front_mean": middle,
            "massed_deep_median": max(2.0, float(np.median(massed)) - middle if len(massed) else 2.0 * middle)}


class Launches(NamedTuple):
    """Nights drawn by the season, one element each: which address, how many, in which state."""

    word: Integers
    counts: Integers  # [night, stream]
    state: tuple[Floats | Flags, ...]  # what the engine draws of a night besides


def nearest(drawn: Launches, launched: float, n: int) -> Launches:
    """Return the n nights whose UAVs come nearest to a number, scaled to it; missiles are left out.

    Examples
    --------
    >>> counts = np.array([[60, 40, 1, 0], [10, 10, 0, 0], [50, 0, 0, 2]])
    >>> nearest(Launches(np.arange(3), counts, ()), 50.0, 2).counts.tolist()
    [[50, 0, 0, 0], [30, 20, 0, 0]]
    """
    front, deep = drawn.counts[:, FRONT_STREAM], drawn.counts[:, DEEP_STREAM]
    total = front + deep
    distance = np.where(total > 0, np.abs(np.log(np.maximum(total, 1) / max(launched, 1.0))), np.inf)
    chosen = np.argsort(distance, kind="stable")[:n]
    counts = np.zeros((len(chosen), N_STREAMS), np.int64)
    share = front[chosen] / np.maximum(total[chosen], 1)
    counts[:, FRONT_STREAM] = np.rint(share * launched)
    counts[:, DEEP_STREAM] = int(launched) - counts[:, FRONT_STREAM]
    return Launches(drawn.word[chosen], counts, tuple(column[chosen] for column in drawn.state))


class _Player:
    """Plays nights of one world, which holds no option but Ukraine's own defence."""

    def __init__(self, world: World, seed: int, grid: AreaGrid, aims_of_area: list[Integers]) -> None:
        self._world, self._key, self._grid, self._aims_of_area = world, np.uint64(seed), grid, aims_of_area
        self._scratch = self._room_for(1)

    def _room_for(self, threats: int) -> Scratch:
        """Return room for nights of at most so many threats."""
        world = self._world
        return new_scratch(world.forces, world.costs, new_raid(threats), new_raid(0), world.raids.aim_cdf.shape[2],
                           world.rules.window_start_m.shape[2], len(world.routes.piece_end_m))

    def season(self, first: int, n_vectors: int, n: int) -> Launches:
        """Return n nights drawn for each of the vectors from `first` on."""
        from skyshield.engine.day import draw_period, new_period

        words, periods = [], []
        for vector in range(first, first + n_vectors):
            period = new_period(self._world, n)
            draw_period(self._world, self._key, word_of(vector, 0), word_of(vector, n), period)
            words.append(np.arange(word_of(vector, 0), word_of(vector, n)))
            periods.append([period.counts[:, 0, 0], period.massed[:, 0], period.leak_shift[:, 0]])
        counts, *state = (np.concatenate(columns) for columns in zip(*periods, strict=True))
        return Launches(np.concatenate(words), np.minimum(counts, MOST_A_STREAM), tuple(state))

    def play(self, launches: Launches) -> Night:
        """Play nights and tell how they end."""
        from skyshield.engine.day import new_period, play_block

        n = len(launches.word)
        most = int(launches.counts.sum(axis=1).max(initial=0))
        if self._scratch.raid.threat.shape[0] < most:
            self._scratch = self._room_for(2 * most)
        night, days, failed = new_period(self._world, 1), np.zeros(1, np.int64), np.zeros(1, np.int64)
        counts, amounts = np.zeros((n, 1, 1, len(COUNTS)), np.int64), np.zeros((n, 1, 1, len(AMOUNTS)))
        by_phase = np.zeros((1, 0, 1, len(COUNTS)), np.int64), np.zeros((1, 0, 1, len(AMOUNTS)))
        alert_h = np.zeros((n, len(AREAS)))
        stops = []
        for k in np.argsort(launches.word, kind="stable").tolist():  # a vector's nights together
            night.counts[0, 0, 0], night.massed[0, 0], night.leak_shift[0, 0] = (
                launches.counts[k], *(column[k] for column in launches.state))
            word = int(launches.word[k])
            play_block(self._world, self._key, word, word + 1, night, days, self._scratch, counts[k:k + 1],
                       amounts[k:k + 1], *by_phase, failed)
            assert failed[0] == 0, f"the engine failed at stage {failed[0]}"  # noqa: S101 - it plays what it has drawn
            stops.append(self._stops(k, int(launches.counts[k].sum())))
            alert_h[k] = self._alert_h()
        launched, leaked, cruise, ballistic = (
            counts[:, 0, 0, COUNTS.index(name)].astype(np.float64)
            for name in ("launched/uav", "leaked/uav", "leaked/cruise", "leaked/ballistic"))
        by_area = self._by_area(np.concatenate(stops, axis=1), n)
        return Night(launched, leaked, cruise, ballistic, by_area[SOUTH], by_area[WEST], alert_h)

    def _stops(self, night: int, n: int) -> Floats:
        """Return night, route and position of the UAVs that are stopped, f8[3, stop]."""
        raid = self._scratch.raid
        stopped = (raid.threat_class[:n] == UAV) & (raid.own_stop_m[:n] <= raid.length_m[:n])
        return np.stack([np.full(int(stopped.sum()), float(night)), raid.route[:n][stopped],
                         raid.own_stop_m[:n][stopped]])

    def _alert_h(self) -> list[float]:
        """Return the mean hours under alert of each of `AREAS`."""
        from skyshield.engine.day import ALERT_BIN_H

        bins = self._scratch.raid_ends.alert_bins
        return [float(bins[aims].mean()) * ALERT_BIN_H for aims in self._aims_of_area]

    def _by_area(self, stops: Floats, n: int) -> Floats:
        """Return f8[area, night]: how many are stopped there."""
        night, route = stops[0].astype(np.int64), stops[1].astype(np.int64)
        routes = self._world.routes
        area = self._grid.at(*along(routes.x_m[route], routes.y_m[route], stops[2]))
        counts = np.zeros((WEST + 1, n))
        np.add.at(counts, (area, night), 1.0)
        return counts
