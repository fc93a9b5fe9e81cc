"""A study as an analyst works with it: tables as pandas, totals as xarray, figures as matplotlib objects."""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from skyshield.api.inputs import PathLike, load, resolve
from skyshield.raids import Fit
from skyshield.scenario import Resolved, Scenario
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

Progress = Callable[[int, int], None]
DEFAULT_VECTORS, DEFAULT_REPLICATIONS, DEFAULT_SEED = 200, 5, 1


class Study:
    """A study that was played, or opened from its folder.

    Made by `skyshield.run` and `skyshield.open_study`.

    Parameters
    ----------
    view
        What all outputs of the program read.
    """

    def __init__(self, view: StudyView) -> None:
        self._view = view

    @property
    def key(self) -> str:
        """The study key: the same for the same scenario, fit, seed, days and model."""
        return str(self._view.manifest["study_key"])

    @property
    def scenario(self) -> Scenario:
        """The scenario that was played."""
        return self._view.scenario

    @property
    def folder(self) -> Path | None:
        """Where it is stored; None if it is not."""
        return self._view.folder

    @property
    def baseline(self) -> str:
        """The option that differences are taken to."""
        return self._view.resolved.baseline

    @property
    def option_names(self) -> list[str]:
        """Names of the options."""
        return list(self._view.manifest["options"])

    @property
    def sizes(self) -> dict[str, int]:
        """How much was played: ``vectors``, ``replications`` a vector and ``days``."""
        return {name: int(self._view.manifest[name]) for name in ("vectors", "replications", "days")}

    @property
    def marks(self) -> list[str]:
        """What has to be said with every number of it."""
        return list(self._view.marks)

    @property
    def options(self) -> "pd.DataFrame":
        """Each option by itself: one row an option and measure, with unit, mean and every kind of doubt."""
        return self._table("options")

    @property
    def paired(self) -> "pd.DataFrame":
        """Each option minus the baseline on the same raids: one row an option and measure; `compare` takes others."""
        return self._table("paired")

    @property
    def pairs(self) -> "pd.DataFrame":
        """Options held against one another, such as each zone and the same money as aid, and who leads."""
        return self._table("pairs")

    @property
    def thresholds(self) -> "pd.DataFrame":
        """Where the lead of each pair changes: one row a pair, primary measure and number that nobody knows."""
        return self._table("thresholds")

    @property
    def months(self) -> "pd.DataFrame":
        """The months of the period: one row a month, option and measure; empty if the study keeps none."""
        return self._table("months")

    @property
    def parameters(self) -> "pd.DataFrame":
        """The catalogue's numbers that the study read: unit, range, grade, and where the headline has each."""
        return self._table("parameters")

    @property
    def vectors(self) -> "pd.DataFrame":
        """The parameters by vector, SI units."""
        return self._table("vectors")

    @functools.cached_property
    def totals(self) -> "xr.Dataset":
        """The headline's totals over the period: a variable a measure over vector, replication and option.

        Attributes of each variable say its unit and its name in words; what failed is not a number.
        """
        from skyshield.catalogue import measure_of

        data = self._view.result.totals
        for name in data:
            measure = measure_of(str(name))
            unit = measure.shown if measure.unit == "1" else measure.unit
            data[name].attrs = {"units": unit, "long_name": measure.label_of(str(name).partition("/")[2])}
        data.attrs = {"study_key": self.key, "days": self.sizes["days"], "title": self.scenario.title}
        return data

    @functools.cached_property
    def figures(self) -> "dict[str, Figure]":
        """Every figure of the report and its annex by name, each a matplotlib figure of 13.3 x 7.5 inches."""
        from skyshield.report.pages import figures
        from skyshield.report.reading import Reading
        from skyshield.report.slide import slide

        source = Reading(self._view).source_alone
        return {figure.key: slide(figure, source) for figure in figures(self._view)}

    def export(self, out: PathLike, to: str | None = None, template: PathLike | None = None,
               force: bool = False) -> list[Path]:
        """Write the study to a file whose ending names the format, as ``skyshield export`` does.

        Parameters
        ----------
        out
            Such as ``study.xlsx``, ``study.pptx``, ``study.zip``.
        to
            The option that differences are taken to; the baseline if not given.
        template
            The user's own document or presentation, for ``docx`` and ``pptx``.
        force
            Replace a file that is there.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        SkyShieldError
            If the study is not stored, or the format or the place cannot be.
        """
        from skyshield.core.errors import SkyShieldError
        from skyshield.report.export.job import export

        if self.folder is None:
            raise SkyShieldError("study", "is not stored, and only a stored study can be exported",
                                 "run it with out=, or use its tables")
        return export(self.folder, Path(out), to, None if template is None else Path(template), force)[1]

    def _table(self, name: str) -> "pd.DataFrame":
        from skyshield.report.export.tables import TABLES

        return TABLES[name](self._view).frame

    def __repr__(self) -> str:
        sizes = self.sizes
        return (f"<Study {self.key[:12]} of {self.scenario.name}: {sizes['vectors']} vectors x {sizes['replications']} "
                f"replications x {sizes['days']} days; {', '.join(self.option_names)}>")

    def _repr_html_(self) -> str:
        from skyshield.api.html import study_html

        return study_html(self._view)


