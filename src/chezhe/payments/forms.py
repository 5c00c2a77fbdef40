"""What people fill in for payouts and bank files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.payments.reconciliation.accounts import LABELS
from chezhe.payments.reconciliation.suggesting import BULK_MIN, CONFIDENCE_MAX
from chezhe.ui import forms


class RetryForm(forms.Form):
    reason = forms.LongTextField(label=_("失败原因如何排除"), max_length=300)


class ResolutionForm(forms.Form):
    resolution = forms.LongTextField(label=_("与银行核对的结果"), max_length=200)


class DiscardForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=200)


class BatchAnswerForm(forms.Form):
    file = forms.FileField(label=_("回盘文件"), help_text=_("XLSX 或 CSV，表头须有：订单号、金额、处理结果"))


class BankFileForm(forms.Form):
    """The file; `confirm` is the digest of what was tried before."""

    file = forms.FileField(label=_("银行流水文件"))
    account = forms.ChoiceField(
        label=_("账户"), choices=lambda: list(LABELS.items()), required=False, empty_label=_("按文件识别；表格视为收款户"),
    )
    confirm = forms.HiddenField(required=False)


class DayForm(forms.Form):
    on = forms.DateField(label=_("业务日期"))


class PairForm(forms.Form):
    """Two tallies; the reason is asked for when nothing suggests the pair."""

    first_number = forms.HiddenField()
    second_number = forms.TextField(label=_("与哪一项勾对"), max_length=20, help_text=_("另一项的对账编号"))
    reason = forms.LongTextField(label=pgettext_lazy("match", "依据"), max_length=200, required=False)


class MergeForm(forms.Form):
    tally_number = forms.HiddenField()
    bank_serial = forms.HiddenField()


class RestoreForm(forms.Form):
    bank_serial = forms.HiddenField()
    reason = forms.LongTextField(label=_("为何恢复"), max_length=200)


class ConfidenceForm(forms.Form):
    confidence_min = forms.WholeField(label=_("置信度不低于"), unit="%", min_value=BULK_MIN, max_value=CONFIDENCE_MAX, initial=85)


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因与处理结果"), max_length=300)


class AssignForm(forms.Form):
    """One of finance, or nobody."""

    username = forms.ChoiceField(label=_("负责人"), required=False, empty_label=_("未指定"))
    note = forms.LongTextField(label=_("备注"), max_length=500, required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].choices = [("", _("未指定")), *people]  # type: ignore[attr-defined]
