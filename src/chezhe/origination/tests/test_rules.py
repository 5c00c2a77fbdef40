from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.origination import rules
from chezhe.origination.rules import Filled, Gap, Missing

WHOLE: dict[str, Any] = {
    "has_product": True, "purpose": "purchase", "needs_guarantor": False, "has_guarantor": False, "has_vehicle": True,
    "price": Money(1), "price_base": Money(1), "amount": Money(1), "periods": 12, "annual_rate": Decimal("0.1"),
    "needs_income": True, "monthly_income": Money(1),
}


def test_nothing_is_missing_from_a_whole_application() -> None:
    assert rules.gaps(Filled(**WHOLE)) == []


def test_each_thing_left_out_is_named_with_its_step() -> None:
    left_out = {
        "has_product": (False, Gap("party", "product_missing")), "purpose": ("", Gap("party", "purpose_missing")),
        "needs_guarantor": (True, Gap("support", "guarantor_missing")), "has_vehicle": (False, Gap("vehicle", "vehicle_missing")),
        "price": (None, Gap("vehicle", "price_missing")), "price_base": (None, Gap("vehicle", "valuation_missing")),
        "amount": (None, Gap("finance", "amount_missing")), "periods": (None, Gap("finance", "periods_missing")),
        "annual_rate": (None, Gap("finance", "rate_missing")), "monthly_income": (None, Gap("finance", "income_missing")),
    }
    for field, (value, gap) in left_out.items():
        assert rules.gaps(Filled(**{**WHOLE, field: value})) == [gap], field


def test_a_loan_on_ones_own_car_needs_no_price_and_a_company_no_income() -> None:
    assert rules.gaps(Filled(**{**WHOLE, "purpose": "consumption", "price": None})) == []
    assert rules.gaps(Filled(**{**WHOLE, "needs_income": False, "monthly_income": None})) == []


def test_gaps_stand_in_the_order_of_the_steps() -> None:
    found = rules.gaps(Filled(**{
        **WHOLE, "amount": None, "documents_missing": ("id_front",), "spoiled": (("vehicle", "price"),),
        "consents_missing": (Missing(kind="credit_query", who="王*明"),),
    }))
    assert [(gap.step, gap.code, gap.what, gap.who) for gap in found] == [
        ("vehicle", "field_wrong", "price", ""), ("finance", "amount_missing", "", ""),
        ("documents", "document_missing", "id_front", ""), ("consents", "consent_missing", "credit_query", "王*明"),
    ]


def test_the_ratios_are_those_of_the_book() -> None:
    """DOMAIN.md §4: (2,100 + 3,321.43) ÷ 12,500 = 43.37 %."""
    assert rules.debt_to_income(Money(2_100_00), Money(3_321_43), Money(12_500_00)) == Decimal("0.433714")
    assert rules.debt_to_income(Money(0), Money(1), Money(0)) is None
    assert rules.loan_to_value(Money(70_000_00), Money(100_000_00)) == Decimal("0.7")
    assert rules.loan_to_value(Money(1), Money(0)) is None


def test_the_usual_instalment_is_neither_a_short_first_nor_a_heavy_last_line() -> None:
    assert rules.usual_instalment([500, 2_800, 2_799, 90_000]) == Money(2_800)
    assert rules.usual_instalment([105_000]) == Money(105_000)


def test_an_offer_lasts_its_days_the_last_one_included() -> None:
    until = rules.offer_until(date(2026, 3, 16), 30)
    assert until == date(2026, 4, 15)
    assert not rules.has_lapsed(until, until) and rules.has_lapsed(until, date(2026, 4, 16)) and not rules.has_lapsed(None, until)


def test_a_company_agrees_to_the_credit_query_only() -> None:
    assert rules.consents_needed(is_person=False, is_borrower=True) == ("credit_query",)
    assert "sensitive_info" in rules.consents_needed(is_person=True, is_borrower=True)
    assert "sensitive_info" not in rules.consents_needed(is_person=True, is_borrower=False)
