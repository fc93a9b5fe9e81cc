"""``skyshield strategy timing [DIR]``: what a promise, or a shield now, does to the pressure that a ceasefire takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say how much outside pressure a ceasefire takes if a ground force is promised for after it, or if SkyShield "
        "or aid is there now, and what both sides accept; a study gives the strikes stopped, all else is assumed.")
EXAMPLE = "Example: skyshield strategy timing --set R=5:20 --set chi=0.2"
_OTHERS_NEEDED = "the study, or the values of a file"


def timing(
    folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'; the shipped study if not given.",
        show_default=False)] = None,
    pairs: Annotated[list[str] | None, typer.Option(
        "--set", metavar="NAME=VALUE", help="Narrow an assumption to a value or, as LOW:HIGH, to an interval.",
        show_default=False)] = None,
    values: Annotated[Path | None, typer.Option(
        "--values", metavar="YAML", readable=False, show_default=False,
        help="One value of each quantity: check the equations by hand, without a study.")] = None,
    elicited: Annotated[list[Path] | None, typer.Option(
        "--elicited", metavar="FILE", readable=False, show_default=False,
        help="What one person holds; give it again for others, who are shown side by side.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print what the equations of timing say.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study, or a value or assumption cannot be.
    """
    from skyshield.cli.output import console, echo_json
    from skyshield.core.errors import SkyShieldError

    if values is not None:
        if folder is not None or pairs or elicited:
            raise SkyShieldError("--values", f"stands beside {'DIR' if folder else '--set' if pairs else '--elicited'}",
                                 f"ask either for {_OTHERS_NEEDED}")
        from skyshield.strategy.assumptions import read_values
        from skyshield.strategy.timing import closed_form, read_closed_form
        from skyshield.strategy.timing_study import EQUATION

        found = {**closed_form(read_closed_form(read_values(values), str(values))), "equation": dict(EQUATION)}
        if as_json:
            echo_json(found)
        else:
            _show_values(console(), found)
        return
    content = _of_study(folder, pairs or [], elicited or [])
    if as_json:
        echo_json(content)
        return
    _show(console(), content)


def _of_study(folder: Path | None, pairs: Sequence[str], files: Sequence[Path]) -> dict[str, Any]:
    """Return the answer of a study; one person's intervals are its assumptions, those of several stand beside them."""
    from skyshield.catalogue import load_catalogue
    from skyshield.core.errors import SkyShieldError
    from skyshield.strategy.assumptions import as_elicited, read_elicited, with_set
    from skyshield.strategy.figures import open_figures
    from skyshield.strategy.timing_options import timing_assumptions
    from skyshield.strategy.timing_study import timing_answer

    catalogue = load_catalogue()
    known = timing_assumptions(catalogue)
    people = [read_elicited(path) for path in files]
    for person, path in zip(people, files, strict=True):
        if [one.person for one in people].count(person.person) > 1:
            raise SkyShieldError(f"{path}: person", f"is {person.person!r}, who is there twice",
                                 "give each a name of their own")
        as_elicited(known, "timing", person, str(path))
    if len(people) == 1:
        known = as_elicited(known, "timing", people[0], str(files[0]))
    return timing_answer(open_figures(folder), catalogue, with_set(known, pairs), "assumption", people)


