"""A loan's position: what is owed, paid and still to come, as a fold over dated events.

Pure values. Online one loan is folded on demand; nothing here reads a clock or a database. The order of a day is:
first instalments fall due (and take unapplied cash), then money that arrives that day is spread, and in the night what
is still unpaid grows older.
"""

from chezhe.servicing.position import plans
from chezhe.servicing.position.arrears import arrears_of, past_of, performing_since
from chezhe.servicing.position.bringing import Brought, BroughtLine, bring_in, brought_of, owed_in_all, owing, taken_over
from chezhe.servicing.position.changes import (
    CHANGES,
    PLANS,
    Acceleration,
    Change,
    Charge,
    Deposit,
    DepositUse,
    DueDayChange,
    Extension,
    Holiday,
    Incoming,
    PayoutResumed,
    PayoutReturned,
    PayoutUndone,
    RateChange,
    Refund,
    RefundPayment,
    Restructuring,
    Subsidy,
    VehicleRelease,
    Waiver,
    WriteOff,
)
from chezhe.servicing.position.days import advance, next_morning, opened
from chezhe.servicing.position.effects import (
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
from chezhe.servicing.position.folding import fold, take
from chezhe.servicing.position.money import accruing, close, payoff, receive
from chezhe.servicing.position.replanning import prepay, rows_of
from chezhe.servicing.position.values import Line, LinePosition, Position, Spell, Terms

__all__ = [
    "CHANGES", "PLANS", "Accelerated", "Acceleration", "Aged", "Applied", "Brought", "BroughtLine", "Change", "Charge", "Charged",
    "Closed", "Deposit", "DepositUse", "Deposited", "DueDayChange", "Effect", "Extension", "FellDue", "Holiday", "Incoming", "Line",
    "LinePosition", "PayoutResumed", "PayoutReturned", "PayoutUndone", "Position", "Prepaid", "RateChange", "Refund", "RefundPaid",
    "RefundPayment", "Refunded", "Replanned", "Restructured", "Restructuring", "Spell", "Subsidy", "TakenOver", "Terms", "Undone",
    "VehicleRelease", "Waived", "Waiver", "WentOffBook", "WriteOff", "WrittenOff", "accruing", "advance", "arrears_of", "bring_in",
    "brought_of", "close", "fold", "next_morning", "opened", "owed_in_all", "owing", "past_of", "payoff", "performing_since", "plans",
    "prepay", "receive", "rows_of", "take", "taken_over",
]
