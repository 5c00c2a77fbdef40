"""What is kept of a loan, folded: where it stands, what that books, and what the ledger holds in its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import values
from chezhe.kernel.composed import Composed
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import checkpoints, postings, rules
from chezhe.servicing import position as positions
from chezhe.servicing.models import FOLDED_KINDS, Loan, LoanEvent, Schedule
from chezhe.servicing.position import Brought, Effect, Incoming, Position

# Kinds of events whose money is of one kind; of the others the event says it.
KINDS = {"insured": TransactionKind.INSURANCE, "deposit_used": TransactionKind.DEPOSIT}


class Came(NamedTuple):
    """What the fold needs to know of an event; a `LoanEvent` knows it, too."""

    kind: str
    value_on: date
    source: str
    amount: Money
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the fold of one loan starts from: its first plan, and the money that still stands in the order of value dates."""

    plan: Schedule
    money: tuple[Came, ...]


def kept_of(loans: Iterable[Loan], but: Iterable[LoanEvent] = ()) -> dict[int, Kept]:
    """By loan id, without the events `but`; two queries, however many loans there are."""
    chosen = [loan.pk for loan in loans]
    plans = Schedule.objects.filter(loan__in=chosen).order_by("loan_id", "version").distinct("loan_id")
    came = LoanEvent.objects.filter(loan__in=chosen).exclude(pk__in=[event.pk for event in but])
    money: dict[int, list[Came]] = {}
    for loan_id, *told in _standing(came).values_list("loan_id", *Came._fields):
        money.setdefault(loan_id, []).append(Came(*told))
    return {plan.loan_id: Kept(plan, tuple(money.get(plan.loan_id, ()))) for plan in plans}


def opening_of(loan: Loan, plan: Schedule | None = None) -> Position:
    """The loan as it was on the day of payout, or on the evening it was taken over."""
    stored = plan or next(iter(_FIRST_PLAN.objects(loan.pk)), None)
    assert stored is not None, f"{loan.number} has no schedule"
    arrays = rules.PlanArrays(
        due_dates=stored.due_dates, principal_fen=stored.principal_fen, interest_fen=stored.interest_fen, fee_fen=stored.fee_fen
    )
    product = loan.product_version.terms
    promised = rules.Promised(
        free_after_periods=product.settlement.free_after_periods, off_book_after_days=loan.off_book_after_days,
        orders=product.orders, penalty_multiple=product.penalty.multiple if product.penalty.follows_rate else None,
    )
    terms = values.from_json(ContractTerms, stored.terms)
    if stored.brought is not None:
        return rules.taken_over(terms, arrays, values.from_json(Brought, stored.brought), promised)
    return rules.opening(terms, arrays, loan.paid_out_on, promised)


def incoming_of(loan: Loan, but: LoanEvent | None = None) -> list[Incoming]:
    """What came in and still stands (without `but`), in the order of value dates."""
    rows = _standing(loan.events.exclude(pk=but.pk)).values_list(*Came._fields) if but else _CAME_IN.rows(loan.pk)
    return [incoming(Came(*row)) for row in rows]


def _standing(events: QuerySet[LoanEvent]) -> QuerySet[LoanEvent]:
    return events.filter(kind__in=FOLDED_KINDS, reversal__isnull=True).order_by("value_on", "id")


_FIRST_PLAN = Composed(lambda mark: Schedule.objects.filter(loan_id=mark).order_by("version")[:1], -1)
_CAME_IN = Composed(lambda mark: _standing(LoanEvent.objects.filter(loan_id=mark)).values_list(*Came._fields), -1)


def incoming(event: LoanEvent | Came) -> Incoming:
    """What the fold sees of an event."""
    mode, change = event.facts.get("mode"), positions.CHANGES.get(event.kind)
    return Incoming(
        on=event.value_on, source=event.source, amount_fen=event.amount.fen, settles=event.kind == "settled",
        prepays=PrepaymentMode(mode) if event.kind == "prepaid" and mode else None,
        change=values.from_json(change, event.facts["change"]) if change else None, kind=transaction_of(event),
    )


def transaction_of(event: LoanEvent | Came) -> TransactionKind:
    """What kind of money an event brought in; repayments do not say so."""
    return TransactionKind(event.facts.get("transaction", KINDS.get(event.kind, TransactionKind.REPAYMENT)))


