"""What the channel did to a try: the loan gets the money, or gives it back, or the calendar goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, moves
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.payments.debits import mandates
from chezhe.payments.debits.models import Debit, Mandate
from chezhe.payments.debits.states import OPEN
from chezhe.servicing import references, steps
from chezhe.servicing.debits import calendars, rules, telling
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.debits.rules import Calendar
from chezhe.servicing.debits.states import LOAN_DEBIT, reason_label
from chezhe.servicing.models import Loan, LoanEvent


def reference_of(debit: Debit) -> str:
    """Under which the money of an order is booked, once at a time."""
    return f"debit/{debit.reference}"


def news_of(amount: Money, reference: str, loan_number: str, on: date) -> steps.News:
    """The money of one order, as the loan takes it in: from what the channel has collected."""
    return steps.News(
        amount=amount, value_on=on, source=chart.DEBITS_COLLECTED, reference=f"debit/{reference}",
        memo=loan_number, facts={"debit": reference}, transaction=TransactionKind.DIRECT_DEBIT,
    )


def news_for(loan: Loan, debit: Debit, today: date) -> steps.News:
    """What the loan takes in of an order that was collected: it counts from the channel's day, but not before the loan began."""
    on = max(loan.paid_out_on, min(debit.collected_on or today, today))
    return news_of(debit.collected, debit.reference, loan.number, on)


def follow(loan: Loan, one: LoanDebit, debit: Debit, *, by: Actor) -> None:
    """An order of this try has ended, or the bank took it back; loan and try are locked. Told twice, it does nothing twice."""
    if debit.status == "collected":
        _book(loan, one, debit, by)
    elif debit.status == "returned":
        _take_back(loan, one, debit, by)
    debits = list(Debit.objects.filter(claim=one.number).order_by("pk"))
    if not any(other.status in OPEN for other in debits):
        _finish(loan, one, debits, by)


def _book(loan: Loan, one: LoanDebit, debit: Debit, by: Actor) -> None:
    """The first time. What somebody reversed by hand stays reversed until somebody books it again."""
    if not LoanEvent.objects.filter(reference=reference_of(debit)).exists():
        book(loan, one, debit, by=by)


def book(loan: Loan, one: LoanDebit, debit: Debit, *, by: Actor) -> LoanEvent:
    """The loan, locked like the try, gets the money of an order."""
    today = business_date.current()
    event = steps.take_in(loan, news_for(loan, debit, today), today=today, by=by)
    one.booked = one.booked + debit.collected
    one.save(update_fields=["booked"])
    return event


def _take_back(loan: Loan, one: LoanDebit, debit: Debit, by: Actor) -> None:
    """The bank has taken it back: the repayment is reversed, and nothing more is collected before somebody has asked why."""
    event = references.standing_receipt(reference_of(debit))
    if event is not None:
        steps.take_back(loan, event, reason=reason_label("RETURNED"), today=business_date.current(), by=by)
        events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": event.amount.fen})
        one.booked = one.booked - debit.collected
        one.save(update_fields=["booked"])
    _stop(one, "RETURNED", by)


def _finish(loan: Loan, one: LoanDebit, debits: Sequence[Debit], by: Actor) -> None:
    """All orders of the try have ended: it says how, and what that means for the next ones."""
    calendar = calendars.of(loan.product_version.product.code, one.day)
    collected = sum(debit.collected.fen for debit in debits if debit.status == "collected")
    if any(debit.status == "returned" for debit in debits):
        verb, code = ("take_back" if LOAN_DEBIT.allows(one.status, "take_back") else ""), "RETURNED"
    else:
        has_failed = any(debit.status == "failed" for debit in debits)
        verb = rules.verb_of(one.status, one.amount.fen, collected, known_fen=one.collected.fen, has_failed=has_failed)
        code = rules.worst(calendar, [debit.failure_code for debit in debits])
    if not verb:
        return
    one.collected, one.reason_code, one.finished_at = Money(collected), code, clock.now()
    one.save(update_fields=["collected", "reason_code", "finished_at"])
    moves.move(one, LOAN_DEBIT, verb, by=by, reason=reason_label(code))
    if verb in ("fail", "collect_part"):
        _fail(loan, one, calendar, by)
    elif verb == "take_back":
        telling.say_failed(loan, one, by=by)


def _fail(loan: Loan, one: LoanDebit, calendar: Calendar, by: Actor) -> None:
    """The calendar decides what the reason means; the borrower hears of it, and so does whoever watches the loan."""
    meaning = calendar.meaning_of(one.reason_code)
    if meaning == "stop":
        _stop(one, one.reason_code, by)
    elif meaning == "next_day":
        cancel_rest(one, reason_label(one.reason_code), by)
    telling.say_failed(loan, one, by=by)
    events.publish("loan.debit_failed", loan.subject, {
        "number": loan.number, "debit": one.number, "code": one.reason_code, "meaning": meaning,
        "left_fen": one.amount.fen - one.collected.fen, "day": one.day.isoformat(),
    })


def _stop(one: LoanDebit, code: str, by: Actor) -> None:
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=one.mandate_id)
    mandates.suspend(mandate, code, by=by)
    cancel_rest(one, reason_label(code), by)


def cancel_rest(one: LoanDebit, reason: str, by: Actor) -> None:
    """No further try on this loan is made that is planned already."""
    for other in LoanDebit.objects.select_for_update(no_key=True).filter(loan=one.loan_id, status="planned").order_by("pk"):
        cancel(other, reason, by=by)


def cancel(one: LoanDebit, reason: str, *, by: Actor) -> None:
    """A planned try is not made; the row is locked. Raises WrongState (409)."""
    LOAN_DEBIT.require(one.status, "cancel")
    one.note, one.finished_at = reason, clock.now()
    one.save(update_fields=["note", "finished_at"])
    moves.move(one, LOAN_DEBIT, "cancel", by=by, reason=reason)
