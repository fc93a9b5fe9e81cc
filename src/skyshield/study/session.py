"""A warm session: move a setting and have its first numbers at once, then better ones, without playing anything twice.

`Session.preview` plays the headline arm alone, in stages that grow. A stage plays only those vectors and replications
that no stage before has played; the last one is, to the byte, what a study of its size has in the headline. What an
option comes to is kept under the hash of all that decides it (`skyshield.study.setting`), within a bound of bytes: a
move plays again the options that it touches and their aid twins, and going back plays nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.compile.context import CompileContext
from skyshield.compile.kept import Kept
from skyshield.compile.planned import planned_json
from skyshield.compile.warm import Warm
from skyshield.core.arrays import Counts, Flags, Floats, Integers
from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.memory import give_back_what_is_freed
from skyshield.core.streams import word_of
from skyshield.engine import Player, World
from skyshield.raids import Fit
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Finding, Scenario, check, load, resolve
from skyshield.study.footprint import give_back
from skyshield.study.maps import MAX_JOBS, Gate, cores, thread_map
from skyshield.study.memory import check_memory
from skyshield.study.months import month_of_day
from skyshield.study.plan import Block
from skyshield.study.played import Missing, Played, missing
from skyshield.study.preview import Preview, checked_measures
from skyshield.study.setting import alone, chosen_options, option_keys
from skyshield.study.sharing import cut_options
from skyshield.study.stages import STAGES, Stages, checked_seed, checked_stages
from skyshield.study.stopping import Stopped, never
from skyshield.study.telling import Columns, Side, Size, tell
from skyshield.study.totals import MEASURES, add_up
from skyshield.theatre import load_theatre

MOST_BYTES = 160_000_000
_TOLD_BYTES = 2_000_000  # of figures, which take 5 kB an option and stage
_CHECKED_BYTES = 10_000  # of findings, which take some tens or hundreds a setting


class Session:
    """Plays previews, one after another, and keeps what it has played and prepared; for a process of its own.

    `gate` is shut while a stage is played: a study of the same process may wait there (`skyshield.study.maps.gated`).
    Of a process with a session the C library gives freed memory back to the system.

    Parameters
    ----------
    jobs
        Threads; all processors of this process if not given. Results do not depend on it.
    most_bytes
        That totals and what compiling has worked out may take, about, half each.
    fit
        Instead of the shipped one.

    Raises
    ------
    SkyShieldError
        For a number of jobs or bytes that cannot be.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> with Session(jobs=1) as session:
    ...     asked = load("month").chosen(("region",)).first(1)
    ...     for preview in session.preview(asked, ((2, 1), (2, 2))):
    ...         print(preview.stage, preview.final, preview.replications, sorted(preview.paired))
    1 False 1 ['region']
    2 True 2 ['region']
    """

    def __init__(self, jobs: int | None = None, most_bytes: int = MOST_BYTES, fit: Fit | None = None) -> None:
        self._jobs = cores() if jobs is None else jobs
        if not 1 <= self._jobs <= MAX_JOBS:
            raise SkyShieldError("jobs", f"is {jobs}", f"give a whole number from 1 to {MAX_JOBS}")
        if most_bytes < 1:
            raise SkyShieldError("most_bytes", f"is {most_bytes}", "give a whole number of bytes above 0")
        any_scenario = load("month")  # of what is resolved the numbers, the map and the fit are taken alone
        resolved = resolve(any_scenario, load_catalogue(), load_theatre(), embedded_fit() if fit is None else fit)
        self._warm: Warm | None = Warm(resolved, max(1, most_bytes // 2))
        self._kept: Kept[Played] = Kept(max(1, most_bytes // 2))
        self._checked: Kept[list[Finding]] = Kept(_CHECKED_BYTES)
        self._told: Kept[Columns] = Kept(min(most_bytes, _TOLD_BYTES))
        self._loaded = False  # the kernels, whose machine code has then been run
        self.gate = Gate()
        give_back_what_is_freed()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything; no thread is left, and no preview can be played any more."""
        self._kept, self._told, self._warm = Kept(1), Kept(1), None

    def preview(self, scenario: Scenario, stages: Stages = STAGES, *, seed: int = 1,
                options: Sequence[str] | None = None, before: Scenario | None = None,
                measures: Sequence[str] = MEASURES, stopped: Stopped = never,
                are_checked: bool = False) -> Iterator[Preview]:
        """Play a scenario in growing stages; yield what each says.

        Parameters
        ----------
        scenario
            The setting.
        stages
            Vectors and replications of each stage; none has fewer of either than the one before.
        seed
            64-bit seed.
        options
            Names; the baseline is always told too. All if not given.
        before
            The setting left, which `Preview.move` is told from.
        measures
            Columns of results.
        stopped
            Asked between blocks; the preview ends, without another stage, once it says so.
        are_checked
            Whoever asks has had both settings checked.

        Returns
        -------
        iterator
            One `Preview` a stage. Closing it early leaves no thread.

        Raises
        ------
        SkyShieldError
            Before anything is played: for a setting that `check` refuses, stages that do not grow, a size or a seed
            that cannot be, an option or a measure that does not exist.
        """
        sizes, seed = checked_stages(stages), checked_seed(seed)
        check_memory(*sizes[-1], len(scenario.options))
        now = self._setting(scenario, options, seed, are_checked)
        there = () if before is None else {option.name for option in before.options}
        left = None if before is None else self._setting(
            before, [name for name in now.names if name in there] or [before.baseline], seed, are_checked)
        return self._stages(now, left, sizes, checked_measures(measures), stopped)

    def _setting(self, scenario: Scenario, options: Sequence[str] | None, seed: int,
                 is_checked: bool = False) -> "_Setting":
        """Check a setting; nothing is played."""
        warm = self._warm
        if warm is None:
            raise SkyShieldError("session", "is closed", "open a new one")
        if not is_checked:
            self._checked.get(scenario.model_dump_json(), partial(check, scenario, warm.catalogue, warm.theatre))
        names = chosen_options(scenario, options)
        return _Setting(scenario, names, option_keys(scenario, names, str(seed)), seed, warm)

    def _stages(self, now: "_Setting", before: "_Setting | None", sizes: Sequence[tuple[int, int]],
                measures: tuple[str, ...], stopped: Stopped) -> Iterator[Preview]:
        settings = [setting for setting in (now, before) if setting is not None]
        try:
            held = {key: self._kept.get(key, lambda: Played.nothing(0, 0)).grown(*sizes[-1])
                    for setting in settings for key in setting.keys.values()}
        except MemoryError as error:
            raise machine_error("stages", error, "ask for fewer vectors or replications") from None
        for key, played in held.items():
            self._kept.put(key, played)
        for number, size in enumerate(sizes, start=1):
            with self.gate.shut():
                if not all(setting.play(held, size, sizes[-1][1], self._jobs, stopped) for setting in settings):
                    return
                told = tell(now.side, None if before is None else before.side, held, Size(*size, measures), self._jobs,
                            self._told)
                preview = Preview(number, number == len(sizes), *size, now.scenario.days, now.scenario.baseline,
                                  now.names, **told)
                if not self._loaded:
                    give_back()
                    self._loaded = True
            yield preview


