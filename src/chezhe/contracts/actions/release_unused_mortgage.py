"""A registered mortgage must go although no money was paid: the deal fell through."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.models import Contract, Disbursement, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class LoanStands(BusinessError):
    code = "loan_stands"
    sentence = _("合同已放款或正在放款，须在贷款结清后解押。")


@action(permissions.MORTGAGE, label=_("申请解押"))
def release_unused_mortgage(*, contract_number: str, reason: str, by: Actor) -> Mortgage:
    """Ask for the release of a mortgage under which nothing is owed. Raises LoanStands or WrongState (409)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    secured = steps.mortgage_of(contract)
    MORTGAGE.require(secured.status, "request_release")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明解押原因。"))
    if contract.status != "signed" or Disbursement.objects.filter(contract=contract).exclude(status="cancelled").exists():
        raise LoanStands()
    for further in steps.further_mortgages(contract):
        if further.status == "registered":
            steps.ask_release(further, reason.strip(), by=by)
    return steps.ask_release(secured, reason.strip(), by=by)
