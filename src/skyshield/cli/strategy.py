"""``skyshield strategy``: the other guarantees as equations, and what a study says to them. A file for each command."""

import typer

from skyshield.cli import strategy_ledgers

HELP = "Read what a study says of the other guarantees: who gains, on what legal basis, what the interests face."

app = typer.Typer(name="strategy", add_completion=False, pretty_exceptions_enable=False, help=HELP,
                  rich_markup_mode=None, no_args_is_help=True, epilog=strategy_ledgers.EXAMPLE)
app.command("ledgers", help=strategy_ledgers.HELP, epilog=strategy_ledgers.EXAMPLE)(strategy_ledgers.ledgers)


@app.callback()
def group() -> None:
    """Keep the group one, however few commands it has."""
