"""对账差异: what is open on any side, and one tally with its three sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, roles
from chezhe.kernel.doors import needs
from chezhe.payments import permissions, queries
from chezhe.payments.actions.assign_tally import assign_tally
from chezhe.payments.actions.break_match import break_match
from chezhe.payments.actions.explain_tally import explain_tally
from chezhe.payments.actions.reopen_tally import reopen_tally
from chezhe.payments.forms import AssignForm, PairForm, ReasonForm
from chezhe.payments.models import ChannelLine, Tally
from chezhe.payments.reconciliation import pages, rules
from chezhe.payments.reconciliation.accounts import LABELS
from chezhe.payments.reconciliation.models import HOW
from chezhe.payments.states import TALLY
from chezhe.staff.queries import people_with
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage

TRAIL = [(gettext_lazy("还款与账务"), ""), (gettext_lazy("对账中心"), "/payments/reconciliation/")]


@require_GET
@needs(permissions.VIEW)
def exceptions(request: HttpRequest) -> HttpResponse:
    """Everything on which the sides differ, the oldest first."""
    today = business_date.current()
    return ListPage(
        title=_("对账差异"), subtitle=_("银行、渠道、账务三方不一致的款项；已说明的按状态查看。"),
        queryset=Tally.objects.visible_to(request.actor).exclude(kind="").select_related("owner"),
        columns=[
            Column("number", _("对账编号"), kind="link", url=_url, sort="pk", sortable=True),
            Column("kind", _("差异"), kind="status", statuses=pages.KIND_STATUSES),
            Column("account", _("账户"), value=lambda t: pages.account_label(t.account)),
            Column("first_on", _("日期"), kind="date", sortable=True),
            Column("age", _("已挂"), value=lambda t: _("%(days)s 天") % {"days": t.age_on(today)}),
            Column("difference", _("银行减账务"), kind="money", sortable=True),
            Column("owner", _("负责人"), value=lambda t: t.owner.name if t.owner else ""),
            Column("note", _("备注"), phone=False),
            Column("status", _("状态"), kind="status", statuses=pages.TALLY_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=TALLY.choices()),
            ChoiceFilter(name="kind", label=_("差异"), choices=list(pages.KIND_LABELS.items())),
            ChoiceFilter(name="account", label=_("账户"), choices=list(LABELS.items())),
            CustomFilter(name="age", label=_("账龄"), choices=list(pages.BUCKET_LABELS.items()), narrow=_of_age),
            CustomFilter(name="owner", label=_("负责人"), choices=[("none", _("未指定")), ("me", _("我"))],
                         narrow=lambda rows, value: rows.filter(owner_id=None if value == "none" else request.actor.user_id)),
            DateRangeFilter(name="first", label=_("日期"), field="first_on"),
        ],
        search=_search, search_hint=_("流水号、凭证或归属编号"), default_sort="first_on", breadcrumbs=TRAIL,
        file_name="reconciliation-exceptions",
        empty_title=_("没有对账差异"), empty_hint=_("三方一致时这里是空的。"), template="payments/exceptions.html",
        extra={"ages": _ages(today) if request.actor.sees_whole_house else []},
    ).respond(request)


def _url(row: Tally) -> str:
    return reverse("payments:tally", args=[row.number])


def _payout_url(line: ChannelLine) -> str:
    return reverse("payments:payout", args=[line.reference.partition(".")[0]])


def _ages(today: date) -> list[tuple[Any, int, Money, str]]:
    """How many lie in each drawer, with the way there."""
    address = reverse("payments:exceptions")
    return [
        (pages.BUCKET_LABELS[bucket], count, amount, f"{address}?status=open&age={bucket}")
        for bucket, count, amount in queries.exceptions(today).by_age
    ]


def _of_age(rows: QuerySet[Tally], bucket: str) -> QuerySet[Tally]:
    today = business_date.current()
    _name, low, high = next(row for row in rules.BUCKETS if row[0] == bucket)
    rows = rows.filter(first_on__lte=today - timedelta(days=low)) if low else rows
    return rows if high is None else rows.filter(first_on__gte=today - timedelta(days=high))


def _search(rows: QuerySet[Tally], text: str) -> QuerySet[Tally]:
    return rows.filter(items__reference__icontains=text).distinct() | rows.filter(items__subject__icontains=text).distinct()


@require_GET
@needs(permissions.VIEW)
def tally(request: HttpRequest, number: str) -> HttpResponse:
    """One movement of money with everything the sides say of it."""
    return _shown(request, Tally.objects.visible_to(request.actor).select_related("owner").fetch(number))


def _shown(request: HttpRequest, found: Tally, **forms: Any) -> HttpResponse:
    today, may = business_date.current(), request.actor.can(permissions.RECONCILE.code)
    sides = pages.sides_of(found)
    context = {
        "tally": found, "status": pages.KIND_STATUSES[found.kind], "decided": pages.TALLY_STATUSES[found.status], "sides": sides,
        "told": pages.told_of(found),
        "restorable": pages.restorable(sides) if request.actor.can(permissions.MERGE_RECEIPT.code) else "",
        "takes_back": found.is_exception and pages.takes_back(sides),
        "account": pages.account_label(found.account), "how": dict(HOW)[found.how], "age": found.age_on(today),
        "reasons": [pages.reason_words(code, given) for code, _points, given in found.reasons], "track": pages.track_of(found),
        "offers": pages.offers_for(found, today), "can_reconcile": may, "can_explain": may and found.is_exception,
        "can_reopen": may and TALLY.allows(found.status, "reopen"), "can_break": may and sum(len(side.rows) for side in sides) > 1,
        "pair_form": PairForm(initial={"first_number": found.number}), "reason_form": ReasonForm(), "reopen_form": ReasonForm(),
        "break_form": ReasonForm(),
        "assign_form": AssignForm(people=_people(), initial={"username": found.owner.username if found.owner else "", "note": found.note}),
        "breadcrumbs": [*TRAIL, (_("对账差异"), reverse("payments:exceptions")), (found.number, "")],
    } | forms
    return render(request, "payments/tally.html", context, status=422 if forms else 200)


def _people() -> list[tuple[str, str]]:
    """Of finance, who may be asked to look after an exception."""
    found = people_with(roles.FINANCE, on=business_date.current()).order_by("name")
    return [(user.username, user.name) for user in found.only("username", "name")]


def _decided(request: HttpRequest, number: str, act: Callable[[str], object], said: str, form_name: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: act(form.cleaned_data["reason"])):
        messages.success(request, said)
        return redirect("payments:tally", number)
    return _shown(request, Tally.objects.visible_to(request.actor).select_related("owner").fetch(number), **{form_name: form})


@require_POST
@needs(permissions.RECONCILE)
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Off the list, for a reason."""
    return _decided(request, number, lambda reason: explain_tally(tally_number=number, reason=reason, by=request.actor),
                    _("已说明并关闭。"), "reason_form")


