"""What is wrong with a version's terms, and what of a request does not fit them. Pure values; sentences in Chinese,
their English in this room's catalogue."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode
from chezhe.finmath.terms import Method
from chezhe.products.rules import (
    BORROWER_KINDS,
    CONDITIONS,
    ENERGIES,
    GUARANTEES,
    PAYEES,
    PURPOSES,
    USAGES,
    MethodPrice,
    ProductTerms,
)

PERIODS_MAX = 120
RATE_MAX = Decimal(1)
GRACE_DAYS_MAX = 15


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the name of the form's field, `text` a Chinese template for the facts."""

    field: str
    text: str
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


def problems(terms: ProductTerms) -> list[Problem]:
    """Everything that must be put right before the version can be submitted."""
    return [problem for examine in _EXAMINATIONS for problem in examine(terms)]


def _prices(terms: ProductTerms) -> Iterator[Problem]:
    if not terms.prices:
        yield Problem("methods", "至少选择一种还款方式。")
    if len(set(terms.methods)) != len(terms.prices):
        yield Problem("methods", "同一种还款方式只能出现一次。")
    for price in terms.prices:
        yield from _price(price)


def _price(price: MethodPrice) -> Iterator[Problem]:
    name = price.method.value
    if not Decimal(0) <= price.rate_min <= price.rate_default <= price.rate_max <= RATE_MAX:
        yield Problem(f"{name}_rate_default", "利率须满足：0 ≤ 最低 ≤ 默认 ≤ 最高 ≤ 100%%。")
    is_balloon = price.method is Method.BALLOON
    if is_balloon and not (price.balloon_rate and Decimal(0) < price.balloon_rate < 1):
        yield Problem("balloon_rate", "气球贷须填写尾款比例（大于 0，小于 100%%）。")
    if price.method is Method.STEPPED and not price.steps:
        yield Problem("steps", "阶梯还款须填写各阶段的起始期数与倍数。")


def _ranges(terms: ProductTerms) -> Iterator[Problem]:
    if not 1 <= terms.periods_min <= terms.periods_max <= PERIODS_MAX:
        yield Problem("periods_max", "期限须满足：1 ≤ 最短 ≤ 最长 ≤ 120 个月。")
    if not 0 < terms.amount_min.fen <= terms.amount_max.fen:
        yield Problem("amount_max", "金额须满足：0 < 最低 ≤ 最高。")
    if not Decimal(0) < terms.ltv_max <= 1:
        yield Problem("ltv_max", "贷款成数须大于 0，不超过 100%%。")


def _fees(terms: ProductTerms) -> Iterator[Problem]:
    codes = [fee.code for fee in terms.fees]
    if len(set(codes)) != len(codes):
        yield Problem("fees", "费用代码不能重复。")
    for place, fee in enumerate(terms.fees, start=1):
        if not fee.code or not fee.label or not fee.english:
            yield Problem(f"fee_{place}_label", "费用须有代码、中文名称和英文名称。")
        if (fee.amount is None) == (fee.rate is None):
            yield Problem(f"fee_{place}_amount", "费用须按金额或按比例填写，二者选一。")
        if (fee.amount is not None and fee.amount.fen <= 0) or (fee.rate is not None and not Decimal(0) < fee.rate < 1):
            yield Problem(f"fee_{place}_amount", "费用的金额或比例须大于零。")
        if fee.payee not in PAYEES or (fee.payee == "third_party" and not fee.payee_name):
            yield Problem(f"fee_{place}_payee_name", "第三方收取的费用须写明收款方。")
        if not fee.is_counted and not fee.is_refundable:
            yield Problem(f"fee_{place}_is_counted", "不退还的费用必须计入综合融资成本。")


def _rules_after_payout(terms: ProductTerms) -> Iterator[Problem]:
    penalty, settlement = terms.penalty, terms.settlement
    if not Decimal(1) <= penalty.multiple <= penalty.misuse_multiple:
        yield Problem("penalty_multiple", "罚息倍数须满足：1 ≤ 逾期 ≤ 挪用。")
    if not 0 <= penalty.grace_days <= GRACE_DAYS_MAX:
        yield Problem("grace_days", "宽限期须为 0 至 15 天。")
    if (penalty.grace_days > 0) != (penalty.grace_mode is not GraceMode.NONE):
        yield Problem("grace_mode", "有宽限期就要选宽限规则，没有则选“无宽限”。")
    if not Decimal(0) <= settlement.fee_rate <= Decimal("0.1"):
        yield Problem("settlement_fee_rate", "提前结清违约金须在 0 至 10%% 之间。")
    if settlement.free_after_periods is not None and settlement.free_after_periods < 0:
        yield Problem("settlement_free_after", "免收违约金的期数不能是负数。")
    kinds = [choice.kind for choice in terms.allocations]
    if TransactionKind.REPAYMENT not in kinds or len(set(kinds)) != len(kinds):
        yield Problem("allocation", "每种入账须有且只有一个冲销顺序，还款的顺序不能缺。")


