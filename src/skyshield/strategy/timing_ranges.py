"""The range over a box of what the timing equations say of an option, and which assumptions would settle its sign.

An option is what it deploys now and what it promises (`skyshield.strategy.timing_options`). A ground force and ships
have a status cost, a zone has one of its own, aid has none; each multiplies the hazard of renewed war by exp(its log
ratio times how much of it there is). An option with a force is held against its own force promised, every other against
a force at its full effect, promised; a force alone is taken as if it were there now.

Ranges are exact (`skyshield.strategy.timing_box`), but where an option holds something now and a force promised and
belief q is narrowed to inside (0, 1): Gamma is then a mixture of two ranges, which encloses it (`is_enclosed`).
"""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skyshield.strategy.timing_box import NOTHING, ZERO, Box, Deployed, Span, Term, ceasefire_range
from skyshield.strategy.timing_options import AID, FORCE, Proposal

Ends = Mapping[str, Span]  # by symbol; dh is the option's

_OF_GAMMA = ("chi", "dh", "R", "x", "rho", "q", "lambda_none")
_REST = 1e-6
_BISECTIONS = 30


def deployed(parts: Mapping[str, Span], ends: Ends) -> Deployed:
    """Return parts with the status costs and hazard ratios assumed of them; aid has no status cost."""
    result = NOTHING
    for part, amount in parts.items():
        status = ZERO if part == AID else ends[f"s_{part}"]
        result = result.and_(Deployed(status, ends[f"log_ratio_{part}"].times(amount)))
    return result


WHOLE_FORCE: Mapping[str, Span] = {FORCE: Span(1.0, 1.0)}


@functools.lru_cache(maxsize=2**14)
def _rho_v(box: Box, terms: tuple[Term, ...], shared: Deployed = NOTHING) -> Span:
    return ceasefire_range(box, terms, shared)


def pressure_range(ends: Ends, parts: Mapping[str, Span], now: bool) -> Span:
    """Return the range of m* with parts there now, or promised; nothing at all if there are none."""
    box, it = Box.of(ends), deployed(parts, ends)
    if now:
        return box.phi0.plus(-box.chi.times(ends["dh"])).plus(-_rho_v(box, (Term(it, 1.0),)))
    return box.phi0.plus(-_rho_v(box, (Term(it, 0.0, 1.0), Term(NOTHING, 1.0, -1.0))))


def proposed_range(ends: Ends, one: Proposal) -> Span:
    """Return the range of m* of an option as it is proposed: some of it now, some promised."""
    if not one.now or not one.promised:
        return pressure_range(ends, one.now or one.promised, bool(one.now))
    box = Box.of(ends)
    there, later = deployed(one.now, ends), deployed(one.promised, ends)
    value = _rho_v(box, (Term(later, 0.0, 1.0), Term(NOTHING, 1.0, -1.0)), there)
    return box.phi0.plus(-box.chi.times(ends["dh"])).plus(-value)


def paradox_range(ends: Ends, parts: Mapping[str, Span]) -> Span:
    """Return the range of what promising the parts adds to the pressure that a ceasefire takes."""
    return _rho_v(Box.of(ends), (Term(NOTHING, 0.0, 1.0), Term(deployed(parts, ends), 0.0, -1.0)))


def paradox_sign(ends: Ends, parts: Mapping[str, Span]) -> str:
    """Return the sign of the paradox of a promise that is believed: belief scales it and turns nothing."""
    return paradox_range({**ends, "q": Span(1.0, 1.0)}, parts).sign


def ceasefire_bracket(ends: Ends, one: Proposal) -> Span:
    """Return the range of the second bracket of Gamma, rho [v_C(option) - v_C(force promised)]."""
    box, there, later = Box.of(ends), deployed(one.now, ends), deployed(one.promised, ends)
    if one.promised and one.now:
        believed = _rho_v(box, (Term(there, 1.0), Term(NOTHING, -1.0)), later)
        not_believed = _rho_v(box, (Term(there, 1.0), Term(NOTHING, -1.0)))
        mixed = [(q * believed.low + (1.0 - q) * not_believed.low, q * believed.high + (1.0 - q) * not_believed.high)
                 for q in box.q]
        return Span(min(low for low, _ in mixed), max(high for _, high in mixed))
    if FORCE in one.promised:
        return _rho_v(box, (Term(later, 1.0, -1.0), Term(NOTHING, -1.0, 1.0)))
    force = deployed(WHOLE_FORCE, ends)
    return _rho_v(box, (Term(there.and_(later), 1.0), Term(force, 0.0, -1.0), Term(NOTHING, -1.0, 1.0)))


