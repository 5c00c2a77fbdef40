"""The policy of a mortgaged car is here."""

from __future__ import annotations

from datetime import date

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import insuring
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.models import Contract, InsurancePolicy
from chezhe.contracts.states import CONTRACT
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RECORD_POLICY)
def record_policy(*, contract_number: str, policy: Policy, evidence: Upload | None, business_date: date, by: Actor) -> InsurancePolicy:
    """Record a policy with its scan: the lender is its first beneficiary, it has not run out, and it is worth the loan. Raises NotFound
    (404), WrongState (409), InsuranceUnfit, EvidenceMissing or a FileRefused (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "secure")
    vehicle = steps.mortgage_of(contract, policy.vehicle_number).vehicle
    insuring.require_fit(contract, vehicle, policy, business_date)
    file = steps.keep_evidence(contract, evidence, "insurance_policy", by=by)
    return insuring.record(contract, vehicle, policy, file, business_date, by=by)
