"""A case as a dealer files it: the customer, the car, the loan and the consents, checked by the rooms that keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.channels import errors as channel_errors
from chezhe.channels.models import Dealer
from chezhe.channels.states import DEALER as DEALER_MACHINE
from chezhe.compliance import steps as compliance_steps
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.values import PersonFacts
from chezhe.finmath.money import Money
from chezhe.identifiers import id_card
from chezhe.identifiers import vin as vins
from chezhe.kernel import crypto
from chezhe.kernel.actor import DEALER, Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.origination import queries as application_queries
from chezhe.origination import rules as application_rules
from chezhe.origination import steps as application_steps
from chezhe.origination.duplicates import OpenApplicationElsewhere
from chezhe.origination.models import Application
from chezhe.origination.owning import FollowedElsewhere
from chezhe.risk.deciding.asking import BY_DEALER
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts

REFERENCE_MAX = 60


class CustomerOfOthers(BusinessError):
    """Filed at another branch, under another name, with an application of their own, or followed by one of ours: an outsider hears of none
    of it."""

    code = "customer_exists_elsewhere"
    sentence = _("这位客户目前不能由车商提单。")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a dealer's person fills in. `consent_reference` is the number of the paper by which the customer agreed to the credit query
    and to the use of personal data."""

    person: PersonFacts
    car: VehicleFacts
    price: Money
    product_code: str
    purpose: str
    amount: Money
    periods: int
    monthly_debt: Money | None = None
    consent_reference: str

    @property
    def audit_facts(self) -> dict[str, object]:
        return {"product_code": self.product_code, "purpose": self.purpose, "amount": self.amount, "periods": self.periods}


def file(case: NewCase, *, on: date, by: Actor) -> Application:
    """A draft of the dealer's, complete but for papers; the customer's and the car's files are opened where there are none."""
    dealer = _dealer(by)
    _refuse(case)
    customer = _customer(case.person, dealer, on, by)
    version, trade = application_steps.opened_for(case.product_code, customer, on)
    if case.purpose not in version.terms.purposes:
        raise Invalid(field="purpose", code="purpose_unfit", sentence=_("所选产品不支持这个用途。"))
    for kind in application_rules.consents_needed(is_person=True, is_borrower=True):
        if not compliance_steps.has_consent(customer.subject, kind, on):
            compliance_steps.grant(
                subject=customer.subject, kind=kind, on=on, channel="paper", evidence=case.consent_reference.strip(), by=by)
    try:
        application = application_steps.begin(customer, version, filed_through=BY_DEALER, on=on, by=by, trade=trade)
    except (OpenApplicationElsewhere, FollowedElsewhere):
        raise CustomerOfOthers() from None
    application.vehicle = _car(case.car, customer, on, by)
    application.price, application.amount, application.periods = case.price, case.amount, case.periods
    application.purpose, application.monthly_debt = case.purpose, case.monthly_debt
    application.monthly_income = case.person.monthly_income or application.monthly_income
    application_steps.mark(application, by)
    application.save()
    if application_queries.price_base(application, on) is not None:
        application_steps.judged(application, on)
    return application


def _dealer(by: Actor) -> Dealer:
    """Whose person it is. Raises NotFound (404) for anybody else, DealerClosed (409)."""
    if by.kind != DEALER:
        raise NotFound(what=by.key)
    (dealer_id,) = by.party_ids
    dealer = Dealer.objects.get(pk=dealer_id)
    if dealer.status != "active":
        raise channel_errors.DealerClosed(number=dealer.number, status=DEALER_MACHINE.label(dealer.status))
    return dealer


def _refuse(case: NewCase) -> None:
    if not 0 < len(case.consent_reference.strip()) <= REFERENCE_MAX:
        raise Invalid(
            field="consent_reference", code="consent_reference_missing", sentence=_("请填写客户已签署的授权书编号，最多 60 个字。"))
    for field, money in (("price", case.price), ("amount", case.amount)):
        if money.fen <= 0:
            raise Invalid(field=field, code="amount_not_positive", sentence=_("金额须大于 0。"))
    if not 0 < case.periods <= 120:
        raise Invalid(field="periods", code="periods_out_of_range", sentence=_("期限须在 1 到 120 个月之间。"))


def _customer(facts: PersonFacts, dealer: Dealer, on: date, by: Actor) -> Customer:
    """The customer's file at the dealer's branch: the standing one of the same name and ID number, else a new one. What stands there is
    not changed by a dealer."""
    number = id_card.judge(facts.id_number, on).number
    standing = Customer.objects.filter(kind="person", id_number_hash=crypto.blind_index(number, kind="id_number")).first()
    if standing is None:
        return customer_steps.create_person(facts, branch_id=dealer.branch_id, owner_id=dealer.owner_id, on=on, by=by, source="dealer")
    if standing.branch_id != dealer.branch_id or standing.name != customer_steps.tidy_person(facts).name:
        raise CustomerOfOthers()
    return standing


def _car(facts: VehicleFacts, customer: Customer, on: date, by: Actor) -> Vehicle:
    """The car's file: the customer's own, else a new one. Raises what `vehicles.steps.register` raises for a car that is another's."""
    standing = Vehicle.objects.filter(vin=vins.normalise(facts.vin), owner=customer).first()
    return standing or vehicle_steps.register(facts, owner=customer, on=on, by=by)
