"""How a borrower pays, as features: from the instalments of their loans as they stood on a day. Pure.

Servicing makes the records from its loans and tells the features as facts of the customer; the generator of training rows makes them
from invented lives. Both go through `features`, so that a model understands what it is served. The definitions (title, unit, owner,
bounds) stand in the catalogue of facts. Nothing that happened after the day counts: the same day asked later gives the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# Windows in days: a quarter, half a year, a year.
QUARTER, HALF_YEAR, YEAR = 91, 182, 365
LATE_DAYS, BAD_DAYS = 30, 90
_FOUR = Decimal("0.0001")
Value = int | Decimal

FEATURES: Final = (
    "behaviour_dpd_now", "behaviour_worst_dpd_3m", "behaviour_worst_dpd_6m", "behaviour_worst_dpd_12m", "behaviour_on_time_rate_12m",
    "behaviour_late_30_count_12m", "behaviour_days_late_6m", "behaviour_partial_payments_6m", "behaviour_months_clean",
    "behaviour_utilisation", "behaviour_principal_left", "behaviour_instalment_monthly", "behaviour_months_on_book",
    "behaviour_instalments_left", "behaviour_prepaid_rate", "behaviour_debit_failures_3m", "behaviour_deposit_left",
    "behaviour_loans_running",
)
HISTORY: Final = ("history_loans", "history_worst_dpd", "history_months_paid")


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment: when it was due, when the last of it was paid (None: not yet), and when money first paid only a part of it."""

    due_on: date
    paid_on: date | None = None
    part_on: date | None = None

    def late_days(self, on: date) -> int:
        """How many days late it was paid, or is unpaid, as of a day; 0 in time."""
        return max(0, (self._end(on) - self.due_on).days)

    def is_open(self, on: date) -> bool:
        """Fallen due and not paid whole."""
        return self.due_on < on and (self.paid_on is None or self.paid_on > on)

    def worst_in(self, first: date, on: date) -> int:
        """How late it was at worst on a day from `first` to `on`."""
        return self.late_days(on) if self._end(on) >= first and self.due_on < on else 0

    def _end(self, on: date) -> date:
        return on if self.paid_on is None or self.paid_on > on else self.paid_on


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """One loan as it stood on a day. Money in whole fen; `instalments` those that had fallen due, `left` how many were to come.

    `worst_before` is how late it was at worst under other books, `ended_on` when nothing was owed any more, `failed_debits` the days of
    debits in vain.
    """

    begun_on: date
    principal_fen: int
    principal_left_fen: int
    instalments: Sequence[Instalment]
    left: int = 0
    next_instalment_fen: int = 0
    prepaid_fen: int = 0
    deposit_fen: int = 0
    worst_before: int = 0
    failed_debits: Sequence[date] = ()
    ended_on: date | None = None
    is_written_off: bool = False

    def is_running(self, on: date) -> bool:
        """Begun and not over."""
        return self.begun_on <= on and (self.ended_on is None or self.ended_on > on)

    def worst(self, on: date) -> int:
        """How late at worst in its whole life."""
        return max([self.worst_before, *(one.late_days(on) for one in self.instalments if one.due_on < on)])

    def went_bad_on(self, on: date) -> date | None:
        """The day on which it became ninety days late, if that has come."""
        days = (one.due_on + timedelta(days=BAD_DAYS) for one in self.instalments if one.late_days(on) >= BAD_DAYS)
        return min(days, default=None)


def features(loans: Iterable[LoanRecord], on: date) -> dict[str, Value]:
    """The behaviour of one customer on a day, over the loans that run; of ended ones only what lies inside the year counts.

    Of a customer whose loans are all over only that is told: nobody's behaviour is judged by what is long past.
    """
    known = [loan for loan in loans if loan.begun_on <= on]
    running = [loan for loan in known if loan.is_running(on)]
    if not running:
        return {"behaviour_loans_running": 0, "behaviour_dpd_now": 0, "behaviour_principal_left": 0}
    fallen = [one for loan in known for one in loan.instalments if one.due_on < on]
    return {**_lateness(fallen, on), **_habits(known, fallen, on), **_standing(running, on)}


