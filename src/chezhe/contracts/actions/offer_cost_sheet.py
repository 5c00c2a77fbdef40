"""Nobody at a counter puts the cost sheet before the borrower: a message asks to read it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.models import Contract
from chezhe.contracts.printing import steps as printing_steps
from chezhe.contracts.signing import errors
from chezhe.contracts.states import CONTRACT
from chezhe.customers.telling import tell
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import SYSTEM, Actor

TEMPLATE = "cost_sheet_ready"


@action(permissions.GO_STRAIGHT, label=_("直通：请客户阅读成本明示表"))
def offer_cost_sheet(*, contract_number: str, by: Actor) -> Contract:
    """Ask the borrower to read the sheet that counts, once for each version; how long it was read counts from when it is opened.

    Raises NotFound (404) without a sheet, WrongState or PapersNotReady (409), MobileMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "confirm_cost_sheet")
    printing_steps.require_printed(contract)
    sheet, customer = cost_queries.require_sheet(contract), contract.customer
    if tell(TEMPLATE, customer, {"contract": contract.number}, reference=sheet.code, by=SYSTEM) is None:
        raise errors.MobileMissing(who=customer.masked_name)
    events.publish("contract.cost_sheet_offered", contract.subject, {"number": contract.number, "code": sheet.code})
    return contract
