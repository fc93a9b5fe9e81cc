"""Whether a level of the deep stream's leak rate is found where there is none, and whether it loses the rate.

Windows are made from rows of a fit, in which the rate stands still, told as the fit's window is told, and each is
fitted twice: with the rate still, and with a level of a half-life (`skyshield.calibrate.deep_leak`). What trades off
against the leak rates is fitted again (`FITTED`), the other parameters stay at the truth. What the record
gains by the level is then held against what these gain by luck, and where the rate ends against where it was made to
be: a rate that ends below `COLLAPSE` of the truth has collapsed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skyshield.calibrate.deep_leak import deep_leak_profile
from skyshield.evidence.fit_checks.ensemble import parallel_map
from skyshield.evidence.fit_checks.generate import Reporting, generate
from skyshield.evidence.fit_checks.recovery import truth_row, window_reporting
from skyshield.raids.fit import Fit

N_WINDOWS = 100
COLLAPSE = 0.1
FITTED = ("massed_intercept", "front_mean", "routine_deep_ratio", "massed_deep_median", "leak_front", "leak_deep",
          "rho_uav", "half_life_leak_days")


@dataclass(frozen=True)
class MadeWindow:
    """One made window.

    Attributes
    ----------
    truth
        The deep stream's leak rate it was made with.
    still
        The rate found if it stands still.
    end
        Where it ends if it has a level.
    gain
        Log density of the level's best fit above that of the rate that stands still.
    """

    truth: float
    still: float
    end: float
    gain: float

    @property
    def has_collapsed(self) -> bool:
        """Whether the rate that stands still is found next to nothing."""
        return self.still < COLLAPSE * self.truth

    @property
    def end_has_collapsed(self) -> bool:
        """Whether the level ends next to nothing."""
        return self.end < COLLAPSE * self.truth


@dataclass(frozen=True)
class _MakeOne:
    fit: Fit
    reporting: Reporting
    half_life_days: float
    seed: int

    def __call__(self, window: int) -> MadeWindow:
        row = truth_row(self.fit, window)
        record = generate(self.fit, row, len(self.reporting.date), self.seed, window, self.reporting)
        values = {name: float(column[row]) for name, column in self.fit.parameters.items()}
        half_lives = {name: value for name, value in self.fit.diagnostics.items() if name.startswith("half_life")}
        still, moving = deep_leak_profile(record, (self.half_life_days,), values | half_lives, FITTED)
        return MadeWindow(values["leak_deep"], still.leak_deep, moving.leak_deep_end,
                          moving.log_density - still.log_density)


def made_windows(fit: Fit, half_life_days: float, n_windows: int = N_WINDOWS, seed: int = 0,
                 jobs: int = 1) -> Iterator[MadeWindow]:
    """Make windows from the rows of a fit in turn and fit each with and without a level, one after another.

    Parameters
    ----------
    fit
        The truths.
    half_life_days
        Of the level.
    n_windows
        How many.
    seed
        Addresses the windows.
    jobs
        Processes; the result does not depend on it.
    """
    yield from parallel_map(_MakeOne(fit, window_reporting(fit), half_life_days, seed), range(n_windows), jobs)
