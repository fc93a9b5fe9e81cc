"""Options compared: with one, and against others."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from skyshield.api.study import Study
from skyshield.core.errors import SkyShieldError
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure


class StudyComparison:
    """Paired differences of a study's options to one of them, and its pairs. Made by `skyshield.compare`.

    Parameters
    ----------
    view
        The study, compared with `to`.
    """

    def __init__(self, view: StudyView) -> None:
        self._view = view

    @property
    def to(self) -> str:
        """The option that differences are taken to."""
        return self._view.to

    @property
    def rows(self) -> dict[str, dict[str, Summary]]:
        """Option -> measure -> delta, lo, hi, mcse and the other figures, as ``--json`` has them."""
        return self._view.comparison.rows

    @property
    def frame(self) -> "pd.DataFrame":
        """The differences: one row an option and measure, with unit and every kind of doubt."""
        from skyshield.report.export.tables import TABLES

        return TABLES["paired"](self._view).frame

    @property
    def pairs(self) -> "pd.DataFrame":
        """Options held against one another and who leads: with the same money as aid, and against what was asked."""
        from skyshield.report.export.tables import TABLES

        return TABLES["pairs"](self._view).frame

    @functools.cached_property
    def dataset(self) -> "xr.Dataset":
        """The differences over option and measure: a variable each for delta, lo, hi, mcse and the other figures.

        The coordinate ``unit`` names the unit of each measure.
        """
        frame = self.frame
        names = [name for name in ("delta", "lo", "hi", "se", "mcse", "spread_lo", "spread_hi", "env_lo", "env_hi",
                                   "joint_lo", "joint_hi") if name in frame]
        column = frame["measure"].where(frame["class"] == "", frame["measure"] + "/" + frame["class"])
        data = frame.assign(measure=column).set_index(["option", "measure"])[names].to_xarray()
        units = dict(zip(column, frame["unit"], strict=True))
        data = data.assign_coords(unit=("measure", [units[name] for name in data["measure"].values.tolist()]))
        data.attrs = {"to": self.to, "study_key": str(self._view.manifest["study_key"])}
        return data

    def figure(self) -> "Figure":
        """Draw the pairs in the protected area as a matplotlib figure.

        Raises
        ------
        SkyShieldError
            If the study has no pair.
        """
        from skyshield.report.pairs import pair_figure
        from skyshield.report.reading import Reading
        from skyshield.report.slide import slide

        reading = Reading(self._view)
        drawn = pair_figure(reading)
        if drawn is None:
            raise SkyShieldError("comparison", "has no pair of options", "name options with against=")
        return slide(drawn, reading.source_alone)

    def __repr__(self) -> str:
        return f"<StudyComparison to {self.to}: {', '.join(self.rows)}>"

    def _repr_html_(self) -> str:
        from skyshield.api.html import comparison_html

        return comparison_html(self._view)


def compare(study: Study, to: str | None = None, against: Sequence[str] = ()) -> StudyComparison:
    """Compare a study's options with one of them, on the same vectors and raids.

    Parameters
    ----------
    study
        From `skyshield.run` or `skyshield.open_study`.
    to
        The option that differences are taken to; the baseline if not given.
    against
        Options that every other one is held against, besides the pairs of the scenario.

    Returns
    -------
    StudyComparison
        With differences as pandas and xarray, pairs with a verdict, and a figure.

    Raises
    ------
    SkyShieldError
        If there is no such option.

    Examples
    --------
    >>> import skyshield
    >>> study = skyshield.run("month", vectors=2, replications=2, days=1, options=["region", "cities"])
    >>> compared = skyshield.compare(study, against=["cities"])
    >>> compared.to, compared.pairs[["option", "to"]].drop_duplicates().values.tolist()
    ('own', [['region', 'cities']])
    >>> compared.dataset["delta"].sel(option="region", measure="prevented_armed_zone").shape
    ()
    """
    of = study._view  # noqa: SLF001 - both are this room's
    if to is not None and to not in study.option_names:
        raise SkyShieldError(f"option {to!r}", "is not in the study", f"choose from {', '.join(study.option_names)}")
    if of.folder is not None:
        return StudyComparison(StudyView.open(of.folder, to, tuple(against)))
    return StudyComparison(StudyView(of.result, of.resolved, to, against=tuple(against)))
