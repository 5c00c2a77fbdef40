"""The editor of a version, and the smaller forms around it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.penalty import GraceMode, PenaltyBase
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.settlement import FlatCharges
from chezhe.finmath.terms import DayCount, FeeWhen, Method, Step, Stub, StubLevel
from chezhe.products import labels, orders
from chezhe.products.models import ProductVersion
from chezhe.products.rules import (
    FeeRule,
    MethodPrice,
    PenaltyTerms,
    PrepaymentTerms,
    ProductTerms,
    SettlementTerms,
    VehicleLimits,
)
from chezhe.ui import forms

FEES_MAX = 6
OFFERED = tuple(method for method in Method if method is not Method.RENT_IN_ADVANCE)


class ProductForm(forms.Form):
    """A new product."""

    code = forms.TextField(label=_("产品代码"), max_length=12, help_text=_("例如 P09"))
    name = forms.TextField(label=_("中文名称"), max_length=60)
    english = forms.TextField(label=_("英文名称"), max_length=60)


class OpinionForm(forms.Form):
    opinion = forms.LongTextField(label=_("意见"), max_length=500, required=False)


class RetireForm(forms.Form):
    retire_on = forms.DateField(label=_("停用日期"))
    reason = forms.LongTextField(label=_("停用原因"), max_length=300)


def _many(label: Any, names: Mapping[Any, Any], *, required: bool = True) -> Any:
    return forms.MultipleChoiceField(
        label=label, choices=[(str(getattr(key, "value", key)), text) for key, text in names.items()], required=required,
        widget=django_forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一项。")},
    )


def _one(label: Any, names: Mapping[Any, Any], initial: Any) -> Any:
    return forms.ChoiceField(label=label, choices=[(str(getattr(key, "value", key)), text) for key, text in names.items()],
                             initial=str(getattr(initial, "value", initial)))


class FactorField(forms.TextField):
    """A plain multiple such as 1.5."""

    input_mode = "decimal"
    unit = _("倍")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = Decimal(text)
        except InvalidOperation:
            raise ValidationError(_("请填写倍数，例如 1.5。"), code="factor_form") from None
        if not found.is_finite() or not 0 <= found <= 10 or found != found.quantize(Decimal("0.0001")):
            raise ValidationError(_("请填写倍数，例如 1.5。"), code="factor_form")
        return found.normalize() + 0


class VersionForm(forms.Form):
    """Everything a draft can hold; `terms` of a valid form is the pure value, `from_version` its initial."""

    effective_from = forms.DateField(label=_("生效日期"))
    note = forms.LongTextField(label=_("修改说明"), max_length=500, required=False)
    based_on = forms.HiddenField(required=False)
    description = forms.LongTextField(label=_("产品说明（中文）"), max_length=500)
    description_english = forms.LongTextField(label=_("产品说明（英文）"), max_length=500)
    borrower_kinds = _many(_("借款人"), labels.BORROWERS)
    purposes = _many(_("用途"), labels.PURPOSES)
    amount_min = forms.MoneyField(label=_("最低金额"), minimum=1)
    amount_max = forms.MoneyField(label=_("最高金额"), minimum=1)
    periods_min = forms.WholeField(label=_("最短期限"), unit=_("月"), min_value=1, max_value=120)
    periods_max = forms.WholeField(label=_("最长期限"), unit=_("月"), min_value=1, max_value=120)
    ltv_max = forms.RateField(label=_("最高成数"))
    methods = _many(_("还款方式"), {method: labels.METHODS[method] for method in OFFERED})
    usual_method = _one(_("通常还款方式"), {method: labels.METHODS[method] for method in OFFERED}, Method.EQUAL_INSTALMENT)
    balloon_rate = forms.RateField(label=_("气球贷尾款比例"), required=False)
    steps = forms.TextField(label=_("阶梯（起始期:倍数）"), max_length=120, required=False, help_text=_("例如 1:1, 13:1.2"))
    rate_kind = _one(_("利率"), labels.RATE_KINDS, labels.FIXED)
    day_count = _one(_("计息天数"), labels.DAY_COUNTS, DayCount.THIRTY_360)
    stub_level = _one(_("首期不规则时"), labels.STUB_LEVELS, StubLevel.FULL_PERIODS)
    stub_basis = _one(_("首期计息天数"), labels.DAY_COUNTS, DayCount.ACT_360)
    penalty_multiple = FactorField(label=_("逾期罚息倍数"), max_length=8)
    misuse_multiple = FactorField(label=_("挪用罚息倍数"), max_length=8)
    penalty_base = _one(_("罚息基数"), labels.PENALTY_BASES, PenaltyBase.PRINCIPAL)
    compounds = forms.BooleanField(label=_("计收复利"), required=False)
    penalty_follows = forms.BooleanField(label=_("罚息利率随合同利率调整"), required=False)
    grace_days = forms.WholeField(label=_("宽限期"), unit=_("天"), min_value=0, max_value=15)
    grace_mode = _one(_("宽限规则"), labels.GRACE_MODES, GraceMode.NONE)
    settlement_fee_rate = forms.RateField(label=_("提前结清违约金"), maximum="0.1")
    settlement_free_after = forms.WholeField(
        label=_("还满多少期后免收"), unit=pgettext_lazy("unit", "期"), min_value=0, max_value=120, required=False)
    flat_charges = _one(_("未到期平息费用"), labels.FLAT_CHARGES, FlatCharges.WAIVE)
    prepayment_modes = _many(_("部分提前还款"), labels.PREPAYMENT_MODES, required=False)
    prepayment_min = forms.MoneyField(label=_("部分还款最低额"))
    conditions = _many(_("车况"), labels.CONDITIONS)
    usages = _many(_("使用性质"), labels.USAGES)
    energies = _many(_("能源"), labels.ENERGIES)
    age_max_months = forms.WholeField(label=_("到期车龄上限"), unit=_("月"), min_value=1, max_value=600, required=False)
    mileage_max_km = forms.WholeField(label=_("里程上限"), unit=_("公里"), min_value=1, max_value=9_999_999, required=False)
    guarantees = _many(_("担保与增信"), labels.GUARANTEES, required=False)
    subsidised_purposes = _many(_("可享财政贴息的用途"), labels.PURPOSES, required=False)

    def __init__(self, *args: Any, standing: ProductTerms | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {choice.kind: choice.rule for choice in standing.allocations} if standing else {}
        for kind in TransactionKind:
            self.fields.update(orders.fields_of(kind, own.get(kind)))
        self.fields["documents"] = _many(_("资料"), labels.documents(), required=False)
        for method in OFFERED:
            for name, label in (("rate_min", _("最低年利率")), ("rate_default", _("通常年利率")), ("rate_max", _("最高年利率"))):
                self.fields[f"{method.value}_{name}"] = forms.RateField(label=label, required=False)
        for place in range(1, FEES_MAX + 1):
            self._add_fee(place)

    def _add_fee(self, place: int) -> None:
        self.fields[f"fee_{place}_code"] = forms.TextField(label=_("代码"), max_length=30, required=False)
        self.fields[f"fee_{place}_label"] = forms.TextField(label=_("中文名称"), max_length=40, required=False)
        self.fields[f"fee_{place}_english"] = forms.TextField(label=_("英文名称"), max_length=60, required=False)
        self.fields[f"fee_{place}_amount"] = forms.MoneyField(label=_("金额"), required=False)
        self.fields[f"fee_{place}_rate"] = forms.RateField(label=_("或占贷款比例"), required=False)
        self.fields[f"fee_{place}_when"] = _one(_("收取时间"), labels.FEE_WHEN, FeeWhen.UPFRONT)
        self.fields[f"fee_{place}_payee_name"] = forms.TextField(label=_("第三方收款方（本机构留空）"), max_length=40, required=False)
        self.fields[f"fee_{place}_is_counted"] = forms.BooleanField(label=_("计入综合成本"), required=False, initial=True)
        self.fields[f"fee_{place}_is_refundable"] = forms.BooleanField(label=_("可退还"), required=False)

    @property
    def price_rows(self) -> list[tuple[Any, list[Any]]]:
        """Per method: its name and its three bound rates."""
        names = ("rate_min", "rate_default", "rate_max")
        return [(labels.METHODS[method], [self[f"{method.value}_{name}"] for name in names]) for method in OFFERED]

    @property
    def fee_rows(self) -> list[list[Any]]:
        """Per fee: its bound fields."""
        names = ("code", "label", "english", "amount", "rate", "when", "payee_name", "is_counted", "is_refundable")
        return [[self[f"fee_{place}_{name}"] for name in names] for place in range(1, FEES_MAX + 1)]

    @property
    def order_rows(self) -> list[tuple[Any, list[Any]]]:
        """Per kind of money: its name and the bound fields of its order."""
        return [(text, [self[f"{kind.value}_{part}"] for part in orders.PARTS]) for kind, text in labels.TRANSACTIONS.items()]

    def clean_steps(self) -> tuple[Step, ...]:
        """`1:1, 13:1.2` as steps."""
        found = []
        for part in filter(None, (piece.strip() for piece in self.cleaned_data["steps"].replace("，", ",").split(","))):
            period, _colon, factor = part.replace("：", ":").partition(":")
            try:
                found.append(Step(from_period=int(period), factor=Decimal(factor.strip())))
            except (ValueError, InvalidOperation):
                raise ValidationError(_("阶梯应写成 1:1, 13:1.2 的样子。"), code="steps_form") from None
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for method in values.get("methods", []):
            for name in ("rate_min", "rate_default", "rate_max"):
                if values.get(f"{method}_{name}") is None and f"{method}_{name}" not in self.errors:
                    self.add_error(f"{method}_{name}", _("选了这种还款方式，就要填写它的利率。"))
        return values

    @property
    def terms(self) -> ProductTerms:
        """The terms that a valid form holds."""
        return terms_of(self.cleaned_data)


def terms_of(values: dict[str, Any]) -> ProductTerms:
    """The pure value from cleaned form data."""
    return ProductTerms(
        prices=tuple(_price(Method(name), values) for name in sorted(values["methods"], key=lambda n: n != values["usual_method"])),
        periods_min=values["periods_min"], periods_max=values["periods_max"], amount_min=values["amount_min"],
        amount_max=values["amount_max"], ltv_max=values["ltv_max"], day_count=DayCount(values["day_count"]),
        stub=Stub(basis=DayCount(values["stub_basis"]), level=StubLevel(values["stub_level"])),
        penalty=PenaltyTerms(
            multiple=values["penalty_multiple"], misuse_multiple=values["misuse_multiple"], base=PenaltyBase(values["penalty_base"]),
            compounds=values["compounds"], grace_days=values["grace_days"], grace_mode=GraceMode(values["grace_mode"]),
            follows_rate=values["penalty_follows"],
        ),
        fees=tuple(fee for place in range(1, FEES_MAX + 1) if (fee := _fee(place, values)) is not None),
        allocations=orders.choices_of(values), repricing=_cadence(values["rate_kind"]),
        settlement=SettlementTerms(
            fee_rate=values["settlement_fee_rate"], free_after_periods=values["settlement_free_after"],
            flat_charges=FlatCharges(values["flat_charges"]),
        ),
        prepayment=PrepaymentTerms(
            modes=tuple(PrepaymentMode(mode) for mode in values["prepayment_modes"]), amount_min=values["prepayment_min"]
        ),
        vehicle=VehicleLimits(
            conditions=tuple(values["conditions"]), usages=tuple(values["usages"]), energies=tuple(values["energies"]),
            age_max_months=values["age_max_months"], mileage_max_km=values["mileage_max_km"],
        ),
        borrower_kinds=tuple(values["borrower_kinds"]), purposes=tuple(values["purposes"]), documents=tuple(values["documents"]),
        guarantees=tuple(values["guarantees"]), subsidised_purposes=tuple(values["subsidised_purposes"]),
        description=values["description"], description_english=values["description_english"],
    )


def _price(method: Method, values: dict[str, Any]) -> MethodPrice:
    rates = {name: values[f"{method.value}_{name}"] for name in ("rate_min", "rate_default", "rate_max")}
    return MethodPrice(
        method=method, **rates, balloon_rate=values["balloon_rate"] if method is Method.BALLOON else None,
        steps=values["steps"] if method is Method.STEPPED else (),
    )


def _cadence(rate_kind: str) -> Cadence | None:
    return None if rate_kind == labels.FIXED else Cadence(rate_kind)


def _fee(place: int, values: dict[str, Any]) -> FeeRule | None:
    """The fee of a line; None for a line left empty."""
    names = ("code", "label", "english", "amount", "rate", "payee_name")
    given = {name: values[f"fee_{place}_{name}"] for name in names}
    if not any(given.values()):
        return None
    return FeeRule(
        **given, when=FeeWhen(values[f"fee_{place}_when"]), payee="third_party" if given["payee_name"] else "lender",
        is_counted=values[f"fee_{place}_is_counted"], is_refundable=values[f"fee_{place}_is_refundable"],
    )


def initial_of(version: ProductVersion) -> dict[str, Any]:
    """The form's initial data from a draft."""
    terms = version.terms
    plain = {name: getattr(terms, name) for name in (
        "description", "description_english", "borrower_kinds", "purposes", "amount_min", "amount_max", "periods_min",
        "periods_max", "ltv_max", "documents", "guarantees", "subsidised_purposes")}
    vehicle = {name: getattr(terms.vehicle, name) for name in ("conditions", "usages", "energies", "age_max_months", "mileage_max_km")}
    return {
        **plain, **vehicle, **_price_values(terms), **_fee_values(terms), **orders.initial_of(terms),
        "effective_from": version.effective_from, "rate_kind": terms.repricing.value if terms.repricing else labels.FIXED,
        "penalty_follows": terms.penalty.follows_rate,
        "note": version.note, "based_on": version.content_hash, "day_count": terms.day_count.value,
        "stub_level": terms.stub.level.value, "stub_basis": terms.stub.basis.value, "penalty_multiple": terms.penalty.multiple,
        "misuse_multiple": terms.penalty.misuse_multiple, "penalty_base": terms.penalty.base.value, "compounds": terms.penalty.compounds,
        "grace_days": terms.penalty.grace_days, "grace_mode": terms.penalty.grace_mode.value,
        "settlement_fee_rate": terms.settlement.fee_rate, "settlement_free_after": terms.settlement.free_after_periods,
        "flat_charges": terms.settlement.flat_charges.value, "prepayment_modes": [mode.value for mode in terms.prepayment.modes],
        "prepayment_min": terms.prepayment.amount_min,
    }


def _price_values(terms: ProductTerms) -> dict[str, Any]:
    values: dict[str, Any] = {"methods": [method.value for method in terms.methods]}
    if terms.methods:
        values["usual_method"] = terms.methods[0].value
    for price in terms.prices:
        for name in ("rate_min", "rate_default", "rate_max"):
            values[f"{price.method.value}_{name}"] = getattr(price, name)
        if price.balloon_rate is not None:
            values["balloon_rate"] = price.balloon_rate
        if price.steps:
            values["steps"] = ", ".join(f"{step.from_period}:{step.factor}" for step in price.steps)
    return values


def _fee_values(terms: ProductTerms) -> dict[str, Any]:
    names = ("code", "label", "english", "amount", "rate", "payee_name", "is_counted", "is_refundable")
    values = {f"fee_{place}_{name}": getattr(fee, name) for place, fee in enumerate(terms.fees, 1) for name in names}
    return values | {f"fee_{place}_when": fee.when.value for place, fee in enumerate(terms.fees, 1)}
