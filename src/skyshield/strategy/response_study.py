"""The response dilemma over a study: for every option, what a strike on its people would leave the West to choose from.

Strikes and casualties come from the study (`skyshield.strategy.response_strikes`), losses are assumptions, each an
interval (`skyshield.strategy.response_box`). An option whose people nobody can reach has no dilemma of this kind; every
other one, the proposed zone with its crews, aircrew and bases included, goes through the same equations. What is said
of an option holds for a strike that comes, whatever its probability, and is told apart for a strike on average and for
a severe one. Statements of Moscow and the anchors stand beside the results; nothing in them moves a figure.
"""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.forces import ForcePackage
from skyshield.strategy.assumptions import Assumptions, Elicited, as_elicited, read_values, value_of
from skyshield.strategy.equilibrium import AttackGame, bimatrix, perfect, strategic_form
from skyshield.strategy.exposure import laws
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.ladder import jeffreys
from skyshield.strategy.response import (
    ANSWERS,
    EQUATION,
    NONE,
    Answer,
    Losses,
    check_answers,
    choice,
    cost,
    costs,
    credibility_loss,
    expected_imposed,
    game_of,
    switches,
)
from skyshield.strategy.response_box import Box, Interval, can_be_best, check_interval, corner, edges, ties, verdict
from skyshield.strategy.response_strikes import MASS, Strike, Struck, a_strike, p_any, p_mass, roles, strikes_of, table

_SYMBOLS = ("r", "p_n", "p_r", "L_kin", "k")
_LOSSES = ("L0", "c0", "L_next", "L_war", "b", "tolerance")
_VALUES = ("L0", "c0", "L_next", "L_war", "b", "L_cred", "c", "actions")
AVERAGE, SEVERE = "average", "severe"
STRIKES = {AVERAGE: "a strike, its L_cred on average over what it may cost",
           SEVERE: "a strike that costs as many as one in twenty does or more"}


def box_of(known: Assumptions) -> Box:
    """Return the intervals of the dilemma.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.assumptions import assumptions
    >>> box = box_of(assumptions(load_catalogue(), "response"))
    >>> box.answers["none"][1].restored, box.answers["in_kind"][1].restored
    (0.0, 1.0)
    """
    ends = {name: (one.low, one.high) for name, one in known.items()}
    for name, interval in ends.items():
        check_interval(interval, name)
        if interval[0] < 0.0:
            raise SkyShieldError(name, f"is {interval[0]:g}", "give numbers from 0")
    if ends["c0"][0] == 0.0:
        raise SkyShieldError("c0", "is 0", "give casualties above 0")
    # Not answering restores nothing and costs nobody anything by itself: it has p_n alone.
    answers = {name: tuple(Answer(*(ends.get(f"{symbol}_{name}", (0.0, 0.0))[end] for symbol in _SYMBOLS))
                           for end in range(2)) for name in ANSWERS}
    for end in range(2):
        check_answers({name: of[end] for name, of in answers.items()}, "answers")
    return Box({name: (low, high) for name, (low, high) in answers.items()}, *(ends[name] for name in _LOSSES))


def response_json(figures: StudyFigures, packages: Mapping[str, Sequence[ForcePackage]], catalogue: Catalogue,
                  known: Assumptions, people: Sequence[Elicited] = ()) -> dict[str, Any]:
    """Return what a study and the assumptions say of the response dilemma, as plain data.

    Parameters
    ----------
    figures
        What the study says.
    packages
        Option -> its packages.
    catalogue
        With what a strike costs.
    known
        The assumptions, see `skyshield.strategy.assumptions.assumptions`.
    people
        Who has been asked; what each holds is told beside the others, never put together.

    Raises
    ------
    SkyShieldError
        If a number cannot be, or two files are of the same person.
    """
    box, struck = box_of(known), strikes_of(figures, {name: packages[name] for name in figures.options}, catalogue)
    names = [one.person for one in people]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SkyShieldError("--elicited", f"names {twice!r} twice", "give each person one file")
    held = {one.person: as_elicited(known, "response", one, f"--elicited {one.person}") for one in people}
    by_person = {person: box_of(numbers) for person, numbers in held.items()}
    said = table()
    return {
        "study_key": figures.study_key, "days": figures.days, "baseline": figures.baseline, "marks": figures.marks,
        "equation": _equations(), "basis": [*(one.plain() for one in known.values()), *_data_rows(figures, struck)],
        "thresholds": _thresholds(box), "strikes": STRIKES,
        "options": {name: _option(figures, name, of, box) for name, of in struck.items()},
        "costlier": _costlier(struck, box.scale),
        "threats": _threats(box), "surfaces": [_answer_surface(box)], "anchors": anchors(),
        "caveat": said["caveat"], "tripwires": said["tripwires"], "moscow": said["moscow"],
        "sources": said["sources"], "elicited": _side_by_side(held, by_person, struck)}


