"""Due diligence: the panel on a customer, the reviews that are due, and who holds a company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.customers import choices
from chezhe.customers.models import Customer
from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.risk.actions.end_holding import end_holding as stop_holding
from chezhe.risk.actions.record_holding import record_holding
from chezhe.risk.actions.review_diligence import review_diligence
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.screening import diligence, freezing, labels, owning, permissions, queries
from chezhe.risk.screening.forms import DiligenceForm, HoldingForm
from chezhe.risk.screening.models import Diligence
from chezhe.risk.views.screening import HIT_STATUSES
from chezhe.ui import row_keys
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.status import Status

GRADES = {
    "low": Status(dict(labels.GRADES)["low"], "good"), "medium": Status(dict(labels.GRADES)["medium"], "warning"),
    "high": Status(dict(labels.GRADES)["high"], "danger"), None: Status(gettext_lazy("未评定"), "neutral"),
}
HISTORY_SHOWN = 20


@require_GET
@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """Panel: grade, owners, hits and the form of the next review of `?subject=customer:…`."""
    return _panel(request, _customer(request))


@require_POST
@needs(permissions.REVIEW)
def review(request: HttpRequest) -> HttpResponse:
    """Record one review."""
    customer, form = _customer(request), DiligenceForm(request.POST)
    done = form.carries_out(lambda: review_diligence(
        customer_number=customer.number, answers=form.answers(), note=form.cleaned_data["note"], business_date=business_date.current(),
        by=request.actor,
    ))
    return _panel(request, customer, None if done else form)


@require_POST
@needs(permissions.RECORD_HOLDING)
def add_holding(request: HttpRequest) -> HttpResponse:
    """Record one holder."""
    customer, form = _customer(request), HoldingForm(request.POST)
    done = form.carries_out(lambda: record_holding(customer_number=customer.number, shares=form.shares(), by=request.actor))
    return _panel(request, customer, holding_form=None if done else form)


@require_POST
@needs(permissions.RECORD_HOLDING)
def end_holding(request: HttpRequest) -> HttpResponse:
    """Somebody no longer holds what was recorded."""
    customer = _customer(request)
    keys = row_keys.read([request.POST.get("item", "")])
    stop_holding(customer_number=customer.number, holding=keys[0] if keys else 0, by=request.actor)
    return _panel(request, customer)


@require_POST
@needs(permissions.SCREEN)
def screen(request: HttpRequest) -> HttpResponse:
    """Hold the customer against every list now."""
    customer = _customer(request)
    screen_customer(customer_number=customer.number, by=request.actor)
    return _panel(request, customer)


def _customer(request: HttpRequest) -> Customer:
    opened = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    return Customer.objects.visible_to(request.actor).fetch(opened.number)


@dataclass(frozen=True, slots=True)
class ShownOwner:
    """A beneficial owner as the panel tells of them."""

    name: str
    url: str
    basis: Any
    share_rate: Any
    ways: str


def _owners(request: HttpRequest, found: owning.Owners) -> list[ShownOwner]:
    numbers = [owner.person.removeprefix("customer:") for owner in found.owners if owner.person.startswith("customer:")]
    seen = {one.subject: one for one in Customer.objects.visible_to(request.actor).filter(number__in=numbers)}
    shown = []
    for owner in found.owners:
        known = seen.get(owner.person)
        name = known.masked_name if known else diligence.shown_party(owner.person) if ":" in owner.person else owner.person
        if owner.person.startswith("customer:") and known is None:
            name = _("范围外客户")
        ways = _("；").join(" → ".join(diligence.shown_party(part) for part in chain) or _("直接") for chain in owner.chains)
        url = reverse("customers:customer", args=[known.number]) if known else ""
        shown.append(ShownOwner(name, url, labels.BASES[owner.basis], owner.share_rate, ways))
    return shown


def _panel(
    request: HttpRequest, customer: Customer, form: DiligenceForm | None = None, *, holding_form: HoldingForm | None = None
) -> HttpResponse:
    reviews = list(Diligence.objects.filter(customer=customer).order_by("-id")[:HISTORY_SHOWN])
    newest = reviews[0] if reviews else None
    owners = None if customer.is_person else diligence.owners_of(customer)
    rows = [] if customer.is_person else [(one, one.shown_holder(request.actor)) for one in queries.holdings_of(customer)]
    can = request.actor.can
    hits = queries.hits_of(customer)[:HISTORY_SHOWN] if can(permissions.VIEW_SCREENING.code) else []
    context = {
        "customer": customer, "review": newest, "grade": GRADES[newest.grade if newest else None], "is_due": newest is None or
        newest.next_review_on <= business_date.current(), "owners": owners, "shown_owners": _owners(request, owners) if owners else [],
        "holdings": rows, "factors": [(labels.FACTORS[code], points) for code, points in newest.factors] if newest else [],
        "history": [(one, GRADES[one.grade]) for one in reviews],
        "hits": [(hit, HIT_STATUSES[hit.status]) for hit in hits], "is_frozen": freezing.is_frozen(customer),
        "watch": queries.watch_now(customer), "form": form or _begun(newest), "holding_form": holding_form or HoldingForm(),
        "can_review": can(permissions.REVIEW.code), "can_hold": can(permissions.RECORD_HOLDING.code) and not customer.is_person,
        "can_screen": can(permissions.SCREEN.code), "can_see_hits": can(permissions.VIEW_SCREENING.code),
    }
    refused = any(one is not None and one.errors for one in (form, holding_form))
    return render(request, "risk/diligence_panel.html", context, status=422 if refused else 200)


def _begun(newest: Diligence | None) -> DiligenceForm:
    """The form with the answers of last time."""
    if newest is None:
        return DiligenceForm()
    names = ("occupation", "region", "purpose", "is_pep", "has_agent", "is_remote")
    return DiligenceForm(initial={name: getattr(newest, name) for name in names})


@require_GET
@needs(permissions.VIEW)
def due(request: HttpRequest) -> HttpResponse:
    """Customers whose review has come, or who never had one."""
    return ListPage(
        title=_("待开展的尽职调查"), queryset=queries.due(request.actor, business_date.current()),
        columns=[
            Column("number", _("客户编号"), kind="link", url=lambda c: f"{reverse('customers:customer', args=[c.number])}?tab=diligence"),
            Column("name", _("姓名（名称）"), value=lambda c: c.masked_name),
            Column("kind", _("种类"), value=lambda c: dict(choices.KINDS)[c.kind], phone=False),
            Column("newest_grade", _("风险等级"), kind="status", statuses=GRADES),
            Column("newest_on", _("应于"), kind="date", sortable=True),
            Column("created_at", _("建档时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[ChoiceFilter(name="newest_grade", label=_("风险等级"), choices=labels.GRADES)],
        search=("number__icontains",), search_hint=_("客户编号"), default_sort="newest_on", breadcrumbs=[(_("风控"), "")],
        file_name="due-diligence", empty_title=_("没有到期的尽职调查"),
    ).respond(request)
