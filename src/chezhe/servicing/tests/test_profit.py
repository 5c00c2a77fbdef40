"""What a loan's money costs and what the loan leaves: the integral exact, months that make the whole, every figure adding up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.reverse_funding import reverse_funding
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.models import FundingLine, FundingRun, Loan
from chezhe.servicing.profit import months, reading, rules, statements
from chezhe.servicing.profit.runs import FundingMonthNotOver, FundingNotNextMonth, LaterFundingStands
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, pay_instalments

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH, APRIL = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)
OTHER_CAR = {"vin": "LFV2A21K8A3000001", "plate": "沪B23456"}
RATE = Decimal("0.034")


@pytest.fixture
def jin(bank: Bank) -> Actor:
    return hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)


def post(bank: Bank, as_of: date) -> FundingRun:
    return post_funding(as_of=as_of, by=bank.fang)


def in_line(act: Any) -> Any:
    """The action with the worker's part of it done."""
    with jobs.in_line():
        made = act()
        while jobs.run_due():
            clock.tick(1)
    made.refresh_from_db()
    return made


def test_a_month_books_what_the_running_total_grew_by(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 4, 2))
    runs = [post(bank, end) for end in (JANUARY, FEBRUARY, MARCH)]
    assert [run.cost.fen for run in runs] == [15_836, 26_082, 28_877], "100,000 × 17, 28 and 31 days × 3.4 % ÷ 365, the total rounded"
    assert sum(run.cost.fen for run in runs) == rules.cost_of(10_000_000 * 76, RATE, 365) == 70_795
    assert ledger_queries.journal_text("funding:T01").splitlines()[:3] == [
        "2026-01-31 internal_funding T01",
        "  Dr internal funding cost    158.36",
        "  Cr internal funding contra  158.36",
    ]
    assert ledger_queries.balance(chart.INTERNAL_FUNDING).fen == sum(run.cost.fen for run in runs)


def test_principal_paid_back_stops_costing_on_its_value_date(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    pay(bank, loan, "3321.43", date(2026, 2, 15))
    days_pass(bank, date(2026, 3, 2))
    [one] = reading.funded(FEBRUARY)
    assert one.fen_days == 10_000_000 * 45 - 232_143 * 14, "15 January to 28 February; the instalment from its value date"
    assert one.fen_days == statements.profit_of(loan, loan.paid_out_on, FEBRUARY).fen_days
    assert post(bank, FEBRUARY).cost.fen == rules.cost_of(one.fen_days, RATE, 365) - rules.cost_of(10_000_000 * 17, RATE, 365)


def test_a_receipt_taken_back_costs_as_if_it_had_never_come(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 15))
    event = pay(bank, loan, "3321.43", date(2026, 2, 15))
    days_pass(bank, date(2026, 3, 2))
    february = post(bank, FEBRUARY)
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="银行退回", by=bank.fang)
    days_pass(bank, date(2026, 4, 2))
    march = post(bank, MARCH)
    whole = rules.cost_of(10_000_000 * 76, RATE, 365) - rules.cost_of(10_000_000 * 17, RATE, 365)
    assert february.cost.fen + march.cost.fen == whole, "March carries what February lacked"


def test_a_loan_keeps_the_price_of_its_term_and_day(bank: Bank, loan: Loan) -> None:
    Parameter.objects.create(code="FTP_RATE_36", value="0.05", unit="rate", effective_from=date(2026, 2, 1), source="测试")
    Parameter.objects.create(code="FTP_RATE_36", value="0.02", unit="rate", product="P01", effective_from=date(2020, 1, 1), source="测试")
    own = lend(bank, product="P01", **OTHER_CAR)
    days_pass(bank, date(2026, 3, 2))
    run = post(bank, FEBRUARY)
    rates = dict(FundingLine.objects.filter(run=run).values_list("loan__number", "rate"))
    assert rates == {loan.number: RATE, own.number: Decimal("0.02")}


def test_a_month_is_booked_once_in_order_and_taken_back_the_latest_first(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 4, 2))
    first = post(bank, FEBRUARY)
    assert post(bank, FEBRUARY) == first and FundingRun.objects.count() == 1
    for as_of, refusal in ((JANUARY, FundingNotNextMonth), (APRIL, FundingMonthNotOver), (date(2026, 3, 30), Invalid)):
        with pytest.raises(refusal):
            post(bank, as_of)
    second = post(bank, MARCH)
    with pytest.raises(LaterFundingStands):
        reverse_funding(funding_number=first.number, reason="价格有误", by=bank.fang)
    with pytest.raises(ReasonRequired):
        reverse_funding(funding_number=second.number, reason="", by=bank.fang)
    reverse_funding(funding_number=second.number, reason="价格有误", by=bank.fang)
    with pytest.raises(WrongState):
        reverse_funding(funding_number=second.number, reason="价格有误", by=bank.fang)
    assert ledger_queries.balance(chart.INTERNAL_FUNDING) == first.cost
    assert post(bank, MARCH).cost == second.cost


