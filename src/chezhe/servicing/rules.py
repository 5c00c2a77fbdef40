"""Between the stored rows and the position: pure conversions and the figures that pages and proofs ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.finmath import schedule
from chezhe.finmath.allocation import Item
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.terms import Method, Row
from chezhe.servicing.position import Position, Terms, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanArrays:
    """A schedule as its row keeps it: parallel arrays, amounts in fen."""

    due_dates: Sequence[date]
    principal_fen: Sequence[int]
    interest_fen: Sequence[int]
    fee_fen: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """What the loan row keeps of a position, amounts in fen."""

    as_of: date
    next_event_on: date | None
    principal_left: int
    principal_due: int
    interest_due: int
    fee_due: int
    unapplied: int
    oldest_due_on: date | None


def plan(contract: ContractTerms) -> tuple[Row, ...]:
    """The schedule that a payout on the plan's start date begins. Raises TermsError."""
    return schedule.build(contract.plan)


def arrays(rows: Sequence[Row]) -> PlanArrays:
    """The rows as parallel arrays, amounts in fen."""
    return PlanArrays(
        due_dates=[row.due_date for row in rows], principal_fen=[row.principal_fen for row in rows],
        interest_fen=[row.interest_fen for row in rows], fee_fen=[row.fee_fen for row in rows],
    )


def rows(stored: PlanArrays, principal_fen: int) -> tuple[Row, ...]:
    """The rows again, with running balances from `principal_fen`."""
    found, balance = [], principal_fen
    columns = zip(stored.due_dates, stored.principal_fen, stored.interest_fen, stored.fee_fen, strict=True)
    for period, (due_date, principal, interest, fee) in enumerate(columns, start=1):
        balance -= principal
        found.append(
            Row(period=period, due_date=due_date, principal_fen=principal, interest_fen=interest, fee_fen=fee,
                total_fen=principal + interest + fee, balance_fen=balance)
        )
    return tuple(found)


def terms_of(contract: ContractTerms, free_after_periods: int | None = None) -> Terms:
    """The contract's rules as the fold reads them; flat methods have no rate to accrue at. `free_after_periods`
    instalments paid make early settlement free (a promise of the product)."""
    asked = contract.plan
    return Terms(
        annual_rate=None if asked.method is Method.FLAT_EQUAL else asked.annual_rate, day_count=asked.day_count,
        first_day_count=asked.stub.basis if asked.stub else asked.day_count,
        penalty=contract.penalty, allocation=contract.allocation, settlement=contract.settlement,
        free_after_periods=free_after_periods, plan=asked,
    )


def opening(
    contract: ContractTerms, stored: PlanArrays, paid_out_on: date, free_after_periods: int | None = None,
) -> Position:
    """The position on the day of payout, before anything happened."""
    principal = contract.plan.principal_fen
    return opened(terms_of(contract, free_after_periods), rows(stored, principal), paid_out_on=paid_out_on, principal_fen=principal)


def is_over(position: Position) -> bool:
    """Nothing is owed and nothing will fall due."""
    return position.settled_on is not None or position.is_paid_off


def cache(position: Position) -> Cache:
    """What the loan row should say of this position."""
    unpaid = [line.line.due_date for line in position.lines[: position.recognised] if line.instalment_left_fen]
    following = position.next_line
    return Cache(
        as_of=position.as_of, next_event_on=None if is_over(position) or following is None else following.due_date,
        principal_left=position.principal_fen,
        principal_due=0 if position.settled_on else position.due_fen(Item.PRINCIPAL),
        interest_due=0 if position.settled_on else position.due_fen(Item.INTEREST),
        fee_due=0 if position.settled_on else position.due_fen(Item.FEE),
        unapplied=position.unapplied_fen, oldest_due_on=None if position.settled_on else min(unpaid, default=None),
    )
