"""A customer's own application: what the product lends, on the customer's own car, once, with every agreement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chezhe.compliance import steps as compliance
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel.actor import BORROWER, Actor, Reach
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.kernel.permission import held_by_outsiders
from chezhe.origination import errors, online
from chezhe.origination.actions.apply_online import apply_online
from chezhe.origination.models import Application
from chezhe.origination.online import OnlineWish
from chezhe.origination.tests.asking import TODAY, House
from chezhe.origination.tests.test_sole_traders import record
from chezhe.vehicles.tests.filing import USED

KINDS = ("credit_query", "personal_info", "sensitive_info")


def wang(house: House) -> Actor:
    return Actor(key="borrower:1", name="王*明（客户）", kind=BORROWER, permissions=held_by_outsiders(BORROWER), reach=Reach.CUSTOMER,
                 party_ids=frozenset([house.wang.pk]))


def wish(house: House, **changes: object) -> OnlineWish:
    asked = OnlineWish(
        product_code="P03", purpose="consumption", amount=Money(50_000_00), periods=24, vehicle_number=house.car.number, consents=KINDS,
        evidence="portal/1")
    return replace(asked, **changes)  # type: ignore[arg-type]


def apply(house: House, by: Actor | None = None, **changes: object) -> Application:
    return apply_online(customer_number=house.wang.number, wish=wish(house, **changes), business_date=TODAY, by=by or wang(house))


def test_it_is_a_draft_of_the_customers_branch_and_owner_filed_online(house: House) -> None:
    made = apply(house)
    assert (made.status, made.filed_through, made.owner_id, made.maker_ids) == ("draft", "online", house.wang.owner_id, [])
    assert made.amount == Money(50_000_00) and made.vehicle == house.car and made.annual_rate is not None
    assert all(compliance.require_consent(house.wang.subject, kind, TODAY).evidence == "portal/1" for kind in KINDS)
    with pytest.raises(online.AppliedAlready):
        apply(house)
    assert Application.objects.count() == 1


def test_the_customers_own_device_goes_with_it_and_one_that_says_nothing_is_refused(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        apply_online(customer_number=house.wang.number, wish=wish(house), device="a1", business_date=TODAY, by=wang(house))
    assert refused.value.code == "device_unreadable"
    made = apply_online(
        customer_number=house.wang.number, wish=wish(house), device="dv00000000000000a1", business_date=TODAY, by=wang(house))
    assert made.device == "dv00000000000000a1"


def test_whoever_runs_a_trade_applies_as_a_sole_trader(house: House) -> None:
    with pytest.raises(errors.TradeMissing):
        apply(house, product_code="P10", purpose="business")
    record(house)
    made = apply(house, product_code="P10", purpose="business")
    assert made.borrower_kind == "sole_trader" and made.trade is not None and made.trade.customer == house.wang


def test_a_car_that_is_filed_already_is_the_same_car_and_anothers_is_refused(house: House) -> None:
    made = apply(house, vehicle_number="", car=USED)
    assert made.vehicle == house.car
    other = person(OUYANG, house.lin)
    stranger = replace(wang(house), party_ids=frozenset([other.pk]))
    with pytest.raises(BusinessError):
        apply_online(
            customer_number=other.number, wish=wish(house, vehicle_number="", car=USED), business_date=TODAY, by=stranger)
    with pytest.raises(NotFound):
        apply_online(customer_number=other.number, wish=wish(house), business_date=TODAY, by=stranger)
    assert Application.objects.count() == 1


@pytest.mark.parametrize(("changes", "code"), [
    ({"consents": KINDS[:2]}, "agreement_missing"), ({"amount": Money(100)}, "amount_outside"), ({"periods": 119}, "periods_outside"),
    ({"purpose": "working_capital"}, "purpose_not_offered"), ({"vehicle_number": ""}, "car_missing"),
])
def test_what_cannot_be_is_refused_beside_its_field(changes: dict[str, object], code: str, house: House) -> None:
    with pytest.raises(BusinessError) as refused:
        apply(house, **changes)
    assert refused.value.code == code and refused.value.field and not Application.objects.exists()


def test_another_customer_cannot_apply_for_one(house: House) -> None:
    with pytest.raises(BusinessError):
        apply(house, by=replace(wang(house), party_ids=frozenset([person(OUYANG, house.lin).pk])))
    assert not Application.objects.exists()
