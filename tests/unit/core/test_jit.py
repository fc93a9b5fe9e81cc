"""Kernels allocate nothing and count no arrays in or out.

That the checks can fail is shown by `allocating_kernel`: the same functions compiled so do both.
"""

import numba  # noqa: TID251
import numpy as np
import pytest
from numba.core.errors import NumbaError  # noqa: TID251

from skyshield.core.jit import allocating_kernel, kernel


@pytest.fixture(autouse=True)
def _nothing_cached(monkeypatch, tmp_path):
    """Compile anew: what comes from a cache cannot be looked at, and the cache knows a function only by its place."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))


def doubled(x):
    return x + x


def doubled_too(x):
    return x + x


def put(x, y):
    for k in range(x.shape[0]):
        y[k] = 2.0 * x[k]
    return y


def put_too(x, y):
    for k in range(x.shape[0]):
        y[k] = 2.0 * x[k]
    return y


def counts_arrays(compiled):
    """Call a compiled `put`; return whether its machine code counts its arrays."""
    assert compiled(np.ones(3), np.zeros(3)).tolist() == [2.0] * 3
    return any("NRT_incref" in text or "NRT_decref" in text for text in compiled.inspect_llvm().values())


def test_a_kernel_that_allocates_is_refused():
    with pytest.raises(NumbaError):
        kernel(doubled)(np.ones(3))
    assert allocating_kernel(doubled_too)(np.ones(3)).tolist() == [2.0] * 3


def test_a_kernel_counts_no_arrays():
    assert counts_arrays(allocating_kernel(put))
    assert not counts_arrays(kernel(put_too))
