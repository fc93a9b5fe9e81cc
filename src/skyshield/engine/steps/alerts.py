"""Part of steps 7, 18 and 22: alerts.

An oblast is under alert from the time a live threat bound for it has `alert_distance_m` left to fly until its end.
Night hours are counted in bins of ten minutes, one bit each, so threats that come together count once.
"""

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel
from skyshield.engine.scratch import N_ALERT_WORDS, Ends, Raid

_BIN_S = 600.0
_BINS_PER_WORD = 45
_HOUR_S = 3600.0


@kernel
def alert_bits(from_s: float, to_s: float, word: int) -> int:
    """Return the bits of a word of the night's bins that an interval of seconds after 18:00 touches."""
    begin_s, end_s = max(from_s, 0.0), min(to_s, N_ALERT_WORDS * _BINS_PER_WORD * _BIN_S)
    if begin_s >= end_s:
        return 0
    low = max(int(begin_s / _BIN_S) - word * _BINS_PER_WORD, 0)
    high = min(int(end_s / _BIN_S) - word * _BINS_PER_WORD, _BINS_PER_WORD - 1)
    return ((1 << (high - low + 1)) - 1) << low if low <= high else 0


@kernel
def mark_alert(end_m: float, alert_distance_m: float, i: int, raid: Raid) -> None:
    """Fill the bits of a threat's alert: from so far before its aim to its end."""
    near_m = max(0.0, raid.length_m[i] - alert_distance_m)
    from_s = raid.departure_s[i] + near_m * raid.pace_s_m[i]
    to_s = raid.departure_s[i] + end_m * raid.pace_s_m[i]
    for word in range(N_ALERT_WORDS):
        raid.alert[i, word] = alert_bits(from_s, to_s, word)


@kernel
def n_bits(word: int) -> int:
    """Return how many bits of a word below 2^62 are set."""
    word -= (word >> 1) & 0x5555555555555555
    word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F
    word += word >> 8
    word += word >> 16
    return (word + (word >> 32)) & 0x7F


@kernel
def alert_hours(alert: Integers, aim: int) -> float:
    """Return the hours that an aim's bits [aim, word] stand for."""
    n = 0
    for word in range(alert.shape[1]):
        n += n_bits(alert[aim, word])
    return n * _BIN_S / _HOUR_S


@kernel
def gather_alerts(population: Floats, n: int, raid: Raid, ends: Ends) -> None:
    """Add up the alerts of a raid's threats, whose bits are marked; `population` is by aim."""
    ends.alert[:] = 0
    for i in range(n):
        for word in range(N_ALERT_WORDS):
            ends.alert[raid.aim[i], word] |= raid.alert[i, word]
    ends.alert_person_h[0] = 0.0
    for aim in range(ends.alert.shape[0]):
        ends.alert_person_h[0] += alert_hours(ends.alert, aim) * population[aim]
