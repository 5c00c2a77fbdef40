"""An application's page and the panels that belong to this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date, clock, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import appealing, cars, choices, figures, labels, permissions, queries
from chezhe.origination.forms import ReasonForm
from chezhe.origination.labels import STATUSES
from chezhe.origination.models import Application
from chezhe.origination.revising import wanting
from chezhe.origination.states import APPLICATION
from chezhe.products import pages as product_pages
from chezhe.products.labels import METHODS
from chezhe.ui import panels
from chezhe.ui.parts import Happening, Sla, Step

_VERDICT_TONES = {"agree": ("good", "check"), "return": ("warning", "arrow-back-up"), "reject": ("danger", "x")}
_MONEY = ("price", "price_base", "amount", "monthly_income", "monthly_debt", "instalment", "interest", "fee", "upfront_fee", "total")


@require_GET
@needs(permissions.VIEW)
def application(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of an application, composed of every room's panel, with what can be done next."""
    row, actor, on = fetch(request, number), request.actor, business_date.current()
    tabs = panels.tabs_for(row.subject, actor, required=",".join(queries.documents_needed(row)))
    keys = [tab.key for tab in tabs]
    allowed = {verb for verb in APPLICATION.verbs(row.status) if actor.can(_PERMISSION_OF.get(verb, permissions.DECIDE).code)}
    context = {
        "application": row, "title": row.customer.masked_name, "status": STATUSES[row.status], "tabs": tabs, "sla": sla_of(row),
        "current_tab": request.GET.get("tab") if request.GET.get("tab") in keys else keys[0], "stages": stages(row),
        "next_step": _next_step(row, on) if "submit" in allowed else "", "may_vote": queries.may_vote(row, actor),
        "may_accept": "accept" in allowed and not row.has_lapsed(on), "may_expire": "expire" in allowed and row.has_lapsed(on),
        "may_withdraw": "withdraw" in allowed and not row.bound, "may_copy": actor.can(permissions.WRITE.code),
        "wanted": wanting.items(row) if row.status == "supplement" else [], "may_answer": row.is_editable and "submit" in allowed,
        "has_lapsed": row.has_lapsed(on), "settles": settles(row, actor),
        "offers": panels.offers_for(row.subject, actor), "may_contest": "appeal" in allowed and appealing.is_reviewable(row),
        "may_appeal": "appeal" in allowed and appealing.is_appealable(row), "straight": straight_of(row),
    }
    return render(request, "origination/application.html", context)


def straight_of(row: Application) -> dict[str, Any] | None:
    """How far it went by itself, as a banner says it. Whoever did not ask for it is told nothing."""
    run = queries.straight_run(row)
    if run is None or run.reason_code == "not_agreed":
        return None
    return {"label": run.get_status_display(), "reason": run.said, "tone": {"running": "info", "done": "good"}.get(run.status, "warning")}


def settles(row: Application, actor: Actor) -> list[panels.Tab]:
    """What the rooms of running loans say of the one that this application pays off; empty for most."""
    return panels.tabs_for(f"refinancing:{row.number}", actor) if row.refinances else []


_PERMISSION_OF = {
    "decline": permissions.ACCEPT_OFFER, "counter": permissions.ACCEPT_OFFER,
    "submit": permissions.WRITE, "accept": permissions.ACCEPT_OFFER, "withdraw": permissions.WITHDRAW, "expire": permissions.EXPIRE,
    "appeal": permissions.CONTEST, "ask_review": permissions.CONTEST,
}


def with_a_reason(request: HttpRequest, number: str, verb: str, act: Callable[[str], object]) -> HttpResponse:
    """A form that asks for the reason of a verb, and does it with `act(reason)`; a refusal stands on it with its own status."""
    row, form, status = fetch(request, number), ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["reason"])
            except BusinessError as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                return redirect("origination:application", number)
    context = {"form": form, "title": APPLICATION.label(verb), "submit": APPLICATION.label(verb), "application": row,
               "back": reverse("origination:application", args=[number])}
    return render(request, "origination/form.html", context, status=status)


def _next_step(row: Application, on: Any) -> str:
    """The address of the first step that lacks something, else of the last one."""
    gaps = queries.gaps(row, on)
    return reverse("origination:step", args=[row.number, gaps[0].step if gaps else "consents"])


def stages(row: Application) -> list[Step]:
    """From draft to acceptance, as a stepper."""
    path = ["draft", "checking", "first_review", "final_review", "approved", "accepted"]
    at = path.index(row.status) if row.status in path else _stopped_at(row, path)
    state = {"rejected": "failed", "withdrawn": "skipped", "expired": "failed", "accepted": "done"}.get(row.status, "current")
    return [
        Step(APPLICATION.label(status), "done" if place < at else state if place == at else "todo")
        for place, status in enumerate(path)
    ]


