"""Write the reference pages of the catalogue, the measures, planned money and the glossary from their tables.

``python tools/make_reference.py`` writes ``catalogue.md``, ``measures.md``, ``money.md`` and ``glossary.md`` of
``docs/reference``; ``--check`` writes nothing and fails if a page differs from what its table says.
"""

import argparse
import functools
import sys
from collections.abc import Iterable
from pathlib import Path

from skyshield.catalogue import Catalogue, Entry, load_catalogue, load_measures, load_threat_classes
from skyshield.catalogue.entry import GRADES
from skyshield.compile.planned import planned_json
from skyshield.compile.world import prepare_context
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.forces.money import PRICE_YEAR
from skyshield.raids.fit import embedded_fit
from skyshield.report.glossary import anchor, glossary
from skyshield.scenario import Scenario, load, resolve
from skyshield.theatre import load_theatre

PAGES = Path(__file__).parents[1] / "docs" / "reference"
GRADE_MEANING = {"A": "data or an official figure", "B": "several sources or a study", "C": "one claim",
                 "K": "assumption or general knowledge, unverified"}
KIND_MEANING = {"official": "official", "research": "think tank or academic", "media": "news medium",
                "weak": "repost or aggregator, check again before quoting", "own": "computed for this project",
                "assumption": "assumption"}
DISTRIBUTION_MEANING = {
    "pert": "beta between hard bounds with the centre as its mode (PERT, λ = 4)",
    "quantiles": "low, central and high are the 5, 50 and 95% quantiles; normal halves joined at the median, on the "
                 "logit scale for shares, else on the logarithm of positive quantities",
    "interval": "a number that nobody knows, with no centre and no distribution: never sampled, run at both ends; in "
                "bold what headline figures stand "
                "on, an end or a number between them; each is moved alone, those of a bundle together",
    "constant": "one value",
}
STATUS_MEANING = {"headline": "the primary measure", "secondary": "shown beside it; intervals are not simultaneous",
                  "explains": "says why threats were not stopped; never ranks options"}
DAYS_PER_WEEK = 7
TERMS = "Words: [glossary](glossary.md)."
GLOSSARY_WARNING = "<!-- Written by tools/make_reference.py from report/data/glossary.yaml. Edit that. -->"
MONEY_WARNING = "<!-- Written by tools/make_reference.py from the shipped scenario's plans. Run it again instead. -->"
WARNING = "<!-- Written by tools/make_reference.py from the tables in src/skyshield/catalogue/data. Edit those. -->"


