"""What the ledger says when something happens to a loan."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer, moving
from chezhe.ledger import chart
from chezhe.servicing.position import (
    Accelerated,
    Aged,
    Applied,
    Charged,
    Closed,
    Deposited,
    Effect,
    FellDue,
    Prepaid,
    Refunded,
    RefundPaid,
    Replanned,
    Restructured,
    TakenOver,
    Undone,
    Waived,
    WentOffBook,
    WrittenOff,
)

Row = tuple[str, str, int]
"""Debited account, credited account, fen; a row of nothing is left out."""

OFF_BOOK = (chart.OFF_BOOK_INTEREST, chart.OFF_BOOK_INTEREST_CONTRA)
WRITTEN_OFF = (chart.WRITTEN_OFF_CLAIMS, chart.WRITTEN_OFF_CLAIMS_CONTRA)
FROM_WRITTEN_OFF = (chart.WRITTEN_OFF_CLAIMS_CONTRA, chart.WRITTEN_OFF_CLAIMS)
FROM_OFF_BOOK = (chart.OFF_BOOK_INTEREST_CONTRA, chart.OFF_BOOK_INTEREST)

# Principal stays in one account, due or not; penalties are income when they are received.
CREDITS = {
    Item.FEE: chart.FEE_RECEIVABLE,
    Item.PENALTY: chart.PENALTY_INCOME,
    Item.COMPOUND: chart.COMPOUND_INCOME,
    Item.INTEREST: chart.INTEREST_RECEIVABLE,
    Item.PRINCIPAL: chart.LOAN_PRINCIPAL,
}


def for_payout(amount: Money, owner: str) -> tuple[Transfer, ...]:
    """The loan begins: the bank has paid what was in transit."""
    return written([(chart.LOAN_PRINCIPAL, chart.FUNDS_IN_TRANSIT, amount.fen)], owner)


def for_taken_over(taken: TakenOver, owner: str) -> tuple[Transfer, ...]:
    """Our books begin with a loan of another system's: what it is worth against the clearing of the migration."""
    clearing = chart.MIGRATION_CLEARING
    interest = OFF_BOOK if taken.is_off_book else (chart.INTEREST_RECEIVABLE, clearing)
    return written([
        (chart.LOAN_PRINCIPAL, clearing, taken.principal_fen), (*interest, taken.interest_fen),
        (chart.FEE_RECEIVABLE, clearing, taken.fee_fen), (clearing, chart.UNAPPLIED_CASH, taken.unapplied_fen),
        (clearing, chart.DEPOSITS_HELD, taken.deposit_fen),
    ], owner)


def for_due(fell: FellDue, owner: str) -> tuple[Transfer, ...]:
    """An instalment's interest, earned day by day until now, becomes receivable; its fee is earned on its due date."""
    return written(due_rows(fell.line.interest_fen, fell.line.fee_fen, is_off_book=fell.is_off_book), owner)


def due_rows(interest_fen: int, fee_fen: int, *, is_off_book: bool) -> list[Row]:
    """`for_due` before it has an owner."""
    accounts = OFF_BOOK if is_off_book else (chart.INTEREST_RECEIVABLE, chart.ACCRUED_INTEREST)
    return [(*accounts, interest_fen), (chart.FEE_RECEIVABLE, chart.FEE_INCOME, fee_fen)]


def for_off_book(went: WentOffBook, owner: str) -> tuple[Transfer, ...]:
    """Interest that was earned but not paid for too long is taken back and kept outside the balance sheet."""
    return written(off_book_rows(went.interest_fen), owner)


def off_book_rows(interest_fen: int) -> list[Row]:
    """`for_off_book` before it has an owner."""
    return [(chart.INTEREST_INCOME, chart.INTEREST_RECEIVABLE, interest_fen), (*OFF_BOOK, interest_fen)]


def for_applied(applied: Applied, owner: str) -> tuple[Transfer, ...]:
    """Money from its source (bank, cash, suspense) and unapplied cash pays the dues; the rest is kept for the borrower.

    New money first becomes the borrower's unapplied cash only as far as it is not used: each part is taken from
    unapplied cash until that is spent, then from the source.
    """
    parts = [(item, sum(due.item_fen(item) for due in applied.allocation.paid)) for item in Item]
    paid = sum(fen for _, fen in parts)
    drawn = min(applied.drawn_fen, paid)
    claimed = sum(due.interest_fen for due in applied.allocation.paid) if applied.is_off_book else applied.arrears_fen
    rows = drawing(list(_recovered(_credited(parts, claimed), applied)), drawn, applied.source)
    principal = sum(due.principal_fen for due in applied.allocation.paid)
    kept_claim = principal + applied.written_off_fee_fen + applied.claim_fee_fen if applied.is_written_off else 0
    kept = (applied.source, chart.UNAPPLIED_CASH, applied.amount_fen - (paid - drawn))
    return written([*rows, kept, (*FROM_OFF_BOOK, claimed), (*FROM_WRITTEN_OFF, kept_claim)], owner)


