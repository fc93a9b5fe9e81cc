"""Truth recovery: make records from known parameters, fit them, see how often the intervals hold the truth.

Each truth is a row of a fit, made into a record whose wandering levels end at the row's values, told as the
bulletins of the fit's window tell it. The record is fitted as any other. For every parameter the rank of the truth
among the rows of the new fit says whether the central 50 and 95% intervals hold it. Over n truths that count is
binomial if the intervals mean what they say; its band is widened so that all parameters and both levels lie inside
together with probability 99% (Bonferroni).

One more thing must hold: over all parameters together the share held lies within `TOLERANCE` of the level. The fit
approximates (levels by a filter, two streams' leakers by one distribution, the posterior by weighted normal draws), so
it need not be exact, but a likelihood that is a little wrong everywhere fails here first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Floats
from skyshield.evidence.fit_checks.ensemble import parallel_map
from skyshield.evidence.fit_checks.facts import definitions
from skyshield.evidence.fit_checks.generate import Reporting, full_reporting, generate
from skyshield.raids.fit import LAUNCH_PREFIX, Fit

Refit = Callable[[Observations], Fit]

LEVELS = (0.5, 0.95)
BAND_LEVEL = 0.99
N_TRUTHS = 50
ARMED_EVERY = 16  # as many of the window's bulletins count the armed UAVs
TOLERANCE = 0.05
_WALKED = "made records end at the row's levels, and walk there whatever the window's average was"
NOT_COUNTED: Mapping[str, str] = {
    "massed_average": _WALKED, "front_average": _WALKED, "massed_deep_average": _WALKED, "leak_front_average": _WALKED,
    "nights_since_massed": "a count that the last nights show, not an estimate",
    "leak_deep_end": "made records do not move the deep stream's leak rate",
    "launch_window_start_local_h": "no part of the model that makes the records",
}


@dataclass(frozen=True)
class ParameterCoverage:
    """One parameter: how many truths each interval holds, and the counts that a right likelihood stays within."""

    name: str
    held: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    mean_rank: float

    @property
    def inside(self) -> bool:
        """Whether the counts lie in their bands at every level."""
        return all(a <= n <= b for a, n, b in zip(self.low, self.held, self.high, strict=True))


@dataclass(frozen=True)
class Recovery:
    """The outcome.

    Attributes
    ----------
    n_truths
        How many records were made and fitted.
    ranks
        f8[truth, parameter]: share of the new fit's rows below the truth.
    far
        f8[truth, parameter]: distance of the truth from the new fit's median, in its standard deviations; of
        logarithms where all is positive.
    parameters
        By parameter.
    pooled, pooled_se
        Share held over all parameters at each level, and its standard error between truths.
    """

    n_truths: int
    ranks: Floats
    far: Floats
    parameters: tuple[ParameterCoverage, ...]
    pooled: tuple[float, ...]
    pooled_se: tuple[float, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What is wrong, in words; empty if nothing is."""
        problems = [f"{row.name}: {', '.join(map(str, row.held))} of {self.n_truths} truths held"
                    for row in self.parameters if not row.inside]
        problems += [f"all parameters: the {level:.0%} intervals hold {share:.1%}"
                     for level, share in zip(LEVELS, self.pooled, strict=True) if abs(share - level) > TOLERANCE]
        return tuple(problems)


def counted_names(fit: Fit) -> tuple[str, ...]:
    """Return the parameters whose recovery is counted."""
    return tuple(name for name in fit.names if name not in NOT_COUNTED and not name.startswith(LAUNCH_PREFIX)
                 and not name.startswith("west_alert") and name != "west_missile_slope")


def window_reporting(fit: Fit) -> Reporting:
    """Return days like those of the fit's window: jamming kept apart at first, the armed counted now and then."""
    first, last = (np.datetime64(day, "D") for day in fit.window)
    days = full_reporting(first, int((last - first).astype(int)) + 1)
    armed = np.where(np.arange(len(days.date)) % ARMED_EVERY == 0, 1.0, 0.0)
    return days._replace(apart=days.date < np.datetime64(definitions()["merged_from"], "D"), armed=armed)


