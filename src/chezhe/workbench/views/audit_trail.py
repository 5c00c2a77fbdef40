"""The audit trail for those who oversee: who did what to what, and whether the chain still holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from chezhe.kernel import audit, clock
from chezhe.kernel.action import label_of
from chezhe.kernel.doors import needs
from chezhe.kernel.models import AuditEntry, AuditRoot
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter
from chezhe.ui.status import Status
from chezhe.workbench import permissions

OUTCOMES = {"done": Status(gettext_lazy("完成"), "good"), "refused": Status(pgettext_lazy("outcome", "拒绝"), "danger")}
# The page proves what was chained lately; `chezhe audit verify` proves everything.
PROVEN_DAYS = 31


@require_GET
@needs(permissions.READ_AUDIT)
def entries(request: HttpRequest) -> HttpResponse:
    """Every act of the house, refusals included, newest first."""
    return ListPage(
        title=_("审计记录"), subtitle=_("每一步操作与每一次拒绝，只增不改，逐条成链。"), queryset=AuditEntry.objects.all(),
        columns=[
            Column("recorded_at", _("时间"), kind="moment"), Column("actor_name", _("经办人")),
            Column("verb", pgettext("verb", "操作"), value=lambda entry: label_of(entry.verb)),
            Column("code", _("代码"), value=lambda entry: entry.verb, shown=False),
            Column("subject", _("对象"), kind="identifier"), Column("outcome", _("结果"), kind="status", statuses=OUTCOMES),
            Column("reason", _("原因")), Column("on_behalf_of", _("代何人"), shown=False),
            Column("roles", pgettext("list", "角色"), shown=False),
            Column("ip_address", _("地址"), phone=False), Column("request_id", _("请求编号"), kind="identifier", shown=False),
        ],
        filters=[
            TextFilter(name="subject", label=_("对象"), field="subject"), TextFilter(name="who", label=_("经办人"), field="actor_name"),
            TextFilter(name="verb", label=_("代码"), field="verb", match="istartswith"),
            ChoiceFilter(name="outcome", label=_("结果"), choices=[(key, status.label) for key, status in OUTCOMES.items()]),
            DateRangeFilter(name="recorded", label=_("日期"), field="recorded_at", moments=True),
        ],
        search=narrowed, search_hint=_("编号、经办人或请求编号"), empty_title=_("没有记录"), file_name="audit",
        actions=[(_("核验审计链"), reverse("workbench:audit_proof"), "shield-check")],
    ).respond(request)


def narrowed(found: QuerySet[AuditEntry], text: str) -> QuerySet[AuditEntry]:
    """By the number of what it was about, by who did it, or by the request."""
    return found.filter(Q(subject__icontains=text) | Q(actor_name__icontains=text) | Q(request_id=text))


@require_GET
@needs(permissions.READ_AUDIT)
def proof(request: HttpRequest) -> HttpResponse:
    """Recompute hashes, links and signed roots of the last weeks, and say what was found."""
    since = AuditRoot.objects.filter(day__lt=clock.today() - timedelta(days=PROVEN_DAYS)).order_by("-day").first()
    found = audit.verify(since)
    context: dict[str, Any] = {
        "found": found, "proven": found.checked - (since.entries if since else 0), "since": since.day if since else None,
        "roots": AuditRoot.objects.order_by("-day")[:PROVEN_DAYS],
        "breadcrumbs": [(_("审计记录"), reverse("workbench:audit")), (_("核验审计链"), "")],
    }
    return render(request, "workbench/audit_proof.html", context)
