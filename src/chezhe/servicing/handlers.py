"""News from lower rooms that changes loans."""

from __future__ import annotations

from datetime import date, timedelta

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Event
from chezhe.servicing import profiling, reminding, returned, securities, turns
from chezhe.servicing.actions.acknowledge_money import acknowledge_money
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.claw_back_commission import claw_back_commission
from chezhe.servicing.actions.follow_debit import follow_debit
from chezhe.servicing.actions.follow_securities import follow_securities
from chezhe.servicing.actions.hold_loan import hold_loan
from chezhe.servicing.actions.report_outcomes import report_outcomes
from chezhe.servicing.actions.restore_commission import restore_commission
from chezhe.servicing.actions.resume_loan import resume_loan
from chezhe.servicing.actions.retract_outcome import retract_outcome
from chezhe.servicing.actions.settle_commission import settle_commission
from chezhe.servicing.actions.settle_refund import settle_refund
from chezhe.servicing.actions.tell_new_rate import tell_new_rate
from chezhe.servicing.commission import queries as commission_queries
from chezhe.servicing.commission import statements
from chezhe.servicing.models import FloatingRate


@events.handles("disbursement.paid")
def begin(event: Event) -> None:
    """The bank has paid the borrower: the loan begins on that day, or goes on from it."""
    said = event.payload
    activate_loan(
        contract_number=said["contract"], amount=Money(said["amount_fen"]), paid_on=date.fromisoformat(said["paid_on"]), by=SYSTEM
    )
    if returned.is_held(said["contract"]):
        resume_loan(contract_number=said["contract"], paid_on=date.fromisoformat(said["paid_on"]), reference=f"{event.pk}", by=SYSTEM)


@events.handles("disbursement.returned")
def hold(event: Event) -> None:
    """Money that the bank had paid is back: until it goes again nothing of the loan runs."""
    said = event.payload
    hold_loan(
        contract_number=said["contract"], is_effective=said.get("is_effective", False), reference=f"{event.pk}",
        reason=said["failure_code"], by=SYSTEM,
    )


@events.handles("day.closed")
def plan_reminders(event: Event) -> None:
    """The next day has begun: its reminders are asked for."""
    reminding.plan(date.fromisoformat(event.payload["day"]) + timedelta(days=1))


@events.handles("day.closed")
def propose_new_rates(event: Event) -> None:
    """The next day has begun: floating rates that are looked at on it."""
    day = date.fromisoformat(event.payload["day"]) + timedelta(days=1)
    if FloatingRate.objects.filter(next_on__lte=day).exists():
        jobs.enqueue("servicing.propose_repricing", day=day.isoformat())


@events.handles("day.closed")
def tell_outcomes(event: Event) -> None:
    """An evening's arrears show which loans turned bad, and which did not."""
    report_outcomes(day=date.fromisoformat(event.payload["day"]), by=SYSTEM)


@events.handles("loan.reopened")
def take_back_outcome(event: Event) -> None:
    """What paid a loan off was reversed: it has not shown yet what it is."""
    retract_outcome(loan_number=event.payload["number"], day=business_date.current(), by=SYSTEM)


@events.handles("loan.changed")
def tell_rate(event: Event) -> None:
    """The rate is another one: the borrower hears of it."""
    if event.payload["kind"] == "repriced" and reminding.are_wanted(clock.today()):
        tell_new_rate(loan_number=event.payload["number"], reference=f"event-{event.pk}", by=SYSTEM)


@events.handles("day.closed")
def ask_for_debits(event: Event) -> None:
    """The next day has begun: the worker plans whom to debit on it."""
    following = date.fromisoformat(event.payload["day"]) + timedelta(days=1)
    jobs.enqueue("servicing.plan_debits", day=following.isoformat())


@events.handles("debit.collected")
@events.handles("debit.failed")
@events.handles("debit.returned")
@events.handles("debit.dropped")
def follow_order(event: Event) -> None:
    """The channel has dealt with an order that this room asked for."""
    follow_debit(reference=event.payload["reference"], by=SYSTEM)


