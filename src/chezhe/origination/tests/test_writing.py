"""start_application, save_step, add_party, remove_party."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chezhe.customers.tests.filing import FLEET, OUYANG, company, person
from chezhe.finmath.money import Money
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.moves import history
from chezhe.kernel.testing import WU
from chezhe.leads.tests.asking import WANG as WANG_ASKS
from chezhe.leads.tests.asking import lead
from chezhe.origination import errors, queries
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, filled, save, start, submitted


def test_it_begins_as_a_draft_at_the_products_usual_price(house: House) -> None:
    made = start(house)
    assert made.number.startswith("A26-") and (made.status, made.branch_id, made.owner_id) == (
        "draft", house.cast.east.id, house.lin.user_id)
    assert (made.method, made.annual_rate, made.purpose) == ("equal_instalment", Decimal("0.12"), "")
    assert [move.status_to for move in history(made.subject)] == ["draft"]


def test_it_refuses_an_unknown_customer_product_or_lead(house: House) -> None:
    for changes, refusal in (
        ({"customer_number": "C26-000000-0"}, errors.CustomerUnknown), ({"by": house.mei}, errors.CustomerUnknown),
        ({"product": "P99"}, NotFound), ({"product": "P05"}, errors.ProductUnfit), ({"lead_number": "LD26-1"}, errors.LeadUnfit),
        ({"by": house.chen}, NotPermitted), ({"by": WU}, NotPermitted),
    ):
        with pytest.raises(refusal):
            start(house, **changes)
    assert not Application.objects.exists()


def test_it_takes_a_lead_only_once_that_became_this_customer(house: House) -> None:
    asked = lead(house.lin, WANG_ASKS)
    with pytest.raises(errors.LeadUnfit):
        start(house, lead_number=asked.number)
    asked.status, asked.customer = "converted", house.wang
    asked.save()
    assert start(house, lead_number=asked.number.lower()).lead == asked


@pytest.mark.parametrize(("filing", "code"), [
    ({"filed_through": "pigeon"}, "filed_through_unknown"), ({"filed_through": "dealer"}, "filed_through_unknown"), ({"device": "DV1c82689a8da96282"}, "device_at_counter"),
    ({"filed_through": "online", "device": "--- a1 ---"}, "device_unreadable"),
])
def test_a_clerks_device_is_never_the_customers_and_a_mark_must_say_something(house: House, filing: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        start(house, **filing)
    assert refused.value.code == code and not Application.objects.exists()


def test_over_the_counter_there_is_no_device_and_on_line_the_customers_own(house: House) -> None:
    assert (start(house).filed_through, start(house).device) == ("counter", "")
    filed = start(house, filed_through="online", device=" DV1c82689a8da96282 ")
    assert (filed.filed_through, filed.device) == ("online", "DV1c82689a8da96282")
    entry = AuditEntry.objects.filter(subject=filed.subject).first()
    assert entry is not None and "DV1c82" not in str(entry.facts)


def test_valid_values_are_stored_and_the_others_kept_as_typed(house: House) -> None:
    made = start(house)
    done = save(made, "finance", {"amount": "６０，０００", "periods": "两年", "annual_rate": "十二"}, house)
    assert (done.amount, done.periods, done.annual_rate) == (Money(60_000_00), None, Decimal("0.12"))
    assert done.draft == {"finance": {"periods": "两年", "annual_rate": "十二"}} and done.version == 2
    codes = [(gap.code, gap.what) for gap in queries.gaps(done, TODAY) if gap.step == "finance"]
    assert ("field_wrong", "periods") in codes and ("field_wrong", "annual_rate") in codes
    done = save(made, "finance", {"periods": "24"}, house)
    assert done.periods == 24 and done.draft == {"finance": {"annual_rate": "十二"}}
    assert save(made, "finance", {"annual_rate": "12"}, house).draft == {}


def test_saving_what_is_there_already_makes_no_new_version(house: House) -> None:
    made = start(house)
    first = save(made, "party", {"purpose": "consumption"}, house)
    assert save(made, "party", {"purpose": "consumption"}, house).version == first.version == 2


def test_the_api_way_refuses_instead_of_keeping(house: House) -> None:
    made = start(house)
    with pytest.raises(Invalid) as refused:
        save(made, "finance", {"amount": Money(-1), "periods": 24}, house, is_draft=False)
    assert refused.value.field == "amount"
    made.refresh_from_db()
    assert (made.periods, made.version, made.draft) == (None, 1, {})
    assert save(made, "finance", {"amount": Money(5_000_000), "annual_rate": Decimal("0.1")}, house, is_draft=False).amount == Money(5_000_000)


def test_it_refuses_an_unknown_step_or_field(house: House) -> None:
    made = start(house)
    with pytest.raises(errors.StepUnknown):
        save(made, "moon", {}, house)
    with pytest.raises(errors.StepFieldUnknown):
        save(made, "party", {"status": "approved"}, house)


def test_another_persons_car_is_not_on_offer(house: House) -> None:
    made = start(house)
    done = save(made, "vehicle", {"vehicle_number": "V26-000000-0"}, house)
    assert done.vehicle is None and done.draft["vehicle"] == {"vehicle_number": "V26-000000-0"}


def test_another_product_brings_its_own_usual_method(house: House) -> None:
    made = start(house)
    save(made, "finance", {"method": "interest_only_bullet", "annual_rate": "12.6"}, house)
    done = save(made, "party", {"product_code": "P02"}, house)
    assert (done.product_version.product.code, done.method, done.annual_rate) == ("P02", "equal_instalment", Decimal("0.108"))


def test_whoever_saves_second_is_told_and_nothing_is_lost(house: House) -> None:
    made = start(house)
    save(made, "party", {"purpose": "consumption"}, house)
    with pytest.raises(StaleEdit) as refused:
        save_step(application_number=made.number, step="party", version=1, values={"purpose": "business"}, business_date=TODAY, by=house.lin)
    made.refresh_from_db()
    assert made.purpose == "consumption" and "林" in str(refused.value)


def test_others_cannot_write_in_it_and_nobody_once_it_is_submitted(house: House) -> None:
    made = start(house)
    for by, refusal in ((house.mei, NotFound), (house.chen, NotPermitted), (WU, NotPermitted)):
        with pytest.raises(refusal):
            save(made, "party", {"purpose": "consumption"}, house, by=by)
    done = submitted(house)
    with pytest.raises(WrongState):
        save(done, "finance", {"amount": "1"}, house)


def test_parties_come_and_go(house: House) -> None:
    made, ouyang = filled(house), person(OUYANG, house.lin)
    done = add_party(application_number=made.number, customer_number=ouyang.number.lower(), role="guarantor", by=house.lin)
    assert [(p.customer, p.role) for p in done.parties.all()] == [(ouyang, "guarantor")]
    assert [gap.who for gap in queries.gaps(done, TODAY) if gap.step == "consents"].count("欧阳*远") == 2
    version = done.version
    done = remove_party(application_number=made.number, customer_number=ouyang.number, by=house.lin)
    assert not done.parties.exists() and done.version == version + 1
    with pytest.raises(errors.PartyUnknown):
        remove_party(application_number=made.number, customer_number=ouyang.number, by=house.lin)


def test_it_refuses_parties_that_make_no_sense(house: House) -> None:
    made, ouyang, fleet = filled(house), person(OUYANG, house.lin), company(FLEET, house.lin)
    add_party(application_number=made.number, customer_number=ouyang.number, role="spouse", by=house.lin)
    for number, role, refusal in (
        (house.wang.number, "guarantor", errors.PartyIsBorrower), (ouyang.number, "guarantor", errors.PartyTwice),
        (fleet.number, "spouse", errors.SpouseNotPerson), ("C26-0", "guarantor", errors.CustomerUnknown),
        (fleet.number, "friend", Invalid),
    ):
        with pytest.raises(refusal):
            add_party(application_number=made.number, customer_number=number, role=role, by=house.lin)
    assert made.parties.count() == 1
