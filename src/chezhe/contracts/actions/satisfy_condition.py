"""A condition that somebody worded is met."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.conditions import errors
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.conditions.models import ContractCondition
from chezhe.contracts.models import Contract
from chezhe.documents.steps import Upload
from chezhe.kernel import roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.SATISFY_CONDITION, label=_("登记条件已办妥"))
def satisfy_condition(*, contract_number: str, code: str, proof: str, evidence: Upload | None = None, by: Actor) -> ContractCondition:
    """Say by what it is met, with a scan where there is one; only the role whose it is can. Raises NotThisCondition (409),
    NotYourCondition (403) or ReasonRequired (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    row = ContractCondition.objects.filter(contract=contract, code=code).first()
    if row is None or not row.is_by_hand or row.lets_go:
        raise errors.NotThisCondition(contract=contract.number, label=row.label if row else code)
    if row.owner_role not in by.roles:
        raise errors.NotYourCondition(label=row.label, role=roles.LABELS[row.owner_role])
    kept = require_reason(proof, most=200)
    file = steps.keep_evidence(contract, evidence, "other", by=by) if evidence is not None else None
    met = condition_steps.satisfy(contract, code, proof=kept, evidence=file, by=by)
    assert met is not None
    return met
