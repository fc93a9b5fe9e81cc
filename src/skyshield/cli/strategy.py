"""``skyshield strategy``: the other guarantees as equations, and what a study says to them. A file for each command."""

import typer

from skyshield.cli import (
    strategy_commitments,
    strategy_ladder,
    strategy_ledgers,
    strategy_renewal,
    strategy_response,
    strategy_timing,
)

HELP = ("See who would answer if a guarantee is called in, who would pay for an option, how far an incident may carry, "
        "and what a study says of who gains, on what legal basis, and what the interests face.")

app = typer.Typer(name="strategy", add_completion=False, pretty_exceptions_enable=False, help=HELP,
                  rich_markup_mode=None, no_args_is_help=True, epilog="Example: skyshield strategy commitments")
app.command("commitments", epilog=strategy_commitments.COMMITMENTS)(strategy_commitments.commitments)
app.command("burden", epilog=strategy_commitments.BURDEN)(strategy_commitments.burden)
app.command("timing", help=strategy_timing.HELP, epilog=strategy_timing.EXAMPLE)(strategy_timing.timing)
app.command("response", help=strategy_response.HELP, epilog=strategy_response.EXAMPLE)(strategy_response.response)
app.command("ladder", help=strategy_ladder.HELP, epilog=strategy_ladder.EXAMPLE)(strategy_ladder.ladder)
app.command("ledgers", help=strategy_ledgers.HELP, epilog=strategy_ledgers.EXAMPLE)(strategy_ledgers.ledgers)
app.command("renewal", help=strategy_renewal.HELP, epilog=strategy_renewal.EXAMPLE)(strategy_renewal.renewal)
