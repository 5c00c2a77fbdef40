"""From a loan's rows to the paper a borrower is given: which paper for which days, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.documents import catalogue
from chezhe.documents import queries as document_queries
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.documents.papers import press
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives, queries
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan
from chezhe.servicing.papers import SHEET, kinds
from chezhe.servicing.papers.facts import LoanFacts, Stretch
from chezhe.servicing.papers.kinds import PaperKind

LABELS = {kind: catalogue.BY_CODE[kind.value].label for kind in PaperKind}


class NotSettledYet(BusinessError):
    code = "loan_not_settled"
    field = "kind"
    sentence = _("贷款 %(loan)s 尚未结清，不能出具结清证明。")


class CashLeft(BusinessError):
    code = "cash_left"
    field = "kind"
    sentence = _("贷款 %(loan)s 还有溢缴款 %(amount)s 元未退还，退还后才能出具结清证明。")


class PaperDaysImpossible(BusinessError):
    code = "paper_days_impossible"
    http_status = 422
    field = "first"
    sentence = _("起止日期须依次，且在放款日 %(paid_out_on)s 与业务日期 %(today)s 之间。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which paper, for which days: a payoff letter holds on `last`, a plan and a certificate of settlement need no days."""

    kind: PaperKind
    first: date
    last: date


def data_of(loan: Loan, asked: Asked, today: date) -> dict[str, Any]:
    """What the paper says. Raises NotSettledYet or CashLeft (409), PaperDaysImpossible (422), or what `queries.require_quote` raises."""
    return _MAKERS[asked.kind](loan, asked, today)


def print_one(loan: Loan, asked: Asked, today: date, *, by: Actor) -> StoredFile:
    """Print the paper and keep it with the loan; the same paper of the same day is kept once. Raises what `data_of` raises,
    GlyphMissing (422) or FontsMissing (503)."""
    data = data_of(loan, asked, today)
    pdf = press.print_paper(SHEET, data)
    standing = document_queries.twin_of(pdf, loan.subject, asked.kind.value)
    return standing or document_steps.store_printed(
        pdf, name=f"{data['title']}-{data['number']}.pdf", subject=loan.subject, category=asked.kind.value, branch_id=loan.branch_id, by=by,
    )


def _statement(loan: Loan, asked: Asked, today: date) -> dict[str, Any]:
    return kinds.statement(_facts(loan, today), _stretch(loan, asked, today))


def _interest(loan: Loan, asked: Asked, today: date) -> dict[str, Any]:
    return kinds.interest_certificate(_facts(loan, today), _stretch(loan, asked, today))


def _payoff(loan: Loan, asked: Asked, today: date) -> dict[str, Any]:
    if asked.last < today:
        raise queries.NotQuotable(first=today, last=loan.matures_on)
    quoted = queries.require_quote(loan, asked.last, today)
    return kinds.payoff_letter(_facts(loan, today), quoted.figure, quoted.unapplied)


def _plan(loan: Loan, _asked: Asked, today: date) -> dict[str, Any]:
    return kinds.plan(_facts(loan, today), queries.current_position(loan, today))


def _settled(loan: Loan, _asked: Asked, today: date) -> dict[str, Any]:
    if loan.status != "settled":
        raise NotSettledYet(loan=loan.number)
    if loan.unapplied:
        raise CashLeft(loan=loan.number, amount=loan.unapplied)
    return kinds.settlement_certificate(_facts(loan, today))


_MAKERS: dict[PaperKind, Callable[[Loan, Asked, date], dict[str, Any]]] = {
    PaperKind.STATEMENT: _statement, PaperKind.PAYOFF: _payoff, PaperKind.PLAN: _plan, PaperKind.INTEREST: _interest,
    PaperKind.SETTLED: _settled,
}


def _stretch(loan: Loan, asked: Asked, today: date) -> Stretch:
    if not loan.begun_on <= asked.first <= asked.last <= today:
        raise PaperDaysImpossible(paid_out_on=loan.begun_on, today=today)
    opening, money = lives.opening_of(loan), lives.incoming_of(loan)
    eve = max(loan.begun_on, asked.first - timedelta(days=1))
    before, _past = positions.fold(opening, [one for one in money if one.on < asked.first], eve)
    after, effects = positions.fold(opening, [one for one in money if one.on <= asked.last], asked.last)
    within = [effect for effect in effects if asked.first <= effect.on <= asked.last]
    return Stretch(first=asked.first, last=asked.last, before=before, after=after, effects=within)


def _facts(loan: Loan, today: date) -> LoanFacts:
    customer = loan.customer
    return LoanFacts(
        number=loan.number, contract_number=loan.contract.number, lender=compliance_queries.lender().name, borrower=customer.name,
        is_person=customer.is_person, paper_number=customer.id_number if customer.is_person else customer.uscc,
        principal=loan.principal, annual_rate=loan.annual_rate, method=loan.contract.agreed.plan.method,
        paid_out_on=loan.paid_out_on, matures_on=loan.matures_on, made_on=today, settled_on=loan.settled_on,
    )
