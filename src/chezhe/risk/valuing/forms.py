"""What people fill in about values."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.risk.valuing import choices, reporting
from chezhe.risk.valuing.deals import Sold
from chezhe.risk.valuing.models import AppraiserReport
from chezhe.risk.valuing.witnesses import SEEN
from chezhe.ui import forms
from chezhe.vehicles import choices as vehicle_choices
from chezhe.vehicles.values import VehicleFacts

YES_NO = [("yes", _("是")), ("no", _("否"))]


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class ReportForm(forms.Form):
    """Short enough for a phone: large choices, no typing but the figure and the mileage."""

    mileage_km = forms.WholeField(label=_("仪表里程"), unit=_("公里"), min_value=0, max_value=3_000_000, required=False)
    amount = forms.MoneyField(label=_("评估价"), minimum=1, required=False)
    valued_on = forms.DateField(label=_("看车日期"), required=False)
    note = forms.LongTextField(label=_("车况说明"), max_length=1000, required=False)

    def __init__(self, *args: Any, report: AppraiserReport, **options: Any) -> None:
        options.setdefault("initial", {
            "mileage_km": report.mileage_km, "amount": report.amount, "valued_on": report.valued_on, "note": report.note,
            **{f"grade_{part}": grade for part, grade in report.grades.items()},
            **{point: "yes" if value else "no" for point, value in report.findings.items()},
        })
        super().__init__(*args, **options)
        for part, label in choices.PARTS.items():
            self.fields[f"grade_{part}"] = forms.RadioField(label=label, choices=choices.GRADES, required=False)
        for point in SEEN:
            self.fields[point] = forms.RadioField(label=choices.POINTS[point], choices=YES_NO, required=False)

    @property
    def grade_fields(self) -> list[Any]:
        return [self[f"grade_{part}"] for part in choices.PARTS]

    @property
    def point_fields(self) -> list[Any]:
        return [self[point] for point in SEEN]

    @property
    def figure_fields(self) -> list[Any]:
        return [self[name] for name in ("mileage_km", "amount", "valued_on", "note")]

    @property
    def seen(self) -> reporting.Seen:
        """What was filled in; only after `is_valid()`."""
        given = self.cleaned_data
        return reporting.Seen(
            valued_on=given["valued_on"], amount=given["amount"], mileage_km=given["mileage_km"], note=given["note"],
            grades={part: given[f"grade_{part}"] for part in choices.PARTS if given[f"grade_{part}"]},
            findings={point: given[point] == "yes" for point in SEEN if given[point]},
        )


class DealForm(forms.Form):
    vehicle_number = forms.TextField(label=_("车辆编号"), max_length=20, required=False,
        help_text=_("本公司登记的车填编号，其余车辆信息可不填。"))
    brand = forms.TextField(label=_("品牌"), max_length=40, required=False)
    series = forms.TextField(label=_("车系"), max_length=40, required=False)
    model = forms.TextField(label=_("型号"), max_length=80, required=False)
    energy_type = forms.ChoiceField(label=_("能源类型"), choices=vehicle_choices.ENERGY_TYPES, required=False)
    usage_nature = forms.ChoiceField(label=_("使用性质"), choices=vehicle_choices.USAGE_NATURES, required=False)
    first_registered_on = forms.DateField(label=_("初次登记日期"), required=False)
    mileage_km = forms.WholeField(label=_("里程"), unit=_("公里"), min_value=0, max_value=3_000_000)
    transfers = forms.WholeField(label=_("过户次数"), min_value=0, max_value=50, initial=0)
    condition = forms.ChoiceField(label=_("车况等级"), choices=choices.GRADES, initial="B")
    region = forms.TextField(label=pgettext_lazy("fact", "地区"), max_length=20, required=False)
    price = forms.MoneyField(label=pgettext_lazy("deal", "成交价或挂牌价"), minimum=1)
    listed_on = forms.DateField(label=_("挂牌日期"))
    sold_on = forms.DateField(label=_("成交日期"), required=False, help_text=_("还没有卖出的不填。"))
    source = forms.TextField(label=pgettext_lazy("deal", "资料来源"), max_length=60)

    @property
    def car(self) -> VehicleFacts | None:
        """The car by its description; None when its number was given."""
        given = self.cleaned_data
        if given["vehicle_number"] or not given["brand"]:
            return None
        return VehicleFacts(
            vin="", brand=given["brand"], series=given["series"], model=given["model"], condition="used",
            energy_type=given["energy_type"] or "petrol", usage_nature=given["usage_nature"] or "non_commercial",
            first_registered_on=given["first_registered_on"], mileage_km=given["mileage_km"],
        )

    @property
    def sold(self) -> Sold:
        """The deal; only after `is_valid()`."""
        names = ("price", "listed_on", "sold_on", "mileage_km", "transfers", "condition", "region", "source")
        return Sold(**{name: self.cleaned_data[name] for name in names})
