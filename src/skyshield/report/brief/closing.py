"""What is not known, and what the brief rests on."""

from collections.abc import Mapping

from skyshield.report import basis
from skyshield.report.brief.document import Block, Heading, Items, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.told import Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, joined, said
from skyshield.report.limits import TABLE, load_limits
from skyshield.report.sections.basis import keys_of
from skyshield.study.compare import ENOUGH_VECTORS

MOST_LIMITS = 5
# The limits of the report that a page of a few lines names, the weightiest first; their words are those of the table.
LIMITS: Mapping[str, str] = {
    "claims": N_("The record of raids is one side's claims. If they are too high, more got through."),
    "adaptation_moved": N_("In the headline the attacker does not adapt."),
    "adaptation_untried": N_("The attacker does not adapt, and this study does not try what it would change if it "
                             "did."),
    "adaptation_supposed": N_("The headline supposes an attacker who adapts as the scenario says; no zone has "
                              "existed, so nobody knows how one would."),
    "people": N_("Ukrainian deaths, damage in euros and the answers of governments are not counted."),
    "growth": N_("Launches like those of the record are the reference and no forecast."),
    "stores": N_("What Ukraine's stores hold is secret, and judgement here."),
    "lead_times": N_("When a zone or aid would be there is judgement."),
    "aid": N_("How well the things that aid buys would work is judgement."),
    "places": N_("Which places the patrols serve is the scenario's choice; nothing was optimised."),
    "operations": N_("No live data is used. This is analysis of a public proposal and no tool for operations."),
}


def unknown(told: Told) -> list[Block]:
    """Return the weightiest limits that hold for the study."""
    every = {limit.key: limit for limit in load_limits(TABLE)}
    held = [key for key in LIMITS if key in every and every[key].holds(told.reading)]
    return [Heading(told.say(N_("What is not known"))),
            Items(tuple((told.say(LIMITS[key]), EMPTY) for key in held[:MOST_LIMITS]))]


def sources(told: Told) -> list[Block]:
    """Return what the brief rests on."""
    reading = told.reading
    view, fit, catalogue = reading.view, reading.fit, reading.catalogue
    keys = keys_of(reading)

    def count(n: int, what: str) -> Traced:
        return told.language.exact(float(n), Source("equation", what))

    first, last = (Traced(day, day, Source("record", f"window.{end}")) for end, day in
                   zip(("first", "last"), map(str, fit.window), strict=True))
    vectors, replications = view.sizes
    parts = [
        told.say(N_("Raids: the public record from {first} to {last}."), first=first, last=last),
        told.say(N_("Catalogue: {numbers} numbers from {sources} sources; {assumed} are assumptions."),
                 numbers=count(len(keys), "numbers of the catalogue used"),
                 sources=count(len(basis.sources(keys, catalogue)), "sources of the numbers used"),
                 assumed=count(sum(catalogue[key].grade == basis.ASSUMED for key in keys), "numbers of grade K")),
        told.say(N_("Played: {period} from {start}, with {vectors} sets of numbers, {replications} times each."),
                 period=told.count(reading.days, N_("{n} day"), N_("{n} days"), Source("scenario", "days")),
                 start=told.language.date(reading.scenario.start_date, Source("scenario", "start_date")),
                 vectors=count(vectors, "parameter vectors"),
                 replications=count(replications, "replications a vector")),
        told.say(N_("Where each number comes from: {command}."),
                 command=told.language.name("skyshield report --trace", Source("scenario", "command"))),
        told.say(N_("Seed {seed}."),
                 seed=told.language.exact(float(view.manifest["seed"]), Source("scenario", "seed")))]
    return [Heading(told.say(N_("Sources"))), Text(joined(parts), "quiet")]


def marks(told: Told) -> list[Said]:
    """Return what every output must say about how far the study may be trusted."""
    reading = told.reading
    vectors, replications = reading.view.sizes
    found: list[Said] = []
    if reading.fit.status:
        found.append(said(told.language.name(reading.fit.status, Source("record", "fit.status"))))
    if vectors < ENOUGH_VECTORS:
        found.append(told.say(N_("{n} sets of numbers, fewer than {enough}: intervals are rough."),
                              n=told.language.exact(float(vectors), Source("equation", "parameter vectors")),
                              enough=told.language.exact(float(ENOUGH_VECTORS), Source("equation", "enough vectors"))))
    if replications == 1:
        found.append(told.say(N_("Each set was played once, so intervals still hold the noise of the computing.")))
    of_days = reading.scenario.of_days
    if of_days is not None and of_days > reading.days:
        found.append(told.say(N_("These are the first {days} of {of_days} days: forces and budgets are planned for all "
                                 "of them."), days=told.days,
                              of_days=told.language.exact(float(of_days), Source("scenario", "of_days"))))
    if reading.view.failures:
        found.append(told.count(len(reading.view.failures), N_("{n} replication failed and was left out."),
                                N_("{n} replications failed and were left out."), Source("equation", "failures")))
    return found
