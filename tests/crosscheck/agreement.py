"""Do two models of the day agree on the same raids?

Both play every night, each with draws of its own. If they are the same model, then given the raids a replication's
results of one are as likely as those of the other, so they may change places: every feature below is a difference
between the two whose sign is a coin's. Features are standardised over replications, and the largest of an option is
compared with the largest under random signs. That is exact for any distribution, zeros and ties included, and holds
for all measures at once; the level is shared out over worlds and options.

Features of a measure: its total over the days, that on the first and on the last day; the spread of the total, and of
each night, about what the raids make one expect; whether the total, and what is left of it when that is taken off, is
above each of some steps; and the spread of the total less the baseline's.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from crosscheck.day_model import AMOUNT_NAMES, COUNT_NAMES, Campaign
from crosscheck.own_defence import Courses
from crosscheck.raids import nights_of
from skyshield.engine import play

NAMES = (*COUNT_NAMES, *AMOUNT_NAMES)
LEVEL = 0.01
STEPS = np.linspace(0.1, 0.9, 7)
ROUND_OFF = 1e-9
# What raid, phase and world decide without any draw, and for an option that is not there everything about it.
FIXED = ("launched/uav", "launched/cruise", "launched/ballistic", "planned_cost_eur", "planned_incremental_cost_eur",
         "unspent_eur", "cost_by_line_eur/people_and_basing", "cost_by_line_eur/sensors", "cost_by_line_eur/aid",
         "incidents/base_struck_in_member_state", "incidents/ship_struck", "incidents/aircraft_lost_at_bases",
         "incidents/support_aircraft_lost", "people_by_role_h/crews_in_ukraine",
         "people_by_role_h/bases_in_member_states", "people_by_role_h/soldiers_in_ukraine",
         "people_by_role_h/sailors_at_sea", "war_days", "ceasefire_days", "violation_days")


def phases_apart(engine, model):
    """How far the phases [replication, option + 1, day] of two models are from each other: the largest |z|, its limit.

    Features are how often each phase holds on a day under an option, and how often another one holds without any.
    """
    def shares(paths):
        kinds = [paths == phase for phase in range(int(max(engine.max(), model.max())) + 1)]
        return np.concatenate([*kinds, paths[:, :-1] != paths[:, -1:]], axis=1).reshape(len(paths), -1).astype(float)

    one, other = shares(engine), shares(model)
    spread = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    gap = one.mean(axis=0) - other.mean(axis=0)
    live = spread > 0.0
    if gap[~live].any():
        return np.inf, 0.0
    return float(np.abs(gap[live] / spread[live]).max()), float(ndtri(1.0 - LEVEL / 2.0 / live.sum()))


class Played(NamedTuple):
    """Both models on the same raids."""

    case: object
    engine: np.ndarray  # [option, replication, day, name]
    model: np.ndarray
    raids: np.ndarray  # [replication, day, known] what is known of the raids; the last is the vector


class Finding(NamedTuple):
    """One measure of an option."""

    world: str
    option: str
    name: str
    engine: float
    model: float
    z: float
    worst: str
    worst_z: float
    exact: bool


class Agreement(NamedTuple):
    """The result of a comparison."""

    findings: list[Finding]
    limits: dict[str, float]  # by option, the largest standardised difference that chance explains
    smallest_p: float
    never: tuple[str, ...]

    def rejected(self):
        """Findings beyond what chance explains."""
        return [f for f in self.findings
                if (f.worst_z > 0.0 if f.exact else abs(f.worst_z) > self.limits[f.option])]


def words(vectors, replications):
    return [(r % vectors) << 16 | r // vectors for r in range(replications)]


def nights_for(world, seed, replications):
    """The raids of every replication, spread over the vectors."""
    return {word: nights_of(world, seed, word) for word in words(len(world.raids.p_decoy), replications)}


def engine_totals(world, seed, nights):
    """Results of the engine, [option of the world, replication, day, name]."""
    played = []
    for word in nights:
        tally = play(world, seed, word, word + 1)
        played.append(np.concatenate([tally.counts[0].astype(float), tally.amounts[0]], axis=-1))
    return np.ascontiguousarray(np.array(played).transpose(2, 0, 1, 3))


def model_totals(case, seed, nights, world=None, campaign=Campaign):
    """Results of the event model, with the draws of a night shared by the options."""
    world = case.world if world is None else world
    days = len(world.raids.phase)
    courses = Courses(world.routes)
    totals = np.zeros((len(case.numbers), len(nights), days, len(NAMES)))
    for k, option in enumerate(case.numbers):
        for r, (word, raids) in enumerate(nights.items()):
            shared = np.random.default_rng([seed, word, 0])
            played = campaign(world, word >> 16, option, np.random.default_rng([seed, word, 1 + option]), shared,
                              courses)
            for day, night in enumerate(raids):
                counts, amounts = played.play(night)
                totals[k, r, day] = [*counts.values(), *amounts.values()]
    return totals


def known_of(nights):
    """What the raids make one expect: launches by stream, loads, jets, massed or not, and the night's leak level."""
    return np.array([[[*n.launches[-1], *n.sizes.max(axis=0), *(sum(t.load == load for t in n.threats)
                                                                for load in (0, 2)),
                       sum(t.jet for t in n.threats), n.regime, n.leak_shift, word >> 16] for n in raids]
                     for word, raids in nights.items()], float)


def both(case, seed, nights, engine, **wrong):
    """Let the event model play what the engine has played, totals [option of the world, replication, day, name]."""
    return Played(case, engine[list(case.numbers)], model_totals(case, seed + 1, nights, **wrong), known_of(nights))


