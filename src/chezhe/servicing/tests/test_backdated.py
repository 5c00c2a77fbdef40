"""A transfer that was meant to end or shorten the loan and was noticed late counts from the day on which it came."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.servicing import lives, previews, proof, queries
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.backdating import ChangedSince
from chezhe.servicing.counter import ReceiptOnStatement
from chezhe.servicing.judging import PayoffDiffers, PrepaymentRefused
from chezhe.servicing.models import Loan
from chezhe.servicing.queries import PaidBeforePayout, PaidInFuture
from chezhe.servicing.tests.deciding import all_agree, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, pay_instalments, prepay, receipt, settle
from chezhe.servicing.tests.test_bank_files import HEAD
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_end_of_day import CARS
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db
PAID = date(2026, 2, 20)


def quoted(loan: Loan, on: date, today: date) -> str:
    return str(queries.require_quote(Loan.objects.get(pk=loan.pk), on, today).to_pay)


def other_loan(bank: Bank) -> Loan:
    return lend(bank, vin=CARS[0], plate="沪B00001")


def all_is_sound(bank: Bank, until: date) -> None:
    """Closed on, the books hold what the loans say, accrual included."""
    days_pass(bank, until)
    assert not list(proof.differences(Loan.objects.order_by("pk"))) and not proof.accrual_differences()
    assert ledger_queries.prove(thorough=True).is_sound


@pytest.mark.parametrize("late", [1, 40])
def test_a_settlement_counts_from_its_day_for_what_was_quoted_on_it(bank: Bank, loan: Loan, late: int) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, PAID)
    then, found = quoted(loan, PAID, PAID), PAID + timedelta(days=late)
    days_pass(bank, found)
    assert quoted(loan, PAID, found) == then
    row = Loan.objects.select_related("product_version").get(pk=loan.pk)
    foreseen = previews.preview_news(row, receipt(then, PAID, "J1", kind="settled").money, found)
    event = settle(bank, loan, then, on=PAID)
    assert agrees(loan) and (loan.status, loan.settled_on, loan.unapplied) == ("settled", PAID, Money(0))
    assert (event.value_on, event.posted_on) == (PAID, found) and foreseen.after.settled_on == PAID
    # Over a due date, which has been booked since, only the difference is posted.
    named = "replay" if late == 40 else "early_settlement"
    assert event.entry is not None and (event.entry.posted_on, event.entry.event) == (found, named)
    assert journal(loan).count(f"{found} {named}") == 1
    all_is_sound(bank, found + timedelta(days=3))
    take_back(bank, event)
    assert agrees(loan) and loan.status == "active"
    all_is_sound(bank, found + timedelta(days=6))


def test_it_leaves_the_same_as_if_it_had_been_booked_at_once(bank: Bank, loan: Loan) -> None:
    other = other_loan(bank)
    for one, reference in ((loan, "A"), (other, "B")):
        days_pass(bank, date(2026, 2, 15))
        pay(bank, one, "3321.43", date(2026, 2, 15), reference)
    days_pass(bank, PAID)
    settle(bank, other, quoted(other, PAID, PAID), "J2")
    days_pass(bank, date(2026, 4, 1))
    settle(bank, loan, quoted(loan, PAID, date(2026, 4, 1)), on=PAID)
    assert agrees(loan) and agrees(other)
    held = [lives.booked_balances(one) for one in (loan, other)]
    assert held[0] == held[1]


def test_what_came_since_is_the_borrowers_cash(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 4, 1))
    pay(bank, loan, "3321.43", date(2026, 3, 15))
    settle(bank, loan, quoted(loan, PAID, date(2026, 4, 1)), on=PAID)
    assert agrees(loan) and (loan.status, loan.unapplied) == ("settled", Money(332_143))
    all_is_sound(bank, date(2026, 4, 5))


def test_money_that_waited_as_unapplied_cash_settles_from_its_day(bank: Bank, loan: Loan) -> None:
    """The bank's file brought the transfer as a repayment; the settlement needs no further money."""
    pay_instalments(bank, loan, 1)
    days_pass(bank, PAID)
    whole = quoted(loan, PAID, PAID)
    days_pass(bank, date(2026, 2, 23))
    pay(bank, loan, whole, PAID, "S9")
    assert quoted(loan, PAID, date(2026, 2, 23)) == "0.00"
    settle(bank, loan, "0.00", on=PAID)
    assert agrees(loan) and (loan.status, loan.settled_on, loan.unapplied) == ("settled", PAID, Money(0))


