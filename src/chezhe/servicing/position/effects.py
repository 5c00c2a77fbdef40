"""What happened to a loan, as the fold tells it; `postings` says what each books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.finmath.allocation import Allocation, Item
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import Settlement
from chezhe.servicing.position.values import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """The loan came from another system's books on the evening of `on` with these balances."""

    on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    unapplied_fen: int
    deposit_fen: int = 0
    is_off_book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FellDue:
    """An instalment fell due: its interest (on the books, or outside them) and fee become receivable."""

    on: date
    line: Line
    is_off_book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """The night of `on` left the loan `dpd` days past due, a number at which its bucket or class changes."""

    on: date
    dpd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOffBook:
    """In the night of `on` the loan was late for too long: `interest_fen` that had fallen due left the balance sheet."""

    on: date
    interest_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Money was spread over dues. `amount_fen` is new money from account `source`; `drawn_fen` is how much unapplied
    cash was used, `arrears_fen` of the interest came from an older plan. After a write-off principal and
    `written_off_fee_fen` of the fees are recovered; `claim_fee_fen` of them were charged since."""

    on: date
    source: str
    amount_fen: int
    drawn_fen: int
    allocation: Allocation
    is_off_book: bool = False
    arrears_fen: int = 0
    written_off_fee_fen: int = 0
    is_written_off: bool = False
    claim_fee_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The loan was settled early with money from account `source`; `drawn_fen` of the payoff came from unapplied
    cash, `interest_due_fen` is the part of its interest that had fallen due before, `arrears_fen` that of an older plan."""

    on: date
    source: str
    amount_fen: int
    drawn_fen: int
    interest_due_fen: int
    settlement: Settlement
    is_off_book: bool = False
    arrears_fen: int = 0

    @property
    def spare_fen(self) -> int:
        """New money beyond the payoff: the borrower's unapplied cash."""
        return self.amount_fen + self.drawn_fen - self.settlement.total_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepaid:
    """`amount_fen` of principal that had not fallen due was paid from account `source`; the rest is planned anew."""

    on: date
    source: str
    amount_fen: int
    mode: PrepaymentMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A fee beside the plan became due; after a write-off it is a claim outside the books."""

    on: date
    amount_fen: int
    is_claim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """`amount_fen` of the borrower's cash with us (of the deposit, when `is_deposit`) was set aside to be paid
    back; `short_fen` of it turned out not to be there (money before it was taken back) and is owed to us again."""

    on: date
    amount_fen: int
    short_fen: int
    is_deposit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """Security came in from account `source`."""

    on: date
    source: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaid:
    """What had been set aside has left the house."""

    on: date
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """`amount_fen` of what was owed of `item` was forgiven, `arrears_fen` of it interest of an older plan."""

    on: date
    item: Item
    amount_fen: int
    is_off_book: bool = False
    arrears_fen: int = 0
    written_off_fee_fen: int = 0
    claim_fee_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """The lines that had not fallen due are others now."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Restructured:
    """The debt has a new plan: `arrears_fen` of unpaid interest, `on_book_fen` of it on the books until now, is spread over it."""

    on: date
    arrears_fen: int
    on_book_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerated:
    """All principal that was to come has fallen due."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff:
    """Principal and fees left the books against the provision; the claim is kept."""

    on: date
    principal_fen: int
    fee_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The loan never was: the principal is set against the money that came back."""

    on: date
    principal_fen: int


Effect = (
    FellDue | Aged | WentOffBook | Applied | Closed | Prepaid | Charged | Refunded | RefundPaid | Waived | Replanned | Restructured
    | Accelerated | WrittenOff | Deposited | TakenOver | Undone
)
