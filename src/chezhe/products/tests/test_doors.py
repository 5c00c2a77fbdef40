"""The products' pages, the calculator and the API."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date, roles
from chezhe.kernel.testing import WU, actor, moment
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.products import pages, seeds
from chezhe.products.forms import VersionForm, initial_of
from chezhe.products.models import ProductVersion
from chezhe.staff.models import User

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)
CAR = "?price=125000&down_payment=25000&condition=new&usage=private&energy=conventional"


@pytest.fixture(autouse=True)
def ready() -> None:
    parameters.sow()
    lender.sow_lender()
    business_date.open_day(DAY)


def _person(name: str, *held: str):
    user = User.objects.create(username=name, name=name, password="!", created_at=moment("2026-01-01 09:00"))
    return actor(name, *held, user_id=user.pk)


@pytest.fixture
def maker():
    return _person("maker", roles.RISK_MANAGER)


@pytest.fixture
def checker():
    return _person("checker", roles.COMPLIANCE)


def as_posted(initial: dict) -> dict:
    """The form's initial data as a browser would send it back."""
    form = VersionForm(initial=initial)
    sent = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        sent[bound.name] = "on" if value is True else bound.field.prepare_value(value)
    return sent


def test_every_page_opens(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    for path, text in {
        reverse("products:products"): "新车分期", reverse("products:versions"): "P05-v1", reverse("products:new_product"): "P09",
        reverse("products:version", args=["P01-v1"]): "抵押登记代办费", reverse("products:calculator"): "方案 3",
        reverse("products:versions") + "?product=P02&status=published": "P02-v1",
    }.items():
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.content.decode()[-500:])
        assert text in answer.content.decode(), path


