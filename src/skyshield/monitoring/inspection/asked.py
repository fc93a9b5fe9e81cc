"""Which of the games is asked for, and its answer."""

from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.inspection.numbers import Span, read_number, read_span
from skyshield.monitoring.inspection.recursive import parse_recursive, recursive_content
from skyshield.monitoring.inspection.sectors import parse_sectors, sectors_content
from skyshield.monitoring.inspection.threshold import best_point, read_roc, roc_content, threshold_content

_GAMES = {"recursive": ("recursive",), "sectors": ("sectors", "teams"), "roc": ("roc", "d", "b", "f"),
          "design": ("design", "d", "b", "f", "alpha", "teams"), "d": ("d", "b", "f", "alpha")}
_MAY_LACK = {"design": ("teams",)}


def asked(**given: Any) -> dict[str, Any]:
    """Return the answer of the game that the options of ``monitor game`` name.

    Parameters
    ----------
    given
        The texts of the options d, b, f, alpha, sectors, teams and recursive, the paths roc and design; None for one
        that is not given.

    Raises
    ------
    SkyShieldError
        Exit code 2 if options do not go together, one is missing, or a value cannot be.

    Examples
    --------
    >>> asked(recursive="10,3")["fraction"]
    '84/176'
    """
    there = {name: value for name, value in given.items() if value is not None}
    game = next((name for name in _GAMES if name in there), None)
    if game is None:
        lead = f"--{next(iter(there))}" if there else "monitor game"
        raise SkyShieldError(lead, "names no game", "give --d, --b, --f and --alpha, or --sectors and --teams, or "
                                                    "--recursive")
    for name in there:
        if name not in _GAMES[game]:
            raise SkyShieldError(f"--{name}", f"does not go with --{game}", "give one of them")
    for name in _GAMES[game]:
        if name not in there and name not in _MAY_LACK.get(game, ()):
            raise SkyShieldError(f"--{name}", "is missing", f"give it beside --{game}")
    if game == "recursive":
        return recursive_content(*parse_recursive(there["recursive"]))
    if game == "sectors":
        return sectors_content(parse_sectors(there["sectors"]), read_number(there["teams"], "--teams"))
    d, b, f = (read_span(there[name], f"--{name}") for name in ("d", "b", "f"))
    if game == "roc":
        return _on_curve(there["roc"], d, b, f)
    alpha = read_number(there["alpha"], "--alpha", 1.0)
    if game == "design":
        from skyshield.monitoring.inspection.of_design import design_content, read_design

        teams = read_number(there["teams"], "--teams") if "teams" in there else None
        return design_content(read_design(there["design"]), d, b, f, alpha, teams)
    return threshold_content(d, b, f, alpha)


def _on_curve(path: Path, d: Span, b: Span, f: Span) -> dict[str, Any]:
    for name, span in (("d", d), ("b", b), ("f", f)):
        if not span.is_point:
            raise SkyShieldError(f"--{name}", "is an interval, but --roc needs a number", "give one number")
    points = read_roc(path)
    best = best_point(points, d.low, b.low, f.low)
    return threshold_content(d, b, f, best.alpha) | {"roc": roc_content(points, d.low, b.low, f.low)}
