"""``skyshield monitor holding``: did the rate of events change, and is it still that of the baseline."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say whether a ceasefire is holding: when the rate of events changed and how sure that is, alarms against a "
        "baseline, silences, and when nobody watched. Counts come from a ledger, a CSV of windows "
        "(from,to,count,exposure) or the raid record.")
EXAMPLE = "Example: skyshield monitor holding --series weeks.csv --arl 500"
_BARS, _COLUMNS, _LONG = "▁▂▃▄▅▆▇█", 100, 1e9


def holding(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", readable=False, show_default=False,
                                                  help="The folder of a ledger.")] = None,
    series: Annotated[Path | None, typer.Option("--series", metavar="CSV", readable=False, show_default=False,
                                                help="Counts by window: from,to,count,exposure.")] = None,
    record: Annotated[Path | None, typer.Option("--record", metavar="CSV", readable=False, show_default=False,
                                                help="The record of raids, counted in launches.")] = None,
    alerts: Annotated[Path | None, typer.Option(
        "--alerts", metavar="CSV", readable=False, show_default=False,
        help="Air-raid alerts, which tell a quiet time from one that no bulletin reported.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WINDOW", show_default=False, help="day or week; week, or "
                                           "the windows of the CSV, if not given.")] = None,
    measure: Annotated[str, typer.Option("--measure", metavar="COUNTED", help="events or deaths.")] = "events",
    baseline: Annotated[str | None, typer.Option(
        "--baseline", metavar="DATE,DATE", show_default=False,
        help="First and last day that the charts compare with; the first quarter if not given.")] = None,
    arl: Annotated[float | None, typer.Option("--arl", metavar="N", show_default=False, help="Windows between false "
                                              "alarms, both sides together; ten years if not given.")] = None,
    k: Annotated[float | None, typer.Option("--k", metavar="K", show_default=False, help="Reference value of the "
                                            "chart of rises; quickest for a doubled rate if not given.")] = None,
    h: Annotated[float | None, typer.Option("--h", metavar="N", show_default=False, help="Its alarm limit, in place "
                                            "of --arl.")] = None,
    rate: Annotated[float | None, typer.Option("--rate", metavar="N", show_default=False,
                                               help="Changes a year expected beforehand; 1 if not given.")] = None,
    gap_probability: Annotated[float | None, typer.Option(
        "--gap-probability", metavar="N", show_default=False,
        help="Probability of a change before each window, in place of --rate.")] = None,
    size: Annotated[float | None, typer.Option("--size", metavar="N", show_default=False, help="Size of the negative "
                                               "binomial; averaged over what the counts allow if not given.")] = None,
    season: Annotated[bool, typer.Option("--season", help="Take a yearly wave out first; needs three years.")] = False,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", show_default=False,
                                               help="Only records of this source of the ledger.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", show_default=False,
                                              help="First day; that of the first event if not given.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", show_default=False,
                                             help="Last day; that of the last event if not given.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", show_default=False, help="Also write a picture: "
                                             "a file that ends in .png or .svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print changes, alarms, lulls and gaps.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the counts cannot be read or a figure is out of its range.
    """
    from skyshield.cli.output import echo_json, progress_bar
    from skyshield.monitoring.holding.judge import Asked, judge, read_baseline, read_counts, read_day

    if out is not None:
        from skyshield.report.holding_figure import kind_of

        kind_of(out)
    asked = Asked(by, measure, read_day("--from", first), read_day("--to", last), source, read_baseline(baseline),
                  k, h, arl, rate, gap_probability, size, season)
    with progress_bar("reading", "records") as told:
        counted = read_counts(folder, series, record, alerts, asked, told)
    with progress_bar("weighing changes", "sizes") as told:
        judgement = judge(counted, asked, told)
    content = judgement.to_dict()
    if out is not None:
        from skyshield.report.holding_figure import write_holding

        read = next(path for path in (folder, series, record) if path is not None)
        write_holding(out, content, judgement.windows(), f"Source: {read.resolve().name}")
    if as_json:
        echo_json(content)
        return
    _show(content, judgement.counted.series.count.tolist(), judgement.counted.series.exposure.tolist())