def test_the_pages_speak_english(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    with translation.override("en"):
        text = browser.get(reverse("products:version", args=["P01-v1"]), headers={"Accept-Language": "en"}).content.decode()
    assert "New car instalment" in text and "Mortgage registration agency fee" in text


def test_wu_sees_nothing(browser) -> None:  # noqa: F811
    browser.acts_as(WU)
    for name in ("products", "versions", "new_product", "calculator"):
        assert browser.get(reverse(f"products:{name}")).status_code == 403
    assert browser.api("products/products").status_code == 403


@pytest.mark.parametrize("code", ["P01", "P02", "P03", "P05", "P10"])
def test_the_editor_gives_back_exactly_what_it_was_given(code: str) -> None:
    version = ProductVersion.objects.get(product__code=code)
    form = VersionForm(as_posted(initial_of(version)))
    assert form.is_valid(), form.errors
    assert pages.differences(version.terms, form.terms) == []
    assert {p.method: p for p in form.terms.prices} == {p.method: p for p in version.terms.prices}
    assert (form.terms.methods[0], form.terms.fees, form.terms.allocations, form.terms.penalty) == (
        version.terms.methods[0], version.terms.fees, version.terms.allocations, version.terms.penalty)


def test_a_version_is_drafted_edited_submitted_and_published_on_pages(browser, maker, checker) -> None:  # noqa: F811
    browser.acts_as(maker)
    assert browser.post(reverse("products:draft", args=["P02"])).status_code == 302
    number = "P02-v2"
    data = as_posted(initial_of(ProductVersion.objects.get(number=number))) | {"periods_max": "30", "effective_from": "2026-04-01"}
    assert browser.post(reverse("products:edit", args=[number]), data).status_code == 302
    page = browser.get(reverse("products:version", args=[number])).content.decode()
    assert "12 至 30 个月" in page and "12 至 36 个月" in page
    assert browser.post(reverse("products:submit", args=[number])).status_code == 302
    assert browser.post(reverse("products:publish", args=[number])).status_code == 403
    browser.acts_as(checker)
    assert browser.post(reverse("products:return", args=[number])).status_code == 422
    assert browser.post(reverse("products:publish", args=[number]), {"opinion": "同意"}).status_code == 302
    assert ProductVersion.objects.get(number=number).status == "published"
    retired = browser.post(reverse("products:retire", args=[number]), {"retire_on": "2026-05-01", "reason": "到期"})
    assert retired.status_code == 302


def test_a_cap_is_explained_on_the_page(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    browser.post(reverse("products:draft", args=["P01"]))
    data = as_posted(initial_of(ProductVersion.objects.get(number="P01-v2"))) | {"periods_max": "61"}
    browser.post(reverse("products:edit", args=["P01-v2"]), data)
    answer = browser.post(reverse("products:submit", args=["P01-v2"]))
    assert answer.status_code == 409 and "TERM_MAX_NEW" in answer.content.decode()


@pytest.mark.parametrize(("change", "sentence"), [
    ({"amount_min": "-1"}, "金额不能低于"), ({"periods_max": "0"}, "1"), ({"ltv_max": "120"}, "100%"),
    ({"penalty_multiple": "abc"}, "请填写倍数"), ({"steps": "x"}, "阶梯应写成"), ({"fee_2_label": "只有名字"}, "费用须有代码"),
    ({"equal_instalment_rate_max": ""}, "就要填写它的利率"), ({"effective_from": "2026-02-30"}, "没有这一天"),
])
def test_a_wrong_figure_is_refused_beside_its_field(browser, maker, change, sentence) -> None:  # noqa: F811
    browser.acts_as(maker)
    browser.post(reverse("products:draft", args=["P01"]))
    before = ProductVersion.objects.get(number="P01-v2")
    answer = browser.post(reverse("products:edit", args=["P01-v2"]), as_posted(initial_of(before)) | change)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert ProductVersion.objects.get(number="P01-v2").content == before.content


def test_the_calculator_shows_cost_plan_and_limit(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    text = browser.get(reverse("products:calculator") + CAR + "&product_1=P01&periods_1=36&annual_rate_1=12").content.decode()
    assert "3,321.43" in text and "3,321.46" in text and "80.00%" in text
    both = browser.get(reverse("products:calculator") + CAR + "&product_1=P01&periods_1=36&product_2=P01&method_2=balloon&periods_2=24")
    assert both.status_code == 200 and "方案 2" in both.content.decode() and "气球贷" in both.content.decode()


@pytest.mark.parametrize(("more", "sentence"), [
    ("&product_1=P01&periods_1=72", "12 与 60 个月"), ("&product_1=P01&periods_1=36&annual_rate_1=30", "年利率须在"),
    ("&product_1=P02&periods_1=24", "不接受这类车况"), ("&product_1=P01", "请填写期限"), ("&periods_1=12", "请选择"),
    ("&product_1=P01&periods_1=24&method_1=bullet", "没有这种还款方式"), ("&amount=110000&product_1=P01&periods_1=36", "不等于车价"),
])
def test_the_calculator_says_what_does_not_fit(browser, maker, more, sentence) -> None:  # noqa: F811
    answer = browser.acts_as(maker).get(reverse("products:calculator") + CAR + more)
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_the_api_walks_a_version_to_the_shelf(browser, maker, checker) -> None:  # noqa: F811
    browser.acts_as(maker)
    assert [p["current_version"] for p in browser.api("products/products").json()["items"]] == ["P01-v1", "P02-v1", "P03-v1", "P05-v1", "P10-v1"]
    made = browser.api("products/products/P03/versions", {})
    assert made.status_code == 201, made.content
    terms = made.json()["terms"]
    assert terms["amount_min"] == "30000.00" and terms["prices"][0]["rate_max"] == "0.165"
    changed = {"terms": {**terms, "periods_max": 24}, "effective_from": "2026-04-01", "based_on": made.json()["content_hash"]}
    assert browser.api("products/versions/P03-v2/edit", changed).json()["terms"]["periods_max"] == 24
    assert browser.api("products/versions/P03-v2/edit", changed).json()["code"] == "stale_edit"
    assert browser.api("products/versions/P03-v2/edit", {**changed, "surprise": 1}).status_code == 422
    assert browser.api("products/versions/P03-v2/submit", {}).json()["status"] == "submitted"
    browser.acts_as(checker)
    assert browser.api("products/versions/P03-v2/return", {"opinion": "再议"}).json()["status"] == "draft"
    browser.acts_as(maker).api("products/versions/P03-v2/submit", {})
    browser.acts_as(checker)
    assert browser.api("products/versions/P03-v2/publish", {}).json()["status"] == "published"
    assert browser.api("products/products/P03/current?on=2026-04-01").json()["number"] == "P03-v2"
    assert browser.api("products/versions/P03-v2/retire", {"retire_on": "2026-06-01", "reason": "x"}).json()["status"] == "retired"
    assert len(browser.api("products/versions?product=P03").json()["items"]) == 2


def test_the_wire_carries_the_terms_without_loss() -> None:
    from chezhe.products import wire

    for _, _, _, terms in seeds.shipped():
        assert wire.Terms.model_validate_json(wire.Terms.of(terms).model_dump_json()).value() == terms


def test_the_api_quotes(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    asked = {"price": "125000.00", "amount": "100000.00", "plans": [{"product": "P01", "periods": 36, "annual_rate": "0.12"}]}
    plan = browser.api("products/quotes", asked).json()[0]
    assert (plan["lines"][0]["total"], plan["lines"][-1]["total"], plan["fees"]) == ("3321.43", "3321.46", "200.00")
    assert plan["is_allowed"] and plan["ltv"] == "0.8" and plan["ltv_limit"] == "1.00"
    for wrong, field in (({"amount": "0.00"}, "amount"), ({"plans": []}, "plans"), ({"usage": "x"}, "usage")):
        answer = browser.api("products/quotes", {**asked, **wrong})
        assert answer.status_code == 422 and answer.json()["field"] == field
