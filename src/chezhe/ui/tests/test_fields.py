"""Fields refuse with a sentence and clean what people paste."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import translation

from chezhe.finmath.money import Money
from chezhe.kernel.actor import ANONYMOUS
from chezhe.kernel.errors import Invalid
from chezhe.kernel.testing import actor
from chezhe.ui import forms, views
from chezhe.ui.samples import SampleForm


def sentence(field: object, value: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)  # type: ignore[attr-defined]
    return "".join(caught.value.messages)


@pytest.mark.parametrize(("typed", "fen"), [
    ("12000", 1_200_000), ("12,000.5", 1_200_050), ("￥１２，０００．５０", 1_200_050), (" 12 000.50 元", 1_200_050), ("0.01", 1),
    ("0.010", 1), ("¥1,409.50", 140_950), ("007", 700),
])
def test_money_is_read_as_people_type_it(typed: str, fen: int) -> None:
    assert forms.MoneyField().clean(typed) == Money(fen)


@pytest.mark.parametrize(("typed", "says"), [
    ("-5", "不能是负数"), ("12.345", "两位小数"), ("一万", "请填写金额"), ("1e5", "请填写金额"), ("12.", "请填写金额"), ("", ""),
    ("99999999999999", "不能超过"), ("NaN", "请填写金额"), ("٣", "请填写金额"), ("0x10", "请填写金额"), ("1" * 60, "请填写金额"),
])
def test_money_that_is_wrong_gets_a_sentence(typed: str, says: str) -> None:
    assert says in sentence(forms.MoneyField(), typed)


def test_a_money_field_keeps_its_bounds() -> None:
    field = forms.MoneyField(minimum=Money(100), maximum=Money(200))
    assert field.clean("1.00") == Money(100)
    assert "¥1.00" in sentence(field, "0.99")
    assert "¥2.00" in sentence(field, "2.01")


def test_money_goes_back_into_the_box_as_it_can_be_typed() -> None:
    assert forms.MoneyField().prepare_value(Money(120_050)) == "1200.50"


@pytest.mark.parametrize(("typed", "count"), [("56000", 56_000), ("56,000", 56_000), ("１，２００", 1_200), ("36 期", 36), ("-3", -3)])
def test_a_count_is_read_as_people_type_it(typed: str, count: int) -> None:
    assert forms.WholeField(unit="期").clean(typed) == count


@pytest.mark.parametrize("typed", ["5,60", "1,2,3", "3.5", "三", "1e3", "36 月", ","])
def test_a_count_that_is_wrong_gets_a_sentence(typed: str) -> None:
    assert "请填写整数" in sentence(forms.WholeField(unit="期"), typed)


@pytest.mark.parametrize(("typed", "fraction"), [
    ("11.88", "0.1188"), ("11.88%", "0.1188"), ("１１．８８", "0.1188"), ("0", "0"), ("36", "0.36"), ("3.65123456", "0.0365123456"),
])
def test_a_rate_is_percent_on_screen_and_a_fraction_in_python(typed: str, fraction: str) -> None:
    field = forms.RateField(maximum="0.36")
    assert field.clean(typed) == Decimal(fraction)


@pytest.mark.parametrize(("typed", "says"), [("36.01", "0% 到 36%"), ("-1", "0% 到 36%"), ("abc", "百分数"), ("1.123456789", "八位小数")])
def test_a_rate_that_is_wrong_gets_a_sentence(typed: str, says: str) -> None:
    assert says in sentence(forms.RateField(maximum="0.36"), typed)


def test_a_rate_goes_back_without_needless_zeros() -> None:
    assert forms.RateField().prepare_value(Decimal("0.1188000000")) == "11.88"
    assert forms.RateField().prepare_value(Decimal("0.1")) == "10"


@pytest.mark.parametrize("typed", ["2026-11-23", "2026/11/23", "20261123", "2026.11.23", "2026年11月23日", "２０２６-１１-２３"])
def test_a_date_is_read_in_every_usual_form(typed: str) -> None:
    assert forms.DateField().clean(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["2026-02-30", "2025-02-29", "23-11-2026", "tomorrow", "2026-13-01", "0000-01-01"])
def test_a_day_that_does_not_exist_is_refused(typed: str) -> None:
    assert "没有这一天" in sentence(forms.DateField(), typed)


def test_a_date_outside_its_bounds_is_refused_with_them() -> None:
    field = forms.DateField(latest=date(2026, 11, 23))
    assert "2026-11-23" in sentence(field, "2026-11-24")


@pytest.mark.parametrize(("field", "typed", "clean"), [
    (forms.MobileField(), "138 0013 8000", "13800138000"), (forms.PlateField(), "沪a·12345", "沪A12345"),
    (forms.IdCardField(), "１１０１０１１９９００３０７１２３４", "110101199003071234"), (forms.VinField(), "lsvau2189n2105832", "LSVAU2189N2105832"),
])
def test_identifiers_are_normalised_before_they_are_judged(field: forms.IdentifierField, typed: str, clean: str) -> None:
    assert field.to_python(typed) == clean


@pytest.mark.parametrize(("field", "typed"), [
    (forms.IdCardField(), "110101199003070012"), (forms.VinField(), "LSVAU2I89N2105832"), (forms.MobileField(), "1380013800"),
    (forms.BankCardField(), "6222020000000000001"), (forms.UsccField(), "91310000MA1K3X0000"), (forms.PlateField(), "沪1"),
])
def test_a_bad_check_digit_or_form_is_refused_in_the_language_of_the_page(field: forms.IdentifierField, typed: str) -> None:
    chinese = sentence(field, typed)
    with translation.override("en"):
        english = sentence(field, typed)
    assert chinese and english.isascii() and chinese != english


def test_an_import_with_a_foreign_check_digit_is_accepted_with_a_warning() -> None:
    field = forms.VinField()
    foreign = "WVWZZZ1KZAW123456"
    assert field.clean(foreign) == foreign
    assert [f.is_error for f in field.findings(foreign)] == [False]


def test_a_refusal_stands_beside_the_field_it_names_or_above_the_form() -> None:
    form = SampleForm({})
    form.is_valid()
    form.refuse(Invalid(field="amount", sentence="超过审批金额。"))
    form.refuse(Invalid(field="somewhere_else", sentence="额度已用完。"))
    assert "超过审批金额。" in form.errors["amount"]
    assert form.non_field_errors() == ["额度已用完。"]


def test_an_empty_form_says_what_is_missing_by_name() -> None:
    form = SampleForm({})
    assert not form.is_valid()
    assert form.errors["name"] == ["请填写姓名。"]
    assert "plate" not in form.errors


def test_a_form_ties_errors_and_hints_to_their_fields() -> None:
    form = SampleForm({"id_number": "110101199003070012"})
    html = str(form)
    assert 'aria-describedby="id_id_number_hint id_id_number_error id_id_number_check"' in html
    assert 'href="#id_id_number"' in html and 'aria-invalid="true"' in html
    assert 'value="110101199003070012"' in html, "what was typed stays"


def asked(kind: str, method: str = "post", **given: str) -> Any:
    """The live check, asked by somebody who has signed in."""
    request = getattr(RequestFactory(), method)(f"/ui/check/{kind}/", given)
    request.actor = actor("陈")
    return views.check(request, kind)


def test_the_live_check_answers_good_and_bad() -> None:
    assert "field-good" in asked("mobile", mobile="138 0013 8000").content.decode()
    assert "校验码" in asked("id", anything="110101199003070012").content.decode()


def test_the_live_check_is_for_colleagues() -> None:
    request = RequestFactory().post("/ui/check/id/", {"value": "1"})
    request.actor = ANONYMOUS
    assert views.check(request, "id")["Location"].startswith("/sign-in/")


def test_the_live_check_is_no_get_so_that_no_log_keeps_the_number() -> None:
    assert asked("id", "get", value="1").status_code == 405
