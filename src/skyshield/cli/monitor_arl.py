"""``skyshield monitor arl``: how long a chart of counts runs before it alarms although nothing changed."""

from typing import Annotated

import typer

HELP = ("Average number of windows to a false alarm of a CUSUM of counts, exact by a Markov chain: negative binomial "
        "with --size, else Poisson.")
EXAMPLE = "Example: skyshield monitor arl --mean 4 --size 2 --k 6 --h 20"


def arl(
    mean: Annotated[float, typer.Option("--mean", metavar="N", help="Mean count of a window.")],
    k: Annotated[float, typer.Option("--k", metavar="K", help="Reference value, taken off each count.")],
    h: Annotated[float, typer.Option("--h", metavar="N", help="Alarm limit.")],
    size: Annotated[float | None, typer.Option(
        "--size", metavar="N", show_default=False,
        help="Size r of the negative binomial, whose variance is mean + mean²/r.")] = None,
    start: Annotated[float, typer.Option("--start", metavar="N", help="Head start: the sum before the first "
                                         "count.")] = 0.0,
    side: Annotated[str, typer.Option("--side", metavar="SIDE", help="up for rises, down for falls.")] = "up",
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the run length.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a figure is out of its range.
    """
    import math

    from skyshield.monitoring.holding.run_length import run_length

    if size == math.inf:
        size = None
    found = run_length(mean, k, h, math.inf if size is None else size, start, side)
    if as_json:
        from skyshield.cli.output import echo_json

        echo_json({"arl": found.arl if math.isfinite(found.arl) else None, "exact": found.exact,
                   "distribution": "poisson" if size is None else "negative binomial", "mean": mean, "size": size,
                   "k": k, "h": h, "start": start, "side": side})
        return
    kind = "exactly" if found.exact else "about"
    typer.echo(f"A false alarm once in {kind} {found.arl:,.2f} windows" if math.isfinite(found.arl)
               else "No false alarm within any number of windows that can be written")
