"""From an accepted application to a signed contract and a registered mortgage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from chezhe.compliance.steps import CapExceeded
from chezhe.contracts import errors, queries
from chezhe.contracts.actions.confirm_cost_sheet import CostSheetConfirmed, confirm_cost_sheet
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import NotSigned, Registration, register_mortgage
from chezhe.contracts.actions.release_unused_mortgage import LoanStands, release_unused_mortgage
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import MortgageRegistered, PayoutUnderWay, void_contract
from chezhe.contracts.models import Contract, ContractPaper, Disbursement, Mortgage
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, another_account, scan
from chezhe.contracts.tests.printing import printed
from chezhe.customers.models import BankAccount
from chezhe.documents import queries as document_queries
from chezhe.documents.papers.press import GlyphMissing
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import Event, Parameter, StatusMove
from chezhe.kernel.testing import WU, moment
from chezhe.origination.interviewing.errors import InterviewMissing
from chezhe.origination.models import Application

pytestmark = pytest.mark.django_db


def test_preparing_fixes_the_terms_and_prints_the_whole_set(cast) -> None:
    application = accepted(cast)
    contract = prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert (contract.status, contract.principal, contract.periods, contract.needs_cost_sheet) == ("prepared", Money(6_000_000), 24, True)
    assert contract.agreed.plan.principal_fen == 6_000_000 and contract.agreed.plan.start_date == TODAY
    assert contract.all_in_rate is not None and contract.all_in_rate > Decimal("0.108")
    assert not contract.papers.exists(), "the press works in the background"
    printed(contract.number)
    kinds = [paper.kind for paper in contract.papers.all()]
    assert [kind for kind in kinds if kind != "consent_letter"] == [
        "cost_disclosure_sheet", "loan_contract", "mortgage_contract", "repayment_schedule", "address_confirmation", "insurance_undertaking"]
    stored = {file.category: file for file in document_queries.of(contract.subject)}
    assert set(stored) == set(kinds) and all(file.is_of_record and file.kind == "pdf" for file in stored.values())
    assert contract.mortgage.status == "proposed" and [p.role for p in contract.parties.all()] == ["borrower"]
    assert Event.objects.filter(name="contract.prepared").exists() and not queries.accepted_applications(cast.he).exists()


@pytest.mark.parametrize("status", ["draft", "approved", "rejected", "withdrawn"])
def test_only_an_accepted_application_becomes_a_contract(cast, status: str) -> None:
    application = accepted(cast, status=status)
    with pytest.raises(errors.NotAccepted):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)


def test_an_expired_approval_a_second_contract_and_a_stranger_are_refused(cast) -> None:
    application = accepted(cast)
    with pytest.raises(errors.ApprovalExpired):
        prepare_contract(application_number=application.number, business_date=TODAY + timedelta(days=31), by=cast.he)
    for nobody in (cast.lin, cast.fang, WU):
        with pytest.raises(NotPermitted):
            prepare_contract(application_number=application.number, business_date=TODAY, by=nobody)
    prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.ContractStands):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    with pytest.raises(NotFound):
        prepare_contract(application_number="A26-999999-9", business_date=TODAY, by=cast.he)


def test_a_cap_that_came_into_force_after_the_approval_stops_the_contract(cast) -> None:
    application = accepted(cast)
    Parameter.objects.create(code="CAP_ALLIN_24", value="0.10", unit="rate", effective_from=TODAY, source="test", licence_type="mcc")
    with pytest.raises(CapExceeded):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert not Contract.objects.exists() and not ContractPaper.objects.exists()


def test_the_account_is_the_borrowers_own_and_open(cast) -> None:
    application = accepted(cast)
    foreign = another_account(application)
    BankAccount.objects.filter(pk=foreign.pk).update(holder_name="别人")
    with pytest.raises(errors.AccountUnfit):
        prepare_contract(application_number=application.number, account_id=foreign.pk, business_date=TODAY, by=cast.he)
    BankAccount.objects.update(closed_at=moment("2026-08-30 10:00"))
    with pytest.raises(errors.AccountUnfit):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)


def test_a_borrower_without_an_address_or_with_a_name_no_font_has_is_refused_and_nothing_is_left(cast) -> None:
    application = accepted(cast)
    customer = application.customer
    for changes, refusal in (({"address": ""}, errors.FactMissing), ({"address": "某地", "name": "王\U00030000"}, GlyphMissing)):
        for name, value in changes.items():
            setattr(customer, name, value)
        customer.save()
        BankAccount.objects.update(holder_name=customer.name)
        with pytest.raises(refusal):
            prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert not Contract.objects.exists() and not Mortgage.objects.exists()


def test_signing_waits_for_the_cost_sheet_where_the_day_demands_it(cast, signed) -> None:
    number = signed(until="prepared")
    signer = Contract.objects.get().customer.number
    said = {"contract_number": number, "signers": [signer], "signed_on": TODAY, "channel": "counter", "business_date": TODAY, "by": cast.he}
    with pytest.raises(errors.CostSheetFirst):
        sign_contract(evidence=scan(), **said)
    with pytest.raises(errors.EvidenceMissing):
        confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=None, business_date=TODAY, by=cast.he)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(errors.DayImpossible) as refused:
            confirm_cost_sheet(contract_number=number, confirmed_on=day, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)
        assert refused.value.field == "confirmed_on"
    confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)
    with pytest.raises(CostSheetConfirmed):
        confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=scan(9), business_date=TODAY, by=cast.he)
    assert sign_contract(evidence=scan(5), **said).status == "signed"


def test_before_the_duty_began_nobody_needs_a_cost_sheet(cast) -> None:
    with clock.at(moment("2026-07-01 10:00")):
        application = accepted(cast, approval_expires_on=date(2026, 7, 20))
        contract = prepare_contract(application_number=application.number, business_date=date(2026, 7, 1), by=cast.he)
        assert not contract.needs_cost_sheet
        printed(contract.number)
        done = sign_contract(contract_number=contract.number, signers=[application.customer.number], signed_on=date(2026, 7, 1),
                             channel="video", evidence=scan(), business_date=date(2026, 7, 1), by=cast.he)
    assert done.status == "signed"


def test_a_contract_is_signed_once_everybody_has(cast, signed) -> None:
    from chezhe.customers.tests import filing

    application = accepted(cast)
    guarantor = filing.person(filing.PersonFacts(name="单雄信", id_number="510107199506230016", mobile="15400001111", address="成都"), cast.lin)
    application.parties.create(customer=guarantor, role="guarantor")
    number = signed(until="prepared", application=application)
    confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)
    said = {"contract_number": number, "signed_on": TODAY, "channel": "counter", "business_date": TODAY, "by": cast.he}
    for nobody in ([], ["C26-999999-9"], [application.customer.number, "C26-999999-9"]):
        with pytest.raises(Invalid):
            sign_contract(signers=nobody, evidence=scan(1), **said)
    assert sign_contract(signers=[application.customer.number], evidence=scan(1), **said).status == "prepared"
    with pytest.raises(Invalid):
        sign_contract(signers=[application.customer.number], evidence=scan(2), **said)
    assert sign_contract(signers=[guarantor.number], evidence=scan(2), **said).status == "signed"
    assert all(party.witnessed_by_name == "何" for party in Contract.objects.get().parties.all())


def test_the_mortgage_is_registered_with_its_receipt_after_the_signature(cast, signed) -> None:
    number = signed(until="prepared")
    said = Registration(office="上海市车辆管理所", receipt_number="HD1", registered_on=TODAY)
    with pytest.raises(NotSigned):
        register_mortgage(contract_number=number, registration=said, evidence=scan(), business_date=TODAY, by=cast.he)


def test_wrong_registrations_are_refused(cast, signed) -> None:
    number = signed(until="signed")
    for receipt, day, refusal in (("", TODAY, Invalid), ("x" * 41, TODAY, Invalid), ("HD1", TODAY + timedelta(days=1), errors.DayImpossible)):
        with pytest.raises(refusal):
            register_mortgage(contract_number=number, evidence=scan(), business_date=TODAY, by=cast.he,
                              registration=Registration(office="所", receipt_number=receipt, registered_on=day))
    done = register_mortgage(contract_number=number, evidence=scan(), business_date=TODAY, by=cast.he,
                             registration=Registration(office="上海市车辆管理所", receipt_number="HD1", registered_on=TODAY))
    assert (done.status, done.receipt_number) == ("registered", "HD1")
    with pytest.raises(WrongState):
        register_mortgage(contract_number=number, evidence=scan(4), business_date=TODAY, by=cast.he,
                          registration=Registration(office="所", receipt_number="HD2", registered_on=TODAY))


def test_one_car_secures_one_loan_at_a_time(cast, signed) -> None:
    number = signed(until="prepared")
    first = Contract.objects.get(number=number)
    twin = first.application
    twin.pk, twin.number, twin.bound = None, "A26-000002-9", ""
    with pytest.raises(IntegrityError, match="application_vehicle_once"), transaction.atomic():
        twin.save(force_insert=True)
    Application.objects.filter(pk=first.application_id).update(bound="paid")
    twin.pk = None
    twin.save(force_insert=True)
    with pytest.raises(errors.VehicleMortgaged):
        prepare_contract(application_number=twin.number, business_date=TODAY, by=cast.he)


def test_a_void_contract_leaves_its_papers_and_makes_room_for_another(cast, signed) -> None:
    number = signed(until="signed")
    contract = Contract.objects.get(number=number)
    with pytest.raises(Invalid):
        void_contract(contract_number=number, reason=" ", by=cast.he)
    voided = void_contract(contract_number=number, reason="利率录错", by=cast.manager)
    assert (voided.status, voided.mortgage.status) == ("void", "cancelled") and contract.papers.count() == 10
    again = prepare_contract(application_number=contract.application.number, business_date=TODAY, by=cast.he)
    assert again.number != number
    with pytest.raises(WrongState):
        void_contract(contract_number=number, reason="再来", by=cast.he)


def test_a_registered_mortgage_is_released_before_the_contract_is_void(cast, signed) -> None:
    number = signed()
    with pytest.raises(MortgageRegistered):
        void_contract(contract_number=number, reason="不放了", by=cast.he)
    with pytest.raises(Invalid):
        release_unused_mortgage(contract_number=number, reason="", by=cast.he)
    release_unused_mortgage(contract_number=number, reason="客户放弃", by=cast.he)
    assert queries.releasable(cast.he).count() == 1
    said = {"contract_number": number, "released_on": TODAY, "business_date": TODAY, "by": cast.he}
    with pytest.raises(Invalid):
        record_release(receipt_number="", evidence=scan(7), **said)
    assert record_release(receipt_number="JY1", evidence=scan(7), **said).status == "released"
    assert void_contract(contract_number=number, reason="不放了", by=cast.he).status == "void"


def test_a_contract_with_a_payout_is_neither_void_nor_released(cast, signed) -> None:
    number = signed()
    contract = Contract.objects.get(number=number)
    Disbursement.objects.create(number="DB26-000001-0", contract=contract, account=contract.account, amount=Money(1), prepared_at=clock.now())
    with pytest.raises(PayoutUnderWay):
        void_contract(contract_number=number, reason="x", by=cast.he)
    with pytest.raises(LoanStands):
        release_unused_mortgage(contract_number=number, reason="x", by=cast.he)


def test_every_move_is_on_the_track_and_wu_sees_nothing(cast, signed) -> None:
    contract = Contract.objects.get(number=signed())
    assert [m.verb for m in StatusMove.objects.filter(subject=contract.subject).order_by("id")] == ["prepare", "confirm_cost_sheet", "sign"]
    assert [m.verb for m in StatusMove.objects.filter(subject=contract.mortgage.subject)] == ["register"]
    assert not Contract.objects.visible_to(WU).exists() and not queries.board(WU, business_date.current())[0].cards


def test_no_contract_is_made_before_the_interview_that_the_figures_ask_for(cast: Cast) -> None:
    application = accepted(cast)
    Parameter.objects.create(code="INTERVIEW_AMOUNT_FROM", unit="yuan", value="1000", effective_from=TODAY, source="测试")
    with pytest.raises(InterviewMissing) as refused:
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert application.number in str(refused.value) and "面签" in str(refused.value)
    assert not Contract.objects.exists()
