"""Bring a loan up to date, take in money, and keep row, events and ledger saying the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chezhe.contracts import steps as contract_steps
from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import appending, bulk, clock, events, locks, moves, values
from chezhe.kernel.actor import Actor
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import accruals, beside_money, checkpoints, lives, postings, references, rules, schedules, turns
from chezhe.servicing import position as positions
from chezhe.servicing.models import (
    CHANGE_KINDS,
    MONEY_KINDS,
    NOT_REVERSIBLE,
    AccrualChange,
    Loan,
    LoanChange,
    LoanEvent,
)
from chezhe.servicing.position import (
    Aged,
    Applied,
    Change,
    Closed,
    Effect,
    FellDue,
    Incoming,
    Position,
    WentOffBook,
)
from chezhe.servicing.states import LOAN, LOAN_CHANGE, RUNNING
from chezhe.servicing.tax.invoices import following

# What the journal calls an entry, by kind of event.
ENTRY_EVENTS = {"repaid": "repayment", "settled": "early_settlement", "prepaid": "prepayment", "insured": "insurance_proceeds"}
REPLAY = "replay"
# The fact of an event whose entry is also that of another loan's payout: it names that loan's contract.
SHARED = "refinanced_by"
# How a loan becomes an ordinary one again.
BACK = {"settled": "reopen", "accelerated": "call_off", "written_off": "reinstate", "held": "let_go"}
TO = {"accelerated": "accelerate", "written_off": "write_off", "held": "hold", "undone": "undo"}
# What becomes of a loan without its being an ordinary one in between.
ONWARD = (("accelerated", "written_off"), ("held", "undone"))
# Kinds of news after which the lines are others.
PLANNING = ("prepaid", "due_day", "holiday", "extended", "restructured", "repriced", "accelerated", "written_off", "resumed")
# Columns that say what `rules.cache` says, under the same names.
AMOUNTS = ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "deposit", "accrued_out")
PLAIN = (
    "as_of", "next_event_on", "next_due_on", "recognised", "oldest_due_on", "is_off_book", "observed_until", "runs_on", "annual_rate",
    "arrears", "performing_since",
)
STORED = (*AMOUNTS, *PLAIN, *accruals.COLUMNS, "settled_on", "matures_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What comes in for one loan: `reference` makes booking it twice harmless, `source` is the ledger account money arrives in.

    `kind` is repaid, settled (with exactly the payoff of the day) or prepaid (then `prepays` says how), or that of a
    `change` that people decided. `transaction` says what kind of money a repayment is.
    """

    value_on: date
    reference: str
    amount: Money = Money(0)
    source: str = ""
    kind: str = "repaid"
    prepays: PrepaymentMode | None = None
    change: Change | None = None
    transaction: TransactionKind = TransactionKind.REPAYMENT
    payer: str = ""
    memo: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def incoming(self) -> Incoming:
        """What the fold sees of it."""
        return Incoming(on=self.value_on, source=self.source, amount_fen=self.amount.fen, settles=self.kind == "settled",
                        prepays=self.prepays, change=self.change, kind=lives.KINDS.get(self.kind, self.transaction))

    @property
    def kept(self) -> dict[str, Any]:
        """What the event row keeps of it beside its columns."""
        said = {} if self.transaction is TransactionKind.REPAYMENT else {"transaction": self.transaction.value}
        return {**self.facts, **said, "change": values.to_json(self.change)} if self.change else {**self.facts, **said}


# ---- keeping row, events and books together -------------------------------------------------------------------


def bring_up_to(loan: Loan, on: date, *, by: Actor, before: Position | None = None, turned: turns.Turns | None = None) -> Position:
    """Recognise what fell due until `on`, each instalment on its own date, and what the nights before did; the row must be
    locked. Who brings many knows how each stood `before` (`lives.recall`), and tells himself what `turned`."""
    after = _book_up_to(loan, on, before or lives.standing(loan), by=by, turned=turned)
    store(loan, after)
    return after


def _book_up_to(loan: Loan, on: date, before: Position, *, by: Actor, turned: turns.Turns | None = None) -> Position:
    """`bring_up_to` from where the loan stands, without storing the row: whoever takes in money at once stores what that leaves."""
    after, effects = positions.advance(before, max(on, loan.as_of))
    for effect in effects:
        _book_one(loan, effect, by=by)
    if turned is None:
        turns.tell_effects(loan.number, loan.subject, effects)
    else:
        turned.by_effects(loan.number, effects)
    return after


