"""What people fill in at the counter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.lane.choices import ASKED_REASONS
from chezhe.contracts.models import CHANNELS, Contract
from chezhe.customers.models import BankAccount, Customer
from chezhe.ui import forms


def accounts_of(customer: Customer) -> list[tuple[str, str]]:
    """The borrower's open accounts, masked."""
    rows = BankAccount.objects.filter(customer=customer, closed_at__isnull=True).order_by("-is_main", "id")
    return [(str(row.pk), f"{row.bank_name} {row.masked}") for row in rows]


class PrepareForm(forms.Form):
    account_id = forms.ChoiceField(label=_("放款及还款账户"))
    payout_on = forms.DateField(label=_("预计放款日"))

    def __init__(self, *args: Any, customer: Customer, on: date, **kwargs: Any) -> None:
        choices = accounts_of(customer)
        kwargs.setdefault("initial", {"account_id": choices[0][0] if choices else "", "payout_on": on})
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = choices  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Who confirmed the cost sheet, when and how."""

    confirmed_on = forms.DateField(label=_("确认日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=CHANNELS, initial="counter")
    evidence = forms.FileField(label=_("签字页扫描件"), help_text=_("JPG、PNG、WebP 或 PDF"))


class SignForm(forms.Form):
    signers = forms.MultipleChoiceField(label=_("本次签署人"), widget=django_forms.CheckboxSelectMultiple)
    signed_on = forms.DateField(label=_("签署日期"))
    channel = forms.ChoiceField(label=_("方式"), choices=CHANNELS, initial="counter")
    evidence = forms.FileField(label=_("签字页扫描件"), help_text=_("JPG、PNG、WebP 或 PDF"))

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = [party for party in contract.parties.all() if party.signed_on is None]
        pairs = [(p.customer.number, f"{p.get_role_display()} {p.customer.masked_name}") for p in waiting]
        self.fields["signers"].choices = pairs  # type: ignore[attr-defined]
        self.initial.setdefault("signers", [number for number, _label in pairs])


class AgreeForm(forms.Form):
    """Yes to electronic signatures, and with it to the papers."""

    agrees = forms.BooleanField(label=_("我已阅读以上文件，同意使用电子签名签署，知悉其与手写签名具有同等法律效力"), required=False)


class CodeForm(forms.Form):
    typed = forms.TextField(label=_("短信验证码"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": 8}


class InviteForm(forms.Form):
    customer_number = forms.ChoiceField(label=_("签署人"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer_number"].choices = choices  # type: ignore[attr-defined]


class RegistrationForm(forms.Form):
    office = forms.TextField(label=_("登记机关"), max_length=60)
    receipt_number = forms.TextField(label=_("登记回执编号"), max_length=40)
    registered_on = forms.DateField(label=_("登记日期"))
    evidence = forms.FileField(label=_("登记回执或登记证书抵押页"), help_text=_("JPG、PNG、WebP 或 PDF"))


class GpsForm(forms.Form):
    """Who fitted the devices is who signs in; which they are and when is written down."""

    fitted_on = forms.DateField(label=_("安装日期"))
    devices = forms.TextField(label=_("设备编号"), max_length=200, help_text=_("每台一个编号，用顿号或空格隔开"))


class FurtherForm(forms.Form):
    vehicle_number = forms.TextField(label=_("车辆编号"), max_length=40, help_text=_("例如 V26-000123-7，先在车辆档案中登记"))
    evidence = forms.FileField(label=_("所有人签署的抵押合同"), help_text=_("JPG、PNG、WebP 或 PDF"))


class ReleaseForm(forms.Form):
    receipt_number = forms.TextField(label=_("解押回执编号"), max_length=40)
    released_on = forms.DateField(label=_("解押日期"))
    evidence = forms.FileField(label=_("解押回执"), help_text=_("JPG、PNG、WebP 或 PDF"))


class LanePauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("客户方面的原因"), choices=ASKED_REASONS)
    words = forms.LongTextField(label=_("客户怎么说"), max_length=200, help_text=_("例如：客户出差，周四回来后签署"))


class LanePeriodForm(forms.Form):
    first = forms.DateField(label=_("放款日期从"))
    last = forms.DateField(label=_("到"))
    who = forms.ChoiceField(label=_("客户"), choices=[("prime", _("优质客户")), ("all", _("全部客户"))])


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=200)
