"""``skyshield verify``: the program against closed forms, and what happens if a parameter is moved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from skyshield.evidence.verification.case import Outcome

HELP = "Compare what the program computes with closed forms, case by case, and say which agree."
EXAMPLE = "Example: skyshield verify --json"

DIGITS = 12

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="verify", help=HELP, epilog=EXAMPLE)
def run(
    perturb: Annotated[str | None, typer.Option(
        metavar="NAME=+5%",
        help="Move the parameter of a case, on the side of the program alone: the case must fail.")] = None,
    seed: Annotated[int | None, typer.Option(
        metavar="N", help="Seed of the cases that draw; a fixed one if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Verify the program.

    Raises
    ------
    SkyShieldError
        Exit code 2 for a case that there is not, or that has no parameter, and for what is no percentage.
    """
    from skyshield.cli.output import progress_bar
    from skyshield.core.errors import FAILED
    from skyshield.evidence.verification.registry import SEED, perturbation, verify
    from skyshield.study.plan import check_seed

    chosen = SEED if seed is None else seed
    check_seed(chosen)
    moved = None if perturb is None else perturbation(perturb)
    with progress_bar("verifying", "cases") as progress:
        outcomes = verify(chosen, moved, progress)
    if as_json:
        _echo({"cases": [as_data(outcome) for outcome in outcomes], "seed": chosen, "perturbed": perturb})
    else:
        _show(outcomes, chosen, perturb)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(FAILED)


def _echo(content: dict[str, Any]) -> None:
    """Write one JSON object, with digits enough to see a difference of 1e-9."""
    import json

    from skyshield.study.compare import rounded

    typer.echo(json.dumps(rounded(content, DIGITS), indent=1, ensure_ascii=False, allow_nan=False))


def as_data(outcome: "Outcome") -> dict[str, Any]:
    """Return an outcome as plain data; what is no number, and so has failed, is None."""
    import math

    case, result = outcome.case, outcome.result
    numbers = {"exact": result.exact, "simulated": result.simulated, "se": result.se, "tolerance": outcome.tolerance}
    return {"name": case.name, "family": case.family, "model": case.model,
            **{name: value if math.isfinite(value) else None for name, value in numbers.items()},
            "passed": outcome.passed, "perturbable": case.perturbable, "parameter": case.parameter, "n": result.n}


def _show(outcomes: Sequence["Outcome"], seed: int, perturb: str | None) -> None:
    from rich.table import Table

    from skyshield.cli.output import console

    screen = console()
    table = Table(title="What the program computes (simulated) against what follows without it (exact)",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("case", "exact", "simulated", "standard error", "may differ by", "drawn", "outcome"):
        is_text = name in ("case", "outcome")
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for outcome in outcomes:
        result = outcome.result
        table.add_row(outcome.case.name, f"{result.exact:.7g}", f"{result.simulated:.7g}",
                      f"{result.se:.2g}" if result.n else "none", f"{outcome.tolerance:.2g}",
                      f"{result.n:,}" if result.n else "-", "passed" if outcome.passed else "FAILED")
    screen.print(table)
    failed = [outcome.case for outcome in outcomes if not outcome.passed]
    text = f"{len(outcomes) - len(failed)} of {len(outcomes)} cases passed (seed {seed})"
    screen.print(f"\n{text}" + (f"; {perturb} moved {_parameter(outcomes, perturb)}" if perturb else ""))
    for case in failed:
        screen.print(f"FAILED {case.name}: {case.model}", soft_wrap=True)


def _parameter(outcomes: Sequence["Outcome"], perturb: str) -> str:
    name = perturb.partition("=")[0].strip()
    return next(outcome.case.parameter for outcome in outcomes if outcome.case.name == name)
