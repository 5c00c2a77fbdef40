"""What people fill in about loans' money."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.finmath.allocation import Item, TransactionKind
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.servicing.charges import FEES
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.printing import LABELS
from chezhe.servicing.receipts import CHANNELS, MEMO_MAX, ORIGINS, REFERENCE_MAX, CounterReceipt
from chezhe.servicing.replans import METHODS
from chezhe.ui import forms

MODES = {
    PrepaymentMode.REDUCE_INSTALMENT.value: _("减少每期金额，期限不变"), PrepaymentMode.SHORTEN_TERM.value: _("每期金额不变，缩短期限"),
}


WAIVABLE = {
    Item.PENALTY.value: _("罚息"), Item.COMPOUND.value: _("复利"), Item.INTEREST.value: _("利息"), Item.FEE.value: _("费用"),
}


class _ReceiptForm(forms.Form):
    """Money that a clerk registers."""

    amount = forms.MoneyField(label=_("金额"), minimum=1)
    channel = forms.ChoiceField(label=_("渠道"), choices=list(CHANNELS.items()), initial="bank")
    reference = forms.TextField(label=_("凭证号"), max_length=REFERENCE_MAX, help_text=_("回单或银行流水号，同一凭证号只入账一次"))
    payer = forms.TextField(label=_("付款人"), max_length=100, required=False)
    memo = forms.TextField(label=_("备注"), max_length=MEMO_MAX, required=False)

    def receipt(self, **more: Any) -> CounterReceipt:
        """What was filled in, as the actions take it."""
        values = self.cleaned_data
        same = ("amount", "channel", "reference", "payer", "memo")
        return CounterReceipt(**{name: values[name] for name in same}, **more)


class ArrivalForm(_ReceiptForm):
    """Money with a day of its own."""

    paid_on = forms.DateField(label=_("到账日"))
    field_order = ("amount", "paid_on")


class RepaymentForm(ArrivalForm):
    transaction = forms.ChoiceField(
        label=_("款项性质"), choices=[(kind.value, label) for kind, label in ORIGINS.items()], initial=TransactionKind.REPAYMENT.value,
        required=False, help_text=_("各类款项按产品约定的顺序冲销"),
    )
    field_order = ("amount", "paid_on", "transaction")


class PrepaymentForm(ArrivalForm):
    mode = forms.RadioField(label=_("调整方式"), choices=list(MODES.items()), initial=PrepaymentMode.REDUCE_INSTALMENT.value)
    field_order = ("amount", "paid_on", "mode")


class SettlementForm(_ReceiptForm):
    """The sum must be the payoff of the day, which unapplied cash may cover."""

    amount = forms.MoneyField(label=_("金额"), minimum=0)


class QuoteDayForm(forms.Form):
    on = forms.DateField(label=_("结清日"))


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class PaperForm(forms.Form):
    kind = forms.RadioField(
        label=pgettext_lazy("paper", "文件"), choices=[(kind.value, label) for kind, label in LABELS.items()],
        initial=PaperKind.STATEMENT.value
    )
    first = forms.DateField(label=_("起"), required=False, help_text=_("对账单、利息证明的第一天"))
    last = forms.DateField(label=_("止"), required=False, help_text=_("对账单、利息证明的最后一天；结清函的结清日"))


class RefundForm(forms.Form):
    amount = forms.MoneyField(label=_("金额"), minimum=1)
    account_tail = forms.TextField(label=_("收款账户尾号"), max_length=4, required=False, help_text=_("后四位；留空付到合同账户"))
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class ChargeForm(forms.Form):
    fee = forms.ChoiceField(label=_("费用"), choices=list(FEES.items()))
    amount = forms.MoneyField(label=_("金额"), minimum=1)
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class WaiverForm(forms.Form):
    item = forms.RadioField(label=_("减免项目"), choices=list(WAIVABLE.items()), initial=Item.PENALTY.value)
    amount = forms.MoneyField(label=_("金额"), minimum=1)
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class DueDayForm(forms.Form):
    due_day = forms.WholeField(label=_("新的还款日"), unit=_("日"), min_value=1, max_value=31, help_text=_("29 至 31 日遇小月为月末"))
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class HolidayForm(forms.Form):
    months = forms.WholeField(label=_("延期"), unit=_("月"), min_value=1, max_value=60)
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class ExtensionForm(forms.Form):
    months = forms.WholeField(label=_("展期"), unit=_("月"), min_value=1, max_value=60)
    annual_rate = forms.RateField(label=_("展期年利率"), required=False, help_text=_("一次还本的贷款在最后一期内可另定；留空按原利率"))
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class RestructuringForm(forms.Form):
    method = forms.ChoiceField(label=_("还款方式"), choices=list(METHODS.items()), initial="equal_instalment")
    annual_rate = forms.RateField(label=_("新的年利率"))
    periods = forms.WholeField(label=_("新的期数"), unit=_("月"), min_value=1, max_value=120)
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class RateChangeForm(forms.Form):
    annual_rate = forms.RateField(label=_("新的年利率"))
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class RefinanceForm(forms.Form):
    application = forms.TextField(label=_("新进件编号"), max_length=40, help_text=_("同一借款人的进件，例如 A26-000123-7"))


class VehicleReleaseForm(forms.Form):
    vehicle = forms.RadioField(label=_("解押的车辆"), choices=[])
    reason = forms.LongTextField(label=_("原因"), max_length=300)

    def __init__(self, *args: Any, cars: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vehicle"].choices = cars  # type: ignore[attr-defined]


class DepositUseForm(forms.Form):
    amount = forms.MoneyField(label=_("金额"), minimum=1)
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class SubsidyForm(forms.Form):
    period = forms.WholeField(label=_("期"), min_value=1, max_value=600, help_text=_("已到期的期次，每期登记一次"))


class MatchForm(forms.Form):
    loan_number = forms.TextField(label=_("贷款编号"), max_length=40, help_text=_("例如 L26-000123-7"))
    reason = forms.LongTextField(label=_("认领依据"), max_length=200)


class TakeBackForm(forms.Form):
    """Which receipt the bank took back: the likeliest is chosen already."""

    bank_serial = forms.RadioField(label=_("被冲回的收款"))
    reason = forms.LongTextField(label=_("冲正原因"), max_length=200, initial=_("银行冲回收款"))

    def __init__(self, *args: Any, receipts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank_serial"].choices = receipts  # type: ignore[attr-defined]
        self.fields["bank_serial"].initial = receipts[0][0] if receipts else None


class EndOfDayForm(forms.Form):
    until = forms.DateField(label=_("结账至（含当日）"), help_text=_("按日依次办理日终，期间照常收款"))


class ProofForm(forms.Form):
    loan_number = forms.TextField(label=_("贷款编号"), max_length=40, required=False, help_text=_("留空则核对范围内全部贷款"))


class SubsidyPaymentForm(ArrivalForm):
    """What the treasury has paid of a month."""


class MonthForm(forms.Form):
    """One of the month ends in `months`; its value is the date."""

    as_of = forms.ChoiceField(label=_("月末"), help_text=_("该日日终已完成；计算在后台进行，入账由另一人办理"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"].choices = months

    def clean_as_of(self) -> date:
        return date.fromisoformat(self.cleaned_data["as_of"])
