"""The debit centre: the day's plan, what was sent, what came and what did not; a debit by hand; the part on the loan's page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger import permissions as ledger_permissions
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.debits.models import Mandate
from chezhe.payments.debits.states import STANDING
from chezhe.payments.debits.vocabulary import MANDATE_STATUSES
from chezhe.servicing import pages, permissions
from chezhe.servicing.actions.book_debit_again import book_debit_again
from chezhe.servicing.actions.cancel_debit import cancel_debit
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.debits import asking, ordering, queries, rebooking
from chezhe.servicing.debits import pages as debit_pages
from chezhe.servicing.debits.forms import BookAgainForm, CancelForm, DebitNowForm
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.debits.states import LOAN_DEBIT
from chezhe.servicing.states import LOAN
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import mark_of, page_of, trail_of
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter, TextFilter

NEWEST = 40


@require_GET
@needs(permissions.VIEW_DEBITS)
def debits(request: HttpRequest) -> HttpResponse:
    """Every try in the actor's reach, newest day first; above it the business day in figures."""
    today = business_date.current()
    tallies = queries.today_of(request.actor, today)
    return ListPage(
        title=_("代扣中心"), subtitle=_("到期日早上自动生成扣款计划，到点按当时应还金额发送；渠道答复前不会重复扣款。"),
        queryset=LoanDebit.objects.visible_to(request.actor).listed("loan__customer", "mandate__account"),
        columns=[
            Column("number", _("扣款编号"), kind="link", url=lambda one: reverse("servicing:debit", args=[one.number])),
            Column("loan.customer.masked_name", _("客户")),
            Column("due_at", _("扣款时点"), kind="moment", sortable=True),
            Column("amount", _("应扣金额"), kind="money", sortable=True),
            Column("collected", _("实扣金额"), kind="money", sortable=True),
            Column("mandate.account.tail", _("账号尾号"), kind="identifier", phone=False),
            Column("reason", _("原因"), value=lambda one: debit_pages.reason_label(one.reason_code)),
            Column("is_manual", _("人工发起"), kind="yes_no", shown=False),
            Column("status", _("状态"), kind="status", statuses=debit_pages.STATUSES),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            CustomFilter(name="when", label=_("日期"), choices=[("today", _("业务日期当日"))],
                         narrow=lambda rows, _chosen: rows.filter(day=today)),
            ChoiceFilter(name="status", label=_("状态"), choices=LOAN_DEBIT.choices()),
            CustomFilter(name="attention", label=_("待处理"), choices=[("stuck", _("久未答复或待重新入账"))],
                         narrow=lambda rows, _chosen: rows.filter(queries.is_stuck(clock.now()))),
            ChoiceFilter(name="reason_code", label=_("原因"), choices=debit_pages.REASONS),
            DateRangeFilter(name="day", label=_("扣款日"), field="day"),
            TextFilter(name="loan", label=_("贷款编号"), field="loan__number"),
        ],
        search=("number__icontains",), search_hint=_("扣款或贷款编号"), default_sort="-due_at", breadcrumbs=pages.TRAIL,
        file_name="debits", empty_title=_("没有扣款"), empty_hint=_("客户签署代扣授权后，到期日早上自动生成扣款计划。"),
        template="servicing/debits.html",
    ).respond(request, today=today, figures=_figures(tallies), collected=tallies.collected,
              chart=debit_pages.reasons_chart(queries.failures_of(request.actor, today)))


def _figures(tallies: queries.Today) -> list[tuple[Any, queries.Tally, str, str]]:
    """The day in figures: label, how many and how much, tone, and the list narrowed to them."""
    centre = reverse("servicing:debits")
    rows = [
        (gettext_lazy("今日计划"), tallies.all, "", ""), (gettext_lazy("待扣款"), tallies.of("planned"), "", "planned"),
        (gettext_lazy("等待渠道"), tallies.of("ordered"), "", "ordered"),
        (gettext_lazy("失败"), tallies.of("failed", "partly"), "danger", "failed"),
    ]
    return [
        (label, tally, tone if tally.count else "", f"{centre}?{urlencode({'when': 'today', **({'status': status} if status else {})})}")
        for label, tally, tone, status in rows
    ]


@require_GET
@needs(permissions.VIEW_DEBITS)
def debit(request: HttpRequest, number: str) -> HttpResponse:
    """One try: its orders, what the channel said, what the books say."""
    return _page(request, number, None)


