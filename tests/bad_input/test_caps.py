"""Over the cap: the sentence names the figure, the cap and the parameter, and nobody gets past it, whatever they may do."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.models import Parameter
from chezhe.kernel.permission import REGISTRY
from chezhe.origination.models import Application
from chezhe.products.forms import initial_of
from chezhe.products.models import ProductVersion
from chezhe.products.tests.test_doors import as_posted
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from tests.bad_input.doors import CHINESE, api_refuses, page_refuses, posting_refused
from tests.bad_input.watch import nothing_written
from tests.journeys import walk
from tests.journeys.house import NOW, TODAY, Program, Team
from tests.journeys.walk import PERSON, said

pytestmark = pytest.mark.django_db
FACTS = {
    "licence_type": "mcc", "amount": "100000.00", "price_base": "200000.00", "term_months": 24, "annual_rate": "0.12",
    "all_in_simple": "0.13", "all_in_compound": "0.14", "penalty_multiple": "1.5",
}


@pytest.fixture
def everybody(team: Team) -> tuple[Program, Client]:
    """Somebody who holds every role everywhere and has just entered a code."""
    team.people["omni"] = cast.person("omni", *roles.LABELS, at=team.east, reach=Reach.ALL, enrolled=True)
    User.objects.filter(username="omni").update(password_set_at=NOW)
    program = team.program("omni")
    said(program.step_up())
    return program, team.browser("omni")


def test_the_cost_check_names_the_cap_and_the_parameter(everybody: tuple[Program, Client]) -> None:
    program, page = everybody
    for change, code, actual, limit in (
        ({"all_in_simple": "0.2401"}, "CAP_ALLIN_24", "24.01%", "24%"), ({"term_months": 61}, "TERM_MAX_NEW", "61", "60"),
        ({"price_base": "80000.00"}, "LTV_SELF_CONV", "125%", "100%"), ({"penalty_multiple": "1.51"}, "PENALTY_MULT_OVERDUE", "1.51", "1.5"),
        ({"deducted_from_principal": "0.01"}, "NO_DEDUCTION", "0.01", ""),
    ):
        answer = said(program.post("compliance/pricing-checks", {**FACTS, **change}))
        block = next((f for f in answer["findings"] if f["severity"] == "block"), None)
        assert block is not None, (change, answer)
        assert (answer["is_allowed"], block["code"]) == (False, code) and actual in block["sentence"] and limit in block["sentence"] and block["source"]
    form = {**FACTS, "on": TODAY.isoformat(), "borrower_kind": "person", "purpose": "purchase", "vehicle_condition": "new", "usage": "private",
            "energy": "conventional", "annual_rate": "12", "all_in_simple": "24.01", "all_in_compound": "27", "penalty_percent": "150"}
    for language, sentence in (("zh-hans", "24.01% 超过上限 24%，不能办理"), ("en", "24.01%")):
        text = page.post("/compliance/caps/", form, headers={"Accept-Language": language}).content.decode()
        assert sentence in text and "CAP_ALLIN_24" in text


def test_rates_that_cannot_be_are_refused_beside_their_field(everybody: tuple[Program, Client]) -> None:
    program, page = everybody
    for wrong, code in (("-0.01", "rate_low"), ("0.12345678901", "rate_precision"), ("12%", "rate_form"), ("NaN", "rate_form"),
                        ("1e-1", "rate_form"), (0.12, "rate_form"), (12, "rate_form"), ("1000", "rate_form")):
        posting_refused(program, "compliance/pricing-checks", {**FACTS, "annual_rate": wrong}, "annual_rate", code)
    said(program.post("products/products/P01/versions", {}), 201)
    data = as_posted(initial_of(ProductVersion.objects.get(number="P01-v2")))
    edit = "/products/versions/P01-v2/edit/"
    for wrong, chinese, english in (
        ("-1", "0% 到 100%", "from 0% to 100%"), ("100.01", "0% 到 100%", "from 0% to 100%"), ("十二", "请填写百分数", "percentage"),
        ("11.123456789", "最多八位小数", "eight decimals"), ("1e1", "请填写百分数", "percentage"),
    ):
        page_refuses(page, edit, {**data, "equal_instalment_rate_max": wrong}, "equal_instalment_rate_max", chinese, english)
    page_refuses(page, edit, {**data, "ltv_max": "100.1"}, "ltv_max", "0% 到 100%", "from 0% to 100%")
    page_refuses(page, edit, {**data, "periods_max": "121"}, "periods_max", "不大于 120", "120")
    page_refuses(page, edit, {**data, "equal_instalment_rate_max": "1"}, "equal_instalment_rate_default", "最低 ≤ 默认 ≤ 最高", "≤")


def test_a_product_over_a_cap_is_not_submitted_by_anybody(everybody: tuple[Program, Client]) -> None:
    """Term, car's share, cost of the dearest loan it allows, penalty: by page and API, for whoever may do everything."""
    program, page = everybody
    said(program.post("products/products/P01/versions", {}), 201)
    version = ProductVersion.objects.get(number="P01-v2")
    for change, rule, figure in (
        ({"periods_max": "61"}, "TERM_MAX_NEW", "61"), ({"conditions": ["used"], "periods_max": "36"}, "LTV_USED", "80%"),
        ({"equal_instalment_rate_max": "24.5"}, "CAP_ALLIN_24", "24%"), ({"penalty_multiple": "1.6"}, "PENALTY_MULT_OVERDUE", "1.6"),
    ):
        version.refresh_from_db()
        form = as_posted(initial_of(ProductVersion.objects.get(number="P01-v1"))) | change | {"based_on": "", "effective_from": "2026-10-01"}
        assert page.post("/products/versions/P01-v2/edit/", form).status_code == 302, rule
        with nothing_written():
            problem = api_refuses(program.post("products/versions/P01-v2/submit"), _field(rule), "cap_exceeded", 409)
        assert problem["facts"]["rule"] == rule and rule in problem["detail"] and figure in problem["detail"] and problem["facts"]["source"]
        for language in ("zh-hans", "en") if rule == "CAP_ALLIN_24" else ("zh-hans",):
            with nothing_written():
                answer = page.post("/products/versions/P01-v2/submit/", headers={"Accept-Language": language})
            assert answer.status_code == 409 and rule in answer.content.decode() and figure in answer.content.decode()
    assert ProductVersion.objects.get(number="P01-v2").status == "draft"
    assert not [code for code in REGISTRY if "override" in code or "exempt" in code or "bypass" in code]


