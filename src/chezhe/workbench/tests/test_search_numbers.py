"""Every kind of number of ours is found, as written, as typed and half typed, by those whose page would open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from chezhe.approvals import steps as approval_steps
from chezhe.approvals.models import Interest, Limit
from chezhe.channels.models import CommissionPlan
from chezhe.channels.tests.dealing import dealer
from chezhe.compliance import labels
from chezhe.compliance.models import Complaint, ContactAttempt, LenderChange, ParameterChange
from chezhe.contracts.models import Disbursement, PayeeAccount, PayoutLimit, Seal, SealUse, Signing
from chezhe.documents import steps as document_steps
from chezhe.documents.tests import corpus
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.identifiers import numbers as own_numbers
from chezhe.kernel import clock, numbers, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU, actor, moment
from chezhe.leads.tests.asking import lead
from chezhe.ledger import chart
from chezhe.ledger.models import JournalEntry, ManualEntry
from chezhe.messaging.models import Message, Template
from chezhe.messaging.tests.sending import FACTS
from chezhe.payments.debits.models import ChannelSettlement, Mandate
from chezhe.payments.models import BankFile, PayoutBatch
from chezhe.payments.reconciliation.models import Tally
from chezhe.payments.steps import Payee, request_payout
from chezhe.servicing.commission.models import CommissionStatement
from chezhe.servicing.early.models import SettlementAsk
from chezhe.servicing.models import FundingRun, Invoice, Loan, LoanChange, VatRun
from chezhe.servicing.quality.models import ClassDowngrade, ProvisionRun
from chezhe.servicing.repricing.models import Repricing
from chezhe.servicing.tests.lending import START, Bank, lend, make_bank
from chezhe.staff.models import AccessChange
from chezhe.takeover.models import Takeover
from chezhe.workbench import finders
from chezhe.workbench.tests.judging import JUDGED
from chezhe.workbench.tests.securing import SECURED

AT = moment("2026-01-15 10:00")


@pytest.fixture(autouse=True)
def now(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with clock.at(AT):
        yield


@pytest.fixture
def bank(db: None) -> Bank:
    return make_bank()


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank)


@pytest.fixture
def all_eyes(bank: Bank) -> Actor:
    """Somebody with every right, who sees every branch."""
    someone = hire("全", bank.cast.east, roles.ADMIN, reach=Reach.ALL)
    return replace(someone, roles=frozenset(roles.ALL), permissions=actor("x", *roles.ALL).permissions)


def new(prefix: str) -> str:
    return numbers.next_number(prefix, START)


def _seal_use(bank: Bank, loan: Loan) -> str:
    seal = Seal.objects.create(code="HT-01", kind="contract", name="合同章", branch=bank.cast.east, registered_at=AT, registered_by_name="何")
    file = document_steps.store_printed(
        corpus.pdf(), name="合同.pdf", subject=loan.contract.subject, category="loan_contract", branch_id=bank.cast.east.id, by=SYSTEM)
    paper = loan.contract.papers.create(kind="loan_contract", file=file, code="K", printed_at=AT)
    return str(SealUse.objects.create(
        number=new("YY"), seal=seal, paper=paper, copies=1, reason="x", asked_at=AT, asked_by_name="何").number)


def change(model: Any, prefix: str, **more: Any) -> str:
    return str(model.objects.create(number=new(prefix), reason="x", proposed_by_name="方", proposed_at=AT, **more).number)


MADE: dict[str, Callable[[Bank, Loan], str]] = {
    "C": lambda bank, loan: loan.customer.number,
    "V": lambda bank, loan: loan.contract.vehicle.number,
    "A": lambda bank, loan: loan.contract.application.number,
    "K": lambda bank, loan: loan.contract.number,
    "L": lambda bank, loan: loan.number,
    "LD": lambda bank, loan: lead(bank.cast.lin).number,
    "D": lambda bank, loan: dealer(bank.cast.gao).number,
    "J": lambda bank, loan: JournalEntry.objects.latest("id").number,
    "JV": lambda bank, loan: ManualEntry.objects.create(
        number=new("JV"), posted_on=START, memo="x", rows=[], proposed_by_name="方", proposed_at=AT).number,
    "AP": lambda bank, loan: approval_steps.open_request(
        kind="probe", subject="probe:1", title="一件事", stages=[{"role": roles.APPROVER}], maker_ids=[1], branch_id=bank.cast.east.id,
        by=bank.cast.lin).number,
    "AL": lambda bank, loan: Limit.objects.create(
        number=new("AL"), kind="disbursement", role=roles.FINANCE, amount_max=Money(1), starts_on=START, reason="x", proposed_by_name="方",
        proposed_at=AT).number,
    "AI": lambda bank, loan: Interest.objects.create(
        number=new("AI"), user_id=bank.cast.lin.user_id, subject_text=loan.customer.subject, subject_label="x", kind="relative", starts_on=START,
        declared_by_name="林", declared_at=AT).number,
    "CP": lambda bank, loan: CommissionPlan.objects.create(
        number=new("CP"), dealer=dealer(bank.cast.gao), rate="0.01", hold_months=3, effective_from=START, reason="x", proposed_at=AT,
        proposed_by_name="高").number,
    "CM": lambda bank, loan: CommissionStatement.objects.create(
        number=new("CM"), dealer=dealer(bank.cast.gao), as_of=START, accrued=Money(1), clawed=Money(0), brought=Money(0), netted=Money(0),
        payable=Money(1), left=Money(0), drawn_at=AT, drawn_by_name="方").number,
    "ES": lambda bank, loan: SettlementAsk.objects.create(
        number=new("ES"), loan=loan, settles_on=START, amount=Money(1), asked_at=AT, asked_by_name="王").number,
    "TS": lambda bank, loan: Complaint.objects.create(
        number=new("TS"), subject_text=loan.customer.subject, kind=labels.COMPLAINT_KINDS[0][0], words="x",
        channel=labels.COMPLAINT_CHANNELS[0][0], received_on=START, received_at=AT, received_by_name="林", due_on=START).number,
    "SG": lambda bank, loan: Signing.objects.create(
        number=new("SG"), contract=loan.contract, channel="seal", asked_at=AT, asked_by_name="何").number,
    "YY": lambda bank, loan: _seal_use(bank, loan),
    "DB": lambda bank, loan: Disbursement.objects.create(
        number=new("DB"), contract=loan.contract, account=bank.wang.accounts.get(), amount=loan.principal, prepared_at=AT,
        prepared_by_name="秦").number,
    "PA": lambda bank, loan: PayeeAccount.objects.create(
        number=new("PA"), kind="insurer", name="示例保险公司", bank_name="某行", account="6217000000000000004", tail="0004", proposed_at=AT,
        proposed_by_name="方").number,
    "PL": lambda bank, loan: PayoutLimit.objects.create(
        number=new("PL"), effective_from=START, per_day=Money(1), reason="x", proposed_at=AT, proposed_by_name="方").number,
    "PB": lambda bank, loan: PayoutBatch.objects.create(
        number=new("PB"), digest="x", count=1, amount=Money(1), made_at=AT, made_by_name="方").number,
    "Y": lambda bank, loan: request_payout(
        reference="R1", amount=Money(1_00), payee=Payee("张三丰", "6217000000000000004"), memo="x", branch_id=bank.cast.east.id,
        by=SYSTEM).number,
    "F": lambda bank, loan: BankFile.objects.create(
        number=new("F"), digest="x", name="流水.csv", line_count=0, amount=Money(0), imported_at=AT).number,
    "M": lambda bank, loan: Message.objects.create(
        number=new("M"), template=Template.objects.get(code="repayment_reminder"), channel="sms", purpose="service", recipient=loan.customer.subject,
        branch=bank.cast.east, address="15400000001", facts=FACTS, created_at=AT, requested_by_name="林").number,
    "AC": lambda bank, loan: AccessChange.objects.create(
        number=new("AC"), kind="grant", user_id=bank.cast.lin.user_id, role=roles.SALES, reason="x", proposed_at=AT,
        content={"reach": "own", "branch_id": None, "region_id": None, "starts_on": "2026-01-15", "ends_on": ""}).number,
    "PC": lambda bank, loan: change(ParameterChange, "PC", code=Parameter.objects.all()[0].code, value="1", unit=Parameter.objects.all()[0].unit, effective_from=START, source="x"),
    "LP": lambda bank, loan: change(
        LenderChange, "LP", name="x", licence_type=labels.LICENCES[0][0], region="310000", uscc="x" * 18, net_assets=Money(1)),
    "LC": lambda bank, loan: LoanChange.objects.create(
        number=new("LC"), kind="waiver", loan=loan, asked={"item": "penalty"}, reason="x", proposed_by_name="林", proposed_at=AT).number,
    "DG": lambda bank, loan: ClassDowngrade.objects.create(
        number=new("DG"), loan=loan, asset_class="substandard", reason="x", downgraded_on=START, downgraded_at=AT, downgraded_by_name="尹").number,
    "FC": lambda bank, loan: FundingRun.objects.create(
        number=new("FC"), as_of=START, since=START, basis=365, posted_by_name="方", posted_on=START, posted_at=AT).number,
    "IV": lambda bank, loan: Invoice.objects.create(
        number=new("IV"), loan=loan, title_kind="person", title="王小明", rate="0.06", amount=Money(100), tax=Money(6),
        requested_by_name="方", requested_at=AT).number,
    "VT": lambda bank, loan: VatRun.objects.create(
        number=new("VT"), as_of=START, since=START, rate="0.06", started_by_name="方", started_at=AT).number,
    "PV": lambda bank, loan: ProvisionRun.objects.create(number=new("PV"), as_of=START, started_by_name="方", started_at=AT).number,
    "TK": lambda bank, loan: Takeover.objects.create(
        number=new("TK"), as_of=START, title="老系统", begun_by_name="方", begun_at=AT).number,
    "DM": lambda bank, loan: Mandate.objects.create(
        number=new("DM"), customer=loan.customer, account=bank.wang.accounts.get(), signed_on=START, evidence="x", debit_max=Money(100),
        day_max=Money(100), signed_at=AT, signed_by_name="林").number,
    "CS": lambda bank, loan: ChannelSettlement.objects.create(number=new("CS"), day=START).number,
    "T": lambda bank, loan: Tally.objects.create(
        account=chart.BANK, made_on=START, first_on=START, last_on=START, kind="bank_only", difference=Money(100)).number,
    "RP": lambda bank, loan: Repricing.objects.create(number=new("RP"), day=START, proposed_at=AT).number,
    "CT": lambda bank, loan: ContactAttempt.objects.create(
        number=new("CT"), subject_text=loan.customer.subject, day=date(2026, 1, 15), channel="phone", purpose="collection",
        reserved_at=AT, recorded_by_key="x", recorded_by_name="赵").number,
    **{prefix: (lambda bank, loan, make=make, prefix=prefix: make(new(prefix), loan)) for prefix, make in (JUDGED | SECURED).items()},  # type: ignore[misc]
}


def urls(by: Actor, text: str) -> set[str]:
    return {hit.url for group in finders.search(by, text).groups for hit in group.hits if group.key != "pages"}


def test_no_kind_of_number_is_forgotten() -> None:
    assert set(MADE) == {prefix for prefix in numbers.PREFIXES if len(prefix) < 3}, "a new kind of number must be found by the search"


@pytest.mark.parametrize("prefix", sorted(MADE))
def test_each_kind_is_found_by_its_number(bank: Bank, loan: Loan, all_eyes: Actor, browser: Any, prefix: str) -> None:
    number = MADE[prefix](bank, loan)
    judged = own_numbers.judge(number)
    for typed in (number, number.lower().replace("-", ""), number[:-2], f"{prefix}{judged.year}-{judged.sequence}"):
        found = urls(all_eyes, typed)
        assert found, f"{typed} finds nothing"
        assert urls(WU, typed) == set()
    found = sorted(urls(all_eyes, number), key=lambda url: number not in url)
    pages = browser.acts_as(all_eyes)
    opened = pages.get(found[0])
    assert opened.status_code == 200
    shown = opened.content.decode()
    if "?tab=" in found[0]:  # what the browser then asks for by itself
        shown = "".join(pages.get(unescape(part)).content.decode() for part in re.findall(r'hx-get="([^"]+)" hx-trigger="load', shown))
    assert number in shown


def test_a_borrower_leads_to_his_loans_and_applications(bank: Bank, loan: Loan, all_eyes: Actor) -> None:
    for text in ("王小明", "wxm", "5678", loan.contract.vehicle.plate, loan.contract.vehicle.vin[-6:]):
        found = {group.key: [hit.number for hit in group.hits] for group in finders.search(all_eyes, text).groups}
        assert found["loans"] == [loan.number] and found["customers"] == [loan.customer.number], text
    found = {group.key: [hit.number for hit in group.hits] for group in finders.search(all_eyes, "王小明").groups}
    assert found["applications"] == [loan.contract.application.number]
    assert "loans" not in {group.key for group in finders.search(replace(bank.cast.lin, permissions=frozenset(["customers.view"])), "王小明").groups}


def test_products_and_colleagues_are_found_by_name_for_those_who_may_look(bank: Bank, all_eyes: Actor) -> None:
    assert "/products/versions/?product=T01" in urls(all_eyes, "测试产品") and "/products/versions/?product=T01" in urls(all_eyes, "t01")
    assert any(url.startswith("/staff/people/") for url in urls(all_eyes, "方"))
    assert not any(url.startswith("/staff/") for url in urls(bank.cast.lin, "方"))
