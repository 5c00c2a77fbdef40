"""Cash that the borrower has with us goes back: asked for, agreed to, let go by a third person, paid by the bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chezhe.approvals.models import ApprovalRequest
from chezhe.finmath.money import Money
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.testing import WU
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.models import Payout
from chezhe.risk.screening.freezing import BusinessHeld
from chezhe.risk.screening.models import Hit
from chezhe.risk.tests.freezing import freeze
from chezhe.servicing import queries
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.settle_refund import settle_refund
from chezhe.servicing.changes import ChangeWaits, RefundExceeds
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.refunds import AccountClosed, PaidComesFirst
from chezhe.servicing.reversals import NotReversible
from chezhe.servicing.tests.deciding import agree, answer, ask_refund, pay_out, someone, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, settle, with_plan
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

FEBRUARY = date(2026, 2, 15)


@pytest.fixture
def overpaid(bank: Bank, loan: Loan) -> Loan:
    """500.00 more than was due came on the first due date."""
    days_pass(bank, FEBRUARY)
    pay(bank, loan, "3821.43", FEBRUARY, "R1")
    loan.refresh_from_db()
    return loan


def test_a_refund_is_set_aside_when_agreed_to_and_booked_when_the_bank_has_paid(bank: Bank, overpaid: Loan) -> None:
    change = ask_refund(bank, overpaid, 50_000)
    assert (change.status, journal(overpaid).count("refund")) == ("proposed", 0)
    agree(change, bank.cast.gao)
    assert change.status == "applied" and agrees(overpaid) and not overpaid.unapplied
    pay_out(bank, change)
    assert journal(overpaid).endswith(
        "2026-02-15 refunded\n"
        "  Dr unapplied cash   500.00\n"
        "  Cr refunds payable  500.00\n"
        "\n"
        "2026-02-15 refund_paid\n"
        "  Dr refunds payable   500.00\n"
        "  Cr funds in transit  500.00"
    )
    assert change.status == "paid" and change.paid_event is not None and agrees(overpaid)
    assert Payout.objects.get().payee_name == "王小明" and answer(change, "paid").status == "paid", "the bank says it twice"


def test_money_leaves_by_three_hands_and_never_without_a_reason(bank: Bank, overpaid: Loan) -> None:
    with pytest.raises(ReasonRequired):
        request_refund(loan_number=overpaid.number, amount=Money(1), reason=" ", by=bank.fang)
    change = ask_refund(bank, overpaid, 50_000)
    with pytest.raises(ChangeWaits):
        ask_refund(bank, overpaid, 1)
    funding = someone(bank, "付", roles.FUNDING)
    with pytest.raises(WrongState):
        pay_refund(change_number=change.number, by=funding)
    agree(change, bank.cast.gao)
    with pytest.raises(NotPermitted):
        pay_refund(change_number=change.number, by=bank.fang)
    both = someone(bank, "双", roles.FUNDING)
    ApprovalRequest.objects.filter(number=change.approval_number).update(maker_ids=[both.user_id])
    with pytest.raises(SamePerson):
        pay_refund(change_number=change.number, by=both)
    pay_refund(change_number=change.number, by=funding)
    assert Payout.objects.get().amount == Money(50_000)
    for outsider in (bank.cast.mei, WU):
        with pytest.raises((NotPermitted, NotFound)):
            request_refund(loan_number=overpaid.number, amount=Money(1), reason="多付", by=outsider)


@pytest.mark.parametrize(("fen", "refusal"), [(50_001, RefundExceeds), (0, Invalid), (-1, Invalid)])
def test_no_more_than_is_there_can_be_asked_for(bank: Bank, overpaid: Loan, fen: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ask_refund(bank, overpaid, fen)
    with pytest.raises(Invalid):
        request_refund(loan_number=overpaid.number, amount=Money(1), account_tail="0001", reason="多付", by=bank.fang)


def test_a_vote_is_refused_when_the_cash_has_been_used_meanwhile(bank: Bank, overpaid: Loan) -> None:
    change = ask_refund(bank, overpaid, 50_000)
    days_pass(bank, date(2026, 3, 15))
    with pytest.raises(RefundExceeds):
        agree(change, bank.cast.gao)
    assert agree(change, bank.cast.gao, verdict="reject").status == "rejected" and agrees(overpaid)


def test_what_a_settled_loan_has_left_goes_back_too(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=1))
    days_pass(bank, FEBRUARY)
    pay(bank, loan, "101500.00", FEBRUARY)
    loan.refresh_from_db()
    assert (loan.status, loan.unapplied) == ("settled", Money(50_000))
    pay_out(bank, agree(ask_refund(bank, loan, 50_000), bank.cast.gao))
    assert agrees(loan) and (loan.status, loan.unapplied) == ("settled", Money(0))


def test_cash_that_covers_the_payoff_settles_the_loan_and_the_rest_goes_back(bank: Bank, loan: Loan) -> None:
    days_pass(bank, FEBRUARY)
    pay(bank, loan, "110000.00", FEBRUARY)
    left = Money(11_000_000 - 332_143) - queries.settlement_quote(loan, FEBRUARY).total
    settle(bank, loan, "0")
    assert agrees(loan) and (loan.status, loan.unapplied) == ("settled", left)
    pay_out(bank, agree(ask_refund(bank, loan, left.fen), bank.cast.gao))
    assert agrees(loan) and not loan.unapplied


def test_a_refund_the_bank_refuses_is_sent_again_or_given_up(bank: Bank, overpaid: Loan) -> None:
    change = pay_out(bank, agree(ask_refund(bank, overpaid, 30_000), bank.cast.gao), "failed", "ACCOUNT_CLOSED")
    assert (change.status, change.failure_code) == ("failed", "ACCOUNT_CLOSED")
    retry_payout(payout_number=change.payout_number, reason="账户已恢复", by=someone(bank, "重", roles.FUNDING))
    assert answer(change, "paid").status == "paid"
    assert answer(change, "returned", "RETURNED_BY_PAYEE_BANK").status == "returned" and agrees(overpaid)
    with pytest.raises(ReasonRequired):
        cancel_refund(change_number=change.number, reason="", by=bank.fang)
    cancel_refund(change_number=change.number, reason="客户改为抵下期", by=bank.fang)
    change.refresh_from_db()
    assert change.status == "cancelled" and agrees(overpaid) and overpaid.unapplied == Money(50_000)


def test_a_refund_given_up_after_the_loan_was_settled_leaves_it_settled(bank: Bank, overpaid: Loan) -> None:
    """The settlement was paid without the cash that had been set aside; now it more than meets the payoff."""
    change = agree(ask_refund(bank, overpaid, 50_000), bank.cast.gao)
    days_pass(bank, date(2026, 3, 1))
    settle(bank, overpaid, str(queries.settlement_quote(overpaid, date(2026, 3, 1)).to_pay))
    cancel_refund(change_number=change.number, reason="账户已销户", by=bank.fang)
    overpaid.refresh_from_db()
    assert (overpaid.status, overpaid.unapplied, overpaid.principal_left) == ("settled", Money(50_000), Money(0)) and agrees(overpaid)
    pay_out(bank, agree(ask_refund(bank, overpaid, 50_000), bank.cast.gao))
    assert agrees(overpaid) and not overpaid.unapplied


def test_money_that_came_back_waits_for_the_news_that_it_went(bank: Bank, overpaid: Loan) -> None:
    change = agree(ask_refund(bank, overpaid, 50_000), bank.cast.gao)
    pay_refund(change_number=change.number, by=someone(bank, "付", roles.FUNDING))
    with pytest.raises(PaidComesFirst):
        settle_refund(change_number=change.number, outcome="returned", on=FEBRUARY, by=SYSTEM)
    assert settle_refund(change_number=change.number, outcome="paid", on=FEBRUARY, by=SYSTEM).status == "paid"
    assert settle_refund(change_number=change.number, outcome="returned", on=FEBRUARY, by=SYSTEM).status == "returned"


def test_whoever_the_refund_was_asked_for_lets_nothing_go(bank: Bank, overpaid: Loan) -> None:
    """Fang acted for a funding clerk who delegated: the clerk is a maker as well."""
    funding = someone(bank, "付", roles.FUNDING)
    acting = replace(bank.fang, on_behalf_of_id=funding.user_id)
    change = request_refund(loan_number=overpaid.number, amount=Money(100), reason="客户多付", by=acting)
    agree(change, bank.cast.gao)
    with pytest.raises(SamePerson):
        pay_refund(change_number=change.number, by=funding)


def test_nothing_goes_to_an_account_closed_meanwhile(bank: Bank, overpaid: Loan) -> None:
    change = agree(ask_refund(bank, overpaid, 100), bank.cast.gao)
    change.account.closed_at = clock.now()
    change.account.save(update_fields=["closed_at"])
    with pytest.raises(AccountClosed):
        pay_refund(change_number=change.number, by=someone(bank, "付", roles.FUNDING))
    assert not Payout.objects.exists()


def test_nothing_goes_to_a_frozen_borrower_and_nothing_is_said_of_why(bank: Bank, overpaid: Loan) -> None:
    funding = someone(bank, "付", roles.FUNDING)
    change = agree(ask_refund(bank, overpaid, 100), bank.cast.gao)
    hit = freeze(overpaid.customer)
    with pytest.raises(BusinessHeld) as refused:
        pay_refund(change_number=change.number, by=funding)
    assert "制裁" not in str(refused.value) and not Payout.objects.exists()
    Hit.objects.filter(pk=hit.pk).update(status="cleared")
    assert pay_out(bank, change, "failed", "ACCOUNT_CLOSED").status == "failed"
    Hit.objects.filter(pk=hit.pk).update(status=hit.status)
    with pytest.raises(BusinessHeld):
        retry_payout(payout_number=change.payout_number, reason="账户已恢复", by=funding)


def test_a_receipt_taken_back_after_its_refund_is_owed_again(bank: Bank, overpaid: Loan) -> None:
    change = pay_out(bank, agree(ask_refund(bank, overpaid, 50_000), bank.cast.gao))
    with pytest.raises(NotReversible):
        take_back(bank, change.event)
    take_back(bank, overpaid.events.get(kind="repaid"))
    assert agrees(overpaid) and overpaid.fee_due == Money(50_000), "what was paid out is owed beside the instalment"
    assert queries.current_position(overpaid, FEBRUARY).due_total_fen == 332_143 + 50_000
    pay(bank, overpaid, "3821.43", FEBRUARY, "R2")
    assert agrees(overpaid) and not overpaid.fee_due and not overpaid.unapplied


def test_a_late_receipt_before_a_refund_leaves_the_refund_as_it_was(bank: Bank, overpaid: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    agree(ask_refund(bank, overpaid, 50_000), bank.cast.gao)
    days_pass(bank, date(2026, 2, 25))
    pay(bank, overpaid, "70.00", date(2026, 2, 18), "R3")
    assert agrees(overpaid) and overpaid.unapplied == Money(7_000)


def test_other_news_of_the_bank_changes_nothing(bank: Bank, overpaid: Loan) -> None:
    change = ask_refund(bank, overpaid, 100)
    assert settle_refund(change_number=change.number, outcome="sent", on=FEBRUARY, by=SYSTEM).status == "proposed"
    assert settle_refund(change_number=change.number, outcome="paid", on=FEBRUARY, by=SYSTEM).status == "proposed"


def test_the_pages_show_the_entries_first_and_the_way_of_the_refund(browser: Any, bank: Bank, overpaid: Loan) -> None:
    url, asked = at("refund", overpaid.number), {"amount": "500.00", "account_tail": "", "reason": "客户多付"}
    browser.acts_as(bank.fang)
    assert '"500.00"' in text_of(browser.get(url))
    tried = browser.post(url, asked)
    assert tried.status_code == 200 and "应付退款" in text_of(tried) and not LoanChange.objects.exists()
    assert browser.post(url, {**asked, "amount": "500.01"}).status_code == 422
    assert browser.post(url, {**asked, "seen": tried.context["mark"], "_once": "k1"}).status_code == 302
    change = LoanChange.objects.get()
    page = text_of(browser.get(at("change", change.number)))
    assert "待审批" in page and "若今日同意" in page and "王小明" not in page
    assert change.number in text_of(browser.get(at("changes"))) and change.number in text_of(
        browser.get(at("changes_of") + f"?subject={overpaid.subject}"))
    agree(change, bank.cast.gao)
    assert "付出退款" not in text_of(browser.get(at("change", change.number))), "finance does not pay it out"
    browser.acts_as(someone(bank, "付", roles.FUNDING))
    assert "付出退款" in text_of(browser.get(at("change", change.number)))
    url = at("pay_refund", change.number)
    shown = browser.get(url)
    assert "在途资金" in text_of(shown) and browser.post(url).status_code == 422 and not Payout.objects.exists()
    pay(bank, overpaid, "1.00", FEBRUARY, "R9")
    assert browser.post(url, {"seen": shown.context["mark"]}).status_code == 422 and not Payout.objects.exists(), "the loan has changed"
    assert browser.post(url, {"seen": browser.get(url).context["mark"]}).status_code == 302
    assert "付出退款" in text_of(browser.get(url)), "why it cannot be paid twice"
    answer(change, "failed", "ACCOUNT_CLOSED")
    url = at("cancel_refund", change.number)
    mark = browser.get(url).context["mark"]
    assert browser.post(url, {"reason": "", "seen": mark}).status_code == 422
    assert browser.post(url, {"reason": "账户已销户"}).status_code == 422 and "应付退款" in text_of(browser.get(url))
    assert browser.post(url, {"reason": "账户已销户", "seen": mark}).status_code == 302
    change.refresh_from_db()
    assert change.status == "cancelled" and agrees(overpaid)
    for name in ("change", "changes", "refund", "changes_of"):
        words = {"changes": (), "change": (change.number,), "refund": (overpaid.number,), "changes_of": ()}[name]
        assert browser.acts_as(WU).get(at(name, *words) + f"?subject={overpaid.subject}").status_code in (403, 404)
