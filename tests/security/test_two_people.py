"""One person tries to be two: by two roles, by another sign-in, by delegations in either direction, by the generic inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chezhe.approvals.models import ApprovalRequest
from chezhe.contracts.models import Disbursement
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.simulators import World
from chezhe.ledger import chart
from chezhe.ledger.models import JournalEntry
from chezhe.payments.models import Payout
from chezhe.staff import sessions, steps
from chezhe.staff.models import Delegation, StaffSession
from tests.journeys import walk
from tests.journeys.house import TODAY, Team
from tests.journeys.walk import PERSON, said

pytestmark = pytest.mark.django_db


def also(team: Team, name: str, *more: str) -> None:
    """Give somebody further roles."""
    for role in more:
        steps.grant(user=team.people[name], role=role, reach=Reach.ALL, branch=team.east, starts_on=TODAY, at=clock.now())


def for_another(team: Team, delegate: str, delegator: str, *role_ids: str) -> Any:
    """The browser of `delegate`, acting for `delegator` under a delegation that the delegator gave over the API."""
    given = {"delegate": delegate, "roles": list(role_ids), "starts_on": TODAY.isoformat(), "reason": "休假",
             "ends_on": (TODAY + timedelta(days=3)).isoformat()}
    row = said(team.program(delegator).post("staff/delegations", given), 201)
    browser = team.browser(delegate)
    sessions.act_for(StaffSession.objects.filter(user=team.people[delegate]).latest("pk"), Delegation.objects.get(pk=row["id"]))
    return browser


def submitted(team: Team) -> str:
    owner = walk.customer(team, PERSON)
    return walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)


def refused(answer: Any) -> bool:
    """A page that says no, or sends back to where it came from with the refusal in words."""
    return answer.status_code in (403, 409, 422)


def test_the_seller_does_not_decide_on_the_own_case_whatever_else_the_seller_is(team: Team) -> None:
    number = submitted(team)
    also(team, "lin", roles.REVIEWER, roles.APPROVER)
    vote = {"verdict": "agree", "opinion": "收入流水核实无误"}
    assert said(team.program("lin").post(f"origination/{number}/votes", vote), 409)["code"] == "same_person"
    assert refused(team.browser("lin").post(f"/origination/{number}/review/", vote))
    acting_for_chen = for_another(team, "lin", "chen", roles.REVIEWER)
    assert refused(acting_for_chen.post(f"/origination/{number}/review/", vote))
    for_lin = for_another(team, "zhou", "lin", roles.SALES, roles.REVIEWER)
    assert refused(for_lin.post(f"/origination/{number}/review/", vote)), "Zhou acts for the seller"
    request = ApprovalRequest.objects.get(subject_text=f"application:{number}")
    inbox = team.program("chen").post(f"approvals/requests/{request.number}/votes", vote)
    assert said(inbox, 403 if inbox.status_code == 403 else 409)["code"] in ("decided_elsewhere", "not_permitted")
    assert request.votes.count() == 0


def test_the_reviewer_is_not_the_approver_as_well(team: Team) -> None:
    number = submitted(team)
    also(team, "chen", roles.APPROVER)
    review = {"verdict": "agree", "opinion": "收入流水核实无误"}
    assert said(team.program("chen").post(f"origination/{number}/votes", review))["status"] == "final_review"
    assert said(team.program("chen").post(f"origination/{number}/votes", review), 409)["code"] in ("same_person", "already_voted")
    assert refused(team.browser("chen").post(f"/origination/{number}/review/", review)), "nor in another sign-in"
    assert refused(for_another(team, "chen", "zhou", roles.APPROVER).post(f"/origination/{number}/review/", review))
    assert refused(for_another(team, "zhou", "chen", roles.APPROVER).post(f"/origination/{number}/review/", review))
    assert said(team.program("lin").get(f"origination/{number}"))["status"] == "final_review"


def test_the_maker_of_a_payout_does_not_check_it_by_any_road(team: Team, bank: World) -> None:
    number = submitted(team)
    walk.decide(team, number)
    contract = walk.contract(team, number)
    for name in ("lin", "chen", "zhou", "he"):
        also(team, name, roles.FUNDING)
        answer = team.program(name).post(f"contracts/contracts/{contract}/disbursements", {})
        assert said(answer, 409)["code"] == "same_person", f"{name} has already acted on the case"
    made = said(team.program("fang").post(f"contracts/contracts/{contract}/disbursements", {}), 201)["number"]
    page = f"/contracts/payouts/{made}/check/"
    for name in ("fang", "lin", "chen", "zhou", "he"):
        person = team.program(name)
        said(person.step_up())
        assert said(person.post(f"contracts/disbursements/{made}/check", {}), 409)["code"] == "same_person"
        assert refused(team.browser(name).post(page, {"amount": PERSON.amount})), f"{name} in another sign-in"
    for delegate, delegator in (("gao", "fang"), ("fang", "gao")):
        assert refused(for_another(team, delegate, delegator, roles.FUNDING).post(page, {"amount": PERSON.amount})), f"{delegate} for {delegator}"
    assert Disbursement.objects.get().status == "prepared" and not Payout.objects.exists()


def test_a_manual_entry_is_agreed_by_somebody_else(team: Team) -> None:
    cai = team.program("cai")
    said(cai.step_up())
    entry = {"posted_on": TODAY.isoformat(), "memo": "更正", "transfers": [{"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}]}
    proposed = said(cai.post("ledger/manual-entries", entry), 201)
    request = proposed["approval_number"]
    vote = {"verdict": "agree", "opinion": ""}
    assert cai.post(f"approvals/requests/{request}/votes", vote).status_code in (403, 409)
    for delegate, delegator in (("cai", "cao"), ("cao", "cai")):
        answer = for_another(team, delegate, delegator, roles.FINANCE).post(f"/approvals/{request}/vote/", vote)
        assert answer.status_code != 200 and not JournalEntry.objects.exists(), f"{delegate} for {delegator}"
    assert not JournalEntry.objects.exists()


def test_figures_rights_and_the_lender_are_not_settled_by_who_proposed_them(team: Team) -> None:
    lu, ada = team.program("lu"), team.program("ada")
    also(team, "lu", roles.RISK_MANAGER, roles.ADMIN)
    lu = team.program("lu")
    figure = {"code": "LTV_SECURED", "value": "0.7", "effective_from": "2026-10-01", "source": "测试", "reason": "测试"}
    change = said(lu.post("compliance/parameter-changes", figure), 201)
    assert lu.post(f"compliance/parameter-changes/{change['number']}/approve", {}).status_code in (403, 409)
    assert lu.post(f"approvals/requests/{change['request_number']}/votes", {"verdict": "agree"}).status_code in (403, 409)
    grant = {"role": roles.FINANCE, "reach": "all", "starts_on": TODAY.isoformat(), "reason": "顶岗"}
    own = said(ada.post("staff/users/amy/grants", grant), 201)
    for name in ("ada", "amy"):
        vote = team.program(name).post(f"approvals/requests/{own['request_number']}/votes", {"verdict": "agree"})
        assert said(vote, 409)["code"] == "same_person", f"{name} proposed it or would get it"
    assert ada.post("staff/users/ada/grants", grant).status_code in (201, 409, 422)
    assert roles.FINANCE not in steps.actor_for(team.people["ada"], clock.now()).roles
