"""View-models of the product pages: the terms in words, their differences, a sample plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method, Quote
from chezhe.products import judging, labels, orders, steps
from chezhe.products.models import ProductVersion
from chezhe.products.rules import FeeRule, MethodPrice, ProductTerms
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Change

TRAIL = [(gettext_lazy("设置"), "")]
SAMPLE_AMOUNT, SAMPLE_PERIODS = Money(10_000_000), 36


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its facts, each a label and words."""

    title: str
    facts: tuple[tuple[str, str], ...]


def describe(terms: ProductTerms) -> list[Section]:
    """The terms for people, in the order in which a loan meets them."""
    return [
        Section(_("价格"), tuple(_price_fact(price) for price in terms.prices)),
        Section(_("额度与期限"), (
            (_("金额"), f"{formats.money(terms.amount_min)} – {formats.money(terms.amount_max)}"),
            (_("期限"), _("%(low)s 至 %(high)s 个月") % {"low": terms.periods_min, "high": terms.periods_max}),
            (_("最高成数"), judging.percent(terms.ltv_max)),
        )),
        Section(_("对象与车辆"), (*_audience(terms),)),
        Section(_("计息"), (
            (_("利率"), str(labels.REPRICING[terms.repricing]) if terms.repricing else _("固定")),
            (_("计息天数"), str(labels.DAY_COUNTS[terms.day_count])),
            (_("首期不足或超过一月"), f"{labels.STUB_LEVELS[terms.stub.level]}（{labels.DAY_COUNTS[terms.stub.basis]}）"),
        )),
        Section(_("逾期"), (*_penalty(terms),)),
        Section(_("提前结清与提前还款"), (*_early(terms),)),
        Section(_("冲销顺序"), tuple(
            (str(labels.TRANSACTIONS[choice.kind]), order_words(choice.rule)) for choice in terms.allocations
        )),
        Section(_("要件"), (
            (_("资料"), labels.joined(terms.documents, labels.documents())),
            (_("担保与增信"), labels.joined(terms.guarantees, labels.GUARANTEES)),
            (_("可享财政贴息的用途"), labels.joined(terms.subsidised_purposes, labels.PURPOSES)),
        )),
    ]


def _price_fact(price: MethodPrice) -> tuple[str, str]:
    words = _("%(low)s – %(high)s，通常 %(usual)s") % {
        "low": judging.percent(price.rate_min), "high": judging.percent(price.rate_max), "usual": judging.percent(price.rate_default)}
    if price.method is Method.FLAT_EQUAL:
        words = _("%(rates)s（按初始本金的平息年率）") % {"rates": words}
    if price.balloon_rate:
        words = _("%(rates)s，尾款 %(share)s") % {"rates": words, "share": judging.percent(price.balloon_rate)}
    return str(labels.METHODS[price.method]), words


def _audience(terms: ProductTerms) -> list[tuple[str, str]]:
    vehicle = terms.vehicle
    years, km = vehicle.age_max_months, vehicle.mileage_max_km
    return [
        (_("借款人"), labels.joined(terms.borrower_kinds, labels.BORROWERS)), (_("用途"), labels.joined(terms.purposes, labels.PURPOSES)),
        (_("车况"), labels.joined(vehicle.conditions, labels.CONDITIONS)),
        (_("使用性质"), labels.joined(vehicle.usages, labels.USAGES)), (_("能源"), labels.joined(vehicle.energies, labels.ENERGIES)),
        (_("到期车龄上限"),
         ngettext("%(months)s 个月", "%(months)s 个月", years) % {"months": years} if years is not None else pgettext("limit", "不限")),
        (_("里程上限"), _("%(km)s 公里") % {"km": f"{km:,}"} if km is not None else pgettext("limit", "不限")),
    ]


def _penalty(terms: ProductTerms) -> list[tuple[str, str]]:
    penalty = terms.penalty
    return [
        (_("罚息倍数"), _("逾期 %(overdue)s 倍，挪用 %(misuse)s 倍") % {"overdue": penalty.multiple, "misuse": penalty.misuse_multiple}),
        (_("罚息利率"), _("随合同利率调整") if penalty.follows_rate else _("合同期内不变")),
        (_("罚息基数"), str(labels.PENALTY_BASES[penalty.base])), (_("复利"), _("计收") if penalty.compounds else _("不计收")),
        (_("宽限期"), _("%(days)s 天，%(rule)s") % {"days": penalty.grace_days, "rule": labels.GRACE_MODES[penalty.grace_mode]}),
    ]


def _early(terms: ProductTerms) -> list[tuple[str, str]]:
    settlement, prepayment = terms.settlement, terms.prepayment
    fee = judging.percent(settlement.fee_rate)
    if settlement.free_after_periods is not None and settlement.fee_rate:
        fee = _("剩余本金的 %(rate)s，还满 %(periods)s 期后免收") % {"rate": fee, "periods": settlement.free_after_periods}
    return [
        (_("提前结清违约金"), fee), (_("未到期平息费用"), str(labels.FLAT_CHARGES[settlement.flat_charges])),
        (_("部分提前还款"), labels.joined(prepayment.modes, labels.PREPAYMENT_MODES)),
        (_("部分还款最低额"), formats.money(prepayment.amount_min)),
    ]


