from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from chezhe.customers.actions.create_company import create_company
from chezhe.customers.actions.create_person import create_person
from chezhe.customers.errors import CustomerExists, CustomerExistsElsewhere
from chezhe.customers.models import Customer, CustomerMobile
from chezhe.customers.tests.filing import FLEET, OUYANG, TODAY, WANG, company, person
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.kernel import roles
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.testing import WU, actor


def test_it_files_a_person_and_derives_what_the_card_says(cast: Cast) -> None:
    customer = create_person(facts=OUYANG, business_date=TODAY, by=cast.lin)
    assert customer.number.startswith("C26-")
    assert (customer.sex, customer.birth_date, customer.id_number_tail) == ("male", date(1988, 12, 12), "003X")
    assert (customer.pinyin, customer.initials) == ("ouyangxiuyuan", "oyxy")
    assert (customer.branch_id, customer.owner_id) == (cast.east.id, cast.lin.user_id)
    assert Event.objects.filter(name="customer.created", subject=customer.subject).count() == 1


def test_what_is_pasted_becomes_what_papers_print(cast: Cast) -> None:
    pasted = replace(OUYANG, name=" 欧阳 修远 ", id_number="３３０１０６ 19881212 003x", mobile="+86 154-8765-4321")
    customer = create_person(facts=pasted, business_date=TODAY, by=cast.lin)
    assert (customer.name, customer.id_number) == ("欧阳修远", "33010619881212003X")
    assert customer.mobiles.get().mobile == "15487654321"


def test_what_identifies_a_person_is_not_readable_in_the_database(cast: Cast) -> None:
    person(WANG, cast.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number || address FROM customers_customer UNION SELECT mobile FROM customers_customermobile")
        stored = str(cursor.fetchall())
    assert "199001010007" not in stored and "15412345678" not in stored and "光华路" not in stored


@pytest.mark.parametrize(("field", "value", "code"), [
    ("name", "王", "person_name.form"), ("name", "John", "person_name.form"), ("name", "王2", "person_name.form"),
    ("id_number", "110101199001010008", "id_card.check_digit"), ("id_number", "320102197002290000", "id_card.birth_date"),
    ("id_number", "110101", "id_card.form"), ("id_number", "310115198511150001", "id_card.check_digit"),
    ("mobile", "12345678901", "mobile.form"), ("mobile", "010-12345678", "mobile.form"),
])
def test_it_refuses_a_bad_value_beside_its_field_and_keeps_nothing(cast: Cast, field: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_person(facts=replace(WANG, **{field: value}), business_date=TODAY, by=cast.lin)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Customer.objects.exists() and not CustomerMobile.objects.exists()


def test_nobody_is_born_after_the_business_date(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        create_person(facts=WANG, business_date=date(1989, 1, 1), by=cast.lin)
    assert refused.value.code == "id_card.birth_in_future"


def test_it_files_a_company(cast: Cast) -> None:
    customer = create_company(facts=FLEET, business_date=TODAY, by=cast.lin)
    assert (customer.kind, customer.masked_name, customer.masked_id_number) == ("company", FLEET.name, FLEET.uscc)
    assert customer.mobiles.get().purpose == "work"


@pytest.mark.parametrize(("field", "value", "code"), [
    ("uscc", "91310115MA1TEYT17X", "uscc.check_digit"), ("name", "ab", "company_name.form"),
    ("legal_representative", "7", "person_name.form"), ("actual_controller", "x", "person_name.form"),
    ("established_on", date(2027, 1, 1), "company.founded_later"),
])
def test_it_refuses_a_company_with_a_bad_value(cast: Cast, field: str, value: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_company(facts=replace(FLEET, **{field: value}), business_date=TODAY, by=cast.lin)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_twin_in_reach_is_named(cast: Cast) -> None:
    known = person(WANG, cast.lin)
    with pytest.raises(CustomerExists) as refused:
        create_person(facts=replace(WANG, name="王大明"), business_date=TODAY, by=cast.gao)
    assert known.number in str(refused.value) and "王*明" in str(refused.value)
    assert refused.value.field == "id_number"


def test_of_a_twin_out_of_reach_nothing_is_told(cast: Cast) -> None:
    known = person(WANG, cast.lin)
    with pytest.raises(CustomerExistsElsewhere) as refused:
        create_person(facts=WANG, business_date=TODAY, by=cast.mei)
    assert known.number not in str(refused.value) and not refused.value.facts


def test_a_company_is_filed_once_too(cast: Cast) -> None:
    company(FLEET, cast.lin)
    with pytest.raises(CustomerExists) as refused:
        create_company(facts=FLEET, business_date=TODAY, by=cast.lin)
    assert refused.value.field == "uscc"


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_the_same_moment_one_is_told() -> None:
    cast = make_cast()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def file(by: object) -> None:
        try:
            start.wait(timeout=10)
            create_person(facts=WANG, business_date=TODAY, by=by)
            outcomes.append("filed")
        except (CustomerExists, CustomerExistsElsewhere) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=(by,)) for by in (cast.lin, cast.mei)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["customer_exists_elsewhere", "filed"]
    assert Customer.objects.count() == 1


def test_the_database_keeps_the_last_promise(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(id_number="")


def test_the_head_office_names_a_branch_in_its_reach(cast: Cast) -> None:
    head_office = replace(actor("总部", roles.CHANNEL_MGR, user_id=cast.gao.user_id), branch_id=None)
    assert create_person(facts=WANG, branch_code="T02", business_date=TODAY, by=head_office).branch_id == cast.west.id
    for by, code in ((head_office, "T99"), (cast.lin, "T02")):
        with pytest.raises(Invalid) as refused:
            create_person(facts=OUYANG, branch_code=code, business_date=TODAY, by=by)
        assert refused.value.field == "branch_code"


def test_who_belongs_to_no_branch_cannot_file(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        create_person(facts=WANG, business_date=TODAY, by=actor("总部", roles.BRANCH_MGR, user_id=cast.gao.user_id))
    assert (refused.value.field, refused.value.code) == ("branch_code", "no_branch")
    with pytest.raises(NotPermitted):
        create_person(facts=WANG, business_date=TODAY, by=cast.xu)
    with pytest.raises(NotPermitted):
        create_person(facts=WANG, business_date=TODAY, by=WU)


def test_nothing_of_the_person_reaches_the_audit_trail_or_the_news(cast: Cast) -> None:
    create_person(facts=WANG, business_date=TODAY, by=cast.lin)
    written = str(list(AuditEntry.objects.values())) + str(list(Event.objects.values()))
    assert not [word for word in ("王小明", WANG.id_number, WANG.mobile, "光华路") if word in written]
