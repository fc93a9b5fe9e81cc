"""``skyshield monitor check AGREEMENT``: does an act at a place and time breach an agreement, by which clause."""

from typing import Annotated, Any

import typer

HELP = ("Say whether an act breaches a ceasefire agreement: yes, no, or open where a term is not published or the "
        "error of a line decides. AGREEMENT is a shipped one (minsk-2015, measures-2020, paris-2026) or a YAML file.")
EXAMPLE = ("Example: skyshield monitor check minsk-2015 --act V2 --party UA --at 37.8,48.1 --time 2015-02-14T22:00:00Z")


def check(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="A shipped agreement or a YAML file.")],
    act: Annotated[str, typer.Option("--act", metavar="CODE", help="The code of the act, V1 to V12.")],
    party: Annotated[str, typer.Option("--party", metavar="PARTY", help="RU, UA, CO or OTHER.")],
    at: Annotated[str, typer.Option("--at", metavar="LON,LAT", help="The place in degrees, longitude first.")],
    time: Annotated[str, typer.Option("--time", metavar="TIME", help="The time with its zone.")],
    weapon: Annotated[str | None, typer.Option(
        "--weapon", metavar="NAME", show_default=False, help="The weapon, as the agreement names it.")] = None,
    exemption: Annotated[str | None, typer.Option(
        "--exemption", metavar="ID", show_default=False, help="The exemption that the party claims.")] = None,
    position_error_m: Annotated[float, typer.Option(
        "--position-error", metavar="M", help="The error of the place in metres, one standard deviation on each "
                                              "axis.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print whether an act is a breach.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the agreement cannot be read or a word is unknown to it.
    """
    from skyshield.monitoring.agreement import Act, check_act, load_agreement, read_place, read_time

    lon_deg, lat_deg = read_place(at)
    what = Act(act, party, lon_deg, lat_deg, read_time(time), weapon, exemption, position_error_m)
    content = check_act(load_agreement(agreement), what).to_dict()
    if as_json:
        from skyshield.cli.output import echo_json

        echo_json(content)
        return
    _show(content)


def _show(content: dict[str, Any]) -> None:
    typer.echo(f"breach: {content['breach']}")
    if not content["clauses"]:
        typer.echo("No clause speaks of this act by this party.")
    for row in content["clauses"]:
        why = f" ({'; '.join(row['why'])})" if row["why"] else ""
        typer.echo(f"{row['id']}: {row['breach']}{why}: {row['words']}.")
    if content["exemption"] is not None:
        of = content["exemption"]
        typer.echo(f"exemption {of['id']}, {of['status']}: {of['words']}."
                   + ("" if of["clauses"] else " No clause that speaks of this act knows it."))
    if content["distance_m"] is not None:
        metres = 1000.0
        typer.echo(f"{content['distance_m'] / metres:.0f} km from the party's line, with an error of at most "
                   f"{content['distance_error_m'] / metres:g} km")
