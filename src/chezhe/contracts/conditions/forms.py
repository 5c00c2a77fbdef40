"""What people fill in about conditions precedent."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.ui import forms


class AskForm(forms.Form):
    label = forms.TextField(label=_("条件"), max_length=100, help_text=_("例如：补充购车发票原件"))
    owner_role = forms.ChoiceField(label=_("由谁办理"), choices=lambda: list(roles.LABELS.items()))
    due_on = forms.DateField(label=_("办理期限"), required=False)


class MeetForm(forms.Form):
    proof = forms.TextField(label=_("凭什么办妥"), max_length=200)
    evidence = forms.FileField(label=_("证明材料"), required=False, help_text=_("JPG、PNG、WebP 或 PDF"))


class WaiveForm(forms.Form):
    """Why; and until when, where it can only be put off."""

    put_off_until = forms.DateField(label=_("补办期限"), required=False)
    reason = forms.LongTextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, may_be_put_off: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_put_off:
            del self.fields["put_off_until"]