@require_POST
@needs(permissions.CANCEL_DEBIT)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    form = CancelForm(request.POST)
    if form.carries_out(lambda: cancel_debit(debit_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("已取消，这一次不会扣款；同日其他时点的计划不变。"))
        return redirect("servicing:debit", number)
    return _page(request, number, form)


def _page(request: HttpRequest, number: str, form: CancelForm | None) -> HttpResponse:
    found = LoanDebit.objects.visible_to(request.actor).select_related("loan__customer", "mandate__account").fetch(number)
    parts = debit_pages.parts_of(found)
    unbooked = rebooking.unbooked(found, [row for row, _status, _reason in parts])
    can = request.actor.can
    return render(request, "servicing/debit.html", {
        "debit": found, "loan": found.loan, "status": debit_pages.STATUSES[found.status], "reason": debit_pages.reason_of(found),
        "parts": parts, "track": debit_pages.track_of(found, parts), "form": form or CancelForm(),
        "journals": [entry for row, _status, _reason in parts for entry in ledger_pages.journals_of(row.subject)]
        if can(ledger_permissions.VIEW.code) else None,
        "unbooked": unbooked, "unbooked_sum": Money(sum(row.collected.fen for row, _status, _reason in parts if row.reference in unbooked)),
        "can_book": can(permissions.BOOK_DEBIT_AGAIN.code),
        "can_cancel": LOAN_DEBIT.allows(found.status, "cancel") and can(permissions.CANCEL_DEBIT.code),
    }, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.BOOK_DEBIT_AGAIN)
def book_again(request: HttpRequest, number: str, order: str) -> HttpResponse:
    """Collected money that is on no loan any more: what booking it again would pay and post is shown beside the button."""
    one = LoanDebit.objects.visible_to(request.actor).select_related("loan__customer", "loan__product_version__product").fetch(number)
    wanted, today = rebooking.order_of(one, order), business_date.current()
    form = BookAgainForm(request.POST if request.method == "POST" else None)
    preview, mark, refused = None, "", ""
    try:
        rebooking.require_possible(one, wanted)
        mark = mark_of(("book again", order), one.loan)
        if request.method == "POST" and request.POST.get("seen") == mark:
            done = book_debit_again(debit_number=number, order=order, by=request.actor)
            messages.success(request, _("已重新入账 %(amount)s 元，自扣款当日起算。") % {"amount": done.amount})
            return redirect("servicing:debit", number)
        preview = rebooking.preview(one, wanted, today)
    except BusinessError as refusal:
        refused = str(refusal)
        if form.is_bound:
            form.refuse(refusal)
    return page_of(request, "servicing/debit_book_again.html", one.loan, form, preview, debit=one, order=wanted, mark=mark, refused=refused)


@require_http_methods(["GET", "POST"])
@needs(permissions.DEBIT_NOW)
def debit_loan(request: HttpRequest, number: str) -> HttpResponse:
    """A debit by hand; what it would pay and the entries are shown first."""
    loan, today = fetch(request, number), business_date.current()
    owed = ordering.owed_on([loan], today)[loan.pk]
    form = DebitNowForm(request.POST or None, initial={"amount": str(owed) if owed else ""})
    preview, parts, mark = None, [], ""
    if request.method == "POST" and form.is_valid():
        amount: Money = form.cleaned_data["amount"]
        mark = mark_of(("debit", amount), loan)
        try:
            _mandate, parts = asking.require_possible(loan, amount, today)
            if request.POST.get("seen") == mark and "preview" not in request.POST:
                made = debit_now(loan_number=number, amount=amount, by=request.actor)
                messages.success(request, _("扣款 %(number)s 已发送，渠道答复后自动入账。") % {"number": made.number})
                return redirect("servicing:debit", made.number)
            preview = asking.preview(loan, amount, today)
        except BusinessError as refusal:
            form.refuse(refusal)
    mandate = Mandate.objects.filter(customer=loan.customer_id, status__in=STANDING).select_related("account").first()
    return page_of(request, "servicing/debit_now.html", loan, form, preview, mark=mark, owed=owed, parts=parts, mandate=mandate,
                   mandate_status=MANDATE_STATUSES[mandate.status] if mandate else None, breadcrumbs=trail_of(loan, _("立即扣款")))


@require_GET
@needs(permissions.VIEW_DEBITS)
def debits_of(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: the mandate that stands, what is planned, and what was tried."""
    loan = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    mandate = Mandate.objects.filter(customer=loan.customer_id, status__in=STANDING).select_related("account").first()
    rows = loan.debits.order_by("-due_at", "-pk")[:NEWEST]
    can = request.actor.can
    return render(request, "servicing/debits_of.html", {
        "loan": loan, "mandate": mandate, "mandate_status": MANDATE_STATUSES[mandate.status] if mandate else None,
        "rows": [(row, debit_pages.STATUSES[row.status], debit_pages.reason_of(row)) for row in rows],
        "can_debit": LOAN.allows(loan.status, "repay") and can(permissions.DEBIT_NOW.code),
        "can_sign": mandate is None and can(payment_permissions.SIGN_MANDATE.code),
        "can_see_mandate": can(payment_permissions.VIEW_MANDATES.code),
    })
