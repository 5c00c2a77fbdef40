"""Who belongs together: panels on customers and applications, the ring, and likenesses to judge."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.customers.models import Customer
from chezhe.kernel import clock, moves, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import Invalid
from chezhe.risk.actions.confirm_relation import confirm_relation
from chezhe.risk.actions.end_relation_found import end_relation_found
from chezhe.risk.actions.refuse_relation import refuse_relation
from chezhe.risk.relations import labels, permissions, queries, viewing
from chezhe.risk.relations.forms import EndForm, RelationForm
from chezhe.risk.relations.models import Candidate
from chezhe.risk.relations.states import CANDIDATE
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

CANDIDATE_STATUSES = {
    "open": Status(CANDIDATE.labels["open"], "progress"), "confirmed": Status(CANDIDATE.labels["confirmed"], "warning"),
    "refused": Status(CANDIDATE.labels["refused"], "good"), "ended": Status(CANDIDATE.labels["ended"], "neutral"),
}
TRAIL = (gettext_lazy("风控"), "")


@require_GET
@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """Panel: for each person of `?subject=` (a customer or an application) the ring's size, what is shared, and the blacklist."""
    opened = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    at = clock.now()
    numbers = [party.partition(":")[2] for party in queries.parties_of(opened.text)]
    people = Customer.objects.visible_to(request.actor).filter(number__in=numbers).order_by("number")
    shown = [_person(request, one, at) for one in people]
    hits = viewing.hits_of(queries.blacklist_hits([opened.text, *(one.subject for one in people)], at), request.actor)
    return render(request, "risk/relations_panel.html", {"people": shown, "hits": hits, "hidden": len(numbers) - len(shown)})


def _person(request: HttpRequest, customer: Customer, at: datetime) -> dict[str, Any]:
    ring = queries.seen_by(customer, at, request.actor)
    alike = queries.candidates(request.actor).filter(queries.about(customer.subject)).order_by("-score")
    return {
        "customer": customer, "facts": queries.person_facts(customer.subject, at), "members": viewing.members_of(ring)[:10], "ring": ring,
        "alike": [(one, CANDIDATE_STATUSES[one.status]) for one in alike[:10]],
    }


@require_GET
@needs(permissions.VIEW)
def ring(request: HttpRequest, number: str) -> HttpResponse:
    """The ring of one customer, as it is known now or was on `?on=`; `?day=` is the stop of the slider."""
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    seen = queries.seen_by(customer, clock.now(), request.actor)
    days = queries.days_known(seen)
    on = _day(request, days)
    if on < clock.today():
        seen = queries.seen_by(customer, queries.end_of(on), request.actor)
    stop = sum(1 for day in days if day <= on) - 1
    context = {
        "customer": customer, "ring": seen, "chart": viewing.chart_of(seen), "members": viewing.members_of(seen), "on": on, "days": days,
        "stop": max(stop, 0), "last": len(days) - 1, "others": seen.size - 1, "others_bad": len(seen.bad - {customer.subject}),
        "common": [(viewing.family_label(family), count) for family, count in seen.common],
        "breadcrumbs": [
            (pgettext("list", "客户"), reverse("customers:customers")), (number, reverse("customers:customer", args=[number])),
            (_("关联网络"), ""),
        ],
    }
    part = request.headers.get("HX-Target") == "ring"
    return render(request, "risk/relations_ring_body.html" if part else "risk/relations_ring.html", context)


def _day(request: HttpRequest, days: list[date]) -> date:
    stop, on = request.GET.get("day", ""), request.GET.get("on", "")
    if stop.isascii() and stop.isdigit() and int(stop[:6]) < len(days):
        return days[int(stop[:6])]
    if not on:
        return clock.today()
    try:
        return min(date.fromisoformat(on), clock.today())
    except ValueError:
        raise Invalid(field="on", code="day_form", sentence=_("请填写日期，例如 2026-03-16。")) from None


@require_GET
@needs(permissions.VIEW)
def candidates(request: HttpRequest) -> HttpResponse:
    """Customers who look alike, to be confirmed or refused."""
    return ListPage(
        title=_("疑似关联"), queryset=queries.candidates(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda c: reverse("risk:candidate", args=[c.number]), sortable=True),
            Column("first", _("客户"), value=lambda c: c.first_customer.masked_name),
            Column("second", _("另一客户"), value=lambda c: c.second_customer.masked_name),
            Column("score", _("相似分"), kind="number", sortable=True, total=False),
            Column("reasons", _("理由"), value=_reasons_of, phone=False),
            Column("found_at", _("发现时间"), kind="moment", sortable=True, phone=False),
            Column("status", _("状态"), kind="status", statuses=CANDIDATE_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in CANDIDATE_STATUSES.items()]),
            ChoiceFilter(name="suggestion", label=_("可能是"), choices=labels.RELATION_KINDS),
        ],
        search=("number__icontains", "first_customer__number__iexact", "second_customer__number__iexact"),
        search_hint=_("编号或客户编号"), default_sort="-score", breadcrumbs=[TRAIL], file_name="relation-candidates",
        empty_title=_("没有疑似关联"), empty_hint=_("客户共用电话、地址、银行卡等，且姓名或出生日期相近时列在这里。"),
    ).respond(request)


def _reasons_of(candidate: Candidate) -> str:
    return _("、").join(str(label) for label, _points in candidate.reason_words)


@require_GET
@needs(permissions.VIEW)
def candidate(request: HttpRequest, number: str) -> HttpResponse:
    """One likeness, side by side."""
    return _page(request, number)


@require_POST
@needs(permissions.DECIDE)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm as the chosen kind, or refuse."""
    form = RelationForm(request.POST)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["verdict"] == "confirm":
            confirm_relation(relation_number=number, kind=form.cleaned_data["kind"], reason=reason, by=request.actor)
        else:
            refuse_relation(relation_number=number, reason=reason, by=request.actor)

    return redirect("risk:candidate", number) if form.carries_out(act) else _page(request, number, form=form)


@require_POST
@needs(permissions.DECIDE)
def end(request: HttpRequest, number: str) -> HttpResponse:
    """A confirmed relation no longer holds."""
    form = EndForm(request.POST)
    done = form.carries_out(lambda: end_relation_found(relation_number=number, reason=form.cleaned_data["reason"], by=request.actor))
    return redirect("risk:candidate", number) if done else _page(request, number, ending=form)


def _page(request: HttpRequest, number: str, *, form: RelationForm | None = None, ending: EndForm | None = None) -> HttpResponse:
    found = queries.candidate(number, request.actor)
    can_decide = request.actor.can(permissions.DECIDE.code)
    context = {
        "candidate": found, "status": CANDIDATE_STATUSES[found.status], "both": (found.first_customer, found.second_customer),
        "form": form or RelationForm(initial={"kind": found.suggestion}), "ending": ending or EndForm(),
        "can_decide": can_decide and CANDIDATE.allows(found.status, "confirm"),
        "can_refuse": CANDIDATE.allows(found.status, "refuse"),
        "can_end": can_decide and CANDIDATE.allows(found.status, "end"),
        "track": track_of(moves.history(found.subject), CANDIDATE, begun=_("发现")),
        "breadcrumbs": [TRAIL, (_("疑似关联"), reverse("risk:candidates")), (number, "")],
    }
    refused = any(one is not None and one.errors for one in (form, ending))
    return render(request, "risk/relations_candidate.html", context, status=422 if refused else 200)
