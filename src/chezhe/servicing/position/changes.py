"""What comes in from outside: money, and what people decided about a loan. Each kind of change is a value of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.finmath.allocation import Item
from chezhe.finmath.prepayment import PrepaymentMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Unapplied cash goes back to the borrower: set aside at once, paid by the bank later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment:
    """The bank has paid what was set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A fee beside the plan, due at once; `code` says what for."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Part of what is owed of one item (never principal) is forgiven, the oldest first."""

    item: Item


Change = Refund | RefundPayment | Charge | Waiver
# By the kind of event that keeps it.
CHANGES: dict[str, type[Change]] = {"refunded": Refund, "refund_paid": RefundPayment, "charged": Charge, "waived": Waiver}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that happened to the loan from outside, as the event rows keep it. Money comes from account `source`;
    with a `change`, that is what happened, and the sum is the change's."""

    on: date
    source: str
    amount_fen: int
    settles: bool = False
    prepays: PrepaymentMode | None = None
    change: Change | None = None
