"""What customers fill in to tell us something, and to ask for a loan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import labels
from chezhe.compliance.steps.voices import STARS_MAX, WORDS_MAX
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import Customer
from chezhe.leads import choices as lead_choices
from chezhe.leads import queries as lead_queries
from chezhe.origination import choices
from chezhe.origination.online import OnlineWish
from chezhe.products import queries as product_queries
from chezhe.ui import forms
from chezhe.vehicles import choices as car_choices
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts

NEW_CAR = "new"


class VoiceForm(forms.Form):
    kind = forms.ChoiceField(label=_("投诉类别"), choices=labels.COMPLAINT_KINDS)
    words = forms.LongTextField(label=_("请说明经过和您的要求"), max_length=WORDS_MAX)


class StarsForm(forms.Form):
    occasion = forms.HiddenField(max_length=10)
    stars = forms.RadioField(label=_("您给几分？"), choices=[(str(stars), str(stars)) for stars in range(1, STARS_MAX + 1)])
    words = forms.LongTextField(label=_("想说的话"), max_length=WORDS_MAX, required=False)


class EnquiryForm(forms.Form):
    """Somebody whom we do not know yet."""

    name = forms.TextField(label=_("您的称呼"), max_length=40)
    branch_code = forms.ChoiceField(label=_("就近的门店"))
    product_interest = forms.ChoiceField(label=_("想办的业务"), choices=lead_choices.PRODUCTS)
    amount_wanted = forms.MoneyField(label=_("希望的金额"), minimum=1)
    periods = forms.WholeField(label=_("希望的期限"), unit=_("月"), min_value=1, max_value=120)
    plate = forms.TextField(label=_("车牌号"), max_length=10, required=False, help_text=_("新车未上牌可不填。"))
    agrees = forms.BooleanField(label=_("我同意贷款人处理我的联系方式和以上信息，用于与我联系办理贷款"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(branch.code, branch.name) for branch in lead_queries.open_branches()]
        self.fields["branch_code"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]


class ApplyForm(forms.Form):
    """A short application of a customer."""

    product_code = forms.ChoiceField(label=_("产品"))
    purpose = forms.ChoiceField(label=_("用途"), choices=choices.PURPOSES)
    amount = forms.MoneyField(label=_("申请金额"), minimum=1)
    periods = forms.WholeField(label=_("期限"), unit=_("月"), min_value=1, max_value=120)
    monthly_income = forms.MoneyField(label=_("月收入"), minimum=1)
    monthly_debt = forms.MoneyField(label=_("现有月还款"), help_text=_("其他贷款月供加信用卡余额的 10%；没有请填 0。"))
    vehicle = forms.ChoiceField(label=_("车辆"))
    vin = forms.TextField(label=_("车架号"), max_length=20, required=False, help_text=_("17 位，在行驶证或合格证上。"))
    plate = forms.TextField(label=_("车牌号"), max_length=10, required=False, help_text=_("新车未上牌可不填。"))
    condition = forms.ChoiceField(label=_("新旧"), choices=car_choices.CONDITIONS, required=False)
    brand = forms.TextField(label=_("品牌"), max_length=40, required=False)
    model = forms.TextField(label=_("型号"), max_length=80, required=False)
    energy_type = forms.ChoiceField(label=_("能源类型"), choices=car_choices.ENERGY_TYPES, required=False)
    first_registered_on = forms.DateField(label=_("初次登记日期"), required=False)
    mileage_km = forms.WholeField(label=_("里程"), unit=_("公里"), min_value=0, max_value=3_000_000, required=False)
    price = forms.MoneyField(label=_("成交价（买车时填写）"), minimum=1, required=False)

    def __init__(self, *args: Any, customer: Customer, consents: list[str], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = product_queries.on_offer(on, borrower_kinds=customer_queries.borrower_kinds(customer))
        cars = Vehicle.objects.filter(owner=customer).order_by("-id")[:20]
        self.fields["product_code"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")), *((version.product.code, version.product.label) for version in versions)]
        self.fields["vehicle"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")), *((car.number, f"{car.masked_plate or car.masked_vin} {car.brand} {car.series}".strip()) for car in cars),
            (NEW_CAR, _("另一辆车（在下面填写）"))]
        if customer.is_person:
            self.fields["monthly_income"].initial = customer.monthly_income
        else:
            del self.fields["monthly_income"]
        self.consents = consents
        for kind in consents:
            self.fields[f"consent_{kind}"] = forms.BooleanField(
                label=_("我已阅读并单独同意：%(kind)s") % {"kind": dict(labels.CONSENT_KINDS)[kind]}, required=False)

    def wish(self, evidence: str) -> OnlineWish:
        """What was typed, as the action takes it; after `is_valid()`."""
        said = self.cleaned_data
        is_new = said["vehicle"] == NEW_CAR
        return OnlineWish(
            product_code=said["product_code"], purpose=said["purpose"], amount=said["amount"], periods=said["periods"],
            vehicle_number="" if is_new else said["vehicle"], car=self._car() if is_new else None, price=said["price"],
            monthly_income=said.get("monthly_income"), monthly_debt=said["monthly_debt"],
            consents=tuple(kind for kind in self.consents if said[f"consent_{kind}"]), evidence=evidence)

    def _car(self) -> VehicleFacts:
        names = ("vin", "plate", "brand", "model", "condition", "energy_type", "first_registered_on", "mileage_km")
        return VehicleFacts(**{name: self.cleaned_data[name] for name in names})

    def clean(self) -> dict[str, Any]:
        """A car that is not on file is described."""
        said = super().clean() or self.cleaned_data
        if said.get("vehicle") == NEW_CAR:
            for name in ("vin", "brand", "model", "condition", "energy_type"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写%(label)s。") % {"label": self.fields[name].label})
        return said
