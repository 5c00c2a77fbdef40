"""What comes in from outside: money, and what people decided about a loan. Each kind of change is a value of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.finmath.allocation import Item, TransactionKind
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.terms import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Unapplied cash, or the deposit, goes back to the borrower: set aside at once, paid by the bank later."""

    is_deposit: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDayChange:
    """From the running line on, instalments fall due on another day of the month (1 to 31, short months at their end)."""

    due_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Nothing falls due for `months`; the interest of that time is paid with the first instalment after it."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The loan ends `months` later. In its last line the principal itself is extended, at `annual_rate` where one is given."""

    months: int
    annual_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restructuring:
    """A new plan on the whole balance, with unpaid interest spread over it (not capitalised). Its first instalment falls due in
    the next month on the loan's usual day; the loan is watched for `observed_months`."""

    method: Method
    annual_rate: Decimal
    periods: int
    observed_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """From the next line on the loan bears another rate."""

    annual_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceleration:
    """The whole loan is due now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    """The loan is given up in the books; the claim is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """The borrower leaves cash with us as security, without interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositUse:
    """The deposit pays what is owed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """The treasury pays part of the interest of line `period` (财金〔2025〕80号)."""

    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRelease:
    """One of several mortgaged cars may go while the loan runs; no money moves."""

    vehicle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned:
    """The bank has sent the payout back: the borrower has no money, and until it goes again nothing of the loan runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutResumed:
    """The money has gone once more: the plan begins on this day, as it would have begun on the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutUndone:
    """The money that came back stays with us: there was no loan."""


PLANS = (DueDayChange, Holiday, Extension, RateChange)
Change = (
    Refund | RefundPayment | Charge | Waiver | DueDayChange | Holiday | Extension | Restructuring | RateChange | Acceleration | WriteOff
    | Deposit | DepositUse | Subsidy | VehicleRelease | PayoutReturned | PayoutResumed | PayoutUndone
)
# By the kind of event that keeps it.
CHANGES: dict[str, type[Change]] = {
    "refunded": Refund, "refund_paid": RefundPayment, "charged": Charge, "waived": Waiver,
    "due_day": DueDayChange, "holiday": Holiday, "extended": Extension, "restructured": Restructuring,
    "repriced": RateChange, "accelerated": Acceleration, "written_off": WriteOff,
    "deposited": Deposit, "deposit_used": DepositUse, "subsidised": Subsidy,
    "vehicle_released": VehicleRelease, "held": PayoutReturned, "resumed": PayoutResumed, "undone": PayoutUndone,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that happened to the loan from outside, as the event rows keep it. Money comes from account `source`;
    with a `change`, that is what happened, and the sum is the change's. What is owed is settled in the order of its `kind`."""

    on: date
    source: str
    amount_fen: int
    settles: bool = False
    prepays: PrepaymentMode | None = None
    change: Change | None = None
    kind: TransactionKind = TransactionKind.REPAYMENT
