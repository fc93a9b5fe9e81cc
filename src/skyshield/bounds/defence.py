"""Ukraine's own defence by region, without a day played: who leaks, is stopped and arrives where, and what is told.

For the deep stream of massed nights at its mean leak rate, under three shares of hazard along the way (omega): 0, all
near aims; the reference; 1, all along the way. Regions only.
"""

from typing import Any

import numpy as np

from skyshield.compile.own import STRENGTHS, deep_by_region, drawn_strengths, leaks_told, own_places
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.world import prepare_context
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import DEEP_REGIONS, DEEP_STREAM, N_STREAMS
from skyshield.raids import launch_shares
from skyshield.scenario import Resolved

ALONG_SHARE = "own_defence_along_share"
ENDS = {"0": {ALONG_SHARE: "low"}, "reference": {}, "1": {ALONG_SHARE: "high"}}
_TAILS = (0.025, 0.975)
_ENOUGH = 1e-6  # of omega: less is rounding


def defence_of(resolved: Resolved, seed: int = 0, vectors: int = 200) -> dict[str, Any]:
    """Return the table of the own defence by region.

    Returns
    -------
    dict
        ``omega``, its name -> region -> {share, leak, leak_arrivals, kills_share}: means over vectors; `share` of
        launches bound for the region, `leak` over these, `leak_arrivals` over those that reach it, `kills_share` by
        place of the stop over launches of the stream (the sea near the coast counts for the south). ``solved``, the
        same names -> {asked, mean, lowest, vectors, met}: the share of hazard along the way, and how many vectors have
        a solution there; the others stand at the largest that has one. ``fit``, what the record tells: 95% intervals
        {lo, hi} of `west_kills_share` and `south_kills_share`.
    """
    context = prepare_context(resolved)
    headline = ParameterTable(context.catalogue, context.fit, seed, vectors, {}, context.scenario.assumptions)
    omega, solved = {}, {}
    for name, ends in ENDS.items():
        table = headline.moved(ends)
        starts = np.broadcast_to(launch_shares(context.starts, table), (vectors, N_STREAMS, len(context.starts.names)))
        drawn = drawn_strengths(table, seed)
        places = own_places(context, table, starts, np.log(np.stack([drawn[key] for key in STRENGTHS], axis=1)),
                            leaks_told(table))
        omega[name] = _by_region(places.shares.massed, *deep_by_region(context, table, starts, places))
        reached = places.omega[:, DEEP_STREAM]
        solved[name] = {"asked": float(places.asked.mean()), "mean": float(reached.mean()),
                        "lowest": float(reached.min()), "vectors": vectors,
                        "met": int((reached >= places.asked - _ENOUGH).sum())}
    told = context.fit.parameters
    south = told["south_share_deep"] * (1.0 - told["leak_deep"])
    return {"omega": omega, "solved": solved,
            "fit": {"west_kills_share": _interval(told["west_kills_share_massed"]),
                    "south_kills_share": _interval(south)}}


def _by_region(share: Floats, leaked: Floats, stopped: Floats, arrived: Floats) -> dict[str, dict[str, float]]:
    """Return the columns of the table by region, from f8[vector, region] each."""
    bound, leaks, kills, arrivals = (values.mean(axis=0) for values in (share, leaked, stopped, arrived))
    return {region: {"share": float(bound[k]), "leak": float(leaks[k] / bound[k]),
                     "leak_arrivals": float(leaks[k] / arrivals[k]), "kills_share": float(kills[k])}
            for k, region in enumerate(DEEP_REGIONS)}


def _interval(values: Floats) -> dict[str, float]:
    low, high = (float(value) for value in np.quantile(values, _TAILS))
    return {"lo": low, "hi": high}