def open_study(folder: PathLike) -> Study:
    """Open a study that ``skyshield run --out`` or `skyshield.run` stored.

    Parameters
    ----------
    folder
        Its folder.

    Raises
    ------
    SkyShieldError
        If the folder holds no study, or one that is not finished or damaged.

    Examples
    --------
    >>> import skyshield
    >>> skyshield.open_study("no-such-folder")
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: no-such-folder: holds no study; name the folder given to run --out
    """
    return Study(StudyView.open(Path(folder)))


def run(scenario: Scenario | Resolved | PathLike = "skyshield", *, vectors: int = DEFAULT_VECTORS,
        replications: int = DEFAULT_REPLICATIONS, seed: int = DEFAULT_SEED, days: int | None = None,
        options: Sequence[str] | None = None, fit: Fit | None = None, out: PathLike | None = None,
        jobs: int | None = None, progress: Progress | None = None) -> Study:
    """Play a scenario and compare its options, as ``skyshield run`` does: the same numbers, byte for byte.

    Parameters
    ----------
    scenario
        A `Scenario`, a resolved one, the name of a shipped one or the path of a file.
    vectors, replications
        Parameter vectors, and replications of each.
    seed
        0 to 2**64 - 1.
    days
        The first days of the scenario alone; all of them if not given.
    options
        Names; all options if not given. The baseline, and the options whose money an aid option spends, are added.
    fit
        From `skyshield.fit`; the shipped one if not given.
    out
        Folder to keep the study in; the same call goes on with it, or opens it if all of it is there.
    jobs
        Threads; all cores if not given. Results do not depend on it.
    progress
        Called with how many blocks are done, of how many.

    Returns
    -------
    Study
        With tables, figures and totals.

    Raises
    ------
    SkyShieldError
        For bad input, or if the machine cannot (disk, memory, permission).

    Examples
    --------
    >>> import skyshield
    >>> study = skyshield.run("month", vectors=2, replications=2, days=1, options=["region"])
    >>> study.option_names, study.sizes
    (['own', 'region'], {'vectors': 2, 'replications': 2, 'days': 1})
    """
    from skyshield.study.maps import cores, thread_map
    from skyshield.study.runner import run as play

    resolved = _resolved(scenario, days, options, fit)
    told = None if progress is None else (lambda moment: progress(moment.done, moment.total))
    folder = None if out is None else Path(out)
    result = play(resolved, seed=seed, replications=replications, vectors=vectors, out=folder, progress=told,
                  map=functools.partial(thread_map, jobs=cores() if jobs is None else jobs))
    return Study(StudyView(result, resolved) if folder is None else StudyView.open(folder))


def _resolved(scenario: Scenario | Resolved | PathLike, days: int | None, options: Sequence[str] | None,
              fit: Fit | None) -> Resolved:
    """Return what is to be played, self-contained."""
    from skyshield.core.errors import SkyShieldError

    if isinstance(scenario, Resolved):
        if (days, options, fit) != (None, None, None):
            raise SkyShieldError("run", "is given a resolved scenario with days, options or a fit",
                                 "resolve the scenario that you mean")
        return scenario
    asked = load(scenario) if isinstance(scenario, str | os.PathLike) else scenario
    if days is not None:
        asked = asked.first(days)
    if options is not None:
        asked = asked.chosen(tuple(options))
    return resolve(asked, fit)
