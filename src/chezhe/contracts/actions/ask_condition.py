"""Somebody wants one more thing before the money of a contract leaves."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.conditions.models import ContractCondition
from chezhe.contracts.models import Contract
from chezhe.kernel import roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.ASK_CONDITION)
def ask_condition(
    *, contract_number: str, label: str, owner_role: str, due_on: date | None = None, business_date: date, by: Actor
) -> ContractCondition:
    """Word a condition, say whose it is and until when; no money leaves before it is met or waived. Raises ContractBegun (409) or
    Invalid (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    wording = label.strip()
    if not 2 <= len(wording) <= 100:
        raise Invalid(field="label", code="label_invalid", sentence=_("请写明条件，2 到 100 个字。"))
    if owner_role not in roles.LABELS:
        raise Invalid(field="owner_role", code="role_unknown", sentence=_("请选择由哪个岗位办理。"))
    if due_on is not None and due_on < business_date:
        raise Invalid(field="due_on", code="day_past", sentence=_("期限不能早于业务日期。"))
    place = contract.own_conditions.filter(code__startswith="own_").count() + 1
    return condition_steps.ask(contract, f"own_{place}", label=wording, owner_role=owner_role, due_on=due_on, by=by)
