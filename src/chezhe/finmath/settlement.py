"""Early settlement (提前结清): what closes the loan on a day. Interest runs for the days used only (民法典 §677)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chezhe.finmath import life_kernels
from chezhe.finmath.accrual import AccruingLine, numbers_of
from chezhe.finmath.allocation import Due, Item


class FlatCharges(StrEnum):
    """What happens to flat charges of lines that have not fallen due (a term of the contract)."""

    WAIVE = "waive"  # the running line by days, later ones not at all
    KEEP = "keep"  # all of them are owed


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRule:
    """`fee_rate` of the principal not yet due is the early-settlement charge (违约金)."""

    fee_rate: Decimal = Decimal(0)
    flat_charges: FlatCharges = FlatCharges.WAIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The payoff figure by item, in fen. `interest_fen` = overdue interest + interest earned in the running line +
    kept flat charges."""

    settled_on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    penalty_fen: int
    compound_fen: int
    early_settlement_fee_fen: int
    total_fen: int


def settle(
    rule: SettlementRule,
    settled_on: date,
    *,
    overdue: Sequence[Due],
    line: AccruingLine | None,
    later_flat_fen: int = 0,
) -> Settlement:
    """The payoff on `settled_on`.

    `overdue` holds what fell due and is unpaid, with penalties up to the day; `line` is the running line, its
    balance the principal not yet due (None after the last due date); `later_flat_fen` the flat charges of the lines
    after the running one.
    """
    not_due = running = 0
    if line is not None:
        keeps_flat = int(rule.flat_charges is FlatCharges.KEEP)
        not_due = line.balance_fen
        running = life_kernels.running_interest(*numbers_of(line), keeps_flat, later_flat_fen, settled_on.toordinal())
    dues = [due.item_fen(item) for due in overdue for item in Item]
    figures = [0] * life_kernels.FIGURES
    life_kernels.settlement(dues, not_due, running, *rule.fee_rate.as_integer_ratio(), figures)
    principal, interest, fee, penalty, compound, charge, total = figures
    return Settlement(
        settled_on=settled_on,
        principal_fen=principal,
        interest_fen=interest,
        fee_fen=fee,
        penalty_fen=penalty,
        compound_fen=compound,
        early_settlement_fee_fen=charge,
        total_fen=total,
    )
