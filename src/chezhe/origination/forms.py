"""Forms of the wizard's steps and of the verdict. Every field of a step may stay empty until submission."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.origination import cars, choices
from chezhe.origination.models import Application
from chezhe.origination.offers.conditions import Wished
from chezhe.origination.offers.rules import Change
from chezhe.products import queries as product_queries
from chezhe.ui import forms
from chezhe.vehicles.models import Vehicle

FIELDS = choices.FIELDS


class StepForm(forms.Form):
    """One step of an application, for an actor on a business date."""

    def __init__(self, *args: Any, application: Application, on: date, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application, self.on, self.by = application, on, by
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices that depend on the application."""


class PartyStep(StepForm):
    product_code = forms.ChoiceField(label=FIELDS["product_code"], required=False)
    purpose = forms.ChoiceField(label=FIELDS["purpose"], choices=choices.PURPOSES, required=False)

    def prepare(self) -> None:
        versions = product_queries.on_offer(self.on, borrower_kinds=[self.application.borrower_kind])
        products = [(version.product.code, str(version.product)) for version in versions]
        self.fields["product_code"].choices = [("", _("请选择")), *products]  # type: ignore[attr-defined]


class SupportStep(StepForm):
    """Who stands beside the borrower is added one by one; nothing is typed here."""


class VehicleStep(StepForm):
    vehicle_number = forms.ChoiceField(label=FIELDS["vehicle_number"], required=False)
    price = forms.MoneyField(
        label=FIELDS["price"], minimum=1, required=False, help_text=_("不含税费、加装和保险；用自有车辆借款时可不填。"),
    )

    def prepare(self) -> None:
        owned = Vehicle.objects.visible_to(self.by).filter(owner_id__in=cars.owners(self.application)).order_by("-id")[:50]
        named = [(car.number, name_of(car)) for car in owned]
        self.fields["vehicle_number"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]


