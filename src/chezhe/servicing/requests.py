"""What people ask for about a loan, as values: pages, programs and actions put it the same way."""

from __future__ import annotations

from decimal import Decimal

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date, parameters
from chezhe.servicing.changes import Asked
from chezhe.servicing.charges import Fee
from chezhe.servicing.position import (
    Acceleration,
    Charge,
    DepositUse,
    DueDayChange,
    Extension,
    Holiday,
    RateChange,
    Restructuring,
    VehicleRelease,
    Waiver,
    WriteOff,
)


def charge(fee: Fee) -> Asked:
    """A fee that is too large for finance alone."""
    return Asked(kind="charge", change=Charge(code=fee.code), reason=fee.reason, amount=fee.amount)


def waiver(*, item: Item, amount: Money, reason: str) -> Asked:
    """Something owed to be forgiven."""
    return Asked(kind="waiver", change=Waiver(item=item), reason=reason, amount=amount)


def due_day(*, due_day: int, reason: str) -> Asked:
    """Another day of the month."""
    return Asked(kind="due_day", change=DueDayChange(due_day=due_day), reason=reason)


def holiday(*, months: int, reason: str) -> Asked:
    """Months without instalments."""
    return Asked(kind="holiday", change=Holiday(months=months), reason=reason)


def extension(*, months: int, annual_rate: Decimal | None, reason: str) -> Asked:
    """A later end; of a bullet at a rate of its own."""
    return Asked(kind="extension", change=Extension(months=months, annual_rate=annual_rate), reason=reason)


def rate_change(*, annual_rate: Decimal, reason: str) -> Asked:
    """Another rate from the next instalment on."""
    return Asked(kind="rate_change", change=RateChange(annual_rate=annual_rate), reason=reason)


def restructuring(*, method: Method, annual_rate: Decimal, periods: int, reason: str) -> Asked:
    """A new plan on the whole debt, watched for as long as the parameters of today say. Raises ParameterMissing (409)."""
    months = parameters.count("RESTRUCTURE_OBSERVE_MONTHS", business_date.current())
    change = Restructuring(method=method, annual_rate=annual_rate, periods=periods, observed_months=months)
    return Asked(kind="restructuring", change=change, reason=reason)


def acceleration(*, reason: str) -> Asked:
    """The whole loan called in."""
    return Asked(kind="acceleration", change=Acceleration(), reason=reason)


def write_off(*, reason: str) -> Asked:
    """The loan given up in the books."""
    return Asked(kind="write_off", change=WriteOff(), reason=reason)


def vehicle_release(*, vehicle: str, reason: str) -> Asked:
    """One of several mortgaged cars let go."""
    return Asked(kind="vehicle_release", change=VehicleRelease(vehicle=vehicle), reason=reason)


def deposit_use(*, amount: Money, reason: str) -> Asked:
    """The deposit to pay what is owed."""
    return Asked(kind="deposit_use", change=DepositUse(), reason=reason, amount=amount)
