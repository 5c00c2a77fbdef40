"""Forms of the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms
from chezhe.workbench.models import NAME_MAX


class ViewForm(forms.Form):
    """A view's name, and for those who may share, the role that also sees it."""

    name = forms.TextField(label=_("名称"), max_length=NAME_MAX)
    role = forms.ChoiceField(label=_("共享给角色"), required=False, empty_label=_("只有我"))

    def __init__(self, *args: Any, sharing: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sharing:
            self.fields["role"].choices = [("", _("只有我")), *sharing]  # type: ignore[attr-defined]
        else:
            del self.fields["role"]