def history(loans: Iterable[LoanRecord], on: date) -> dict[str, Value]:
    """What we know of a customer from all loans we ever made them, ended ones included."""
    known = [loan for loan in loans if loan.begun_on <= on]
    in_time = sum(1 for loan in known for one in loan.instalments if _is_in_time(one, on))
    return {
        "history_loans": len(known), "history_worst_dpd": max((loan.worst(on) for loan in known), default=0),
        "history_months_paid": in_time,
    }


def _lateness(fallen: Sequence[Instalment], on: date) -> dict[str, Value]:
    """How late, now and at worst."""
    since = {months: on - timedelta(days=days) for months, days in ((3, QUARTER), (6, HALF_YEAR), (12, YEAR))}
    worst: dict[str, Value] = {
        f"behaviour_worst_dpd_{months}m": max((one.worst_in(first, on) for one in fallen), default=0) for months, first in since.items()
    }
    return {
        "behaviour_dpd_now": max((one.late_days(on) for one in fallen if one.is_open(on)), default=0), **worst,
        "behaviour_late_30_count_12m": sum(1 for one in fallen if one.worst_in(since[12], on) >= LATE_DAYS),
        "behaviour_days_late_6m": sum(one.late_days(on) for one in fallen if one.due_on > since[6]),
    }


def _habits(known: Sequence[LoanRecord], fallen: Sequence[Instalment], on: date) -> dict[str, Value]:
    """In time or not, in parts or whole; without an instalment in the year nothing is said of being in time."""
    half, quarter = on - timedelta(days=HALF_YEAR), on - timedelta(days=QUARTER)
    of_year = [one for one in fallen if one.due_on > on - timedelta(days=YEAR)]
    found: dict[str, Value] = {
        "behaviour_partial_payments_6m": sum(1 for one in fallen if one.part_on is not None and half < one.part_on <= on),
        "behaviour_debit_failures_3m": sum(1 for loan in known for day in loan.failed_debits if quarter < day <= on),
        "behaviour_months_clean": min(_months_clean(loan, on) for loan in known),
        "behaviour_prepaid_rate": _share((loan.prepaid_fen for loan in known), (loan.principal_fen for loan in known)),
    }
    if of_year:
        found["behaviour_on_time_rate_12m"] = _share((int(_is_in_time(one, on)) for one in of_year), (1 for _ in of_year))
    return found


def _standing(running: Sequence[LoanRecord], on: date) -> dict[str, Value]:
    """What is left of the loans that run."""
    return {
        "behaviour_utilisation": _share((one.principal_left_fen for one in running), (one.principal_fen for one in running)),
        "behaviour_principal_left": sum(one.principal_left_fen for one in running),
        "behaviour_instalment_monthly": sum(one.next_instalment_fen for one in running),
        "behaviour_months_on_book": max(_months(one.begun_on, on) for one in running),
        "behaviour_instalments_left": max(one.left for one in running),
        "behaviour_deposit_left": sum(one.deposit_fen for one in running), "behaviour_loans_running": len(running),
    }


def _is_in_time(one: Instalment, on: date) -> bool:
    return one.due_on < on and one.paid_on is not None and one.paid_on <= one.due_on


def _months_clean(loan: LoanRecord, on: date) -> int:
    """Whole months since it was last late, or since it began when it never was; 0 while it is late."""
    return _months(max(_clean_since(loan, on), loan.begun_on), on)


def _clean_since(loan: LoanRecord, on: date) -> date:
    ends = [on if one.is_open(on) else one.paid_on for one in loan.instalments if one.due_on < on and one.late_days(on)]
    return max((end for end in ends if end is not None), default=loan.begun_on)


def _months(first: date, last: date) -> int:
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))


def _share(parts: Iterator[int], wholes: Iterator[int]) -> Decimal:
    """A fraction with four decimals, never above 1."""
    top, bottom = sum(parts), sum(wholes)
    return min(Decimal(1), (Decimal(top) / Decimal(bottom)).quantize(_FOUR, ROUND_HALF_UP)) if bottom else Decimal(0)