def _stopped_at(row: Application, path: list[str]) -> int:
    if row.status == "supplement":
        return 0
    known = [path.index(move.status_to) for move in moves.history(row.subject) if move.status_to in path]
    return known[-1] if known else 0


def sla_of(row: Application) -> Sla | None:
    """Time left for the decision; None when nobody is waited for."""
    if row.approval is None or row.approval.due_at is None or not row.is_in_review:
        return None
    return Sla(row.approval.due_at - clock.now(), row.approval.due_at - row.approval.opened_at)


@require_GET
@needs(permissions.VIEW)
def figures_panel(request: HttpRequest) -> HttpResponse:
    """Panel: what is asked for, what it costs, the ratios, what the caps say, who stands for it, what is missing."""
    row = of_subject(request)
    return render(request, "origination/figures.html", figures_context(row, business_date.current()))


def figures_context(row: Application, on: Any) -> dict[str, Any]:
    """The figures as the templates show them; a refusal stands in their place as a sentence."""
    context: dict[str, Any] = {
        "application": row, "parties": row.parties.select_related("customer"), "roles": dict(choices.PARTY_ROLES), "refusal": "",
        "gaps": gap_chips(row, on) if row.is_editable else [], "shown": None,
    }
    try:
        kept, said = figures.told(row, on)
    except BusinessError as refusal:
        return context | {"refusal": str(refusal)}
    if kept is None:
        return context
    context["cars"] = car_rows(row, kept)
    shown = {name: Money(kept[f"{name}_fen"]) if kept[f"{name}_fen"] is not None else None for name in _MONEY}
    shown |= {name: kept[name] for name in ("ltv", "dti", "dti_limit", "all_in_simple", "all_in_compound", "annual_rate", "periods", "on")}
    shown["method"] = METHODS[Method(kept["method"])]
    shown["is_dti_high"] = figures.is_over(kept["dti"], kept["dti_limit"])
    return context | {"shown": shown, "sentences": said}


def car_rows(row: Application, kept: dict[str, Any]) -> list[cars.Row]:
    """Every car with what it counted for and its share, by the figures that are shown; empty where there is one car."""
    if row.vehicle is None or not kept.get("car_bases_fen"):
        return []
    bases = {number: None if fen is None else Money(fen) for number, fen in kept["car_bases_fen"].items()}
    others = [cars.Counted(car, bases.get(car.number)) for car in cars.of(row)]
    return cars.rows(row, bases.get(row.vehicle.number), others)


def gap_chips(row: Application, on: Any) -> list[tuple[str, str]]:
    """(words, address of the step) of everything missing."""
    return [(labels.gap_words(gap), reverse("origination:step", args=[row.number, gap.step])) for gap in queries.gaps(row, on)]


@require_GET
@needs(permissions.VIEW)
def plan_panel(request: HttpRequest) -> HttpResponse:
    """Panel: the repayment plan if the money were paid out today."""
    row, on = of_subject(request), business_date.current()
    context: dict[str, Any] = {"application": row, "on": on}
    try:
        assessment = figures.assess(row, on)
    except BusinessError as refusal:
        context["refusal"] = str(refusal)
    else:
        if assessment is not None:
            context |= {"sample": assessment.sample, "chart": product_pages.plan_chart(assessment.sample, "application-plan")}
    return render(request, "origination/plan.html", context)


@require_GET
@needs(permissions.VIEW)
def track_panel(request: HttpRequest) -> HttpResponse:
    """Panel: every move with who, when and why, and every opinion."""
    row = of_subject(request)
    return render(request, "origination/track.html", {"entries": [*opinions(row, request.actor), *track(row)]})


def track(row: Application) -> list[Happening]:
    """The moves, newest first."""
    return [
        Happening(move.moved_at, APPLICATION.label(move.status_to), move.actor_name, move.reason, STATUSES[move.status_to].tone)
        for move in reversed(moves.history(row.subject))
    ]


def opinions(row: Application, actor: Any) -> list[Happening]:
    """What was said in every round of approval, newest first."""
    words = dict(choices.VERDICTS)
    return [
        Happening(vote.voted_at, f"{vote.get_role_display()} · {words[vote.verdict]}", vote.voter_name, vote.opinion or _("没有写意见"),
                  *_VERDICT_TONES[vote.verdict])
        for request in queries.requests_of(row, actor) for vote in reversed(list(request.votes.all()))
    ]


def fetch(request: HttpRequest, number: str) -> Application:
    """An application in the actor's reach (404 otherwise)."""
    return queries.visible(request.actor).fetch(number)


def of_subject(request: HttpRequest) -> Application:
    """The one behind `?subject=`."""
    return fetch(request, request.GET.get("subject", "").removeprefix("application:"))
