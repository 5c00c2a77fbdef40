"""The borrower begins to read what the loan costs, on a screen."""

from __future__ import annotations

from chezhe.contracts import permissions
from chezhe.contracts import steps as contract_steps
from chezhe.contracts.costs import steps
from chezhe.contracts.costs.models import CostReading
from chezhe.contracts.models import Contract
from chezhe.contracts.printing import steps as printing_steps
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.READ_COST_SHEET)
def open_cost_sheet(*, contract_number: str, device_mark: str = "", by: Actor) -> CostReading:
    """Open the sheet that counts; the time until it may be confirmed runs from now, on our clock.

    Raises NotFound (404) without a sheet, WrongState or PapersNotReady (409).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    contract_steps.require_own(contract, by)
    CONTRACT.require(contract.status, "confirm_cost_sheet")
    printing_steps.require_printed(contract)
    reading = steps.open_reading(contract, device_mark=device_mark, by=by)
    events.publish("contract.cost_sheet_opened", contract.subject, {"number": contract.number, "code": reading.sheet.code})
    return reading
