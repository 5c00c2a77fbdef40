"""What people fill in about collateral."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

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