def _residuals(totals, known):
    """Totals of both models less one straight line through what is known of the raids, the same for both."""
    mean = totals.mean(axis=0)
    vectors = np.eye(int(known[:, -1].max()) + 1)[known[:, -1].astype(int)]
    scaled = (known[:, :-1] - known[:, :-1].mean(axis=0)) / np.maximum(known[:, :-1].std(axis=0), ROUND_OFF)
    design = np.concatenate([vectors, scaled], axis=1)
    line = design @ np.linalg.lstsq(design, mean, rcond=None)[0]
    return totals - line


def _night_spread(engine, model, raids):
    """Difference of the squares of the nights' residuals for a threat launched, summed over days."""
    pair = np.stack([engine, model]) / np.maximum(raids[:, :, :4].sum(axis=2), 1.0)[:, :, None]
    squares = [_residuals(pair[:, :, day], raids[:, day]) ** 2 for day in range(pair.shape[2])]
    return sum(square[0] - square[1] for square in squares)


def features(engine, model, raids, baseline=None):
    """Differences [replication, feature] and (name, what) of each; `baseline` holds both models' baseline totals."""
    totals = np.stack([engine.sum(axis=1), model.sum(axis=1)])
    known = np.concatenate([raids[:, :, :-1].sum(axis=1), raids[:, 0, -1:]], axis=1)
    residual = _residuals(totals, known)
    result = {"total": totals[0] - totals[1], "first day": engine[:, 0] - model[:, 0],
              "last day": engine[:, -1] - model[:, -1], "spread": residual[0] ** 2 - residual[1] ** 2,
              "night spread": _night_spread(engine, model, raids)}
    for share in STEPS:
        step = np.quantile(totals, share, axis=(0, 1))
        result[f"above {share:.2f}"] = (totals[0] > step).astype(float) - (totals[1] > step)
        step = np.quantile(residual, share, axis=(0, 1))
        result[f"rest above {share:.2f}"] = (residual[0] > step).astype(float) - (residual[1] > step)
    if baseline is not None:
        less = totals - baseline
        rest = _residuals(less, known)
        result["spread less baseline"] = rest[0] ** 2 - rest[1] ** 2
    labels = [(name, what) for what in result for name in NAMES]
    return np.concatenate(list(result.values()), axis=1), labels


def _largest(coins, unit):
    """The largest standardised difference under random signs."""
    return np.abs((coins * 2.0 - 1.0) @ unit).max(axis=1, initial=0.0)


def compare(played, n_tests, flips=6000, seed=1):
    """Compare the models; `n_tests` is the number of options that share the level, over all worlds."""
    findings, limits, smallest = [], {}, 1.0
    rng = np.random.default_rng(seed)
    case, happened = played.case, np.zeros(len(NAMES), bool)
    scale = np.maximum(1.0, np.abs(played.engine).max(axis=(0, 1, 2)))
    base = np.stack([played.engine[0].sum(axis=1), played.model[0].sum(axis=1)])
    fixed = np.isin(NAMES, FIXED)
    for k, option in enumerate(case.options):
        engine, model = played.engine[k], played.model[k]
        happened |= (engine != 0.0).any(axis=(0, 1)) | (model != 0.0).any(axis=(0, 1))
        gap = np.abs(engine - model).max(axis=(0, 1)) / scale
        matrix, labels = features(engine, model, played.raids, base if k and case.options[0] == "own" else None)
        matrix[np.abs(matrix) <= ROUND_OFF * np.tile(scale, matrix.shape[1] // len(NAMES))] = 0.0
        size = np.sqrt((matrix ** 2).sum(axis=0))
        live = size > 0.0
        signed = np.zeros(matrix.shape[1])
        unit = matrix[:, live] / size[live]
        signed[live] = unit.sum(axis=0)
        by_chance = np.concatenate([_largest(rng.integers(0, 2, (500, len(unit))), unit) for _ in range(flips // 500)])
        limits[option] = float(np.quantile(by_chance, 1.0 - LEVEL / n_tests, method="higher"))
        largest = np.abs(signed[~np.tile(fixed, len(signed) // len(NAMES))]).max()
        smallest = min(smallest, float((1 + (by_chance >= largest - ROUND_OFF).sum()) / (1 + len(by_chance))))
        by_name = signed.reshape(-1, len(NAMES))
        worst = np.abs(by_name).argmax(axis=0)
        for j, name in enumerate(NAMES):
            exact = bool(fixed[j])
            worst_z = float(gap[j] if gap[j] > ROUND_OFF else 0.0) if exact else float(by_name[worst[j], j])
            findings.append(Finding(case.name, option, name, float(engine.sum(axis=1)[:, j].mean()),
                                    float(model.sum(axis=1)[:, j].mean()), float(by_name[0, j]),
                                    "equal" if exact else labels[worst[j] * len(NAMES) + j][1], worst_z, exact))
    return Agreement(findings, limits, smallest, tuple(n for n, yes in zip(NAMES, happened, strict=True) if not yes))


def table(findings):
    """Findings as text, the largest first."""
    rows = [f"{'world':10} {'option':18} {'measure':42} {'engine':>14} {'model':>14} {'z':>6} {'worst':>6} of"]
    rows += [f"{f.world:10} {f.option:18} {f.name:42} {f.engine:14.6g} {f.model:14.6g} {f.z:6.2f} {f.worst_z:6.2f} "
             f"{f.worst}" for f in sorted(findings, key=lambda f: -abs(f.worst_z))]
    return "\n".join(rows)
