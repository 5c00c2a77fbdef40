"""Registering a mortgage: one order for each registry, their last day, and what a receipt changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, rules
from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.models import REGISTRATION_PREFIX, REGISTRIES, VEHICLE_OFFICE, RegistrationOrder
from chezhe.contracts.collateral.states import OPEN, REGISTRATION
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract, ContractCondition, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.documents.models import StoredFile
from chezhe.kernel import events, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid

PURCHASE = "purchase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the receipt of a registry says."""

    office: str
    receipt_number: str
    registered_on: date


def orders(actor: Actor) -> QuerySet[RegistrationOrder]:
    """Every order inside somebody's reach, with what a row shows."""
    rows = RegistrationOrder.objects.visible_to(actor)
    return rows.select_related("contract__customer", "contract__branch", "mortgage__vehicle", "receipt")


def open_orders(actor: Actor) -> QuerySet[RegistrationOrder]:
    """登记待办: whoever's receipt is not here yet, the most urgent first."""
    return orders(actor).filter(status__in=OPEN).order_by("due_on", "id")


def of_contract(contract: Contract) -> list[RegistrationOrder]:
    """The orders of a contract, without those that nobody needs any more."""
    return list(RegistrationOrder.objects.filter(contract=contract).exclude(status="dropped").select_related("mortgage__vehicle"))


def waits(contract_number: str) -> bool:
    """Whether a signed contract has a mortgage that is not registered yet."""
    waiting = Q(mortgage__status="proposed") | Q(further_mortgages__status="proposed")
    return Contract.objects.filter(waiting, number=contract_number, signed_on__isnull=False, status__in=["signed", "effective"]).exists()


def require_none_refused(contract: Contract) -> None:
    """Raises RegistrationRefused (409) while a registry's refusal of a mortgage that still waits stands: whoever put the registration off
    did not know of it."""
    rows = RegistrationOrder.objects.filter(contract=contract, status="refused", registry=VEHICLE_OFFICE, mortgage__status="proposed")
    refused = rows.first()
    if refused is not None:
        raise errors.RegistrationRefused(number=refused.number, registry=refused.get_registry_display(), reason=refused.refusal)


def held(number: str, by: Actor) -> RegistrationOrder:
    """An order with its contract and itself locked, in the order in which everybody locks them. Raises NotFound (404)."""
    rows = RegistrationOrder.objects.visible_to(by)
    Contract.objects.lock(rows.select_related("contract").fetch(number).contract.number)
    return rows.select_related("contract", "mortgage").lock(number)


def mortgages_of(contract: Contract) -> list[Mortgage]:
    """Its own and those of further cars, locked."""
    rows = Mortgage.objects.select_for_update(of=("self",), no_key=True)
    own = rows.select_related("vehicle", "contract__application").filter(contract=contract)
    further = rows.select_related("vehicle", "further_of__application").filter(further_of=contract)
    return [*own, *further.order_by("pk")]


def ensure(contract: Contract, on: date, *, by: Actor) -> list[RegistrationOrder]:
    """An order at each registry for every mortgage of a locked contract that waits to be registered; those made before are told their
    last day anew. Raises NotSigned or NothingToRegister (409)."""
    if contract.signed_on is None:
        raise errors.NotSigned()
    waiting = [secured for secured in mortgages_of(contract) if secured.status == "proposed"]
    if contract.status not in ("signed", "effective") or not waiting:
        raise errors.NothingToRegister(contract=contract.number)
    return [_ensured(contract, secured, registry, on, by) for secured in waiting for registry, _label in REGISTRIES]


def _ensured(contract: Contract, secured: Mortgage, registry: str, on: date, by: Actor) -> RegistrationOrder:
    standing = RegistrationOrder.objects.filter(mortgage=secured, registry=registry).exclude(status="dropped")
    found = standing.select_for_update(no_key=True).first()
    due = last_day(contract, secured)
    if found is not None:
        if found.is_open and found.due_on != due:
            found.due_on = due
            found.save(update_fields=["due_on"])
        return found
    made = RegistrationOrder.objects.create(
        number=numbers.next_number(REGISTRATION_PREFIX, on), registry=registry, contract=contract, mortgage=secured, due_on=due,
        made_on=on, made_by_name=by.name)
    moves.record(made.subject, "make", "", made.status, by=by)
    return made


