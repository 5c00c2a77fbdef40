"""The calculator: up to three plans side by side, with their cost and what the caps say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.rules import Finding, Limit, PricingFacts
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.products import judging, labels, pages, queries, steps
from chezhe.products.models import ProductVersion
from chezhe.products.pages import Sample
from chezhe.ui import forms
from chezhe.ui.charts import Chart, Series

PLANS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One plan asked for: empty `method` and None `annual_rate` mean the product's usual ones."""

    product_code: str
    periods: int
    method: Method | None = None
    annual_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The car and the money that all plans share."""

    price: Money
    amount: Money
    condition: str
    usage: str
    energy: str
    on: date

    @property
    def ltv(self) -> Decimal:
        return Decimal(self.amount.fen) / self.price.fen


def situation(*, price: Money, amount: Money, condition: str, usage: str, energy: str, on: date, plans: int) -> Situation:
    """What the API asks with, checked. Raises Invalid (422) with the field."""
    words = (("condition", condition, labels.CONDITIONS), ("usage", usage, labels.USAGES), ("energy", energy, labels.ENERGIES))
    for field, value, known in words:
        if value not in known:
            raise Invalid(field=field, code="unknown_choice", sentence=_("没有这个选项，请重新选择。"))
    for field, money in (("price", price), ("amount", amount)):
        if money.fen <= 0:
            raise Invalid(field=field, code="money_low", sentence=_("金额须大于零。"))
    if not 1 <= plans <= PLANS:
        raise Invalid(field="plans", code="plans_count", sentence=_("一次比较 1 至 3 个方案。"))
    return Situation(price=price, amount=amount, condition=condition, usage=usage, energy=energy, on=on)


@dataclass(frozen=True, slots=True)
class Plan:
    """A quoted wish with what the rules say of it."""

    version: ProductVersion
    sample: Sample
    ltv: Decimal
    ltv_limit: Limit | None
    findings: tuple[Finding, ...]

    @property
    def is_allowed(self) -> bool:
        return not any(finding.is_block for finding in self.findings)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """(tone, sentence) of each finding."""
        return [("danger" if f.is_block else "warning", compliance_steps.sentence_of(f)) for f in self.findings]


def calculate(wish: Wish, situation: Situation) -> Plan:
    """Quote one plan. Raises NotFound, NotOnOffer, NoPlan, Invalid (with the field) or ParameterMissing."""
    version = queries.current(wish.product_code, situation.on)
    terms = version.terms
    method = wish.method or terms.methods[0]
    if method not in terms.methods:
        steps.check_request(terms, judging.Request(method=method))
    rate = wish.annual_rate if wish.annual_rate is not None else terms.price_of(method).rate_default
    steps.check_request(terms, judging.Request(
        amount=situation.amount, periods=wish.periods, annual_rate=rate, method=method, condition=situation.condition,
        usage=situation.usage, energy=situation.energy,
    ))
    sample = pages.plan(terms, amount=situation.amount, periods=wish.periods, annual_rate=rate, method=method, start=situation.on)
    facts = _facts(version, sample, situation)
    limits = [limit for limit in compliance_steps.limits_for(facts, situation.on) if limit.need.measure == "ltv"]
    return Plan(version, sample, situation.ltv, limits[0] if limits else None,
                tuple(compliance_steps.findings_for(facts, situation.on)))


def _facts(version: ProductVersion, sample: Sample, situation: Situation) -> PricingFacts:
    lender, terms, rates = compliance_queries.lender(), version.terms, sample.priced.rates
    return PricingFacts(
        licence_type=lender.licence_type, region=lender.region, product_code=version.product.code,
        borrower_kind=terms.borrower_kinds[0], purpose=terms.purposes[0], vehicle_condition=situation.condition,
        usage=situation.usage, energy=situation.energy, amount=sample.amount, price_base=situation.price,
        term_months=sample.periods, annual_rate=sample.annual_rate, all_in_simple=rates.all_in_simple,
        all_in_compound=rates.all_in_compound, penalty_multiple=terms.penalty.multiple,
        misuse_multiple=terms.penalty.misuse_multiple, upfront_fees=Money(sample.priced.totals.upfront_fee_fen),
    )


class CalculatorForm(forms.Form):
    """Price and down payment (or the amount itself), the car, and up to three plans."""

    price = forms.MoneyField(label=gettext_lazy("车价"), minimum=1)
    down_payment = forms.MoneyField(label=gettext_lazy("首付"), required=False)
    amount = forms.MoneyField(label=gettext_lazy("贷款金额"), required=False, help_text=gettext_lazy("留空则为车价减首付"))
    condition = forms.ChoiceField(label=gettext_lazy("车况"), choices=list(labels.CONDITIONS.items()), initial="new")
    usage = forms.ChoiceField(label=gettext_lazy("使用性质"), choices=list(labels.USAGES.items()), initial="private")
    energy = forms.ChoiceField(label=gettext_lazy("能源"), choices=list(labels.ENERGIES.items()), initial="conventional")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        products = [(version.product.code, str(version.product)) for version in queries.on_offer(on)]
        methods = [(method.value, label) for method, label in labels.METHODS.items()]
        for place in range(1, PLANS + 1):
            self.fields[f"product_{place}"] = forms.ChoiceField(
                label=gettext_lazy("产品"), choices=products, required=place == 1, empty_label="—",
                error_messages={"required": gettext_lazy("请选择产品。"), "invalid_choice": gettext_lazy("没有这个选项，请重新选择。")})
            self.fields[f"method_{place}"] = forms.ChoiceField(
                label=gettext_lazy("还款方式"), choices=methods, required=False, empty_label=gettext_lazy("产品通常的"))
            self.fields[f"periods_{place}"] = forms.WholeField(
                label=gettext_lazy("期限"), unit=gettext_lazy("月"), min_value=1, max_value=120, required=False)
            self.fields[f"annual_rate_{place}"] = forms.RateField(
                label=gettext_lazy("年利率"), required=False, help_text=gettext_lazy("留空则用产品通常的"))

    @property
    def plan_rows(self) -> list[list[Any]]:
        """Per plan its bound fields."""
        names = ("product", "method", "periods", "annual_rate")
        return [[self[f"{name}_{place}"] for name in names] for place in range(1, PLANS + 1)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        price, down, amount = (values.get(name) for name in ("price", "down_payment", "amount"))
        if price is None:
            return values
        values["amount"] = amount if amount is not None and amount.fen else price - (down or Money(0))
        if values["amount"].fen <= 0:
            self.add_error("down_payment", _("首付须低于车价。"))
        elif amount is not None and amount.fen and down is not None and down.fen and amount + down != price:
            self.add_error("amount", _("贷款金额加首付不等于车价，请只填其中一项。"))
        for place in range(1, PLANS + 1):
            if values.get(f"product_{place}") and not values.get(f"periods_{place}") and f"periods_{place}" not in self.errors:
                self.add_error(f"periods_{place}", _("请填写期限。"))
        return values

    def plans(self) -> list[Plan]:
        """The plans of a valid form; what a product refuses stands beside the field of its plan."""
        values = self.cleaned_data
        situation = Situation(price=values["price"], amount=values["amount"], condition=values["condition"],
                              usage=values["usage"], energy=values["energy"], on=self.on)
        found = []
        for place in range(1, PLANS + 1):
            if not values.get(f"product_{place}"):
                continue
            method = values.get(f"method_{place}")
            wish = Wish(product_code=values[f"product_{place}"], periods=values[f"periods_{place}"],
                        method=Method(method) if method else None, annual_rate=values.get(f"annual_rate_{place}"))
            try:
                found.append(calculate(wish, situation))
            except BusinessError as refusal:
                self._refuse_plan(place, refusal)
        return found

    def _refuse_plan(self, place: int, refusal: BusinessError) -> None:
        shared = {"amount", "condition", "usage", "energy"}
        field = refusal.field if refusal.field in shared else f"{refusal.field}_{place}"
        self.add_error(field if field in self.fields else f"product_{place}", str(refusal))


def comparison_chart(plans: Sequence[Plan]) -> Chart:
    """What each plan pays month by month."""
    longest = max(len(plan.sample.charged.rows) for plan in plans)
    series = []
    for place, plan in enumerate(plans, start=1):
        totals: list[int | None] = [row.total_fen for row in plan.sample.charged.rows]
        series.append(Series(_("方案 %(place)s") % {"place": place}, totals + [None] * (longest - len(totals))))
    return Chart(id="comparison", kind="line", title=_("每期应还对比"), measure="money",
                 categories=list(range(1, longest + 1)), series=series, category_label=_("期"))


def ltv_chart(plan: Plan) -> Chart | None:
    """The loan against the value of the car, with the limit in force."""
    if plan.ltv_limit is None:
        return None
    return Chart(id="ltv", kind="gauge", title=_("贷款成数"), measure="rate", categories=[_("成数")],
                 series=[Series(_("成数"), [plan.ltv.quantize(Decimal("0.0001"))])],
                 limit=min(plan.ltv_limit.value, plan.version.terms.ltv_max), limit_label=_("上限"), source=plan.ltv_limit.source)
