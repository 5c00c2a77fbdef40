"""What people fill in about guarantees."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.risk.guarantees import choices as guarantee_choices
from chezhe.risk.guarantees import rules
from chezhe.risk.guarantees.steps import Offered
from chezhe.ui import forms


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=300)


_FIELDS = {
    rules.GUARANTOR: ("guarantor_number", "liability", "agreed_until", "income_monthly", "net_assets"),
    rules.PLEDGE: ("thing", "proof_number", "holder"), rules.DEPOSIT: ("proof_number", "holder"),
    rules.INSURANCE: ("holder", "policy_number", "covered_share", "valid_to"),
}


class SecurityForm(forms.Form):
    """One form for each kind: only its own fields are on it."""

    amount = forms.MoneyField(label=_("担保金额"), minimum=1)
    guarantor_number = forms.TextField(label=_("保证人客户编号"), max_length=20, help_text=_("保证人须先建档。"))
    liability = forms.RadioField(label=_("保证方式"), choices=guarantee_choices.LIABILITIES, initial=rules.JOINT)
    agreed_until = forms.DateField(
        label=_("约定的保证期间截止日"), required=False,
        help_text=_("没有约定、或不晚于债务到期日的，按法定六个月计（《民法典》第六百九十二条）。"))
    income_monthly = forms.MoneyField(label=_("保证人月收入"), required=False, help_text=_("已有核实收入的，以核实的为准。"))
    net_assets = forms.MoneyField(label=_("保证人净资产"), required=False)
    thing = forms.TextField(label=_("质物"), max_length=120)
    proof_number = forms.TextField(
        label=pgettext_lazy("security", "凭证编号"), max_length=40,
        help_text=_("存单号、权利凭证号、出质登记号或保证金缴存回单号；同一凭证不能同时担保两笔。"))
    holder = forms.TextField(label=_("保管或出具单位"), max_length=80)
    policy_number = forms.TextField(label=_("保单号"), max_length=40)
    covered_share = forms.RateField(label=_("承保比例"), minimum="0.01")
    valid_to = forms.DateField(label=pgettext_lazy("security", "有效期至"))
    note = forms.LongTextField(label=_("说明"), max_length=1000, required=False)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        for name in set(sum(_FIELDS.values(), ())) - set(_FIELDS[kind]):
            del self.fields[name]

    @property
    def offered(self) -> Offered:
        """The security; only after `is_valid()`."""
        names = [name for name in _FIELDS[self.kind] if name != "guarantor_number"]
        given = {name: self.cleaned_data[name] for name in (*names, "amount", "note")}
        return Offered(kind=self.kind, **{name: value for name, value in given.items() if value is not None})


class ClaimForm(forms.Form):
    claimed_on = forms.DateField(label=_("主张日期"))
    reason = forms.LongTextField(label=_("主张方式与凭据"), max_length=300)