def _show(content: dict[str, Any], counts: list[float], exposures: list[float]) -> None:
    from skyshield.cli.output import console, figure

    screen = console()
    of, now = content["series"], content["now"]
    per = "window" if of["exposure_unit"] == "1" else of["exposure_unit"]
    screen.print(f"{of['count']:,.0f} {of['measure']} in {of['windows']:,} windows, {of['from']} to {of['to']}")
    screen.print(_timeline(counts, exposures))
    screen.print(f"now {figure(now['rate'])} a {per} since {now['since']}, {figure(now['over_baseline'])} times the "
                 f"baseline's; a change in the last two weeks: {now['p_recent_change']:.0%}")
    _table("Changes of the rate", [{"week or day": row["date"], "from": row["lo"], "to": row["hi"],
                                    "probability": f"{row['p']:.3f}", "before": figure(row["before"]),
                                    "after": figure(row["after"])} for row in content["changes"]], "none is likely")
    _charts(content)
    rows = [{"what": row["source"], "from": row["from"], "to": row["to"], "hours": f"{row['hours']:,.1f}",
             **{key: str(row[key]) for key in ("verdict", "watcher_hours") if row.get(key) is not None}}
            for row in content["lulls"]]
    _table("Silences, the longest first", rows, "none of a day or more")
    _table("Nobody watched", [{"from": row["from"], "to": row["to"], "hours": f"{row['hours']:,.0f}",
                               "why": row["why"]} for row in content["gaps"]], "")
    _table("Exercises, not counted", content["exercises"], "")
    for text in content["notes"]:
        screen.print(f"note: {text}")


def _timeline(counts: list[float], exposures: list[float]) -> str:
    """Draw counts per exposure as bars on a scale of square roots, several windows in one where there are many."""
    import math

    step = -(-len(counts) // _COLUMNS)
    rates = [sum(counts[i:i + step]) / sum(exposures[i:i + step]) for i in range(0, len(counts), step)]
    top = math.sqrt(max(rates)) or 1.0
    return "".join(_BARS[round(math.sqrt(rate) / top * (len(_BARS) - 1))] for rate in rates)


def _charts(content: dict[str, Any]) -> None:
    from skyshield.cli.output import console, figure

    base, cusum, screen = content["baseline"], content["cusum"], console()
    screen.print(f"\nbaseline {base['first']} to {base['last']}: {figure(base['mean'])} a window, size "
                 f"{figure(base['size'])} ({base['size_from']})" + ("" if base["given"] else ", for none was given"))
    for name in ("up", "down"):
        side = cusum[name]
        middle, low, high = (_run_length(side[of]) for of in ("arl", "arl_lo", "arl_hi"))
        screen.print(f"  chart {name}: k {side['k']:g}, h {side['h']:g}, a false alarm once in {middle} windows ({low} "
                     f"to {high}: the mean is not known exactly)")
    rows = []
    for name, alarms in (("cusum", content["alarms"]), ("e-detector", content["e_detector"]["alarms"])):
        for side in ("up", "down"):
            dates = [row["date"] for row in alarms if row["side"] == side]
            if dates:
                rows.append({"by": name, "side": side, "alarms": len(dates), "first": dates[0], "last": dates[-1]})
    _table("Alarms against the baseline, each from a fresh start", rows, "none")


def _run_length(windows: float | None) -> str:
    from skyshield.cli.output import figure

    return figure(windows) if windows is not None and windows < _LONG else "over a billion"


def _table(title: str, rows: list[dict[str, Any]], without: str) -> None:
    """Print a table; one without rows as a line, or not at all if nothing is to be said."""
    from rich.table import Table

    from skyshield.cli.output import console

    if not rows:
        if without:
            console().print(f"\n{title}: {without}")
        return
    console().print(f"\n{title}")
    table = Table(box=None, pad_edge=False)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        table.add_column(name, no_wrap=True)
    for row in rows:
        table.add_row(*(str(row.get(name, "")) for name in names))
    console().print(table)
