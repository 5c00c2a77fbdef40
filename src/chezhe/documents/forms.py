from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms


class UploadForm(forms.Form):
    """One paper; its categories are the ones of the subject's kind."""

    category = forms.ChoiceField(label=_("资料类别"))
    file = forms.FileField(label=_("文件"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, categories: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]


class RemovalForm(forms.Form):
    reason = forms.TextField(label=_("删除原因"), max_length=200)