def _show_values(screen: Any, found: Mapping[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import figure

    table = Table(title="what one value of each quantity says", title_justify="left", box=None, pad_edge=False)
    for name in ("", "none", "force, promised", "shield, now"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for label, key in (("pressure that a ceasefire takes, m*", "m_star"), ("zone of agreement, Z", "agreement"),
                       ("pressure at which Z = 0", "pressure_at_zero"), ("most that Ukraine concedes", "x_ukraine"),
                       ("least that Russia needs", "x_russia")):
        table.add_row(label, *(figure(found[key][name]) for name in ("none", "force", "shield")))
    screen.print(table)
    star = found["chi_star"]
    strikes, ceasefire = (figure(found["gamma_brackets"][name]) for name in ("strikes", "ceasefire"))
    screen.print(f"paradox of the promise: {figure(found['paradox'])}; timing gain of the shield: "
                 f"{figure(found['gamma'])}, of it {strikes} from strikes stopped and {ceasefire} from the ceasefire's "
                 f"worth; it changes sign at chi = {star if isinstance(star, str) else figure(star)}", soft_wrap=True)


def _show(screen: Any, content: Mapping[str, Any]) -> None:
    for mark in content["marks"]:
        screen.print(f"! {mark}", soft_wrap=True)
    for line in sentences(content):
        screen.print(line, soft_wrap=True)
    screen.print(_table(content))
    for line in (*_thresholds(content), *_people(content)):
        screen.print(line, soft_wrap=True)
    screen.print(_pressure_table(content))
    assumed = [row["symbol"] for row in content["basis"] if row["basis"] == "assumed"]
    elicited = [row["symbol"] for row in content["basis"] if row["basis"] == "elicited"]
    screen.print(f"\nassumed, measured by nobody: {', '.join(assumed)}"
                 + (f"; elicited: {', '.join(elicited)}" if elicited else "")
                 + "; from the study: strikes stopped (dh) alone; intervals and sources: --json", soft_wrap=True)


def sentences(content: Mapping[str, Any]) -> list[str]:
    """Return what the answer says, in three sentences."""
    from skyshield.cli.output import span

    paradox, hazard = content["force"]["paradox"], content["hazard"]
    way = {"positive": "raises", "negative": "lowers", "both": "may raise or lower", "zero": "leaves as it is"}
    lines = [f"Promising a ground force {way[paradox['sign']]} the pressure that a ceasefire takes: by "
             f"{span(paradox['low'], paradox['high'])} {content['equation']['unit']} a year."]
    if content["lead"] is not None:
        of = content["options"][content["lead"]]
        gain = {"positive": "saves pressure", "negative": "costs pressure", "both": "may save or cost pressure",
                "zero": "changes nothing"}
        first, head = of["brackets"]["strikes"]["headline"], of["gamma"]["headline"]
        whole = span(head["low"], head["high"])
        lines.append(f"{of['label']} now {gain[head['sign']]} against that promise: {whole}, of which the strikes it "
                     f"stops are {span(first['low'], first['high'])}; the rest is what a ceasefire "
                     "is thought to be worth to Russia.")
    else:
        lines.append("The study has no option that is SkyShield alone.")
    turn = {"positive": "is raised", "negative": "is lowered", "both": "is raised or lowered", "zero": "is not moved"}
    lines.append(f"Through deterrence alone the pressure {turn[hazard['sign']]} when a guarantee makes renewed war "
                 "rarer: raised only if renewed war is worth more to Russia than a truce that lasts (rho R > x - s), "
                 f"which turns at an R of {span(hazard['turns_at_R']['low'], hazard['turns_at_R']['high'])}.")
    return lines


def _table(content: Mapping[str, Any]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import span

    def cell(of: Mapping[str, Any], scale: float = 1.0) -> str:
        return span(*(round(of[end] * scale, _PLACES) for end in ("low", "high")))

    table = Table(title=f"\nagainst a promised ground force ({content['equation']['unit']}, a year; strikes: headline)",
                  title_justify="left", box=None, pad_edge=False)
    table.add_column("option", no_wrap=True)
    for name in ("armed threats stopped", "strikes' part", "ceasefire's part", "gain", "sign, every arm",
                 "promised instead"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, of in content["options"].items():
        brackets = of["brackets"]
        table.add_row(name, cell(of["dh"]["headline"], 1e3), cell(brackets["strikes"]["headline"]),
                      cell(brackets["ceasefire"]), cell(of["gamma"]["headline"]), of["sign"], cell(of["paradox"]))
    return table


def _thresholds(content: Mapping[str, Any]) -> list[str]:
    lines = ["\nWhat would settle a sign, whatever everything else is"]
    lines += _settled("paradox of a promised ground force", content["force"]["settled_by"], "no three assumptions")
    for name, rows in content["settled_by_two"].items():
        lines += _settled(f"gain of {name}", rows, "no two assumptions")
    undefined = [name for name, of in content["options"].items() if isinstance(of["chi_star"], str)]
    if undefined:
        lines.append(f"  chi at which the gain changes sign: undefined for {', '.join(undefined)}, which in some arm "
                     "may stop no strikes at all")
    return lines


_FEW, _PLACES = 3, 3


def _settled(what: str, rows: Sequence[Mapping[str, Any]], none: str) -> list[str]:
    from skyshield.cli.output import figure

    if not rows:
        return [f"  {what}: {none} at once"]
    words = {"at_least": "at least", "at_most": "at most"}
    told = [f"{row['sign']} if " + " and ".join(f"{one['symbol']} is {words[one['side']]} {figure(one['value'])}"
                                                 for one in row["if"]) for row in rows[:_FEW]]
    more = f" ({len(rows) - _FEW} more: --json)" if len(rows) > _FEW else ""
    return [f"  {what}: {'; '.join(told)}{more}"]


def _people(content: Mapping[str, Any]) -> list[str]:
    from skyshield.cli.output import span

    differ = content["people_differ"]
    if not differ:
        return []
    lines = ["\nPeople side by side, never averaged"]
    for name, of in differ["intervals"].items():
        said = ", ".join(f"{person} {span(*ends)}" for person, ends in of["by_person"].items())
        lines.append(f"  {name}: {said}" + ("" if of["overlap"] else "; they do not overlap"))
    lines += [f"  {row['of']} of {row['option']}: "
              + ", ".join(f"{who} {sign}" for who, sign in row["by_person"].items()) for row in differ["signs"]]
    return [*lines, "  it matters: a sign differs" if differ["matters"] else "  it does not matter: no sign differs"]


def _pressure_table(content: Mapping[str, Any]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import span

    table = Table(title="\nwho pays for pressure (billion EUR a year)", title_justify="left", box=None, pad_edge=False)
    for name in ("part", "what", "amount", "who", "source"):
        table.add_column(name, justify="right" if name == "amount" else "left", no_wrap=True)
    for row in content["pressure"]:
        table.add_row(row["part"], row["what"], span(row["low_eur_a_year"] / 1e9, row["high_eur_a_year"] / 1e9),
                      f"{row['who']}: {row['how']}", ", ".join(row["source"]))
    return table
