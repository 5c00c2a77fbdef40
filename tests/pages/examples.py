"""For every address with parts: a thing of the sample to open it with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import reverse

from chezhe.approvals.models import ApprovalRequest, Interest
from chezhe.channels.models import CommissionPlan, Dealer, DealerPerson
from chezhe.compliance.models import Complaint, ContactAttempt, LenderChange, ParameterChange
from chezhe.contracts.models import (
    CostReading,
    CustodyItem,
    Disbursement,
    FeeReceipt,
    LaneRun,
    PayeeAccount,
    PayoutLimit,
    RegistrationOrder,
    Release,
    SealUse,
    StockTake,
)
from chezhe.customers.models import BankAccount, Relation
from chezhe.documents.models import PaperReading, StoredFile
from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.doors import Page
from chezhe.kernel.models import Parameter
from chezhe.leads import queries as lead_queries
from chezhe.leads.models import Lead
from chezhe.ledger.models import JournalEntry, ManualEntry
from chezhe.messaging.models import Message, Template
from chezhe.origination.models import Application, Interview
from chezhe.origination.queries import APPROVAL_KIND
from chezhe.payments.models import BankFile, BankLine, BankNotice, ChannelSettlement, Debit, Mandate, Payout, PayoutBatch, Tally, TallyItem
from chezhe.policies.models import PolicyVersion
from chezhe.products.models import ProductVersion
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.models import Enquiry, Statement
from chezhe.risk.guarantees.models import Security
from chezhe.risk.lab.models import Backtest
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.relations.models import BlacklistEntry, Candidate
from chezhe.risk.screening.models import Hit, ListVersion
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.servicing.models import (
    ClassDowngrade,
    CommissionStatement,
    EndOfDay,
    FundingRun,
    Invoice,
    Loan,
    LoanChange,
    LoanDebit,
    LoanEvent,
    ProvisionRun,
    Repricing,
    RepricingLine,
    SettlementAsk,
    VatRun,
)
from chezhe.staff.models import AccessChange, ApiToken, Delegation, RoleGrant, StaffSession
from chezhe.takeover.models import Takeover
from chezhe.workbench.models import SavedView

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def _first(model: type[Model], **wanted: Any) -> Any:
    found = model._default_manager.filter(**wanted).order_by("pk").first()
    assert found is not None, f"the sample has no {model.__name__} {wanted or ''}"
    return found


def _read() -> Any:
    """The paper of which something was read."""
    return _first(PaperReading, status="read")


def _request() -> ApprovalRequest:
    """Of an application that people still decide on; where none is, of what they decided first."""
    return ApprovalRequest.objects.filter(kind=APPROVAL_KIND, status="open").order_by("pk").first() or _first(ApprovalRequest)


def _with_receipts() -> Any:
    """The statement with the most receipts."""
    return BankFile.objects.order_by("-line_count", "pk")[0]


def _lent() -> Any:
    """The contract behind the first loan: the one with most to show."""
    return _first(Loan).contract


# By room: what `<str:number>` and the other parts stand for.
_PARTS: dict[str, dict[str, Callable[[], Any]]] = {
    "ui": {"kind": lambda: "vin"},
    "staff": {
        "username": lambda: "risk.officer", "session_id": lambda: _first(StaffSession).pk, "token_id": lambda: _first(ApiToken).pk,
        "grant_id": lambda: _first(RoleGrant, user__username="risk.officer").pk, "role": lambda: "finance",
        "number": lambda: _first(AccessChange).number, "delegation_id": lambda: _first(Delegation).pk,
    },
    "approvals": {"number": lambda: _request().number, "verb": lambda: "copy"},
    "compliance": {
        "code": lambda: _first(Parameter).code, "number": lambda: _first(ParameterChange).number, "year": lambda: 2026,
    },
    "documents": {"key": lambda: _first(StoredFile, subject=_first(Application).subject).key},
    "messaging": {"code": lambda: _first(Template).code, "number": lambda: _first(Message).number, "channel": lambda: "sms"},
    "customers": {
        "number": lambda: _lent().customer.number, "field": lambda: "mobile", "account": lambda: _first(BankAccount).pk,
        "relation": lambda: _first(Relation).pk,
    },
    "vehicles": {"number": lambda: _lent().vehicle.number, "field": lambda: "vin", "kind": lambda: "licence"},
    "channels": {"number": lambda: _first(Dealer).number, "verb": lambda: "suspend", "person_id": lambda: _first(DealerPerson).pk},
    "ledger": {"number": lambda: _first(JournalEntry).number, "code": lambda: "1002", "month": lambda: "2026-03"},
    "products": {"number": lambda: _first(ProductVersion).number, "code": lambda: "P01"},
    "payments": {"serial": lambda: _first(BankLine).bank_serial, "number": lambda: _first(Payout).number, "notice_id": lambda: _first(BankNotice).notice_id},
    "leads": {"number": lambda: _first(Lead).number, "field": lambda: "mobile"},
    "origination": {
        "number": lambda: _lent().application.number, "step": lambda: "finance", "kind": lambda: "appeal",
        "customer_number": lambda: _lent().customer.number, "vehicle_number": lambda: _lent().vehicle.number,
        "wanted_id": lambda: 1, "condition_id": lambda: 1,
    },
    "contracts": {
        "number": lambda: _lent().number, "kind": lambda: "loan_contract", "page": lambda: 1, "key": lambda: _first(CostReading).key,
        "entry": lambda: _first(FeeReceipt).entry.number, "token": lambda: "x" * 43, "signing_number": lambda: "SG26-000001-0",
    },
    "policies": {"number": lambda: _first(PolicyVersion, status="published").number},
    "risk": {
        "number": lambda: _first(Decision).number, "key": lambda: _first(Statement).file_key, "category": lambda: "odometer",
        "kind": lambda: "guarantor", "verb": lambda: "release",
    },
    # The loan of the customer who is signed in beside the staff, or what stands behind it.
    "portal": {"handle": lambda: handles.handle_of(_first(Loan).subject), "kind": lambda: "marketing", "wanted_id": lambda: 1},
    "workbench": {"key": lambda: _first(SavedView).key},
    "takeover": {
        "number": lambda: _first(Takeover).number, "key": lambda: _first(Takeover).files.order_by("pk")[0].file.key,
    },
    "servicing": {
        "number": lambda: _first(Loan).number, "serial": lambda: _first(BankLine).bank_serial,
        "day": lambda: _first(EndOfDay).day,
        "event_id": lambda: _first(LoanEvent, kind="repaid").pk,
    },
}
# Pages whose part is something else than in the rest of their room.
_SPECIAL: dict[str, dict[str, Callable[[], Any]]] = {
    "approvals:end_interest": {"number": lambda: _first(Interest).number},
    "compliance:lender_change": {"number": lambda: _first(LenderChange).number},
    "compliance:decide_lender": {"number": lambda: _first(LenderChange).number},
    "compliance:contact_outcome": {"number": lambda: _first(ContactAttempt).number},
    "contracts:disbursement": {"number": lambda: _first(Disbursement).number},
    "contracts:check": {"number": lambda: _first(Disbursement).number},
    **{f"contracts:{name}": {"code": lambda: "signed"} for name in ("condition", "satisfy_condition", "waive_condition")},
    **{f"contracts:{name}": {"number": lambda: _first(PayeeAccount).number} for name in ("payee", "decide_payee", "close_payee")},
    **{f"contracts:{name}": {"number": lambda: _first(PayoutLimit).number} for name in ("limit", "decide_limit")},
    **{f"payments:{name}": {"number": lambda: _first(PayoutBatch).number} for name in (
        "batch", "send_batch", "discard_batch", "batch_file", "batch_answer")},
    "origination:step": {"number": lambda: _first(Application, status="draft").number},
    **{f"documents:{name}": {"key": lambda: _read().file.key} for name in ("reading", "reading_full", "read_again")},
    **{f"origination:{name}": {
        "number": lambda: _read().subject.partition(":")[2], "key": lambda: _read().file.key, "field": lambda: "plate"}
       for name in ("paper", "take", "keep")},
    **{f"origination:{name}": {"number": lambda: _first(Interview).application.number, "record": lambda: _first(Interview).number}
       for name in ("interview", "interview_edit", "interview_photo", "interview_sign", "interview_discard", "interview_print")},
    "origination:missing": {"number": lambda: _first(Application, status="draft").number},
    "leads:claim": {"number": lambda: lead_queries.pool(SYSTEM, business_date.current())[0].number},
    "workbench:help_page": {"key": lambda: "approvals"},
    **{f"contracts:{name}": {"number": lambda: "loan_contract-v1", "sample": lambda: 1, "page": lambda: 1} for name in (
        "template", "template_page", "draft_template", "edit_template", "submit_template", "discard_template", "publish_template",
        "return_template")},
    **{f"contracts:{name}": {"number": lambda: _first(SealUse).number} for name in ("seal_use", "stamp", "refuse_seal")},
    **{f"contracts:{name}": {"number": lambda: _first(RegistrationOrder).number} for name in (
        "registration", "submit_registration", "accept_registration", "refuse_registration", "redo_registration")},
    **{f"contracts:{name}": {"number": lambda: _first(RegistrationOrder).number} for name in (
        "cancel_registration", "extend_registration")},
    **{f"contracts:{name}": {"number": lambda: _first(Release).number} for name in (
        "release_of", "take_out_papers", "send_papers", "hand_over_papers", "confirm_papers_received")},
    **{f"contracts:{name}": {"number": lambda: _first(CustodyItem).number} for name in (
        "custody_item", "custody_label", "lend_item", "give_back_item", "hand_out_item")},
    **{f"contracts:{name}": {"number": lambda: _first(StockTake, status="open").number} for name in (
        "stock_take", "scan_stock", "close_stock_take")},
    "contracts:ask_seal": {"number": lambda: _lent().number, "code": lambda: _lent().papers.get(kind="loan_contract").code},
    "contracts:guest_paper": {"code": lambda: "0000-0000-0000-0000"},
    "contracts:prepare": {"number": lambda: _lent().application.number},
    **{f"contracts:{name}": {"number": lambda: _first(LaneRun).application.number} for name in ("pause_lane", "resume_lane")},
    "ledger:manual_entry": {"number": lambda: _first(ManualEntry).number},
    "payments:file": {"number": lambda: _with_receipts().number},
    **{f"payments:{name}": {"number": lambda: _first(Tally, kind="ledger_only").number} for name in (
        "tally", "explain_tally", "reopen_tally", "break_match", "assign_tally", "merge_receipt")},
    "servicing:taken_back": {"number": lambda: _first(TallyItem, statement_line__takes_back=True).tally.number},
    **{f"servicing:{name}": {"number": lambda: _with_receipts().number} for name in ("file", "post_file")},
    **{f"servicing:{name}": {"number": lambda: _first(ProvisionRun).number} for name in (
        "provision", "provision_progress", "provision_post", "provision_discard", "provision_reverse", "provision_lines")},
    **{f"servicing:{name}": {"number": lambda: _first(VatRun).number} for name in (
        "vat", "vat_progress", "vat_post", "vat_discard", "vat_reverse", "vat_sheet", "vat_lines")},
    "takeover:faults": {"number": lambda: _first(Takeover, status="faulty").number},
    **{f"servicing:{name}": {"number": lambda: _first(Invoice).number} for name in ("invoice", "invoice_withdraw", "invoice_red")},
    **{f"servicing:{name}": {"number": lambda: _first(FundingRun).number} for name in ("funding", "funding_reverse", "funding_lines")},
    **{f"servicing:repricing_{name}": {"number": lambda: _first(Repricing).number} for name in ("batch", "lines", "retry", "reverse")},
    "servicing:repricing_line": {
        "number": lambda: _first(Repricing).number, "loan_number": lambda: _first(RepricingLine, batch=_first(Repricing)).loan.number},
    "servicing:reverse_subsidy_payment": {"number": lambda: _first(JournalEntry, event="subsidy_paid").number},
    "servicing:downgraded": {"number": lambda: _first(ClassDowngrade).number},
    **{f"servicing:{name}": {"number": lambda: _first(LoanDebit).number} for name in ("debit", "cancel_debit")},
    "servicing:book_debit_again": {"number": lambda: _first(Debit).claim, "order": lambda: _first(Debit).reference},
    **{f"payments:{name}": {"number": lambda: _first(Mandate).number} for name in ("mandate", "revoke_mandate", "resume_mandate")},
    "payments:sign_mandate": {"number": lambda: _first(Mandate).customer.number},
    "payments:settlement": {"number": lambda: _first(ChannelSettlement).number},
    **{f"servicing:{name}": {"number": lambda: _first(LoanChange).number} for name in ("change", "pay_refund", "cancel_refund")},
    **{f"policies:{name}": {"number": lambda: _first(PolicyVersion, status="draft").number} for name in (
        "edit", "lint", "import", "submit", "discard", "rebase")},
    "risk:report": {"number": lambda: _first(Enquiry, service="bureau", status="answered").number},
    **{f"risk:{name}": {"number": lambda: _lent().customer.number} for name in ("upload_statement", "record_accounts", "ring")},
    **{f"risk:{name}": {"number": lambda: _first(Candidate).number} for name in ("candidate", "decide_candidate", "end_candidate")},
    **{f"risk:{name}": {"number": lambda: _first(BlacklistEntry).number} for name in (
        "blacklist_entry", "lift_blacklist", "review_blacklist")},
    **{f"risk:{name}": {"number": lambda: _first(Hit).number} for name in ("hit", "judge_hit")},
    **{f"risk:{name}": {"number": lambda: _first(ListVersion).number} for name in ("watch_list", "screening_progress")},
    **{f"risk:{name}": {"number": lambda: _lent().vehicle.number} for name in ("value_vehicle", "begin_report")},
    "risk:confirm_value": {"number": lambda: _first(Valuing).number},
    **{f"risk:{name}": {"number": lambda: _first(AppraiserReport).number} for name in (
        "appraisal", "appraisal_photo", "discard_appraisal", "set_appraisal_aside")},
    **{f"risk:{name}": {"number": lambda: _first(Backtest, status="done").number} for name in ("backtest", "backtest_progress", "backtest_changes")},
    "risk:cancel_backtest": {"number": lambda: _first(Backtest, status="queued").number},
    **{f"risk:{name}": {"number": lambda: _first(Security).number} for name in ("security", "security_act")},
    **{f"risk:{name}": {"number": lambda: _first(ScoringModel, status="active").number} for name in (
        "model", "model_report", "model_act")},
    **{f"risk:{name}": {"number": lambda: _first(LiveTrial, status="running").number} for name in ("live_trial", "live_trial_act")},
    **{f"channels:person_{name}": {"number": lambda: _first(DealerPerson).dealer.number} for name in ("new", "disable")},
    "compliance:complaint": {"number": lambda: _first(Complaint).number},
    **{f"compliance:{name}_complaint": {"number": lambda: _first(Complaint).number} for name in ("answer", "close")},
    "servicing:withdraw_ask": {"number": lambda: _first(SettlementAsk).number},
    **{f"portal:m_{name}": {"handle": lambda: handles.handle_of(_lent().application.subject), "kind": lambda: "marketing"} for name in (
        "case", "contest", "supplement", "upload", "answer", "agree", "submit", "offer", "accept", "decline", "counter")},
    **{f"portal:m_{name}": {"handle": lambda: handles.handle_of(_lent().subject)} for name in ("costs", "open_costs", "sign")},
    "portal:m_sign_paper": {"handle": lambda: handles.handle_of(f"contract_paper:{_lent().number}/{_lent().papers.get(kind='loan_contract').code}")},
    "portal:m_content": {"handle": lambda: handles.handle_of(_first(Complaint).subject)},
    **{f"portal:d_{name}": {"handle": lambda: handles.handle_of(_first(Loan).contract.application.subject)} for name in (
        "case", "upload", "answer", "submit")},
    **{f"channels:commission_{name}": {"number": lambda: _first(CommissionPlan).number} for name in ("plan", "decide", "end")},
    **{f"servicing:commission_{name}": {"number": lambda: _first(CommissionStatement).number} for name in (
        "statement", "approve", "pay", "discard", "reverse")},
    "risk:edit_live_trial": {"number": lambda: _first(LiveTrial, status="draft").number},
}
# Panels and their like: about whom the page asks in its query.
_SUBJECTS: dict[str, Callable[[], str]] = {
    "loan": lambda: _first(Loan).subject, "contract": lambda: _lent().subject, "customer": lambda: _lent().customer.subject,
    "vehicle": lambda: _lent().vehicle.subject, "application": lambda: _lent().application.subject,
    "dealer": lambda: _first(Dealer).subject, "loan_change": lambda: _first(LoanChange).subject, "refinancing": lambda: f"refinancing:{_first(Application, refinances__gt='').number}",
}
ASKS_ABOUT = {
    "compliance:complaints_of": "customer",
    "compliance:consents": "customer", "compliance:withdraw_consent": "customer", "compliance:contact_panel": "customer",
    "compliance:block": "customer", "documents:panel": "application", "messaging:panel": "customer", "customers:profile": "customer",
    "customers:relations": "customer", "customers:history": "customer", "vehicles:of_customer": "customer",
    "vehicles:profile": "vehicle", "vehicles:papers": "vehicle", "vehicles:valuations": "vehicle", "vehicles:history": "vehicle",
    "channels:profile": "dealer", "channels:people": "dealer", "channels:commission_of": "dealer", "servicing:commission_of_dealer": "dealer", "servicing:commission_of": "loan", "ledger:panel": "loan", "leads:of_dealer": "dealer", "origination:of_customer": "customer",
    "origination:of_vehicle": "vehicle", "origination:figures": "application", "origination:plan": "application",
    "origination:track": "application", "origination:changes": "application", "origination:offers": "application", "origination:matching": "application", "origination:interviews": "application", "servicing:plan": "loan", "servicing:events": "loan", "servicing:track": "loan",
    "servicing:audit": "loan", "servicing:papers": "loan", "servicing:changes_of": "loan", "servicing:change_of": "loan_change", "servicing:quality_of": "loan",
    "servicing:settled_first": "refinancing", "servicing:invoices_of": "loan", "servicing:profit_of": "loan",
    "servicing:loans_of": "customer", "servicing:debits_of": "loan",
    "payments:mandates_of": "customer", "contracts:contracts_of": "customer", "contracts:lane_of": "application",
    "risk:of_application": "application", "risk:facts": "customer", "risk:request_facts": "customer", "risk:confirm_fact": "customer",
    "risk:profile_panel": "customer", "risk:proofs": "customer", "risk:relations_panel": "application", "risk:valuing_panel": "vehicle",
    "risk:guarantees_panel": "application", "risk:offer_security": "application", "risk:measure_coverage": "application",
    **{f"risk:{name}": "customer" for name in (
        "diligence_panel", "review_diligence", "add_holding", "end_holding", "diligence_screen")},
}


def address_of(page: Page) -> str:
    """The page's address, with a thing of the sample for every part; raises KeyError for a part nobody knows."""
    room = page.name.partition(":")[0]
    known = _PARTS.get(room, {}) | _SPECIAL.get(page.name, {})
    address = reverse(page.name, kwargs={part: known[part]() for part in _PART.findall(page.route)})
    about = ASKS_ABOUT.get(page.name)
    return f"{address}?subject={_SUBJECTS[about]()}" if about else address
