"""offer_cost_sheet, end_straight_through: from the acceptance to the signatures without anybody of the house."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.end_straight_through import end_straight_through
from chezhe.contracts.actions.offer_cost_sheet import offer_cost_sheet
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.refuse_to_sign import refuse_to_sign
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import Contract, PrintRun, SigningLink
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, live
from chezhe.contracts.tests.signing_desk import SPOUSE, entered, signs
from chezhe.customers.tests import filing
from chezhe.kernel import clock, events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.models import AuditEntry, Event
from chezhe.messaging.models import Message
from chezhe.origination.models import Application, StraightRun
from chezhe.origination.straight import steps as straight
from chezhe.risk.screening import freezing


def under_way(cast: Cast, *, spouse: bool = False, **changes: Any) -> Application:
    """An application whose offer the system has just taken, and everything that follows from the news alone."""
    application = accepted(cast, **changes)
    if spouse:
        application.parties.create(customer=filing.person(SPOUSE, cast.lin), role="spouse")
    straight.begin(application)
    events.publish("application.accepted", application.subject, {"number": application.number})
    return application


def run_of(application: Application) -> StraightRun:
    return StraightRun.objects.get(application=application)


def read(contract: Contract, cast: Cast) -> None:
    """The borrower reads the sheet as long as it takes, and confirms it."""
    reading = open_cost_sheet(contract_number=contract.number, device_mark="phone", by=cast.lin)
    clock.tick(60)
    confirm_cost_sheet(contract_number=contract.number, confirmed_on=TODAY, channel="e_sign", reading=reading.key, code=reading.sheet.code,
                       business_date=TODAY, by=cast.he)


def sent(template: str) -> int:
    return Message.objects.filter(template__code=template).count()


def test_papers_cost_sheet_and_links_come_by_themselves(cast, bank) -> None:
    application = under_way(cast, spouse=True)
    live(bank, 6)
    contract = Contract.objects.get(application=application)
    assert contract.papers.exists() and contract.prepared_by_ids == []
    assert sent("cost_sheet_ready") == 1 and not SigningLink.objects.exists()
    read(contract, cast)
    live(bank, 6)
    link = SigningLink.objects.get()
    assert (link.party.role, link.made_by_name, sent("signing_link")) == ("borrower", SYSTEM.name, 1)
    signs(contract, entered(link))
    live(bank, 9)
    link = SigningLink.objects.get(ended_at__isnull=True)
    assert link.party.role == "spouse" and run_of(application).status == "running"
    signs(contract, entered(link))
    live(bank, 12)
    contract.refresh_from_db()
    assert (contract.status, run_of(application).status) == ("signed", "done")
    by_system = {entry.verb for entry in AuditEntry.objects.filter(actor_key=SYSTEM.key)}
    assert {"contracts.prepare_contract", "contracts.offer_cost_sheet", "contracts.invite_to_sign", "contracts.end_straight_through"} <= by_system
    assert Event.objects.filter(name="contract.prepared").count() == 1 == Contract.objects.count()


def test_where_no_cost_sheet_is_asked_for_the_borrower_signs_at_once(cast, bank, monkeypatch) -> None:
    from chezhe.contracts import casework

    monkeypatch.setattr(casework, "needs_cost_sheet", lambda *_given: False)
    under_way(cast)
    live(bank, 6)
    assert SigningLink.objects.get().party.role == "borrower" and sent("cost_sheet_ready") == 0


def test_a_case_that_people_handle_stays_with_people(cast, bank) -> None:
    application = accepted(cast)
    events.publish("application.accepted", application.subject, {"number": application.number})
    live(bank, 6)
    assert not Contract.objects.exists() and not StraightRun.objects.exists()


def test_without_an_account_people_go_on_and_read_why(cast, bank) -> None:
    application = under_way(cast)
    application.customer.accounts.update(closed_at=clock.now())
    live(bank, 6)
    run = run_of(application)
    assert (run.status, run.reason_code) == ("left", "account_unfit") and run.reason
    assert not Contract.objects.exists()
    assert Event.objects.get(name="application.handed_over").payload["reason"] == "account_unfit"
    # Whatever comes later is people's.
    application.customer.accounts.update(closed_at=None)
    events.publish("application.accepted", application.subject, {"number": application.number})
    live(bank, 6)
    assert not Contract.objects.exists()


def test_a_freeze_is_told_to_nobody(cast, bank, monkeypatch) -> None:
    def held(*_people: Any, **_by: Any) -> None:
        raise freezing.CustomerFrozen(who="王某")

    application = under_way(cast)
    monkeypatch.setattr(freezing, "require_free", held)
    live(bank, 6)
    assert run_of(application).reason == str(freezing.BusinessHeld()) and "名单" not in run_of(application).reason


def test_who_refuses_to_sign_is_for_people(cast, bank) -> None:
    application = under_way(cast)
    live(bank, 6)
    contract = Contract.objects.get()
    read(contract, cast)
    live(bank, 6)
    refuse_to_sign(reason="利率太高", by=entered(SigningLink.objects.get()))
    live(bank, 3)
    assert (run_of(application).status, run_of(application).reason_code) == ("left", "signing_refused")


def test_a_void_contract_ends_it_and_papers_that_fail_do(cast, bank) -> None:
    application = under_way(cast)
    live(bank, 6)
    void_contract(contract_number=Contract.objects.get().number, reason="客户改主意", by=cast.he)
    live(bank, 3)
    assert (run_of(application).status, run_of(application).reason_code) == ("left", "contract_void")
    StraightRun.objects.update(status="running", ended_at=None, reason_code="")
    events.publish("contract.printing_failed", Contract.objects.get().subject, {"number": Contract.objects.get().number})
    live(bank, 3)
    assert run_of(application).reason_code == "printing_failed"


def test_a_sheet_is_offered_once_however_often_it_is_told(cast, bank, signed) -> None:
    number = signed(until="prepared")
    for _again in range(2):
        offer_cost_sheet(contract_number=number, by=SYSTEM)
    assert sent("cost_sheet_ready") == 1 == PrintRun.objects.count()


def test_only_the_system_goes_straight(cast, signed) -> None:
    number = signed(until="prepared")
    with pytest.raises(NotPermitted):
        offer_cost_sheet(contract_number=number, by=cast.he)
    with pytest.raises(NotPermitted):
        end_straight_through(application_number="A26-000001-0", by=cast.he)
    assert end_straight_through(application_number="A26-000001-0", by=SYSTEM) is None
