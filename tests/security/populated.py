"""A house with one of everything: what path parameters and bodies of the fuzz, and the hands of intruders, can name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from chezhe.approvals.models import ApprovalRequest
from chezhe.channels.models import Dealer
from chezhe.compliance.models import ContactAttempt, LenderChange, ParameterChange
from chezhe.contracts.models import Contract, CustodyItem, Disbursement, PayeeAccount, PayoutLimit, RegistrationOrder, Release, StockTake
from chezhe.customers import trading
from chezhe.customers.models import BankAccount, Customer, Relation
from chezhe.customers.values import TradeFacts
from chezhe.documents.models import StoredFile
from chezhe.finmath.money import Money
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.identifiers.synthetic import invent_uscc
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.simulators import World
from chezhe.leads.models import Lead
from chezhe.ledger import chart
from chezhe.ledger.models import JournalEntry, ManualEntry
from chezhe.messaging.models import Message
from chezhe.origination.models import Application
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.debits.answers import expect_settlement
from chezhe.payments.models import BankFile, BankLine, BankNotice, Mandate, Payout, PayoutBatch, Tally
from chezhe.servicing.actions.propose_repricing import propose_repricing
from chezhe.servicing.debits.models import LoanDebit, number_of
from chezhe.servicing.models import (
    ClassDowngrade,
    FloatingRate,
    FundingRun,
    Invoice,
    Loan,
    LoanChange,
    LoanEvent,
    ProvisionRun,
    Repricing,
    VatRun,
)
from chezhe.servicing.repricing import batches
from chezhe.staff.models import AccessChange, ApiToken, Branch, Delegation, RoleGrant, StaffSession, User
from chezhe.staff.tests import cast
from chezhe.takeover.models import Takeover
from chezhe.vehicles.models import Vehicle
from tests.journeys import walk
from tests.journeys.house import TODAY, Program, Team, live, statement
from tests.journeys.walk import PERSON, said
from tests.security.judged import names_judged, what_is_judged


@dataclass(frozen=True)
class Populated:
    """The team, the loan's contract, and every name by the path that asks for it."""

    team: Team
    contract: str
    names: dict[str, list[Any]]


def populate(team: Team, bank: World) -> Populated:
    """A loan that runs, and beside it one of each thing that waits for somebody."""
    owner = walk.customer(team, PERSON)
    trade = TradeFacts(uscc=invent_uscc(Random(9), kind="92"), registered_on=TODAY - timedelta(days=2_000), name="明记五金店")
    trading.record(Customer.objects.get(number=owner), trade, on=TODAY, by=SYSTEM)
    application = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk.decide(team, application)
    contract = walk.contract(team, application)
    walk.payout(team, contract, PERSON)
    live(bank, hours=3)
    _what_waits(team)
    what_is_judged(team)
    return Populated(team, contract, _names())


def omnipotent(team: Team) -> Program:
    """A program of somebody who holds every role everywhere and has just entered a code."""
    user = cast.person("omni", *roles.LABELS, at=team.east, reach=Reach.ALL, enrolled=True)
    team.people["omni"] = user
    program = team.program("omni")
    said(program.step_up())
    return program


