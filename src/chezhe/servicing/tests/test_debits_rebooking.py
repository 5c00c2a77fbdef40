"""Somebody reverses by hand what a debit paid: the money waits, is booked again once, and no account keeps a rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel import clock, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.debits.models import Debit
from chezhe.servicing import queries
from chezhe.servicing.actions.book_debit_again import book_debit_again
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.actions.follow_debit import follow_debit
from chezhe.servicing.actions.order_debits import order_debits
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.debits.asking import CollectedBefore
from chezhe.servicing.debits.rebooking import NothingCollected, NotYetBooked, StillBooked, WentBack
from chezhe.servicing.models import Loan, LoanDebit, LoanEvent
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, until, work
from chezhe.servicing.tests.lending import Bank, settle
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal
from chezhe.servicing.tests.test_previews import newest, posted_since, previewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(bank: Bank, loan: Loan) -> Iterator[Bank]:
    """15 February, nine o'clock: the instalment was collected at eight, and finance has reversed what it paid."""
    mandate(bank)
    with morning(bank) as world:
        until(world, 9)
        proved = replace(bank, fang=now_proved(bank.fang))
        _reverse(proved, loan)
        yield proved


def _reverse(bank: Bank, loan: Loan) -> None:
    event = loan.events.get(kind="repaid", reversal__isnull=True)
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="录入有误", by=bank.fang)


def _one() -> LoanDebit:
    return LoanDebit.objects.get(turn=1, day=DUE)


def _again(bank: Bank) -> LoanEvent:
    return book_debit_again(debit_number=_one().number, order=Debit.objects.get().reference, by=bank.fang)


def _unclaimed() -> Money:
    return ledger_queries.balance(chart.DEBITS_COLLECTED)


