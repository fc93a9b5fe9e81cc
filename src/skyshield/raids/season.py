"""A fit's parameters as the engine's raid model: one owner for what compiles a study and what checks a fit."""

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import MISSILE_CLASSES, REGIMES
from skyshield.engine import Season

_BY_KIND = Season._fields.index("p_missile")  # the fields before it are parameters under their own names


def season_of(parameters: Parameters) -> Season:
    """Return the generator of launches, its missiles' parameters gathered by regime and kind.

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

    fields = {name: parameters[name] for name in Season._fields[:_BY_KIND]}
    slope = np.ascontiguousarray(np.stack([parameters[f"{kind}_slope"] for kind in MISSILE_CLASSES], axis=1))
    return Season(**fields, p_missile=gathered("p"), missile_mean=gathered("mean"), missile_size=gathered("size"),
                  missile_slope=slope)
