"""What a decision about a loan does to its position. Every change has an answer on every position: news of earlier days
may have moved the ground under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from chezhe.finmath import allocation
from chezhe.finmath.allocation import Due, TransactionKind
from chezhe.finmath.terms import TermsError
from chezhe.servicing.position import plans
from chezhe.servicing.position.changes import (
    PLANS,
    Acceleration,
    Change,
    Charge,
    Deposit,
    DepositUse,
    Incoming,
    PayoutResumed,
    PayoutReturned,
    PayoutUndone,
    Refund,
    RefundPayment,
    Restructuring,
    Subsidy,
    VehicleRelease,
    Waiver,
    WriteOff,
)
from chezhe.servicing.position.effects import (
    Accelerated,
    Applied,
    Charged,
    Deposited,
    Effect,
    Refunded,
    RefundPaid,
    Replanned,
    Undone,
    Waived,
    WentOffBook,
    WrittenOff,
)
from chezhe.servicing.position.spreading import claim_fees, on_books_again, paid_on, spread, written_off_fees
from chezhe.servicing.position.values import Position

Outcome = tuple[Position, list[Effect]]


def change(ready: Position, incoming: Incoming) -> Outcome:
    """The change on a position that stands on its day."""
    assert incoming.change is not None
    return _RULES[type(incoming.change)](ready, incoming)


def _charge(position: Position, incoming: Incoming) -> Outcome:
    """The fee is owed at once, and cash of the borrower with us pays it. After a write-off it joins the claim outside the books."""
    is_claim = position.written_off_on is not None
    charged: list[Effect] = [Charged(on=incoming.on, amount_fen=incoming.amount_fen, is_claim=is_claim)]
    return _use_cash(position.charged(incoming.amount_fen, incoming.on, is_claim=is_claim), charged)


def _use_cash(position: Position, effects: list[Effect]) -> Outcome:
    """Unapplied cash pays what is owed now; without either there is nothing to tell."""
    if not position.unapplied_fen or not position.dues:
        return position, effects
    position, applied = spread(position, 0, "")
    return position, [*effects, applied]


def _refund(position: Position, incoming: Incoming) -> Outcome:
    """Cash leaves; what is not there any more, since a receipt was taken back, is owed by the borrower. What we hold besides
    (unapplied cash when a deposit was returned) pays that."""
    assert isinstance(incoming.change, Refund)
    is_deposit = incoming.change.is_deposit
    held = position.deposit_fen if is_deposit else position.unapplied_fen
    short = max(0, incoming.amount_fen - held)
    left = held - (incoming.amount_fen - short)
    position = replace(position, deposit_fen=left) if is_deposit else replace(position, unapplied_fen=left)
    gone = Refunded(on=incoming.on, amount_fen=incoming.amount_fen, short_fen=short, is_deposit=is_deposit)
    return _use_cash(position.charged(short, incoming.on), [gone])


def _nothing(position: Position, _incoming: Incoming) -> Outcome:
    """A part of the loan's life that moves no money."""
    return position, []


def _pay(position: Position, incoming: Incoming) -> Outcome:
    return position, [RefundPaid(on=incoming.on, amount_fen=incoming.amount_fen)]


def _waive(position: Position, incoming: Incoming) -> Outcome:
    """No more than is owed of the item on the day, the oldest first; the rest of the waiver has no object."""
    assert isinstance(incoming.change, Waiver)
    name = f"{incoming.change.item.value}_fen"
    owed = [Due(period=due.period, due_date=due.due_date, **{name: getattr(due, name)}) for due in position.dues]
    parts = allocation.allocate(position.terms.allocation, owed, incoming.amount_fen, dpd=position.dpd).paid
    after = paid_on(position, parts, incoming.on, is_waived=True)
    waived = Waived(on=incoming.on, item=incoming.change.item, amount_fen=sum(part.total_fen for part in parts),
                    is_off_book=position.is_off_book, arrears_fen=position.arrears_due_fen - after.arrears_due_fen,
                    written_off_fee_fen=written_off_fees(position, parts), claim_fee_fen=claim_fees(position, parts))
    return on_books_again(after), [waived]


def _replan(position: Position, incoming: Incoming) -> Outcome:
    """A plan that cannot be changed this way any more stays as it is."""
    assert isinstance(incoming.change, PLANS)
    try:
        return plans.planned(position, incoming.change, incoming.on), [Replanned(on=incoming.on)]
    except TermsError:
        return position, []