def test_another_sum_another_day_or_a_decision_since_is_refused(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 3, 1))
    whole = quoted(loan, PAID, date(2026, 3, 1))
    with pytest.raises(PayoffDiffers):
        settle(bank, loan, quoted(loan, date(2026, 3, 1), date(2026, 3, 1)), on=PAID)
    with pytest.raises(PaidInFuture):
        settle(bank, loan, whole, on=date(2026, 3, 2))
    with pytest.raises(PaidBeforePayout):
        settle(bank, loan, whole, on=date(2026, 1, 14))
    asked = request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang)
    change = all_agree(bank, asked)
    with pytest.raises(ChangedSince, match="利率调整"):
        settle(bank, loan, whole, on=PAID)
    with pytest.raises(ChangedSince):
        prepay(bank, loan, "20000.00", on=PAID)
    assert change.event is not None
    take_back(bank, change.event)
    settle(bank, loan, whole, on=PAID)
    assert agrees(loan) and loan.status == "settled"


def test_a_transfer_that_the_statement_has_brought_is_not_booked_twice(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 3, 1))
    whole = quoted(loan, PAID, date(2026, 3, 1))
    import_bank_file(content=(HEAD + f"{PAID},{whole.replace(',', '')},J1,某人,,\n").encode(), name="二月.csv", by=bank.fang)
    for act in (lambda: settle(bank, loan, whole, on=PAID), lambda: prepay(bank, loan, "20000.00", reference="J1", on=PAID)):
        with pytest.raises(ReceiptOnStatement):
            act()


@pytest.mark.parametrize("mode", ["reduce_instalment", "shorten_term"])
def test_a_prepayment_over_a_due_date_leaves_the_same_as_one_booked_at_once(bank: Bank, loan: Loan, mode: str) -> None:
    other, early = other_loan(bank), date(2026, 3, 1)
    for on in (date(2026, 2, 15), early, date(2026, 3, 15)):
        days_pass(bank, on)
        for one, name in ((loan, "A"), (other, "B")):
            if on != early:
                pay(bank, one, "3321.43", on, f"{name}{on}")
        if on == early:
            prepay(bank, other, "20000.00", mode, "TB")
    days_pass(bank, date(2026, 3, 20))
    event = prepay(bank, loan, "20000.00", mode, on=early)
    assert agrees(loan) and agrees(other) and event.value_on == early and event.posted_on == date(2026, 3, 20)
    same = ("principal_left", "interest_due", "unapplied", "next_due_on", "matures_on", "accrued_out")
    assert [getattr(loan, name) for name in same] == [getattr(other, name) for name in same]
    assert loan.schedules.latest("version").interest_fen == other.schedules.latest("version").interest_fen
    assert lives.booked_balances(loan) == lives.booked_balances(other)
    all_is_sound(bank, date(2026, 3, 25))


def test_nothing_is_prepaid_on_a_day_on_which_something_was_overdue(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 1))
    pay(bank, loan, "3500.00", date(2026, 3, 1))
    with pytest.raises(PrepaymentRefused):
        prepay(bank, loan, "20000.00", on=PAID)


def test_the_page_and_the_program_settle_and_prepay_as_of_a_day(browser: Any, bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 3, 1))
    browser.acts_as(bank.fang)
    url = at("settlement", loan.number) + f"?on={PAID}"
    asked = {"amount": quoted(loan, PAID, date(2026, 3, 1)), "channel": "bank", "reference": "J7"}
    assert "款项须在这一天已经到账" in text_of(browser.get(url))
    tried = browser.post(url, asked)
    assert tried.status_code == 200 and tried.context["preview"].after.settled_on == PAID
    assert browser.post(url, {**asked, "seen": tried.context["mark"], "_once": "s"}).status_code == 302
    assert Loan.objects.get(pk=loan.pk).settled_on == PAID
    other = other_loan_settled_by_program(browser, bank)
    assert other.status == "settled" and agrees(other)


def other_loan_settled_by_program(browser: Any, bank: Bank) -> Loan:
    other = other_loan(bank)
    home, on = f"servicing/loans/{other.number}", "2026-02-10"
    days_pass(bank, date(2026, 3, 2))
    early = browser.api(f"{home}/prepayments", {
        "amount": "20000.00", "channel": "bank", "reference": "P1", "mode": "reduce_instalment", "paid_on": on})
    assert early.status_code == 201 and early.json()["value_on"] == on
    said = browser.api(f"{home}/settlement-quote?on={on}").json()
    done = browser.api(f"{home}/settlement", {"amount": said["to_pay"], "channel": "bank", "reference": "P2", "paid_on": on})
    assert done.status_code == 201, done.json()
    return Loan.objects.get(pk=other.pk)
