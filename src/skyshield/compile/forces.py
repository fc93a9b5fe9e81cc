"""The forces of every option, as the engine's arrays."""

from collections.abc import Sequence

import numpy as np

from skyshield.compile.context import CompileContext, quantiles_of_nights
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import CLASSES, MUNITION_KINDS
from skyshield.engine import Fleets, Forces
from skyshield.forces import Shooters, near_slots, prepare_fleets, prepare_shooters
from skyshield.rules import acceptance
from skyshield.scenario import Option

CERTAIN_CLASSES = tuple(name == "ballistic" for name in CLASSES)  # told by speed alone


def compile_shooters(context: CompileContext, table: ParameterTable | CentralValues) -> Shooters:
    """Return where the shooters of every option stand, what they can do and what they cost."""
    options = context.scenario.options
    return prepare_shooters([option.packages for option in options], context.deployment(table), MUNITION_KINDS,
                            lambda mean, rho: context.once(quantiles_of_nights, mean, rho),
                            [context.members(option) for option in options])


def compile_forces(context: CompileContext, table: ParameterTable | CentralValues, shooters: Shooters) -> Forces:
    """Return the shooters of every option as the engine wants them."""
    scenario, catalogue = context.scenario, context.catalogue
    near_first, near_slot = near_slots(shooters.forces, context.drawn.x_m, context.drawn.y_m)
    salvo = np.ones((len(table.fit_row), len(CLASSES)), np.int64)
    salvo[:, CLASSES.index("ballistic")] = np.rint(table["shots_per_ballistic"])
    p_accepted, release_time_s = _identification(scenario.options, context.rules.class_allowed, table)
    return shooters.forces._replace(
        near_first=near_first, near_slot=near_slot, salvo=salvo, track_correlation=table["stop_track_correlation"],
        max_engagements=np.array([int(catalogue["fighter_max_shots_per_threat"].reference_si)]),
        p_accepted=p_accepted, p_deconflicted=1.0 - table["deconfliction_loss_probability"],
        release_time_s=release_time_s,
        presence=context.presence_by_package(table), fires=context.fires_by_package())


def _identification(options: Sequence[Option], class_allowed: Flags,
                    table: ParameterTable | CentralValues) -> tuple[Floats, Floats]:
    """Return f8[vector, option, class] how often a track may be shot at, f8[vector, option] after how long."""
    n = len(table.fit_row)
    accepted = np.ones((n, len(options), class_allowed.shape[1]))
    release_s = np.repeat(table["release_time"][:, None], len(options), axis=1)
    confusion = table["class_confusion_night"]
    for k, option in enumerate(options):
        confidence = option.rules.id_confidence
        if not option.fires:
            continue
        prior = table["allowed_share_of_tracks"] if confidence > 0.0 else confusion
        accepted[:, k] = acceptance(confusion, class_allowed[k].astype(bool).tolist(), CERTAIN_CLASSES, confidence,
                                    prior)
        if confidence > 0.0:
            release_s[:, k] += table["identification_time"]
    return accepted, release_s


def compile_fleets(context: CompileContext, table: ParameterTable | CentralValues) -> Fleets:
    """Return the fighters of every option over a campaign."""
    options = context.scenario.options
    return prepare_fleets([option.packages for option in options], context.deployment(table),
                          [context.members(option) for option in options])
