"""Payouts and what the bank said about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from chezhe.kernel import clock
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger import permissions as ledger_permissions
from chezhe.payments import permissions, queries
from chezhe.payments.actions.resolve_notice import resolve_notice
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.forms import ResolutionForm, RetryForm
from chezhe.payments.models import BankNotice, Payout
from chezhe.payments.states import OUTCOME_LABELS, PAYOUT, VERDICTS, failure_label
from chezhe.payments.vocabulary import PAYOUT_STATUSES, PAYOUT_TONES, VERDICT_STATUSES
from chezhe.ui import formats
from chezhe.ui.lists import Bulk, ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, TextFilter
from chezhe.ui.parts import Happening

TRAIL = [(gettext_lazy("合同与放款"), "")]


@needs(permissions.VIEW)
def payouts(request: HttpRequest) -> HttpResponse:
    """Every payout, newest first."""
    return ListPage(
        title=pgettext("list", "付款"), queryset=Payout.objects.visible_to(request.actor).select_related("branch"),
        columns=[
            Column("number", _("付款编号"), kind="link", url=_url, sortable=True, sort="pk"),
            Column("masked_name", _("收款人")),
            Column("payee_tail", _("账号尾号"), kind="identifier"),
            Column("amount", _("金额"), kind="money", sortable=True),
            Column("requested_at", _("申请时间"), kind="moment", sortable=True, phone=False),
            Column("settled_at", _("银行答复"), kind="moment", sortable=True, phone=False),
            Column("waited", _("已等待"), value=waited, phone=False),
            Column("memo", _("用途"), phone=False),
            Column("branch.name", _("门店"), phone=False),
            Column("failure", _("失败原因"), value=lambda p: failure_label(p.failure_code), phone=False),
            Column("status", _("状态"), kind="status", statuses=PAYOUT_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=PAYOUT.choices()),
            DateRangeFilter(name="requested", label=_("申请日期"), field="requested_at__date"),
            TextFilter(name="number", label=_("付款编号")),
        ],
        search=("number__icontains", "reference__icontains", "memo__icontains"), search_hint=_("付款编号或用途"),
        default_sort="-number", breadcrumbs=TRAIL, file_name="payouts", bulk=[_retry_many()],
    ).respond(request)


def waited(found: Payout) -> str:
    """How long the bank has owed us its word; empty when it does not."""
    return timesince(found.waits_since, clock.now()) if found.waits_since else ""


def _retry_many() -> Bulk:
    """重发 of many that failed for one reason; each is its own action call, and the sum is typed first."""
    return Bulk(
        key="retry", label=PAYOUT.label("retry"), icon="send", permission=permissions.RETRY_PAYOUT, carry_out=_retry_one, amount="amount",
        form=lambda _request, data: RetryForm(data), sentence=_("同一原因失败的付款一起重发；每笔用新的付款凭据。"),
        why_not=lambda p: "" if PAYOUT.allows(p.status, "retry") else _("目前为“%(status)s”。") % {"status": PAYOUT.label(p.status)},
    )


def _retry_one(found: Payout, values: Mapping[str, Any], request: HttpRequest) -> object:
    return retry_payout(payout_number=found.number, reason=values["reason"], by=request.actor)


def _url(found: Payout) -> str:
    return reverse("payments:payout", args=[found.number])


@needs(permissions.VIEW)
def payout(request: HttpRequest, number: str) -> HttpResponse:
    """One payout: where it stands, what the bank said, what the books say."""
    return _page(request, Payout.objects.visible_to(request.actor).select_related("branch").fetch(number), RetryForm())


@require_POST
@needs(permissions.RETRY_PAYOUT)
def retry(request: HttpRequest, number: str) -> HttpResponse:
    form = RetryForm(request.POST)
    if form.is_valid():
        try:
            retry_payout(payout_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已重新提交银行。"))
            return redirect("payments:payout", number)
    return _page(request, Payout.objects.visible_to(request.actor).fetch(number), form)


def _page(request: HttpRequest, found: Payout, form: RetryForm) -> HttpResponse:
    can_see_books = request.actor.can(ledger_permissions.VIEW.code)
    context = {
        "payout": found, "waited": waited(found), "status": PAYOUT_STATUSES[found.status], "failure": failure_label(found.failure_code),
        "track": track(found), "form": form, "journals": ledger_pages.journals_of(found.subject) if can_see_books else None,
        "can_retry": PAYOUT.allows(found.status, "retry") and request.actor.can(permissions.RETRY_PAYOUT.code),
    }
    return render(request, "payments/payout.html", context, status=422 if form.errors else 200)


def track(found: Payout) -> list[Happening]:
    """Our moves and the bank's words, newest first."""
    moved, notices = queries.track_of(found)
    ours = [
        Happening(m.moved_at, PAYOUT.label(m.verb) if m.status_from else _("申请付款"), who=m.actor_name, detail=m.reason,
                  tone=PAYOUT_TONES[m.status_to], icon="arrow-right")
        for m in moved
    ]
    theirs = [
        Happening(n.received_at, _("银行通知：%(outcome)s") % {"outcome": OUTCOME_LABELS.get(n.outcome, n.outcome)}, who=_("银行"),
                  detail=f"{VERDICTS[n.verdict]} {n.bank_serial} {formats.money(n.amount)}",
                  tone="danger" if n.is_troubling else "neutral", icon="bell")
        for n in notices
    ]
    return sorted([*ours, *theirs], key=lambda one: one.at, reverse=True)  # type: ignore[arg-type, return-value]


