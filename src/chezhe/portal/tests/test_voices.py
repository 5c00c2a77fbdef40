"""Complaints with their answers, ratings, consents and what is kept: each customer's own."""

from __future__ import annotations

import pytest
from django.test import Client

from chezhe.compliance import steps as compliance
from chezhe.compliance.actions.answer_complaint import answer_complaint
from chezhe.compliance.models import Complaint, Rating
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.people import hire
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import NotFound
from chezhe.portal.actions.rate_service import rate_service
from chezhe.portal.models import Account
from chezhe.portal.tests.outside import actor_for, token_for
from chezhe.portal.tests.pages import at, field, in_english, phone, text_of
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank

pytestmark = pytest.mark.django_db


def test_a_complaint_is_filed_once_answered_and_closed_by_the_customer(bank: Bank) -> None:
    client = phone(bank.wang)
    page = client.get(at("complaints"))
    form = {"kind": "fee", "words": "多收了一笔费用", "_once": field(page, "_once")}
    for _time in range(2):
        assert client.post(at("complaints"), form).status_code == 302
    assert client.post(at("complaints"), {"kind": "fee", "words": ""}).status_code == 422
    one = Complaint.objects.get()
    assert (one.status, one.channel, one.subject_text, (one.due_on - one.received_on).days) == ("received", "portal", bank.wang.subject, 15)
    assert "2026-01-30" in text_of(client.get(at("complaints")))
    assert client.post(at("content", one.subject)).status_code == 409, "nothing was answered yet"
    he = hire("何", bank.cast.east, roles.COMPLIANCE, reach=Reach.ALL)
    answer_complaint(complaint_number=one.number, answer="已核实，费用已退回。", by=he)
    shown = text_of(client.get(at("complaints")))
    assert "已核实，费用已退回。" in shown and "何" not in shown.replace("任何", "")
    other = phone(person(OUYANG, bank.cast.lin))
    assert "多收了" not in text_of(other.get(at("complaints"))) and other.post(at("content", one.subject)).status_code == 404
    assert client.post(at("content", one.subject)).status_code == 302
    one.refresh_from_db()
    assert one.status == "closed"
    assert "Complaints" in in_english(client, at("complaints")) and Client().get(at("complaints")).status_code == 302


def test_the_payout_is_rated_once_and_the_settlement_when_it_has_come(loan: Loan, bank: Bank) -> None:
    client = phone(bank.wang)
    address = at("rating", loan.subject)
    page = client.get(address)
    assert "结清" not in text_of(page).replace("提前结清", "")
    form = {"occasion": "payout", "stars": "5", "words": "很快", "_once": field(page, "_once")}
    for _time in range(2):
        assert client.post(address, form).status_code == 302
    assert Rating.objects.get().stars == 5
    again = client.post(at("rating", loan.subject), {"occasion": "payout", "stars": "1"})
    assert again.status_code == 409 and "已经评价过了" in text_of(again)
    assert client.post(at("rating", loan.subject), {"occasion": "settlement", "stars": "4"}).status_code == 409
    assert client.post(at("rating", loan.subject), {"occasion": "payout", "stars": "6"}).status_code == 422
    Loan.objects.update(status="settled", settled_on=START)
    assert client.post(at("rating", loan.subject), {"occasion": "settlement", "stars": "4"}).status_code == 302
    assert "4 points" in in_english(client, at("rating", loan.subject)) and Rating.objects.count() == 2
    stranger = actor_for(Account.objects.create(
        kind="borrower", mobile="15499990000", customer=person(OUYANG, bank.cast.lin), opened_at="2026-01-15T10:00:00+08:00",
        bound_at="2026-01-15T10:00:00+08:00"))
    with pytest.raises(NotFound):
        rate_service(loan_number=loan.number, occasion="payout", stars=5, words="", business_date=START, by=stranger)


def test_a_consent_is_seen_withdrawn_and_given_again(bank: Bank) -> None:
    compliance.grant(subject=bank.wang.subject, kind="marketing", on=START, channel="paper", evidence="SQ-1", by=bank.cast.lin)
    client, other = phone(bank.wang), phone(person(OUYANG, bank.cast.lin))
    page = text_of(client.get(at("privacy")))
    assert "营销信息" in page and "撤回同意" in page and "110101" not in page.replace("1101**", "") and "王小明" not in page
    assert other.post(f"{at('privacy')}marketing/withdraw/").status_code == 409, "another has nothing to take back"
    assert client.post(f"{at('privacy')}marketing/withdraw/").status_code == 302
    assert not compliance.has_consent(bank.wang.subject, "marketing", START)
    assert client.post(f"{at('privacy')}marketing/withdraw/").status_code == 409
    assert client.post(f"{at('privacy')}marketing/grant/").status_code == 302
    assert compliance.require_consent(bank.wang.subject, "marketing", START).channel == "online"
    assert client.post(f"{at('privacy')}nothing/grant/").status_code == 404
    for _time in range(2):
        assert client.post(at("ask_copy")).status_code == 302
    assert Complaint.objects.get().kind == "data_copy" and "索取个人信息副本" in text_of(client.get(at("complaints")))
    assert "What we keep" in in_english(client, at("privacy"))


def test_a_visitor_has_nothing_to_see_there(bank: Bank) -> None:
    from chezhe.portal.tests.outside import Visitor

    visitor = Visitor("15400005555")
    visitor.comes_in()
    for page in ("privacy", "complaints"):
        assert visitor.client.get(at(page)).status_code == 404


def test_programs_read_the_plan_and_the_payoff_and_rate(loan: Loan, bank: Bank) -> None:
    phone(bank.wang)
    token = token_for(Account.objects.get(), is_program=True)
    client, head = Client(), {"Authorization": f"Bearer {token}"}
    plan = client.get(f"/api/v1/portal/m/loans/{loan.number}/plan", headers=head).json()["items"]
    assert len(plan) == 36 and plan[0]["total"] == "3321.43"
    payoff = client.get(f"/api/v1/portal/m/loans/{loan.number}/payoff?on={START}", headers=head).json()
    assert payoff["to_pay"] == payoff["total"]
    made = client.post(
        f"/api/v1/portal/m/loans/{loan.number}/ratings", '{"occasion":"payout","stars":4}', content_type="application/json",
        headers={**head, "Idempotency-Key": "r1"})
    assert made.status_code == 201 and Rating.objects.get().stars == 4
    person(OUYANG, bank.cast.lin)
    assert client.get("/api/v1/portal/m/loans/L26-000999-9/plan", headers=head).status_code == 404