def life_of(
    loan: Loan, to: date | None = None, extra: Sequence[Incoming] = (), kept: Kept | None = None, but: LoanEvent | None = None,
) -> tuple[Position, list[Effect]]:
    """The fold of the loan's events (and `extra` ones, without `but`) up to `to` (or where the row stands), with all it books.

    Who asks about many loans reads what is `kept` of them together."""
    opening = opening_of(loan, kept.plan if kept else None)
    money = [incoming(event) for event in kept.money] if kept else incoming_of(loan, but)
    return lived(loan, opening, [*money, *extra], to or loan.as_of)


def lived(loan: Loan, opening: Position, came: Sequence[Incoming], to: date) -> tuple[Position, list[Effect]]:
    """The fold of what came in since the opening, up to `to`, with all it books."""
    position, effects = positions.fold(opening, came, to)
    return position, [positions.taken_over(opening), *effects] if loan.taken_over_on else effects


def standing(loan: Loan, to: date | None = None) -> Position:
    """The loan as its row stands (or at `to`, later): `life_of` without what it books, from the newest event if that is known."""
    return stood(loan, checkpoints.of(loan), to)


def stood(loan: Loan, known: Position | None, to: date | None = None) -> Position:
    """`standing` for who has asked already what is `known` of the locked loan after its newest event."""
    until = to or loan.as_of
    return life_of(loan, until)[0] if known is None else gone_on(known, until)


def standing_of(loans: Sequence[Loan], to: date | None = None) -> dict[int, Position]:
    """`standing` of many by id (for each at `to` or where its row stands, if that is later); three queries, however many there are."""
    recalled = recall(loans)
    return {loan.pk: recalled(loan, to) for loan in loans}


def recall(loans: Iterable[Loan]) -> Callable[[Loan, date | None], Position]:
    """What knows how each of the loans stands, as `standing_of` does, and works it out only when it is asked about that one."""
    chosen = list(loans)
    known = checkpoints.of_many(chosen)
    kept = kept_of(loan for loan in chosen if loan.pk not in known)

    def stands(loan: Loan, to: date | None) -> Position:
        until = max(to or loan.as_of, loan.as_of)
        return gone_on(known[loan.pk], until) if loan.pk in known else life_of(loan, until, kept=kept.get(loan.pk))[0]

    return stands


def gone_on(known: Position, to: date) -> Position:
    """A position of then as it stands on `to`, when nothing came in meanwhile."""
    return positions.advance(known, max(to, known.as_of))[0]


def position_of(loan: Loan, on: date, kept: Kept | None = None) -> Position:
    """The loan as it stands on `on`; before the row's own date it is what was known then by value date. Who asks about many loans reads
    what is `kept` of them together."""
    came = [incoming(event) for event in kept.money] if kept else incoming_of(loan)
    opening = opening_of(loan, kept.plan if kept else None)
    return positions.fold(opening, [money for money in came if money.on <= on], max(on, loan.begun_on))[0]


def stood_on(loan: Loan, on: date) -> Position:
    """Where the loan stands, before anything that falls due until `on`; of a day that it has left behind, `position_of`."""
    return standing(loan) if on >= loan.as_of else position_of(loan, on)


def missing_transfers(loan: Loan, effects: Iterable[Effect], actual: dict[str, int] | None = None) -> tuple[Transfer, ...]:
    """What brings the ledger (or the balances `actual`) to what the fold's `effects` say; empty when they agree."""
    said = [transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject)]
    begun = () if loan.taken_over_on else postings.for_payout(loan.principal, loan.subject)
    target = postings.balances([*begun, *said])
    return postings.difference(booked_balances(loan) if actual is None else actual, target, loan.subject)


def booked_balances(loan: Loan) -> dict[str, int]:
    """What the ledger holds in the loan's name: fen by account, debit positive, nothing left out but zeros."""
    return booked_balances_of([loan])[loan.pk]


def booked_balances_of(loans: Sequence[Loan]) -> dict[int, dict[str, int]]:
    """`booked_balances` of many loans by id, in one query."""
    standing = ledger_queries.balances_of_many(loan.subject for loan in loans)
    return {loan.pk: _signed(standing.get(loan.subject, {})) for loan in loans}


def _signed(standing: dict[str, Money]) -> dict[str, int]:
    grows_on_credit = {spec.code for spec in chart.CHART if spec.side is chart.Side.CREDIT}
    return {code: -sum_.fen if code in grows_on_credit else sum_.fen for code, sum_ in standing.items() if sum_.fen}
