"""Money through doors that should be shut: callbacks altered or repeated, closed months, somebody else's numbers in the path."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from chezhe.kernel import business_date, clock, signing
from chezhe.kernel.simulators import World
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.payments.models import BankNotice, Payout
from chezhe.servicing.models import Loan, LoanEvent
from tests.journeys import walk
from tests.journeys.house import Program, Team
from tests.journeys.walk import COMPANY, PERSON, said
from tests.security.populated import Populated, populate

pytestmark = pytest.mark.django_db
CALLBACK = "/payments/callbacks/bank/"


@pytest.fixture
def house(team: Team, bank: World) -> Populated:
    return populate(team, bank)


@pytest.fixture
def ordered(team: Team) -> Payout:
    """A payout that two people have let go and the bank has not answered."""
    owner = walk.customer(team, PERSON)
    application = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk.decide(team, application)
    walk.payout(team, walk.contract(team, application), PERSON)
    return Payout.objects.get()


def notice(payout: Payout, **changes: Any) -> bytes:
    said = {"notice_id": "BN-1", "reference": payout.bank_reference, "status": "paid", "amount": str(payout.amount), "serial": "B1", "code": ""}
    return json.dumps({**said, **changes}).encode()


def call(body: bytes, headers: dict[str, str]) -> int:
    return int(Client(raise_request_exception=False).post(CALLBACK, body, content_type="application/json", headers=headers).status_code)


def test_a_signed_callback_is_worth_nothing_with_another_body_another_time_or_another_nonce(ordered: Payout) -> None:
    body = notice(ordered)
    headers = signing.sign(signing.secret_of("bank"), body, at=clock.now())
    assert call(notice(ordered, amount="1.00"), headers) == 401
    assert call(notice(ordered, reference="Y26-999999-9.1"), headers) == 401
    assert call(body, {**headers, signing.NONCE: "another"}) == 401
    assert call(body, {**headers, signing.TIMESTAMP: str(int(clock.now().timestamp()) + 1)}) == 401
    assert call(body, {**headers, signing.SIGNATURE: headers[signing.SIGNATURE].upper()}) == 401
    assert not BankNotice.objects.exists() and not JournalEntry.objects.exists()
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert call(body, headers) == 401, "kept and sent again later"
    assert [call(body, headers) for _ in range(3)] == [200] * 3
    assert JournalEntry.objects.count() == 1 and BankNotice.objects.count() == 1


def test_a_payment_found_late_is_never_booked_into_a_closed_month(house: Populated) -> None:
    """It counts from its own day and stands in the books of an open one; nothing else posts into what is closed."""
    cai, loan = house.team.program("cai"), Loan.objects.get()
    _move_to(cai, "2026-10-08")
    said(cai.step_up())
    for month in ("2026-09",):
        said(cai.post(f"ledger/periods/{month}/close", {}))
    before = _september()
    receipt = {"amount": "2624.41", "paid_on": "2026-09-20", "channel": "bank", "reference": "LATE"}
    said(cai.post(f"servicing/loans/{loan.number}/repayments", receipt), 201)
    assert LoanEvent.objects.get(reference__contains="LATE").posted_on == business_date.current()
    entry = {"posted_on": "2026-09-30", "memo": "补记", "transfers": [{"debit": "2203.02", "credit": "1002.01", "amount": "1.00"}]}
    assert said(cai.post("ledger/manual-entries", entry), 409)["code"] == "period_closed"
    assert _september() == before and ledger_queries.prove(thorough=True).is_sound


def _september() -> list[str]:
    return sorted(JournalEntry.objects.filter(posted_on__lt="2026-10-01").values_list("digest", flat=True))


def _move_to(finance: Program, day: str) -> None:
    from datetime import date

    target = date.fromisoformat(day)
    while business_date.current() < target:
        step = min(target, business_date.current() + timedelta(days=31))
        clock.tick((step - business_date.current()).days * 86_400)
        said(finance.post("servicing/business-day", {"day": step.isoformat()}))


def test_nobody_takes_money_out_with_a_minus_sign_or_out_of_the_air(house: Populated) -> None:
    cai, loan = house.team.program("cai"), Loan.objects.get()
    said(cai.step_up())
    base = f"servicing/loans/{loan.number}"
    entries = JournalEntry.objects.count()
    for amount in ("-1.00", "0.00", "0.001", "NaN", "1e3", 100, None, "99999999999999.00"):
        for path, more in (("repayments", {"paid_on": "2026-09-01"}), ("prepayments", {"mode": "shorten_term"}), ("settlement", {})):
            answer = cai.post(f"{base}/{path}", {"amount": amount, "channel": "bank", "reference": "N1", **more})
            assert (answer.status_code, answer.json().get("field")) == (422, "amount"), (amount, path, answer.content)
    transfer = {"debit": "2203.02", "credit": "1002.01", "amount": "-1.00"}
    wrong = cai.post("ledger/manual-entries", {"posted_on": "2026-09-01", "memo": "补记", "transfers": [transfer]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "transfers.0.amount")
    assert JournalEntry.objects.count() == entries


def test_numbers_of_others_in_the_path_open_nothing(house: Populated) -> None:
    """The event of another loan, the account or relation of another customer, the party of another application."""
    names, omni = house.names, house.team.program("cai")
    lin = house.team.program("lin")
    held, account = names["customers"][0], names["account"][0]
    other = walk.customer(house.team, COMPANY)
    relation = said(lin.post(f"customers/{held}/relations", {"other_number": other, "kind": "guarantor"}), 201)["id"]
    assert lin.post(f"customers/{other}/relations/{relation}/end", {"reason": "有误"}).status_code == 404
    assert lin.post(f"customers/{other}/accounts/{account}/close", {"reason": "挂失"}).status_code == 404
    assert lin.post(f"customers/{other}/fields/card_number/reveal", {"reason": "核对", "item": account}).status_code == 404
    said(omni.step_up())
    events = LoanEvent.objects.values_list("pk", flat=True)
    for wrong in (max(events) + 1, 0):
        assert omni.post(f"servicing/loans/{names['servicing/loans'][0]}/events/{wrong}/reverse", {"reason": "错"}).status_code == 404
    document = names["document_id"][0]
    for stranger in ("mei", "mu", "wu"):
        program = house.team.program(stranger)
        assert program.get(f"documents/{document}").status_code in (403, 404)
        assert program.get(f"documents/{document}/content").status_code in (403, 404)
        assert house.team.browser(stranger).get(f"/documents/{document}/").status_code in (403, 404)


def test_whoever_belongs_elsewhere_is_told_that_nothing_is_here(house: Populated) -> None:
    """The other branch, and Wu who belongs nowhere: lists are empty, things do not exist, and the words are the same."""
    loan, customer = house.names["servicing/loans"][0], house.names["customers"][0]
    for stranger, word in (("mu", 404), ("wu", 403)):
        program = house.team.program(stranger)
        for path in (f"servicing/loans/{loan}", f"customers/{customer}", f"contracts/contracts/{house.contract}"):
            there, not_there = program.get(path), program.get(path[:-3] + "00-0")
            assert (there.status_code, not_there.status_code) == (word, word), path
            assert there.json()["code"] == not_there.json()["code"]
        for path in ("servicing/loans", "customers", "contracts/contracts", "leads", "origination", "payments/payouts", "vehicles"):
            answer = program.get(path)
            assert answer.status_code == 403 or answer.json()["items"] == [], path
        assert program.get(f"compliance/consents?subject=customer:{customer}").status_code in (403, 404)


def test_what_concerns_the_whole_house_is_not_done_by_a_branch(house: Populated) -> None:
    """Fu does finance for the west alone: no month closes and no day opens for everybody by his hand."""
    fu, before = house.team.program("fu"), business_date.current()
    said(fu.step_up())
    assert said(fu.post("ledger/periods/2026-08/close", {}), 403)["code"] == "whole_house_only"
    for body in ({"day": "2026-09-02"}, {"day": "2026-09-01"}):
        assert said(fu.post("servicing/business-day", body), 403)["code"] == "whole_house_only"
    assert business_date.current() == before


def test_what_the_body_must_not_set_is_refused_by_name(house: Populated) -> None:
    """Mass assignment: columns of ours that no caller fills in."""
    lin, number = house.team.program("lin"), house.names["customers"][-1]
    for name, value in (("owner_id", 1), ("branch_id", 1), ("version", 9), ("status", "converted"), ("is_staff", True), ("number", "C26-1")):
        body = {"name": "赵六", "mobile": "15466669999", "source": "phone", name: value}
        answer = lin.post("leads", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
        wrong = {"version": 1, "reason": "更正", "address": "北京", name: value} | ({} if name == "version" else {})
        if name != "version":
            assert lin.patch(f"customers/{number}", wrong).status_code == 422