@require_POST
@needs(permissions.RECONCILE)
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Back on the list."""
    return _decided(request, number, lambda reason: reopen_tally(tally_number=number, reason=reason, by=request.actor),
                    _("已重新打开。"), "reopen_form")


@require_POST
@needs(permissions.RECONCILE)
def part(request: HttpRequest, number: str) -> HttpResponse:
    """Undo the join."""
    return _decided(request, number, lambda reason: break_match(tally_number=number, reason=reason, by=request.actor),
                    _("已拆开，各项重新待勾对。"), "break_form")


@require_POST
@needs(permissions.RECONCILE)
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Who looks after it."""
    form = AssignForm(request.POST, people=_people())
    if form.carries_out(lambda: assign_tally(tally_number=number, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("已更新负责人与备注。"))
        return redirect("payments:tally", number)
    return _shown(request, Tally.objects.visible_to(request.actor).select_related("owner").fetch(number), assign_form=form)


@require_GET
@needs(permissions.VIEW)
def channel_lines(request: HttpRequest) -> HttpResponse:
    """What the channel's settlement files say, line by line."""
    rows = ChannelLine.objects.select_related("file")
    return ListPage(
        title=_("渠道对账文件"), subtitle=_("渠道每日对账文件的每一行，原样保存。"),
        queryset=rows if request.actor.sees_whole_house else rows.none(),
        columns=[
            Column("file.day", _("文件日期"), kind="date", sortable=True), Column("row_number", _("行号"), kind="number", total=False),
            Column("kind", _("类型"), value=lambda line: line.get_kind_display()),
            Column("reference", _("订单号"), kind="link", url=_payout_url),
            Column("serial", _("渠道流水号"), kind="identifier", phone=False),
            Column("done_on", _("交易日期"), kind="date", sortable=True), Column("amount", _("金额"), kind="money", sortable=True),
            Column("fee", _("手续费"), kind="money"),
        ],
        filters=[DateRangeFilter(name="day", label=_("文件日期"), field="file__day")],
        search=("reference__icontains", "serial__icontains"), search_hint=_("订单号或流水号"), default_sort="-file.day", breadcrumbs=TRAIL,
        file_name="channel-lines", empty_title=_("还没有渠道对账文件"), empty_hint=_("渠道次日生成文件，后台每小时下载一次。"),
    ).respond(request)
