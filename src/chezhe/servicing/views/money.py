"""Repayment, prepayment, settlement and reversal: each shows what it would do before it does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.kernel import business_date, roles
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.servicing import counter, judging, pages, permissions, previews, queries, reversals, reversing
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.forms import PrepaymentForm, QuoteDayForm, ReasonForm, RepaymentForm, SettlementForm
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN
from chezhe.servicing.steps import News
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import NOT_SHOWN, is_confirmed, mark_of, page_of, trail_of


def _looked_at(
    request: HttpRequest, loan: Loan, form: Any, receipt: CounterReceipt, carry_out: Callable[[], LoanEvent]
) -> tuple[previews.Preview | None, LoanEvent | None, str]:
    """First the preview; the same form sent again with the preview's mark is carried out."""
    mark, today = mark_of(receipt, loan), business_date.current()
    try:
        if is_confirmed(request, mark):
            return None, carry_out(), mark
        return previews.preview_news(loan, _news_of(loan, receipt, today), today), None, mark
    except BusinessError as refusal:
        form.refuse(refusal)
        return None, None, ""


def _news_of(loan: Loan, receipt: CounterReceipt, today: date) -> News:
    if receipt.kind == "repaid":
        counter.judge(loan, receipt, kind="repaid", verb="repay")
        return receipt.money
    return judging.settlement(loan, receipt, today) if receipt.kind == "settled" else judging.prepayment(loan, receipt, today)


@require_http_methods(["GET", "POST"])
@needs(permissions.RECORD_REPAYMENT)
def repay(request: HttpRequest, number: str) -> HttpResponse:
    """Register money that came in; the allocation and the entries are shown first."""
    loan, today = fetch(request, number), business_date.current()
    position = queries.current_position(loan, today)
    start = {"paid_on": today, "amount": str(Money(position.due_total_fen)) if position.due_total_fen else ""}
    form = RepaymentForm(request.POST or None, initial=start)
    preview, mark = None, ""
    if request.method == "POST" and form.is_valid():
        origin = TransactionKind(form.cleaned_data["transaction"] or TransactionKind.REPAYMENT)
        receipt = form.receipt(paid_on=form.cleaned_data["paid_on"], transaction=origin)
        preview, done, mark = _looked_at(
            request, loan, form, receipt, lambda: record_repayment(loan_number=number, receipt=receipt, by=request.actor))
        if done:
            return _done(request, done, _("已登记还款 %(amount)s 元。"))
    items = list(pages.ITEMS.values())
    return page_of(request, "servicing/repay.html", loan, form, preview, mark=mark, dues=pages.due_rows(position.dues), items=items,
                 due=position.due_total_fen, breadcrumbs=trail_of(loan, _("收款")))


@require_http_methods(["GET", "POST"])
@needs(permissions.PREPAY)
def prepay(request: HttpRequest, number: str) -> HttpResponse:
    """Principal before it is due; the new plan is shown first."""
    loan, today = fetch(request, number), business_date.current()
    form = PrepaymentForm(request.POST or None, initial={"paid_on": today})
    preview, mark = None, ""
    if request.method == "POST" and form.is_valid():
        receipt = form.receipt(paid_on=form.cleaned_data["paid_on"], kind="prepaid", mode=PrepaymentMode(form.cleaned_data["mode"]))

        def carry_out() -> LoanEvent:
            return prepay_loan(loan_number=number, receipt=receipt, by=request.actor)

        preview, done, mark = _looked_at(request, loan, form, receipt, carry_out)
        if done:
            return _done(request, done, _("已登记提前还款 %(amount)s 元，还款计划已调整。"))
    rows = pages.plan_rows(preview.after) if preview else []
    return page_of(request, "servicing/prepay.html", loan, form, preview, mark=mark, rows=rows, totals=pages.totals_of(rows),
                 breadcrumbs=trail_of(loan, _("部分提前还款")))


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def settlement(request: HttpRequest, number: str) -> HttpResponse:
    """What settles the loan on a chosen day; money that came by today settles it."""
    loan, today = fetch(request, number), business_date.current()
    asked = QuoteDayForm(request.GET if request.GET.get("on") else {"on": today.isoformat()})
    quoted = _quoted(asked, loan, today)
    on = quoted.on if quoted else None
    can_settle = on is not None and on <= today and request.actor.can(permissions.SETTLE.code)
    start = {"amount": str(quoted.to_pay)} if quoted else {}
    form = SettlementForm(request.POST or None, initial=start)
    preview, mark = None, ""
    if request.method == "POST" and form.is_valid() and on is not None:
        receipt = form.receipt(paid_on=on, kind="settled")
        preview, done, mark = _looked_at(
            request, loan, form, receipt, lambda: settle_loan(loan_number=number, receipt=receipt, by=request.actor))
        if done:
            return _done(request, done, _("贷款已结清，收款 %(amount)s 元；已申请解除抵押。"))
    return page_of(request, "servicing/settlement.html", loan, form, preview, mark=mark, asked=asked, quote=quoted,
                 items=pages.payoff_items(quoted.figure) if quoted else [], can_settle=can_settle,
                 may_settle=LOAN.allows(loan.status, "settle"), on=on, today=today,
                 ask=loan.settlement_asks.filter(status="asked").first(), can_withdraw=request.actor.can(permissions.ASK_SETTLEMENT.code),
                 breadcrumbs=trail_of(loan, _("提前结清")))


