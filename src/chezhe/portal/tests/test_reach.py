"""An outsider reaches what is the customer's or the dealer's own, and nothing else: every table, the hot paths, the permissions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps

from chezhe.channels.tests.dealing import HARBOUR, dealer
from chezhe.contracts.models import Contract, ContractParty, Disbursement, Mortgage
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, SHAN, person
from chezhe.kernel import clock, handles, permission
from chezhe.kernel.action import require_fresh_code
from chezhe.kernel.actor import BORROWER, DEALER, OUTSIDERS, Actor, Reach
from chezhe.kernel.errors import NotFound, NotPermitted, StepUpRequired
from chezhe.origination import queries as origination_queries
from chezhe.origination import steps as origination_steps
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.portal.tests.outside import customer_actor, dealer_actor
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank
from chezhe.staff.models import Branch
from chezhe.vehicles.models import Vehicle

OWN = {
    BORROWER: {"customers.Customer", "vehicles.Vehicle", "origination.Application", "contracts.Contract", "contracts.Mortgage",
               "contracts.Disbursement", "servicing.Loan", "payments.Mandate", "contracts.SigningLink", "contracts.Signing",
               "servicing.LoanDebit", "servicing.SettlementAsk", "contracts.Release"},
    DEALER: {"customers.Customer", "vehicles.Vehicle", "origination.Application", "contracts.Contract", "contracts.Mortgage",
             "contracts.Disbursement", "servicing.Loan", "channels.CommissionPlan", "servicing.CommissionLine",
             "servicing.CommissionStatement"},
}
# What outsiders may do, reviewed: a new one is a decision (kernel.permission).
HELD = {
    BORROWER: {
        "origination.view", "contracts.view", "contracts.sign_papers", "servicing.view",
        # Applying, supplementing, answering an offer, asking for people instead of the machine.
        "origination.write_application", "origination.accept_offer", "origination.contest_decision", "documents.upload", "leads.enquire",
        # The costs, and what is the customer's alone on the own loan.
        "contracts.read_cost_sheet", "contracts.confirm_cost_sheet", "servicing.debit_now", "servicing.ask_settlement",
        "servicing.print_loan_paper", "payments.sign_mandate",
        # Consents, complaints, ratings.
        "compliance.grant_consent", "compliance.withdraw_consent", "compliance.file_complaint", "compliance.close_complaint", "portal.rate",
    },
    DEALER: {"origination.view", "contracts.view", "origination.write_application", "documents.upload", "portal.file_case",
             "servicing.view_commission"},
}


def scoped() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]


def nobodys(kind: str) -> Actor:
    """With the ids of every customer and dealer there is: what is open to it is open by declaration alone."""
    return Actor(key="x", name="x", kind=kind, reach=Reach.CUSTOMER if kind == BORROWER else Reach.DEALER, party_ids=frozenset(range(1, 500)))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OUTSIDERS)
def test_a_table_that_names_no_owner_outside_shows_outsiders_nothing(kind: str, loan: Loan) -> None:
    assert len(scoped()) > 40
    for model in scoped():
        label = f"{model._meta.app_label}.{model._meta.object_name}"
        asked = model._default_manager.visible_to(nobodys(kind))
        assert asked.query.is_empty() == (label not in OWN[kind]), label


@pytest.mark.parametrize("kind", OUTSIDERS)
def test_outsiders_hold_what_was_reviewed_and_no_more(kind: str) -> None:
    assert permission.held_by_outsiders(kind) == HELD[kind]


def test_only_known_outsiders_can_be_named() -> None:
    with pytest.raises(ValueError, match="unknown outsiders"):
        permission.permission("portal.nothing", "x", [], outsiders=["passer-by"])
    assert "portal.nothing" not in permission.REGISTRY


def test_two_customers_each_see_their_own_by_every_way(loan: Loan, bank: Bank) -> None:
    other = person(OUYANG, bank.cast.lin)
    wang, ouyang = customer_actor(bank.wang), customer_actor(other)
    application, contract = loan.contract.application, loan.contract
    assert application is not None
    for round_trip in range(2):  # what is composed the first time is asked again with another's ids
        for rows, own in [
            (Application.objects, application), (Contract.objects, contract), (Loan.objects, loan), (Customer.objects, bank.wang),
            (Vehicle.objects, contract.vehicle), (Mortgage.objects, contract.mortgage),
        ]:
            assert own in rows.visible_to(wang) and own not in rows.visible_to(ouyang), (rows.model, round_trip)
        assert not Disbursement.objects.visible_to(ouyang).exists()
        assert origination_queries.open_subject(wang, application.number).number == application.number
        assert customer_queries.open_subject(ouyang, other.number).number == other.number
        assert loan_queries.locked(loan.number, wang) == loan and origination_steps.lock(application.number, wang) == application
        for refused in (
            lambda: origination_queries.open_subject(ouyang, application.number), lambda: loan_queries.locked(loan.number, ouyang),
            lambda: customer_queries.open_subject(ouyang, bank.wang.number), lambda: origination_steps.lock(application.number, ouyang),
        ):
            with pytest.raises(NotFound):
                refused()


def test_a_co_borrower_sees_the_case_once_and_a_guarantor_does_not(loan: Loan, bank: Bank) -> None:
    application, contract = loan.contract.application, loan.contract
    assert application is not None
    joint, surety = person(OUYANG, bank.cast.lin), person(SHAN, bank.cast.lin)
    for who, role in ((joint, "co_borrower"), (surety, "guarantor")):
        application.parties.create(customer=who, role=role)
        ContractParty.objects.create(contract=contract, customer=who, role=role)
    ContractParty.objects.create(contract=contract, customer=bank.wang, role="borrower")
    with_us, standing_surety = customer_actor(joint), customer_actor(surety)
    assert list(Application.objects.visible_to(with_us)) == [application] and list(Loan.objects.visible_to(with_us)) == [loan]
    assert Contract.objects.visible_to(with_us).lock(contract.number) == contract
    assert bank.wang not in Customer.objects.visible_to(with_us)
    for rows in (Application.objects, Contract.objects, Loan.objects):
        assert not rows.visible_to(standing_surety).exists()


def test_a_dealers_people_see_the_dealers_cases_alone(loan: Loan, bank: Bank) -> None:
    ours = dealer(bank.cast.gao)
    other = dealer(bank.cast.gao, replace(HARBOUR, uscc="91330327MATEYA4L22"))
    application = loan.contract.application
    assert application is not None
    Application.objects.filter(pk=application.pk).update(dealer=ours)
    sun, shen = dealer_actor(ours, bank.cast.gao), dealer_actor(other, bank.cast.gao, mobile="15488889999")
    for rows in (Application.objects, Contract.objects, Loan.objects, Customer.objects, Vehicle.objects):
        assert rows.visible_to(sun).count() == 1 and not rows.visible_to(shen).exists(), rows.model
    assert origination_steps.lock(application.number, sun) == application


def test_an_outsider_is_nobody_of_the_staff(bank: Bank) -> None:
    wang = customer_actor(bank.wang)
    assert wang.user_id is None and not wang.user_ids and not wang.sees_whole_house and wang.branch_id is None
    assert "王小明" not in wang.name and wang.name.startswith("王")
    assert not Branch.objects.visible_to(wang).exists()
    with pytest.raises(NotPermitted):
        withdraw_application(application_number="A26-000001-7", reason="x", by=wang)


def test_a_case_filed_by_a_dealers_person_is_the_dealers(bank: Bank) -> None:
    ours = dealer(bank.cast.gao)
    sun = dealer_actor(ours, bank.cast.gao)
    assert origination_steps.dealer_of(None, sun) == ours.pk and origination_steps.dealer_of(None, bank.cast.lin) is None


def test_money_asks_an_outsider_for_a_fresh_code_too(bank: Bank) -> None:
    wang = customer_actor(bank.wang)
    with pytest.raises(StepUpRequired):
        require_fresh_code(wang)
    require_fresh_code(wang.stepping_up(clock.now()))


def test_a_handle_names_what_it_was_made_for_and_nothing_can_be_made_of_it() -> None:
    one, two = handles.handle_of("loan:L26-000001-7"), handles.handle_of("loan:L26-000001-7")
    assert one != two and "L26" not in one and len(one) > 40
    assert handles.subject_of(one) == handles.subject_of(two) == "loan:L26-000001-7" and handles.subject_of(one, "loan") == "L26-000001-7"
    for wrong in ("", "x", one[:-2], one[:20] + ("A" if one[20] != "A" else "B") + one[21:], "é", "=" * 40, "azE6"):
        with pytest.raises(NotFound):
            handles.subject_of(wrong)
    with pytest.raises(NotFound):
        handles.subject_of(one, "contract")
