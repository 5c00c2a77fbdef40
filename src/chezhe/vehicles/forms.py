from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms
from chezhe.vehicles import choices
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.steps import FACT_NAMES
from chezhe.vehicles.values import VehicleFacts


class VehicleForm(forms.Form):
    owner_number = forms.TextField(label=_("车主客户编号"), max_length=20, help_text=_("例如 C26-000123-7；车主须先建档。"))
    condition = forms.ChoiceField(label=_("新旧"), choices=choices.CONDITIONS)
    vin = forms.VinField(label=_("车架号"), help_text=_("17 位，不含 I、O、Q；进口车校验位不符会提示但可以保存。"))
    plate = forms.PlateField(label=_("车牌号"), required=False, help_text=_("新车未上牌可不填。"))
    engine_no = forms.TextField(label=_("发动机号"), max_length=30, required=False)
    brand = forms.TextField(label=_("品牌"), max_length=40)
    series = forms.TextField(label=_("车系"), max_length=40, required=False)
    model = forms.TextField(label=_("型号"), max_length=80)
    energy_type = forms.ChoiceField(label=_("能源类型"), choices=choices.ENERGY_TYPES)
    usage_nature = forms.ChoiceField(label=_("使用性质"), choices=choices.USAGE_NATURES, initial="non_commercial")
    first_registered_on = forms.DateField(label=_("初次登记日期"), required=False)
    mileage_km = forms.WholeField(label=_("里程"), unit=_("公里"), min_value=0, max_value=3_000_000, required=False)
    colour = forms.TextField(label=_("颜色"), max_length=20, required=False)
    invoice_price = forms.MoneyField(label=_("成交价（不含税费）"), required=False)
    guide_price = forms.MoneyField(label=_("厂商指导价"), required=False)

    def facts(self) -> VehicleFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return VehicleFacts(**{name: self.cleaned_data[name] for name in FACT_NAMES})


class VehicleEditForm(VehicleForm):
    """VIN, plate and engine number are not put on the page: an empty box leaves what is on file."""

    version = forms.WholeField(label=_("版本"), min_value=1)
    reason = forms.TextField(label=_("修改原因"), max_length=200)
    hidden_now = ("vin", "plate", "engine_no")

    def __init__(self, *args: Any, vehicle: Vehicle, **kwargs: Any) -> None:
        initial = {name: getattr(vehicle, name) for name in FACT_NAMES if name not in self.hidden_now}
        kwargs["initial"] = {**initial, "owner_number": vehicle.owner.number, "version": vehicle.version}
        super().__init__(*args, **kwargs)
        self.fields["version"].widget = forms.HiddenField().widget
        now = {"vin": vehicle.masked_vin, "plate": vehicle.masked_plate, "engine_no": "****" if vehicle.engine_no else ""}
        for name in self.hidden_now:
            self.fields[name].required = False
            self.fields[name].help_text = gettext("现为 %(now)s，不修改请留空。") % {"now": now[name] or "—"}

    def changes(self) -> dict[str, Any]:
        """Only what was filled in; only after `is_valid()`."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "reason")}
        return {k: v for k, v in given.items() if k not in self.hidden_now or v}


class ValuationForm(forms.Form):
    source = forms.ChoiceField(label=_("评估来源"), choices=choices.VALUATION_SOURCES)
    amount = forms.MoneyField(label=_("评估价"), minimum=1)
    valued_on = forms.DateField(label=_("评估日期"))
    mileage_km = forms.WholeField(label=_("评估时里程"), unit=_("公里"), min_value=0, max_value=3_000_000, required=False)
    note = forms.LongTextField(label=_("车况说明"), max_length=1000, required=False)

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valued_on"].initial = latest
        self.fields["valued_on"].latest = latest  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)


def paper_form(kind: str, data: Any = None) -> forms.Form:
    """The form of one paper, with its fields in the order in which they are printed."""
    declared = {name: _field(name, label, shape) for name, (label, shape) in choices.PAPER_FIELDS[kind].items()}
    return type("PaperForm", (forms.Form,), declared)(data)


def _field(name: str, label: Any, shape: str) -> Any:
    if shape == "day":
        return forms.DateField(label=label, required=False)
    if shape == "whole":
        return forms.WholeField(label=label, min_value=0, max_value=9_999_999, required=False)
    if shape in ("usage", "origin"):
        offered = choices.USAGE_NATURES if shape == "usage" else choices.ORIGINS
        return forms.ChoiceField(label=label, choices=offered, required=False)
    if shape == "long":
        return forms.LongTextField(label=label, max_length=2000, required=False)
    judged = {"vin": forms.VinField, "plate": forms.PlateField}.get(name)
    return judged(label=label, required=False) if judged else forms.TextField(label=label, max_length=120, required=False)
