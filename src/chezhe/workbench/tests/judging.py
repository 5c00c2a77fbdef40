"""One of each numbered thing of the risk room, for the search."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import actor, moment
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import TABLES
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.guarantees.models import Security
from chezhe.risk.lab.models import Backtest
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.relations.models import BlacklistEntry, Candidate
from chezhe.risk.screening.models import Diligence, Hit, ListEntry, ListVersion
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START

NOTHING = dict.fromkeys((*TABLES, "model"))
AT = moment("2026-01-15 10:00")


def _made(model: Any, **fields: Any) -> str:
    return str(model.objects.create(**fields).number)


def _decision(number: str, loan: Loan) -> str:
    customer = loan.customer
    return _made(
        Decision, number=number, subject=loan.contract.application.subject, kind="submit", branch=customer.branch, owner=customer.owner,
        customer=customer, decided_at=AT, business_date=START, outcome="referred", route="double_review", record="{}", digest="0" * 64)


def _enquiry(number: str, loan: Loan) -> str:
    return _made(
        Enquiry, number=number, batch="x", service="bureau", subject=loan.customer.subject, status="answered", reason="loan_approval",
        asked_at=AT, asked_by_name="林", answered_at=AT, answer="{}", answer_hash="0" * 64)


def _candidate(number: str, loan: Loan) -> str:
    first, second = loan.customer, person(OUYANG, _owner_of(loan))
    return _made(
        Candidate, number=number, first=first.subject, second=second.subject, first_customer=first, second_customer=second, score=70,
        suggestion="duplicate", found_at=AT)


def _owner_of(loan: Loan) -> Actor:
    owner = loan.customer.owner
    return actor(owner.name, roles.SALES, branch_id=loan.customer.branch_id, user_id=owner.pk)


def _entry(number: str, loan: Loan) -> str:
    return _made(
        BlacklistEntry, number=number, kind="phone", digest="x", masked="154****5678", reason_code="fraud", words="x", source="internal", status="in_force",
        starts_on=START, review_on=START, proposed_by_name="秦", proposed_at=AT)


def _diligence(number: str, loan: Loan) -> str:
    return _made(
        Diligence, number=number, customer=loan.customer, occupation="employee", region="home", purpose="consumption", is_pep=False,
        has_agent=False, is_remote=False, watch_hit=False, grade="low", points=0, next_review_on=START, reviewed_on=START, recorded_at=AT,
        recorded_by_name="卢")


def _version(number: str, code: str = "L") -> ListVersion:
    return ListVersion.objects.create(
        number=number, code=code, kind="sanction", title="名单", version="1", source="测试", sha256="0" * 64, entries=1, imported_at=AT,
        imported_by_name="卢", customers=1, chunks=1, screened_at=AT)


def _hit(number: str, loan: Loan) -> str:
    entry = ListEntry.objects.create(version=_version("x"), code="E1", kind="person", names=["王小明"], content="x")
    return _made(
        Hit, number=number, customer=loan.customer, role="customer", list_code="L", list_kind="sanction", entry_code="E1", entry=entry,
        content="x", matched="王小明", score=90, found_at=AT)


def _report(number: str, loan: Loan) -> str:
    return _made(
        AppraiserReport, number=number, vehicle=loan.contract.vehicle, appraiser=loan.customer.owner, appraiser_name="林", begun_at=AT,
        valued_on=START)


def _security(number: str, loan: Loan) -> str:
    customer = loan.customer
    return _made(
        Security, number=number, subject_text=loan.contract.application.subject, kind="pledge", amount=Money(1_00), thing="存单",
        holder="一店", branch=customer.branch, owner=customer.owner, offered_by_name="林", offered_at=AT)


JUDGED: dict[str, Callable[[str, Loan], str]] = {
    "DC": _decision, "EQ": _enquiry, "RL": _candidate, "BL": _entry, "DD": _diligence, "WH": _hit, "VR": _report, "SE": _security,
    "BT": lambda number, loan: _made(
        Backtest, number=number, title="试一试", owner=loan.customer.owner, branch=loan.customer.branch, asked_by_name="秦", asked_at=AT,
        business_date=START, book="past", engine="duckdb", champion=NOTHING, challenger=NOTHING, parameters={}),
    "LT": lambda number, loan: _made(
        LiveTrial, number=number, title="试一试", hypothesis="更准", purpose="person", share=Decimal("0.1"), begins_on=START,
        ends_on=START.replace(year=START.year + 1), drafted_by_name="飞", drafted_at=AT),
    "WL": lambda number, loan: _version(number).number,
    "MD": lambda number, loan: _made(
        ScoringModel, number=number, name="卡", purpose="person", kind="scorecard", content_hash=number, content=b"", inputs=[], metrics={},
        card={}, uploaded_by_name="飞", uploaded_at=AT),
    "VV": lambda number, loan: _made(
        Valuing, number=number, vehicle=loan.contract.vehicle, valued_on=START, asked_by_name="平", asked_at=AT),
}