def last_day(contract: Contract, secured: Mortgage) -> date | None:
    """Until when a mortgage is to be registered: for a car bought with the loan so many days after its delivery (民法典 §416; as long as
    nobody wrote that down, after the signature), for others as the conditions precedent; never after the day until which it was put off.

    The day of delivery does not count (§201). A last day on a holiday is not moved (§203), which errs on the safe side.
    """
    ends = [_purchase_money(contract, secured) if is_purchase(contract) else condition_queries.planned_for(contract, contract.prepared_on)]
    put_off = ContractCondition.objects.filter(contract=contract, code=rules.MORTGAGE, waived_at__isnull=False, put_off_until__isnull=False)
    known = [day for day in (*ends, *put_off.values_list("put_off_until", flat=True)) if day is not None]
    return min(known, default=None)


def is_purchase(contract: Contract) -> bool:
    """Whether the loan pays the price of the car."""
    return contract.application is not None and contract.application.purpose == PURCHASE


def _purchase_money(contract: Contract, secured: Mortgage) -> date | None:
    counted_from = secured.delivered_on or contract.signed_on
    found = parameters.find("PMSI_REGISTER_DAYS", counted_from) if counted_from else None
    return counted_from + timedelta(days=int(found.value)) if counted_from and found else None


def require_receipt(said: Registration) -> None:
    """Raises Invalid (422) for a receipt without its number or its office."""
    for field, value, limit in (("receipt_number", said.receipt_number, 40), ("office", said.office, 60)):
        if not value.strip() or len(value) > limit:
            raise Invalid(field=field, code=f"{field}_invalid", sentence=_("请按回执填写。"))


def require_unused(said: Registration, order: RegistrationOrder) -> None:
    """Raises ReceiptOfAnother (422): one receipt registers one mortgage."""
    rows = RegistrationOrder.objects.filter(registry=order.registry, receipt_number=said.receipt_number.strip(), status="accepted")
    other = rows.exclude(mortgage=order.mortgage).filter(office=said.office.strip()).first()
    if other is not None:
        raise errors.ReceiptOfAnother(receipt=said.receipt_number.strip(), number=other.number)


def note_registered(contract: Contract, secured: Mortgage, said: Registration, *, by: Actor) -> None:
    """The vehicle office has noted a locked mortgage: what counts for the payout. Raises WrongState (409)."""
    MORTGAGE.require(secured.status, "register")
    secured.office, secured.receipt_number = said.office.strip(), said.receipt_number.strip()
    secured.registered_on = said.registered_on
    secured.save(update_fields=["office", "receipt_number", "registered_on"])
    moves.move(secured, MORTGAGE, "register", by=by)
    own = Mortgage.objects.get(contract=contract)
    if own.status != "proposed" and not casework.waits_along(contract):
        condition_steps.satisfy(contract, rules.MORTGAGE, proof=secured.receipt_number, by=by)
    events.publish("mortgage.registered", secured.subject, {"contract": contract.number, "on": said.registered_on.isoformat()})


def accept(order: RegistrationOrder, verb: str, said: Registration, receipt: StoredFile, *, valid_until: date | None, by: Actor) -> None:
    """A locked order has its receipt. Raises WrongState (409)."""
    REGISTRATION.require(order.status, verb)
    order.office, order.receipt_number, order.accepted_on = said.office.strip(), said.receipt_number.strip(), said.registered_on
    order.valid_until, order.receipt = valid_until, receipt
    order.save(update_fields=["office", "receipt_number", "accepted_on", "valid_until", "receipt"])
    moves.move(order, REGISTRATION, verb, by=by, reason=order.receipt_number)
    events.publish("registration.accepted", order.subject, {
        "contract": order.contract.number, "registry": order.registry, "on": said.registered_on.isoformat()})


def record_at_office(secured: Mortgage, said: Registration, receipt: StoredFile, *, by: Actor) -> None:
    """The receipt of the vehicle office came in at the counter: the order there is for it, if any, is done."""
    rows = RegistrationOrder.objects.select_for_update(of=("self",), no_key=True).select_related("contract")
    order = rows.filter(mortgage=secured, registry=VEHICLE_OFFICE, status__in=OPEN).first()
    if order is not None:
        accept(order, "record", said, receipt, valid_until=None, by=by)


def drop(secured: Mortgage, reason: str, *, by: Actor) -> None:
    """A locked mortgage will not be registered: its open orders go."""
    for order in RegistrationOrder.objects.select_for_update(no_key=True).filter(mortgage=secured, status__in=OPEN):
        moves.move(order, REGISTRATION, "drop", by=by, reason=reason[:200])
