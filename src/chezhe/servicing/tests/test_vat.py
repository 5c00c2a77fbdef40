"""The VAT of a month: what is taxed when, posted by another, taken back; to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.documents.tests.people import hire
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.servicing import queries
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.compute_vat import compute_vat
from chezhe.servicing.actions.discard_vat import discard_vat
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.reverse_vat import reverse_vat
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, VatLine, VatRun
from chezhe.servicing.tax import pages, runs
from chezhe.servicing.tax.figures import TaxpayerUnknown
from chezhe.servicing.tax.rules import ITEMS, tax_within
from chezhe.servicing.tax.runs import LaterVatStands, VatMonthNotOver, VatNotNextMonth, VatOutOfDate
from chezhe.servicing.tests.deciding import agree, someone
from chezhe.servicing.tests.lending import Bank, days_pass, pay, settle

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
ENDS = [JANUARY, FEBRUARY, MARCH, date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]


@pytest.fixture
def jin(bank: Bank) -> Actor:
    return hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)


def prepared(bank: Bank, as_of: date) -> VatRun:
    """Fang prepares it and the worker works."""
    with jobs.in_line():
        run = run_vat(as_of=as_of, by=bank.fang)
        while jobs.run_due():
            clock.tick(1)
    run.refresh_from_db()
    return run


def posted(bank: Bank, as_of: date, by: Actor) -> VatRun:
    """Prepared and posted, with nothing unexplained."""
    run = post_vat(vat_number=prepared(bank, as_of).number, by=by)
    assert runs.proof_of(run)[1] == 0
    return run


def said(run: VatRun) -> dict[str, tuple[int, int]]:
    """Base and tax by item of the only loan; what is nothing is left out."""
    line = VatLine.objects.filter(run=run).first()
    parts = zip(ITEMS, line.bases, line.taxes, strict=True) if line else ()
    return {item.value: (base, tax) for item, base, tax in parts if base or tax}


def newly(code: str, value: str, unit: str = "rate", since: date = date(2026, 1, 2)) -> None:
    Parameter.objects.create(code=code, value=value, unit=unit, effective_from=since, source="测试")


def test_interest_is_taxed_on_its_due_date_and_what_is_earned_before_is_tax_to_come(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    january, february = posted(bank, JANUARY, jin), posted(bank, FEBRUARY, jin)
    assert said(january) == {} and january.deferred == Money(3_019), "533.33 earned by the end of January, 6/106 of it"
    assert said(february) == {"interest_due": (100_000, 5_660)} and february.deferred == Money(2_949)
    assert ledger_queries.journal_text("vat:T01") == (
        "2026-01-31 vat T01\n"
        "  Dr interest income  30.19\n"
        "  Cr deferred VAT     30.19\n"
        "\n"
        "2026-02-28 vat T01\n"
        "  Dr interest income  56.60\n"
        "  Dr deferred VAT      0.70\n"
        "  Cr VAT payable      56.60\n"
        "  Cr interest income   0.70"
    )
    net = ledger_queries.balance(chart.INTEREST_INCOME, on=FEBRUARY)
    assert net == Money(100_000 + 52_095 - 5_660 - 2_949), "income stands without tax, whether due or not"


def test_what_falls_due_after_ninety_days_is_taxed_when_it_is_received_and_nothing_twice(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 6, 20))
    months = [posted(bank, end, jin) for end in ENDS[:5]]
    assert [run.base.fen for run in months] == [0, 100_000, 97_679, 95_334, 92_966], "four instalments, each when it fell due"
    pay(bank, loan, "20000.00", date(2026, 6, 20))
    days_pass(bank, date(2026, 7, 1))
    june = said(posted(bank, ENDS[5], jin))
    assert june["interest_late"] == (90_574, 5_127), "the fifth instalment's interest; the other four were taxed"
    assert set(june) == {"interest_late", "penalty", "compound"}


def test_a_receipt_taken_back_gives_its_tax_back(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 6, 20))
    for end in ENDS[:5]:
        posted(bank, end, jin)
    event = pay(bank, loan, "20000.00", date(2026, 6, 20))
    days_pass(bank, date(2026, 7, 2))
    june = posted(bank, ENDS[5], jin)
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="银行退回", by=bank.fang)
    days_pass(bank, date(2026, 8, 1))
    july = posted(bank, date(2026, 7, 31), jin)
    assert {item: (-base, -tax) for item, (base, tax) in said(july).items()} == said(june)


def test_fees_when_charged_waivers_take_away_and_settling_early_is_taxed_when_paid(bank: Bank, loan: Loan, jin: Actor) -> None:
    charge_fee(loan_number=loan.number, fee=Fee(code="towing", amount=Money(30_000), reason="拖车"), by=bank.fang)
    days_pass(bank, date(2026, 2, 16))
    change = request_waiver(loan_number=loan.number, item=Item.INTEREST, amount=Money(20_000), reason="困难减免", by=bank.fang)
    agree(change, someone(bank, "理", roles.BRANCH_MGR))
    days_pass(bank, date(2026, 3, 1))
    assert said(posted(bank, JANUARY, jin)) == {"fee": (30_000, 1_698)}
    february = posted(bank, FEBRUARY, jin)
    assert said(february) == {"interest_due": (100_000, 5_660), "waiver": (-20_000, -1_132)}
    assert february.tax == Money(5_660 - 1_132)
    due = queries.settlement_quote(loan, date(2026, 3, 1))
    settle(bank, loan, str(due.to_pay))
    days_pass(bank, date(2026, 4, 1))
    march, fee = said(posted(bank, MARCH, jin)), due.figure.early_settlement_fee_fen
    assert march["early_settlement"] == (fee, tax_within(fee, Decimal("0.06"))) and march["interest_due"][0] == 52_095


def test_a_month_is_taxed_once_by_two_people_and_in_order(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 4, 2))
    run = prepared(bank, FEBRUARY)
    assert run_vat(as_of=FEBRUARY, by=jin) == run and VatLine.objects.count() == 1
    assert compute_vat(vat_number=run.number, by=SYSTEM).computed_at == run.computed_at
    with pytest.raises(SamePerson):
        post_vat(vat_number=run.number, by=bank.fang)
    post_vat(vat_number=run.number, by=jin)
    with pytest.raises(WrongState):
        post_vat(vat_number=run.number, by=jin)
    with pytest.raises(VatNotNextMonth):
        run_vat(as_of=JANUARY, by=jin)
    with pytest.raises(VatMonthNotOver):
        run_vat(as_of=date(2026, 4, 30), by=jin)
    with pytest.raises(Invalid):
        run_vat(as_of=date(2026, 3, 30), by=jin)


def test_what_is_taken_back_leaves_the_ledger_as_it_was_the_latest_first(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 4, 2))
    first, second = posted(bank, FEBRUARY, jin), posted(bank, MARCH, jin)
    with pytest.raises(LaterVatStands):
        reverse_vat(vat_number=first.number, reason="口径有误", by=bank.fang)
    with pytest.raises(ReasonRequired):
        reverse_vat(vat_number=second.number, reason=" ", by=bank.fang)
    reverse_vat(vat_number=second.number, reason="口径有误", by=bank.fang)
    assert ledger_queries.balance(chart.VAT_PAYABLE) == first.tax
    assert ledger_queries.balance(chart.VAT_DEFERRED) == first.deferred
    again = posted(bank, MARCH, jin)
    assert (again.base, again.tax, again.deferred) == (second.base, second.tax, second.deferred)


def test_income_that_came_after_the_computation_asks_for_another(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    run = prepared(bank, FEBRUARY)
    ledger_steps.post(event="manual", reference="m1", transfers=[Transfer(chart.BANK, chart.FEE_INCOME, 100)], on=FEBRUARY, by=SYSTEM)
    with pytest.raises(VatOutOfDate):
        post_vat(vat_number=run.number, by=jin)
    with pytest.raises(ReasonRequired):
        discard_vat(vat_number=run.number, reason="", by=bank.fang)
    discard_vat(vat_number=run.number, reason="有新分录", by=bank.fang)
    again = posted(bank, FEBRUARY, jin)
    rows, difference = pages.proof_of(again)
    assert difference == 0 and rows[4].fen == 100, "income by hand is shown as untaxed"


def test_a_small_taxpayer_pays_by_its_own_rate(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    newly("VAT_TAXPAYER", "small", "text")
    run = posted(bank, FEBRUARY, jin)
    assert (run.taxpayer, run.rate) == ("small", Decimal("0.01")) and said(run) == {"interest_due": (100_000, 990)}
    newly("VAT_TAXPAYER", "none", "text", MARCH)
    days_pass(bank, date(2026, 4, 2))
    with pytest.raises(TaxpayerUnknown):
        run_vat(as_of=MARCH, by=bank.fang)


def test_only_finance_of_the_whole_house_prepares_and_posts(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    run = prepared(bank, FEBRUARY)
    for someone_else, refused in ((WU, NotPermitted), (bank.cast.lin, NotPermitted)):
        with pytest.raises(refused):
            post_vat(vat_number=run.number, by=someone_else)
    east = hire("东", bank.cast.east, roles.FINANCE, reach=Reach.BRANCH)
    with pytest.raises(WholeHouseOnly):
        run_vat(as_of=FEBRUARY, by=east)
    with pytest.raises((WholeHouseOnly, NotFound)):
        reverse_vat(vat_number=run.number, reason="越权", by=east)


def test_people_see_what_is_taxed_and_proved_before_they_post(browser: Any, bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    client = browser.acts_as(bank.fang)
    assert client.post("/servicing/vat/", {"as_of": "2026-02-28"}).status_code == 302
    run = VatRun.objects.get()
    compute_vat(vat_number=run.number, by=SYSTEM)
    page = client.get(f"/servicing/vat/{run.number}/").content.decode()
    for words in ("1,000.00", "56.60", "待转销项税额", "应税与未税核对", "2221.01"):
        assert words in page, words
    assert client.get(f"/servicing/vat/{run.number}/sheet/").status_code == 200
    assert loan.number in client.get(f"/servicing/vat/{run.number}/lines/").content.decode()
    other = browser.acts_as(jin)
    assert "入账" in other.get(f"/servicing/vat/{run.number}/").content.decode()
