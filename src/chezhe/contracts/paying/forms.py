"""What people fill in for payouts in parts, payees' accounts and limits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.forms import accounts_of
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.paying import queries
from chezhe.contracts.paying.states import PAYEE_KINDS
from chezhe.contracts.paying.steps import Part
from chezhe.finmath.money import Money
from chezhe.payments.states import WAYS
from chezhe.ui import forms

ROWS = 3


def payees_of(contract: Contract) -> list[tuple[str, str]]:
    """The accounts that may be paid beside the borrower's, masked."""
    return [(row.number, f"{row.name} {row.bank_name} {row.masked}") for row in queries.payable_to(contract)]


class PayOutForm(forms.Form):
    """Up to three others and what each is paid; the rest is the borrower's."""

    way = forms.ChoiceField(label=_("付款方式"), choices=WAYS, required=False, initial="api", empty_label=_("银企直连（默认）"))

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = payees_of(contract)
        for row in range(1, ROWS + 1 if choices else 1):
            self.fields[f"payee_{row}"] = forms.ChoiceField(
                label=_("第 %(row)s 个收款方") % {"row": row}, choices=choices, required=False, empty_label=_("无"))
            self.fields[f"amount_{row}"] = forms.MoneyField(label=_("付给第 %(row)s 个收款方") % {"row": row}, required=False)

    def parts(self) -> list[Part]:
        """What was asked for others; an amount without an account, or the other way round, is left to the action to refuse."""
        rows = [(self.cleaned_data.get(f"payee_{row}"), self.cleaned_data.get(f"amount_{row}")) for row in range(1, ROWS + 1)]
        return [Part(payee_number=payee or "—", amount=amount or Money(0)) for payee, amount in rows if payee or amount]

    @property
    def chosen_way(self) -> str:
        return self.cleaned_data["way"] or "api"


class ResendForm(forms.Form):
    """For the part in trouble: another account of the borrower's, or of the company that was to be paid."""

    place = forms.HiddenField(required=False)
    account_id = forms.ChoiceField(label=_("新的收款账户"))
    reason = forms.LongTextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, disbursement: Disbursement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leg = disbursement.leading
        payee = self.leg.payee if self.leg else None
        choices = accounts_of(disbursement.contract.customer)
        if payee:
            rows = queries.payable_to(disbursement.contract).filter(name=payee.name, kind=payee.kind)
            choices = [(row.number, f"{row.name} {row.bank_name} {row.masked}") for row in rows]
        self.fields["account_id"].choices = choices  # type: ignore[attr-defined]
        self.initial["place"] = str(self.leg.place) if self.leg else ""

    def said(self) -> dict[str, Any]:
        """For `resend_disbursement`."""
        chosen, place = self.cleaned_data["account_id"], self.cleaned_data["place"]
        where: dict[str, Any] = {"payee_number": chosen} if self.leg and self.leg.payee else {"account_id": int(chosen)}
        return {**where, "place": int(place) if place.isdecimal() else 0, "reason": self.cleaned_data["reason"]}


class PayeeForm(forms.Form):
    kind = forms.ChoiceField(label=_("收款方类型"), choices=PAYEE_KINDS, initial="dealer")
    dealer_number = forms.TextField(
        label=_("车商编号"), max_length=40, required=False, help_text=_("收款方是车商时填写，例如 D26-000123-7"))
    name = forms.TextField(label=_("户名"), max_length=100, required=False, help_text=_("收款方不是车商时填写，与开户证明一致"))
    bank_name = forms.TextField(label=_("开户行"), max_length=60)
    account = forms.TextField(label=_("账号"), max_length=40)


class LimitForm(forms.Form):
    branch_code = forms.TextField(label=_("门店代码"), max_length=20, required=False, help_text=_("不填为全公司限额"))
    effective_from = forms.DateField(label=_("生效日期"))
    per_payout = forms.MoneyField(label=_("单笔放款限额"), required=False, help_text=_("不填为不限"))
    per_day = forms.MoneyField(label=_("单日放款限额"), required=False, help_text=_("不填为不限"))
    reason = forms.LongTextField(label=_("原因"), max_length=200)


class VerdictForm(forms.Form):
    """Agree or not, and why."""

    verdict = forms.RadioField(label=_("结论"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    opinion = forms.LongTextField(label=_("意见"), max_length=200, required=False)