def _field(rule: str) -> str:
    return {"TERM_MAX_NEW": "term_months", "LTV_USED": "amount", "PENALTY_MULT_OVERDUE": "penalty_multiple"}.get(rule, "annual_rate")


def test_an_application_over_a_limit_goes_nowhere(team: Team) -> None:
    """What the product does not offer is refused beside its field; what the law does not allow, by its rule."""
    owner = walk.customer(team, PERSON)
    number = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk_back(team, number)
    lin, page = team.program("lin"), team.browser("lin")
    for values, field, sentence in (
        ({"amount": "80000.00"}, "amount", "最多可贷"), ({"amount": "60000.00", "periods": 60}, "periods", "期限须在"),
        ({"periods": 24, "annual_rate": "0.30"}, "annual_rate", "年利率须在"),
    ):
        version = said(lin.get(f"origination/{number}"))["version"]
        version = said(lin.patch(f"origination/{number}/steps/finance", {"version": version, **values}))["version"]
        problem = posting_refused(lin, f"origination/{number}/submit", {"version": version}, field, "product_terms_invalid")
        assert sentence in problem["detail"]
        with nothing_written():
            answer = page.post(f"/origination/{number}/submit/", {"version": version})
        assert answer.status_code == 422 and sentence in answer.content.decode()
    said(lin.patch(f"origination/{number}/steps/finance", {"version": version, "annual_rate": "0.12"}))
    Parameter.objects.create(code="LTV_SECURED", value="0.50", unit="rate", effective_from=date(2026, 9, 1), source="贷款人政策")
    version = said(lin.get(f"origination/{number}"))["version"]
    problem = posting_refused(lin, f"origination/{number}/submit", {"version": version}, "amount", "cap_exceeded", 409)
    assert problem["facts"]["rule"] == "LTV_SECURED" and "60%" in problem["detail"] and "50%" in problem["detail"]
    with nothing_written():
        answer = page.post(f"/origination/{number}/submit/", {"version": version}, headers={"Accept-Language": "en"})
    assert answer.status_code == 409 and "LTV_SECURED" in answer.content.decode()
    assert Application.objects.get().status == "supplement"


def walk_back(team: Team, number: str) -> None:
    """The reviewer asks for more, so that the figures may be changed."""
    vote = {"verdict": "return", "opinion": "请核对金额"}
    assert said(team.program("chen").post(f"origination/{number}/votes", vote))["status"] == "supplement"


def test_what_was_approved_within_the_caps_is_no_contract_beyond_them(team: Team) -> None:
    owner = walk.customer(team, PERSON)
    number = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk.decide(team, number)
    Parameter.objects.create(code="CAP_ALLIN_24", value="0.11", unit="rate", effective_from=date(2026, 9, 1), source="新规")
    he, page = team.program("he"), team.browser("he")
    problem = posting_refused(he, "contracts/contracts", {"application_number": number}, "annual_rate", "cap_exceeded", 409)
    assert problem["facts"]["rule"] == "CAP_ALLIN_24" and "11%" in problem["detail"]
    account = Application.objects.get().customer.accounts.get().pk
    with nothing_written():
        answer = page.post(f"/contracts/prepare/{number}/", {"account_id": account, "payout_on": TODAY.isoformat()})
    text = answer.content.decode()
    assert answer.status_code in (409, 422) and "CAP_ALLIN_24" in text and "11%" in text and CHINESE.search(text)