@events.handles("loan.repaid")
def acknowledge_receipt(event: Event) -> None:
    """Money has come: the borrower hears of it, unless it settled the loan, which is told by itself."""
    said = event.payload
    if said["kind"] != "settled" and reminding.are_wanted(clock.today()):
        acknowledge_money(
            loan_number=said["number"], kind=said["kind"], amount=Money(said["amount_fen"]), reference=f"event-{event.pk}", by=SYSTEM
        )


@events.handles("payout.paid")
@events.handles("payout.failed")
@events.handles("payout.returned")
def follow_refund(event: Event) -> None:
    """A payout that this room asked for has moved."""
    kind, _, number = event.payload["reference"].partition(":")
    if kind == "refund":
        settle_refund(
            change_number=number, outcome=event.name.removeprefix("payout."), on=date.fromisoformat(event.payload["on"]),
            failure_code=event.payload.get("failure_code", ""), by=SYSTEM,
        )


@events.handles("payout.paid")
@events.handles("payout.failed")
@events.handles("payout.returned")
def follow_commission(event: Event) -> None:
    """The payout of a dealer's statement has moved."""
    kind, _, rest = event.payload["reference"].partition(":")
    if kind == statements.KIND:
        number, _, attempt = rest.partition(".")
        settle_commission(
            statement_number=number, attempt=int(attempt), outcome=event.name.removeprefix("payout."),
            on=date.fromisoformat(event.payload["on"]), failure_code=event.payload.get("failure_code", ""), by=SYSTEM,
        )


@events.handles("loan.settled")
def take_commission_back(event: Event) -> None:
    """Paid off before its time: the dealer owes a part of its commission."""
    if commission_queries.has_commission(event.payload["number"]):
        claw_back_commission(loan_number=event.payload["number"], settled_on=date.fromisoformat(event.payload["settled_on"]), by=SYSTEM)


@events.handles("loan.reopened")
def give_commission_again(event: Event) -> None:
    """What paid a loan off was reversed: the dealer keeps what it had earned."""
    if commission_queries.has_commission(event.payload["number"]):
        restore_commission(loan_number=event.payload["number"], business_date=business_date.current(), by=SYSTEM)


@events.handles("day.closed")
def look_for_defaults(event: Event) -> None:
    """The day is over: the worker looks for first instalments that were never paid."""
    jobs.enqueue("servicing.claw_back_defaults", day=event.payload["day"])


@events.handles("loan.settled")
def tell_settled(event: Event) -> None:
    """Nothing is owed any more."""
    if reminding.are_wanted(clock.today()):
        acknowledge_money(loan_number=event.payload["number"], kind="settled", amount=Money(0), reference="", by=SYSTEM)


@events.handles("loan.activated")
@events.handles("loan.changed")
@events.handles("loan.settled")
def move_securities(event: Event) -> None:
    """Guarantee periods, and what is released with the last yuan."""
    subject = securities.subject_of(event.payload["number"])
    if subject:
        follow_securities(loan_number=event.payload["number"], subject=subject, business_date=business_date.current(), by=SYSTEM)


@events.handles("loan.activated")
@events.handles("loan.repaid")
@events.handles("loan.changed")
@events.handles("loan.settled")
@events.handles("loan.repayment_reversed")
@events.handles("loan.debit_failed")
def note_payer(event: Event) -> None:
    """Something happened to a loan: after the close its borrower's behaviour is told anew."""
    profiling.note([event.subject.partition(":")[2]])


@events.handles(turns.EVENT)
def note_turned(event: Event) -> None:
    """Loans that became late, later or were cured; that an instalment fell due changes nothing before its day is over."""
    moved = [number for number, *_buckets in event.payload.get(turns.MOVED, ())]
    profiling.note([*event.payload.get(turns.OVERDUE, ()), *event.payload.get(turns.CURED, ()), *moved])


@events.handles("day.closed")
def tell_payers(event: Event) -> None:
    """The day is over: the worker tells how everybody pays to whom something happened, and how dealers' loans begin."""
    jobs.enqueue("servicing.note_behaviour", day=event.payload["day"])
    jobs.enqueue("servicing.tell_dealers", day=event.payload["day"])
