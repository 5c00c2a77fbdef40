"""Contracts that another lender or another system had concluded: in force already, with their number and their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.contracts.models import CONTRACT_PREFIX, Contract, ContractParty, Mortgage
from chezhe.customers.models import BankAccount, Customer
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.kernel import bulk, clock, numbers, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import StatusMove
from chezhe.products.models import ProductVersion
from chezhe.vehicles.models import Vehicle

EDITION = "old"


@dataclass(frozen=True, slots=True)
class Registered:
    """The registration of the mortgage, as the vehicle office's receipt says."""

    office: str
    receipt_number: str
    on: date


@dataclass(frozen=True, slots=True)
class OldContract:
    """What was agreed elsewhere: `terms` are those of the plan that runs from now on, `principal` and `periods` of the beginning."""

    old_number: str
    signed_on: date
    paid_out_on: date
    account: BankAccount
    vehicle: Vehicle
    version: ProductVersion
    branch_id: int
    owner_id: int
    terms: ContractTerms
    principal: Money
    periods: int
    mortgage: Registered | None = None
    # Who signed beside the borrower, and as what.
    parties: tuple[tuple[Customer, str], ...] = ()


def take_over_all(old: Sequence[OldContract], *, on: date, by: Actor) -> list[Contract]:
    """The contracts in the order given, each with its borrower, who else signed, and its mortgage, registered or still to be."""
    given = numbers.next_numbers(CONTRACT_PREFIX, on, len(old)) if old else []
    made = [_contract(one, number, on, by) for one, number in zip(old, given, strict=True)]
    bulk.insert(made)
    bulk.insert([
        ContractParty(contract=contract, customer_id=contract.customer_id, role="borrower", signed_on=contract.signed_on)
        for contract in made
    ])
    bulk.insert([
        ContractParty(contract=contract, customer=customer, role=role, signed_on=contract.signed_on)
        for contract, one in zip(made, old, strict=True) for customer, role in one.parties
    ])
    bulk.insert([_mortgage(contract, one) for contract, one in zip(made, old, strict=True)])
    bulk.insert([
        StatusMove(subject=contract.subject, verb="take_over", status_from="", status_to=contract.status, actor_key=by.key,
                   actor_name=by.name, reason=contract.old_number, moved_at=clock.now())
        for contract in made
    ])
    return made


def _contract(old: OldContract, number: str, on: date, by: Actor) -> Contract:
    plan = old.terms.plan
    return Contract(
        number=number, status="effective", taken_over_on=on, old_number=old.old_number, customer_id=old.account.customer_id,
        vehicle=old.vehicle, product_version=old.version, account=old.account, branch_id=old.branch_id, owner_id=old.owner_id,
        terms=values.to_json(old.terms), principal=old.principal, annual_rate=plan.annual_rate or plan.flat_annual_rate,
        periods=old.periods, edition=EDITION, prepared_on=old.signed_on, prepared_by_ids=sorted(by.user_ids), prepared_by_name=by.name,
        needs_cost_sheet=False, signed_on=old.signed_on, effective_on=old.paid_out_on,
    )


def _mortgage(contract: Contract, old: OldContract) -> Mortgage:
    secured = Mortgage(contract=contract, vehicle=old.vehicle)
    if old.mortgage is not None:
        secured.status, secured.office = "registered", old.mortgage.office
        secured.receipt_number, secured.registered_on = old.mortgage.receipt_number, old.mortgage.on
    return secured
