"""Bring a loan up to date, take in money, and keep row, events and ledger saying the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import steps as contract_steps
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Row
from chezhe.kernel import clock, events, moves, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import position as positions
from chezhe.servicing import postings, rules
from chezhe.servicing.models import Loan, LoanEvent, Schedule
from chezhe.servicing.position import Applied, Effect, FellDue, Incoming, Position
from chezhe.servicing.states import LOAN


class ReceiptReferenceTaken(BusinessError):
    code = "receipt_reference_taken"
    field = "reference"
    sentence = _("凭证号“%(reference)s”已登记过另一笔还款，请核对是否重复。")


def opening_of(loan: Loan) -> Position:
    """The loan as it was on the day of payout."""
    stored = loan.schedules.order_by("-version").first()
    assert stored is not None, f"{loan.number} has no schedule"
    contract = values.from_json(ContractTerms, loan.terms)
    arrays = rules.PlanArrays(
        due_dates=stored.due_dates, principal_fen=stored.principal_fen, interest_fen=stored.interest_fen, fee_fen=stored.fee_fen
    )
    return rules.opening(contract, arrays, loan.paid_out_on)


def incoming_of(loan: Loan) -> list[Incoming]:
    """Money that came in and still stands, in the order of value dates."""
    standing = loan.events.filter(kind__in=["repaid", "settled"], reversal__isnull=True).order_by("value_on", "id")
    return [
        Incoming(on=event.value_on, source=event.source, amount_fen=event.amount.fen, settles=event.kind == "settled")
        for event in standing
    ]


def life_of(loan: Loan, to: date | None = None) -> tuple[Position, list[Effect]]:
    """The fold of the loan's events up to `to` (or where the row stands), with everything it booked on the way."""
    return positions.fold(opening_of(loan), incoming_of(loan), to or loan.as_of)


def position_of(loan: Loan, on: date) -> Position:
    """The loan as it stands on `on`; before the row's own date it is what was known then by value date."""
    incoming = [money for money in incoming_of(loan) if money.on <= on]
    return positions.fold(opening_of(loan), incoming, on)[0]


def bring_up_to(loan: Loan, on: date, *, by: Actor) -> Position:
    """Recognise what fell due until `on`, each instalment on its own date; the row must be locked."""
    before, _ = life_of(loan)
    after, effects = positions.advance(before, max(on, loan.as_of))
    for effect in effects:
        period = effect.line.period if isinstance(effect, FellDue) else 0
        reference = f"{loan.number}/due/{effect.on:%Y%m%d}/{period}" if period else f"{loan.number}/apply/{effect.on:%Y%m%d}"
        posted_on = booking_day(effect.on)
        entry = book(loan, [effect], event="due" if period else "unapplied_used", reference=reference, on=posted_on, by=by)
        if period:
            record(loan, "fell_due", value_on=effect.on, posted_on=posted_on, reference=reference, by=by, entry=entry,
                   facts={"period": period})
    store(loan, after)
    return after


def booking_day(on: date) -> date:
    """The day itself, or the first day of the books that are still open after it."""
    open_from = ledger_queries.closed_until()
    return on if open_from is None else max(on, open_from)


def book(loan: Loan, effects: Iterable[Effect], *, event: str, reference: str, on: date, by: Actor) -> JournalEntry | None:
    """One ledger entry for these effects; None when they move nothing."""
    transfers = [transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject)]
    if not transfers:
        return None
    return ledger_steps.post(
        event=event, reference=reference, transfers=transfers, on=on, branch_id=loan.branch_id, memo=loan.number, by=by
    )


def book_difference(loan: Loan, effects: Iterable[Effect], *, reference: str, on: date, by: Actor) -> JournalEntry | None:
    """After a replay: bring the ledger to what the fold says by one entry of today; old entries stay as they are."""
    said = [transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject)]
    target = postings.balances([*postings.for_payout(loan.principal, loan.subject), *said])
    transfers = postings.difference(booked_balances(loan), target, loan.subject)
    if not transfers:
        return None
    return ledger_steps.post(
        event="replay", reference=reference, transfers=transfers, on=on, branch_id=loan.branch_id, memo=loan.number, by=by
    )


def booked_balances(loan: Loan) -> dict[str, int]:
    """What the ledger holds in the loan's name: fen by account, debit positive, nothing left out but zeros."""
    grows_on_credit = {spec.code for spec in chart.CHART if spec.side is chart.Side.CREDIT}
    standing = ledger_queries.balances_of(loan.subject).items()
    return {code: -sum_.fen if code in grows_on_credit else sum_.fen for code, sum_ in standing if sum_.fen}


