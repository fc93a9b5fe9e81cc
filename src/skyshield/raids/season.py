"""A fit's parameters as the engine's raid model: one owner for what compiles a study and what checks a fit."""

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import MISSILE_CLASSES, REGIMES
from skyshield.engine import Season

_BY_KIND = Season._fields.index("p_missile")  # the fields before it are parameters under their own names, but for ...
_WORKED_OUT = ("massed_stay", "front_stay", "deep_stay", "leak_stay", "leak_start")
_TWO_SIDED = 1.959963984540054  # standard deviations within which 95% of a normal lie


def stay_of(step: Floats, factor: Floats) -> Floats:
    """Return f8[vector]: what is left of a level's distance from its average after a night.

    A level with innovations of `step` a night, logarithm or logit, stays within a factor `factor` of its average, up or
    down, on 95% of days in the long run: its stationary deviation step / sqrt(1 - stay^2) is log(factor) / 1.96. A step
    larger than that deviation leaves nothing.

    Examples
    --------
    >>> stay = stay_of(np.array([0.03]), np.array([2.0]))
    >>> bool(np.isclose(np.exp(1.959964 * 0.03 / np.sqrt(1.0 - stay**2)), 2.0)[0])
    True
    """
    ratio = step / (np.log(factor) / _TWO_SIDED)
    return np.asarray(np.sqrt(np.maximum(0.0, 1.0 - ratio * ratio)))


def season_of(parameters: Parameters, level_factor: Floats | None = None) -> Season:
    """Return the generator of launches, its missiles' parameters gathered by regime and kind.

    Levels revert to their averages so that they stay within `level_factor` f8[vector] (`stay_of`); without one they are
    random walks, as in the record's window.

    Examples
    --------
    >>> from skyshield.raids.fit import embedded_fit
    >>> fit = embedded_fit()
    >>> season_of(fit.parameters).p_missile.shape == (len(fit.rows), 2, 2)
    True
    """
    def gathered(what: str) -> Floats:
        by_regime = [[parameters[f"{kind}_{what}_{regime}"] for kind in MISSILE_CLASSES] for regime in REGIMES]
        return np.ascontiguousarray(np.stack([np.stack(by_kind, axis=1) for by_kind in by_regime], axis=1))

    fields = {name: parameters[name] for name in Season._fields[:_BY_KIND] if name not in _WORKED_OUT}
    for name in ("massed", "front", "deep", "leak"):
        step = parameters[f"{name}_step"]
        fields[f"{name}_stay"] = np.ones_like(step) if level_factor is None else stay_of(step, level_factor)
    fields["leak_start"] = np.zeros_like(parameters["leak_front"])
    if level_factor is not None:
        fields["leak_start"] = _logit(parameters["leak_front"]) - _logit(parameters["leak_front_average"])
    slope = np.ascontiguousarray(np.stack([parameters[f"{kind}_slope"] for kind in MISSILE_CLASSES], axis=1))
    return Season(**fields, p_missile=gathered("p"), missile_mean=gathered("mean"), missile_size=gathered("size"),
                  missile_slope=slope)


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1.0 - share)))
