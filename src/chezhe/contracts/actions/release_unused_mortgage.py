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
    """Ask for the release of every registered mortgage of a contract under which nothing is owed, whichever of its cars it is; what is not
    registered yet will not be. Gives the contract's own. Raises LoanStands or, where nothing is registered, WrongState (409)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    every = [steps.mortgage_of(contract), *steps.further_mortgages(contract)]
    if not any(secured.status == "registered" for secured in every):
        MORTGAGE.require(every[0].status, "request_release")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明解押原因。"))
    if contract.status != "signed" or Disbursement.objects.filter(contract=contract).exclude(status="cancelled").exists():
        raise LoanStands()
    for secured in every:
        steps.let_go(secured, reason.strip(), by=by)
    return every[0]
