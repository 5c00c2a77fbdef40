"""Between the stored rows and the position: pure conversions and the figures that pages and proofs ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from chezhe.finmath import daily_kernels, days, schedule
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.allocation import AllocationChoice
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.shares import Share, full_on, share
from chezhe.finmath.terms import Method, Row
from chezhe.servicing.position import Brought, Position, Spell, Terms, accruing, bring_in, next_morning, opened, past_of


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
    next_due_on: date | None
    recognised: int
    principal_left: int
    principal_due: int
    interest_due: int
    fee_due: int
    unapplied: int
    deposit: int
    oldest_due_on: date | None
    is_off_book: bool
    accrued_out: int
    observed_until: date | None
    annual_rate: Decimal | None
    runs_on: str
    share: Share
    arrears: list[list[Any]] | None
    performing_since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What holds beside the contract: `free_after_periods` instalments paid make early settlement free (the product);
    more than `off_book_after_days` past due takes interest off the books (the parameter on the day of payout); `orders`
    settle money that is no repayment, `penalty_multiple` lets the penalty rate follow the contract rate (the product)."""

    free_after_periods: int | None = None
    off_book_after_days: int = 90
    orders: tuple[AllocationChoice, ...] = ()
    penalty_multiple: Decimal | None = None


FLAT = "flat"
PLAN_COLUMNS = ("due_dates", "principal_fen", "interest_fen", "fee_fen")


def runs_on(contract: ContractTerms) -> str:
    """What the row keeps of how interest runs: the day count, or FLAT."""
    return FLAT if contract.plan.method is Method.FLAT_EQUAL else contract.plan.day_count.value


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


def terms_of(contract: ContractTerms, promised: Promised) -> Terms:
    """The contract's rules as the fold reads them; flat methods have no rate to accrue at."""
    asked = contract.plan
    return Terms(
        annual_rate=None if asked.method is Method.FLAT_EQUAL else asked.annual_rate, day_count=asked.day_count,
        first_day_count=asked.stub.basis if asked.stub else asked.day_count,
        penalty=contract.penalty, allocation=contract.allocation, settlement=contract.settlement,
        free_after_periods=promised.free_after_periods, plan=asked, off_book_after_days=promised.off_book_after_days,
        orders=promised.orders, penalty_multiple=promised.penalty_multiple,
    )


def contract_of(position: Position) -> ContractTerms | None:
    """The terms in force, as a schedule keeps them; None for a position without a plan."""
    terms = position.terms
    if terms.plan is None:
        return None
    return ContractTerms(plan=terms.plan, penalty=terms.penalty, allocation=terms.allocation, settlement=terms.settlement)


def opening(contract: ContractTerms, stored: PlanArrays, paid_out_on: date, promised: Promised) -> Position:
    """The position on the day of payout, before anything happened."""
    principal = contract.plan.principal_fen
    begun = opened(terms_of(contract, promised), rows(stored, principal), paid_out_on=paid_out_on, principal_fen=principal)
    watched = contract.observed_months
    return replace(begun, observed_until=days.month_step(paid_out_on, watched, paid_out_on.day)) if watched else begun


def taken_over(contract: ContractTerms, stored: PlanArrays, brought: Brought, promised: Promised) -> Position:
    """The position on the evening a loan was taken over; its plan begins where the plan's terms say."""
    return bring_in(opening(contract, stored, contract.plan.start_date, promised), brought)


def is_over(position: Position) -> bool:
    """Nothing is owed and nothing will fall due."""
    return position.settled_on is not None or position.is_paid_off


def status_of(position: Position) -> str:
    """What was decided about a loan, as its fold tells it."""
    if position.held_since or position.undone_on:
        return "held" if position.held_since else "undone"
    if is_over(position):
        return "settled"
    return "written_off" if position.written_off_on else "accelerated" if position.accelerated_on else "active"


def cache(position: Position) -> Cache:
    """What the loan row should say of this position."""
    is_settled = position.settled_on is not None
    following = None if is_over(position) or position.held_since else position.next_line
    spells, since = past_of(position)
    return Cache(
        as_of=position.as_of, next_event_on=next_event_on(position), next_due_on=following.due_date if following else None,
        recognised=position.recognised, principal_left=position.principal_fen,
        principal_due=0 if is_settled else position.principal_due_fen,
        interest_due=0 if is_settled else position.interest_due_fen,
        fee_due=0 if is_settled else position.fee_due_fen,
        unapplied=position.unapplied_fen, deposit=position.deposit_fen,
        oldest_due_on=position.oldest_due_on, is_off_book=position.is_off_book,
        accrued_out=position.accrued_out_fen, observed_until=position.observed_until, annual_rate=rate_of(position),
        runs_on=FLAT if position.terms.annual_rate is None else position.terms.day_count.value, share=share_of(position),
        arrears=_kept(spells), performing_since=since,
    )


def _kept(spells: Sequence[Spell]) -> list[list[Any]] | None:
    days = ((spell.due_on.isoformat(), spell.ended_on and spell.ended_on.isoformat(), spell.days, spell.has_moved) for spell in spells)
    return [list(said) for said in days] or None


def spells_of(kept: Sequence[Sequence[Any]] | None) -> tuple[Spell, ...]:
    """Spells of arrears as `cache` keeps them, again as values."""
    return tuple(
        Spell(due_on=date.fromisoformat(due), ended_on=date.fromisoformat(ended) if ended else None, days=days, has_moved=moved)
        for due, ended, days, moved in kept or ()
    )


def rate_of(position: Position) -> Decimal | None:
    """The yearly rate that the loan bears, or by which its flat charge was agreed; None for a charge by the month."""
    terms = position.terms
    if terms.annual_rate is None and terms.plan is not None:
        return terms.plan.flat_annual_rate
    return terms.annual_rate


def next_event_on(position: Position) -> date | None:
    """The first morning on which the calendar alone will have changed something, None when it never will."""
    if is_over(position) or position.held_since:
        return None
    line = _earning(position)
    return next_morning(position, full_on(line) if line else None)


def share_of(position: Position) -> Share:
    """The loan's part in its group's accrual from this morning on."""
    line, running = _earning(position), position.next_line
    earned = running.earned_fen if line and running else 0
    return share(line, as_of=position.as_of, before_fen=position.accrued_out_fen + earned)


def _earning(position: Position) -> AccruingLine | None:
    """The line that earns interest from this morning on."""
    line = None if position.held_since else position.next_line
    if line is None or not daily_kernels.earning_until(line.due_date.toordinal(), int(position.is_off_book)):
        return None
    return accruing(position.terms, line)
