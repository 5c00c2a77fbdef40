"""The terms that the first draft of a new product begins with: cautious, and to be edited."""

from __future__ import annotations

from decimal import Decimal

from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.products.rules import MethodPrice, PenaltyTerms, ProductTerms

TERMS = ProductTerms(
    prices=(
        MethodPrice(
            method=Method.EQUAL_INSTALMENT, rate_min=Decimal("0.06"), rate_max=Decimal("0.12"), rate_default=Decimal("0.09")
        ),
    ),
    periods_min=12, periods_max=36, amount_min=Money(2_000_000), amount_max=Money(30_000_000), ltv_max=Decimal("0.7"),
    penalty=PenaltyTerms(multiple=Decimal("1.5"), misuse_multiple=Decimal("2")),
)