def _book_one(loan: Loan, effect: Effect, *, by: Actor) -> None:
    """One thing the calendar did: its entry, if it moves anything. What made the loan older has a place in its life; that
    an instalment fell due, the schedule tells. Mornings and nights only follow one another, so references are used once."""
    posted_on = booking_day(effect.on)
    event = calendar_event(effect)
    entry = book(loan, [effect], event=event, reference=calendar_reference(loan.number, event, effect.on), on=posted_on, by=by)
    if isinstance(effect, Aged | WentOffBook):
        kind = "aged" if isinstance(effect, Aged) else "off_book"
        facts = {"dpd": effect.dpd} if isinstance(effect, Aged) else {"interest_fen": effect.interest_fen}
        record(loan, kind, value_on=effect.on, posted_on=posted_on, reference=calendar_reference(loan.number, kind, effect.on), by=by,
               entry=entry, facts=facts)


def calendar_event(effect: Effect) -> str:
    """What the journal calls something that the calendar did."""
    return "due" if isinstance(effect, FellDue) else "off_book" if isinstance(effect, WentOffBook) else "unapplied_used"


def calendar_reference(loan_number: str, kind: str, on: date) -> str:
    """What names a thing that the calendar did to a loan: each kind once a day."""
    return f"{loan_number}/{kind}/{on:%Y%m%d}"


def booking_day(on: date) -> date:
    """The day itself, or the first day of the books that are still open after it."""
    open_from = ledger_queries.closed_until()
    return on if open_from is None else max(on, open_from)


def book(
    loan: Loan, effects: Iterable[Effect], *, event: str, reference: str, on: date, by: Actor, beside: Iterable[Transfer] = (),
) -> JournalEntry | None:
    """One entry for effects of the same event, with what is booked `beside` them; None when nothing moves."""
    transfers = [*beside, *(transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject))]
    if not transfers:
        return None
    return ledger_steps.post(
        event=event, reference=reference, transfers=transfers, on=on, branch_id=loan.branch_id, memo=loan.number, by=by
    )


def book_difference(
    loan: Loan, effects: Iterable[Effect], *, reference: str, on: date, by: Actor, event: str = REPLAY, beside: Iterable[Transfer] = (),
) -> JournalEntry | None:
    """After a replay: bring the ledger to what the fold says by one entry of today; old entries stay as they are."""
    transfers = [*beside, *lives.missing_transfers(loan, effects)]
    if not transfers:
        return None
    return ledger_steps.post(
        event=event, reference=reference, transfers=transfers, on=on, branch_id=loan.branch_id, memo=loan.number, by=by
    )


def record(
    loan: Loan, kind: str, *, value_on: date, posted_on: date, reference: str, by: Actor, amount: Money | None = None,
    memo: str = "", facts: dict[str, Any] | None = None, entry: JournalEntry | None = None, reverses: LoanEvent | None = None,
) -> LoanEvent:
    """Append one event to the loan's life."""
    event = LoanEvent(
        loan=loan, kind=kind, value_on=value_on, posted_on=posted_on, recorded_at=clock.now(), amount=amount or Money(0),
        reference=reference, memo=memo, facts=facts or {}, entry=entry, reverses=reverses, actor_name=by.name,
    )
    appending.insert(event)
    return event


def event_of(
    loan: Loan, news: News, effects: Iterable[Effect], entry: JournalEntry | None, *, moved: dict[str, Any], today: date, by: Actor,
) -> LoanEvent:
    """What the loan's life tells of news, and of the bucket that it `moved` the loan to; not written yet."""
    return LoanEvent(
        loan=loan, kind=news.kind, value_on=news.value_on, posted_on=today, recorded_at=clock.now(), amount=news.amount, source=news.source,
        reference=news.reference, payer=news.payer[:100], memo=news.memo, facts={**news.kept, **spread(effects, news), **moved},
        entry=entry, actor_name=by.name,
    )


def _write(event: LoanEvent, loan: Loan, after: Position) -> None:
    """The event, its checkpoint, the row, and what its group must be told: all by one statement."""
    appending.insert(event, beside=[checkpoints.keeping(checkpoints.after(event, after)), *_saying(loan, after)])


