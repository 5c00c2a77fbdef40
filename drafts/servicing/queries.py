"""What people and other rooms ask about loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.finmath.money import Money
from chezhe.finmath.settlement import Settlement
from chezhe.kernel import values
from chezhe.kernel.actor import Actor
from chezhe.payments.models import BankLine
from chezhe.payments.rules import LOAN_NUMBER
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoff:
    """What settles a loan on a day: the figure by item, the borrower's own cash with us, and what is left to pay."""

    loan_number: str
    on: date
    figure: Settlement
    unapplied: Money

    @property
    def to_pay(self) -> Money:
        return Money(self.figure.total_fen - min(self.figure.total_fen, self.unapplied.fen))

    def as_json(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "unapplied_fen": self.unapplied.fen, "figure": values.to_json(self.figure)}


def payoff_of(loan: Loan, position: Position, on: date) -> Payoff:
    """The payoff of a position already at or before `on`; what falls due until then takes unapplied cash first."""
    ready, _ = positions.advance(position, on)
    return Payoff(loan_number=loan.number, on=on, figure=positions.payoff(ready, on), unapplied=Money(ready.unapplied_fen))


def loan_for(line: BankLine, actor: Actor) -> str:
    """The number of the loan a receipt surely belongs to, or empty: named in the memo, or the payer's only active one."""
    named = LOAN_NUMBER.search(line.memo.upper().replace(" ", ""))
    if named:
        return named[0]
    if not line.payer_account_index:
        return ""
    mine = Loan.objects.visible_to(actor).filter(
        status="active", customer__bank_accounts__account_index=line.payer_account_index
    )
    numbers = list(mine.values_list("number", flat=True).distinct()[:2])
    return numbers[0] if len(numbers) == 1 else ""
