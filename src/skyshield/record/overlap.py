"""Which windows overlap a window of another set.

A regional bulletin mostly repeats a national one. It counts only where no national window meets
its own. Two windows meet iff ``n.start < r.end`` and ``r.start < n.end``; windows of no length take
part, so two instants at the same moment do not meet, while an instant strictly inside a window does.

Method: sort the national windows by start and keep the running maximum of their ends. Those that
start before ``r.end`` are a prefix of that order, so a window meets one of them iff the maximum end
of the prefix is after ``r.start``. n log n, exact.
"""

import numpy as np

from skyshield.core.arrays import Booleans, Integers


def meets_any(start: Integers, end: Integers, other_start: Integers, other_end: Integers) -> Booleans:
    """Return for each window whether any other window meets it.

    Parameters
    ----------
    start, end
        Windows to judge, integers on one time axis, shape (n,).
    other_start, other_end
        Windows to judge against, shape (m,).

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> meets_any(np.array([0, 5]), np.array([2, 5]), np.array([2, 4]), np.array([3, 6])).tolist()
    [False, True]
    """
    if other_start.size == 0:
        return np.zeros(start.shape, bool)
    order = np.argsort(other_start, kind="stable")
    latest_end = np.maximum.accumulate(other_end[order])
    before = np.searchsorted(other_start[order], end, side="left")
    meets: Booleans = (before > 0) & (latest_end[np.maximum(before, 1) - 1] > start)
    return meets
