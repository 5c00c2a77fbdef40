"""What an old loan becomes with us: its terms, its plan, and where it stands; and where that contradicts what was stated. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chezhe.finmath import daily_kernels, days, schedule
from chezhe.finmath.allocation import Due
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import FeeTerms, FeeWhen, Method, Row, Step, TermsError
from chezhe.ledger import chart
from chezhe.products.rules import ProductTerms, loan_terms
from chezhe.servicing import position as positions
from chezhe.servicing import rules as servicing_rules
from chezhe.servicing.position import Brought, Incoming, Position
from chezhe.takeover.rules import ArrearsRow, Fault, OldLoan, PlanRow, Stated

ITEMS = ("principal", "interest", "fee", "penalty", "compound", "unapplied", "deposit")
_STATED_IN = {
    "principal": "principal_left", "interest": "interest_due", "fee": "fee_due", "penalty": "penalty_due", "compound": "compound_due",
    "unapplied": "unapplied", "deposit": "deposit",
}


@dataclass(frozen=True, slots=True)
class House:
    """What our side adds: the product's terms, the evening, and after how many days interest leaves the books."""

    terms: ProductTerms
    as_of: date
    off_book_after_days: int

    @property
    def promised(self) -> servicing_rules.Promised:
        return servicing_rules.Promised(
            free_after_periods=self.terms.settlement.free_after_periods, off_book_after_days=self.off_book_after_days
        )


@dataclass(frozen=True, slots=True)
class Arranged:
    """The loan as it will stand: `rows` are the plan that `terms` describe, from its first instalment on."""

    terms: ContractTerms
    rows: tuple[Row, ...]
    brought: Brought
    position: Position

    @property
    def balances(self) -> Stated:
        return balances_of(self.position)