@dataclass(frozen=True)
class _RecoverOne:
    fit: Fit
    refit: Refit
    reporting: Reporting
    seed: int
    names: tuple[str, ...]

    def __call__(self, truth: int) -> tuple[Floats, Floats]:
        row = truth_row(self.fit, truth)
        record = generate(self.fit, row, len(self.reporting.date), self.seed, truth, self.reporting)
        refit_rows = self.refit(record)
        true = np.array([self.fit.parameters[name][row] for name in self.names])
        return true, np.stack([refit_rows.parameters[name] for name in self.names], axis=1)


def truth_row(fit: Fit, truth: int) -> int:
    """Return the row a truth is: the rows in order, none twice before all are used."""
    return truth % len(fit.rows)


def recover(fit: Fit, refit: Refit, n_truths: int = N_TRUTHS, seed: int = 0, reporting: Reporting | None = None,
            jobs: int = 1, progress: Callable[[int], None] | None = None) -> Recovery:
    """Make records from the rows of a fit, fit them and count.

    Parameters
    ----------
    fit
        Where the truths come from.
    refit
        Fits one record; must travel to other processes if `jobs` is more than one.
    n_truths
        How many.
    seed
        Addresses the records.
    reporting
        What the records tell; by default that of the fit's window.
    jobs
        Processes.
    progress
        Called with the number done.
    """
    names = counted_names(fit)
    recover_one = _RecoverOne(fit, refit, window_reporting(fit) if reporting is None else reporting, seed, names)
    truths, draws = [], []
    for done, (true, drawn) in enumerate(parallel_map(recover_one, range(n_truths), jobs), start=1):
        truths.append(true)
        draws.append(drawn)
        if progress is not None:
            progress(done)
    return tally(names, np.array(truths), draws)


def tally(names: Sequence[str], truths: Floats, draws: Sequence[Floats]) -> Recovery:
    """Count how often intervals hold the truth.

    Parameters
    ----------
    names
        Of the parameters.
    truths
        f8[truth, parameter].
    draws
        For each truth f8[row, parameter] of its new fit.

    Returns
    -------
    Recovery
    """
    from scipy.stats import binom

    n_truths, n_parameters = truths.shape
    ranks = np.array([(drawn < true).mean(axis=0) + (drawn == true).mean(axis=0) / 2
                      for true, drawn in zip(truths, draws, strict=True)])
    distances = np.array([_distances(true, drawn) for true, drawn in zip(truths, draws, strict=True)])
    tail = (1.0 - BAND_LEVEL) / (2 * n_parameters * len(LEVELS))
    held = np.array([np.abs(ranks - 1 / 2) <= level / 2 for level in LEVELS])
    low, high = (tuple(int(binom.ppf(p, n_truths, level)) for level in LEVELS) for p in (tail, 1.0 - tail))
    by_truth = held.mean(axis=2)
    parameters = tuple(ParameterCoverage(name, tuple(int(c) for c in held[:, :, j].sum(axis=1)), low, high,
                                         float(ranks[:, j].mean())) for j, name in enumerate(names))
    errors = by_truth.std(axis=1, ddof=1) / np.sqrt(n_truths) if n_truths > 1 else np.full(len(LEVELS), np.inf)
    return Recovery(n_truths, ranks, distances, parameters, tuple(by_truth.mean(axis=1).tolist()),
                    tuple(errors.tolist()))


def _distances(true: Floats, drawn: Floats) -> Floats:
    """Return how far truths lie from the medians of draws, in standard deviations."""
    positive = (true > 0.0) & (drawn > 0.0).all(axis=0)
    value, draws = true.copy(), drawn.copy()
    value[positive], draws[:, positive] = np.log(true[positive]), np.log(drawn[:, positive])
    spread = np.maximum(draws.std(axis=0), np.finfo(float).tiny)
    return np.asarray((value - np.median(draws, axis=0)) / spread)


@dataclass(frozen=True)
class CatalogueRefit:
    """Fits a record with the package's own calibration; travels to other processes."""

    n_rows: int
    proposals: int

    def __call__(self, record: Observations) -> Fit:
        """Return the fit of one record."""
        from skyshield.calibrate import fit_observations
        from skyshield.catalogue import load_catalogue

        return fit_observations(record, load_catalogue(), record_sha256="", alerts_sha256=None, areas=(),
                                n_rows=self.n_rows, proposals=self.proposals, with_stand_ins=False)
