"""What the sheet says has changed before anybody signed: print it anew."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.models import Contract, PrintRun
from chezhe.contracts.printing import steps as printing_steps
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class CostSheetSame(BusinessError):
    code = "cost_sheet_same"
    sentence = _("成本明示表的内容没有变化，不必重新出具。")


class SomebodySigned(BusinessError):
    code = "contract_partly_signed"
    sentence = _("合同 %(contract)s 已有人签署，不能再改成本明示表；须作废合同重新制作。")


@action(permissions.PREPARE, label=_("重新出具成本明示表"))
def renew_cost_sheet(*, contract_number: str, reason: str, by: Actor) -> PrintRun:
    """Have the sheet printed with what it would say now; a confirmation of the older one no longer counts.

    Raises WrongState, SomebodySigned, PapersNotReady or CostSheetSame (409), Invalid or GlyphMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "renew_cost_sheet")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明重新出具的原因。"))
    if contract.parties.filter(signed_on__isnull=False).exists():
        raise SomebodySigned(contract=contract.number)
    run = printing_steps.ask_sheet(contract, cost_queries.require_sheet(contract), reason=reason, by=by)
    if run is None:
        raise CostSheetSame()
    contract.cost_sheet_on, contract.cost_sheet_channel = None, ""
    contract.save(update_fields=["cost_sheet_on", "cost_sheet_channel"])
    moves.move(contract, CONTRACT, "renew_cost_sheet", by=by, reason=reason)
    events.publish("contract.cost_sheet_renewed", contract.subject, {"number": contract.number})
    return run
