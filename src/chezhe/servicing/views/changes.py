"""Changes of a loan that others agree to: the list, one of them, and those of a loan with the verbs beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import change_pages, pages, permissions, previews, refunds
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.models import LoanChange
from chezhe.servicing.states import LOAN_CHANGE
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import NOT_SHOWN, is_confirmed, mark_of, page_of
from chezhe.ui import forms, navigation
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, ScopeFilter, TextFilter


@require_GET
@needs(permissions.VIEW)
def listed(request: HttpRequest) -> HttpResponse:
    """Every change asked for in the actor's reach."""
    return ListPage(
        title=pgettext("list", "贷款变更"), subtitle=_("一人提出，他人审批后才生效。"),
        queryset=LoanChange.objects.visible_to(request.actor).select_related("loan"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("servicing:change", args=[row.number]), sortable=True),
            Column("kind", _("事项"), value=lambda row: row.get_kind_display()),
            Column("loan.number", _("贷款"), kind="identifier"),
            Column("status", _("状态"), kind="status", statuses=change_pages.STATUSES),
            Column("amount", _("金额"), kind="money", value=lambda row: row.amount or None, total=True),
            Column("proposed_by_name", _("提出人"), phone=False), Column("proposed_at", _("提出时间"), kind="moment", phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in change_pages.STATUSES.items()]),
            ChoiceFilter(name="kind", label=_("事项"), choices=LoanChange.KINDS),
            TextFilter(name="loan", label=_("贷款编号"), field="loan__number"),
        ],
        search=("number__icontains", "loan__number__icontains"), search_hint=_("变更或贷款编号"), default_sort="-number",
        breadcrumbs=pages.TRAIL, file_name="loan-changes", empty_title=_("没有贷款变更"), empty_hint=_("在贷款页面的“办理”中提出。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def change(request: HttpRequest, number: str) -> HttpResponse:
    """One change: what was asked, what it books, who decided."""
    row = _fetch(request, number)
    can, allows = request.actor.can, LOAN_CHANGE.allows
    is_refund = row.kind in refunds.REFUNDS
    return render(request, "servicing/change.html", {
        "change": row, "loan": row.loan, "status": change_pages.STATUSES[row.status],
        **change_pages.facts_of(row, business_date.current()),
        "track": change_pages.track_of(row), "approval_url": navigation.url_or_none("approvals:request", row.approval_number) or "",
        "payout_url": (navigation.url_or_none("payments:payout", row.payout_number) or "") if row.payout_number else "",
        "can_pay": allows(row.status, "order") and is_refund and can(permissions.PAY_REFUND.code),
        "can_cancel": allows(row.status, "cancel") and is_refund and can(permissions.CANCEL_REFUND.code),
        "breadcrumbs": _trail((row.number, "")),
    })


def _fetch(request: HttpRequest, number: str) -> LoanChange:
    rows = LoanChange.objects.visible_to(request.actor)
    return rows.select_related(
        "loan__customer", "loan__product_version__product", "account", "event__entry", "reverses__entry").fetch(number)


def _trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [*pages.TRAIL, (pgettext("list", "贷款变更"), reverse("servicing:changes")), *more]


@require_GET
@needs(permissions.VIEW)
def change_of(request: HttpRequest) -> HttpResponse:
    """Panel of an approval: what was asked, and what agreeing to it today would do."""
    row = _fetch(request, request.GET.get("subject", "").removeprefix("loan_change:"))
    facts = change_pages.facts_of(row, business_date.current())
    return render(request, "servicing/change_of.html", {"change": row, "loan": row.loan, **facts})


@require_http_methods(["GET", "POST"])
@needs(permissions.PAY_REFUND)
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """A further person lets a refund go; what is booked when the bank has paid is shown beside the button."""
    row, form = _fetch(request, number), forms.Form(request.POST if request.method == "POST" else None)
    mark, preview, refused = mark_of(("pay", row.status), row.loan), None, ""
    try:
        refunds.require_payable(row, request.actor)
        if is_confirmed(request, mark):
            pay_refund(change_number=number, by=request.actor)
            messages.success(request, _("已向银行提交付款，到账后自动登记。"))
            return redirect("servicing:change", number)
        preview = refunds.preview_payment(row, business_date.current())
    except BusinessError as refusal:
        refused = str(refusal)
    return _confirming(request, row, form, preview, title=_("付出退款"), icon="cash", mark=mark, refused=refused,
                       note=_("现在只向银行发出付款；银行确认付出后记下方的分录。"))


@require_http_methods(["GET", "POST"])
@needs(permissions.CANCEL_REFUND)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Give a refund up; what comes back is shown beside the reason."""
    row, form = _fetch(request, number), ReasonForm(request.POST if request.method == "POST" else None)
    mark, preview, refused = mark_of(("cancel", row.status), row.loan), None, ""
    try:
        refunds.require_cancellable(row)
        if is_confirmed(request, mark) and form.carries_out(
            lambda: cancel_refund(change_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
            messages.success(request, _("退款已取消，款项退回暂收款。"))
            return redirect("servicing:change", number)
        preview = refunds.preview_cancelling(row, business_date.current())
    except BusinessError as refusal:
        refused = str(refusal)
    return _confirming(request, row, form, preview, title=_("取消退款"), icon="x", mark=mark, refused=refused, is_danger=True, note="")


def _confirming(
    request: HttpRequest, row: LoanChange, form: Any, preview: previews.Preview | None, *, title: str, mark: str, **more: Any,
) -> HttpResponse:
    """The preview with the button that carries it out; sent without this preview's mark, it is shown anew."""
    if form.is_bound and not form.errors:
        form.add_error(None, more["refused"] or NOT_SHOWN)
    back = reverse("servicing:change", args=[row.number])
    return page_of(request, "servicing/confirm.html", row.loan, form, preview, change=row, heading=title, mark=mark, back=back,
                   breadcrumbs=_trail((row.number, back), (title, "")), **more)


@require_GET
@needs(permissions.VIEW)
def changes_of(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: what may be asked for, and what was."""
    row = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    rows = [(change, change_pages.STATUSES[change.status]) for change in row.changes.order_by("-id")]
    verbs = change_pages.verbs_of(row, request.actor)
    return render(request, "servicing/changes_of.html", {"loan": row, "rows": rows, "verbs": verbs})