class Contradiction(Exception):
    """A loan that its own file contradicts; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def arrange(old: OldLoan, house: House, made: Sequence[Row] | None = None) -> Arranged:
    """The loan with us. `made` are the rows of its terms when they have been worked out together with others.

    Raises Contradiction for a plan, a history or arrears that do not agree with the stated balances.
    """
    terms = terms_of(old, house)
    rows = _given(old, terms) if old.plan else tuple(made) if made is not None else _built(old, terms)
    if old.plan:
        terms = _described(old, terms, rows)
    untouched = servicing_rules.opening(terms, servicing_rules.arrays(rows), terms.plan.start_date, house.promised)
    brought = _history(old, untouched, house) if old.loan.has_history else _balance(old, untouched, house)
    position = positions.bring_in(untouched, brought)
    _compare(old, balances_of(position))
    return Arranged(terms, rows, brought, position)


def balances_of(position: Position) -> Stated:
    """What is owed on the evening of the takeover, by item."""
    owed = positions.owed_in_all(position.dues)
    return Stated(
        principal_fen=position.principal_fen, interest_fen=owed["interest"], fee_fen=owed["fee"], penalty_fen=owed["penalty"],
        compound_fen=owed["compound"], unapplied_fen=position.unapplied_fen, deposit_fen=position.deposit_fen,
    )


def terms_of(old: OldLoan, house: House) -> ContractTerms:
    """What the old contract fixed, for a plan from its payout on. Raises Contradiction."""
    loan = old.loan
    if loan.method not in house.terms.methods:
        raise _wrong(old, "method", "method_not_offered")
    made = loan_terms(
        house.terms, amount=Money(loan.principal_fen), periods=loan.periods, annual_rate=loan.annual_rate, start=loan.paid_out_on,
        method=loan.method, first_due=loan.first_due_on,
    )
    if not old.plan and loan.method is Method.STEPPED:
        raise _wrong(old, "method", "steps_without_plan")
    balloon_fen = _balloon(old) if loan.method is Method.BALLOON else None
    # Fees of today's product are none of the old contract's, nor its balloon and steps: those stand in its plan.
    return replace(made, plan=replace(made.plan, fees=(), balloon_fen=balloon_fen, steps=_steps(old)))


def _balloon(old: OldLoan) -> int:
    """What is left for the last line beside its instalment: as stated, else what the last line of the plan has more than the one before."""
    lines = sorted(old.plan, key=lambda row: row.period)
    if old.loan.balloon_fen:
        return old.loan.balloon_fen
    if len(lines) < 2:
        raise _wrong(old, "balloon", "balloon_missing")
    return max(0, lines[-1].principal_fen + lines[-1].interest_fen - lines[-2].principal_fen - lines[-2].interest_fen)


def _steps(old: OldLoan) -> tuple[Step, ...]:
    """By which multiple of the first instalment the lines of a stepped plan are paid; rounded lines differ by some fen and are no step."""
    if old.loan.method is not Method.STEPPED:
        return ()
    totals = [row.principal_fen + row.interest_fen for row in sorted(old.plan, key=lambda row: row.period)]
    found, level = [Step(from_period=1, factor=Decimal(1))], totals[0]
    for period, total in enumerate(totals[:-1], start=1):
        if abs(total - level) > len(totals):
            found.append(Step(from_period=period, factor=(Decimal(total) / totals[0]).quantize(Decimal("0.000001"))))
            level = total
    return tuple(found)


def _built(old: OldLoan, terms: ContractTerms) -> tuple[Row, ...]:
    try:
        return schedule.build(terms.plan)
    except TermsError as refusal:
        raise _wrong(old, "method", "plan_impossible", why=refusal.code) from refusal


# ---- a plan that the file gives -------------------------------------------------------------------------------


def _given(old: OldLoan, terms: ContractTerms) -> tuple[Row, ...]:
    """The rows of the file as a plan that begins with its first row."""
    rows = sorted(old.plan, key=lambda row: row.period)
    for before, after in zip(rows, rows[1:], strict=False):
        if after.period != before.period + 1 or after.due_on <= before.due_on:
            raise Contradiction(Fault("plans", after.row, "period", "plan_has_gap", str(after.period)))
    if rows[0].due_on <= old.loan.paid_out_on:
        raise Contradiction(Fault("plans", rows[0].row, "due_on", "due_before_payout", str(rows[0].due_on)))
    total = sum(row.principal_fen for row in rows)
    if rows[0].period == 1 and total != old.loan.principal_fen:
        raise _wrong(old, "principal", "plan_not_principal", plan=_yuan(total), stated=_yuan(old.loan.principal_fen))
    if total > old.loan.principal_fen:
        raise _wrong(old, "principal", "plan_not_principal", plan=_yuan(total), stated=_yuan(old.loan.principal_fen))
    return tuple(_rows(rows, total))


def _rows(rows: Sequence[PlanRow], balance_fen: int) -> Iterator[Row]:
    for period, row in enumerate(rows, start=1):
        balance_fen -= row.principal_fen
        yield Row(
            period=period, due_date=row.due_on, principal_fen=row.principal_fen, interest_fen=row.interest_fen, fee_fen=row.fee_fen,
            total_fen=row.principal_fen + row.interest_fen + row.fee_fen, balance_fen=balance_fen,
        )


def _described(old: OldLoan, terms: ContractTerms, rows: tuple[Row, ...]) -> ContractTerms:
    """Terms of the plan from its first row on: what a later change of the plan starts from."""
    first = min(row.period for row in old.plan)
    fees = {row.fee_fen for row in rows}
    monthly = (FeeTerms(code="monthly", amount_fen=fees.pop(), when=FeeWhen.MONTHLY),) if len(fees) == 1 and fees != {0} else ()
    is_bullet = old.loan.method is Method.BULLET
    plan = replace(
        terms.plan, fees=monthly, first_due_date=rows[0].due_date, periods=terms.plan.periods if is_bullet else len(rows),
    )
    if first > 1:
        start = max(old.loan.paid_out_on, days.month_step(rows[0].due_date, -1, rows[0].due_date.day))
        plan = replace(plan, principal_fen=sum(row.principal_fen for row in rows), start_date=start, stub=None, due_day=None)
    try:
        schedule.build(plan)
    except TermsError as refusal:
        raise _wrong(old, "method", "plan_impossible", why=refusal.code) from refusal
    return replace(terms, plan=plan)


# ---- what it brings -------------------------------------------------------------------------------------------


def _history(old: OldLoan, untouched: Position, house: House) -> Brought:
    """Every receipt again, through the fold of all our loans."""
    if old.plan and min(row.period for row in old.plan) > 1:
        raise _wrong(old, "brings", "history_needs_whole_plan")
    came = []
    for receipt in old.receipts:
        if receipt.paid_on < old.loan.paid_out_on:
            raise Contradiction(Fault("receipts", receipt.row, "paid_on", "paid_before_payout", str(receipt.paid_on)))
        came.append(Incoming(on=receipt.paid_on, source=chart.BANK, amount_fen=receipt.amount_fen))
    position, effects = positions.fold(untouched, came, house.as_of)
    if servicing_rules.is_over(position):
        raise _wrong(old, "principal_left", "paid_off_by_history")
    brought = positions.brought_of(position, effects)
    # Security is no receipt: the old books say what they hold.
    return replace(brought, dpd_worst=max(brought.dpd_worst, old.loan.dpd_worst), deposit_fen=old.loan.stated.deposit_fen)


def _balance(old: OldLoan, untouched: Position, house: House) -> Brought:
    """What the old books say is unpaid, instalment by instalment; from the evening on our penalties run."""
    lines = {held.line.due_date: held for held in untouched.lines if held.line.due_date <= house.as_of}
    brought = []
    for row in old.arrears:
        held = lines.get(row.due_on)
        if held is None:
            raise Contradiction(Fault("arrears", row.row, "due_on", "no_such_instalment", str(row.due_on)))
        for name, owed, asked in (
            ("principal", row.principal_fen, held.line.principal_fen), ("interest", row.interest_fen, held.line.interest_fen),
            ("fee", row.fee_fen, held.line.fee_fen),
        ):
            if owed > asked:
                raise Contradiction(Fault("arrears", row.row, name, "more_than_instalment", _yuan(owed), {"asked": _yuan(asked)}))
        brought.append(positions.owing(_due(row, held.line.period), line=held, as_of=house.as_of))
    return Brought(
        as_of=house.as_of, lines=tuple(brought), unapplied_fen=old.loan.stated.unapplied_fen,
        deposit_fen=old.loan.stated.deposit_fen,
        is_off_book=_is_off_book(old.arrears, house), dpd_worst=max(old.loan.dpd_worst, _days_late(old.arrears, house)),
    )


def _due(row: ArrearsRow, period: int) -> Due:
    return Due(
        period=period, due_date=row.due_on, principal_fen=row.principal_fen, interest_fen=row.interest_fen, fee_fen=row.fee_fen,
        penalty_fen=row.penalty_fen, compound_fen=row.compound_fen,
    )


def _is_off_book(arrears: Sequence[ArrearsRow], house: House) -> bool:
    """The night before the evening left it too old: its interest stands outside the books."""
    return _days_late(arrears, house) - 1 >= daily_kernels.off_from(house.off_book_after_days)


def _days_late(arrears: Sequence[ArrearsRow], house: House) -> int:
    """Since the oldest instalment with anything unpaid."""
    unpaid = [row.due_on for row in arrears if row.principal_fen or row.interest_fen or row.fee_fen]
    return (house.as_of - min(unpaid)).days if unpaid else 0


def _compare(old: OldLoan, ours: Stated) -> None:
    """Raises Contradiction for the first item on which our fold and the stated balance differ."""
    code = "history_differs" if old.loan.has_history else "arrears_differ"
    for item in ITEMS:
        stated, found = getattr(old.loan.stated, f"{item}_fen"), getattr(ours, f"{item}_fen")
        if stated != found:
            raise _wrong(old, _STATED_IN[item], code, stated=_yuan(stated), found=_yuan(found), difference=_yuan(found - stated))


def _wrong(old: OldLoan, column: str, code: str, **facts: str) -> Contradiction:
    return Contradiction(Fault("loans", old.loan.row, column, code, "", facts))


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
