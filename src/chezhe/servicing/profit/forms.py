"""What people choose about profit and funding cost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.servicing.forms import MonthForm
from chezhe.ui import forms


class PeriodForm(forms.Form):
    first = forms.DateField(label=_("从"))
    last = forms.DateField(label=_("到"))


class FundingForm(MonthForm):
    as_of = forms.ChoiceField(label=_("月末"), help_text=_("该日日终已完成；先预览分录，再入账"))
