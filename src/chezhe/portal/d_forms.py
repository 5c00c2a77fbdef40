"""What a dealer's person fills in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.customers.values import PersonFacts
from chezhe.origination import choices
from chezhe.portal.filing import REFERENCE_MAX, NewCase
from chezhe.products import queries as product_queries
from chezhe.ui import forms
from chezhe.vehicles import choices as vehicle_choices
from chezhe.vehicles.values import VehicleFacts

PERSON = ("name", "id_number", "mobile", "address", "employer", "monthly_income")
CAR = ("vin", "brand", "series", "model", "condition", "energy_type", "plate", "first_registered_on", "mileage_km", "guide_price")
LOAN = ("price", "product_code", "purpose", "amount", "periods", "monthly_debt")
CONSENT = ("consent_reference", "has_consented")


class CaseForm(forms.Form):
    """A customer, the car, the loan, and the consents that the customer signed."""

    name = forms.TextField(label=_("客户姓名"), max_length=40)
    id_number = forms.TextField(label=_("身份证号码"), max_length=30)
    mobile = forms.TextField(label=_("手机号"), max_length=20)
    address = forms.TextField(label=_("居住地址"), max_length=200, required=False)
    employer = forms.TextField(label=_("工作单位"), max_length=100, required=False)
    monthly_income = forms.MoneyField(label=_("月收入"), minimum=1)
    vin = forms.TextField(label=_("车架号"), max_length=30)
    brand = forms.TextField(label=_("品牌"), max_length=40)
    series = forms.TextField(label=_("车系"), max_length=40, required=False)
    model = forms.TextField(label=_("型号"), max_length=80)
    condition = forms.ChoiceField(label=_("新旧"), choices=vehicle_choices.CONDITIONS)
    energy_type = forms.ChoiceField(label=_("能源类型"), choices=vehicle_choices.ENERGY_TYPES)
    plate = forms.TextField(label=_("车牌号"), max_length=12, required=False, help_text=_("新车未上牌的不填"))
    first_registered_on = forms.DateField(label=_("初次登记日期"), required=False, help_text=_("二手车必填"))
    mileage_km = forms.WholeField(label=_("里程"), min_value=0, max_value=3_000_000, required=False)
    guide_price = forms.MoneyField(label=_("厂商指导价"), required=False)
    price = forms.MoneyField(label=_("成交价"), minimum=1, help_text=_("不含税费、加装和保险"))
    product_code = forms.ChoiceField(label=_("产品"))
    purpose = forms.ChoiceField(label=_("用途"), choices=choices.PURPOSES)
    amount = forms.MoneyField(label=_("申请金额"), minimum=1)
    periods = forms.WholeField(label=_("期限"), unit=_("月"), min_value=1, max_value=120)
    monthly_debt = forms.MoneyField(label=_("现有月还款"), help_text=_("其他贷款月供加信用卡余额的 10%；没有请填 0。"))
    consent_reference = forms.TextField(
        label=_("授权书编号"), max_length=REFERENCE_MAX, help_text=_("客户签署的征信查询与个人信息授权书编号，原件请在资料中上传。"))
    has_consented = forms.BooleanField(label=_("客户本人已签署征信查询授权和个人信息处理同意书"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = product_queries.on_offer(on, borrower_kinds=["person"])
        products = [(version.product.code, str(version.product)) for version in versions]
        self.fields["product_code"].choices = [("", _("请选择")), *products]  # type: ignore[attr-defined]

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The fields as the page shows them, under their headings."""
        named = ((_("客户"), PERSON), (_("车辆"), CAR), (_("贷款"), LOAN), (_("授权"), CONSENT))
        return [(label, [self[name] for name in names]) for label, names in named]

    def case(self) -> NewCase:
        """The form as the action takes it; only after `is_valid()`."""
        said = self.cleaned_data
        facts = {name: said[name] for name in PERSON}
        return NewCase(
            person=PersonFacts(**facts), car=VehicleFacts(**{name: said[name] for name in CAR}), price=said["price"],
            product_code=said["product_code"], purpose=said["purpose"], amount=said["amount"], periods=said["periods"],
            monthly_debt=said["monthly_debt"], consent_reference=said["consent_reference"],
        )


class PaperForm(forms.Form):
    """One paper of those that may be handed in."""

    category = forms.ChoiceField(label=_("资料"))
    file = forms.FileField(label=_("文件"), help_text=_("照片或 PDF"))

    def __init__(self, *args: Any, categories: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.TextField(label=_("答复"), max_length=200)