def store(loan: Loan, position: Position) -> None:
    """Let the row say what the fold says, and its group's accrual with it."""
    bulk.carry_out(_saying(loan, position))


def _saying(loan: Loan, position: Position) -> list[bulk.Change]:
    changes = lay_in(loan, position)
    return [bulk.updating(loan, STORED), *([appending.insertion(changes)] if changes else [])]


def lay_in(loan: Loan, position: Position) -> list[AccrualChange]:
    """`store` without saving anything: the columns are set, and what the group must be told is returned. The day on which a
    loan was paid off does not move once it is known."""
    cached = rules.cache(position)
    for name in AMOUNTS:
        setattr(loan, name, Money(getattr(cached, name)))
    for name in PLAIN:
        setattr(loan, name, getattr(cached, name))
    paid_off_on = (loan.settled_on or position.as_of) if position.is_paid_off else None
    loan.settled_on = position.settled_on or paid_off_on
    loan.matures_on = position.lines[-1].line.due_date
    return accruals.lay_share(loan, cached.share)


# ---- money ----------------------------------------------------------------------------------------------------


def take_in(
    loan: Loan, news: News, *, today: date, by: Actor, beside: Iterable[Transfer] = (), seen: references.Seen | None = None,
) -> LoanEvent:
    """Take news into a locked loan: it counts from its value date and is booked on `today`, in one entry with what stands `beside` it.

    News of a day that the loan has left behind is replayed, and only the difference booked. What was `seen` since the loan was
    locked is not read again.

    Raises ReceiptReferenceTaken (409) when the reference stands for other money; the same money gives the standing event.
    """
    is_late = news.value_on < loan.as_of
    if is_late or not news.amount:  # else its entry has the same reference, and of two at once the ledger lets one through
        locks.hold(f"receipt:{news.reference}")
        seen = None
    uses = references.uses_of(news.reference) if seen is None or seen.is_used else []
    standing = references.standing(uses)
    if standing:
        return references.same(standing, loan, news.amount, news.kind, news.incoming.kind)
    if uses:
        news = replace(news, reference=f"{news.reference}/again-{len(uses) + 1}")
    if is_late:
        unpaid_since, (after, effects) = loan.oldest_due_on, lives.life_of(loan, extra=[news.incoming])
        named = entry_event(news, after) if beside else REPLAY
        entry = book_difference(loan, effects, reference=f"{news.reference}/replay", on=today, by=by, event=named, beside=beside)
    else:
        before = _book_up_to(loan, news.value_on, lives.stood(loan, seen.position) if seen else lives.standing(loan), by=by)
        unpaid_since, (after, effects) = before.oldest_due_on, positions.take(before, news.incoming)
        entry = _book_once(loan, effects, event=entry_event(news, before), reference=news.reference, on=today, by=by, beside=beside)
    follow_status(loan, after, by=by, reason=news.memo)
    rate = loan.annual_rate
    moved = turns.tell_money(loan.number, loan.subject, after.as_of, unpaid_since, after.oldest_due_on)
    event = event_of(loan, news, effects, entry, moved=moved, today=today, by=by)
    _write(event, loan, after)
    if is_late:
        following.follow(loan, by=by, reason=news.memo)
    if is_late or news.kind in PLANNING:
        schedules.keep_plan(loan, after, effective_on=today)
    beside_money.keep_points(loan, event, rate)
    if today > loan.as_of and loan.settled_on is None:
        bring_up_to(loan, today, by=by)
    announce(loan, event)
    finish_if_over(loan, by=by)
    return event


def _book_once(loan: Loan, effects: Iterable[Effect], *, reference: str, **details: Any) -> JournalEntry | None:
    """`book`; money of the same reference that another loan got in this very moment is the same slip."""
    try:
        return book(loan, effects, reference=reference, **details)
    except ledger_steps.ReferenceTaken as refusal:
        raise references.clash(reference) or refusal from refusal


def entry_event(news: News, before: Position) -> str:
    """What the journal calls the entry of news: money for a loan that was written off is a recovery."""
    if SHARED in news.facts:
        return "refinancing"
    if before.written_off_on and news.kind in MONEY_KINDS:
        return "recovery"
    if news.transaction is TransactionKind.DISPOSAL:
        return "disposal_proceeds"
    return ENTRY_EVENTS.get(news.kind, news.kind)