def _quoted(asked: QuoteDayForm, loan: Loan, today: date) -> queries.Payoff | None:
    """The quote for the day asked for; a day that cannot be is refused beside its field."""
    if not asked.is_valid() or not LOAN.allows(loan.status, "settle"):
        return None
    try:
        return queries.require_quote(loan, asked.cleaned_data["on"], today)
    except BusinessError as refusal:
        asked.refuse(refusal)
        return None


@require_GET
@needs(permissions.VIEW)
def settlement_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The quote on paper, with the day for which it holds."""
    loan, today = fetch(request, number), business_date.current()
    asked = QuoteDayForm(request.GET if request.GET.get("on") else {"on": today.isoformat()})
    quoted = _quoted(asked, loan, today)
    if quoted is None:
        raise NotFound(what=number)
    return render(request, "servicing/settlement_sheet.html", {
        "loan": loan, "quote": quoted, "items": pages.payoff_items(quoted.figure), "on": quoted.on, "today": today,
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.REVERSE)
def reverse_one(request: HttpRequest, number: str, event_id: int) -> HttpResponse:
    """Take a payment back, or ask for what others agreed to: before, after and the entries are shown beside the reason."""
    loan, today = fetch(request, number), business_date.current()
    event = loan.events.select_related("entry", "reversal").filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=str(event_id))
    form, mark = ReasonForm(request.POST or None), mark_of(("reverse", event_id), loan)
    if request.method == "POST" and form.is_valid():
        try:
            if is_confirmed(request, mark) or not event.is_reversible:
                done = reverse_repayment(loan_number=number, event_id=event_id, reason=form.cleaned_data["reason"], by=request.actor)
                return _waits(request, done) if isinstance(done, LoanChange) else _done(
                    request, done, _("已冲正 %(amount)s 元，原分录与冲正分录都保留。"))
            form.add_error(None, NOT_SHOWN)
        except BusinessError as refusal:
            form.refuse(refusal)
    preview = reversing.preview(loan, event, today) if event.is_reversible else None
    agreed = [roles.LABELS[role] for role in reversals.agreed_by(event)]
    trail = trail_of(loan, pgettext("verb", "冲正"))
    return page_of(request, "servicing/reverse.html", loan, form, preview, event=event, mark=mark, agreed=agreed, breadcrumbs=trail)


def _waits(request: HttpRequest, change: LoanChange) -> HttpResponse:
    messages.success(request, _("已提交 %(number)s，等待审批。") % {"number": change.number})
    return redirect("servicing:change", change.number)


def _done(request: HttpRequest, event: LoanEvent, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"amount": event.amount})
    response = redirect("servicing:loan", event.loan.number)
    response["Location"] += "?tab=events"
    return response
