"""The verdict, and what becomes of an offer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.approvals import holding
from chezhe.approvals.actions.hold_verdict import hold_verdict
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.origination import appealing, cars, choices, figures, permissions, queries
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.expire_application import expire_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.forms import ReasonForm, VerdictForm
from chezhe.origination.labels import STATUSES
from chezhe.origination.models import Application
from chezhe.origination.offers import making, pages
from chezhe.origination.revising import wanting, words
from chezhe.origination.states import APPLICATION
from chezhe.origination.views import page, voting
from chezhe.ui.navigation import url_or_none


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """The evidence in the order of verification, and the verdict of whoever's turn it is."""
    if request.method == "POST":
        require(request, permissions.DECIDE)
    row = page.fetch(request, number)
    form, status = VerdictForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _give(request, row, form)
            except BusinessError as refusal:
                form.refuse(refusal)
                status = refusal.http_status
    return render(request, "origination/review.html", _evidence(request, row) | {"form": form}, status=status)


def _give(request: HttpRequest, row: Application, form: VerdictForm) -> HttpResponse:
    """Carry the verdict out, or hold it for the seconds in which it can be taken back."""
    verdict = str(dict(choices.VERDICTS)[form.cleaned_data["verdict"]])
    if row.approval is None or not holding.is_wanted(row.approval):
        voting.give(row.number, form, request.actor)
        messages.success(request, holding.words(row.number, verdict, is_held=False))
        return redirect("origination:application", row.number)
    more = {name: form.data[name] for name in form.fields if name not in ("verdict", "opinion") and form.data.get(name)}
    hold_verdict(
        request_number=row.approval.number, verdict=form.cleaned_data["verdict"], opinion=form.cleaned_data["opinion"], more=more,
        by=request.actor)
    messages.success(request, holding.words(row.number, verdict, is_held=True))
    return redirect("origination:review", row.number)


def _evidence(request: HttpRequest, row: Application) -> dict[str, Any]:
    on, actor = business_date.current(), request.actor
    context = page.figures_context(row, on)
    try:
        fresh = figures.assess(row, on)
    except BusinessError as refusal:
        fresh, context["fresh_refusal"] = None, str(refusal)
    appeal = appealing.appeal_of(row)
    return context | {
        "appeal": appeal, "appeal_said": appealing.sentences(appeal) if appeal else [],
        "appeal_url": url_or_none("risk:decision", appeal.decision) or "" if appeal and appeal.decision else "",
        "title": row.customer.masked_name, "status": STATUSES[row.status], "sla": page.sla_of(row), "stages": page.stages(row),
        "may_vote": queries.may_vote(row, actor), "opinions": [*page.opinions(row, actor), *page.track(row)],
        "fresh_sentences": [said for said in (fresh.sentences if fresh else []) if said not in context.get("sentences", [])],
        "panels": [*_panels(row), *((part.label, part.url) for part in page.settles(row, actor))],
        "limit": making.bounds_of(row).amount_max, "terms": pages.compared(row),
        "since": words.since_last_submission(row), "wanted": wanting.asked_before(row), "may_answer": False,
        "handling": url_or_none("approvals:handling_of", row.approval.number) if row.approval else None,
        "whose_turn": row.approval.role_label if row.approval and row.is_in_review else "", **_staged(row),
    }


def _staged(row: Application) -> dict[str, Any]:
    """By which version and row of the table of approval stages these people are asked."""
    told = row.approval.about if row.approval else {}
    version = told.get("staged_by", "")
    return {
        "staged_by": version, "staged_row": told.get("staged_row"), "is_strictest": bool(told.get("staged_trouble")),
        "staged_url": url_or_none("policies:version", version) or "" if version else "",
    }


def _panels(row: Application) -> list[tuple[str, str]]:
    """(heading, address) of the evidence in the order in which it is verified."""
    wanted = [
        (_("自动决策"), "risk:of_application", row.subject),
        (_("客户"), "customers:profile", row.customer.subject), (_("授权"), "compliance:consents", row.customer.subject),
        (_("车辆"), "vehicles:profile", row.vehicle.subject if row.vehicle else ""),
        (_("评估"), "vehicles:valuations", row.vehicle.subject if row.vehicle else ""),
        (_("进件资料"), "documents:panel", row.subject), (_("客户资料"), "documents:panel", row.customer.subject),
        (_("车辆资料"), "documents:panel", row.vehicle.subject if row.vehicle else ""), (_("还款计划"), "origination:plan", row.subject),
    ]
    for car in cars.of(row):
        wanted += [
            (f"{heading} {car.number}", name, car.subject)
            for heading, name in ((_("车辆"), "vehicles:profile"), (_("评估"), "vehicles:valuations"), (_("车辆资料"), "documents:panel"))]
    found = [(heading, url_or_none(name), subject) for heading, name, subject in wanted if subject]
    return [(heading, f"{url}?subject={subject}") for heading, url, subject in found if url]


@require_http_methods(["GET", "POST"])
@needs(permissions.CONTEST)
def contest(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The customer does not accept what the machine decided: people look at it, or fresh facts are asked for."""
    row, form, status = page.fetch(request, number), ReasonForm(request.POST or None), 200
    act, verb = _CONTESTS.get(kind, (None, ""))
    if act is None:
        raise NotFound(what=kind)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(application_number=number, reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor)
            except BusinessError as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                return redirect("origination:application", number)
    context = {"form": form, "title": APPLICATION.label(verb), "submit": APPLICATION.label(verb), "application": row,
               "back": reverse("origination:application", args=[number])}
    return render(request, "origination/form.html", context, status=status)


_CONTESTS: dict[str, tuple[Any, str]] = {"review": (ask_human_review, "ask_review"), "appeal": (appeal_decision, "appeal")}


@require_POST
@needs(permissions.ACCEPT_OFFER)
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """The customer takes the offer."""
    try:
        accept_offer(application_number=number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("origination:application", number)


@require_POST
@needs(permissions.EXPIRE)
def expire(request: HttpRequest, number: str) -> HttpResponse:
    """Close an offer that ran out."""
    try:
        expire_application(application_number=number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("origination:application", number)


@require_http_methods(["GET", "POST"])
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take it back, with the reason."""
    return page.with_a_reason(
        request, number, "withdraw", lambda reason: withdraw_application(application_number=number, reason=reason, by=request.actor))
