"""The scenario of a month, resolved and compiled small; options may be added or changed as plain data.

All but two of the entries without a centre are fixed where the catalogue has them, so that studies stay small.
"""

import functools

from skyshield.catalogue import load_catalogue
from skyshield.compile.world import compile_world, prepare_context
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.scenario.load import dump, parse
from skyshield.study import StudyView
from skyshield.theatre import load_theatre
from support.command_line import FIXED


def pages_of(result, comparison, resolved, adapted=None):
    """Return the report and the annex of a study, compared with the option that a comparison is to."""
    from skyshield.report.pages import pages

    return pages(StudyView(result, resolved, comparison.to), adapted)


def reading_of(result, comparison, resolved, adapted=None):
    """Return a study as the sections of the report read it."""
    from skyshield.report.reading import Reading

    return Reading(StudyView(result, resolved, comparison.to), adapted)


@functools.cache
def parts():
    """Catalogue, theatre and the shipped fit."""
    return load_catalogue(), load_theatre(), embedded_fit()


def scenario(days=2, options=None, **fields):
    """`own` and `region` of the shipped month, other days and fields; or beside `own` options that change `region`.

    A change may hold `rules` and `packages` (updates; None for no package) and `drop` (clauses to leave out).
    """
    content = {**dump(load("month")), "days": days, "assumptions": FIXED, **fields}
    own, base = content["options"]["own"], content["options"]["region"]
    content["options"] = {"own": own, "region": base}
    if options is not None:
        content["options"] = {"own": own}
        for name, change in options.items():
            package = change.get("packages", {})
            content["options"][name] = {
                "label": name, "packages": [] if package is None else [{**base["packages"][0], **package}],
                "rules": {k: v for k, v in {**base["rules"], **change.get("rules", {})}.items()
                          if k not in change.get("drop", ())}}
    return parse(content, "test")


def with_package(*packages, rules=None):
    """`own` of the shipped month and an option `tried` of the packages given as plain data."""
    content = {**dump(load("month")), "days": 2, "assumptions": FIXED}
    content["options"] = {"own": content["options"]["own"],
                          "tried": {"label": "tried", "packages": list(packages), "rules": rules or {}}}
    return parse(content, "test")


def resolved(asked):
    """Resolve a scenario with the shipped fit."""
    catalogue, theatre, fit = parts()
    return resolve(asked, catalogue, theatre, fit)


@functools.cache
def context():
    """Parts and geometry of the shipped month."""
    return prepare_context(resolved(scenario()))


def compiled(asked, seed=3, vectors=2, **more):
    """Compile a scenario."""
    return compile_world(resolved(asked), seed, vectors, **more)


@functools.cache
def small_study():
    """Two vectors and two days of the shipped month."""
    return compiled(scenario())


def same_bytes(one, other):
    """Say whether two results' values are the same, arm by arm, to the byte."""
    return [values.tobytes() for values in one] == [values.tobytes() for values in other]
