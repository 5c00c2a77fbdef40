"""Insurance with the lender as its first beneficiary: what a policy must say, and whether it covers a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.fitting_models import InsurancePolicy
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import GONE
from chezhe.documents.models import StoredFile
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, parameters
from chezhe.kernel.actor import Actor
from chezhe.vehicles.models import Vehicle

CONDITION: Final = "insurance"
GUARANTEE: Final = "loss_payee_insurance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the paper says; `valid_to` is the last day on which it is in force."""

    insurer: str
    policy_number: str
    beneficiary: str
    valid_from: date
    valid_to: date
    amount: Money
    vehicle_number: str = ""


def is_asked(contract: Contract) -> bool:
    """Whether its product wants insurance, and the day on which it was made had the duty to see it before the payout."""
    wanted = GUARANTEE in contract.product_version.terms.guarantees
    return wanted and parameters.flag("INSURANCE_BEFORE_PAYOUT", contract.prepared_on)


def standing(contract: Contract, on: date) -> bool | None:
    """For the conditions precedent: every mortgaged car is insured on a day, and together for the principal at least."""
    if contract.effective_on is not None or not is_asked(contract):
        return None
    in_force = [one for one in InsurancePolicy.objects.filter(contract=contract) if one.covers(on)]
    best = {one.vehicle_id: max(other.amount for other in in_force if other.vehicle_id == one.vehicle_id) for one in in_force}
    cars = set(_cars(contract))
    return cars <= set(best) and sum((best[car].fen for car in cars), 0) >= contract.principal.fen


def _cars(contract: Contract) -> list[int]:
    rows = Mortgage.objects.filter(Q(contract=contract) | Q(further_of=contract)).exclude(status__in=GONE)
    return list(rows.values_list("vehicle_id", flat=True))


def require_fit(contract: Contract, vehicle: Vehicle, said: Policy, on: date) -> None:
    """Raises InsuranceUnfit (422) with the one thing that a policy lacks."""
    lender = compliance_queries.lender().name
    for field, value, most in (("insurer", said.insurer, 60), ("policy_number", said.policy_number, 40)):
        if not value.strip() or len(value) > most:
            raise errors.InsuranceUnfit(field, _("请按保险单填写。"))
    if said.beneficiary.strip() != lender:
        raise errors.InsuranceUnfit("beneficiary", _("第一受益人须为%(lender)s，请客户到保险公司批改后重新上传。"), lender=lender)
    if said.valid_to < said.valid_from:
        raise errors.InsuranceUnfit("valid_to", _("保险止期不能早于起期。"))
    if said.valid_to < on:
        raise errors.InsuranceUnfit("valid_to", _("保险已于 %(to)s 到期，不覆盖放款日。"), to=said.valid_to)
    if said.amount.fen <= 0:
        raise errors.InsuranceUnfit("amount", _("请填写保险金额。"))
    if _cars(contract) == [vehicle.pk] and said.amount < contract.principal:
        raise errors.InsuranceUnfit(
            "amount", _("保险金额 %(amount)s 低于贷款本金 %(principal)s。"), amount=said.amount, principal=contract.principal)
    rows = InsurancePolicy.objects.filter(insurer=said.insurer.strip(), policy_number=said.policy_number.strip().upper())
    if rows.exclude(vehicle=vehicle).exists():
        raise errors.InsuranceUnfit("policy_number", _("这张保单已登记在另一辆车名下，请核对保单号。"))
    if rows.filter(contract=contract).exists():
        raise errors.InsuranceUnfit("policy_number", _("这张保单已登记，不必重复登记。"))


def record(contract: Contract, vehicle: Vehicle, said: Policy, file: StoredFile, on: date, *, by: Actor) -> InsurancePolicy:
    """Write down a policy that is fit; with the last car's the condition of a locked contract is met."""
    made = InsurancePolicy.objects.create(
        contract=contract, vehicle=vehicle, insurer=said.insurer.strip(), policy_number=said.policy_number.strip().upper(),
        beneficiary=said.beneficiary.strip(), valid_from=said.valid_from, valid_to=said.valid_to, amount=said.amount, file=file,
        recorded_at=clock.now(), recorded_by_name=by.name)
    events.publish("insurance.recorded", contract.subject, {
        "contract": contract.number, "vehicle": vehicle.number, "until": said.valid_to.isoformat()})
    if standing(contract, on):
        condition_steps.satisfy(contract, CONDITION, proof=made.policy_number, by=by)
    return made


def of_contract(contract: Contract) -> list[InsurancePolicy]:
    """The policies on its cars, newest first."""
    return list(contract.policies.select_related("vehicle", "file").order_by("-pk"))
