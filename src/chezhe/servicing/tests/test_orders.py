"""Each kind of money settles what is owed in the order of the product: online, on replay, by page and API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chezhe.finmath.allocation import PRINCIPAL_FIRST, AllocationChoice, AllocationMode, AllocationRule, TransactionKind
from chezhe.kernel.errors import Invalid
from chezhe.products.models import ProductVersion
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.references import ReceiptReferenceTaken
from chezhe.servicing.tests.deciding import take_back
from chezhe.servicing.tests.lending import START, TERMS, Bank, days_pass, lend, pay, receipt
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db
K, APRIL = TransactionKind, date(2026, 4, 1)
PRINCIPAL = AllocationRule(order=PRINCIPAL_FIRST, mode=AllocationMode.BY_ITEM)


@pytest.fixture
def ordered(bank: Bank) -> Loan:
    """A loan of a product whose disposal proceeds and insurance settle principal first; 45 days late."""
    first, *_ = ProductVersion.objects.filter(number="T01-v1")
    version = ProductVersion(product=first.product, version=2, number="T01-v2", status="published", effective_from=START,
                             drafted_at=first.drafted_at)
    own = tuple(AllocationChoice(kind=kind, rule=PRINCIPAL) for kind in (K.DISPOSAL, K.INSURANCE))
    repayment = AllocationChoice(kind=K.REPAYMENT, rule=TERMS.allocation)
    version.write(replace(first.terms, allocations=(repayment, *own)))
    version.save()
    loan = lend(bank)
    Loan.objects.filter(pk=loan.pk).update(product_version=version)
    days_pass(bank, APRIL)
    return Loan.objects.get(pk=loan.pk)


def take(bank: Bank, loan: Loan, kind: TransactionKind, reference: str = "S1", yuan: str = "4000") -> LoanEvent:
    return record_repayment(loan_number=loan.number, receipt=receipt(yuan, APRIL, reference, transaction=kind), by=bank.fang)


def test_proceeds_of_the_car_settle_principal_first_where_the_product_says_so(bank: Bank, ordered: Loan) -> None:
    event = take(bank, ordered, K.DISPOSAL)
    assert journal(ordered).endswith("2026-04-01 disposal_proceeds\n  Dr bank       4,000.00\n  Cr principal  4,000.00")
    assert agrees(ordered) and event.facts["transaction"] == "disposal"
    with pytest.raises(ReceiptReferenceTaken):
        take(bank, ordered, K.DIRECT_DEBIT)
    assert take(bank, ordered, K.DISPOSAL) == event
    take_back(bank, event)
    assert agrees(ordered) and ordered.principal_due.fen == 466_607


def test_a_direct_debit_goes_as_repayments_do_when_the_product_has_no_order_for_it(bank: Bank, ordered: Loan) -> None:
    take(bank, ordered, K.DIRECT_DEBIT)
    assert journal(ordered).endswith(
        "2026-04-01 repayment\n"
        "  Dr bank                 4,000.00\n"
        "  Cr penalty income          72.16\n"
        "  Cr compound income         30.80\n"
        "  Cr interest receivable  1,575.61\n"
        "  Cr principal            2,321.43"
    )
    assert agrees(ordered) and (ordered.interest_due.fen, ordered.principal_due.fen) == (197_679 - 157_561, 234_464)


def test_a_replay_remembers_what_kind_of_money_it_was(bank: Bank, ordered: Loan) -> None:
    given = receipt("4000", APRIL, "P-1", kind="insured", payer="某财产保险公司")
    record_insurance_proceeds(loan_number=ordered.number, receipt=given, by=bank.fang)
    assert agrees(ordered) and ordered.principal_due.fen == 466_607 - 400_000
    take(bank, ordered, K.DISPOSAL, "S2", "500")
    pay(bank, ordered, "3321.43", date(2026, 2, 15), "found late")
    assert agrees(ordered) and ordered.principal_due.fen == 0 and ordered.interest_due.fen == 0


@pytest.mark.parametrize("wrong", [{"transaction": K.INSURANCE}, {"transaction": K.DISPOSAL, "kind": "insured"}])
def test_what_is_no_repayment_is_refused_beside_its_field(bank: Bank, ordered: Loan, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        record_repayment(loan_number=ordered.number, receipt=receipt("1", APRIL, **wrong), by=bank.fang)
    assert refused.value.code == "transaction_unknown"


def test_the_page_asks_what_kind_of_money_it_is_and_shows_what_it_pays(browser: Any, bank: Bank, ordered: Loan) -> None:
    browser.acts_as(bank.fang)
    filled = {"amount": "4000", "paid_on": "2026-04-01", "channel": "bank", "reference": "C1", "payer": "", "memo": "",
              "transaction": "disposal"}
    tried = browser.post(at("repay", ordered.number), filled)
    assert tried.status_code == 200 and "车辆处置款" in text_of(tried) and "将记的分录" in text_of(tried)
    assert browser.post(at("repay", ordered.number), {**filled, "seen": tried.context["mark"], "_once": "1"}).status_code == 302
    assert agrees(ordered) and ordered.principal_due.fen == 66_607
    assert browser.post(at("repay", ordered.number), {**filled, "transaction": "gift"}).status_code == 422


def test_the_api_takes_the_kind_and_refuses_another(browser: Any, bank: Bank, ordered: Loan) -> None:
    browser.acts_as(bank.fang)
    body = {"amount": "4000", "paid_on": "2026-04-01", "channel": "bank", "reference": "A1"}
    path = f"servicing/loans/{ordered.number}/repayments"
    assert browser.api(path, {**body, "transaction": "gift"}).status_code == 422
    assert browser.api(path, {**body, "transaction": "disposal"}).status_code == 201
    assert agrees(ordered) and ordered.principal_due.fen == 66_607
