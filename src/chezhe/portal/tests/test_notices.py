"""What the portal says will come by message does come, once; and the release of the car is followed to the borrower's door."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.contracts.models import Release
from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.messaging.models import Message
from chezhe.origination.models import Application
from chezhe.portal.actions.tell_progress import tell_progress
from chezhe.portal.tests.pages import at, field, in_english, left_in_chinese, phone, text_of
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, settle

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 3)


def said(template: str) -> list[str]:
    """What was sent by a template, oldest first."""
    return [message.text for message in Message.objects.filter(template__code=template).order_by("id")]


def test_the_payout_is_told_once(loan: Loan, bank: Bank) -> None:
    events.deliver_all()
    events.publish("unheard", loan.subject)
    events.deliver_all()
    (text,) = said("loan_paid_out")
    assert loan.number in text and loan.principal.format(grouped=True) in text and "2026-02-15" in text.replace("年", "-").replace("月", "-")


@pytest.mark.parametrize(("news", "template", "word"), [
    ("submitted", "application_received", "已受理"), ("approved", "application_decided", "已通过"),
    ("rejected", "application_decided", "未能通过"), ("returned", "application_decided", "需补充资料"),
])
def test_how_far_an_application_is(loan: Loan, bank: Bank, news: str, template: str, word: str) -> None:
    application = loan.contract.application
    assert application is not None
    events.publish(f"application.{news}", application.subject, {"number": application.number})
    events.deliver_all()
    (text,) = said(template)
    assert word in text and application.number in text and "王小明" not in text
    events.publish(f"application.{news}", application.subject, {"number": application.number})
    events.deliver_all()
    assert len(said(template)) == 2, "handed in again, it is told again"


def test_the_same_news_is_told_once(loan: Loan) -> None:
    for _time in range(2):
        tell_progress(news="paid_out", number=loan.number, reference="7", by=SYSTEM)
    assert len(said("loan_paid_out")) == 1


def test_who_has_no_mobile_is_told_nothing_and_nothing_stops(loan: Loan, bank: Bank) -> None:
    application = Application.objects.get(pk=loan.contract.application_id)
    application.customer.mobiles.all().delete()
    events.publish("application.approved", application.subject, {"number": application.number})
    events.deliver_all()
    assert not said("application_decided")


def test_the_papers_that_wait_are_told_with_their_last_day(loan: Loan, bank: Bank) -> None:
    contract = loan.contract
    type(contract).objects.filter(pk=contract.pk).update(status="prepared", approval_expires_on=ON)
    events.publish("contract.papers_printed", contract.subject, {"number": contract.number, "papers": 8})
    events.deliver_all()
    (text,) = said("contract_ready")
    assert contract.number in text and contract.branch.name in text


def test_the_release_is_followed_step_by_step(loan: Loan, bank: Bank) -> None:
    days_pass(bank, ON)
    client = phone(bank.wang)
    settle(bank, loan, field(client.get(at("settle", loan.subject), {"on": ON.isoformat()}), "amount"))
    events.deliver_all()
    release = Release.objects.get(contract=loan.contract)
    told = text_of(client.get(at("loan", loan.subject)))
    assert "开始解押 2026-03-03 已完成 车管所解除抵押登记 正在办理 最迟 2026-03-18 办结" in told and "接下来" not in told
    assert not left_in_chinese(in_english(client, at("loan", loan.subject)))
    Release.objects.filter(pk=release.pk).update(status="withdrawn")
    assert "车管所解除抵押登记" not in text_of(client.get(at("loan", loan.subject)))