def _restructure(position: Position, incoming: Incoming) -> Outcome:
    assert isinstance(incoming.change, Restructuring)
    if position.written_off_on:
        return position, []
    try:
        return plans.restructured(position, incoming.change, incoming.on)
    except TermsError:
        return position, []


def _accelerate(position: Position, incoming: Incoming) -> Outcome:
    """All of it is due: the running line ends with what it earned, and everything to come with it."""
    if position.next_line is None or position.accelerated_on:
        return position, []
    position, effects = plans.cut(position, incoming.on)
    position = replace(position, accelerated_on=incoming.on, observed_until=None)
    return _use_cash(position, [*effects, Accelerated(on=incoming.on)])


def _write_off(position: Position, incoming: Incoming) -> Outcome:
    """The claim is called in and leaves the books: interest to the memo accounts, principal and fees against the provision."""
    if position.settled_on or position.written_off_on or not position.principal_fen:
        return position, []
    position, effects = _accelerate(position, incoming)
    if not position.is_off_book:
        unpaid = position.interest_due_fen - position.arrears_due_fen
        effects = [*effects, WentOffBook(on=incoming.on, interest_fen=unpaid)]
    gone = WrittenOff(on=incoming.on, principal_fen=position.principal_fen, fee_fen=position.fee_due_fen)
    given_up = replace(position, is_off_book=True, written_off_on=incoming.on, charges_written_off=len(position.charges))
    return given_up, [*effects, gone]


def _deposit(position: Position, incoming: Incoming) -> Outcome:
    held = position.deposit_fen + incoming.amount_fen
    return replace(position, deposit_fen=held), [Deposited(on=incoming.on, source=incoming.source, amount_fen=incoming.amount_fen)]


def _use_deposit(position: Position, incoming: Incoming) -> Outcome:
    """It pays what is owed, in the order of deposits, and no more."""
    fen = min(incoming.amount_fen, position.deposit_fen, position.due_total_fen)
    if not fen:
        return position, []
    position, applied = spread(replace(position, deposit_fen=position.deposit_fen - fen), fen, incoming.source, TransactionKind.DEPOSIT)
    return position, [applied]


def _subsidise(position: Position, incoming: Incoming) -> Outcome:
    """Interest owed is paid first; where the borrower has paid it, the sum is the borrower's."""
    owed = [Due(period=due.period, due_date=due.due_date, interest_fen=due.interest_fen) for due in position.dues]
    outcome = allocation.allocate(position.terms.allocation, owed, incoming.amount_fen, dpd=position.dpd)
    after = paid_on(position, outcome.paid, incoming.on)
    applied = Applied(
        on=incoming.on, source=incoming.source, amount_fen=incoming.amount_fen, drawn_fen=0, allocation=outcome,
        is_off_book=position.is_off_book, arrears_fen=position.arrears_due_fen - after.arrears_due_fen,
        is_written_off=position.written_off_on is not None,
    )
    after = on_books_again(replace(after, unapplied_fen=position.unapplied_fen + outcome.unapplied_fen))
    return _use_cash(after, [applied])


def _hold(position: Position, incoming: Incoming) -> Outcome:
    """Nothing is owed and nothing runs: of a loan that is over, or whose money came in meanwhile, nothing is known to hold."""
    return (position, []) if position.settled_on or position.recognised else (replace(position, held_since=incoming.on), [])


def _resume(position: Position, incoming: Incoming) -> Outcome:
    """The plan from the day on which the money went; interest of the days before is nobody's."""
    if position.held_since is None:
        return position, []
    going = replace(position, held_since=None)
    return (plans.begun_again(going, incoming.on) if going.terms.plan else going), [Replanned(on=incoming.on)]


def _undo(position: Position, incoming: Incoming) -> Outcome:
    """The principal goes against the money that is back."""
    if position.held_since is None or position.settled_on:
        return position, []
    gone = Undone(on=incoming.on, principal_fen=position.principal_fen)
    return replace(position, held_since=None, undone_on=incoming.on, settled_on=incoming.on), [gone]


_RULES: dict[type[Change], Callable[[Position, Incoming], Any]] = {
    **dict.fromkeys(PLANS, _replan), Restructuring: _restructure, Acceleration: _accelerate, WriteOff: _write_off,
    Refund: _refund, RefundPayment: _pay, Charge: _charge, Waiver: _waive, Deposit: _deposit, DepositUse: _use_deposit,
    Subsidy: _subsidise, VehicleRelease: _nothing, PayoutReturned: _hold, PayoutResumed: _resume, PayoutUndone: _undo,
}
