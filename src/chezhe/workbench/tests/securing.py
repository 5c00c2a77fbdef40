"""One of each numbered thing of the collateral, for the search."""

from __future__ import annotations

from collections.abc import Callable

from chezhe.contracts.models import CustodyItem, GpsOrder, RegistrationOrder, Release, StockTake
from chezhe.kernel.testing import moment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START

AT = moment("2026-01-15 10:00")
SECURED: dict[str, Callable[[str, Loan], str]] = {
    "RG": lambda number, loan: RegistrationOrder.objects.create(
        number=number, registry="unified", contract=loan.contract, mortgage=loan.contract.mortgage, made_on=START, made_by_name="何").number,
    "QZ": lambda number, loan: CustodyItem.objects.create(
        number=number, kind="key", contract=loan.contract, vehicle=loan.contract.vehicle, branch=loan.branch, kept_on=START).number,
    "PD": lambda number, loan: StockTake.objects.create(number=number, branch=loan.branch, opened_at=AT, opened_by_name="何").number,
    "JY": lambda number, loan: Release.objects.create(
        number=number, contract=loan.contract, mortgage=loan.contract.mortgage, ordered_on=START).number,
    "AZ": lambda number, loan: GpsOrder.objects.create(
        number=number, contract=loan.contract, installer="快装", appointed_on=START, ordered_at=AT, ordered_by_name="何").number,
}
