"""Pages of proposed entries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages, permissions
from chezhe.ledger.actions.post_manual_entry import post_manual_entry
from chezhe.ledger.forms import ManualEntryForm
from chezhe.ledger.models import ManualEntry
from chezhe.ledger.states import DECLINED, MANUAL_ENTRY, POSTED, PROPOSED
from chezhe.ui import navigation
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

STATUSES = {
    PROPOSED: Status(MANUAL_ENTRY.labels[PROPOSED], "progress"), POSTED: Status(MANUAL_ENTRY.labels[POSTED], "good"),
    DECLINED: Status(MANUAL_ENTRY.labels[DECLINED], "neutral"),
}


def _amount(manual: ManualEntry) -> Money:
    return Money(sum(transfer.fen for transfer in manual.transfers))


@needs(permissions.VIEW)
def manual_entries(request: HttpRequest) -> HttpResponse:
    """Proposed entries and what became of them."""
    actions = []
    if request.actor.can(permissions.POST_MANUAL_ENTRY.code):
        actions.append((_("新建手工分录"), reverse("ledger:propose"), "plus"))
    return ListPage(
        title=_("手工分录"), subtitle=_("一人提交，另一位财务复核后才入账。"), queryset=ManualEntry.objects.visible_to(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", sort="pk", sortable=True,
                   url=lambda m: reverse("ledger:manual_entry", args=[m.number])),
            Column("status", _("状态"), kind="status", statuses=STATUSES),
            Column("posted_on", _("记账日期"), kind="date", sortable=True),
            Column("amount", _("金额"), kind="money", value=_amount),
            Column("memo", _("摘要"), phone=False), Column("proposed_by_name", _("提交人"), phone=False),
            Column("proposed_at", _("提交时间"), kind="moment", phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in STATUSES.items()]),
            DateRangeFilter(name="posted", label=_("记账日期"), field="posted_on"),
        ],
        search=("number__icontains", "memo__icontains"), search_hint=_("编号或摘要"), default_sort="-number",
        actions=actions, breadcrumbs=pages.TRAIL, file_name="manual-entries",
    ).respond(request)


@needs(permissions.POST_MANUAL_ENTRY)
def propose(request: HttpRequest) -> HttpResponse:
    """Write down an entry for somebody else to agree to; 预览 shows the journal first."""
    today = business_date.current()
    form = ManualEntryForm(request.POST or None, initial={"posted_on": today})
    trail = [*pages.TRAIL, (_("手工分录"), reverse("ledger:manual_entries")), (_("新建"), "")]
    context: dict[str, Any] = {"form": form, "breadcrumbs": trail}
    if request.method == "POST" and form.is_valid():
        values = {"posted_on": form.cleaned_data["posted_on"], "memo": form.cleaned_data["memo"], "transfers": form.transfers}
        if "preview" in request.POST:
            context["journal"] = pages.preview(values["posted_on"], values["memo"], values["transfers"])
            return render(request, "ledger/propose.html", context)
        try:
            manual = post_manual_entry(**values, business_date=today, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提交，等待另一位财务复核。"))
            return redirect("ledger:manual_entry", manual.number)
    return render(request, "ledger/propose.html", context, status=422 if form.errors else 200)


@needs(permissions.VIEW)
def manual_entry(request: HttpRequest, number: str) -> HttpResponse:
    """One proposed entry: what it would book, who decided."""
    manual = ManualEntry.objects.visible_to(request.actor).fetch(number)
    journal = pages.journal_of(manual.entry) if manual.entry else pages.preview(manual.posted_on, manual.memo, manual.transfers)
    track = track_of(moves.history(manual.subject), MANUAL_ENTRY, begun=pgettext("track", "提交"))
    return render(request, "ledger/manual_entry.html", {
        "manual": manual, "status": STATUSES[manual.status], "journal": journal, "track": track,
        "approval_url": navigation.url_or_none("approvals:request", manual.approval_number) or "",
        "breadcrumbs": [*pages.TRAIL, (_("手工分录"), reverse("ledger:manual_entries")), (manual.number, "")],
    })
