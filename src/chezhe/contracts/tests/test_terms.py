"""Records in the unified registry end: announced once, a task until they are made to last longer (tell_ending_terms, extend_registration)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.contracts import errors as refusals
from chezhe.contracts.actions.extend_registration import extend_registration
from chezhe.contracts.collateral import errors, lasting
from chezhe.contracts.collateral.models import UNIFIED, VEHICLE_OFFICE
from chezhe.contracts.models import Contract, RegistrationOrder
from chezhe.contracts.tasks.terms import tell_of_ending_terms
from chezhe.contracts.tests.conftest import TODAY, Cast, scan
from chezhe.contracts.tests.test_registrations import accept, receipt, submitted
from chezhe.kernel import business_date, events, moves, worklist
from chezhe.kernel.errors import Invalid, NotPermitted, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)
END, NEXT = TODAY + 40 * DAYS, date(2029, 9, 1)


@pytest.fixture
def record(cast: Cast, signed: Any) -> RegistrationOrder:
    """A record of the unified registry that stands for forty days more."""
    signed(until="signed")
    events.deliver_all()
    order = submitted(RegistrationOrder.objects.get(registry=UNIFIED), cast)
    Parameter.objects.create(code=lasting.DAYS, value="30", unit="days", effective_from=date(2026, 1, 1), source="测试")
    return accept(order, cast, valid_until=END, registration=receipt("ZD1", office="中登网"))


def extend(order: RegistrationOrder, cast: Cast, **changes: Any) -> RegistrationOrder:
    said: dict[str, Any] = {
        "registration": receipt("ZD2", on=business_date.current(), office="中登网"), "valid_until": NEXT, "evidence": scan(51),
        "business_date": business_date.current(), "by": cast.he, **changes}
    return extend_registration(order_number=order.number, **said)


def on_day(day: date) -> int:
    business_date.open_day(day)
    return tell_of_ending_terms()


def told() -> int:
    return Event.objects.filter(name="registration.term_ending").count()


def test_it_is_announced_once_within_the_days_and_is_a_task_until_it_lasts_longer(cast: Cast, record: RegistrationOrder) -> None:
    pile = worklist.PILES["contracts.terms"]
    assert (on_day(END - 31 * DAYS), pile.count(cast.he), told()) == (0, 0, 0)
    assert (on_day(END - 30 * DAYS), pile.count(cast.he), told()) == (1, 1, 1)
    assert (on_day(END - 29 * DAYS), told()) == (0, 1), "once for each term"
    (first,) = pile.first(cast.he, 5)
    assert first.due_at is not None and first.due_at.date() == END and pile.late is not None
    assert (pile.late(cast.he, first.due_at), pile.late(cast.he, first.due_at + DAYS)) == (0, 1)
    done = extend(record, cast)
    assert (done.valid_until, done.receipt_number, done.accepted_on, done.status) == (NEXT, "ZD2", TODAY, "accepted")
    move = moves.history(done.subject)[-1]
    assert move.verb == "extend" and END.isoformat() in move.reason and "ZD2" in move.reason
    assert pile.count(cast.he) == 0 and tell_of_ending_terms() == 0
    assert (on_day(NEXT - 30 * DAYS), told(), pile.count(cast.he)) == (1, 2, 1), "the next term is a term of its own"


def test_after_its_last_day_it_is_a_new_record_from_its_own_day(cast: Cast, record: RegistrationOrder) -> None:
    on_day(END + 5 * DAYS)
    again = extend(record, cast, registration=receipt("ZD2", on=business_date.current(), office="中登网上海"))
    assert RegistrationOrder.objects.get(pk=again.pk).office == "中登网上海", "whoever answered this time"
    assert (again.accepted_on, moves.history(again.subject)[-1].verb) == (END + 5 * DAYS, "renew")


def test_no_record_of_a_loan_that_is_over_is_announced(cast: Cast, record: RegistrationOrder) -> None:
    Contract.objects.update(status="settled")
    assert on_day(END) == 0
    Contract.objects.update(status="signed")
    assert on_day(END) == 1
    Contract.objects.update(status="settled")
    assert worklist.PILES["contracts.terms"].count(cast.he) == 0


def test_without_the_figure_nobody_is_reminded(cast: Cast, record: RegistrationOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "DAYS", "NO_SUCH_FIGURE")
    assert on_day(END) == 0


def test_bad_input_changes_nothing(cast: Cast, record: RegistrationOrder) -> None:
    for said, refusal in (
        ({"valid_until": END}, Invalid), ({"valid_until": date(2060, 1, 1)}, Invalid), ({"registration": receipt(" ")}, Invalid),
        ({"registration": receipt("ZD3", on=TODAY + DAYS)}, refusals.DayImpossible), ({"evidence": None}, refusals.EvidenceMissing),
        ({"by": cast.lin}, NotPermitted), ({"by": WU}, NotPermitted),
    ):
        with pytest.raises(refusal):
            extend(record, cast, **said)
    office = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE)
    with pytest.raises(errors.NotUnified):
        extend(office, cast)
    record.refresh_from_db()
    assert (record.valid_until, record.receipt_number) == (END, "ZD1")
    RegistrationOrder.objects.filter(pk=record.pk).update(status="cancelled")
    with pytest.raises(WrongState):
        extend(record, cast)


def test_by_page_and_over_the_api(cast: Cast, record: RegistrationOrder, browser: Any) -> None:
    browser.acts_as(cast.he)
    listed = reverse("contracts:registrations")
    assert record.number not in browser.get(f"{listed}?term=ending").content.decode()
    on_day(END - 10 * DAYS)
    page = browser.get(reverse("contracts:registration", args=[record.number])).content.decode()
    assert "还剩 10 天" in page and "登记展期" in page
    assert record.number in browser.get(f"{listed}?term=ending").content.decode()
    assert record.number not in browser.get(f"{listed}?term=over").content.decode()
    (row,) = browser.api("contracts/registrations?is_ending=true").json()["items"]
    assert (row["number"], row["term_days_left"]) == (record.number, 10)
    where = reverse("contracts:extend_registration", args=[record.number])
    said = {"office": "中登网", "receipt_number": "ZD5", "registered_on": business_date.current().isoformat(), "valid_until": END.isoformat()}
    wrong = browser.post(where, {**said, "evidence": scan(52), "_once": uuid4().hex})
    assert wrong.status_code == 422 and "须晚于原到期日" in wrong.content.decode()
    over = browser.post(
        f"/api/v1/contracts/registrations/{record.number}/extend", {**said, "evidence": scan(53)}, headers={"Idempotency-Key": uuid4().hex})
    assert over.status_code == 422 and over.json()["field"] == "valid_until"
    right = browser.post(where, {**said, "valid_until": NEXT.isoformat(), "evidence": scan(54), "_once": uuid4().hex})
    assert right.status_code == 302
    assert browser.api("contracts/registrations?is_ending=true").json()["items"] == []
    longer = date(2030, 9, 1).isoformat()
    over = browser.post(
        f"/api/v1/contracts/registrations/{record.number}/extend", {**said, "valid_until": longer, "evidence": scan(55)},
        headers={"Idempotency-Key": uuid4().hex})
    assert over.status_code == 200 and over.json()["valid_until"] == longer
