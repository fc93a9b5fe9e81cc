"""The steps of a case: what a file may say, and which step may follow which.

Tried to fail: a second vote of a member let through; the majority counted over votes instead of members.
"""

import json

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement import load_agreement
from skyshield.monitoring.commission.case import Case, Taken, decisions_of, followed
from skyshield.monitoring.commission.steps import Step, read_steps
from support.week import FOLDER

NOW_S = 2e9
AGREEMENT = load_agreement(FOLDER / "agreement.yaml")


def case(*taken, party="OTHER"):
    opened = [("opened", {}), ("evidence", {"records": [0]}), ("attribution", {"party": party})]
    return Case("e", tuple(Taken(k, kind, "2021-01-01T00:00:00Z", fields)
                           for k, (kind, fields) in enumerate([*opened, *taken])))


def vote(member, vote="yes", party="OTHER"):
    return ("vote", {"member": member, "vote": vote, **({"party": party} if vote == "yes" else {})})


def follow(of, *steps, agreement=AGREEMENT, time_s=NOW_S):
    return list(followed(of, [Step(kind, fields, time_s) for kind, fields in steps], agreement))


@pytest.mark.parametrize(("of", "step", "what"), [
    (case(vote("chair")), vote("chair"), "'chair' has voted"),
    (case(), vote("guest"), "'guest' is no member; use one of: chair, side-one, side-two"),
    (case(party="undetermined"), ("vote", {"member": "chair", "vote": "yes"}), "the attribution names nobody"),
    (case(), ("decision", {"party": "OTHER"}), "comes before any vote"),
    (case(vote("chair")), ("decision", {"party": "OTHER"}), "has 1 of 3 members for OTHER, not the majority"),
    (case(vote("chair"), vote("side-one", party="UA")), ("decision", {"party": "UA"}), "has 1 of 3 members for UA"),
    (case(vote("chair", "no")), ("decision", {"party": "undetermined"}), "has 1 of 3"),
    (case(vote("chair")), ("remedy", {"text": "x"}), "comes before the decision"),
    (case(("decision", {"party": "OTHER"})), vote("chair"), "comes after the decision"),
    (case(("decision", {"party": "OTHER"})), ("decision", {"party": "UA"}), "was taken in entry 3"),
    (case(("decision", {"party": "OTHER"})), ("remedy", {"remedy": "fine"}), "no remedy of the agreement; use one of"),
])
def test_what_may_not_follow(of, step, what):
    with pytest.raises(SkyShieldError, match=what) as refused:
        follow(of, step)
    assert refused.value.exit_code == 2


def test_two_thirds_of_all_members_decide():
    [*_, (kind, fields, _)] = follow(case(), vote("chair"), vote("side-one"), ("decision", {"party": "OTHER"}))
    assert kind == "decision" and fields["majority"] == "two_thirds"
    assert fields["votes"] == {"yes": {"OTHER": 2}, "no": 0, "abstain": 0}


def test_an_open_rule_lets_a_decision_be_recorded_and_says_so():
    paris = load_agreement("paris-2026")
    [_, (_, fields, _)] = follow(case(), vote("anyone"), ("decision", {"party": "RU"}), agreement=paris)
    assert fields["majority"] == "open" and fields["votes"]["yes"] == {"OTHER": 1}


def test_a_yes_without_a_party_is_for_the_one_that_the_attribution_names():
    [(_, fields, _)] = follow(case(), ("vote", {"member": "chair", "vote": "yes"}))
    assert fields["party"] == "OTHER"


def test_a_dissent_may_come_at_any_time_and_a_remedy_brings_its_words():
    decided = case(("decision", {"party": "OTHER"}))
    [_, (_, fields, _)] = follow(decided, ("dissent", {"by": "UA", "text": "no"}), ("remedy", {"remedy": "apology"}))
    assert fields["words"] == "The party says in public what happened" and fields["status"] == "agreed"


def test_a_step_may_not_lie_before_the_last_one():
    with pytest.raises(SkyShieldError, match="lies before the last step"):
        follow(case(), vote("chair"), time_s=1e9)


def test_only_a_decision_that_names_a_party_lifts_a_level():
    cases = {name: case(("decision", {"party": name})) for name in ("OTHER", "undetermined")}
    assert set(decisions_of(cases)) == {"OTHER"} and decisions_of({"e": case()}) == {}


@pytest.mark.parametrize(("content", "what"), [
    ({"step": "vote", "member": "chair"}, "vote: is missing"),
    ({"step": "vote", "member": "chair", "vote": "maybe"}, "use one of: yes, no, abstain"),
    ({"step": "vote", "member": "chair", "vote": "yes", "party": "XX"}, "use one of: RU, UA, CO, OTHER"),
    ({"step": "vote", "member": "", "vote": "yes"}, "member: is no text"),
    ({"step": "guess"}, "use one of: vote, dissent, decision, remedy"), ({"member": "x"}, "step: is 'None'"),
    ({"step": "vote", "member": "a", "vote": "no", "weight": 2}, "weight: is no field of a vote"),
    ({"step": "decision", "party": "OTHER", "intent": "evil"}, "use one of: accident, local, ordered, unknown"),
    ({"step": "remedy"}, "name one of the agreement's"), ({"step": "remedy", "text": "x", "by": "soon"}, "is no day"),
    ({"step": "dissent", "by": "UA", "text": "x", "time": "2090-01-01T00:00:00Z"}, "lies in the future"),
    ({"step": "dissent", "by": "UA", "text": "x", "time": "yesterday"}, "is not a time"),
    ({"step": "dissent", "by": "UA", "text": "x" * 20_000}, "is no text"), ([], "has 0 steps"), (3, "is no step"),
    ([{"step": "vote", "member": "a", "vote": "no"}, {"step": "vote"}], "step 2: member: is missing")])
def test_what_a_file_may_not_say(tmp_path, content, what):
    path = tmp_path / "step.yaml"
    path.write_text(json.dumps(content))
    with pytest.raises(SkyShieldError, match=what) as refused:
        read_steps(path, NOW_S)
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)


def test_yes_and_no_are_words_though_yaml_reads_them_as_truth(tmp_path):
    path = tmp_path / "step.yaml"
    path.write_text("- {step: vote, member: a, vote: yes}\n- {step: vote, member: b, vote: no}\n")
    assert [step.fields["vote"] for step in read_steps(path, NOW_S)] == ["yes", "no"]