def _recovered(credited: Iterable[tuple[str, int]], applied: Applied) -> Iterator[tuple[str, int]]:
    """After a write-off what comes for principal and the fees of then goes back into the provision; fees charged since are income."""
    for account, fen in credited:
        if not applied.is_written_off or account not in (chart.LOAN_PRINCIPAL, chart.FEE_RECEIVABLE):
            yield account, fen
        elif account == chart.LOAN_PRINCIPAL:
            yield chart.PROVISION, fen
        else:
            yield account, fen - applied.written_off_fee_fen - applied.claim_fee_fen
            yield chart.PROVISION, applied.written_off_fee_fen
            yield chart.FEE_INCOME, applied.claim_fee_fen


def _credited(parts: Iterable[tuple[Item, int]], claimed: int) -> Iterator[tuple[str, int]]:
    """Where money for each item goes: `claimed` of the interest stood outside the books and is income now."""
    for item, fen in parts:
        if item is Item.INTEREST:
            yield chart.INTEREST_RECEIVABLE, fen - claimed
            yield chart.INTEREST_INCOME, claimed
        else:
            yield CREDITS[item], fen


def for_closed(closed: Closed, owner: str) -> tuple[Transfer, ...]:
    """Early settlement: interest that had not fallen due was earned until now; off the books all of it is income."""
    figure = closed.settlement
    due, running = (chart.INTEREST_INCOME,) * 2 if closed.is_off_book else (chart.INTEREST_RECEIVABLE, chart.ACCRUED_INTEREST)
    parts = [
        (chart.LOAN_PRINCIPAL, figure.principal_fen),
        (due, closed.interest_due_fen),
        (running, figure.interest_fen - closed.interest_due_fen - closed.arrears_fen),
        (chart.INTEREST_INCOME, closed.arrears_fen),
        (chart.FEE_RECEIVABLE, figure.fee_fen),
        (chart.PENALTY_INCOME, figure.penalty_fen),
        (chart.COMPOUND_INCOME, figure.compound_fen),
        (chart.EARLY_SETTLEMENT_INCOME, figure.early_settlement_fee_fen),
    ]
    claimed = closed.arrears_fen + (closed.interest_due_fen if closed.is_off_book else 0)
    spare = (closed.source, chart.UNAPPLIED_CASH, closed.spare_fen)
    return written([*drawing(parts, closed.drawn_fen, closed.source), spare, (*FROM_OFF_BOOK, claimed)], owner)


def for_prepaid(prepaid: Prepaid, owner: str) -> tuple[Transfer, ...]:
    """Principal that had not fallen due."""
    return written([(prepaid.source, chart.LOAN_PRINCIPAL, prepaid.amount_fen)], owner)


def for_charged(charged: Charged, owner: str) -> tuple[Transfer, ...]:
    """A fee beside the plan is earned when it is charged; of a loan that was written off, when it is received."""
    if charged.is_claim:
        return written([(*WRITTEN_OFF, charged.amount_fen)], owner)
    return written([(chart.FEE_RECEIVABLE, chart.FEE_INCOME, charged.amount_fen)], owner)


def for_refunded(refunded: Refunded, owner: str) -> tuple[Transfer, ...]:
    """The borrower's cash is set aside to be paid back; what is short is owed by the borrower."""
    held = refunded.amount_fen - refunded.short_fen
    source = chart.DEPOSITS_HELD if refunded.is_deposit else chart.UNAPPLIED_CASH
    rows = [(source, chart.REFUNDS_PAYABLE, held), (chart.FEE_RECEIVABLE, chart.REFUNDS_PAYABLE, refunded.short_fen)]
    return written(rows, owner)


def for_deposited(deposited: Deposited, owner: str) -> tuple[Transfer, ...]:
    """Security is owed to the borrower until it is used or returned."""
    return written([(deposited.source, chart.DEPOSITS_HELD, deposited.amount_fen)], owner)


def for_refund_paid(paid: RefundPaid, owner: str) -> tuple[Transfer, ...]:
    """What was set aside has left by the bank (payments books the other half)."""
    return written([(chart.REFUNDS_PAYABLE, chart.FUNDS_IN_TRANSIT, paid.amount_fen)], owner)


def for_waived(waived: Waived, owner: str) -> tuple[Transfer, ...]:
    """What was forgiven is a loss as far as it stood on the books; penalties never did before they were received."""
    if waived.item in (Item.PENALTY, Item.COMPOUND):
        return ()
    outside = waived.amount_fen if waived.item is Item.INTEREST and waived.is_off_book else waived.arrears_fen
    claim = waived.written_off_fee_fen + waived.claim_fee_fen
    rows: list[Row] = [(chart.WAIVERS, CREDITS[waived.item], waived.amount_fen - outside - claim)]
    return written([*rows, (*FROM_OFF_BOOK, outside), (*FROM_WRITTEN_OFF, claim)], owner)


