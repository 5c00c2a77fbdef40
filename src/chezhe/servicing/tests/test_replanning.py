"""Plans that people change: what the close of a day makes of them, what is refused, and what late news and reversals do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.compliance.steps import CapExceeded
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.testing import WU
from chezhe.ledger import queries as ledger_queries
from chezhe.origination.models import Application
from chezhe.servicing import proof, queries, replans
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDayFailure, EndOfDayShard, Loan, LoanChange
from chezhe.servicing.replans import ArrearsFirst, PlanRefused, TooLong
from chezhe.servicing.tests.deciding import agree, risk, take_back
from chezhe.servicing.tests.lending import START, TERMS, Bank, days_pass, lend, pay, pay_instalments, settle, with_plan
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_end_of_day import CARS, book  # noqa: F401
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

FEBRUARY = date(2026, 2, 20)


def due_day(bank: Bank, loan: Loan, day: int) -> LoanChange:
    return agree(request_due_day_change(loan_number=loan.number, due_day=day, reason="发薪日改变", by=bank.fang), bank.cast.gao)


def holiday(bank: Bank, loan: Loan, months: int, second: Actor) -> LoanChange:
    asked = request_holiday(loan_number=loan.number, months=months, reason="住院三个月", by=bank.fang)
    return agree(asked, bank.cast.gao, second)


def extend(bank: Bank, loan: Loan, months: int, second: Actor, rate: str = "") -> LoanChange:
    asked = request_extension(
        loan_number=loan.number, months=months, annual_rate=Decimal(rate) if rate else None, reason="收入下降", by=bank.fang)
    return agree(asked, bank.cast.gao, second)


def restructure(bank: Bank, loan: Loan, second: Actor, periods: int = 36) -> LoanChange:
    asked = request_restructuring(
        loan_number=loan.number, method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=periods, reason="失业",
        by=bank.fang)
    return agree(asked, bank.cast.gao, second)


def test_the_close_of_a_day_reads_every_new_plan(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Shards without folds wherever the columns tell the line whole; every row, fold and book agree on every day."""
    monkeypatch.setattr(runs, "FEW", 0)
    second = risk(bank)
    balloon = lend(bank, with_plan(TERMS, method=Method.BULLET, periods=3), vin="LFVTEST0030000011", plate="沪C34567")
    days_pass(bank, FEBRUARY)
    for loan in book:
        pay(bank, loan, str(queries.current_position(Loan.objects.get(pk=loan.pk), FEBRUARY).due_total_fen / 100), FEBRUARY, f"P{loan.pk}")
    due_day(bank, book[0], 5)
    holiday(bank, book[1], 2, second)
    extend(bank, book[3], 12, second)
    extend(bank, balloon, 3, second, "0.13")
    due_day(bank, book[2], 28)
    while business_date.current() < date(2026, 7, 10):
        days_pass(bank, business_date.current() + timedelta(days=1))
        if business_date.current() == date(2026, 4, 20):
            restructure(bank, book[4], second, 6)
            restructure(bank, book[5], second)
        assert list(proof.differences(Loan.objects.order_by("pk"))) == [], business_date.current()
    assert not EndOfDayFailure.objects.exists() and ledger_queries.prove(thorough=True).is_sound
    assert EndOfDayShard.objects.filter(loans__gt=0, one_by_one=0).exists()
    assert Loan.objects.get(pk=balloon.pk).annual_rate == Decimal("0.13")
    kept = Loan.objects.get(pk=book[4].pk)
    assert kept.observed_until == date(2027, 4, 20) and kept.schedules.count() == 2 and kept.schedules.get(version=2).terms["plan"]["periods"] == 6


def test_a_car_loan_is_not_extended_beyond_the_term_of_its_kind(bank: Bank) -> None:
    """A used car bought with a loan of 30 months: 36 with every extension (DOMAIN §2.2), though 贷款通则 would allow 15 more."""
    loan = lend(bank, with_plan(periods=30))
    Application.objects.filter(pk=loan.contract.application_id).update(purpose="purchase")
    asked: dict[str, Any] = {"loan_number": loan.number, "reason": "客户申请", "by": bank.fang}
    with pytest.raises(CapExceeded) as refused:
        request_extension(months=7, **asked)
    assert refused.value.facts["rule"] == "TERM_MAX_USED" and "37" in str(refused.value) and "36" in str(refused.value)
    agree(request_extension(months=3, **asked), bank.cast.gao, risk(bank))
    days_pass(bank, date(2026, 2, 16))
    pay(bank, loan, "4000.00", date(2026, 2, 15))
    with pytest.raises(CapExceeded):
        request_holiday(months=4, **asked)
    assert request_holiday(months=3, **asked).status == "proposed"
    Application.objects.filter(pk=loan.contract.application_id).update(purpose="business")
    assert request_extension(months=7, **asked).status == "proposed", "sixty months where the loan bought no car"


