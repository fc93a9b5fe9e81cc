"""Numbers by catalogue key for tests of aid, without a scenario."""

import numpy as np

from skyshield.catalogue import load_catalogue


class Numbers(dict):
    """Catalogue references, f8[vector], with some replaced."""

    def __init__(self, n=1, **replaced):
        super().__init__({name: np.broadcast_to(np.asarray(value, float), n) for name, value in replaced.items()})
        self.n = n

    def __missing__(self, name):
        return np.full(self.n, load_catalogue()[name].reference_si)


class Drawn(dict):
    """Catalogue entries drawn from their distributions, each by its name."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def __missing__(self, name):
        entry = load_catalogue()[name]
        u = np.random.default_rng(sum(map(ord, name))).uniform(size=200)[:self.n]
        return np.full(self.n, entry.reference_si) if entry.central is None else entry.ppf(u)
