"""Kernels allocate nothing and count no arrays in or out.

That the checks can fail is shown by `allocating_kernel`: the same functions compiled so do both.
"""

import re

import numba  # noqa: TID251
import numpy as np
import pytest
from numba.core.errors import NumbaError  # noqa: TID251

from skyshield.core.jit import allocating_kernel, is_ready, kernel


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


def tripled(x):
    return 3.0 * x


def put_three(x):
    x[0] = 3.0
    return x[0]


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


def test_a_kernel_is_inlined_where_another_calls_it_and_not_compiled_by_itself():
    """Seen to fail where the other kernel finds the entry and not the inlined form."""
    inner = kernel(tripled)

    def tripled_and_one(x):
        return inner(x) + 1.0

    outer = kernel(tripled_and_one)
    assert outer(2.0) == 7.0
    assert not inner.overloads
    code = "".join(outer.inspect_llvm().values())
    assert "fmul" in code
    assert not re.search(r"(define|call) .*7tripled", code)
    assert inner(2.0) == 6.0
    assert len(inner.overloads) == 1


def test_a_kernel_is_ready_once_it_was_called():
    fresh = kernel(put_three)
    assert not is_ready(fresh)
    assert fresh(np.zeros(2)) == 3.0
    assert is_ready(fresh)
    assert is_ready(kernel(put_three)), "kept on disk, so the next process need not compile it"
    assert is_ready(put_three), "plain Python needs no compiling"
