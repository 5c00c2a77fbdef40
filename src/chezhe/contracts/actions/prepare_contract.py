"""The customer has accepted: make the contract set."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, permissions, steps
from chezhe.contracts.models import CONTRACT_PREFIX, Contract, ContractParty, Mortgage
from chezhe.contracts.papers.facts import LIABLE
from chezhe.contracts.papers.words import EDITION
from chezhe.contracts.printing import steps as printing_steps
from chezhe.customers.models import BankAccount
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Rates
from chezhe.kernel import events, locks, moves, numbers, values
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import agreeing, cars
from chezhe.origination import steps as application_steps
from chezhe.origination.interviewing import steps as interview_steps
from chezhe.origination.models import Application
from chezhe.origination.offers import conditions as approval_conditions
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import conditions
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.vehicles.models import Vehicle


@action(permissions.PREPARE, label=_("制作整套合同"))
def prepare_contract(
    *, application_number: str, account_id: int | None = None, payout_on: date | None = None, business_date: date, by: Actor
) -> Contract:
    """Fix the terms of an accepted application, check the caps once more and have the whole set of papers printed. Every car of the
    application is mortgaged.

    `account_id` is one of the borrower's own accounts (default: the main one), `payout_on` the expected day of payout.
    Raises NotAccepted, ApprovalExpired, BusinessHeld, GuarantorNeeded, ConditionsOpen, InterviewMissing, ContractStands,
    VehicleMortgaged or CapExceeded (409), AccountUnfit, FactMissing, GlyphMissing or WordsMissing (422).
    """
    application = Application.objects.visible_to(by).lock(application_number)
    further = cars.of(application)
    _require_ready(application, further, business_date)
    agreeing.require_free(application, by=by)
    agreeing.require_guarantor(application)
    approval_conditions.require_met(application, approval_conditions.CONTRACT)
    interview_steps.require_held(application, business_date)
    account = _account(application, account_id)
    start = payout_on or business_date
    steps.require_day("payout_on", start, first=business_date, last=application.approval_expires_on or start)
    terms = casework.fixed(casework.terms_of(application, start), application, business_date)
    rates = casework.within_caps(application, terms, business_date)
    contract = _write(application, further, account, terms, rates, business_date, by)
    application_steps.bind(application, "made")
    printing_steps.ask_set(contract, by=by)
    moves.record(contract.subject, "prepare", "", contract.status, by=by)
    events.publish("contract.prepared", contract.subject, {"number": contract.number, "application": application.number})
    return contract


def _require_ready(application: Application, further: list[Vehicle], on: date) -> None:
    if application.status != "accepted":
        raise errors.NotAccepted(number=application.number, status=APPLICATION.label(application.status))
    if application.approval_expires_on and on > application.approval_expires_on:
        raise errors.ApprovalExpired(expired_on=application.approval_expires_on)
    standing = Contract.objects.filter(application=application).exclude(status="void").first()
    if standing:
        raise errors.ContractStands(application=application.number, number=standing.number)
    # Two applications of one car are locked apart, so the cars themselves are held.
    locks.hold_all(f"mortgage:{car.pk}" for car in (application.vehicle, *further))
    steps.require_unpledged(application.vehicle, but=application.refinances)
    for car in further:
        steps.require_unpledged(car)


def _account(application: Application, account_id: int | None) -> BankAccount:
    own = BankAccount.objects.filter(customer=application.customer, closed_at__isnull=True)
    found = own.filter(pk=account_id).first() if account_id else own.order_by("-is_main", "id").first()
    if found is None or found.holder_name != application.customer.name:
        raise errors.AccountUnfit()
    return found


def _write(
    application: Application, further: list[Vehicle], account: BankAccount, terms: ContractTerms, rates: Rates, on: date, by: Actor,
) -> Contract:
    plan, asked = terms.plan, conditions.of_subject(application.subject)
    contract = Contract.objects.create(
        number=numbers.next_number(CONTRACT_PREFIX, on), application=application, customer=application.customer,
        vehicle=application.vehicle, product_version=application.product_version, account=account, branch_id=application.branch_id,
        owner_id=application.owner_id, terms=values.to_json(terms), principal=Money(plan.principal_fen),
        annual_rate=plan.annual_rate or plan.flat_annual_rate, periods=plan.periods, all_in_rate=rates.all_in_simple,
        edition=EDITION, approval_expires_on=application.approval_expires_on, prepared_on=on, prepared_by_ids=sorted(by.user_ids),
        prepared_by_name=by.name, needs_cost_sheet=casework.needs_cost_sheet(application, on), gps_wired=asked.gps_wired,
        gps_wireless=asked.gps_wireless,
    )
    signers = [(application.customer, "borrower"), *((party.customer, party.role) for party in application.parties.all())]
    liable = {customer.pk for customer, role in signers if role in LIABLE}
    signers += [(surety, "guarantor") for surety in guarantee_queries.guarantors_of(application.subject) if surety.pk not in liable]
    for owner in (application.vehicle.owner, *(car.owner for car in further)):
        if owner.pk not in {customer.pk for customer, _role in signers}:
            signers.append((owner, "mortgagor"))
    ContractParty.objects.bulk_create([ContractParty(contract=contract, customer=customer, role=role) for customer, role in signers])
    older = Mortgage.objects.filter(vehicle=application.vehicle, contract__number=application.refinances, status="registered").first()
    Mortgage.objects.create(contract=contract, vehicle=application.vehicle, follows=older)
    for car in further:
        steps.secure(contract, car, by=by)
    return contract