def anchors() -> dict[str, dict[str, Any]]:
    """Return the cases seen elsewhere: share answered with force, at full weight and at the most that is fitting.

    Examples
    --------
    >>> [round(end, 4) for end in anchors()["attacks_on_us_bases"]["full_weight"].values()]
    [0.0239, 0.0921]
    """
    most = table()["most_weight"]
    return {name: {**row, "weight_at_most": most,
                   "full_weight": _plain(jeffreys(row["answered"], row["attacks"])),
                   "fitting_weight": _plain(jeffreys(row["answered"], row["attacks"], most))}
            for name, row in table()["anchors"].items()}


def values_json(path: Path) -> dict[str, Any]:
    """Return costs, choice, switches and E[k] at the points of a file, to check the equations by hand.

    Raises
    ------
    SkyShieldError
        If a number is missing, unknown or cannot be.
    """
    values, where = read_values(path), str(path)
    if unknown := [name for name in values if name not in _VALUES]:
        raise SkyShieldError(f"{where}: {unknown[0]}", "is unknown", f"choose from {', '.join(_VALUES)}")
    answers, losses = _answers(values, where), Losses(*(value_of(values, name, where) for name in ("L_next", "L_war")))
    most = value_of(values, "L0", where)
    if bad := next((name for name, value in (("L0", most), ("L_next", losses.next_attack), ("L_war", losses.wider_war))
                    if value < 0.0), None):
        raise SkyShieldError(f"{where}: {bad}", "is below 0", "give a number from 0")
    credibility, used = _credibility(values, most, where)
    turns = switches(answers, losses, most)
    order = [turns[0].before, *(turn.after for turn in turns)] if turns else [choice(answers, losses, most / 2.0)]
    words = f"L(a) = {EQUATION}, {used}; E[k] with L_cred uniform on [0, {most:g}]; as it grows: {', '.join(order)}"
    if "b" in values:
        game = game_of(answers, losses, most, value_of(values, "b", where))
        words += f"; in every perfect equilibrium Russia {perfect(game).russia}, b = {game.gain:g}"
    return {"equation": words, "costs": costs(answers, losses, credibility),
            "choice": choice(answers, losses, credibility), "switches": [turn.at for turn in turns],
            "e_k": expected_imposed(answers, losses, most)}


def _answers(values: Mapping[str, Any], where: str) -> dict[str, Answer]:
    actions = values.get("actions")
    if not isinstance(actions, Mapping) or not all(isinstance(of, Mapping) for of in actions.values()):
        raise SkyShieldError(f"{where}: actions", "is no table of answers",
                             f"give NAME: {{{', '.join(f'{symbol}: NUMBER' for symbol in _SYMBOLS)}}}")
    for name, of in actions.items():
        if unknown := [symbol for symbol in of if symbol not in _SYMBOLS]:
            raise SkyShieldError(f"{where}: {name}: {unknown[0]}", "is unknown", f"choose from {', '.join(_SYMBOLS)}")
    answers = {str(name): Answer(*(value_of(of, symbol, f"{where}: {name}") for symbol in _SYMBOLS))
               for name, of in actions.items()}
    check_answers(answers, f"{where}: actions")
    return answers


def _credibility(values: Mapping[str, Any], most: float, where: str) -> tuple[float, str]:
    """Return the L_cred that costs are told at, and in words where it comes from."""
    if "L_cred" in values and "c" in values:
        raise SkyShieldError(f"{where}: L_cred", "is given beside c", "give one of them")
    if "c" in values:
        casualties = value_of(values, "c", where)
        found = credibility_loss(casualties, most, value_of(values, "c0", where))
        return found, f"costs at L_cred = L0 (1 - exp(-c / c0)) = {found:.6g}, c = {casualties:g}"
    found = value_of(values, "L_cred", where, most)
    if not 0.0 <= found <= most:
        raise SkyShieldError(f"{where}: L_cred", f"is {found:g}", f"give a number from 0 to L0, {most:g}")
    return found, f"costs at L_cred = {found:g}" + ("" if "L_cred" in values else ", which is L0")


def _equations() -> dict[str, str]:
    return {"cost": f"L(a) = {EQUATION}; the West gives the answer that costs least",
            "credibility": "L_cred = L0 (1 - exp(-c / c0)), c the casualties of the strike",
            "attack": "Russia attacks iff b > E[k], L_cred to Russia uniform on [0, L_cred]",
            "trap": "min over a of L(a) > tolerance and b > E[k]",
            "scale": "losses on the scale of L0, 1 a mission that nobody believes in; casualties are not added to it"}


