"""``skyshield monitor``: what a ceasefire agreement forbids, and a record of it that shows tampering."""

import typer

from skyshield.cli import (
    monitor_arl,
    monitor_assess,
    monitor_case,
    monitor_check,
    monitor_cosign,
    monitor_design,
    monitor_erase,
    monitor_export,
    monitor_game,
    monitor_holding,
    monitor_ingest,
    monitor_init,
    monitor_proof,
    monitor_rates,
    monitor_report,
    monitor_verify,
)

HELP = "Keep the record of a ceasefire: what was observed, in a signed ledger that shows any change."

app = typer.Typer(name="monitor", add_completion=False, pretty_exceptions_enable=False, help=HELP,
                  rich_markup_mode=None, no_args_is_help=True,
                  epilog="Example: skyshield monitor init mission --agreement minsk-2015")
for _name, _module, _command in (  # one line a command, in the order in which help lists them
    ("check", monitor_check, monitor_check.check),
    ("init", monitor_init, monitor_init.init),
    ("ingest", monitor_ingest, monitor_ingest.ingest),
    ("verify", monitor_verify, monitor_verify.verify),
    ("export", monitor_export, monitor_export.export),
    ("proof", monitor_proof, monitor_proof.proof),
    ("cosign", monitor_cosign, monitor_cosign.cosign),
    ("erase", monitor_erase, monitor_erase.erase),
    ("assess", monitor_assess, monitor_assess.assess),
    ("holding", monitor_holding, monitor_holding.holding),
    ("arl", monitor_arl, monitor_arl.arl),
    ("report", monitor_report, monitor_report.report),
    ("case", monitor_case, monitor_case.case),
    ("design", monitor_design, monitor_design.design),
    ("game", monitor_game, monitor_game.game),
    ("rates", monitor_rates, monitor_rates.rates),
):
    app.command(_name, help=_module.HELP, epilog=_module.EXAMPLE)(_command)
