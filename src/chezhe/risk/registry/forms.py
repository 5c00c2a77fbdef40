"""What people fill in about models."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.risk.registry import labels
from chezhe.ui import forms


class UploadForm(forms.Form):
    """A model as a zip of the folder that training wrote."""

    name = forms.TextField(label=_("模型名称"), max_length=60)
    purpose = forms.ChoiceField(label=pgettext_lazy("model", "用途"), choices=labels.PURPOSES, initial="person")
    file = forms.FileField(label=_("模型压缩包"), allow_empty_file=True, help_text=_("训练命令写出的整个文件夹打成的 zip，不超过 20 MB。"))
    note = forms.LongTextField(label=_("登记说明"), max_length=1000, required=False)


class SubmitForm(forms.Form):
    """What a model shall do, and why."""

    wish = forms.RadioField(label=pgettext_lazy("model", "申请内容"), choices=labels.WISHES, initial="shadow")
    reason = forms.LongTextField(label=_("理由"), max_length=1000, help_text=_("写明与现行模型比较的样本和结果。"))

    def __init__(self, *args: Any, can_shadow: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not can_shadow:
            self.fields["wish"].choices = labels.WISHES[:1]  # type: ignore[attr-defined]
            self.fields["wish"].initial = "active"
