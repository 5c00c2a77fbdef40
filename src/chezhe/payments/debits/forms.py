"""What people fill in about mandates."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance.labels import EVIDENCE_CHANNELS
from chezhe.kernel import clock
from chezhe.payments.debits.mandates import Signature
from chezhe.ui import forms


class MandateForm(forms.Form):
    """What the customer signed. The accounts to choose from are the customer's own open ones."""

    account_tail = forms.ChoiceField(label=_("代扣账户"), choices=())
    debit_max = forms.MoneyField(label=_("单笔限额"), minimum=1)
    day_max = forms.MoneyField(label=_("单日限额"), minimum=1)
    signed_on = forms.DateField(label=_("签署日"))
    channel = forms.ChoiceField(label=_("签署方式"), choices=[pair for pair in EVIDENCE_CHANNELS if pair[0] != "api"])
    evidence = forms.TextField(label=_("证明编号"), max_length=80, help_text=_("授权书扫描件、电子签名或录音的编号"))

    def __init__(self, data: Any = None, *, accounts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **{"initial": {"signed_on": clock.today(), "channel": "paper"}, **options})
        self.fields["account_tail"].choices = accounts

    def signature(self) -> Signature:
        return Signature(**self.cleaned_data)


class MandateReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=200)
