"""Who agrees to a case that goes to people: by the published table, and never by an easier way than it says."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.approvals.rules import Stage
from chezhe.decisiontables import files
from chezhe.kernel import clock, roles
from chezhe.origination import routing, staging
from chezhe.origination.tests import asking
from chezhe.origination.tests.asking import TODAY, House
from chezhe.policies.models import Policy, PolicyVersion

ONE = {"first": "reviewer", "second": "none", "third": "none", "votes": 1, "rejects": 1, "quorum": 0, "veto": "none"}
NAMED = ("first", "second", "third", "votes", "rejects", "quorum", "veto")


def publish(*rows: tuple[dict[str, str], dict[str, Any]]) -> PolicyVersion:
    """Another version of the table, in force today: (condition by column, answer)."""
    policy = Policy.objects.get(code="approval")
    shipped = files.to_json(policy.versions.get(version=1).table)
    columns = [column["name"] for column in shipped["inputs"]]
    written = [
        {"when": [when.get(name, "-") for name in columns],
         "then": [f'"{then[name]}"' if isinstance(then[name], str) else str(then[name]) for name in NAMED], "note": "x"}
        for when, then in rows
    ]
    version = PolicyVersion(
        policy=policy, version=2, number="approval-v2", status="published", effective_from=TODAY, drafted_by_name="秦",
        drafted_at=clock.now(), published_by_name="何", published_at=clock.now(),
    )
    version.write(files.from_json({**shipped, "rules": written}))
    version.save()
    return version


def asked(house: House, route: str = "review", **more: Any) -> staging.Staged:
    made = asking.filled(house)
    for name, value in more.items():
        setattr(made, name, value)
    return routing.stages(made, route, TODAY)


# ---- reading an answer ----------------------------------------------------------------------------------------


def test_the_last_stage_has_the_votes() -> None:
    said = {**ONE, "second": "panel", "votes": 3, "rejects": 2, "quorum": 4, "veto": "risk_manager"}
    first, last = staging.read(said)
    assert first == Stage(role=roles.REVIEWER)
    assert (last.votes, last.rejects, last.quorum, last.veto, last.is_committee) == (3, 2, 4, roles.RISK_MANAGER, True)
    assert roles.APPROVER in last.all_roles and roles.REGIONAL_MGR == last.chair


@pytest.mark.parametrize("wrong", [
    {"first": "none"}, {"second": "none", "third": "risk_manager"}, {"first": "sales"}, {"second": "reviewer"}, {"veto": "auditor"},
    {"votes": 0}, {"rejects": 0}, {"quorum": -1}, {"votes": None},
])
def test_an_answer_that_is_no_way_to_decide_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        staging.read({**ONE, **wrong})


# ---- by the table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "wanted"), [
    ("review", [roles.REVIEWER]), ("double_review", [roles.REVIEWER, roles.APPROVER]),
    ("committee", [roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER]),
])
def test_what_ships_asks_whom_it_always_asked(house: House, route: str, wanted: list[str]) -> None:
    found = asked(house, route)
    assert [stage.role for stage in found.stages] == wanted and all(stage == Stage(role=stage.role) for stage in found.stages)
    assert (found.version, found.trouble) == ("approval-v1", "")


@pytest.mark.parametrize(("when", "known", "row"), [
    ({"amount": "> 5000000"}, {}, 1), ({"amount": "> 7000000"}, {}, 2), ({"ltv": "> 0.5"}, {"ltv": "0.6"}, 1),
    ({"tier": '"B"'}, {"tier": "B"}, 1), ({"exceptions": "> 1"}, {"exceptions": 2}, 1), ({"product": '"P03"'}, {}, 1),
    ({"branch": '"NOWHERE"'}, {}, 2),
])
def test_amount_ltv_tier_exceptions_product_and_branch_decide(house: House, when: dict[str, str], known: dict[str, Any], row: int) -> None:
    from decimal import Decimal

    publish((when, {**ONE, "second": "risk_manager"}), ({}, ONE))
    known = {name: Decimal(value) if name == "ltv" else value for name, value in known.items()}
    found = asked(house, **known)
    assert (found.version, found.row, found.trouble) == ("approval-v2", row, "")
    assert [stage.role for stage in found.stages] == ([roles.REVIEWER, roles.RISK_MANAGER] if row == 1 else [roles.REVIEWER])


@pytest.mark.parametrize(("rows", "trouble"), [
    ([({"tier": '"A"'}, ONE), ({}, ONE)], "refer"), ([({"product": '"P99"'}, ONE)], "none"),
    ([({}, {**ONE, "first": "approver", "second": "approver"})], "table_broken:ValueError"),
])
def test_what_the_table_cannot_say_is_the_strictest(house: House, rows: Any, trouble: str) -> None:
    publish(*rows)
    found = asked(house, tier="")
    assert found.stages == staging.STRICTEST and (found.version, found.trouble) == ("approval-v2", trouble)


def test_without_a_table_it_is_the_strictest(house: House) -> None:
    from datetime import date

    found = routing.stages(asking.filled(house), "review", date(2017, 12, 31))
    assert found.stages == staging.STRICTEST and found.trouble == "policy_not_in_force"


def test_a_request_says_by_which_row_it_was_asked(house: House) -> None:
    publish(({"amount": "> 5000000"}, {**ONE, "second": "approver", "third": "risk_manager"}), ({}, ONE))
    made = asking.submitted(house)
    assert made.approval is not None and (made.approval.about["staged_by"], made.approval.about["staged_row"]) == ("approval-v2", 1)
    assert [stage.role for stage in made.approval.stage_list] == [roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER]
    asking.vote(made, house.chen, opinion="收入流水核实无误")
    asking.vote(made, house.zhou)
    made.refresh_from_db()
    assert made.status == "final_review"
    asking.vote(made, house.qin)
    made.refresh_from_db()
    assert made.status == "approved"