def test_a_restructuring_is_held_to_the_term_of_its_kind(browser: Any, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The used car again, 30 months of 36, nine of them gone and two in arrears: 27 more are the most. By the action, by the page before
    anything is asked, and by the preview of the API; what does not end later than the plan in force asks no cap."""
    loan = lend(bank, with_plan(periods=30))
    Application.objects.filter(pk=loan.contract.application_id).update(purpose="purchase")
    pay_instalments(bank, loan, 7, "3874.81")
    days_pass(bank, date(2026, 10, 20))
    asked: dict[str, Any] = {"method": Method.EQUAL_INSTALMENT, "annual_rate": Decimal("0.1"), "reason": "失业"}
    with pytest.raises(CapExceeded) as refused:
        request_restructuring(loan_number=loan.number, by=bank.fang, periods=28, **asked)
    assert refused.value.code == "cap_exceeded" and refused.value.facts["rule"] == "TERM_MAX_USED"
    assert "37" in str(refused.value) and "36" in str(refused.value) and not LoanChange.objects.exists()
    browser.acts_as(bank.fang)
    page = browser.post(at("restructuring", loan.number), {"method": "equal_instalment", "annual_rate": "10", "periods": "28", "reason": "失业"})
    assert page.status_code == 422 and "TERM_MAX_USED" in text_of(page) and "新的还款计划" not in text_of(page)
    body = {"method": "equal_instalment", "annual_rate": "0.10", "reason": "失业"}
    told = browser.api(f"servicing/loans/{loan.number}/restructurings/preview", {**body, "periods": 28})
    assert told.status_code == 409 and told.json()["code"] == "cap_exceeded"
    assert browser.api(f"servicing/loans/{loan.number}/restructurings/preview", {**body, "periods": 27}).status_code == 200
    restructure(bank, loan, risk(bank), 27)
    assert loan.schedules.latest("version").due_dates[-1] == date(2029, 1, 15)
    monkeypatch.setattr(replans, "require_term", lambda *_asked: pytest.fail("it ends no later"))
    for periods in (27, 12):
        assert browser.api(f"servicing/loans/{loan.number}/restructurings/preview", {**body, "periods": periods}).status_code == 200


def test_another_due_day_takes_the_reversal_of_a_receipt_and_its_own(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, FEBRUARY)
    change = due_day(bank, loan, 25)
    assert agrees(loan) and loan.next_due_on == date(2026, 3, 25)
    take_back(bank, loan.events.get(kind="repaid"))
    assert agrees(loan) and loan.next_due_on == date(2026, 3, 25) and loan.days_past_due(FEBRUARY) == 5
    take_back(bank, change.event)
    change.refresh_from_db()
    assert agrees(loan) and loan.next_due_on == date(2026, 3, 15) and change.status == "taken_back"
    assert loan.schedules.count() == 3, "the close of a day reads the plan that holds"
    days_pass(bank, date(2026, 3, 16))
    assert agrees(loan)


def test_a_receipt_dated_before_a_restructuring_is_replayed_into_it(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 5, 15))
    restructure(bank, loan, risk(bank))
    assert agrees(loan) and not loan.principal_due
    spread = sum(loan.schedules.latest("version").arrears_fen)
    days_pass(bank, date(2026, 6, 1))
    pay(bank, loan, "3321.43", date(2026, 3, 15), "L1")
    assert agrees(loan) and loan.schedules.count() == 3
    assert spread - sum(loan.schedules.latest("version").arrears_fen) > 90_000
    days_pass(bank, date(2026, 8, 20))
    assert agrees(loan)
    pay(bank, loan, "9000.00", date(2026, 8, 20), "L2")
    assert agrees(loan)
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 8, 20)).to_pay))
    assert agrees(loan) and loan.status == "settled" and "off-book" in journal(loan)


def test_a_restructured_loan_off_the_books_comes_back_with_its_first_instalment(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 5, 20))
    loan.refresh_from_db()
    assert loan.is_off_book
    restructure(bank, loan, risk(bank))
    assert agrees(loan) and loan.is_off_book and loan.days_past_due(date(2026, 5, 20)) == 0
    pay(bank, loan, "1.00", date(2026, 5, 20), "ONE-YUAN")
    assert agrees(loan) and loan.is_off_book, "a yuan on account is no instalment"
    days_pass(bank, date(2026, 6, 15))
    assert agrees(loan)
    pay(bank, loan, str(queries.current_position(loan, date(2026, 6, 15)).due_total_fen / 100), date(2026, 6, 15))
    assert agrees(loan) and not loan.is_off_book
    days_pass(bank, date(2026, 7, 16))
    assert agrees(loan)


def test_what_the_plan_the_law_or_the_lender_does_not_allow_is_refused_with_a_reason(bank: Bank, loan: Loan) -> None:
    asked: dict[str, Any] = {"loan_number": loan.number, "reason": "收入下降", "by": bank.fang}
    for refusal, call in (
        (Invalid, lambda: request_due_day_change(due_day=32, **asked)), (PlanRefused, lambda: request_due_day_change(due_day=15, **asked)),
        (TooLong, lambda: request_holiday(months=7, **asked)), (TooLong, lambda: request_extension(months=19, **asked)),
        (Invalid, lambda: request_extension(months=0, **asked)),
        (PlanRefused, lambda: request_extension(months=6, annual_rate=Decimal("0.13"), **asked)),
        (Invalid, lambda: request_restructuring(method=Method.BULLET, annual_rate=Decimal("0.1"), periods=12, **asked)),
        (NotPermitted, lambda: request_holiday(**{**asked, "months": 1, "by": WU})),
        ((NotFound, NotPermitted), lambda: request_holiday(**{**asked, "months": 1, "by": bank.cast.mei})),
    ):
        with pytest.raises(refusal):
            call()
    due_day(bank, loan, 20)
    with pytest.raises(PlanRefused):
        request_holiday(months=1, **asked)
    days_pass(bank, date(2026, 2, 21))
    with pytest.raises(ArrearsFirst):
        request_holiday(months=1, **asked)


def test_the_pages_show_the_new_plan_before_they_ask(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, START + timedelta(days=5))
    browser.acts_as(bank.fang)
    forms = {
        "due_day": {"due_day": "25"}, "holiday": {"months": "2"}, "extension": {"months": "6", "annual_rate": ""},
        "restructuring": {"method": "equal_instalment", "annual_rate": "10", "periods": "48"},
    }
    for name, filled in forms.items():
        url, asked = at(name, loan.number), {**filled, "reason": "收入下降"}
        assert browser.get(url).status_code == 200
        tried = browser.post(url, asked)
        assert tried.status_code == 200 and "新的还款计划" in text_of(tried), name
        assert browser.post(url, {**asked, "seen": tried.context["mark"], "_once": name}).status_code == 302
        change = LoanChange.objects.get(kind=name)
        assert "新的还款计划" in text_of(browser.get(at("change", change.number)))
        assert browser.acts_as(WU).get(url).status_code in (403, 404)
        browser.acts_as(bank.fang)
    assert browser.post(at("holiday", loan.number), {"months": "7", "reason": "收入下降"}).status_code == 422
    agree(LoanChange.objects.get(kind="restructuring"), bank.cast.gao, risk(bank))
    loan.refresh_from_db()
    page = text_of(browser.get(at("plan") + f"?subject={loan.subject}"))
    fallen = browser.get(at("events") + f"?subject={loan.subject}").context["rows"]
    assert [row.event.amount.fen for row in fallen if row.label == "到期"] == [16_667], "five days' interest and no principal"
    assert loan.annual_rate == Decimal("0.10") and loan.principal_left == Money(10_000_000) and "已并入重组" in page


def test_a_flat_loan_that_is_restructured_earns_by_its_new_rate_from_then_on(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arrears the close takes it by its columns: the row must say that its charges are no longer flat."""
    monkeypatch.setattr(runs, "FEW", 0)
    flat = with_plan(TERMS, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"), periods=12, due_day=5)
    loan = lend(bank, flat)
    change = restructure(bank, loan, risk(bank))
    days_pass(bank, date(2026, 3, 1))
    assert agrees(loan) and (loan.runs_on, loan.annual_rate) == ("30/360", Decimal("0.10"))
    assert change.event is not None
    take_back(bank, change.event)
    days_pass(bank, date(2026, 4, 1))
    loan.refresh_from_db()
    assert agrees(loan) and (loan.runs_on, loan.annual_rate) == ("flat", None), "its charge is a monthly one"


def test_a_flat_loan_that_was_restructured_can_become_dearer_within_the_cap(bank: Bank) -> None:
    flat = with_plan(TERMS, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"), periods=12, due_day=5)
    loan = lend(bank, flat)
    restructure(bank, loan, risk(bank))
    asked: dict[str, Any] = {"loan_number": loan.number, "reason": "合同约定", "by": bank.fang}
    with pytest.raises(CapExceeded):
        request_rate_change(annual_rate=Decimal("0.25"), **asked)
    days_pass(bank, date(2026, 2, 6))
    agree(request_rate_change(annual_rate=Decimal("0.135"), **asked), risk(bank))
    assert agrees(loan) and loan.annual_rate == Decimal("0.135")


def test_an_extended_principal_bears_the_rate_that_was_agreed_within_the_cap(bank: Bank) -> None:
    loan = lend(bank, with_plan(method=Method.BULLET, periods=3))
    asked: dict[str, Any] = {"loan_number": loan.number, "months": 3, "reason": "回款推迟", "by": bank.fang}
    with pytest.raises(Invalid):
        request_extension(annual_rate=Decimal("1.3"), **asked)
    with pytest.raises(CapExceeded):
        request_extension(annual_rate=Decimal("0.25"), **asked)
    agree(request_extension(annual_rate=Decimal(0), **asked), bank.cast.gao, risk(bank))
    assert agrees(loan) and loan.annual_rate == 0
    assert loan.schedules.latest("version").interest_fen[-3:] == [0, 0, 0], "for nothing is not at the old rate"
