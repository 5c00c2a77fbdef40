"""What customers fill in about a loan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.customers.models import BankAccount
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.printing import LABELS
from chezhe.ui import forms


class PayForm(forms.Form):
    amount = forms.MoneyField(label=_("还款金额"), minimum=1, help_text=_("可以少于当前应还金额，不能多于。"))


class SettleDayForm(forms.Form):
    on = forms.DateField(label=_("结清日"))

    def __init__(self, *args: Any, first: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first is not None:
            self.fields["on"].widget.attrs["min"] = first.isoformat()


class SettleForm(forms.Form):
    """The day and the sum as they were shown."""

    on = forms.DateField(label=_("结清日"))
    amount = forms.MoneyField(label=_("应付金额"))


class MandateForm(forms.Form):
    account_tail = forms.ChoiceField(label=_("扣款账户"))
    debit_max = forms.MoneyField(label=_("单笔限额"), minimum=1)
    day_max = forms.MoneyField(label=_("单日限额"), minimum=1)
    agrees = forms.BooleanField(label=_("我已阅读并同意以上代扣授权"))

    def __init__(self, *args: Any, accounts: list[BankAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.tail, f"{one.bank_name} ****{one.tail}") for one in accounts]
        self.fields["account_tail"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]


class CustomerPaperForm(forms.Form):
    kind = forms.RadioField(label=pgettext_lazy("paper", "文件"))
    first = forms.DateField(label=_("开始日"), required=False, help_text=_("对账单和利息证明需要起止日期，其他文件不用填。"))
    last = forms.DateField(label=_("结束日"), required=False)

    def __init__(self, *args: Any, kinds: list[PaperKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, LABELS[kind]) for kind in kinds]  # type: ignore[attr-defined]
