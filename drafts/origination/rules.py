"""What makes an application complete, and the ratios people judge it by. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from chezhe.finmath.money import Money

STEPS = ("party", "support", "vehicle", "finance", "documents", "consents")
_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What is there when somebody presses submit."""

    has_vehicle: bool
    has_product: bool
    purpose: str
    price: Money | None
    amount: Money | None
    periods: int | None
    annual_rate: Decimal | None
    monthly_income: Money | None
    documents_missing: tuple[str, ...]
    consents_missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: the step it belongs to, a stable code and what it concerns."""

    step: str
    code: str
    what: str = ""


def gaps(filled: Filled) -> list[Gap]:
    """Everything that stands between a draft and its submission, in the order of the steps."""
    wanting = [
        (filled.has_vehicle, Gap("vehicle", "vehicle_missing")),
        (bool(filled.purpose), Gap("vehicle", "purpose_missing")),
        (filled.price is not None, Gap("vehicle", "price_missing")),
        (filled.has_product, Gap("finance", "product_missing")),
        (filled.amount is not None, Gap("finance", "amount_missing")),
        (filled.periods is not None, Gap("finance", "periods_missing")),
        (filled.annual_rate is not None, Gap("finance", "rate_missing")),
        (filled.monthly_income is not None, Gap("finance", "income_missing")),
    ]
    found = [gap for is_there, gap in wanting if not is_there]
    found += [Gap("documents", "document_missing", code) for code in filled.documents_missing]
    return found + [Gap("consents", "consent_missing", kind) for kind in filled.consents_missing]


def debt_to_income(monthly_debt: Money, instalment: Money, monthly_income: Money) -> Decimal | None:
    """(existing monthly debt + new instalment) ÷ monthly income, to six decimals; None without income (DOMAIN §4)."""
    if monthly_income.fen <= 0:
        return None
    return (Decimal(monthly_debt.fen + instalment.fen) / monthly_income.fen).quantize(_SIX, ROUND_HALF_UP)


def loan_to_value(amount: Money, price_base: Money) -> Decimal | None:
    """Amount ÷ price base, to six decimals; None without a price base."""
    if price_base.fen <= 0:
        return None
    return (Decimal(amount.fen) / price_base.fen).quantize(_SIX, ROUND_HALF_UP)
