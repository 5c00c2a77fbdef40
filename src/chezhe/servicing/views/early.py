"""Who means to settle early, and when: the list from which finance opens the payoff of that day."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.servicing import pages, permissions
from chezhe.servicing.actions.withdraw_settlement import withdraw_settlement
from chezhe.servicing.early import asking
from chezhe.servicing.early.models import SettlementAsk
from chezhe.servicing.early.states import SETTLEMENT_ASK
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter, TextFilter
from chezhe.ui.status import Status

_TONES = {"asked": "warning", "withdrawn": "neutral", "replaced": "neutral"}
_STATUSES = {code: Status(label, _TONES[code]) for code, label in SETTLEMENT_ASK.choices()}


@require_GET
@needs(permissions.VIEW)
def settlement_asks(request: HttpRequest) -> HttpResponse:
    """Every word of that kind in the actor's reach, the next day first."""
    today = business_date.current()
    return ListPage(
        title=_("提前结清申请"), subtitle=_("客户选定结清日并看到应付金额；款项到账后在结清页面入账。"),
        queryset=SettlementAsk.objects.visible_to(request.actor).listed("loan__customer"),
        columns=[
            Column("number", _("编号"), kind="link", url=_payoff_of),
            Column("loan.number", _("贷款"), kind="identifier"), Column("loan.customer.masked_name", _("客户")),
            Column("settles_on", _("结清日"), kind="date", sortable=True), Column("amount", _("结清金额"), kind="money", sortable=True),
            Column("loan.status", _("贷款状态"), kind="status", statuses=pages.LOAN_STATUSES),
            Column("asked_by_name", _("提出人"), phone=False), Column("asked_at", _("提出时间"), kind="moment", phone=False),
            Column("status", _("状态"), kind="status", statuses=_STATUSES),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            CustomFilter(name="when", label=_("待处理"), choices=[("waiting", _("结清日未过"))],
                         narrow=lambda rows, _chosen: rows.filter(pk__in=asking.waiting(request.actor, today).values("pk"))),
            ChoiceFilter(name="status", label=_("状态"), choices=SETTLEMENT_ASK.choices()),
            DateRangeFilter(name="settles_on", label=_("结清日"), field="settles_on"),
            TextFilter(name="loan", label=_("贷款编号"), field="loan__number"),
        ],
        search=("number__icontains", "loan__number__icontains"), search_hint=_("申请或贷款编号"), default_sort="settles_on",
        breadcrumbs=pages.TRAIL, file_name="settlement-asks", empty_title=_("没有提前结清申请"),
        empty_hint=_("客户在手机上选定结清日后，申请出现在这里。"),
    ).respond(request)


def _payoff_of(one: SettlementAsk) -> str:
    """The payoff of the day that was asked for."""
    return f"{reverse('servicing:settlement', args=[one.loan.number])}?{urlencode({'on': one.settles_on.isoformat()})}"


@require_POST
@needs(permissions.ASK_SETTLEMENT)
def withdraw_ask(request: HttpRequest, number: str) -> HttpResponse:
    """The borrower has said at the counter that it is not to be."""
    withdraw_settlement(ask_number=number, by=request.actor)
    messages.success(request, _("提前结清申请已撤回。"))
    return redirect("servicing:settlement_asks")
