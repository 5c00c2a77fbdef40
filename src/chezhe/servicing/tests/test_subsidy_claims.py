"""The treasury's part of a month: who qualifies, granted whole, listed, paid."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.steps import ReferenceTaken
from chezhe.origination.models import Application
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation.leaving import NothingBooked
from chezhe.servicing import subsidies, subsidy_claims, subsidy_payments
from chezhe.servicing.actions.claim_subsidies import claim_subsidies
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.queries import PaidInFuture
from chezhe.servicing.subsidies import SubsidyNotEligible
from chezhe.servicing.subsidy_payments import PaymentExceeds, PaymentReversed
from chezhe.servicing.tests.lending import Bank, days_pass, lend, receipt, with_plan
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees

pytestmark = pytest.mark.django_db
FEBRUARY, TODAY = date(2026, 2, 1), date(2026, 2, 20)
OTHER_CAR = {"vin": "LFV2A21K8A3000001", "plate": "沪B23456"}


@pytest.fixture
def two(bank: Bank) -> list[Loan]:
    """Two loans of a person whose first line, 15 February, is subsidised: 166.67 and 83.33."""
    plan = with_plan(principal_fen=20_000_000, annual_rate=Decimal("0.036"))
    half = with_plan(principal_fen=10_000_000, annual_rate=Decimal("0.036"))
    loans = [lend(bank, plan), lend(bank, half, **OTHER_CAR)]
    days_pass(bank, TODAY)
    return loans


def granted(bank: Bank) -> list[int]:
    with jobs.in_line():
        claim_subsidies(month=FEBRUARY, by=bank.fang)
        while jobs.run_due():
            clock.tick(1)
    return sorted(event.amount.fen for event in LoanEvent.objects.filter(kind="subsidised"))


def test_a_month_is_granted_whole_and_never_twice(bank: Bank, two: list[Loan]) -> None:
    lines = list(subsidy_claims.lines_of(FEBRUARY, TODAY, bank.fang))
    assert [(line.amount, line.is_granted) for line in lines] == [(Money(16_667), False), (Money(8_333), False)]
    assert subsidy_claims.bookings_of(lines) == [(chart.SUBSIDY_RECEIVABLE, chart.INTEREST_RECEIVABLE, Money(25_000))]
    assert granted(bank) == [8_333, 16_667] and granted(bank) == [8_333, 16_667], "asked twice, granted once"
    assert all(agrees(loan) for loan in two)
    assert [line.is_granted for line in subsidy_claims.lines_of(FEBRUARY, TODAY, bank.fang)] == [True, True]
    assert subsidy_claims.claimed(FEBRUARY).left == Money(25_000)


def test_only_persons_and_purposes_that_the_product_names_are_subsidised(bank: Bank, two: list[Loan]) -> None:
    first, second = two
    Application.objects.filter(pk=first.contract.application_id).update(purpose="business")
    with pytest.raises(SubsidyNotEligible) as refusal:
        grant_subsidy(loan_number=first.number, period=1, by=bank.fang)
    assert refusal.value.code == "subsidy_not_eligible"
    assert [line.loan for line in subsidy_claims.lines_of(FEBRUARY, TODAY, bank.fang)] == [second]
    second.customer.kind = "company"
    with pytest.raises(SubsidyNotEligible):
        subsidies.require_eligible(second, FEBRUARY)
    assert granted(bank) == [8_333]


def test_the_treasurys_payment_is_set_against_the_month_and_never_more(bank: Bank, two: list[Loan]) -> None:
    granted(bank)
    paid = record_subsidy_payment(month=FEBRUARY, receipt=receipt("200.00", TODAY, "Z1"), by=bank.fang)
    again = record_subsidy_payment(month=FEBRUARY, receipt=receipt("200.00", TODAY, "Z1"), by=bank.fang)
    assert again == paid and subsidy_claims.claimed(FEBRUARY).left == Money(5_000)
    with pytest.raises(PaymentExceeds):
        record_subsidy_payment(month=FEBRUARY, receipt=receipt("50.01", TODAY, "Z2"), by=bank.fang)
    record_subsidy_payment(month=FEBRUARY, receipt=receipt("50.00", TODAY, "Z2"), by=bank.fang)
    assert ledger_queries.balance(chart.SUBSIDY_RECEIVABLE) == Money(0) and all(agrees(loan) for loan in two)


def test_what_was_registered_in_error_is_owed_again_and_the_slip_may_be_used_anew(bank: Bank, two: list[Loan]) -> None:
    granted(bank)
    paid = record_subsidy_payment(month=FEBRUARY, receipt=receipt("200.00", TODAY, "Z1"), by=bank.fang)
    with pytest.raises(Invalid):
        reverse_subsidy_payment(entry_number=paid.number, reason=" ", by=bank.fang)
    reverse_subsidy_payment(entry_number=paid.number, reason="重复登记", by=bank.fang)
    assert subsidy_claims.claimed(FEBRUARY).left == Money(25_000) and ledger_queries.balance(chart.BANK, owner="subsidy:2026-02") == Money(0)
    with pytest.raises(PaymentReversed):
        reverse_subsidy_payment(entry_number=paid.number, reason="再次", by=bank.fang)
    again = record_subsidy_payment(month=FEBRUARY, receipt=receipt("180.00", TODAY, "Z1"), by=bank.fang)
    assert again != paid and record_subsidy_payment(month=FEBRUARY, receipt=receipt("180.00", TODAY, "Z1"), by=bank.fang) == again
    said = [(one.slip, one.amount, one.reversed_on) for one in subsidy_payments.payments_of(FEBRUARY)]
    assert said == [("Z1", Money(20_000), TODAY), ("Z1", Money(18_000), None)]
    with pytest.raises(ReferenceTaken):
        record_subsidy_payment(month=FEBRUARY, receipt=receipt("1.00", TODAY, "Z1"), by=bank.fang)
    with pytest.raises(PaidInFuture):
        record_subsidy_payment(month=FEBRUARY, receipt=receipt("1.00", date(2026, 2, 21), "Z2"), by=bank.fang)
    with pytest.raises(NotFound):
        reverse_subsidy_payment(entry_number=two[0].events.filter(entry__isnull=False)[0].entry.number, reason="不是到账", by=bank.fang)


def test_a_receipt_merged_with_it_waits_in_suspense_again(bank: Bank, two: list[Loan]) -> None:
    granted(bank)
    paid = record_subsidy_payment(month=FEBRUARY, receipt=receipt("250.00", TODAY, "Z1"), by=bank.fang)
    imported(bank, "2026-02-20,250.00,B9,市财政局,,贴息")
    reconcile_accounts(by=bank.fang)
    merge_receipt(tally_number=Tally.objects.get(kind="ledger_only").number, bank_serial="B9", by=bank.fang)
    assert not ledger_queries.balance(chart.SUSPENSE)
    said = subsidy_payments.bookings_back(paid, TODAY)
    reverse_subsidy_payment(entry_number=paid.number, reason="记错月份", by=bank.fang)
    assert len(said) == 2 and ledger_queries.balance(chart.SUSPENSE) == Money(25_000) == subsidy_claims.claimed(FEBRUARY).left
    assert BankLine.objects.get(bank_serial="B9").status == "open"


def test_no_receipt_is_merged_with_what_was_taken_back(bank: Bank, two: list[Loan]) -> None:
    granted(bank)
    paid = record_subsidy_payment(month=FEBRUARY, receipt=receipt("250.00", TODAY, "Z1"), by=bank.fang)
    imported(bank, "2026-02-20,250.00,B9,市财政局,,贴息")
    reconcile_accounts(by=bank.fang)
    tally = Tally.objects.get(kind="ledger_only").number
    reverse_subsidy_payment(entry_number=paid.number, reason="记错月份", by=bank.fang)
    with pytest.raises(NothingBooked):
        merge_receipt(tally_number=tally, bank_serial="B9", by=bank.fang)
    assert BankLine.objects.get(bank_serial="B9").status == "open" and ledger_queries.balance(chart.SUSPENSE) == Money(25_000)


def test_a_slip_cannot_pass_for_one_that_was_used_again(bank: Bank, two: list[Loan]) -> None:
    granted(bank)
    with pytest.raises(Invalid) as refusal:
        record_subsidy_payment(month=FEBRUARY, receipt=receipt("1.00", TODAY, "Z1/again-2"), by=bank.fang)
    assert (refusal.value.field, refusal.value.code) == ("reference", "reference_reserved")


def test_who_may_not(bank: Bank, two: list[Loan]) -> None:
    for by in (WU, bank.cast.lin):
        with pytest.raises(NotPermitted):
            claim_subsidies(month=FEBRUARY, by=by)
        with pytest.raises(NotPermitted):
            reverse_subsidy_payment(entry_number="J26-000001-1", reason="看看", by=by)
    assert WholeHouseOnly.http_status == 403


def test_page_list_and_api_say_the_same(bank: Bank, two: list[Loan], browser: Any) -> None:
    client = browser.acts_as(bank.fang)
    page = text_of(client.get(at("subsidies") + "?month=2026-02"))
    assert "250.00" in page and two[0].number in page and "应收财政贴息" in page
    assert client.get(at("subsidies") + "?month=x").status_code in (400, 422)
    with jobs.in_line():
        assert client.post(at("subsidies"), {"month": "2026-02", "_once": "c1"}).status_code == 302
        while jobs.run_due():
            clock.tick(1)
    book = load_workbook(io.BytesIO(client.get(at("subsidies") + "?month=2026-02&export=xlsx").content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == sorted(loan.number for loan in two) and sum(Decimal(str(row[9])) for row in rows) == Decimal("250")
    said = browser.api("servicing/subsidies/2026-02").json()
    assert (said["granted"], said["left"], len(said["lines"])) == ("250.00", "250.00", 2)
    given = {"month": "2026-02", "amount": "250.00", "paid_on": TODAY.isoformat(), "channel": "bank", "reference": "Z9"}
    paid = browser.api("servicing/subsidy-payments", given).json()
    assert paid["left"] == "0.00" and browser.api("servicing/subsidies/2026-02").json()["payments"] == [
        {"entry": paid["entry"], "posted_on": TODAY.isoformat(), "amount": "250.00", "reference": "Z9", "reversed_on": None}]


def test_the_page_shows_what_is_booked_before_it_is_and_takes_it_back(bank: Bank, two: list[Loan], browser: Any) -> None:
    granted(bank)
    client = browser.acts_as(bank.fang)
    given = {"month": "2026-02", "amount": "200.00", "paid_on": TODAY.isoformat(), "channel": "bank", "reference": "Z9"}
    shown = client.post(at("subsidy_payment"), {**given, "_once": "p1"})
    assert shown.status_code == 200 and "登记到账" in text_of(shown) and not subsidy_claims.claimed(FEBRUARY).paid
    seen = shown.context["mark"]
    assert client.post(at("subsidy_payment"), {**given, "seen": "other", "_once": "p2"}).status_code == 200
    assert client.post(at("subsidy_payment"), {**given, "amount": "250.01", "seen": seen, "_once": "p3"}).status_code == 422
    assert client.post(at("subsidy_payment"), {**given, "seen": seen, "_once": "p4"}).status_code == 302
    (paid,) = subsidy_payments.payments_of(FEBRUARY)
    back = at("reverse_subsidy_payment", paid.entry.number)
    assert back in client.get(at("subsidies") + "?month=2026-02").content.decode()
    page = text_of(client.get(back))
    assert "将记的分录" in page and "250.00" in page and client.post(back, {"reason": "", "_once": "p5"}).status_code == 422
    assert client.post(back, {"reason": "登记有误", "_once": "p6"}).status_code == 302 and not subsidy_claims.claimed(FEBRUARY).paid
    assert "不能再冲正一次" in text_of(client.get(back)) and "已冲正" in text_of(client.get(at("subsidies") + "?month=2026-02"))