def follow_status(loan: Loan, position: Position, *, by: Actor, reason: str = "") -> None:
    """Move the status of a loan that is not over to what its fold says."""
    wanted = rules.status_of(position)
    if wanted in (loan.status, "settled"):
        return
    if loan.status != "active" and (loan.status, wanted) not in ONWARD:
        moves.move(loan, LOAN, BACK[loan.status], by=by, reason=reason)
    if loan.status != wanted:
        moves.move(loan, LOAN, TO[wanted], by=by, reason=reason)


def announce(loan: Loan, event: LoanEvent) -> None:
    """Tell other rooms that money came in, or that something was decided."""
    name = "loan.repaid" if event.kind in MONEY_KINDS else "loan.changed"
    events.publish(name, loan.subject, {
        "number": loan.number, "kind": event.kind, "amount_fen": event.amount.fen, "value_on": event.value_on.isoformat()})


def take_back(loan: Loan, event: LoanEvent, *, reason: str, today: date, by: Actor) -> LoanEvent:
    """Reverse what came in or was decided: its entry is mirrored, the rest of the loan's life is lived again without it. An entry that
    another loan shares stays, and the difference is booked."""
    reference, entry = f"{loan.number}/reverse/{event.pk}", None
    if event.entry is not None and SHARED not in event.facts:
        entry = ledger_steps.reverse(reference=event.entry.reference, on=today, reason=reason, by=by)
    reversal = record(
        loan, "reversed", value_on=event.value_on, posted_on=today, reference=reference, by=by, amount=event.amount, memo=reason,
        entry=entry, reverses=event,
    )
    after, effects = lives.life_of(loan)
    checkpoints.keep([checkpoints.after(reversal, after)])
    book_difference(loan, effects, reference=f"{reference}/replay", on=today, by=by)
    schedules.keep_plan(loan, after, effective_on=today)
    turns.tell_money(loan.number, loan.subject, after.as_of, loan.oldest_due_on, after.oldest_due_on)
    rate = loan.annual_rate
    store(loan, after)
    beside_money.keep_points(loan, event, rate)
    _reopen(loan, after, reason, by)
    follow_status(loan, after, by=by, reason=reason)
    if loan.settled_on is None:
        bring_up_to(loan, today, by=by)
    finish_if_over(loan, by=by)
    _mark_taken_back(event, reason, by)
    beside_money.stay_mortgaged(loan, event, reason, by=by)
    following.follow(loan, by=by, reason=reason)
    return reversal


def _mark_taken_back(event: LoanEvent, reason: str, by: Actor) -> None:
    """The request that led to it says so; one that is cancelled has a verb of its own."""
    requests = LoanChange.objects.select_for_update(no_key=True).filter(event=event, status="applied")
    asked = requests.first() if event.kind in CHANGE_KINDS else None
    if asked is not None and event.kind not in NOT_REVERSIBLE:
        moves.move(asked, LOAN_CHANGE, "take_back", by=by, reason=reason)


def _reopen(loan: Loan, position: Position, reason: str, by: Actor) -> None:
    if loan.status == "settled" and loan.settled_on is None:
        follow_status(loan, position, by=by, reason=reason)
        contract_steps.withdraw_release(contract_number=loan.contract.number, reason=reason, by=by)
        events.publish("loan.reopened", loan.subject, {"number": loan.number})


def spread(effects: Iterable[Effect], news: News) -> dict[str, Any]:
    """How this money was used, for the list of events."""
    for effect in effects:
        if isinstance(effect, Closed) and effect.on == news.value_on:
            return {"settlement": values.to_json(effect.settlement)}
        if isinstance(effect, Applied) and (effect.on, effect.source, effect.amount_fen) == (
            news.value_on, news.source, news.amount.fen
        ):
            return {"paid": [values.to_json(due) for due in effect.allocation.paid if due.total_fen]}
    return {}


def finish_if_over(loan: Loan, *, by: Actor) -> None:
    """When nothing is owed any more: close the loan and ask for the mortgage to be released."""
    if loan.status not in RUNNING or loan.settled_on is None:
        return
    is_early = loan.settled_on < loan.matures_on and loan.status == "active"
    moves.move(loan, LOAN, "settle" if is_early else "complete", by=by)
    contract_steps.request_release(contract_number=loan.contract.number, reason=loan.number, by=by)
    events.publish("loan.settled", loan.subject, {"number": loan.number, "settled_on": str(loan.settled_on)})
