"""The table of ``skyshield scenario feasible``: an option a line, what binds, how much is possible, what it takes."""

from collections.abc import Mapping
from typing import Any

from skyshield.cli.output import figure, span
from skyshield.strategy.feasible import WORDS

_MILLION, _DAYS_A_MONTH = 1e6, 365.0 / 12.0


def show_feasible(screen: Any, content: Mapping[str, Any]) -> None:
    """Print the table and what is not known; `content` is from `skyshield.strategy.feasible.feasible`."""
    from rich.table import Table

    struck = f", without {', '.join(content['without'])}" if content["without"] else ""
    table = Table(title=f"whether {content['states']} states could provide it{struck}", title_justify="left", box=None,
                  pad_edge=False)
    for name in ("option", "now", "at start", "what binds", "needed", "there is", "largest share", "months"):
        table.add_column(name, justify="left" if name in ("option", "now", "at start", "what binds") else "right",
                         no_wrap=True)
    for name, option in content["options"].items():
        table.add_row(name, *_cells(option))
    screen.print(table)
    screen.print("yes: even if only states that have said yes give, and little; no: not even if all give that have not "
                 "refused, and much;\nundecided: in between, as what each state would release is unpublished. What "
                 "states have is general knowledge.\nmonths: until it is there; people, money and each capability: "
                 "--json")


def _cells(option: Mapping[str, Any]) -> list[str]:
    bound = option["capabilities"].get(option["binds"], {})
    scale = _MILLION if option["binds"] == "money_eur_a_year" else 1.0
    words = "million EUR a year" if scale != 1.0 else WORDS.get(option["binds"], "-").partition(",")[0]
    needed, there = (_ends(bound, what, scale) for what in ("need", "have"))
    waits = [start for start in option["starts"] if start["lead_days_high"] > 0]
    months = [max((start[f"lead_days_{end}"] for start in waits), default=0) / _DAYS_A_MONTH for end in ("low", "high")]
    return [option["now"]["answer"], option["answer"], words, needed, there,
            span(option["fits_low"], option["fits_high"]), span(*months)]


def _ends(bound: Mapping[str, Any], what: str, scale: float) -> str:
    if not bound:
        return "-"
    low, high = bound[f"{what}_low"], bound[f"{what}_high"]
    return f"{figure(low / scale)} or more" if high is None else span(low / scale, high / scale)
