from __future__ import annotations

import pytest
from django.utils import timezone

from chezhe.customers import queries
from chezhe.customers.actions.edit_customer import edit_customer
from chezhe.customers.errors import CustomerExists
from chezhe.customers.forms import edit_form
from chezhe.customers.models import CustomerChange
from chezhe.customers.tests.filing import FLEET, OUYANG, TODAY, WANG, company, person
from chezhe.documents.tests.people import Cast
from chezhe.finmath.money import Money
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import Invalid, NotFound, NothingChanged


def edit(number: str, by: object, version: int = 1, **changes: object):
    return edit_customer(customer_number=number, version=version, changes=changes, business_date=TODAY, by=by)


def test_it_corrects_a_name_and_is_found_under_the_new_one(cast: Cast) -> None:
    customer = edit(person(WANG, cast.lin).number, cast.lin, name="汪晓鸣")
    assert (customer.version, customer.pinyin) == (2, "wangxiaoming")
    assert queries.search(cast.lin, "晓鸣") and not queries.search(cast.lin, "小明")


def test_what_stood_there_before_is_kept_and_shown_masked(cast: Cast) -> None:
    number = person(WANG, cast.lin).number
    customer = edit(number, cast.lin, mobile="15499998888", monthly_income=Money(1_200_000), marital_status="married")
    shown = {str(line.label): (line.before, line.after) for line in queries.history(customer)}
    assert shown["手机号"] == ("154****5678", "154****8888")
    assert shown["月收入"] == ("—", "****") and shown["婚姻状况"] == ("未说明", "已婚")
    assert CustomerChange.objects.get(field="mobile").before == "15412345678"
    assert customer.mobiles.count() == 2 and queries.main_mobile(customer) == "15499998888"


def test_going_back_to_a_known_mobile_makes_no_second_row(cast: Cast) -> None:
    number = person(WANG, cast.lin).number
    edit(number, cast.lin, mobile="15499998888")
    customer = edit(number, cast.lin, version=2, mobile="154 1234 5678")
    assert customer.mobiles.count() == 2 and queries.main_mobile(customer) == "15412345678"


def test_the_second_of_two_editors_is_told_who_was_first_and_when(cast: Cast) -> None:
    number = person(WANG, cast.lin).number
    first = edit(number, cast.chen, address="上海市浦东新区世纪大道1号")
    with pytest.raises(StaleEdit) as refused:
        edit(number, cast.lin, version=1, address="北京市海淀区1号")
    at = timezone.localtime(first.changed_at).strftime("%Y-%m-%d %H:%M:%S")
    assert refused.value.http_status == 409 and "陈" in str(refused.value) and at in str(refused.value)
    first.refresh_from_db()
    assert first.address.startswith("上海市") and first.version == 2


def test_a_bad_value_changes_nothing(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    with pytest.raises(Invalid) as refused:
        edit(customer.number, cast.lin, mobile="15499998888", id_number="110101199001010008")
    customer.refresh_from_db()
    assert refused.value.field == "id_number"
    assert customer.version == 1 and customer.mobiles.count() == 1


def test_a_corrected_id_number_moves_birth_and_index_with_it(cast: Cast) -> None:
    customer = edit(person(WANG, cast.lin).number, cast.lin, id_number="310115198511150000")
    assert (customer.birth_date.year, customer.id_number_tail) == (1985, "0000")
    assert [hit.number for hit in queries.search(cast.lin, "310115198511150000")] == [customer.number]


def test_an_edit_cannot_make_a_twin(cast: Cast) -> None:
    person(WANG, cast.lin)
    other = person(OUYANG, cast.lin)
    with pytest.raises(CustomerExists):
        edit(other.number, cast.lin, id_number=WANG.id_number)


def test_the_same_values_again_are_no_edit(cast: Cast) -> None:
    with pytest.raises(NothingChanged):
        edit(person(WANG, cast.lin).number, cast.lin, name="王小明")


def test_a_field_that_is_not_editable_is_left_alone(cast: Cast) -> None:
    customer = company(FLEET, cast.lin)
    with pytest.raises(NothingChanged):
        edit(customer.number, cast.lin, owner_id=cast.chen.user_id, branch_id=cast.west.id, id_number=WANG.id_number)


def test_another_branch_cannot_edit(cast: Cast) -> None:
    with pytest.raises(NotFound):
        edit(person(WANG, cast.lin).number, cast.mei, name="王二")


def test_the_language_of_messages_is_chosen_and_stays_when_a_form_leaves_it_out(cast: Cast) -> None:
    number = person(WANG, cast.lin).number
    customer = edit(number, cast.lin, language="en")
    assert customer.language == "en" and {line.after for line in queries.history(customer)} == {"英文"}
    form = edit_form(customer, {"version": 2, "reason": "搬家", "address": "北京市海淀区2号", "marital_status": "unknown"})
    assert form.is_valid() and "language" not in form.changes()
