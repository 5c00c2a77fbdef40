"""What people fill in about asset quality."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.servicing.quality.models import ASSET_CLASSES
from chezhe.ui import forms


class DowngradeForm(forms.Form):
    asset_class = forms.RadioField(label=_("下调为"), choices=ASSET_CLASSES[1:])
    reason = forms.LongTextField(label=_("原因"), max_length=300, help_text=_("写明发现的情况和依据，例如涉诉、停业、车辆灭失"))