def order_words(rule: AllocationRule) -> str:
    """An allocation order in one line."""
    facts = {"order": orders.words(rule.order), "mode": labels.ALLOCATION_MODES[rule.mode]}
    if rule.late_order is None:
        return _("%(order)s；%(mode)s") % facts
    facts |= {"days": rule.late_after_days, "later": orders.words(rule.late_order)}
    return _("%(order)s；%(mode)s；逾期超过 %(days)s 天后 %(later)s") % facts


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee in words."""

    name: str
    code: str
    price: str
    when: Any
    payee: str
    is_counted: bool
    is_refundable: bool


def fee_rows(terms: ProductTerms) -> list[FeeRow]:
    """The fee table."""
    return [
        FeeRow(labels.fee_name(fee), fee.code, _fee_price(fee), labels.FEE_WHEN[fee.when],
               fee.payee_name or str(labels.PAYEES[fee.payee]), fee.is_counted, fee.is_refundable)
        for fee in terms.fees
    ]


def _fee_price(fee: FeeRule) -> str:
    if fee.amount is not None:
        return formats.money(fee.amount)
    return _("贷款金额的 %(rate)s") % {"rate": judging.percent(fee.rate or Decimal(0))}


def differences(before: ProductTerms, after: ProductTerms) -> list[Change]:
    """What a version changes against another, fact by fact."""
    old, new = _flat(before), _flat(after)
    return [
        Change(name, old.get(name, "—"), new.get(name, "—"))
        for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)
    ]


def _flat(terms: ProductTerms) -> dict[str, str]:
    facts = {f"{section.title} · {label}": words for section in describe(terms) for label, words in section.facts}
    fees = {_("费用") + f" · {row.name}": f"{row.price} {row.when} {row.payee}" for row in fee_rows(terms)}
    return facts | fees | {_("产品说明"): labels.description(terms)}


@dataclass(frozen=True, slots=True)
class Sample:
    """A plan with its cost, for a page; `charged` is the plan with all fees, `priced` counts those of the all-in cost."""

    amount: Money
    periods: int
    annual_rate: Decimal
    method: Method
    charged: Quote
    priced: Quote

    @property
    def method_name(self) -> Any:
        return labels.METHODS[self.method]

    @property
    def first_total(self) -> Money:
        return Money(self.charged.rows[0].total_fen)

    @property
    def fees(self) -> Money:
        """Monthly and up-front fees together."""
        totals = self.charged.totals
        return Money(totals.fee_fen + totals.upfront_fee_fen)

    @property
    def cost(self) -> Money:
        """Interest and all fees."""
        totals = self.charged.totals
        return Money(totals.interest_fen + totals.fee_fen + totals.upfront_fee_fen)


def plan(terms: ProductTerms, *, amount: Money, periods: int, annual_rate: Decimal, method: Method, start: date) -> Sample:
    """Quote a plan with all its fees, and again with those that count. Raises NoPlan (422)."""
    asked = {"amount": amount, "periods": periods, "annual_rate": annual_rate, "method": method, "start": start}
    charged = steps.quoted(terms, **asked)
    all_count = all(fee.is_counted for fee in terms.fees)
    return Sample(amount, periods, annual_rate, method, charged, charged if all_count else steps.quoted(terms, counted_only=True, **asked))


def sample(version: ProductVersion, start: date) -> Sample | None:
    """A typical loan under the version; None when its terms make no plan."""
    terms = version.terms
    price = terms.prices[0] if terms.prices else None
    if price is None:
        return None
    amount = min(max(SAMPLE_AMOUNT, terms.amount_min), terms.amount_max)
    periods = min(max(SAMPLE_PERIODS, terms.periods_min), terms.periods_max)
    try:
        return plan(terms, amount=amount, periods=periods, annual_rate=price.rate_default, method=price.method, start=start)
    except steps.NoPlan:
        return None


def plan_chart(found: Sample, chart_id: str) -> Chart:
    """Principal, interest and fees month by month."""
    rows = found.charged.rows
    series = [
        Series(_("本金"), [row.principal_fen for row in rows]), Series(_("利息"), [row.interest_fen for row in rows]),
    ]
    if any(row.fee_fen for row in rows):
        series.append(Series(pgettext("list", "费用"), [row.fee_fen for row in rows]))
    return Chart(id=chart_id, kind="stacked", title=_("每期还款构成"), measure="money", categories=[row.period for row in rows],
                 series=series, category_label=_("期"))


def worst_words(version: ProductVersion) -> dict[str, Any] | None:
    """The dearest combination that was found when the version was submitted, ready for the page."""
    kept = version.worst
    if not kept:
        return None
    rate = kept["all_in_simple"]
    return {
        "method": labels.METHODS[Method(kept["method"])], "amount": Money(kept["amount_fen"]), "periods": kept["periods"],
        "annual_rate": Decimal(kept["annual_rate"]), "all_in_simple": Decimal(rate) if rate else None,
        "all_in_compound": Decimal(kept["all_in_compound"]) if kept["all_in_compound"] else None,
    }