def test_only_finance_of_the_whole_house_books(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 2))
    for someone, refusal in ((WU, NotPermitted), (hire("东", bank.cast.east, roles.FINANCE, reach=Reach.BRANCH), WholeHouseOnly)):
        with pytest.raises(refusal):
            post_funding(as_of=FEBRUARY, by=someone)


def test_a_loans_statement_adds_up_over_periods_and_with_the_product(bank: Bank, loan: Loan, jin: Actor) -> None:
    pay_instalments(bank, loan, 2)
    days_pass(bank, date(2026, 4, 2))
    for end in (JANUARY, FEBRUARY, MARCH):
        provision = in_line(lambda end=end: run_provision(as_of=end, by=bank.fang))
        post_provision(provision_number=provision.number, by=jin)
        vat = in_line(lambda end=end: run_vat(as_of=end, by=bank.fang))
        post_vat(vat_number=vat.number, by=jin)
        post(bank, end)
    ends = [date(2026, 1, 14), JANUARY, FEBRUARY, MARCH]
    parts = [statements.profit_of(loan, date.fromordinal(a.toordinal() + 1), b) for a, b in zip(ends, ends[1:], strict=False)]
    whole = statements.profit_of(loan, loan.paid_out_on, MARCH)
    assert rules.together(part.rows for part in parts) == whole.rows and sum(part.total_fen for part in parts) == whole.total_fen
    product = rules.together(part.rows for part in months.months_between(JANUARY, MARCH, date(2026, 4, 2)) if part.product == "T01")
    same = (rules.INTEREST, rules.PENALTY, rules.FEES, rules.WAIVED, rules.FUNDING, rules.CREDIT, rules.COMMISSION, rules.OPERATING)
    assert {row: product[row] for row in same} == {row: whole.rows[row] for row in same}
    to_come = ledger_queries.balance(chart.VAT_DEFERRED).fen
    assert product[rules.VAT] == whole.rows[rules.VAT] - to_come, "the house also holds the tax to come"


def test_people_see_before_they_book_and_what_is_left(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 2))
    client = browser.acts_as(bank.fang)
    shown = client.post("/servicing/funding/", {"as_of": "2026-02-28"}).content.decode()
    assert "260.82" in shown and "7021.01" in shown and not FundingRun.objects.exists()
    assert client.post("/servicing/funding/", {"as_of": "2026-02-28", "seen": "2026-02-28"}).status_code == 302
    run = FundingRun.objects.get()
    assert "260.82" in client.get(f"/servicing/funding/{run.number}/").content.decode()
    assert loan.number in client.get(f"/servicing/funding/{run.number}/lines/").content.decode()
    panel = client.get(f"/servicing/panels/profit/?subject={loan.subject}").content.decode()
    assert "内部资金成本" in panel and "利润" in panel
    page = client.get("/servicing/profit/?first=2026-01-01&last=2026-02-28").content.decode()
    assert "260.82" in page and "逐月" in page
    assert client.get("/servicing/profit/?first=2026-01-01&last=2026-02-28&export=xlsx").status_code == 200
    assert client.get(f"/api/v1/servicing/loans/{loan.number}/profit?first=2026-02-01&last=2026-02-28").json()["funding"] == "-260.82"
    assert client.get("/api/v1/servicing/profit?first=2026-02-01&last=2026-02-28").json()[0]["funding"] == "-260.82"
    assert client.get("/servicing/profit/?first=2026-02-28&last=2026-01-01").status_code == 422
    assert client.get("/api/v1/servicing/profit?first=2020-02-01&last=2026-02-28").json()["code"] == "period_too_long"
    assert client.get(f"/api/v1/servicing/loans/{loan.number}/profit?first=2026-02-28&last=2026-02-01").json()["code"] == "period_backwards"


def test_who_reaches_one_branch_sees_only_it(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 2))
    west = hire("西", bank.cast.west, roles.BRANCH_MGR, reach=Reach.BRANCH)
    assert browser.acts_as(west).get("/api/v1/servicing/profit?first=2026-02-01&last=2026-02-28").json() == []
