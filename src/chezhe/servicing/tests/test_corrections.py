"""Money found late, taken back, or paid ahead: the books follow the fold, and old entries stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chezhe.contracts.models import Contract, Mortgage
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, clock
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.kernel.testing import moment
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import lives, previews, proof, queries, steps
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.judging import PrepaymentRefused
from chezhe.servicing.models import Loan, LoanEvent, Schedule
from chezhe.servicing.position import (
    Acceleration,
    Change,
    Charge,
    Deposit,
    DepositUse,
    DueDayChange,
    Extension,
    Holiday,
    RateChange,
    Refund,
    Restructuring,
    Subsidy,
    Waiver,
    WriteOff,
)
from chezhe.servicing.reversals import AlreadyReversed, NotReversible
from chezhe.servicing.tests.deciding import take_back
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, make_bank, pay, pay_instalments, prepay, receipt, settle, with_plan
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


def test_a_late_receipt_is_replayed_and_only_the_difference_is_posted_today(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    pay(bank, loan, "3000.00", APRIL)
    before = journal(loan)
    found = pay(bank, loan, "3321.43", date(2026, 2, 15), "S2")
    assert journal(loan).startswith(before), "old entries stay"
    assert journal(loan)[len(before):].strip() == (
        "2026-04-01 replay\n"
        "  Dr bank                 3,321.43\n"
        "  Dr penalty income          32.30\n"
        "  Dr compound income         14.20\n"
        "  Cr interest receivable    976.79\n"
        "  Cr principal            2,391.14"
    )
    assert (found.value_on, found.posted_on) == (date(2026, 2, 15), APRIL)
    assert agrees(loan) and loan.days_past_due(APRIL) == 17


def test_a_receipt_before_what_was_already_booked_that_month_lands_in_the_open_month(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    for month in (1, 2):
        close_period(month=date(2026, month, 1), business_date=APRIL, by=bank.fang)
    pay(bank, loan, "3321.43", date(2026, 2, 15))
    assert JournalEntry.objects.latest("id").posted_on == APRIL and agrees(loan)


def test_taking_a_payment_back_mirrors_it_and_says_what_is_owed_again(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    event = pay(bank, loan, "3000.00", APRIL)
    loan.refresh_from_db()
    preview = previews.preview_reversal(loan, event, APRIL)
    assert [b.event for b in preview.bookings] == ["reversal"] and preview.after.principal_fen == 10_000_000
    take_back(bank, event)
    assert journal(loan).endswith(
        "2026-04-01 reversal\n"
        "  Dr penalty income          52.23\n"
        "  Dr compound income         22.50\n"
        "  Dr interest receivable  1,000.00\n"
        "  Dr principal            1,925.27\n"
        "  Cr bank                 3,000.00"
    )
    assert agrees(loan) and loan.principal_left == Money(10_000_000)
    with pytest.raises(AlreadyReversed):
        take_back(bank, event)
    again = pay(bank, loan, "3000.00", APRIL)
    assert again.reference.endswith("/again-2") and agrees(loan), "the same slip may be booked again"


def test_only_money_can_be_taken_back_and_for_a_reason(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 15))
    event = pay(bank, loan, "100.00", date(2026, 2, 15))
    with pytest.raises(Invalid):
        take_back(bank, event, " ")
    with pytest.raises(NotReversible):
        take_back(bank, loan.events.get(kind="paid_out"))
    with pytest.raises(NotFound):
        reverse_repayment(loan_number=loan.number, event_id=10**9, reason="x", by=bank.fang)


def test_taking_back_an_early_payment_gives_the_later_ones_other_dues(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 3)
    take_back(bank, loan.events.get(value_on=date(2026, 2, 15), kind="repaid"))
    assert agrees(loan) and loan.days_past_due(date(2026, 4, 15)) == 31
    assert lives.life_of(loan)[0].dues[0].due_date == date(2026, 3, 15)


def test_reversing_an_early_settlement_reopens_loan_contract_and_mortgage(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 2)
    day = date(2026, 3, 25)
    days_pass(bank, day)
    event = settle(bank, loan, str(queries.settlement_quote(loan, day).to_pay))
    days_pass(bank, date(2026, 5, 20))
    loan.refresh_from_db()
    assert loan.status == "settled" and not loan.interest_due
    take_back(bank, event, "支票退回")
    assert agrees(loan) and (loan.status, loan.settled_on) == ("active", None)
    assert loan.days_past_due(date(2026, 5, 20)) == 35 and loan.as_of == date(2026, 5, 20)
    assert Contract.objects.get().status == "effective" and Mortgage.objects.get().status == "registered"
    assert settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 5, 20)).to_pay)) != event and agrees(loan)


@pytest.mark.parametrize(("product", "fee"), [("T01", 211_675), ("P01", 0)])
def test_the_product_makes_settling_free_after_twelve_instalments(bank: Bank, product: str, fee: int) -> None:
    loan = lend(bank, product=product)
    eleven = list(loan.schedules.get().due_dates)[:11]
    pay_instalments(bank, loan, 11)
    assert queries.settlement_quote(loan, eleven[-1] + timedelta(days=5)).figure.early_settlement_fee_fen > 200_000
    pay_instalments(bank, loan, 12)
    assert queries.settlement_quote(loan, date(2027, 1, 25)).figure.early_settlement_fee_fen == fee


@pytest.mark.parametrize(
    ("mode", "lines", "first", "last", "interest"),
    [("reduce_instalment", 24, 237_996, 238_002, 656_064), ("shorten_term", 17, 332_143, 198_260, 456_702)],
)
def test_ac12_prepaying_plans_the_rest_anew(bank: Bank, loan: Loan, mode: str, lines: int, first: int, last: int, interest: int) -> None:
    pay_instalments(bank, loan, 12)
    event = prepay(bank, loan, "20000.00", mode)
    assert journal(loan).endswith("2027-01-15 prepayment\n  Dr bank       20,000.00\n  Cr principal  20,000.00")
    stored = Schedule.objects.get(loan=loan, version=2)
    rest = list(zip(stored.principal_fen, stored.interest_fen, strict=True))[12:]
    assert (len(rest), sum(rest[0]), sum(rest[-1]), sum(row[1] for row in rest)) == (lines, first, last, interest)
    assert agrees(loan) and loan.principal_left == Money(5_055_846)
    days_pass(bank, date(2027, 2, 15))
    assert agrees(loan) and loan.interest_due + loan.principal_due == Money(first)
    take_back(bank, event)
    assert agrees(loan) and loan.interest_due + loan.principal_due == Money(332_143) and loan.matures_on == date(2029, 1, 15)


def test_prepaying_inside_a_line_keeps_the_interest_that_was_earned(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 12)
    days_pass(bank, date(2027, 1, 25))
    whole = queries.settlement_quote(loan, date(2027, 1, 25)).figure.interest_fen
    prepay(bank, loan, "20000.00")
    loan.refresh_from_db()
    assert queries.settlement_quote(loan, date(2027, 1, 25)).figure.interest_fen == whole, "ten days on all of it"
    days_pass(bank, date(2027, 2, 15))
    assert agrees(loan) and loan.interest_due == Money(50_558 + 6_667), "a month on the rest, ten days on what left"


def test_prepayments_that_cannot_be_are_refused_with_a_reason(bank: Bank, loan: Loan) -> None:
    for yuan, refusal in (("100", Invalid), ("100000", PrepaymentRefused)):
        with pytest.raises(refusal):
            prepay(bank, loan, yuan)
    prepay(bank, loan, "5000")
    with pytest.raises(PrepaymentRefused, match=r".*"):
        prepay(bank, loan, "5000", reference="T2")
    days_pass(bank, date(2026, 2, 15))
    with pytest.raises(PrepaymentRefused) as overdue:
        prepay(bank, loan, "5000", reference="T3")
    assert "到期未还" in str(overdue.value) and agrees(loan)


def test_the_preview_is_what_is_posted(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    loan.refresh_from_db()
    for slip in (receipt("3000.00", APRIL), receipt("500.00", date(2026, 2, 20), "S2")):
        loan.refresh_from_db()
        preview = previews.preview_news(loan, slip.money, APRIL)
        last = JournalEntry.objects.latest("id").pk
        pay(bank, loan, str(slip.amount), slip.paid_on, slip.reference)
        posted = JournalEntry.objects.filter(pk__gt=last).order_by("id")
        assert [ledger_steps.transfers_of(entry) for entry in posted] == [booking.transfers for booking in preview.bookings]


def test_events_and_schedules_cannot_be_changed(bank: Bank, loan: Loan) -> None:
    for rows in (LoanEvent.objects.all(), Schedule.objects.all()):
        for change in (lambda found=rows: found.update(loan=loan), lambda found=rows: found.delete()):
            with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
                change()


def test_the_proof_finds_a_row_that_was_touched_and_a_ledger_that_moved(bank: Bank, loan: Loan) -> None:
    Loan.objects.update(principal_left=Money(1))
    loan.refresh_from_db()
    assert "principal_left is 1 fen in the row" in proof.first_difference(loan)
    Loan.objects.update(principal_left=Money(10_000_000))
    ledger_steps.post(event="x", reference="x", transfers=[Transfer(chart.BANK, chart.LOAN_PRINCIPAL, 1, loan.subject)], on=START, by=bank.fang)
    loan.refresh_from_db()
    assert "the ledger lacks Dr 1303.01" in proof.first_difference(loan)


def test_many_loans_are_proved_with_as_many_questions_as_one_and_the_wrong_one_is_named(
    bank: Bank, loan: Loan, django_assert_max_num_queries: Any
) -> None:
    cars = (("LRWYGCEK2RC000004", "沪B23456"), ("LFVTEST0030000011", "沪C34567"))
    first, second = (lend(bank, with_plan(periods=6), vin=vin, plate=plate) for vin, plate in cars)
    pay(bank, first, "1000.00", business_date.current(), "N1")
    chosen = list(Loan.objects.select_related("product_version").order_by("id"))
    assert chosen == [loan, first, second]
    with django_assert_max_num_queries(4):  # plans, money, checkpoints, ledger
        assert list(proof.differences(chosen)) == []
    Loan.objects.filter(pk=second.pk).update(unapplied=Money(7))
    found = list(proof.differences(Loan.objects.order_by("id")))
    assert found == [f"{second.number}: unapplied is 7 fen in the row and 0 fen in the fold"]


def any_life() -> Any:
    money = st.tuples(st.just("pay"), st.integers(0, 60), st.integers(1, 900_000))
    other = st.tuples(st.sampled_from(["reverse", "prepay", "settle"]), st.integers(0, 5), st.integers(500_000, 3_000_000))
    change = st.tuples(st.sampled_from(sorted(CHANGED)), st.integers(0, 9), st.integers(1, 400_000))
    return st.lists(st.tuples(st.integers(0, 31), money | other | change), min_size=3, max_size=12)


SUMS = ("charged", "refunded", "waived", "deposited", "deposit_used", "subsidised")
SOURCES = {"deposited": chart.BANK, "deposit_used": chart.DEPOSITS_HELD, "subsidised": chart.SUBSIDY_RECEIVABLE}
CHANGED: dict[str, Callable[[int], Change]] = {
    "charged": lambda _back: Charge(code="legal"), "refunded": lambda back: Refund(is_deposit=back % 2 == 1),
    "waived": lambda back: Waiver(item=(Item.PENALTY, Item.COMPOUND, Item.INTEREST, Item.FEE)[back % 4]),
    "due_day": lambda back: DueDayChange(due_day=1 + 3 * back), "holiday": lambda back: Holiday(months=1 + back % 4),
    "repriced": lambda back: RateChange(annual_rate=Decimal("0.03") + Decimal(back) / 100),
    "deposited": lambda _back: Deposit(), "deposit_used": lambda _back: DepositUse(), "subsidised": lambda back: Subsidy(period=back),
    "accelerated": lambda _back: Acceleration(), "written_off": lambda _back: WriteOff(),
    "extended": lambda back: Extension(months=1 + back),
    "restructured": lambda back: Restructuring(
        method=(Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL)[back % 2], annual_rate=Decimal("0.08"), periods=3 + back,
        observed_months=12),
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_life())
def test_fold_row_and_ledger_agree_after_any_life(plan: list[tuple[int, tuple[str, int, int]]]) -> None:
    with transaction.atomic():
        bank = make_bank()
        loan = lend(bank, with_plan(periods=6))
        for number, (pause, (verb, back, fen)) in enumerate(plan):
            today = business_date.current() + timedelta(days=pause)
            days_pass(bank, today)
            loan.refresh_from_db()
            _live(bank, loan, verb, back, fen, f"N{number}", today)
            loan.refresh_from_db()
            assert proof.first_difference(loan) == ""
        assert not ledger_queries.trial_balance(business_date.current()).difference
        transaction.set_rollback(True)


def _live(bank: Bank, loan: Loan, verb: str, back: int, fen: int, reference: str, today: date) -> None:
    if verb == "reverse":
        standing = [event for event in loan.events.select_related("reversal").order_by("-id") if event.is_reversible]
        if standing:
            take_back(bank, standing[back % len(standing)])
    elif loan.status == "settled":
        return
    elif verb in CHANGED:
        change = CHANGED[verb](back)
        amount = Money(fen if verb in SUMS else 0)
        news = steps.News(
            value_on=today, reference=reference, kind=verb, change=change, amount=amount, source=SOURCES.get(verb, ""))
        steps.take_in(loan, news, today=today, by=bank.fang)
    elif verb == "pay":
        pay(bank, loan, str(Money(fen)), max(START, today - timedelta(days=back)), reference)
    elif verb == "settle":
        if loan.status != "written_off" and (to_pay := queries.settlement_quote(loan, today).to_pay):
            settle(bank, loan, str(to_pay), reference)
    elif loan.status == "active":
        try:
            prepay(bank, loan, str(Money(fen)), reference=reference)
        except PrepaymentRefused:
            return


@pytest.mark.django_db(transaction=True)
def test_two_clerks_paying_at_once_both_count_and_one_slip_counts_once() -> None:
    bank = make_bank()
    loan = lend(bank)
    days_pass(bank, APRIL)

    def work(reference: str) -> None:
        try:
            with clock.at(moment("2026-01-15 10:00")):
                pay(bank, loan, "1000.00", APRIL, reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("A", "B", "A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loan.events.filter(kind="repaid").count() == 2 and agrees(loan)
    assert ledger_queries.balance(chart.BANK) == Money(200_000)