def _data_rows(figures: StudyFigures, struck: Mapping[str, Sequence[Struck]]) -> list[dict[str, Any]]:
    """Return as rows of the basis the strikes that the study holds."""
    return [{"symbol": f"strikes: {option}, {one.role}", "label": f"{roles()[one.role].label}: strikes expected",
             "unit": "1/year", "low": one.a_year[0], "high": one.a_year[1], "basis": "data",
             "source": [figures.study_key], "note": "Ends over the arms of the study, which itself holds assumptions."}
            for option, of in struck.items() for one in of]


def _thresholds(box: Box) -> list[dict[str, Any]]:
    """Return for each two answers at which L_cred, and after how many casualties, they cost the same."""
    result = []
    for tie in ties(box):
        low, high = tie.low, tie.high
        first = -box.scale[0] * np.log1p(-low / box.most[1]) if low < box.most[1] else None
        last = -box.scale[1] * np.log1p(-high / box.most[0]) if high is not None and high < box.most[0] else None
        result.append({"before": tie.before, "after": tie.after, "L_cred": {"low": low, "high": high},
                       "casualties": {"low": None if first is None else float(first),
                                      "high": None if last is None else float(last)}})
    return result


def shares_lost(strike: Strike, scale: Interval) -> dict[str, tuple[Interval, Interval]]:
    """Return for each sort of strike the ends of its casualties, and of what of L_0 it costs."""
    severe = strike.severe()
    return {AVERAGE: (strike.mean(), strike.share_lost(scale)),
            SEVERE: (severe, (credibility_loss(severe[0], 1.0, scale[1]), credibility_loss(severe[1], 1.0, scale[0])))}


def _option(figures: StudyFigures, name: str, struck: Sequence[Struck], box: Box) -> dict[str, Any]:
    """Return what is said of one option."""
    option, hurt = figures.options[name], figures.mean(name, "casualties")
    content: dict[str, Any] = {"label": option.label, "short": option.short, "in_reach": bool(struck),
                               "casualties_a_study": {"mean": hurt.mean, "low": hurt.lo, "high": hurt.hi}}
    if not struck:
        return content | {"says": "nobody of the coalition is in reach: no strike to answer"}
    content["roles"] = [{
        "role": one.role, "label": roles()[one.role].label, "law": roles()[one.role].law,
        "article_6": laws()[roles()[one.role].law].article_6, "strikes_a_year": _plain(one.a_year),
        "strikes_a_year_headline": _plain(one.headline), "casualties_of_a_strike": _plain(one.mean())}
        for one in struck]
    for suffix, headline in (("", False), ("_headline", True)):
        every = [one.headline if headline else one.a_year for one in struck]
        content |= {f"strikes_a_year{suffix}": _plain((sum(low for low, _ in every), sum(high for _, high in every))),
                    f"p_any_a_year{suffix}": _plain(p_any(struck, headline)),
                    f"p_at_least_{MASS}_a_year{suffix}": _plain(p_mass(struck, headline))}
    lost = shares_lost(a_strike(struck), box.scale)
    content["strikes"] = {sort: _strike(box, *lost[sort]) for sort in STRIKES}
    content["moscow"] = list(table()["moscow"])
    return content


def _costlier(struck: Mapping[str, Sequence[Struck]], scale: Interval) -> dict[str, Any]:
    """Return which option's strike costs more credibility than which other's, from which c_0 on.

    On average over casualties, L_0 and c_0 being the same for both, whatever a strike costs between its ends; at every
    c_0 told from that one up.
    """
    scales = list(dict.fromkeys(np.geomspace(*scale, int(table()["levels"]["c0"])).tolist()))
    lost = {name: [a_strike(of).share_lost((at, at)) for at in scales] for name, of in struck.items() if of}
    found: dict[str, dict[str, float]] = {name: {} for name in lost}
    for name, other in itertools.permutations(lost, 2):
        above = [one[0] > another[1] for one, another in zip(lost[name], lost[other], strict=True)]
        if above[-1]:
            found[name][other] = scales[len(above) - above[::-1].index(False)] if False in above else scales[0]
    return {"says": "a strike on it costs more credibility than one on each named, from the c0 given up",
            "c0": scales, "options": found}