@needs(permissions.VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    """What the bank called back with; the troubling ones wait to be cleared up."""
    return ListPage(
        title=_("银行通知"), subtitle=_("与账面矛盾的通知不会入账，须与银行核对后登记结果。"),
        queryset=BankNotice.objects.visible_to(request.actor).select_related("payout"),
        columns=[
            Column("notice_id", _("通知编号"), kind="link", url=lambda n: reverse("payments:notice", args=[n.notice_id])),
            Column("received_at", _("收到时间"), kind="moment", sortable=True),
            Column("bank_reference", _("付款凭据"), kind="identifier"),
            Column("outcome", _("通知内容"), value=lambda n: OUTCOME_LABELS.get(n.outcome, n.outcome)),
            Column("amount", _("金额"), kind="money", total=False),
            Column("verdict", _("处理结果"), kind="status", statuses=VERDICT_STATUSES),
            Column("resolution", _("核对结果"), phone=False),
        ],
        filters=[CustomFilter(
            name="open", label=_("待核对"), choices=[("yes", _("待核对"))],
            narrow=lambda rows, _chosen: rows.filter(pk__in=queries.troubling_notices(request.actor).values("pk")),
        ),
                 ChoiceFilter(name="verdict", label=_("处理结果"), choices=list(VERDICTS.items()))],
        search=("bank_reference__icontains", "bank_serial__icontains"), search_hint=_("付款凭据或银行流水号"),
        default_sort="-received_at", breadcrumbs=TRAIL, file_name="bank-notices",
    ).respond(request)


@needs(permissions.VIEW)
def notice(request: HttpRequest, notice_id: str) -> HttpResponse:
    """One notice, and the form that clears it up."""
    if request.method == "POST":
        require(request, permissions.RESOLVE_NOTICE)
    found = BankNotice.objects.visible_to(request.actor).select_related("payout").fetch(notice_id)
    form = ResolutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve_notice(notice_number=notice_id, resolution=form.cleaned_data["resolution"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记核对结果。"))
            return redirect("payments:notice", notice_id)
    context = {
        "notice": found, "status": VERDICT_STATUSES[found.verdict], "outcome": OUTCOME_LABELS.get(found.outcome, found.outcome),
        "failure": failure_label(found.failure_code), "form": form,
        "can_resolve": found.is_troubling and request.actor.can(permissions.RESOLVE_NOTICE.code),
    }
    return render(request, "payments/notice.html", context, status=422 if form.errors else 200)
