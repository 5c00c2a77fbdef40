"""What borrowers are told about their instalments: before and on the due day, and when their money has come.

Everything leaves through the messaging gate, which asks consent and contact policy; a reference makes each message one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from chezhe.customers.telling import tell
from chezhe.finmath.money import Money
from chezhe.identifiers import masks
from chezhe.kernel import clock, jobs, parameters
from chezhe.kernel.actor import Actor
from chezhe.messaging.models import Message
from chezhe.servicing.models import EndOfDay, Loan
from chezhe.ui import formats

# DOMAIN §6: a notice three days and one day before, and on the day itself.
DAYS_AHEAD = (3, 1, 0)
SENT_FROM = time(9)
CHUNK = 200


def are_wanted(on: date) -> bool:
    """Whether the lender tells its borrowers by message, on this date."""
    return parameters.flag("REPAYMENT_MESSAGES", on)


def plan(day: date) -> None:
    """A business day has opened: the worker is asked to send its reminders, not before people are awake.

    A day that the calendar has left behind (the books catch up) is not told any more.
    """
    if day < clock.today() or not are_wanted(day):
        return
    wait = int((datetime.combine(day, SENT_FROM, clock.SHANGHAI) - clock.now()).total_seconds())
    for ahead in DAYS_AHEAD:
        due_on = day + timedelta(days=ahead)
        jobs.enqueue("servicing.remind_borrowers", after_seconds=max(0, wait), due_on=due_on.isoformat(), days_ahead=ahead, after=0)
    EndOfDay.objects.filter(day=day - timedelta(days=1)).update(reminded_at=clock.now())


def falling_due_on(due_on: date, days_ahead: int) -> QuerySet[Loan]:
    """Active loans without older arrears on which an instalment falls, or fell this morning, due on `due_on`."""
    running = Loan.objects.filter(status="active")
    return running.filter(next_due_on=due_on, oldest_due_on__isnull=True) if days_ahead else running.filter(oldest_due_on=due_on)


def chunk_of(due_on: date, days_ahead: int, after: int) -> Sequence[Loan]:
    """The next loans to remind, from the one after the id `after` on."""
    loans = falling_due_on(due_on, days_ahead).filter(pk__gt=after).select_related("customer")
    return loans.order_by("pk")[:CHUNK]


def remind(loan: Loan, due_on: date, days_ahead: int, *, by: Actor) -> Message | None:
    """Tell the borrower what is to be paid on `due_on`; None when the money is here already or no number is known.

    On any other calendar day than its own a reminder would mislead, and is left out.
    """
    if clock.today() != due_on - timedelta(days=days_ahead):
        return None
    owed = _next_instalment(loan) if days_ahead else Money(loan.principal_due.fen + loan.interest_due.fen + loan.fee_due.fen)
    short = owed - loan.unapplied
    if short.fen <= 0:
        return None
    facts = {"amount": short.format(grouped=True), "due_on": due_on.isoformat()}
    return send("repayment_reminder", loan, facts, f"{loan.number}:{due_on.isoformat()}:{days_ahead}", by=by)


def acknowledge(loan: Loan, amount: Money, reference: str, *, by: Actor) -> Message | None:
    """Tell the borrower that money has come and what is left; None when no number is known."""
    facts = {"amount": amount.format(grouped=True), "balance": loan.principal_left.format(grouped=True)}
    return send("repayment_received", loan, facts, reference, by=by)


def say_rate(loan: Loan, reference: str, *, by: Actor) -> Message | None:
    """Tell the borrower the rate from the next instalment on; None when there is none or no number is known."""
    if loan.next_due_on is None or loan.annual_rate is None:
        return None
    return send("rate_changed", loan, {"rate": formats.rate(loan.annual_rate), "from_on": loan.next_due_on.isoformat()}, reference, by=by)


def say_settled(loan: Loan, *, by: Actor) -> Message | None:
    """Tell the borrower that nothing is owed any more and where the certificate will wait; None for a car without a plate."""
    plate = loan.contract.vehicle.plate
    if not plate:
        return None
    return send("loan_settled", loan, {"plate": masks.mask_plate(plate), "branch": loan.branch.name}, loan.number, by=by)


def _next_instalment(loan: Loan) -> Money:
    plan = loan.schedules.order_by("-version").first()
    if plan is None or loan.recognised >= len(plan.due_dates):
        return Money(0)
    return Money(sum(int(amounts[loan.recognised]) for amounts in (plan.principal_fen, plan.interest_fen, plan.fee_fen)))


def send(template: str, loan: Loan, facts: dict[str, str], reference: str, *, by: Actor) -> Message | None:
    """One message about a loan to its borrower, in the borrower's language, once a reference; None when no number is known."""
    return tell(template, loan.customer, {"loan": loan.number, **facts}, reference=reference, by=by)
