"""What people fill in about asset quality."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.servicing.quality.models import ASSET_CLASSES
from chezhe.ui import forms


class DowngradeForm(forms.Form):
    asset_class = forms.RadioField(label=_("下调为"), choices=ASSET_CLASSES[1:])
    reason = forms.LongTextField(label=_("原因"), max_length=300, help_text=_("写明发现的情况和依据，例如涉诉、停业、车辆灭失"))


class ProvisionForm(forms.Form):
    as_of = forms.ChoiceField(label=_("月末"), help_text=_("该日日终已完成；计算在后台进行，入账由另一人办理"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"].choices = months

    def clean_as_of(self) -> date:
        return date.fromisoformat(self.cleaned_data["as_of"])
