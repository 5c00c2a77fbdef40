"""What several people agreed to is taken back only when the same agree again; what finance did alone it takes back alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.errors import NotThisStage
from chezhe.approvals.models import ApprovalRequest
from chezhe.finmath.money import Money
from chezhe.kernel.errors import NotPermitted, ReasonRequired, SamePerson
from chezhe.kernel.testing import WU
from chezhe.servicing import reversals, steps
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.changes import RULES, ChangeWaits
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.reversals import AlreadyReversed
from chezhe.servicing.tests.deciding import agree, all_agree, risk, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_calling_in import MAY, write_off
from chezhe.servicing.tests.test_charges import charge
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(bank: Bank, loan: Loan) -> LoanEvent:
    days_pass(bank, MAY)
    event = write_off(bank, loan).event
    assert event is not None
    return event


def ask(bank: Bank, event: LoanEvent, reason: str = "核销依据有误") -> LoanChange:
    done = reverse_repayment(loan_number=event.loan.number, event_id=event.pk, reason=reason, by=bank.fang)
    assert isinstance(done, LoanChange)
    return done


def test_a_write_off_is_taken_back_by_those_who_agreed_to_it_and_not_by_who_asks(bank: Bank, loan: Loan, given_up: LoanEvent) -> None:
    before = journal(loan)
    asked = ask(bank, given_up)
    assert journal(loan) == before and (asked.kind, asked.status) == ("reversal", "proposed")
    request = ApprovalRequest.objects.get(number=asked.approval_number)
    assert [stage.role for stage in request.stage_list] == list(RULES["write_off"].stages)
    with pytest.raises(SamePerson):
        cast_vote(request_number=request.number, verdict="agree", opinion="自己同意", by=bank.fang)
    with pytest.raises(NotThisStage):
        cast_vote(request_number=request.number, verdict="agree", opinion="先后有序", by=risk(bank))
    with pytest.raises(ChangeWaits):
        ask(bank, given_up)
    agree(asked, bank.cast.gao)
    loan.refresh_from_db()
    assert loan.status == "written_off" and journal(loan) == before
    asked = agree(asked, risk(bank))
    assert agrees(loan) and loan.status == "active"
    assert asked.status == "applied" and asked.event is not None and asked.event.kind == "reversed"
    assert LoanChange.objects.get(kind="write_off").status == "taken_back"
    with pytest.raises(AlreadyReversed):
        ask(bank, given_up)


def test_a_refusal_leaves_everything_and_it_can_be_asked_again(bank: Bank, loan: Loan, given_up: LoanEvent) -> None:
    asked = agree(ask(bank, given_up), bank.cast.gao, verdict="reject")
    loan.refresh_from_db()
    assert (asked.status, asked.event, loan.status) == ("rejected", None, "written_off")
    assert all_agree(bank, ask(bank, given_up)).status == "applied"


def test_the_vote_applies_it_to_the_position_of_its_day_or_refuses_with_the_reason(bank: Bank, loan: Loan, given_up: LoanEvent) -> None:
    asked = agree(ask(bank, given_up), bank.cast.gao)
    days_pass(bank, date(2026, 6, 20))
    pay(bank, loan, "5000.00", date(2026, 6, 18))
    steps.take_back(Loan.objects.lock(loan.number), given_up, reason="银行要求", today=date(2026, 6, 20), by=bank.fang)
    with pytest.raises(AlreadyReversed):
        agree(asked, risk(bank))
    assert LoanChange.objects.get(pk=asked.pk).status == "proposed" and agrees(loan)


def test_late_and_early_changes_of_the_day_count_when_it_is_agreed(bank: Bank, loan: Loan, given_up: LoanEvent) -> None:
    asked = agree(ask(bank, given_up), bank.cast.gao)
    days_pass(bank, date(2026, 6, 20))
    pay(bank, loan, "5000.00", date(2026, 6, 18))
    asked = agree(asked, risk(bank))
    assert asked.event is not None and asked.event.posted_on == date(2026, 6, 20) and agrees(loan) and loan.status == "active"


def test_money_and_small_fees_stay_with_finance(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    for event in (pay(bank, loan, "3321.43", date(2026, 2, 15)), charge(bank, loan, 5_000)):
        assert not reversals.agreed_by(event)
        done = reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="记错", by=bank.fang)
        assert isinstance(done, LoanEvent) and agrees(loan)
    large = all_agree(bank, charge(bank, loan, 500_000))
    assert large.event is not None and reversals.agreed_by(large.event) == RULES["charge"].stages
    assert take_back(bank, large.event).kind == "reversed" and agrees(loan)


def test_the_page_previews_it_and_the_events_tell_the_whole_trail(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 10))
    asked = request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang)
    event = agree(asked, risk(bank)).event
    assert event is not None
    url = at("reverse", loan.number, event.pk)
    browser.acts_as(bank.fang)
    shown = browser.get(url)
    assert shown.status_code == 200 and "风险经理" in text_of(shown) and "提交冲正申请" in text_of(shown)
    assert browser.post(url, {"reason": " ", "_once": "a"}).status_code == 422
    assert browser.post(url, {"reason": "利率有误", "_once": "b"}).status_code == 422, "the preview was not shown"
    assert browser.post(url, {"reason": "利率有误", "_once": "c", "seen": shown.context["mark"]}).status_code == 302
    change = LoanChange.objects.get(kind="reversal")
    assert "若今日同意" in text_of(browser.get(at("change", change.number)))
    tab = text_of(browser.get(at("events") + f"?subject={loan.subject}"))
    assert change.number in tab and asked.number in tab and "待审批" in tab and url not in tab
    all_agree(bank, change)
    assert "要冲正的事项" in text_of(browser.get(at("change", change.number)))
    assert change.number in text_of(browser.get(at("events") + f"?subject={loan.subject}")) and agrees(loan)
    assert browser.acts_as(WU).get(url).status_code in (403, 404)
    with pytest.raises(NotPermitted):
        reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="看不到", by=WU)


def test_programs_are_told_that_it_waits(browser: Any, bank: Bank, loan: Loan, given_up: LoanEvent) -> None:
    browser.acts_as(bank.fang)
    said = browser.api(f"servicing/loans/{loan.number}/events/{given_up.pk}/reverse", {"reason": "核销依据有误"})
    assert said.status_code == 202 and (said.json()["kind"], said.json()["status"]) == ("reversal", "proposed")
    again = browser.api(f"servicing/loans/{loan.number}/events/{given_up.pk}/reverse", {"reason": "核销依据有误"})
    assert (again.status_code, again.json()["code"]) == (409, "loan_change_waits")


def test_a_reason_is_needed(bank: Bank, given_up: LoanEvent) -> None:
    with pytest.raises(ReasonRequired):
        ask(bank, given_up, "x")
    assert not LoanChange.objects.filter(kind="reversal").exists() and given_up.amount == Money(0)