def record(
    loan: Loan, kind: str, *, value_on: date, posted_on: date, reference: str, by: Actor, amount: Money | None = None,
    source: str = "", payer: str = "", memo: str = "", facts: dict[str, object] | None = None,
    entry: JournalEntry | None = None, reverses: LoanEvent | None = None,
) -> LoanEvent:
    """Append one event to the loan's life."""
    return LoanEvent.objects.create(
        loan=loan, kind=kind, value_on=value_on, posted_on=posted_on, recorded_at=clock.now(), amount=amount or Money(0),
        source=source, reference=reference, payer=payer, memo=memo, facts=facts or {}, entry=entry, reverses=reverses,
        actor_name=by.name,
    )


def store(loan: Loan, position: Position) -> None:
    """Let the row say what the fold says."""
    cached = rules.cache(position)
    for name in ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied"):
        setattr(loan, name, Money(getattr(cached, name)))
    loan.as_of, loan.next_event_on, loan.oldest_due_on = cached.as_of, cached.next_event_on, cached.oldest_due_on
    loan.settled_on = position.settled_on or (position.as_of if position.is_paid_off else None)
    loan.save(update_fields=[
        "as_of", "next_event_on", "oldest_due_on", "settled_on", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied",
    ])


def keep_schedule(loan: Loan, rows: Iterable[Row], *, effective_on: date) -> Schedule:
    """Write the plan as one row of arrays."""
    stored = rules.arrays(list(rows))
    return Schedule.objects.create(
        loan=loan, effective_on=effective_on, due_dates=stored.due_dates, principal_fen=stored.principal_fen,
        interest_fen=stored.interest_fen, fee_fen=stored.fee_fen,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyIn:
    """Money for one loan: `source` is the ledger account it arrives in, `reference` makes booking it twice harmless."""

    amount: Money
    value_on: date
    source: str
    reference: str
    payer: str = ""
    memo: str = ""


def take_in(loan: Loan, money: MoneyIn, *, today: date, by: Actor) -> LoanEvent:
    """Spread money over the dues of a locked loan, from its own value date: late news is replayed, not patched."""
    standing = LoanEvent.objects.filter(reference=money.reference).first()
    if standing:
        return _same(standing, loan, money)
    is_late = money.value_on < loan.as_of
    if not is_late:
        before = bring_up_to(loan, money.value_on, by=by)
        after, effects = positions.receive(before, money.amount.fen, money.value_on, money.source)
        entry = book(loan, effects, event="repayment", reference=money.reference, on=booking_day(money.value_on), by=by)
        event = _received(loan, money, entry, effects, by=by)
    else:
        event = _received(loan, money, None, (), by=by)
        after, effects = life_of(loan)
        entry = book_difference(loan, effects, reference=f"{money.reference}/replay", on=today, by=by)
    store(loan, after)
    if today > loan.as_of:
        bring_up_to(loan, today, by=by)
    _announce_received(loan, event, by=by)
    return event


def _same(standing: LoanEvent, loan: Loan, money: MoneyIn) -> LoanEvent:
    if standing.loan_id != loan.pk or standing.amount != money.amount:
        raise ReceiptReferenceTaken(reference=money.reference)
    return standing


def _received(
    loan: Loan, money: MoneyIn, entry: JournalEntry | None, effects: Iterable[Effect], *, by: Actor
) -> LoanEvent:
    spread = [due for effect in effects if isinstance(effect, Applied) for due in effect.allocation.paid]
    return record(
        loan, "repaid", value_on=money.value_on, posted_on=entry.posted_on if entry else money.value_on, reference=money.reference,
        by=by, amount=money.amount, source=money.source, payer=money.payer, memo=money.memo, entry=entry,
        facts={"paid": [values.to_json(due) for due in spread if due.total_fen]},
    )


def _announce_received(loan: Loan, event: LoanEvent, *, by: Actor) -> None:
    news = {"number": loan.number, "amount_fen": event.amount.fen, "value_on": event.value_on.isoformat()}
    events.publish("loan.repaid", loan.subject, news)
    if loan.status == "active" and loan.settled_on is not None:
        finish(loan, "complete", by=by)


def finish(loan: Loan, verb: str, *, by: Actor) -> None:
    """Nothing is owed any more: close the loan and ask for the mortgage to be released."""
    moves.move(loan, LOAN, verb, by=by)
    contract_steps.request_release(contract_number=loan.contract.number, reason=loan.number, by=by)
    events.publish("loan.settled", loan.subject, {"number": loan.number, "settled_on": str(loan.settled_on)})