def for_restructured(restructured: Restructured, owner: str) -> tuple[Transfer, ...]:
    """Unpaid interest that is put off leaves the balance sheet: it is income when it is received."""
    return written(off_book_rows(restructured.on_book_fen), owner)


def for_written_off(gone: WrittenOff, owner: str) -> tuple[Transfer, ...]:
    """Principal and fees are set against the provision; the claim stands in the memo accounts (账销案存)."""
    total = gone.principal_fen + gone.fee_fen
    rows = [(chart.PROVISION, chart.LOAN_PRINCIPAL, gone.principal_fen), (chart.PROVISION, chart.FEE_RECEIVABLE, gone.fee_fen)]
    return written([*rows, (*WRITTEN_OFF, total)], owner)


def for_undone(undone: Undone, owner: str) -> tuple[Transfer, ...]:
    """The mirror of the payout: the money that came back stands against the principal."""
    return written([(chart.FUNDS_IN_TRANSIT, chart.LOAN_PRINCIPAL, undone.principal_fen)], owner)


def for_nothing(_effect: Effect, _owner: str) -> tuple[Transfer, ...]:
    """Nothing moves when a loan grows older or its plan changes; what an acceleration makes due is booked as an instalment's."""
    return ()


def drawing(parts: list[tuple[str, int]], drawn_fen: int, source: str) -> list[Row]:
    """Each credit taken from unapplied cash first, then from the source."""
    rows, left = [], drawn_fen
    for credit, fen in parts:
        from_unapplied = min(left, fen)
        left -= from_unapplied
        rows.append((chart.UNAPPLIED_CASH, credit, from_unapplied))
        rows.append((source, credit, fen - from_unapplied))
    return rows


def for_effect(effect: Effect, owner: str) -> tuple[Transfer, ...]:
    """The transfers of whatever happened."""
    transfers: tuple[Transfer, ...] = _RULES[type(effect)](effect, owner)
    return transfers


_RULES: dict[type[Effect], Callable[[Any, str], tuple[Transfer, ...]]] = {
    FellDue: for_due, WentOffBook: for_off_book, Aged: for_nothing, Applied: for_applied, Closed: for_closed, Prepaid: for_prepaid,
    Charged: for_charged, Refunded: for_refunded, RefundPaid: for_refund_paid,
    Waived: for_waived, Replanned: for_nothing, Restructured: for_restructured,
    Accelerated: for_nothing, WrittenOff: for_written_off, Deposited: for_deposited, TakenOver: for_taken_over,
    Undone: for_undone,
}


def balances(transfers: Iterable[Transfer]) -> dict[str, int]:
    """Balance in fen by account, debit positive; accounts at nought are left out."""
    sums: Counter[str] = Counter()
    for transfer in transfers:
        sums[transfer.debit] += transfer.fen
        sums[transfer.credit] -= transfer.fen
    return {account: fen for account, fen in sums.items() if fen}


def difference(actual: Mapping[str, int], target: Mapping[str, int], owner: str) -> tuple[Transfer, ...]:
    """The fewest transfers that bring `actual` balances to `target`, in the order of account codes.

    This is how a replay is booked: today, as what is missing, without touching an old line. Raises ValueError when
    the two do not differ by a balanced sum, on the balance sheet and outside it.
    """
    missing = {account: target.get(account, 0) - actual.get(account, 0) for account in sorted({*actual, *target})}
    outside = {account: fen for account, fen in missing.items() if _is_memo(account)}
    inside = {account: fen for account, fen in missing.items() if account not in outside}
    return written([*_paired(inside), *_paired(outside)], owner)


def _is_memo(account: str) -> bool:
    return account in chart.BY_CODE and chart.BY_CODE[account].kind is chart.Kind.MEMO


def _paired(missing: Mapping[str, int]) -> list[Row]:
    if sum(missing.values()):
        raise ValueError("the balances differ by an unbalanced sum")
    debits = deque((account, fen) for account, fen in missing.items() if fen > 0)
    credits = deque((account, -fen) for account, fen in missing.items() if fen < 0)
    rows: list[Row] = []
    while debits and credits:
        (debit, owed), (credit, given) = debits.popleft(), credits.popleft()
        part = min(owed, given)
        rows.append((debit, credit, part))
        if owed > part:
            debits.appendleft((debit, owed - part))
        if given > part:
            credits.appendleft((credit, given - part))
    return rows


def written(rows: list[Row], owner: str) -> tuple[Transfer, ...]:
    """The rows as transfers of `owner`; rows of nothing are left out."""
    return tuple(transfer for debit, credit, fen in rows for transfer in moving(debit, credit, fen, owner))
