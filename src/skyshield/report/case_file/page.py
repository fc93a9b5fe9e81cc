"""A case as a page that fetches nothing: the answer, what it rests on, who voted how, how to check it."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from skyshield.monitoring.agreement.model import ACTS, PARTIES
from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.report.brief.page import page_css
from skyshield.report.pages import environment
from skyshield.report.text import number

Block = dict[str, Any]
_OPEN, _MOST_RATIO = "open", 10_000
_NAMES = {"OTHER": "the formations"}
_SAID = ("weapon", "direction", "fire_bearing_deg", "count", "killed", "injured", "party")


def html(content: Mapping[str, Any]) -> bytes:
    """Return the page of a case."""
    ledger = content["ledger"]
    told = {"language": "en", "kicker": f"SkyShield: file of case {content['case']}", "title": _title(content),
            "question": _event(content), "pages": [
                [*_answer(content), *_clause(content)], _attribution(content), _commission(content),
                [*_evidence(content), *_steps(content)]],
            "foot": f"Ledger {ledger['origin']}, {ledger['size']:,} entries, root {ledger['root']}"}
    shown = environment().get_template("brief.html.j2").render(brief=told, css=Markup(page_css()))  # noqa: S704
    return str(shown).lstrip().encode()


def _party(code: str) -> str:
    return code if code == UNDETERMINED else f"{_NAMES.get(code, PARTIES[code])} ({code})"


def _percent(share: float) -> str:
    shown = f"{100.0 * share:.0f}%"
    return ">99%" if shown == "100%" and share < 1.0 else "<1%" if shown == "0%" and share > 0.0 else shown


def _ratio(value: float) -> str:
    """Return a likelihood ratio; beyond what anybody could mean only that it is."""
    if value > _MOST_RATIO:
        return f"over {_MOST_RATIO:,}"
    return f"under 1/{_MOST_RATIO:,}" if value < 1.0 / _MOST_RATIO else number(value)


def _title(content: Mapping[str, Any]) -> str:
    decision, act = content["decision"], ACTS.get(content["event"]["act"], "event without an act named")
    what = f"{act[:1].upper()}{act[1:]}, {content['event']['time'][:10]}"
    if decision is not None:
        who = "nobody" if decision["party"] == UNDETERMINED else _party(decision["party"])
        return f"{what}: the commission puts it down to {who}"
    party = content["attribution"]["party"]
    if party == UNDETERMINED:
        return f"{what}: whose it was is undetermined, nothing is decided"
    return f"{what}: the evidence points to {_party(party)}, nothing is decided"


def _event(content: Mapping[str, Any]) -> str:
    event = content["event"]
    return (f"{event['time']}, {event['lat']:.2f} N {event['lon']:.2f} E (one standard deviation "
            f"{number(event['position_error_m'] / 1000.0)} km). Under {content['agreement']['title']}.")


def _items(rows: Sequence[tuple[str, str]]) -> Block:
    return {"kind": "items", "items": [list(row) for row in rows]}


def _heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def _text(text: str) -> Block:
    return {"kind": "text", "style": "body", "text": text}


def _grid(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], words: int) -> Block:
    return {"kind": "grid", "title": title, "head": list(head), "rows": [[[cell, ""] for cell in row] for row in rows],
            "note": "", "words": words}


def _answer(content: Mapping[str, Any]) -> list[Block]:
    event = content["event"]
    return [_items([
        ("Level", f"{content['level']}; P(real) {_percent(event['p_real'])}"),
        ("Severity", f"{content['severity']} of 5; intent {content['intent']}"),
        ("Breach", f"{content['clause']['breach']} ({content['clause']['why']})"),
        ("Witnesses", f"{len(event['witnesses'])} of {len(event['records'])} records, by "
                      f"{', '.join(event['methods'])}")])]


def _clause(content: Mapping[str, Any]) -> list[Block]:
    rows = [(_party(party), answer["breach"], row["id"], row["breach"],
             f"{row['words']}{' (' + '; '.join(row['why']) + ')' if row['why'] else ''}")
            for party, answer in content["clause"]["parties"].items()
            for row in answer["clauses"] or [{"id": "–", "breach": "no", "words": "no clause speaks of it", "why": []}]]
    if not rows:
        return [_heading("Clause"), _text("The agreement cannot be asked: " + str(content["clause"]["why"]) + ".")]
    return [_heading("Clause"), _grid("What the agreement says, by who it would have been",
                                      ("if it was", "breach", "clause", "of it", "words"), rows, 5)]


def _attribution(content: Mapping[str, Any]) -> list[Block]:
    of = content["attribution"]
    blocks = [_heading("Attribution")]
    if of["shares"]:
        blocks.append(_grid("Probability at even odds, and its interval over what is assumed",
                            ("party", "P", "interval"),
                            [(_party(party), _percent(share["p"]), f"{_percent(share['lo'])}–{_percent(share['hi'])}")
                             for party, share in of["shares"].items()], 1))
    if of["items"]:
        blocks.append(_grid("What it rests on", ("evidence", "records", "favours", "ratio", "interval"),
                            [(f"{row['kind']}: {row['says']}", ", ".join(map(str, row["records"])),
                              _party(row["favours"]), _ratio(row["ratio"]),
                              f"{_ratio(row['lo'])} to {_ratio(row['hi'])}") for row in of["items"]], 3))
    else:
        blocks.append(_text("No evidence tells one party from another."))
    return blocks + [_text(f"{row['source']} says that it was {_party(row['party'])} (records "
                           f"{', '.join(map(str, row['records']))}); this is not weighed.") for row in of["told"] or ()]


def _commission(content: Mapping[str, Any]) -> list[Block]:
    rule, decision = content["rule"], content["decision"]
    if rule is None:
        told = "The agreement names no commission: who decides, and by what majority, is open."
    elif rule["status"] == _OPEN:
        told = f"{rule['words']}. Who sits on it and by what majority it decides is open."
    else:
        told = f"{rule['words']}. Majority: {rule['majority'].replace('_', ' ')} of {len(rule['members'])} members."
    blocks = [_heading("Commission"), _text(told)]
    if content["votes"]:
        blocks.append(_grid("Votes", ("member", "vote", "for", "time"),
                            [(row["member"], row["vote"], _party(row["party"]) if "party" in row else "–", row["time"])
                             for row in content["votes"]], 4))
    else:
        blocks.append(_text("Nobody has voted."))
    if content["dissent"]:
        blocks += [_heading("Dissent"), _items([(row["by"], row["text"]) for row in content["dissent"]])]
    if decision is not None:
        rows = [("Party", _party(decision["party"])), ("Majority", decision["majority"].replace("_", " ")),
                *((name.capitalize(), decision[name]) for name in ("breach", "intent", "text") if name in decision)]
        blocks += [_heading("Decision"), _items(rows)]
    if content["remedy"]:
        blocks += [_heading("Remedy"), _items([
            (row.get("remedy", "own words"), "; ".join(filter(None, (
                row.get("words"), row.get("text"), f"by {row['by']}" if "by" in row else "",
                f"status {row['status']}")))) for row in content["remedy"]])]
    return blocks


def _evidence(content: Mapping[str, Any]) -> list[Block]:
    rows = []
    for one in content["evidence"]:
        leaf = one["leaf"]
        said = [f"{name} {leaf[name]}" for name in _SAID if name in leaf]
        rows.append((str(one["number"]), leaf["time"], leaf["source"], leaf["method"], ", ".join(said) or "–",
                     "yes" if one["witness"] else "no", one["proof"]))
    return [_heading("Evidence"), _grid("Records of the event; a copy or a repeat is no witness", (
        "record", "time", "source", "method", "says", "witness", "proof"), rows, 7)]


def _steps(content: Mapping[str, Any]) -> list[Block]:
    rows = [(str(one["entry"]), one["step"], one["time"], one["proof"]) for one in content["steps"]]
    return [_heading("Steps, each an entry of the ledger"), _grid("", ("entry", "step", "time", "proof"), rows, 4),
            _heading("How to check this file"),
            _text("Each record and step lies in the folder proofs as it was logged, beside a proof in the format "
                  "c2sp.org/tlog-proof. Run check_proofs.py with the verifier key that the mission gave on paper; it "
                  "needs nothing of SkyShield. Restricted fields stand in a record as salted digests.")]