def test_what_was_reversed_by_hand_is_booked_again_and_nothing_is_left_between(finance: Bank, loan: Loan) -> None:
    assert (_one().booked, _unclaimed()) == (Money(0), Money(332_143))
    done = _again(finance)
    assert (done.value_on, done.amount, done.facts["transaction"]) == (DUE, Money(332_143), "direct_debit")
    assert journal(loan).endswith(
        "2026-02-15 reversal\n"
        "  Dr interest receivable  1,000.00\n"
        "  Dr principal            2,321.43\n"
        "  Cr collected debits     3,321.43\n"
        "\n"
        "2026-02-15 repayment\n"
        "  Dr collected debits     3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert (_one().booked, _unclaimed()) == (Money(332_143), Money(0)) and agrees(loan)
    assert AuditEntry.objects.filter(verb="servicing.book_debit_again").count() == 1


def test_it_is_never_booked_twice(finance: Bank, loan: Loan) -> None:
    _again(finance)
    with pytest.raises(StillBooked) as refused:
        _again(finance)
    assert loan.number in str(refused.value) and "3321.43" in str(refused.value)
    follow_debit(reference=Debit.objects.get().reference, by=SYSTEM)
    assert loan.events.filter(kind="repaid").count() == 2 and _one().booked == Money(332_143) and agrees(loan)


def test_it_is_reversed_and_booked_again_as_often_as_people_err(finance: Bank, loan: Loan) -> None:
    for _turn in range(2):
        _again(finance)
        _reverse(finance, loan)
    _again(finance)
    assert (_one().booked, _unclaimed()) == (Money(332_143), Money(0)) and agrees(loan)


def test_days_later_it_still_counts_from_the_day_on_which_the_borrower_paid(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        until(world, 9)
        _reverse(replace(bank, fang=now_proved(bank.fang)), loan)
    with morning(bank, date(2026, 2, 20)):
        assert _again(replace(bank, fang=now_proved(bank.fang))).value_on == DUE
    assert journal(loan).endswith(
        "2026-02-20 replay\n"
        "  Dr collected debits     3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    loan.refresh_from_db()
    assert (loan.oldest_due_on, _unclaimed()) == (None, Money(0)) and agrees(loan)


def test_while_it_waits_the_borrower_is_not_debited_once_more(finance: Bank, loan: Loan) -> None:
    with pytest.raises(CollectedBefore):
        debit_now(loan_number=loan.number, amount=Money(100_000), by=finance.fang)
    LoanDebit.objects.filter(turn=2).update(due_at=clock.now())
    order_debits(after=0, by=SYSTEM)
    assert LoanDebit.objects.get(turn=2).reason_code == "NOT_BOOKED" and Debit.objects.count() == 1


def test_for_a_loan_that_was_settled_meanwhile_it_is_the_borrowers_to_get_back(finance: Bank, loan: Loan) -> None:
    settle(finance, loan, str(queries.settlement_quote(Loan.objects.get(pk=loan.pk), DUE).to_pay))
    _again(finance)
    loan.refresh_from_db()
    assert (loan.status, loan.unapplied, _unclaimed()) == ("settled", Money(332_143), Money(0)) and agrees(loan)


def test_what_the_bank_took_back_is_not_ours_to_book(bank: Bank, loan: Loan) -> None:
    mandate(bank, "812")
    with morning(bank) as world:
        until(world, 9)
        proved = replace(bank, fang=now_proved(bank.fang))
        _reverse(proved, loan)
        _again(proved)
        until(world, 20)
        for hours in (12, 2):
            clock.tick(hours * 3600)
            work(world)
        assert Debit.objects.get().status == "returned" and (_one().booked, _unclaimed()) == (Money(0), Money(0)) and agrees(loan)
        with pytest.raises(WentBack):
            _again(replace(bank, fang=now_proved(bank.fang)))


def test_what_never_came_or_is_not_booked_yet_has_nothing_to_book_again(bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    with morning(bank) as world:
        until(world, 9)
        proved = replace(bank, fang=now_proved(bank.fang))
        with pytest.raises(NothingCollected):
            _again(proved)
        Debit.objects.update(status="collected", collected=Money(332_143), collected_on=DUE)
        with pytest.raises(NotYetBooked):
            _again(proved)
        with pytest.raises(NotFound):
            book_debit_again(debit_number=_one().number, order="L26-1", by=proved.fang)
        with pytest.raises(NotPermitted):
            book_debit_again(debit_number=_one().number, order=Debit.objects.get().reference, by=bank.cast.lin)


def test_half_a_debit_and_another_order_keep_their_own_sums(bank: Bank, loan: Loan) -> None:
    mandate(bank, debit_max=200_000)
    with morning(bank) as world:
        until(world, 9)
        proved = replace(bank, fang=now_proved(bank.fang))
        first = loan.events.filter(kind="repaid").order_by("pk")[0]
        reverse_repayment(loan_number=loan.number, event_id=first.pk, reason="录入有误", by=proved.fang)
        assert _one().booked + first.amount == _one().collected == Money(332_143)
        book_debit_again(debit_number=_one().number, order=first.facts["debit"], by=proved.fang)
    assert (_one().booked, _unclaimed()) == (Money(332_143), Money(0)) and agrees(loan)


def test_finance_sees_it_waiting_looks_at_the_entries_and_books_it(browser: Any, finance: Bank, loan: Loan) -> None:
    pile = worklist.PILES["servicing.debits_stuck"]
    assert pile.count(finance.fang) == 1 and [one.amount for one in pile.first(finance.fang, 5)] == [Money(332_143)]
    order = Debit.objects.get().reference
    page = text_of(browser.acts_as(finance.fang).get(at("debit", _one().number)))
    assert "有已扣款项待重新入账" in page and "3,321.43" in page and "重新入账" in page
    assert _one().number in text_of(browser.get(at("debits") + "?attention=stuck"))
    address = at("book_debit_again", _one().number, order)
    shown = browser.get(address)
    assert "代扣待入账款" in text_of(shown) and "2,321.43" in text_of(shown) and pile.count(finance.fang) == 1
    seen = shown.context["mark"]
    assert browser.post(address, {"seen": "another state"}).status_code == 200 and pile.count(finance.fang) == 1
    assert browser.post(address, {"seen": seen}).status_code == 302 and pile.count(finance.fang) == 0
    again = browser.post(address, {"seen": seen})
    assert again.status_code == 422 and "不能再入一次" in text_of(again) and _unclaimed() == Money(0)
    assert "待重新入账" not in text_of(browser.get(at("debit", _one().number))).partition("渠道指令")[2]


def test_programs_look_and_book_it_too(browser: Any, finance: Bank, loan: Loan) -> None:
    path = f"servicing/debits/{_one().number}/orders/{Debit.objects.get().reference}/book-again"
    browser.acts_as(finance.fang)
    dry = browser.api(f"{path}/preview", {}).json()
    assert [one["event"] for one in dry["bookings"]] == ["repayment"] and dry["due"] == "0.00"
    last = newest()
    done = browser.api(path, {})
    assert previewed(dry["bookings"]) == posted_since(last)
    assert done.status_code == 201 and done.json()["amount"] == "3321.43"
    assert browser.api(path, {}).json()["code"] == "debit_still_booked"
    assert browser.api(f"servicing/debits/{_one().number}").json()["booked"] == "3321.43"
