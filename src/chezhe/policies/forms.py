"""The forms around the tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chezhe.policies import reading
from chezhe.policies.models import PolicyVersion
from chezhe.policies.steps import NOTE_MAX
from chezhe.ui import forms


class TableForm(forms.Form):
    """What the grid editor sends: the table as JSON, beside the day and the reason."""

    effective_from = forms.DateField(label=_("生效日期"), help_text=_("发布人可以再改；不能早于当天。"))
    note = forms.LongTextField(
        label=_("修改说明"), max_length=NOTE_MAX, required=False, help_text=_("改了什么、为什么；发布人和审计都会看。"),
    )
    content = forms.HiddenField(max_length=reading.FILE_MAX)
    based_on = forms.HiddenField(max_length=64, required=False)

    def __init__(self, version: PolicyVersion, data: Any = None) -> None:
        initial = {"effective_from": version.effective_from, "note": version.note, "based_on": version.content_hash}
        super().__init__(data, initial=initial)
        self.policy = version.policy
        self.table: Any = None

    def clean_content(self) -> str:
        """The table itself is kept in `table`."""
        try:
            self.table = reading.table_in_text(self.cleaned_data["content"], self.policy)
        except (reading.TableUnreadable, reading.TableFileTooLarge, reading.OtherTable) as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None
        return str(self.cleaned_data["content"])


class FileForm(forms.Form):
    """A workbook or JSON file."""

    file = forms.FileField(label=_("文件"), help_text=_("本页导出的 Excel 或 JSON，最大 2 MB。"))


class OpinionForm(forms.Form):
    opinion = forms.LongTextField(label=_("意见"), max_length=500, required=False)


class PublishForm(forms.Form):
    effective_from = forms.DateField(label=_("生效日期"))
    opinion = forms.LongTextField(label=_("意见"), max_length=500, required=False)


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=NOTE_MAX)
