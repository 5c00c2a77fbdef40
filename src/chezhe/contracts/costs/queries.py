"""Reading sheets, their confirmations and what was paid up front."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.contracts.costs import rules
from chezhe.contracts.costs.models import CostReading, CostSheet, FeeReceipt
from chezhe.contracts.models import Contract
from chezhe.finmath.money import Money
from chezhe.kernel import parameters
from chezhe.kernel.errors import NotFound


def sheet_of(contract: Contract) -> CostSheet | None:
    """The sheet that counts: the newest; None where none was printed, as for a contract that was taken over."""
    return CostSheet.objects.filter(contract=contract).select_related("paper__file", "confirmation").order_by("-version").first()


def require_sheet(contract: Contract) -> CostSheet:
    """The sheet that counts. Raises NotFound (404)."""
    found = sheet_of(contract)
    if found is None:
        raise NotFound(what=contract.number)
    return found


def reading(contract: Contract, key: str) -> CostReading:
    """A sheet of this contract that somebody opened. Raises NotFound (404)."""
    found = CostReading.objects.filter(sheet__contract=contract, key=key).select_related("sheet__paper", "sheet__contract").first()
    if found is None:
        raise NotFound(what=key)
    return found


def seconds_asked(on: date) -> int:
    """How long a sheet must be read on a screen. Raises ParameterMissing (409)."""
    return parameters.count("COST_SHEET_READ_SECONDS", on)


@dataclass(frozen=True, slots=True)
class Payable:
    """An up-front fee of the sheet, and its receipt when it was paid."""

    item: rules.Item
    receipt: FeeReceipt | None

    @property
    def amount(self) -> Money:
        """What is to be paid, whole."""
        assert self.item.amount is not None
        return self.item.amount


def upfront_of(contract: Contract) -> list[Payable]:
    """Every up-front fee of the sheet that counts."""
    sheet = sheet_of(contract)
    kept = FeeReceipt.objects.filter(contract=contract, returned__isnull=True).select_related("entry").order_by("pk")
    standing = {code: row for row in kept for code in row.codes}
    return [Payable(item, standing.get(item.code)) for item in rules.upfront(sheet.listed)] if sheet else []


def receipt(contract: Contract, entry_number: str) -> FeeReceipt:
    """A receipt by the number of its entry. Raises NotFound (404)."""
    rows = FeeReceipt.objects.filter(contract=contract).select_related("entry", "contract", "returned")
    found = next((row for row in rows if row.entry.number == entry_number), None)
    if found is None:
        raise NotFound(what=entry_number)
    return found
