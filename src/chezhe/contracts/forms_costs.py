"""What people fill in when fees are paid up front."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.costs.models import PAID_BY
from chezhe.contracts.costs.queries import Payable
from chezhe.contracts.costs.receiving import REFERENCE_MAX
from chezhe.finmath.money import Money
from chezhe.ui import forms


class UpfrontForm(forms.Form):
    """Which fees of the sheet were paid, and how."""

    codes = forms.MultipleChoiceField(label=_("费用项目"), widget=django_forms.CheckboxSelectMultiple)
    amount = forms.MoneyField(label=_("收到金额"), minimum=1)
    paid_on = forms.DateField(label=_("收款日期"))
    channel = forms.ChoiceField(label=_("收款方式"), choices=PAID_BY, initial="bank")
    reference = forms.TextField(label=_("银行流水号或收据号"), max_length=REFERENCE_MAX)

    def __init__(self, *args: Any, payable: list[Payable], on: date, **kwargs: Any) -> None:
        unpaid = [one for one in payable if one.receipt is None]
        due = Money(sum(one.amount.fen for one in unpaid))
        kwargs.setdefault("initial", {"codes": [one.item.code for one in unpaid], "amount": due, "paid_on": on, "channel": "bank"})
        super().__init__(*args, **kwargs)
        pairs = [(one.item.code, f"{one.item.label} {one.amount.format(grouped=True)} · {one.item.payee}") for one in unpaid]
        self.fields["codes"].choices = pairs  # type: ignore[attr-defined]