class FurtherVehicleForm(forms.Form):
    vehicle_number = forms.ChoiceField(label=_("其他抵押车辆"))

    def __init__(self, *args: Any, application: Application, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [application.vehicle_id, *application.further_vehicles.values_list("vehicle_id", flat=True)]
        mine = Vehicle.objects.visible_to(by).filter(owner_id__in=cars.owners(application)).exclude(pk__in=[pk for pk in there if pk])
        self.fields["vehicle_number"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")), *((car.number, name_of(car)) for car in mine.order_by("-id")[:50])]


def name_of(car: Vehicle) -> str:
    """A car as a choice shows it."""
    return " · ".join(filter(None, [car.number, car.masked_plate, car.title]))


class FinanceStep(StepForm):
    amount = forms.MoneyField(label=FIELDS["amount"], minimum=1, required=False)
    periods = forms.WholeField(label=FIELDS["periods"], unit=_("月"), min_value=1, max_value=120, required=False)
    method = forms.ChoiceField(label=FIELDS["method"], choices=choices.METHODS, required=False)
    annual_rate = forms.RateField(label=FIELDS["annual_rate"], required=False)
    due_day = forms.WholeField(
        label=FIELDS["due_day"], unit=_("日"), min_value=1, max_value=31, required=False, help_text=_("留空则与放款日同日。"),
    )
    monthly_income = forms.MoneyField(label=FIELDS["monthly_income"], required=False)
    monthly_debt = forms.MoneyField(
        label=FIELDS["monthly_debt"], required=False, help_text=_("其他贷款月供加信用卡余额的 10%；没有请填 0，不填须由人工审核。"),
    )
    acceptance = forms.RadioField(
        label=FIELDS["acceptance"], choices=choices.ACCEPTANCES, required=False,
        help_text=_("须由客户本人选择；签署前客户仍须阅读成本明示表。"),
    )

    def prepare(self) -> None:
        version = self.application.product_version
        if version is not None:
            named = dict(choices.METHODS)
            offered = [(method.value, named[method.value]) for method in version.terms.methods]
            self.fields["method"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]


class DocumentsStep(StepForm):
    """Papers are added in their own panel."""


class ConsentsStep(StepForm):
    """Consents are recorded on the customers' pages; here everything is looked over and submitted."""


STEP_FORMS: dict[str, type[StepForm]] = {
    "party": PartyStep, "support": SupportStep, "vehicle": VehicleStep, "finance": FinanceStep, "documents": DocumentsStep,
    "consents": ConsentsStep,
}


class StartForm(forms.Form):
    customer_number = forms.TextField(label=_("客户编号"), max_length=20, help_text=_("例如 C26-000123-7；新客户请先建档。"))
    product_code = forms.ChoiceField(label=FIELDS["product_code"])
    lead_number = forms.TextField(label=_("线索编号"), max_length=20, required=False)
    borrower_kind = forms.ChoiceField(
        label=_("借款人"), choices=choices.BORROWERS, required=False,
        help_text=_("个体工商户须先在客户资料中登记；选定后不能更改。"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(version.product.code, str(version.product)) for version in product_queries.on_offer(on)]
        self.fields["product_code"].choices = [("", _("请选择")), *products]  # type: ignore[attr-defined]


class PartyForm(forms.Form):
    customer_number = forms.TextField(label=_("客户编号"), max_length=20, help_text=_("对方须先建档，例如 C26-000123-7。"))
    role = forms.ChoiceField(label=pgettext_lazy("party", "身份"), choices=choices.PARTY_ROLES)


class VerdictForm(forms.Form):
    opinion = forms.LongTextField(label=_("审批意见"), required=False, help_text=_("退回或拒绝时必填，会写入轨迹。"))
    wanted = forms.LongTextField(
        label=_("补件要求"), required=False, help_text=_("退回时填写，每行一项，例如“收入证明”；客户经理会看到逐项的清单。"),
    )
    amount = forms.MoneyField(label=_("批复金额"), minimum=1, required=False, help_text=_("留空则按申请；只能改低。"))
    periods = forms.WholeField(label=_("批复期限"), unit=_("月"), min_value=1, max_value=120, required=False)
    annual_rate = forms.RateField(label=_("批复年利率"), required=False)
    conditions = forms.LongTextField(label=_("批复条件"), required=False, help_text=_("同意时可填写，每行一项，逐项办完才能签约或放款。"))
    due = forms.ChoiceField(label=_("何时之前办完"), choices=choices.CONDITION_DUE, required=False)
    owner_role = forms.ChoiceField(label=_("由谁办理"), choices=choices.CONDITION_OWNERS, required=False)
    verdict = forms.ChoiceField(label=_("结论"), choices=choices.VERDICTS)

    @property
    def change(self) -> Change:
        """The other terms that were typed."""
        return Change(**{name: self.cleaned_data[name] for name in ("amount", "periods", "annual_rate")})

    @property
    def wished(self) -> list[Wished]:
        """The conditions that were typed, one a line."""
        due, owner = self.cleaned_data["due"] or "payout", self.cleaned_data["owner_role"] or roles.SALES
        return [Wished(words=line, due=due, owner_role=owner) for line in self.cleaned_data["conditions"].splitlines() if line.strip()]


class CounterForm(forms.Form):
    """What the customer would rather have; what stays empty stays as it was approved."""

    amount = forms.MoneyField(label=FIELDS["amount"], minimum=1, required=False)
    periods = forms.WholeField(label=FIELDS["periods"], unit=_("月"), min_value=1, max_value=120, required=False)
    annual_rate = forms.RateField(label=FIELDS["annual_rate"], required=False)
    reason = forms.TextField(label=_("原因"), max_length=200)

    @property
    def change(self) -> Change:
        """The other terms that were typed."""
        return Change(**{name: self.cleaned_data[name] for name in ("amount", "periods", "annual_rate")})


class ReasonForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)