def _what_waits(team: Team) -> None:
    """A lead, a draft, a dealer, a statement, a proposed entry, proposed figures and rights, a delegation, a message."""
    lin, mu, cai, lu, ada = (team.program(name) for name in ("lin", "guan", "cai", "lu", "ada"))
    said(lin.post("leads", {"name": "赵六", "mobile": "15466667777", "source": "phone"}), 201)
    customer = Customer.objects.first()
    assert customer is not None
    said(lin.post("origination", {"customer_number": customer.number, "product_code": "P02"}), 201)
    dealer = {"kind": "dealer_4s", "name": "上海申通汽车销售有限公司", "uscc": "91310115MA1TEYT17L", "tier": "B", "city": "上海"}
    said(mu.post("channels/dealers", dealer), 201)
    said(cai.step_up())
    said(cai.send("payments/bank-files", file=statement([("2026-09-01", "8.88", "F0001", "不知何款")])), 201)
    entry = {"posted_on": "2026-09-01", "memo": "手续费更正", "transfers": [{"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}]}
    said(cai.post("ledger/manual-entries", entry), 201)
    loan = Loan.objects.get().number
    paid = {"amount": "10.00", "channel": "bank", "reference": "MF-1", "paid_on": TODAY.isoformat()}
    said(cai.post(f"servicing/loans/{loan}/repayments", paid), 201)
    reconcile_accounts(by=SYSTEM)
    said(cai.post(f"servicing/loans/{loan}/refunds", {"amount": "5.00", "reason": "客户多付"}), 201)
    down = {"asset_class": "substandard", "reason": "涉诉"}
    said(team.program("qin").post(f"servicing/loans/{loan}/downgrades", down), 201)
    row = batches.begin(Loan.objects.get(), Floating(base="LPR1Y", spread_rate=Decimal("0.01"), cadence=Cadence.MONTHLY))
    FloatingRate.objects.filter(pk=row.pk).update(next_on=TODAY)
    propose_repricing(day=TODAY, by=SYSTEM)
    said(cai.post("servicing/provisions", {"as_of": "2026-08-31"}), 202)
    said(cai.post("servicing/vat-runs", {"as_of": "2026-08-31"}), 202)
    said(cai.post("takeover/books", {"title": "老系统", "as_of": "2026-08-31"}), 201)
    said(cai.post("servicing/funding-runs", {"as_of": "2026-08-31"}), 201)
    _a_debit_waits(lin, loan)
    _a_vault_is_counted(team.program("he"))
    figure = {"code": "LTV_SECURED", "value": "0.7", "effective_from": "2026-10-01", "source": "测试", "reason": "测试"}
    said(lu.post("compliance/parameter-changes", figure), 201)
    grant = {"role": roles.REVIEWER, "reach": "branch", "branch": "SH01", "starts_on": "2026-09-01", "reason": "顶岗"}
    said(ada.post("staff/users/lin/grants", grant), 201)
    delegation = {"delegate": "gao", "roles": [roles.FUNDING], "starts_on": "2026-09-01", "ends_on": "2026-09-05", "reason": "休假"}
    said(team.program("fang").post("staff/delegations", delegation), 201)


def _a_vault_is_counted(he: Program) -> None:
    """A certificate is kept, and somebody counts the vault."""
    contract = Contract.objects.order_by("pk")[0]
    said(he.post(f"contracts/contracts/{contract.number}/custody", {"kind": "certificate", "serial": "310012345678"}), 201)
    said(he.post("contracts/stock-takes", {"branch_code": contract.branch.code}), 201)


def _a_debit_waits(lin: Program, number: str) -> None:
    """A mandate, a debit that is planned under it, and a day that the channel has to settle."""
    loan = Loan.objects.select_related("customer").get(number=number)
    signed = {"customer_number": loan.customer.number, "debit_max": "5000.00", "day_max": "9000.00", "signed_on": TODAY.isoformat(),
              "evidence": "DK-1"}
    said(lin.post("payments/mandates", signed), 201)
    LoanDebit.objects.create(
        number=number_of(loan.number, TODAY, 1), loan=loan, mandate=Mandate.objects.get(), day=TODAY, turn=1, due_at=clock.now(),
        amount=Money(100), asked_by_name="系统",
    )
    expect_settlement(TODAY, by=SYSTEM)


def _names() -> dict[str, list[Any]]:
    """By the first part of the path and the parameter's name; the longer the part, the sooner it is taken."""

    def of(model: Any, field: str = "number") -> list[Any]:
        return [getattr(row, field) for row in model.objects.order_by("-id")[:5]]

    return {
        "approvals/requests": of(ApprovalRequest), "channels/dealers": of(Dealer), "compliance/contacts": of(ContactAttempt),
        "compliance/parameter-changes": of(ParameterChange), "compliance/lender-changes": of(LenderChange),
        "contracts/contracts": of(Contract), "contracts/disbursements": of(Disbursement),
        "contracts/registrations": of(RegistrationOrder), "contracts/custody": of(CustodyItem), "contracts/releases": of(Release), "contracts/stock-takes": of(StockTake), "contracts/payees": of(PayeeAccount), "contracts/payout-limits": of(PayoutLimit), "payments/batches": of(PayoutBatch),
        "customers": sorted(of(Customer), key=lambda one: not BankAccount.objects.filter(customer__number=one).exists()),
        "leads": of(Lead), "ledger/entries": of(JournalEntry), "ledger/manual-entries": of(ManualEntry), "messaging/messages": of(Message),
        "origination": of(Application), "payments/payouts": of(Payout), "payments/bank-files": of(BankFile),
        "payments/mandates": of(Mandate), "servicing/debits": of(LoanDebit),
        "payments/reconciliation/tallies": of(Tally), "on": ["2026-09-01"],
        "servicing/loans": of(Loan), "servicing/loan-changes": of(LoanChange),
        "servicing/downgrades": of(ClassDowngrade), "servicing/provisions": of(ProvisionRun), "servicing/vat-runs": of(VatRun), "servicing/invoices": of(Invoice), "servicing/funding-runs": of(FundingRun),
        "servicing/repricings": of(Repricing),
        "servicing/bank-files": of(BankFile), "staff/access-changes": of(AccessChange),
        "takeover/books": of(Takeover), "takeover": of(Takeover), "key": [str(key) for key in of(StoredFile, "key")],
        "vehicles": of(Vehicle), "products/versions": ["P01-v1", "P03-v1", "P05-v1"],
        "notice_id": of(BankNotice, "notice_id"), "serial": of(BankLine, "bank_serial"), "document_id": [str(key) for key in of(StoredFile, "key")],
        "username": of(User, "username"), "role": list(roles.LABELS), "account": of(BankAccount, "id"), "relation": of(Relation, "id"),
        "event_id": of(LoanEvent, "id"), "entry": of(JournalEntry), "grant_id": of(RoleGrant, "id"), "delegation_id": of(Delegation, "id"),
        "token_id": of(ApiToken, "id"), "session_id": of(StaffSession, "id"), "month": ["2026-08", "2026-09"], "year": [2026, 2027],
        "field": ["name", "mobile", "id_number", "vin", "plate"], "customer_number": of(Customer), "code": ["P03", "LTV_SECURED", chart.BANK],
        "branch": of(Branch, "code"), "day": ["2026-09-01"],
        **names_judged(),
    }