def _strike(box: Box, casualties: Interval, lost: Interval) -> dict[str, Any]:
    """Return what is said of one sort of strike on an option."""
    credibility = box.most[0] * lost[0], box.most[1] * lost[1]
    found, possible = verdict(box, credibility), can_be_best(box, credibility)
    none = box.answers[NONE]
    silence = [cost(none[end], Losses(box.next_attack[end], box.wider_war[end]), credibility[end]) for end in range(2)]
    reached = edges(box, lambda most: (most * lost[0], most * lost[1]), int(table()["levels"]["L0"]))
    return {"casualties": _plain(casualties), "L_cred": _plain(credibility),
            "cost_of_silence": _plain((silence[0], silence[1])), "cost_of_best": _plain(found.least),
            "answers": list(possible), "best_within": {
                name: {"L_cred": list(at.credibility), "L_next": list(at.next_attack), "L_war": list(at.wider_war)}
                for name, at in possible.items()}, "e_k": _plain(found.imposed), "trap": found.holds,
            "no_trap_if": {"tolerance_at_least": found.least[1], "b_at_most": found.imposed[0]},
            "trap_for_certain_if": {"tolerance_below": found.least[0], "b_above": found.imposed[1]},
            "boundary": [{"L0": edge.most, "L_war": edge.wider_war, "no_trap_up_to_b": edge.none_below,
                          "trap_above_b": edge.trap_above, "all_cheap": edge.all_cheap,
                          "all_dear": edge.all_dear} for edge in reached]}


def _answer_surface(box: Box) -> dict[str, Any]:
    """Return which answers can be best, by casualties and L_0, with L_war at either end."""
    levels = table()["levels"]
    of_most = list(dict.fromkeys(np.linspace(*box.most, int(levels["L0"])).tolist()))
    of_war = list(dict.fromkeys(box.wider_war))
    cells = []
    for war in of_war:
        here = dataclasses.replace(box, wider_war=(war, war))
        cells.append([[list(can_be_best(here, (credibility_loss(c, most, box.scale[1]),
                                               credibility_loss(c, most, box.scale[0]))))
                       for c in levels["casualties"]] for most in of_most])
    return {"says": "answers that can cost least, whatever else holds",
            "x": {"symbol": "c", "at": levels["casualties"]},
            "y": {"symbol": "L0", "at": of_most}, "third": {"symbol": "L_war", "at": of_war}, "answers": cells}


def _threats(box: Box) -> dict[str, Any]:
    """Return the equilibria with a West whose L_cred is known, at the two corners of the box.

    Those in which Russia holds back for an answer that the West would not give rest on an empty threat.
    """
    result = {}
    for end, name in enumerate(("all_cheap", "all_dear")):
        menu, losses = corner(box, end)
        prices = costs(menu, losses, box.most[end])
        game = AttackGame(np.ones(1), np.array([list(prices.values())]),
                          np.array([answer.imposed for answer in menu.values()]), box.gain[end])
        best = perfect(game)
        rows = []
        for one in bimatrix(*strategic_form(game)):
            given = {answer: share for answer, share in zip(menu, one.column, strict=True) if share > 0.0}
            rows.append({"russia_attacks": one.row[1], "answers": given,
                         "would_be_given": set(given) <= {list(menu)[k] for k in best.best[0]}})
        result[name] = {"L_cred": box.most[end], "b": box.gain[end], "best": [list(menu)[k] for k in best.best[0]],
                        "russia": best.russia, "equilibria": rows}
    return result


def _side_by_side(held: Mapping[str, Assumptions], boxes: Mapping[str, Box],
                  struck: Mapping[str, Sequence[Struck]]) -> dict[str, Any]:
    """Return what each person's numbers say, where the numbers differ, and whether that changes choice or trap."""
    people: dict[str, dict[str, dict[str, Any]]] = {}
    for person, box in boxes.items():
        people[person] = {}
        for option, of in struck.items():
            for sort, (_, lost) in (shares_lost(a_strike(of), box.scale) if of else {}).items():
                credibility = box.most[0] * lost[0], box.most[1] * lost[1]
                people[person].setdefault(option, {})[sort] = {
                    "answers": list(can_be_best(box, credibility)), "trap": verdict(box, credibility).holds}
    names = list(people)
    apart = [{"symbol": symbol, "by": {person: [held[person][symbol].low, held[person][symbol].high]
                                       for person in names}}
             for symbol in (held[names[0]] if names else ())
             if len({(held[person][symbol].low, held[person][symbol].high) for person in names}) > 1]
    changes = [{"option": option, "strike": sort, "what": what,
                "by": {person: people[person][option][sort][what] for person in names}}
               for option, sort, what in itertools.product(people[names[0]] if names else (), STRIKES,
                                                           ("answers", "trap"))
               if any(people[person][option][sort][what] != people[names[0]][option][sort][what] for person in names)]
    return {"people": people, "differ_in": apart, "changes": changes, "matters": bool(changes)}


def _plain(interval: Interval) -> dict[str, float]:
    return {"low": interval[0], "high": interval[1]}
