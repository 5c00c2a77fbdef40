"""What came in or was decided is taken back: money on finance's own word, what people agreed to only when they agree again."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, events, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.servicing import changes, given, refinancing, steps
from chezhe.servicing.debits import rebooking
from chezhe.servicing.models import CHANGE_KINDS, FOLDED_KINDS, NOT_REVERSIBLE, Loan, LoanChange, LoanEvent, RepricingLine

APPROVAL_KIND = "loan_reversal"
KIND = "reversal"


class AlreadyReversed(BusinessError):
    code = "repayment_already_reversed"
    sentence = _("这笔还款已于 %(on)s 冲正，不能再冲正一次。")


class NotReversible(BusinessError):
    code = "event_not_reversible"
    sentence = _("这类事项不能冲正；只有收款、收费和已生效的变更可以。")


def require(loan: Loan, event_id: int) -> LoanEvent:
    """The event, if it can be taken back. Raises NotFound (404), NotReversible or AlreadyReversed (409)."""
    event = loan.events.select_related("entry").filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=event_id)
    if event.kind not in FOLDED_KINDS or event.kind in NOT_REVERSIBLE:
        raise NotReversible()
    reversal = LoanEvent.objects.filter(reverses=event).first()
    if reversal:
        raise AlreadyReversed(on=reversal.posted_on)
    return event


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Invalid (422) when there is none."""
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明冲正原因。"))
    return reason.strip()


def agreed_by(event: LoanEvent) -> tuple[str, ...]:
    """The roles that agreed to it, one after the other; empty for what finance did on its own word."""
    if event.kind not in CHANGE_KINDS:
        return ()
    asked = LoanChange.objects.filter(event=event).first()
    if asked is not None:
        return changes.RULES[asked.kind].stages
    return (roles.RISK_MANAGER,) if RepricingLine.objects.filter(event=event).exists() else ()


def take_back(loan: Loan, event: LoanEvent, *, reason: str, today: date, by: Actor) -> LoanEvent:
    """`steps.take_back` of a locked loan, and what hangs on its money: a debit, a refinancing."""
    reversal = steps.take_back(loan, event, reason=reason, today=today, by=by)
    rebooking.let_go(event)
    refinancing.give_back(event, reason, today=today, by=by)
    events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": event.amount.fen})
    return reversal


def propose(loan: Loan, event: LoanEvent, reason: str, *, by: Actor) -> LoanChange:
    """Ask those who agreed to the event to agree to its reversal. Raises ReasonRequired (422) or ChangeWaits (409)."""
    change = LoanChange(kind=KIND, loan=loan, amount=event.amount, reverses=event, reason=given.require_reason(reason))
    return changes.open_request(change, agreed_by(event), approval_kind=APPROVAL_KIND, by=by)


def decide(subject: str, outcome: str, by: Actor) -> LoanChange:
    """Take back what was agreed to, or put the request aside, in the transaction of the deciding vote. Raises what `require` raises."""
    return changes.conclude(subject, outcome, _apply, by=by)


def _apply(loan: Loan, change: LoanChange, by: Actor) -> None:
    assert change.reverses_id is not None
    event = require(loan, change.reverses_id)
    change.event = take_back(loan, event, reason=change.reason, today=business_date.current(), by=by)
