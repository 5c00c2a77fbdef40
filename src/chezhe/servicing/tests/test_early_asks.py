"""A borrower's word that a loan is to be settled on a day: at the sum of that day, once, and seen by who posts it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, worklist
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.servicing import queries
from chezhe.servicing.actions.ask_settlement import ask_settlement
from chezhe.servicing.actions.withdraw_settlement import withdraw_settlement
from chezhe.servicing.early import asking
from chezhe.servicing.models import Loan, SettlementAsk
from chezhe.servicing.tests.debiting import now_proved
from chezhe.servicing.tests.lending import Bank, days_pass, settle
from chezhe.servicing.tests.test_doors import text_of

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 2, 3), date(2026, 2, 10)


def sum_on(loan: Loan, day: date) -> Money:
    return asking.quote(loan, day, business_date.current()).to_pay


def test_it_is_noted_at_the_sum_of_its_day_once_and_moved(loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 1))
    by = bank.fang
    with pytest.raises(asking.SumChanged):
        ask_settlement(loan_number=loan.number, settles_on=DAY, amount=sum_on(loan, LATER), by=by)
    with pytest.raises(queries.NotQuotable):
        ask_settlement(loan_number=loan.number, settles_on=date(2026, 1, 31), amount=Money(1), by=by)
    first = ask_settlement(loan_number=loan.number, settles_on=DAY, amount=sum_on(loan, DAY), by=by)
    assert ask_settlement(loan_number=loan.number, settles_on=DAY, amount=sum_on(loan, DAY), by=by) == first
    second = ask_settlement(loan_number=loan.number, settles_on=LATER, amount=sum_on(loan, LATER), by=by)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "asked") and SettlementAsk.objects.count() == 2
    assert withdraw_settlement(ask_number=second.number, by=by).status == "withdrawn"
    with pytest.raises(WrongState):
        withdraw_settlement(ask_number=second.number, by=by)
    with pytest.raises((NotFound, NotPermitted)):
        ask_settlement(loan_number=loan.number, settles_on=DAY, amount=sum_on(loan, DAY), by=bank.cast.mei)


def test_it_waits_for_finance_until_its_day_has_passed_or_the_loan_is_settled(browser: Any, loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 1))
    made = ask_settlement(loan_number=loan.number, settles_on=DAY, amount=sum_on(loan, DAY), by=bank.fang)
    pile = worklist.PILES["servicing.settlement_asks"]
    assert pile.count(bank.fang) == 1 and pile.first(bank.fang, 3)[0].amount == made.amount
    page = browser.acts_as(now_proved(bank.fang)).get(reverse("servicing:settlement_asks"))
    assert page.status_code == 200 and made.number in text_of(page) and f"on={DAY}" in page.content.decode()
    shown = text_of(browser.get(f"{reverse('servicing:settlement', args=[loan.number])}?on={DAY}"))
    assert "客户于" in shown and "提前结清" in shown
    days_pass(bank, DAY)
    settle(bank, Loan.objects.get(), str(made.amount))
    assert pile.count(bank.fang) == 0 and not asking.waiting(bank.fang, DAY).exists()


def test_it_is_taken_back_by_page_and_noted_and_read_by_program(browser: Any, loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 1))
    browser.acts_as(now_proved(bank.fang))
    made = browser.api(
        f"servicing/loans/{loan.number}/settlement-asks", {"settles_on": DAY.isoformat(), "amount": str(sum_on(loan, DAY))})
    assert made.status_code == 201
    number = made.json()["number"]
    assert browser.api("servicing/settlement-asks").json()["items"][0]["number"] == number
    assert browser.post(reverse("servicing:withdraw_ask", args=[number])).status_code == 302
    assert browser.api(f"servicing/settlement-asks/{number}/withdraw", {}).status_code == 409
