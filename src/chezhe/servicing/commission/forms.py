"""What people fill in about commission."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.servicing.commission import statements
from chezhe.servicing.commission.models import CommissionStatement
from chezhe.servicing.forms import MonthForm
from chezhe.ui import forms


class CommissionMonthForm(MonthForm):
    """The month end up to which statements are drawn up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"].help_text = _("该日日终已完成；每个车商一张结算单，由另一位财务核准。")


class ApproveForm(forms.Form):
    invoice_number = forms.TextField(
        label=_("车商发票号码"), max_length=60, required=False, help_text=_("返佣为含税价；车商开票的，登记发票号码备查。"))


class PayForm(forms.Form):
    """One of the dealer's accounts that were agreed to."""

    payee_number = forms.ChoiceField(label=_("收款账户"))

    def __init__(self, *args: Any, statement: CommissionStatement, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts = statements.accounts_of(statement.dealer)
        self.fields["payee_number"].choices = [  # type: ignore[attr-defined]
            (one.number, f"{one.name} {one.bank_name} {one.masked}") for one in accounts]


class CarReturnForm(forms.Form):
    returned_on = forms.DateField(label=_("退车日期"))
    reason = forms.TextField(label=_("原因"), max_length=200)