def _audience(terms: ProductTerms) -> Iterator[Problem]:
    known = (
        ("borrower_kinds", terms.borrower_kinds, BORROWER_KINDS), ("purposes", terms.purposes, PURPOSES),
        ("conditions", terms.vehicle.conditions, CONDITIONS), ("usages", terms.vehicle.usages, USAGES),
        ("energies", terms.vehicle.energies, ENERGIES),
    )
    for name, chosen, allowed in known:
        if not chosen or not set(chosen) <= set(allowed):
            yield Problem(name, "请至少选择一项。")
    if not set(terms.subsidised_purposes) <= set(PURPOSES):
        yield Problem("subsidised_purposes", "没有这个用途。")
    if not set(terms.guarantees) <= set(GUARANTEES):
        yield Problem("guarantees", "没有这种担保方式。")
    if not terms.description or not terms.description_english:
        yield Problem("description", "请填写给客户看的产品说明（中文和英文）。")


_EXAMINATIONS: tuple[Callable[[ProductTerms], Iterator[Problem]], ...] = (
    _prices, _ranges, _fees, _rules_after_payout, _audience,
)


# ---- a request against the terms ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for; None and empty mean not known yet, and are not judged."""

    amount: Money | None = None
    periods: int | None = None
    annual_rate: Decimal | None = None
    method: Method | None = None
    borrower_kind: str = ""
    purpose: str = ""
    condition: str = ""
    usage: str = ""
    energy: str = ""
    age_months: int | None = None
    mileage_km: int | None = None
    price_base: Money | None = None


def misfits(terms: ProductTerms, request: Request) -> list[Problem]:
    """What of the request lies outside the product; an empty list when it fits."""
    return [*_figures(terms, request), *_rate(terms, request), *_words(terms, request), *_car(terms, request)]


def _figures(terms: ProductTerms, asked: Request) -> Iterator[Problem]:
    if asked.amount is not None and not terms.amount_min <= asked.amount <= terms.amount_max:
        yield Problem("amount", "金额须在 %(low)s 与 %(high)s 元之间。", {
            "low": terms.amount_min.format(grouped=True), "high": terms.amount_max.format(grouped=True)})
    if asked.periods is not None and not terms.periods_min <= asked.periods <= terms.periods_max:
        yield Problem("periods", "期限须在 %(low)s 与 %(high)s 个月之间。", {"low": terms.periods_min, "high": terms.periods_max})
    if asked.amount is not None and asked.price_base is not None:
        most = asked.price_base.times(terms.ltv_max)
        if asked.amount > most:
            yield Problem("amount", "贷款成数最高 %(rate)s，以此车价最多可贷 %(most)s 元。", {
                "rate": percent(terms.ltv_max), "most": most.format(grouped=True)})


def _rate(terms: ProductTerms, asked: Request) -> Iterator[Problem]:
    if asked.method is not None and asked.method not in terms.methods:
        yield Problem("method", "此产品没有这种还款方式。")
        return
    price = terms.price_of(asked.method or terms.methods[0])
    if asked.annual_rate is not None and not price.rate_min <= asked.annual_rate <= price.rate_max:
        yield Problem("annual_rate", "年利率须在 %(low)s 与 %(high)s 之间。", {
            "low": percent(price.rate_min), "high": percent(price.rate_max)})


def _words(terms: ProductTerms, asked: Request) -> Iterator[Problem]:
    vehicle = terms.vehicle
    given = (
        ("borrower_kind", asked.borrower_kind, terms.borrower_kinds, "此产品不面向这类借款人。"),
        ("purpose", asked.purpose, terms.purposes, "此产品不用于这个用途。"),
        ("condition", asked.condition, vehicle.conditions, "此产品不接受这类车况（新车或二手车）。"),
        ("usage", asked.usage, vehicle.usages, "此产品不接受这种使用性质的车。"),
        ("energy", asked.energy, vehicle.energies, "此产品不接受这种能源类型的车。"),
    )
    for name, value, allowed, text in given:
        if value and value not in allowed:
            yield Problem(name, text)


def _car(terms: ProductTerms, asked: Request) -> Iterator[Problem]:
    vehicle = terms.vehicle
    if vehicle.age_max_months is not None and asked.age_months is not None:
        if asked.age_months + (asked.periods or 0) > vehicle.age_max_months:
            yield Problem("age_months", "到期时车龄不得超过 %(years)s 年。", {"years": vehicle.age_max_months // 12})
    if vehicle.mileage_max_km is not None and asked.mileage_km is not None and asked.mileage_km > vehicle.mileage_max_km:
        yield Problem("mileage_km", "行驶里程不得超过 %(limit)s 公里。", {"limit": f"{vehicle.mileage_max_km:,}"})


def percent(rate: Decimal) -> str:
    """`8.88%`."""
    text = f"{(rate * 100).normalize():f}"
    return f"{text}%"
