"""What makes an application complete, and the ratios people judge it by. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from chezhe.finmath.money import Money

STEPS = ("party", "support", "vehicle", "finance", "documents", "consents")
REVIEW_HOURS = 24  # where no table says how long
# A fleet is not one loan: more cars than a table of papers can show are a matter for several.
FURTHER_MAX = 20
_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A consent that somebody has not given: `kind` of the consent ledger, `who` masked."""

    kind: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What is there when somebody presses submit. `spoiled` are (step, field) typed but not understood yet."""

    has_product: bool
    purpose: str
    needs_guarantor: bool
    has_guarantor: bool
    has_vehicle: bool
    price: Money | None
    price_base: Money | None
    amount: Money | None
    periods: int | None
    annual_rate: Decimal | None
    needs_income: bool
    monthly_income: Money | None
    documents_missing: tuple[str, ...] = ()
    consents_missing: tuple[Missing, ...] = ()
    spoiled: tuple[tuple[str, str], ...] = ()
    wanted_open: tuple[str, ...] = ()
    # Of further cars: those whose owner does not stand in the application, those without a value, and (category, car) of papers.
    cars_of_strangers: tuple[str, ...] = ()
    cars_unvalued: tuple[str, ...] = ()
    car_papers_missing: tuple[tuple[str, str], ...] = ()
    is_trade_closed: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: the step it belongs to, a stable code, what it concerns and whom."""

    step: str
    code: str
    what: str = ""
    who: str = ""


def gaps(filled: Filled) -> list[Gap]:
    """Everything that stands between a draft and its submission, in the order of the steps."""
    is_bought = filled.purpose == "purchase"
    wanting = [
        (filled.has_product, Gap("party", "product_missing")),
        (bool(filled.purpose), Gap("party", "purpose_missing")),
        (not filled.is_trade_closed, Gap("party", "trade_closed")),
        (filled.has_guarantor or not filled.needs_guarantor, Gap("support", "guarantor_missing")),
        (filled.has_vehicle, Gap("vehicle", "vehicle_missing")),
        (filled.price is not None or not is_bought, Gap("vehicle", "price_missing")),
        (filled.price_base is not None or not filled.has_vehicle, Gap("vehicle", "valuation_missing")),
        (filled.amount is not None, Gap("finance", "amount_missing")),
        (filled.periods is not None, Gap("finance", "periods_missing")),
        (filled.annual_rate is not None, Gap("finance", "rate_missing")),
        (filled.monthly_income is not None or not filled.needs_income, Gap("finance", "income_missing")),
    ]
    found = [gap for is_there, gap in wanting if not is_there]
    found += [Gap(step, "field_wrong", field) for step, field in filled.spoiled]
    found += [Gap("vehicle", "owner_elsewhere", who=car) for car in filled.cars_of_strangers]
    found += [Gap("vehicle", "further_unvalued", who=car) for car in filled.cars_unvalued]
    found += [Gap("documents", "wanted_open", words) for words in filled.wanted_open]
    found += [Gap("documents", "document_missing", code) for code in filled.documents_missing]
    found += [Gap("documents", "car_paper_missing", code, car) for code, car in filled.car_papers_missing]
    found += [Gap("consents", "consent_missing", missing.kind, missing.who) for missing in filled.consents_missing]
    return sorted(found, key=lambda gap: STEPS.index(gap.step))


def consents_needed(*, is_person: bool, is_borrower: bool) -> tuple[str, ...]:
    """What somebody must have agreed to before the file is looked at (DOMAIN.md §2.9): a company lends no personal data."""
    if not is_person:
        return ("credit_query",)
    return ("credit_query", "personal_info", "sensitive_info") if is_borrower else ("credit_query", "personal_info")


def debt_to_income(monthly_debt: Money, instalment: Money, monthly_income: Money) -> Decimal | None:
    """(existing monthly debt + new instalment) ÷ monthly income, to six decimals; None without income (DOMAIN §4)."""
    if monthly_income.fen <= 0:
        return None
    return (Decimal(monthly_debt.fen + instalment.fen) / monthly_income.fen).quantize(_SIX, ROUND_HALF_UP)


def usual_instalment(totals_fen: Sequence[int]) -> Money:
    """The dearest line of the plan apart from the last, whose first line may be a few days only and whose last line may
    hold the whole principal; the only line when there is one."""
    return Money(max(totals_fen[:-1] or totals_fen))


def loan_to_value(amount: Money, price_base: Money) -> Decimal | None:
    """Amount ÷ price base, to six decimals; None without a price base."""
    if price_base.fen <= 0:
        return None
    return (Decimal(amount.fen) / price_base.fen).quantize(_SIX, ROUND_HALF_UP)


def value_together(own: Money, others: Sequence[Money | None]) -> Money:
    """What several cars are worth together; one whose value does not stand counts for nothing."""
    return Money(own.fen + sum(one.fen for one in others if one is not None))


def duty_held(acting: frozenset[int], duties: Mapping[str, frozenset[int]]) -> str:
    """The first of `duties` that one of the acting people (both of a delegation) has already held, or empty.

    Seller, reviewer, approver, maker and checker of a payout are different people (四眼, DOMAIN.md §7).
    """
    return next((duty for duty, people in duties.items() if acting & people), "")


def is_prime(*, tier: str, exceptions: int | None, amount: Money | None, amount_max: Money | None) -> bool:
    """Whether a case belongs to the fast lane: the best tier, no exception to policy, and no more than the machine may grant alone."""
    return tier == "A" and exceptions == 0 and amount is not None and amount_max is not None and amount <= amount_max


def offer_until(decided_on: date, days: int) -> date:
    """The last day on which the customer may accept."""
    return decided_on + timedelta(days=days)


def has_lapsed(until: date | None, on: date) -> bool:
    """Whether the approval can no longer be accepted on a day."""
    return until is not None and on > until
