"""Conditions as data: asked for by people, met by whose they are, waived or put off by two others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from chezhe.approvals import steps as approval_steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.contracts import errors, rules, steps
from chezhe.contracts.actions.ask_condition import ask_condition
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.satisfy_condition import satisfy_condition
from chezhe.contracts.actions.waive_condition import waive_condition
from chezhe.contracts.conditions import errors as refusals
from chezhe.contracts.conditions import registry
from chezhe.contracts.models import Contract, ContractCondition, Disbursement, RegistrationOrder
from chezhe.contracts.paying import returning
from chezhe.contracts.tests.conftest import TODAY, Cast, live, person, scan
from chezhe.kernel import events, roles, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotPermitted

pytestmark = pytest.mark.django_db


def asked(cast: Cast, number: str, **changes: Any) -> ContractCondition:
    said: dict[str, Any] = {"label": "补充购车发票原件", "owner_role": roles.SALES, "due_on": TODAY + timedelta(days=3), **changes}
    return ask_condition(contract_number=number, business_date=TODAY, by=cast.he, **said)


def agree(cast: Cast, row: ContractCondition) -> None:
    """The branch manager, then risk."""
    row = ContractCondition.objects.get(pk=row.pk)
    assert row.waiver is not None
    for voter in (cast.manager, person("险", roles.RISK_MANAGER, cast.branch)):
        with transaction.atomic():
            approval_steps.cast_vote(request_number=row.waiver.number, verdict="agree", by=voter)


def test_what_somebody_asked_for_stands_in_the_way_until_its_role_says_it_is_met(cast: Cast, signed: Any) -> None:
    number = signed()
    row = asked(cast, number)
    with pytest.raises(errors.ConditionsMissing) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert refused.value.missing == (row.code,) and "补充购车发票原件" in str(refused.value)
    with pytest.raises(refusals.NotYourCondition):
        satisfy_condition(contract_number=number, code=row.code, proof="发票已收", by=cast.he)
    met = satisfy_condition(contract_number=number, code=row.code, proof="发票已收", evidence=scan(21), by=cast.lin)
    assert met.evidence is not None and met.met_by_name == "林"
    with pytest.raises(refusals.NotThisCondition):
        satisfy_condition(contract_number=number, code=row.code, proof="再次", by=cast.lin)
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).status == "prepared"


def test_one_asked_for_between_maker_and_checker_stops_the_checker(cast: Cast, signed: Any) -> None:
    number = signed()
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    asked(cast, number)
    with pytest.raises(errors.ConditionsMissing):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)


@pytest.mark.parametrize("wrong", [{"label": " "}, {"label": "长" * 101}, {"owner_role": "nobody"}, {"due_on": TODAY - timedelta(days=1)}])
def test_a_condition_is_worded_owned_and_due_in_time(cast: Cast, signed: Any, wrong: dict[str, Any]) -> None:
    number = signed()
    with pytest.raises(Invalid):
        asked(cast, number, **wrong)
    assert not ContractCondition.objects.exists()


def test_two_others_may_waive_what_was_asked_for_and_nobody_the_signature(cast: Cast, signed: Any) -> None:
    number = signed()
    row = asked(cast, number)
    said = {"contract_number": number, "business_date": TODAY, "by": cast.lin}
    for code, refusal in ((rules.SIGNED, refusals.NotThisCondition), ("own_9", refusals.NotThisCondition)):
        with pytest.raises(refusal):
            waive_condition(code=code, reason="赶时间", **said)
    with pytest.raises(Invalid):
        waive_condition(code=row.code, reason="赶时间", put_off_until=TODAY, **said)
    with pytest.raises(NotPermitted):
        waive_condition(code=row.code, reason="赶时间", contract_number=number, business_date=TODAY, by=cast.fang)
    waive_condition(code=row.code, reason="发票遗失，已有电子发票", **said)
    with pytest.raises(refusals.WaiverPending):
        waive_condition(code=row.code, reason="再来", **said)
    with pytest.raises(errors.ConditionsMissing):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    agree(cast, row)
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).status == "prepared"


def test_an_unsigned_contract_cannot_be_waived_into_money(cast: Cast, signed: Any) -> None:
    number = signed(until="prepared")
    with pytest.raises(refusals.CannotBeWaived):
        waive_condition(contract_number=number, code=rules.SIGNED, reason="赶时间", business_date=TODAY, by=cast.lin)


def test_a_refused_waiver_changes_nothing(cast: Cast, signed: Any) -> None:
    number = signed()
    row = waive_condition(contract_number=number, code=asked(cast, number).code, reason="赶时间", business_date=TODAY, by=cast.lin)
    assert row.waiver is not None
    with transaction.atomic():
        approval_steps.cast_vote(request_number=row.waiver.number, verdict="reject", opinion="不同意", by=cast.manager)
    with pytest.raises(errors.ConditionsMissing):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)


def test_what_is_met_after_all_is_waived_by_nobody(cast: Cast, signed: Any) -> None:
    number = signed()
    row = waive_condition(contract_number=number, code=asked(cast, number).code, reason="赶时间", business_date=TODAY, by=cast.lin)
    assert row.waiver is not None
    satisfy_condition(contract_number=number, code=row.code, proof="发票已收", by=cast.lin)
    row.waiver.refresh_from_db()
    assert row.waiver.status == "withdrawn"


# ---- first pay, then register ---------------------------------------------------------------------------------


def put_off(cast: Cast, number: str, days: int = 10) -> ContractCondition:
    return waive_condition(
        contract_number=number, code=rules.MORTGAGE, reason="新车上牌排队", put_off_until=TODAY + timedelta(days=days), business_date=TODAY,
        by=cast.lin)


def test_the_registration_may_follow_the_money_within_ten_days_and_is_a_task_until_then(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed(until="signed")
    for days in (-1, 11):
        with pytest.raises(Invalid):
            put_off(cast, number, days)
    row = put_off(cast, number)
    agree(cast, row)
    pile = worklist.PILES["contracts.payable"]
    assert pile.count(cast.fang) == 1
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    contract = Contract.objects.get()
    assert (contract.status, contract.mortgage.status) == ("effective", "proposed")
    tasks = worklist.PILES["contracts.conditions"]
    waiting = tasks.first(cast.he, 5)
    assert len(waiting) == 1 and tasks.late is not None and waiting[0].due_at is not None
    assert (tasks.late(cast.he, waiting[0].due_at), tasks.late(cast.he, waiting[0].due_at + timedelta(days=1))) == (0, 1)
    said = Registration(office="上海市车辆管理所", receipt_number="HD9", registered_on=TODAY)
    register_mortgage(contract_number=number, registration=said, evidence=scan(33), business_date=TODAY, by=cast.he)
    assert tasks.count(cast.he) == 0 and ContractCondition.objects.get().proof == "HD9"


def test_a_loan_that_ends_before_its_mortgage_was_registered_has_none_to_release(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed(until="signed")
    agree(cast, put_off(cast, number))
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    steps.request_release(contract_number=number, reason="L26-000001-5", by=SYSTEM)
    contract = Contract.objects.get()
    assert (contract.status, contract.mortgage.status) == ("settled", "cancelled")


def test_a_payout_that_came_back_whole_leaves_nothing_to_register(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    agree(cast, put_off(cast, number))
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    assert {order.status for order in RegistrationOrder.objects.all()} == {"made"}
    made.legs.update(status="returned")
    Disbursement.objects.update(status="returned")
    with transaction.atomic():
        returning.give_up(Contract.objects.lock(number), "账户已销户", by=SYSTEM)
    contract = Contract.objects.get()
    assert (contract.status, contract.mortgage.status) == ("void", "cancelled")
    assert {order.status for order in RegistrationOrder.objects.all()} == {"dropped"}


# ---- what an area registers -----------------------------------------------------------------------------------


def test_what_an_area_registers_is_asked_only_where_it_applies(cast: Cast, signed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number, answer = signed(), {"met": None}
    monkeypatch.setitem(registry.REGISTRY, "vaulted", registry.Condition(
        code="vaulted", label="绿本已入库", owner=roles.COLLATERAL_OPS, may_be_waived=True, standing=lambda contract, on: answer["met"]))
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    answer["met"] = False
    with pytest.raises(errors.ConditionsMissing) as refused:
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    assert "绿本已入库" in str(refused.value)
    agree(cast, waive_condition(contract_number=number, code="vaulted", reason="绿本在途", business_date=TODAY, by=cast.he))
    assert check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao).status == "checked"


# ---- doors ----------------------------------------------------------------------------------------------------


def test_a_condition_by_page(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()

    def post(name: str, said: dict[str, Any], *args: str) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=[number, *args]), {**said, "_once": uuid4().hex})

    browser.acts_as(cast.he)
    assert "提出放款条件" in browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert post("ask_condition", {"label": "", "owner_role": roles.SALES}).status_code == 422
    assert post("ask_condition", {"label": "补充发票", "owner_role": roles.SALES, "due_on": TODAY.isoformat()}).status_code == 302
    browser.acts_as(cast.lin)
    address = reverse("contracts:condition", args=[number, "own_1"])
    page = browser.get(address).content.decode()
    assert "登记条件已办妥" in page and "申请豁免" in page and "未办妥" in page
    assert post("waive_condition", {"reason": ""}, "own_1").status_code == 422
    assert post("waive_condition", {"reason": "电子发票已验真"}, "own_1").status_code == 302
    assert ApprovalRequest.objects.latest("id").number in browser.get(address).content.decode()
    assert post("satisfy_condition", {"proof": ""}, "own_1").status_code == 422
    assert post("satisfy_condition", {"proof": "发票已收", "evidence": scan(5)}, "own_1").status_code == 302
    assert "已办妥" in browser.get(address).content.decode()
    assert browser.get(reverse("contracts:condition", args=[number, "none"])).status_code == 404


def test_a_condition_by_api(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()
    base = f"contracts/contracts/{number}/conditions"
    browser.acts_as(cast.he)
    made = browser.api(base, {"label": "补充发票", "owner_role": roles.SALES, "due_on": TODAY.isoformat()})
    assert made.status_code == 201 and made.json()["code"] == "own_1" and made.json()["is_met"] is False
    every = {one["code"]: one for one in browser.api(base).json()["items"]}
    assert every["signed"]["owner_role"] == roles.COLLATERAL_OPS and every["own_1"]["due_on"] == TODAY.isoformat()
    browser.acts_as(cast.lin)
    assert browser.api(f"{base}/own_1/waive", {"reason": "电子发票已验真"}).json()["waiver_number"]
    met = browser.post(f"/api/v1/{base}/own_1/meet", {"proof": "发票已收"}, headers={"Idempotency-Key": uuid4().hex})
    assert met.status_code == 200 and met.json()["met_by"] == "林"
    assert browser.api(f"{base}/own_1").json()["proof"] == "发票已收"
    assert browser.api(f"{base}/none").status_code == 404