def number(value: float) -> str:
    """Write a number without exponent, thousands apart."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a Markdown table; the bar is the only character that needs care."""
    lines = [list(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return ["| " + " | ".join(line) + " |" for line in lines]


def entry_row(entry: Entry) -> list[str]:
    """Return the cells of one entry."""
    ends = {"low": number(entry.low), "high": number(entry.high)}
    centre = "–" if entry.central is None else number(entry.central)
    if isinstance(entry.reference, float):
        centre = f"– (**{number(entry.reference)}**)"
    elif entry.reference is not None:
        ends[entry.reference] = f"**{ends[entry.reference]}**"
    unit = entry.unit if entry.price_year is None else f"{entry.unit} ({entry.price_year})"
    what = entry.label + (f". *{entry.note}*" if entry.note else "")
    sources = ", ".join(f"[{key}](#{key.lower()})" for key in entry.source)
    return [f"`{entry.key}`", what, ends["low"], centre, ends["high"], unit,
            entry.distribution + (f", bundle {entry.bundle}" if entry.bundle else ""), entry.grade,
            entry.date, sources]


def catalogue_page(catalogue: Catalogue) -> str:
    """Return the page that lists every entry by subject, with the sources."""
    lines = [WARNING, "", "# Catalogue of parameters", "",
             f"{len(catalogue)} quantities in {len(catalogue.subjects)} tables. Nothing enters the model from "
             "elsewhere. Not all are read by it: some are published figures to compare its results with. "
             "On the command line: `skyshield catalogue` and `skyshield catalogue KEY`.", "",
             "A unit of 1 is a share or a count; an amount of money names the year of its prices. "
             "The date is when the figure was stated or held.", "", "**Grades**", ""]
    lines += [f"- {grade}: {GRADE_MEANING[grade]}" for grade in GRADES]
    lines += ["", "**Distributions**", ""]
    lines += [f"- {name}: {meaning}" for name, meaning in DISTRIBUTION_MEANING.items()]
    header = ("key", "what", "low", "central", "high", "unit", "distribution", "grade", "date", "source")
    for subject, entries in catalogue.subjects.items():
        lines += ["", f"## {subject.replace('_', ' ').capitalize()}", ""]
        lines += table(header, (entry_row(entry) for entry in entries))
    lines += ["", "## Sources", ""]
    lines += table(("key", "kind", "citation"),
                   ([f'<a id="{key.lower()}"></a>{key}', KIND_MEANING[source.kind], source.citation]
                    for key, source in catalogue.sources.items()))
    return "\n".join([*lines, "", TERMS]) + "\n"


def measures_page() -> str:
    """Return the page that lists the measures and the threat classes."""
    lines = [WARNING, "", "# Measures", "",
             "What every study counts for every option. In results a measure by class or kind is named "
             "`measure/key`. Each is reported with the interval of its expectation over parameters, its Monte Carlo "
             "error and the spread of one period.", ""]
    lines += table(("name", "label", "unit", "shown in", "by", "better", "what", "status"),
                   ([f"`{measure.name}`", measure.label, measure.unit, measure.shown,
                     ", ".join(f"`{key}`" for key in measure.keys) or "–", measure.direction,
                     measure.what, measure.status] for measure in load_measures()))
    lines += ["", *(f"- {status}: {meaning}" for status, meaning in STATUS_MEANING.items())]
    lines += ["", "## Threat classes", "",
              "Counts are kept by class. The entries named describe the class in the model; the types are the names "
              "the public record uses. Rows of the record that mix a cruise and a ballistic type, glide bombs and "
              "reconnaissance UAVs belong to no class.", ""]
    lines += table(("order", "name", "what", "decoys", "entries", "types in the record"),
                   ([str(threat.order), f"`{threat.name}`", threat.label, "yes" if threat.decoys else "no",
                     ", ".join(f"{role}: `{key}`" for role, key in threat.entries.items()), ", ".join(threat.models)]
                    for threat in load_threat_classes()))
    return "\n".join([*lines, "", TERMS]) + "\n"


def millions(amount_eur: float) -> str:
    """Write an amount in EUR million, a dash for nothing; three significant digits, as no plan is better than that."""
    return number(float(f"{amount_eur / 1e6:.3g}")) if amount_eur > 0.0 else "–"


@functools.cache
def plans() -> tuple[Scenario, dict[str, dict[str, dict[str, float]]], dict[str, int]]:
    """Return the shipped scenario, its plans, option -> boundary -> line -> EUR, and the days each option is there."""
    scenario = load("skyshield")
    context = prepare_context(resolve(scenario, load_catalogue(), load_theatre(), embedded_fit()))
    return scenario, planned_json(context), {one.name: int(context.days_there(one).sum()) for one in scenario.options}


def money_page(catalogue: Catalogue) -> str:
    """Return the page that lists what the shipped options plan to spend, and the outside check."""
    scenario, planned, days = plans()
    shooting = [option.name for option in scenario.options if option.fires]
    rate, deflator = catalogue["usd_per_eur"].reference_value, catalogue["deflator_2026_over_2025"].reference_value
    lines = [MONEY_WARNING, "", "# Planned money", "",
             f"What the air options of the shipped scenario plan to spend in its {scenario.days} days, EUR million of "
             f"{PRICE_YEAR}: {number(rate)} US dollars a euro, and prices of {PRICE_YEAR + 1} {number(deflator)} times "
             f"those of {PRICE_YEAR}. Central values, before any raid is drawn; an aid twin's budget is the total of "
             "its option. What the lines hold, and why there are two boundaries: "
             "[Money](../explanation/money.md).", ""]
    for boundary in BOUNDARIES:
        by_line = [planned[option][boundary] for option in shooting]
        lines += [f"**{boundary.replace('_', ' ').capitalize()}**", ""]
        rows = [[f"`{line}`", *(millions(of.get(line, 0.0)) for of in by_line)] for line in COST_LINES if line != "aid"]
        rows.append(["total", *(millions(sum(of.values())) for of in by_line)])
        lines += [*table(("line", *(f"`{option}`" for option in shooting)), rows), ""]
    lines += ["## The outside check", "",
              "Weekly costs of no-fly zones over Libya that were estimated before the one of 2011 was flown, turned "
              "from US dollars of that year into euros of this page, beside a week of the plans, "
              "of the days on which an option is there. They are an outside "
              "check on totals and enter no result.", ""]
    in_euros = catalogue["deflator_2025_over_2011_usd"].reference_value / rate
    ends = {"limited": "nfz_cost_check", "full": "nfz_full_cost", "stand-off": "nfz_standoff_cost"}
    rows = [[f"no-fly zone, {name} (`{key}`)", millions(catalogue[key].low * in_euros),
             millions(catalogue[key].high * in_euros)] for name, key in ends.items()]
    rows += [[f"`{option}`, incremental and fully loaded",
              *(millions(sum(planned[option][boundary].values()) / days[option] * DAYS_PER_WEEK)
                for boundary in reversed(BOUNDARIES))] for option in shooting]
    lines += table(("a week of", "from", "to"), rows)
    return "\n".join([*lines, "", TERMS]) + "\n"


def glossary_page() -> str:
    """Return the page that says what the words mean."""
    lines = [GLOSSARY_WARNING, "", "# Glossary", "",
             "Words that SkyShield uses in a meaning of their own. The annex of every report has them too.", ""]
    for term, meaning in glossary().items():
        lines += [f'<a id="{anchor(term)}"></a>**{term}**: {meaning}', ""]
    return "\n".join(lines)


def pages() -> dict[Path, str]:
    """Return what each page should hold."""
    catalogue = load_catalogue()
    return {PAGES / "catalogue.md": catalogue_page(catalogue), PAGES / "measures.md": measures_page(),
            PAGES / "money.md": money_page(catalogue), PAGES / "glossary.md": glossary_page()}


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")
    check = parser.parse_args().check
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if check:
            print(f"{path.name} is out of date: run python tools/make_reference.py", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], "utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
