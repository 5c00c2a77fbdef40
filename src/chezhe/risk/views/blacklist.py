"""The blacklist: what stands on it, one entry, and proposing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.documents import permissions as document_permissions
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.risk.actions.propose_blacklist_entry import propose_blacklist_entry
from chezhe.risk.actions.propose_blacklist_lift import propose_blacklist_lift
from chezhe.risk.actions.review_blacklist_entry import review_blacklist_entry
from chezhe.risk.relations import labels, permissions, queries
from chezhe.risk.relations.forms import BlacklistForm, LiftForm
from chezhe.risk.relations.models import BlacklistEntry
from chezhe.risk.relations.states import BLACKLIST
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, ListPage
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

TRAIL = (gettext_lazy("风控"), "")
STATUSES = {
    "proposed": Status(BLACKLIST.labels["proposed"], "progress"), "in_force": Status(BLACKLIST.labels["in_force"], "danger"),
    "rejected": Status(BLACKLIST.labels["rejected"], "neutral"), "withdrawn": Status(BLACKLIST.labels["withdrawn"], "neutral"),
    "lift_proposed": Status(BLACKLIST.labels["lift_proposed"], "warning"), "lifted": Status(BLACKLIST.labels["lifted"], "good"),
}
EXPIRED = Status(pgettext_lazy("blacklist", "已过期"), "neutral")


@require_GET
@needs(permissions.VIEW_BLACKLIST)
def entries(request: HttpRequest) -> HttpResponse:
    """Every entry, masked."""
    can_propose = request.actor.can(permissions.PROPOSE_BLACKLIST.code)
    return ListPage(
        title=_("黑名单"), queryset=BlacklistEntry.objects.all(),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda e: reverse("risk:blacklist_entry", args=[e.number]), sortable=True),
            Column("kind", _("种类"), value=lambda e: e.get_kind_display()), Column("masked", _("值")),
            Column("reason_code", _("理由"), value=lambda e: e.get_reason_code_display()),
            Column("source", _("来源"), value=lambda e: e.get_source_display(), phone=False),
            Column("starts_on", _("生效日"), kind="date", sortable=True, phone=False),
            Column("expires_on", _("失效日（含当日）"), kind="date", sortable=True),
            Column("review_on", _("下次复审"), kind="date", sortable=True, phone=False),
            Column("status", _("状态"), kind="status", statuses=STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in STATUSES.items()]),
            ChoiceFilter(name="kind", label=_("种类"), choices=labels.BLACKLIST_KINDS),
            ChoiceFilter(name="reason_code", label=_("理由"), choices=labels.BLACKLIST_REASONS),
            CustomFilter(name="review", label=_("复审"), choices=[("due", _("待复审"))], narrow=_narrowed),
        ],
        search=("number__icontains", "masked__icontains"), search_hint=_("编号或尾号"), default_sort="-number", breadcrumbs=[TRAIL],
        actions=[(_("提议列入"), reverse("risk:blacklist_new"), "plus")] if can_propose else [], file_name="blacklist",
        empty_title=_("黑名单上没有条目"), empty_hint=_("由一人提议、另一人复核后生效。"),
    ).respond(request)


def _narrowed(rows: Any, _value: str) -> Any:
    return rows.filter(pk__in=queries.entries_to_review(business_date.current()).values("pk"))


@require_http_methods(["GET", "POST"])
@needs(permissions.PROPOSE_BLACKLIST)
def new(request: HttpRequest) -> HttpResponse:
    """Propose an entry."""
    today = business_date.current()
    form = BlacklistForm(request.POST or None, initial={"starts_on": today})
    made: list[BlacklistEntry] = []
    if request.method == "POST" and form.carries_out(
        lambda: made.append(propose_blacklist_entry(proposal=form.proposal(), business_date=today, by=request.actor))
    ):
        number = made[0].number
        return redirect("risk:blacklist_entry", number)
    trail = [TRAIL, (_("黑名单"), reverse("risk:blacklist")), (_("提议列入"), "")]
    return render(request, "risk/blacklist_new.html", {"form": form, "breadcrumbs": trail}, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_BLACKLIST)
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """One entry with its track."""
    return _page(request, number)


@require_POST
@needs(permissions.PROPOSE_BLACKLIST)
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """Propose that it no longer counts."""
    form = LiftForm(request.POST)
    done = form.carries_out(lambda: propose_blacklist_lift(blacklist_number=number, reason=form.cleaned_data["reason"], by=request.actor))
    return redirect("risk:blacklist_entry", number) if done else _page(request, number, form)


@require_POST
@needs(permissions.REVIEW_BLACKLIST)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Looked at again; it stays."""
    review_blacklist_entry(blacklist_number=number, business_date=business_date.current(), by=request.actor)
    return redirect("risk:blacklist_entry", number)


def _page(request: HttpRequest, number: str, form: LiftForm | None = None) -> HttpResponse:
    found = BlacklistEntry.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    today = business_date.current()
    is_over = found.status == "in_force" and found.expires_on is not None and found.expires_on < today
    asked = found.status in ("proposed", "lift_proposed")
    context = {
        "entry": found, "status": EXPIRED if is_over else STATUSES[found.status], "form": form or LiftForm(),
        "can_lift": request.actor.can(permissions.PROPOSE_BLACKLIST.code) and BLACKLIST.allows(found.status, "propose_lift"),
        "can_review": request.actor.can(permissions.REVIEW_BLACKLIST.code) and found.status == "in_force" and not is_over,
        "has_papers": request.actor.can(document_permissions.VIEW.code), "is_due": found.review_on <= today,
        "request_url": reverse("approvals:request", args=[found.request_number]) if asked else "",
        "track": track_of(moves.history(found.subject), BLACKLIST, begun=_("提议列入")),
        "breadcrumbs": [TRAIL, (_("黑名单"), reverse("risk:blacklist")), (number, "")],
    }
    return render(request, "risk/blacklist_entry.html", context, status=422 if form is not None and form.errors else 200)
