"""What people choose about profit and funding cost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms


class PeriodForm(forms.Form):
    first = forms.DateField(label=_("从"))
    last = forms.DateField(label=_("到"))


class FundingForm(forms.Form):
    as_of = forms.ChoiceField(label=_("月末"), help_text=_("该日日终已完成；先预览分录，再入账"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"].choices = months

    def clean_as_of(self) -> date:
        return date.fromisoformat(self.cleaned_data["as_of"])
