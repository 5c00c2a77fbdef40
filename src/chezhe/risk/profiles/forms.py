"""What people fill in about a warning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.risk.profiles.choices import MEASURES
from chezhe.risk.profiles.steps import NOTE_MAX
from chezhe.ui import forms


class ReviewForm(forms.Form):
    """What was done, and what came of it."""

    measure = forms.ChoiceField(label=_("处理方式"), choices=MEASURES)
    note = forms.LongTextField(label=_("情况与结果"), max_length=NOTE_MAX)
