"""What people fill in about collateral."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral.custody_models import CERTIFICATE, CUSTODY_KINDS
from chezhe.kernel import clock
from chezhe.ui import forms

_SCAN = _("JPG、PNG、WebP 或 PDF")


class SubmitForm(forms.Form):
    submitted_on = forms.DateField(label=_("报送日期"))


class AcceptForm(forms.Form):
    """The receipt; `valid_until` for a record of the unified registry."""

    office = forms.TextField(label=_("登记机关"), max_length=60)
    receipt_number = forms.TextField(label=_("登记回执编号"), max_length=40)
    registered_on = forms.DateField(label=_("登记日期"))
    valid_until = forms.DateField(label=_("登记到期日"))
    evidence = forms.FileField(label=_("登记回执扫描件"), help_text=_SCAN)

    def __init__(self, *args: Any, is_unified: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_unified:
            del self.fields["valid_until"]


class DeliveryForm(forms.Form):
    delivered_on = forms.DateField(label=_("交车日期"), help_text=_("购置款抵押须自交付之日起十日内登记"))


class KeepForm(forms.Form):
    kind = forms.ChoiceField(label=_("权证种类"), choices=CUSTODY_KINDS, initial=CERTIFICATE)
    serial = forms.TextField(label=_("登记证书编号或钥匙说明"), max_length=40, required=False, help_text=_("登记证书必须填写编号"))
    place = forms.TextField(label=_("库位"), max_length=40, required=False, help_text=_("例如：3 号柜 2 层"))


class LendForm(forms.Form):
    holder = forms.TextField(label=_("借给谁"), max_length=80)
    due_back = forms.DateField(label=_("归还期限"))
    reason = forms.LongTextField(label=_("原因"), max_length=200)


class HandOutForm(forms.Form):
    holder = forms.TextField(label=_("交给谁"), max_length=80)
    reason = forms.LongTextField(label=_("原因"), max_length=200)


class GiveBackForm(forms.Form):
    place = forms.TextField(label=_("库位"), max_length=40, required=False)
    reason = forms.TextField(label=_("备注"), max_length=200, required=False)


class ScanForm(forms.Form):
    """A barcode reader types and presses Enter."""

    barcode = forms.TextField(label=_("条码"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["barcode"].widget.attrs |= {"autofocus": True, "autocomplete": "off", "autocapitalize": "characters"}


class StockTakeForm(forms.Form):
    branch_code = forms.ChoiceField(label=_("盘点门店"))

    def __init__(self, *args: Any, branches: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch_code"].choices = branches  # type: ignore[attr-defined]


class ExtendRegistrationForm(forms.Form):
    """The receipt of a longer term."""

    office = forms.TextField(label=_("登记机关"), max_length=60)
    receipt_number = forms.TextField(label=_("登记回执编号"), max_length=40)
    registered_on = forms.DateField(label=_("登记日期"))
    valid_until = forms.DateField(label=_("登记到期日"))
    evidence = forms.FileField(label=_("登记回执扫描件"), help_text=_SCAN)


class CancelRegistrationForm(forms.Form):
    receipt_number = forms.TextField(label=_("注销回执编号"), max_length=40)
    cancelled_on = forms.DateField(label=_("注销日期"))
    evidence = forms.FileField(label=_("注销回执扫描件"), help_text=_SCAN)


class SendForm(forms.Form):
    carrier = forms.TextField(label=_("快递公司"), max_length=40)
    tracking_number = forms.TextField(label=_("快递单号"), max_length=40)
    sent_on = forms.DateField(label=_("寄出日期"))


class HandOverForm(forms.Form):
    recipient = forms.TextField(label=_("领取人姓名"), max_length=80)
    id_number = forms.TextField(
        label=_("领取人证件号码"), max_length=20, help_text=_("照证件原件输入，系统与借款人、车辆所有人核对，不保存"))
    handed_on = forms.DateField(label=_("交付日期"))
    authority = forms.FileField(label=_("授权委托书（代办人）"), required=False, help_text=_SCAN)


class ReceivedForm(forms.Form):
    received_on = forms.DateField(label=_("收到日期"))


class GpsOrderForm(forms.Form):
    installer = forms.TextField(label=_("安装商"), max_length=60)
    appointed_on = forms.DateField(label=_("预约日期"))


class FirstFixForm(forms.Form):
    """A clerk saw the device on its maker's page; `fixed_at` is put together from the day and the time."""

    device_number = forms.ChoiceField(label=_("设备编号"))
    fixed_on = forms.DateField(label=_("定位日期"))
    fixed_time = forms.TextField(label=_("定位时间"), max_length=5, help_text=_("24 小时制，例如 14:05"))

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device_number"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        day, typed = said.get("fixed_on"), said.get("fixed_time", "").replace("：", ":")
        if day is not None and typed:
            try:
                said["fixed_at"] = datetime.combine(day, time.fromisoformat(typed.zfill(5)), clock.SHANGHAI)
            except ValueError:
                self.add_error("fixed_time", _("请按 24 小时制填写，例如 14:05。"))
        return said


class ReplaceDeviceForm(forms.Form):
    old_number = forms.ChoiceField(label=_("换下的设备"))
    device_number = forms.TextField(label=_("新设备编号"), max_length=40)
    installer = forms.TextField(label=_("安装商"), max_length=60)
    installed_on = forms.DateField(label=_("安装日期"))
    reason = forms.LongTextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_number"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]


class PolicyForm(forms.Form):
    insurer = forms.TextField(label=_("保险公司"), max_length=60)
    policy_number = forms.TextField(label=_("保单号"), max_length=40)
    beneficiary = forms.TextField(label=_("第一受益人"), max_length=80, help_text=_("照保险单或批单填写，须为贷款人全称"))
    valid_from = forms.DateField(label=_("保险起期"))
    valid_to = forms.DateField(label=_("保险止期"))
    amount = forms.MoneyField(label=_("保险金额"), minimum=1)
    evidence = forms.FileField(label=_("保险单扫描件"), help_text=_SCAN)
