"""A payment was booked in error."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import steps as contract_steps
from chezhe.kernel import business_date, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import steps as payment_steps
from chezhe.payments.models import BankLine
from chezhe.servicing import lives, permissions, steps
from chezhe.servicing.models import MONEY_KINDS, Loan, LoanEvent
from chezhe.servicing.states import LOAN


class AlreadyReversed(BusinessError):
    code = "repayment_already_reversed"
    sentence = _("这笔还款已于 %(on)s 冲正，不能再冲正一次。")


class NotReversible(BusinessError):
    code = "event_not_reversible"
    sentence = _("只有还款、提前还款和提前结清可以冲正。")


@action(permissions.REVERSE)
def reverse_repayment(*, loan_number: str, event_id: int, reason: str, by: Actor) -> LoanEvent:
    """Take a payment back: its entry is mirrored, the rest of the loan's life is lived again without it."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    taken_back = _event(loan, event_id)
    reason = reason.strip()
    if not reason:
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明冲正原因。"))
    today = business_date.current()
    reference = f"{loan.number}/reverse/{taken_back.pk}"
    entry = None
    if taken_back.entry is not None:
        entry = ledger_steps.reverse(reference=taken_back.entry.reference, on=today, reason=reason, by=by)
    event = steps.record(
        loan, "reversed", value_on=taken_back.value_on, posted_on=today, reference=reference, by=by, amount=taken_back.amount,
        memo=reason, entry=entry, reverses=taken_back,
    )
    after, effects = lives.life_of(loan)
    steps.book_difference(loan, effects, reference=f"{reference}/replay", on=today, by=by)
    steps.store(loan, after)
    _release_line(taken_back, reason, by)
    _reopen(loan, reason, by)
    if loan.settled_on is None:
        steps.bring_up_to(loan, today, by=by)
    events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": taken_back.amount.fen})
    return event


def _event(loan: Loan, event_id: int) -> LoanEvent:
    event = loan.events.filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=event_id)
    if event.kind not in MONEY_KINDS:
        raise NotReversible()
    reversal = LoanEvent.objects.filter(reverses=event).first()
    if reversal:
        raise AlreadyReversed(on=reversal.posted_on)
    return event


def _release_line(taken_back: LoanEvent, reason: str, by: Actor) -> None:
    """A receipt from the bank's file is in suspense again and waits for its loan."""
    serial = taken_back.facts.get("bank_serial")
    line = BankLine.objects.select_for_update().filter(bank_serial=serial, status="matched").first() if serial else None
    if line is not None:
        payment_steps.reopen_line(line, reason=reason, by=by)


def _reopen(loan: Loan, reason: str, by: Actor) -> None:
    if loan.status == "settled" and loan.settled_on is None:
        moves.move(loan, LOAN, "reopen", by=by, reason=reason)
        contract_steps.withdraw_release(contract_number=loan.contract.number, reason=reason, by=by)
        events.publish("loan.reopened", loan.subject, {"number": loan.number})
