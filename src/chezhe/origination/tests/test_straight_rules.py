"""What the machine may accept on somebody's behalf."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chezhe.finmath.money import Money
from chezhe.origination.offers.rules import Terms
from chezhe.origination.straight import rules, words

ASKED = Terms(amount=Money(4_000_000), periods=24, annual_rate=Decimal("0.12"))
CASE = rules.Case(acceptance="ahead", tier="A", is_prime=True, asked=ASKED, offered=ASKED, open_conditions=0)


def test_a_prime_case_approved_as_it_was_asked_for_needs_nobody() -> None:
    assert rules.hindrance(CASE) == ""


def test_a_lower_rate_is_taken_for_the_customer() -> None:
    assert rules.hindrance(replace(CASE, offered=replace(ASKED, annual_rate=Decimal("0.11")))) == ""


@pytest.mark.parametrize("offered", [
    replace(ASKED, annual_rate=Decimal("0.1201")), replace(ASKED, amount=Money(3_999_999)), replace(ASKED, amount=Money(4_000_001)),
    replace(ASKED, periods=25), replace(ASKED, periods=12, annual_rate=Decimal("0.10")),
])
def test_anything_else_is_for_the_customer_to_answer(offered: Terms) -> None:
    assert rules.hindrance(replace(CASE, offered=offered)) == "offer_differs"


@pytest.mark.parametrize(("changes", "code"), [
    ({"acceptance": "asked"}, "not_agreed"), ({"tier": "B"}, "not_prime"), ({"tier": ""}, "not_prime"), ({"is_prime": False}, "not_prime"),
    ({"open_conditions": 1}, "conditions_open"),
])
def test_what_stands_in_the_way_has_a_reason_in_words(changes: dict[str, object], code: str) -> None:
    assert rules.hindrance(replace(CASE, **changes)) == code
    assert str(words.REASONS[code])
