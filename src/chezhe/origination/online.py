"""An application that a customer begins alone, on a phone: what is asked for, on which car, and with which agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import labels
from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel import locks
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.origination import cars, rules
from chezhe.origination.models import Application
from chezhe.origination.states import OPEN, until_paid
from chezhe.products.rules import ProductTerms
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts


class AppliedAlready(BusinessError):
    code = "applied_already"
    sentence = _("这辆车已有一笔办理中的申请，请在首页查看进度，不必重复申请。")


class AgreementMissing(BusinessError):
    code = "agreement_missing"
    http_status = 422
    field = "consents"
    sentence = _("申请前须同意“%(kind)s”，否则我们不能受理。")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineWish:
    """What the customer asks for. The car is one on file (`vehicle_number`) or a new one (`car`). Each of the `consents` was
    agreed to by itself; `evidence` is our own number of that. `monthly_debt` is what the customer says to pay other lenders each month;
    who does not say is looked at by a person. `monthly_income` takes the place of what is on file."""

    product_code: str
    purpose: str
    amount: Money
    periods: int
    vehicle_number: str = ""
    car: VehicleFacts | None = None
    price: Money | None = None
    monthly_income: Money | None = None
    monthly_debt: Money | None = None
    consents: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def audit_facts(self) -> dict[str, Any]:
        return {"product_code": self.product_code, "amount": self.amount, "periods": self.periods}


def require_fits(terms: ProductTerms, wish: OnlineWish) -> None:
    """Raises Invalid (422), beside its field, for what the product does not lend."""
    if wish.purpose not in terms.purposes:
        raise Invalid(field="purpose", code="purpose_not_offered", sentence=_("这个产品不用于所选的用途。"))
    if not terms.amount_min <= wish.amount <= terms.amount_max:
        raise Invalid(
            field="amount", code="amount_outside", sentence=_("金额须在 %(least)s 与 %(most)s 元之间。"),
            least=terms.amount_min.format(grouped=True), most=terms.amount_max.format(grouped=True))
    if not terms.periods_min <= wish.periods <= terms.periods_max:
        raise Invalid(
            field="periods", code="periods_outside", sentence=_("期限须在 %(least)s 与 %(most)s 个月之间。"), least=terms.periods_min,
            most=terms.periods_max)


def wanted_of(customer: Customer, on: date) -> list[str]:
    """The agreements that an application of this customer rests on, and that do not stand yet."""
    kinds = rules.consents_needed(is_person=customer.is_person, is_borrower=True)
    return [kind for kind in kinds if not compliance.has_consent(customer.subject, kind, on)]


def agree(customer: Customer, wish: OnlineWish, on: date, *, by: Actor) -> None:
    """Put each agreement into the ledger by itself. Raises AgreementMissing (422) when one is not given."""
    for kind in wanted_of(customer, on):
        if kind not in wish.consents:
            raise AgreementMissing(kind=dict(labels.CONSENT_KINDS)[kind])
        compliance.grant(subject=customer.subject, kind=kind, on=on, channel="online", evidence=wish.evidence, by=by)


def car_of(customer: Customer, wish: OnlineWish, on: date, *, by: Actor) -> Vehicle:
    """The customer's car that is meant, put on file if it is not there.

    Raises NotFound (404), Invalid (422), and what registering raises for a car that somebody else has on file.
    """
    if wish.vehicle_number:
        return Vehicle.objects.visible_to(by).filter(owner=customer).fetch(wish.vehicle_number)
    if wish.car is None:
        raise Invalid(field="vin", code="car_missing", sentence=_("请选择车辆，或填写车架号。"))
    facts = vehicle_steps.tidy(wish.car)
    locks.hold(f"vin:{facts.vin}")
    known = Vehicle.objects.filter(owner=customer, vin=facts.vin).first()
    return known or vehicle_steps.register(facts, owner=customer, on=on, by=by)


def require_once(car: Vehicle) -> None:
    """Raises AppliedAlready (409) while an application on this car is under way, whether handed in or not."""
    locks.hold(car.subject)
    under_way = until_paid(OPEN)
    if Application.objects.filter(under_way, cars.with_car(car)).exists():
        raise AppliedAlready()
