"""The aid of every option, as the engine's arrays: what its money buys, and what of it is spent.

Aid is prepared for raids as they come in war on each of its own active days, in a ceasefire too: a plan does not know
that it will hold. What of the budget it cannot spend on these days is left over.
"""

from typing import NamedTuple

import numpy as np

from skyshield.compile.campaign import expected_growth
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import ParameterTable
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import BOUNDARIES, CLASSES, COST_LINES, STREAM_CLASSES
from skyshield.engine import Aid
from skyshield.forces import AidTerms, prepare_aid
from skyshield.raids import Destinations, expected_launches
from skyshield.scenario import Option


class Spent(NamedTuple):
    """What becomes of the money on each day on which it is at work, EUR."""

    cost_eur: Floats  # [vector, option, package, boundary] of the units bought
    unspent_eur: Floats  # [vector, option, package] of the budget, on the package's own boundary
    grid_protected: Floats  # [vector, option, day] share by which a hit on the grid does less


class Given(NamedTuple):
    """The aid of an option: on which terms, and on which days."""

    terms: AidTerms
    there: Flags  # [day] its money is at work
    stands_with: int  # the first of the option's packages that is there on the same days; its money is counted there


def aid_of(context: CompileContext, option: Option) -> Given | None:
    """Return an option's aid, None if it has none."""
    for first, together in context.together(option).items():
        for package in together:
            if (terms := option.packages[package].aid()) is not None:
                return Given(terms, context.presence(option.packages[package]), first)
    return None


def aid_zone(context: CompileContext, option: Option, terms: AidTerms) -> Flags:
    """Return u1[aim]: the zone that aid's `where` means.

    The one that the option declares whose twin it is, or else its own option if that has shooters; everywhere if there
    is neither.
    """
    names = [one.name for one in context.scenario.options]
    declares = option.name if terms.twin_of is None and option.fires else terms.twin_of
    if declares in names:
        return np.asarray(context.aim_declared[names.index(declares)])
    return np.ones(len(context.aims.oblasts), np.uint8)


def demand(table: ParameterTable, bound: Destinations, days: int) -> Floats:
    """Return f8[vector, aim, class]: threats bound for each aim in a period, before any option."""
    launched = expected_launches(table)
    bound_for = (launched[..., None] * bound.aims).sum(axis=1) * days
    of_class = [[stream for stream, its in enumerate(STREAM_CLASSES) if its == name] for name in CLASSES]
    assert bound_for.shape[1] == len(STREAM_CLASSES)  # noqa: S101
    return np.stack([bound_for[:, streams].sum(axis=1) for streams in of_class], axis=2)


def compile_aid(context: CompileContext, table: ParameterTable, bound: Destinations,
                planned: Floats) -> tuple[Aid, Spent]:
    """Return what aid adds to the own defence under every option, and what becomes of its money.

    `planned` is f8[option, package, boundary, line], EUR of a day.
    """
    scenario, n, n_aims = context.scenario, len(table.fit_row), len(context.aims.oblasts)
    options = scenario.options
    hazard = np.zeros((n, len(options), n_aims, len(CLASSES)))
    ramp = np.zeros((n, len(options), len(CLASSES), scenario.days))
    shape = n, *planned.shape[:2]
    spent = Spent(np.zeros((*shape, len(BOUNDARIES))), np.zeros(shape), np.zeros((n, len(options), scenario.days)))
    for k, option in enumerate(options):
        given = aid_of(context, option)
        if given is None or not given.there.any():
            continue
        terms, days = given.terms, int(given.there.sum())
        budget = days * float(planned[k, given.stands_with, BOUNDARIES.index(terms.boundary), COST_LINES.index("aid")])
        grown = (expected_growth(scenario, table) * given.there).sum(axis=2) / days
        come = demand(table, bound, days) * grown[:, None]
        bought = prepare_aid(budget, scenario.days, come, aid_zone(context, option, terms), table, terms.where,
                             boundary=terms.boundary, counts=terms.counts,
                             ordered_before_days=terms.ordered_before_days + scenario.decided_before_days,
                             at_work=given.there, protection_share=terms.protection_share)
        hazard[:, k], ramp[:, k] = bought.hazard, bought.ramp
        spent.grid_protected[:, k] = bought.harm_cut
        spent.cost_eur[:, k, given.stands_with] = bought.cost_eur / days
        # whole euros, as all that is counted by the day
        spent.unspent_eur[:, k, given.stands_with] = np.rint(bought.unspent_eur / days)
    return Aid(hazard, ramp), spent
