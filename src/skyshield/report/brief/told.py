"""The figures of a study as the brief tells them: each with its source, in the language of the brief."""

import functools
from collections.abc import Mapping
from typing import Any

from skyshield.compile.campaign import DAYS_A_YEAR
from skyshield.report.brief.language import N_, Language
from skyshield.report.brief.sketch import four_colours
from skyshield.report.brief.traced import HEADLINE, Said, Source, Traced, said
from skyshield.report.reading import Reading
from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, NAVAL, SKYSHIELD
from skyshield.study.compare import PRIMARIES

AREA, COUNTRY = PRIMARIES
MILLION, PERCENT = 1e6, 100.0
LEVEL = 95.0  # % of the expected outcome that an interval holds
ROLES: Mapping[str, str] = {SKYSHIELD: N_("SkyShield"), AID: N_("aid"), GROUND: N_("ground force"),
                            NAVAL: N_("ships"), COMBINED: N_("combination"), BASELINE: N_("Ukraine alone")}


class Told:
    """A study as the brief tells it.

    Parameters
    ----------
    reading
        The study.
    language
        Of the brief.
    """

    def __init__(self, reading: Reading, language: Language) -> None:
        self.reading, self.language = reading, language
        self.say, self.rows = language.say, reading.comparison.rows

    def source(self, option: str, measure: str, arm: str = HEADLINE, figure: str = "") -> Source:
        """Return where a figure of a row of differences comes from."""
        return Source("study", option, measure, arm, figure, self.reading.comparison.to)

    def short(self, option: str, quoted: bool = True) -> Traced:
        """Return an option's short name."""
        return self.language.name(self.reading.shorts[option], Source("scenario", f"options.{option}.short"), quoted)

    def label(self, option: str, quoted: bool = True) -> Traced:
        """Return an option's name in full."""
        return self.language.name(self.reading.labels[option], Source("scenario", f"options.{option}.label"), quoted)

    def mean(self, option: str, measure: str, scale: float = 1.0) -> Traced:
        """Return the mean difference of an option to the baseline."""
        return self.language.figure(self.rows[option][measure], self.source(option, measure), scale=scale)

    def doubtful(self, option: str, measure: str) -> Said:
        """Return the mean difference with its interval in brackets."""
        return self.language.with_doubt(self.rows[option][measure], self.source(option, measure))

    def doubt(self, option: str, measure: str) -> Said:
        """Return the interval of the difference."""
        return self.language.doubt(self.rows[option][measure], self.source(option, measure))

    @functools.cached_property
    def shown(self) -> dict[str, str]:
        """The colour in which each role is shown, the same in every picture."""
        reading = self.reading
        return four_colours([reading.colours[name] for name in (reading.comparison.to, *reading.ordered)])

    @functools.cached_property
    def level(self) -> Traced:
        """The level of every interval, in %."""
        return self.language.exact(LEVEL, Source("equation", "interval of the expected outcome"), "%")

    @functools.cached_property
    def days(self) -> Traced:
        """The days of the period."""
        return self.language.exact(float(self.reading.days), Source("scenario", "days"))

    @functools.cached_property
    def period(self) -> Said:
        """The period in words, after a preposition."""
        scenario = self.reading.scenario
        if self.reading.days == DAYS_A_YEAR and scenario.decided_before_days == 0:
            return self.say(N_("the year after the decision"))
        if scenario.of_days not in (None, self.reading.days):
            return self.language.many(N_("the first {n} day"), N_("the first {n} days"), self.days)
        return self.language.many(N_("{n} day"), N_("{n} days"), self.days)

    @functools.cached_property
    def twin(self) -> str | None:
        """The lead option's money as aid."""
        reading = self.reading
        return next((name for name in reading.ordered if reading.options[name].twin == reading.lead
                     and reading.options[name].role == "aid"), None)

    def pair(self, option: str, to: str) -> Mapping[str, Any] | None:
        """Return the paired difference of two options; None where it was not made."""
        return next((row for row in self.reading.view.pairs if row["option"] == option and row["to"] == to), None)

    def of_catalogue(self, key: str, figure: str = "central", scale: float = 1.0, digits: int = 3) -> Traced:
        """Return an entry's low, central or high end."""
        entry = self.reading.catalogue[key]
        value = {"low": entry.low, "central": entry.reference_value, "high": entry.high}[figure]
        return self.language.number(value * scale, Source("catalogue", key, figure=figure), digits=digits)

    def role(self, option: str) -> Said:
        """Return what kind of option it is."""
        return self.say(ROLES[self.reading.colours[option]])

    def count(self, n: int, one: str, more: str, source: Source) -> Said:
        """Return a count with its noun."""
        return self.language.many(one, more, self.language.exact(float(n), source))

    def scenario_words(self, field: str) -> Said:
        """Return a text of the scenario, in the language of the brief if it is a shipped one's."""
        return said(self.language.name(getattr(self.reading.scenario, field), Source("scenario", field)))
