"""A person who borrows for the trade he runs: who may, on what product, with what papers, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from chezhe.compliance import rules as caps
from chezhe.customers.actions.record_trade import record_trade
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, company
from chezhe.customers.values import TradeFacts
from chezhe.identifiers.synthetic import invent_uscc
from chezhe.kernel import clock
from chezhe.origination import errors, figures, handing, labels, queries
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.forms import STEP_FORMS
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import FIGURES, TODAY, House, file_papers, grant_consents, hand_in, save, start
from chezhe.products import queries as products
from chezhe.products.models import ProductVersion

CODE = invent_uscc(Random(3), kind="92")


def record(house: House, status: str = "active") -> Customer:
    house.wang.refresh_from_db()
    facts = TradeFacts(uscc=CODE, registered_on=date(2021, 5, 6), name="明记五金店", status=status)
    record_trade(customer_number=house.wang.number, version=house.wang.version, facts=facts, business_date=TODAY, by=house.lin)
    return Customer.objects.get(pk=house.wang.pk)


def filled(house: House) -> Application:
    made = start(house, product="P10")
    save(made, "vehicle", {"vehicle_number": house.car.number}, house)
    return save(made, "finance", FIGURES, house)


def test_without_a_trade_in_force_nobody_borrows_as_a_sole_trader(house: House) -> None:
    with pytest.raises(errors.TradeMissing):
        start(house, product="P10")
    record(house, "revoked")
    for asked in ("", "sole_trader"):
        with pytest.raises(errors.TradeMissing):
            start(house, product="P10", borrower_kind=asked)
    with pytest.raises(errors.ProductUnfit):
        start(house, product="P10", borrower_kind="person")
    with pytest.raises(errors.ProductUnfit):
        start(house, product="P10", customer_number=company(FLEET, house.lin).number)
    with pytest.raises(errors.ProductUnfit):
        start(house, product="P05", borrower_kind="company")
    assert not Application.objects.exists()


def test_the_kind_of_borrower_is_fixed_at_the_start(house: House) -> None:
    record(house)
    made, other = start(house, product="P10"), start(house)
    assert (made.borrower_kind, made.purpose, other.borrower_kind) == ("sole_trader", "business", "person")
    with pytest.raises(errors.ProductUnfit):
        start(house, borrower_kind="sole_trader")
    kept = save(made, "party", {"product_code": "P03"}, house)
    assert kept.product_version.product.code == "P10" and "product_code" in kept.draft["party"]
    assert copy_application(application_number=made.number, business_date=TODAY, by=house.lin).borrower_kind == "sole_trader"


def test_where_a_product_lends_to_both_the_clerk_says_as_what(house: House) -> None:
    shipped = products.current("P10", TODAY)
    both = ProductVersion(
        product=shipped.product, version=2, number="P10-v2", status="published", effective_from=TODAY, drafted_by_name="周",
        drafted_at=clock.now(), published_by_name="周", published_at=clock.now())
    both.write(replace(shipped.terms, borrower_kinds=("person", "sole_trader")))
    both.save()
    with pytest.raises(errors.TradeMissing):
        start(house, product="P10", borrower_kind="sole_trader")
    record(house)
    assert start(house, product="P10").borrower_kind == "person"
    assert start(house, product="P10", borrower_kind="sole_trader").borrower_kind == "sole_trader"


def test_the_papers_of_the_trade_and_the_consents_of_a_person_are_wanted(house: House) -> None:
    record(house)
    made = filled(house)
    words = {labels.gap_words(gap) for gap in queries.gaps(made, TODAY)}
    assert {"营业执照", "银行流水（6 个月）"} <= words and "收入证明" not in words and "请填写月收入" not in words
    wanted = {gap.what for gap in queries.gaps(made, TODAY) if gap.code == "consent_missing"}
    assert wanted == {"credit_query", "personal_info", "sensitive_info"}
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    made.refresh_from_db()
    assert queries.gaps(made, TODAY) == []


def test_a_licence_that_lapses_before_it_is_handed_in_is_a_gap(house: House) -> None:
    record(house)
    made = filled(house)
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    record(house, "cancelled")
    assert [gap.code for gap in queries.gaps(Application.objects.get(), TODAY)] == ["trade_closed"]
    with pytest.raises(errors.Incomplete):
        hand_in(Application.objects.get(), house.lin)


def test_the_caps_and_the_facts_know_a_sole_trader(house: House) -> None:
    record(house)
    made = filled(house)
    assessment = figures.assess(made, TODAY)
    assert assessment is not None and assessment.facts.borrower_kind == caps.SOLE_TRADER and not assessment.misfits
    assert handing.figures(made, assessment)["borrower_kind"] == "sole_trader"
    codes = {need.code for need in caps.applicable(assessment.facts)}
    assert {"TERM_MAX_BUSINESS", "LTV_SECURED"} <= codes


def test_it_begins_by_page_and_over_the_api(house: House, browser: Any) -> None:
    lin = browser.acts_as(house.lin)
    refused = lin.post("/origination/new/", {"customer_number": house.wang.number, "product_code": "P10"})
    assert refused.status_code == 422 and "个体工商户登记" in refused.content.decode()
    record(house)
    asked = {"customer_number": house.wang.number, "product_code": "P10", "borrower_kind": "sole_trader"}
    assert lin.post("/origination/new/", asked).status_code == 302
    made = Application.objects.get()
    shown = lin.get(f"/origination/panel/figures/?subject={made.subject}").content.decode()
    assert "个体工商户" in shown and "明记五金店" in shown
    assert [value for value, _label in STEP_FORMS["party"](application=made, on=TODAY, by=house.lin).fields["product_code"].choices] == [
        "", "P10"]
    told = lin.api("origination", asked).json()
    assert (told["borrower_kind"], told["purpose"]) == ("sole_trader", "business")
