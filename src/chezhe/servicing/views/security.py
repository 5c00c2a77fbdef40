"""The forms for what others pay or leave with us: deposit, insurance proceeds, interest subsidy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.servicing import counter, judging, permissions, refunds, requests
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.forms import ArrivalForm, DepositUseForm, RefundForm, SubsidyForm
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Position
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.steps import News
from chezhe.servicing.views.asking import Asking, Values, ask, news_of


def _receipt(kind: str, v: Values) -> CounterReceipt:
    names = ("amount", "channel", "reference", "payer", "memo", "paid_on")
    return CounterReceipt(kind=kind, **{name: v[name] for name in names})


def _read(kind: str, verb: str, loan: Loan, v: Values) -> News:
    receipt = _receipt(kind, v)
    counter.judge(loan, receipt, kind=kind, verb=verb)
    return receipt.money


def _today(_position: Position) -> Values:
    return {"paid_on": business_date.current()}


_DEPOSIT = Asking(
    title=pgettext_lazy("verb", "存入保证金"), icon="lock", form=ArrivalForm,
    note=_("保证金不计息，属于借款人；抵扣或退还须经审批。"), start=_today,
    read=lambda loan, v: _read("deposited", "deposit", loan, v),
    act=lambda number, v, by: take_deposit(loan_number=number, receipt=_receipt("deposited", v), by=by),
)
_INSURANCE = Asking(
    title=_("保险赔款"), icon="shield-check", form=ArrivalForm, shows_dues=True, start=_today,
    note=_("作为第一受益人收到的赔款，按合同顺序冲抵到期款项，余额记为暂收款，再办理提前还款、结清或退款。付款人填保险公司，凭证号填赔案号。"),
    read=lambda loan, v: _read("insured", "repay", loan, v),
    act=lambda number, v, by: record_insurance_proceeds(loan_number=number, receipt=_receipt("insured", v), by=by),
)
_USE = Asking(
    title=pgettext_lazy("verb", "保证金抵扣"), icon="lock-open", form=DepositUseForm, shows_dues=True,
    note=_("保证金按合同顺序冲抵到期未还的款项。"),
    read=lambda loan, v: news_of(loan, requests.deposit_use(amount=v["amount"], reason=v["reason"])),
    act=lambda number, v, by: request_deposit_use(loan_number=number, amount=v["amount"], reason=v["reason"], by=by),
    start=lambda position: {"amount": str(Money(min(position.deposit_fen, position.due_total_fen)))},
)
_RETURN = Asking(
    title=_("退还保证金"), icon="arrow-back-up", form=RefundForm,
    note=_("审批同意后款项先转入应付退款，再由放款岗付出；银行确认后登记。"),
    read=lambda loan, v: news_of(loan, refunds.asked(loan, v["amount"], v["account_tail"], v["reason"], is_deposit=True)),
    act=lambda number, v, by: request_deposit_return(
        loan_number=number, amount=v["amount"], account_tail=v["account_tail"], reason=v["reason"], by=by),
    start=lambda position: {"amount": str(Money(position.deposit_fen))},
)
_SUBSIDY = Asking(
    title=_("财政贴息"), icon="coin-yuan", form=SubsidyForm,
    note=_("按到期日有效的政策计算，先抵未还利息；利息已还的，贴息记为客户的暂收款。"),
    read=lambda loan, v: judging.subsidy(loan, v["period"], business_date.current()),
    act=lambda number, v, by: grant_subsidy(loan_number=number, period=v["period"], by=by),
    start=lambda position: {"period": position.recognised or ""},
)


@require_http_methods(["GET", "POST"])
@needs(permissions.TAKE_DEPOSIT)
def deposit(request: HttpRequest, number: str) -> HttpResponse:
    """Take security."""
    return ask(request, number, _DEPOSIT)


@require_http_methods(["GET", "POST"])
@needs(permissions.RECORD_INSURANCE)
def insurance(request: HttpRequest, number: str) -> HttpResponse:
    """Take an insurer's payment."""
    return ask(request, number, _INSURANCE)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_DEPOSIT_USE)
def deposit_use(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the deposit to pay what is owed."""
    return ask(request, number, _USE)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_REFUND)
def deposit_return(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the deposit to go back."""
    return ask(request, number, _RETURN)


@require_http_methods(["GET", "POST"])
@needs(permissions.GRANT_SUBSIDY)
def subsidy(request: HttpRequest, number: str) -> HttpResponse:
    """Note the treasury's part of an instalment's interest."""
    return ask(request, number, _SUBSIDY)
