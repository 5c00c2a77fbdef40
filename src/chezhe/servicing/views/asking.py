"""The forms that ask for something about a loan: each shows what it would do before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import changes, judging, pages, permissions, previews, queries, refunds, requests
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.charges import Fee
from chezhe.servicing.forms import ChargeForm, RefundForm, WaiverForm
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.position import Position
from chezhe.servicing.steps import News
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import is_confirmed, mark_of, page_of, trail_of

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A form: `read` gives what the loan would take in or refuses, `act` carries it out: a change that waits, or an event."""

    title: Any
    icon: str
    note: Any
    form: Any
    read: Callable[[Loan, Values], News]
    act: Callable[[str, Values, Actor], LoanChange | LoanEvent]
    start: Callable[[Position], Values] = lambda _position: {}
    shows_plan: bool = False
    shows_dues: bool = False


def ask(request: HttpRequest, number: str, asking: Asking) -> HttpResponse:
    """First the preview; the same form sent again with the preview's mark is carried out."""
    loan, today = fetch(request, number), business_date.current()
    position = queries.current_position(loan, today)
    form = asking.form(request.POST or None, initial=asking.start(position))
    preview, mark = None, ""
    if request.method == "POST" and form.is_valid():
        mark = mark_of(form.cleaned_data, loan)
        try:
            news = asking.read(loan, form.cleaned_data)
            if is_confirmed(request, mark):
                return _done(request, asking.act(number, form.cleaned_data, request.actor))
            preview = previews.preview_news(loan, news, today)
        except BusinessError as refusal:
            form.refuse(refusal)
    rows = pages.plan_rows(preview.after) if preview and asking.shows_plan else []
    return page_of(
        request, "servicing/ask.html", loan, form, preview, mark=mark, asking=asking, rows=rows, totals=pages.totals_of(rows),
        head=pages.head_of(position), dues=pages.due_rows(position.dues) if asking.shows_dues else [],
        items=list(pages.ITEMS.values()), due=position.due_total_fen, breadcrumbs=trail_of(loan, asking.title),
    )


def _done(request: HttpRequest, done: LoanChange | LoanEvent) -> HttpResponse:
    if isinstance(done, LoanChange):
        messages.success(request, _("已提交 %(number)s，等待审批。") % {"number": done.number})
        return redirect("servicing:change", done.number)
    messages.success(request, _("已办理：%(what)s %(amount)s 元。") % {"what": done.get_kind_display(), "amount": done.amount})
    response = redirect("servicing:loan", done.loan.number)
    response["Location"] += "?tab=events"
    return response


def news_of(loan: Loan, asked: changes.Asked) -> News:
    """What a request would bring if it were agreed to today."""
    return changes.judge(loan, asked, business_date.current())


_REFUND = Asking(
    title=gettext_lazy("退还溢缴款"), icon="arrow-back-up", form=RefundForm,
    note=gettext_lazy("审批同意后款项先转入应付退款，再由放款岗付出；银行确认后登记。"),
    read=lambda loan, v: news_of(loan, refunds.asked(loan, v["amount"], v["account_tail"], v["reason"])),
    act=lambda number, v, by: request_refund(
        loan_number=number, amount=v["amount"], account_tail=v["account_tail"], reason=v["reason"], by=by),
    start=lambda position: {"amount": str(Money(position.unapplied_fen))} if position.unapplied_fen else {},
)


_CHARGE = Asking(
    title=gettext_lazy("收取费用"), icon="cash", form=ChargeForm,
    note=gettext_lazy("费用当日到期，不计罚息，不影响逾期天数；暂收款会立即抵扣。超过免审批限额的，提交后由门店经理审批。"),
    read=lambda loan, v: judging.fee(loan, Fee(code=v["fee"], amount=v["amount"], reason=v["reason"]), business_date.current()),
    act=lambda number, v, by: charge_fee(
        loan_number=number, fee=Fee(code=v["fee"], amount=v["amount"], reason=v["reason"]), by=by),
)


@require_http_methods(["GET", "POST"])
@needs(permissions.CHARGE_FEE)
def charge(request: HttpRequest, number: str) -> HttpResponse:
    """Charge a fee beside the plan."""
    return ask(request, number, _CHARGE)


_WAIVER = Asking(
    title=gettext_lazy("息费减免"), icon="receipt-2", form=WaiverForm, shows_dues=True,
    note=gettext_lazy("按到期先后减免；罚息与复利在收到前不入账，减免它们没有分录。"),
    read=lambda loan, v: news_of(loan, requests.waiver(item=Item(v["item"]), amount=v["amount"], reason=v["reason"])),
    act=lambda number, v, by: request_waiver(
        loan_number=number, item=Item(v["item"]), amount=v["amount"], reason=v["reason"], by=by),
    start=lambda position: {"amount": str(Money(sum(due.penalty_fen for due in position.dues)))},
)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_WAIVER)
def waiver(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for something owed to be forgiven."""
    return ask(request, number, _WAIVER)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_REFUND)
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for unapplied cash to go back to the borrower."""
    return ask(request, number, _REFUND)