class _Sums(NamedTuple):
    """What a block comes to: counts and amounts [replication, option, measure], failures [replication, option]."""

    counts: Counts
    amounts: Floats
    failed: Flags


@dataclass
class _Setting:
    """One setting while it is previewed: which options are told, under which hashes, and their worlds."""

    scenario: Scenario
    names: tuple[str, ...]
    keys: dict[str, str]
    seed: int
    warm: Warm
    contexts: dict[tuple[str, ...], CompileContext] = field(default_factory=dict)
    worlds: dict[tuple[tuple[str, ...], int], World] = field(default_factory=dict)

    @property
    def side(self) -> Side:
        """What is told of it."""
        return Side(self.names, self.keys, self.scenario.baseline)

    def play(self, held: dict[str, Played], size: tuple[int, int], most: int, jobs: int, stopped: Stopped) -> bool:
        """Play what is missing of a size; return whether all of it was played.

        While the world of a larger size is compiled, replications are played of the vectors of a smaller one, up to the
        `most` that a later stage asks for.
        """
        lacking = tuple(name for name in self.names if not held[self.keys[name]].holds(*size))
        if not lacking:
            return True
        if stopped():
            return False
        if (lacking, size[0]) not in self.worlds:
            with self._meanwhile(lacking, held, most, jobs - 1):
                self._compile(lacking, size[0], held)
        todo = missing({name: held[self.keys[name]] for name in lacking}, *size)
        with closing(thread_map(self._played(lacking, size[0], todo), todo.blocks, jobs)) as blocks:
            for block, sums in blocks:
                self._put(held, todo, block, sums)
                if stopped():
                    return False
        return True

    @contextmanager
    def _meanwhile(self, names: tuple[str, ...], held: dict[str, Played], most: int, jobs: int) -> Iterator[None]:
        """Play what is missing of the largest world there is of some options; what is not begun at the end is left."""
        vectors = max((vectors for of, vectors in self.worlds if of == names), default=0)
        todo = missing({name: held[self.keys[name]] for name in names}, vectors, most)
        if not todo.blocks or not jobs:
            yield
            return
        with ThreadPoolExecutor(jobs) as pool:
            play = self._played(names, vectors, todo)
            blocks = [(block, pool.submit(play, block)) for block in todo.blocks]
            try:
                yield
            finally:
                left = [future.cancel() for _, future in blocks]
        for (block, future), is_left in zip(blocks, left, strict=True):
            if not is_left:
                self._put(held, todo, block, future.result())

    def _played(self, names: tuple[str, ...], vectors: int, todo: Missing) -> Callable[[Block], "_Sums"]:
        """Return what plays a block of some options, of a world that there is."""
        world = self.worlds[names, vectors]
        players = [Player(cut_options(world, [names.index(name) for name in group])) for group in todo.groups]
        return partial(_play, players, self.seed, month_of_day(self.scenario.start_date, self.scenario.days))

    def _put(self, held: dict[str, Played], todo: Missing, block: Block, sums: "_Sums") -> None:
        for k, name in enumerate(todo.groups[block.arm]):
            held[self.keys[name]].put(block, sums.counts[:, k], sums.amounts[:, k], sums.failed[:, k])

    def _compile(self, names: tuple[str, ...], vectors: int, held: dict[str, Played]) -> None:
        """Compile the world of some options."""
        if names not in self.contexts:
            self.contexts[names] = self.warm.context(alone(self.scenario, names))
        context = self.contexts[names]
        world = self.warm.compiler(context, self.seed, vectors).compile({}).world
        planned = planned_json(context)
        for name in names:
            held[self.keys[name]].planned_eur[:] = sum(planned[name]["fully_loaded"].values())
        order = [option.name for option in context.scenario.options]
        self.worlds[names, vectors] = cut_options(world, [order.index(name) for name in names])


def _play(players: Sequence[Player], seed: int, month: Integers, block: Block) -> _Sums:
    """Play a block of the options that its arm numbers; where one fails, each is played alone to tell which."""
    def of(player: Player) -> _Sums:
        sums = add_up(player.play(seed, start + block.first, start + block.last, month))
        n_options = sums.counts.shape[1]
        return _Sums(sums.counts, sums.amounts, np.repeat(sums.failed[:, None], n_options, axis=1))

    start, player = word_of(block.vector, 0), players[block.arm]
    together = of(player)
    n_options = together.counts.shape[1]
    if n_options == 1 or not together.failed.any():
        return together
    every = [of(Player(cut_options(player.world, [k]))) for k in range(n_options)]
    return _Sums(*(np.concatenate(parts, axis=1) for parts in zip(*every, strict=True)))