def gamma_range(ends: Ends, one: Proposal) -> Span:
    """Return the range of Gamma; both brackets vary apart, so theirs add up to it."""
    return ends["chi"].times(ends["dh"]).plus(ceasefire_bracket(ends, one))


def is_enclosed(ends: Ends, one: Proposal) -> bool:
    """Say whether the range of Gamma is an enclosure only, see the module."""
    return bool(one.now and one.promised) and any(0.0 < q < 1.0 for q in ends["q"])


def chi_star_range(ends: Ends, one: Proposal) -> Span | None:
    """Return the range of chi*; None, undefined, where Delta h may be 0."""
    held = ends["dh"]
    if held.low <= 0.0 <= held.high:
        return None
    return (-ceasefire_bracket(ends, one)).times(Span(1.0 / held.high, 1.0 / held.low))


def settled_by(of: Callable[[Ends], Span], ends: Ends, symbols: Sequence[str], together: int = 1
               ) -> list[dict[str, Any]]:
    """Return which assumptions would settle a sign, and from which values on.

    Parameters
    ----------
    of
        The range of what has the sign, over ends.
    ends
        The box.
    symbols
        Assumptions to try.
    together
        How many at once; all sets of so many are tried.

    Returns
    -------
    list of dict
        ``sign`` and ``if``: for each assumption ``symbol``, ``side`` (``at_least`` or ``at_most``) and ``value``. With
        all of these on those sides the sign holds whatever everything else is. Empty if the sign is settled already,
        or no such set does it.

    Examples
    --------
    >>> found, = settled_by(lambda at: at["a"].plus(Span(-1.0, 1.0)), {"a": Span(0.0, 2.0)}, ["a"])
    >>> found["sign"], found["if"][0]["symbol"], found["if"][0]["side"], round(found["if"][0]["value"], 6)
    ('positive', 'a', 'at_least', 1.0)
    """
    if of(ends).sign != "both":
        return []
    found = []
    for names in itertools.combinations([name for name in symbols if ends[name].low < ends[name].high], together):
        for sides in itertools.product((1, 0), repeat=together):
            at = {name: ends[name][side] for name, side in zip(names, sides, strict=True)}
            sign = of({**ends, **{name: Span(end, end) for name, end in at.items()}}).sign
            if sign in ("positive", "negative"):
                share = _settled_share(of, ends, at, sign)
                found.append({"sign": sign, "if": [
                    {"symbol": name, "side": "at_least" if side else "at_most",
                     "value": _reached(end, ends[name][1 - side], share)}
                    for (name, end), side in zip(at.items(), sides, strict=True)]})
    return found


def _reached(end: float, other: float, share: float) -> float:
    """Return where an assumption stands after a share of its way; 0 where only the bisection's rest is left of it."""
    value = end + share * (other - end)
    return 0.0 if abs(value) < _REST * abs(other - end) else value


def _settled_share(of: Callable[[Ends], Span], ends: Ends, at: Mapping[str, float], sign: str) -> float:
    """Return which share of their intervals assumptions may move from their ends, all alike, with the sign held."""
    settled, open_ = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (settled + open_) / 2.0
        within = {}
        for name, end in at.items():
            other = ends[name].high if end == ends[name].low else ends[name].low
            reached = end + middle * (other - end)
            within[name] = Span(min(end, reached), max(end, reached))
        settled, open_ = (middle, open_) if of({**ends, **within}).sign == sign else (settled, middle)
    return settled


def swings(of: Callable[[Ends], Span], ends: Ends, symbols: Sequence[str]) -> list[dict[str, Any]]:
    """Return the range with each assumption at either end, those first that move the range most.

    Returns
    -------
    list of dict
        ``symbol``, ``at_low`` and ``at_high``, each {low, high}.
    """
    rows: list[tuple[str, Span, Span]] = []
    for name in symbols:
        low, high = ends[name]
        if low < high:
            rows.append((name, of({**ends, name: Span(low, low)}), of({**ends, name: Span(high, high)})))
    rows.sort(key=lambda row: -(abs(row[1].low - row[2].low) + abs(row[1].high - row[2].high)))
    return [{"symbol": name, "at_low": plain(low), "at_high": plain(high)} for name, low, high in rows]


def symbols_of(one: Proposal) -> list[str]:
    """Return what Gamma of an option depends on."""
    parts = list(dict.fromkeys((*one.parts, FORCE)))
    return [*_OF_GAMMA, *(f"s_{part}" for part in parts if part != AID), *(f"log_ratio_{part}" for part in parts)]


def plain(span: Span) -> dict[str, float]:
    """Return an interval as plain data."""
    return {"low": span.low, "high": span.high}
