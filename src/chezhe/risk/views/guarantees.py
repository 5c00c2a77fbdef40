"""What stands behind a loan as a panel of its page, and the deadlines that run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions, proposals
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.claim_guarantee import claim_guarantee
from chezhe.risk.actions.measure_coverage import measure_coverage
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.actions.refuse_security import refuse_security
from chezhe.risk.actions.release_security import release_security
from chezhe.risk.actions.withdraw_security import withdraw_security
from chezhe.risk.guarantees import choices, figures, pages, queries
from chezhe.risk.guarantees.forms import ClaimForm, ReasonForm, SecurityForm
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.states import SECURITY
from chezhe.risk.valuing import queries as valuing_queries
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter

_ACTS: dict[str, tuple[Any, Any]] = {
    "accept": (permissions.DECIDE_SECURITY, accept_security), "refuse": (permissions.DECIDE_SECURITY, refuse_security),
    "withdraw": (permissions.OFFER_SECURITY, withdraw_security), "release": (permissions.RELEASE_SECURITY, release_security),
    "claim": (permissions.CLAIM_GUARANTEE, claim_guarantee),
}


@require_GET
@needs(permissions.VIEW_SECURITIES)
def panel(request: HttpRequest) -> HttpResponse:
    """Panel: every security, the coverage as it was last measured, and the loan against the car month by month."""
    subject, on, can = subjects.open_subject(request.GET.get("subject", ""), request.actor), business_date.current(), request.actor.can
    check, held = queries.latest_check(subject.text), figures.on(on)
    proposal = _proposal(subject.text, on)
    valuing = valuing_queries.in_effect(proposal.vehicle_number, on) if proposal else None
    context = {
        "subject": subject, "check": check, "needed": pages.needed_of(check) if check else None,
        "worst": pages.worst_words(check) if check else "",
        "lines": pages.lines_of(list(queries.of(subject.text)), check, held, on, request.actor.user_ids),
        "chart": pages.coverage_chart(check) if check else None, "proposal": proposal,
        "has_value": proposal is not None and (valuing is not None or check is None and _has_record(proposal, on)),
        # The line is of the first car alone: of several the worst month is told, and no path of one of them.
        "forward_chart": pages.forward_chart(proposal, valuing) if proposal and not proposal.further and valuing and valuing.path else None,
        "is_old": bool(check and proposal and check.principal + check.interest != proposal.principal + proposal.interest),
        "cars": pages.cars_of(check, proposal.vehicle_number) if proposal else [],
        "kinds": choices.KINDS, "can_offer": can(permissions.OFFER_SECURITY.code), "can_measure": can(permissions.MEASURE.code),
    }
    return render(request, "risk/guarantees_panel.html", context)


def _has_record(proposal: proposals.Proposal, on: Any) -> bool:
    """Whether a car without an agreed valuation has a price base on file that counts."""
    return valuing_queries.lending_value_of_record(proposal.vehicle_number, base=proposal.price_base, tier="", on=on) is not None


def _proposal(subject: str, on: Any) -> proposals.Proposal | None:
    """None too while the figures make no plan: the application's own page says why."""
    try:
        return proposals.read(subject, on)
    except BusinessError:
        return None


@require_http_methods(["GET", "POST"])
@needs(permissions.OFFER_SECURITY)
def offer(request: HttpRequest, kind: str) -> HttpResponse:
    """Put one more security beside the subject in `?subject=`."""
    labels, subject = dict(choices.KINDS), subjects.open_subject(request.GET.get("subject", ""), request.actor)
    if kind not in labels:
        raise Http404
    form = SecurityForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.carries_out(lambda: offer_security(
            subject=subject.text, offered=form.offered, guarantor_number=form.cleaned_data.get("guarantor_number", ""),
            business_date=business_date.current(), by=request.actor)):
        messages.success(request, _("担保措施已登记，等待另一位同事认定。"))
        return _back(subject)
    context = {"form": form, "title": _("登记%(kind)s") % {"kind": labels[kind]}, "back": f"{subject.url}?tab=guarantees",
        "subject": subject}
    return render(request, "risk/security_form.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_SECURITIES)
def security(request: HttpRequest, number: str) -> HttpResponse:
    """One security with its track and what may be done with it now."""
    return _shown(request, _fetch(request, number))


@require_POST
@needs(permissions.VIEW_SECURITIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Accept, refuse, withdraw, claim or release it; each asks for its own permission."""
    if verb not in _ACTS:
        raise Http404
    found, (permission, action) = _fetch(request, number), _ACTS[verb]
    require(request, permission)
    if verb == "claim":
        form: Any = ClaimForm(request.POST)
        done = form.carries_out(lambda: action(
            security_number=number, **form.cleaned_data, business_date=business_date.current(), by=request.actor))
        return redirect("risk:security", number) if done else _shown(request, found, claim_form=form)
    return _pressed(request, number, lambda: action(security_number=number, reason=request.POST.get("reason", ""), by=request.actor))


@require_POST
@needs(permissions.MEASURE)
def measure(request: HttpRequest) -> HttpResponse:
    """Measure the coverage of the subject in `?subject=` again."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    try:
        measure_coverage(subject=subject.text, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return _back(subject)


@require_GET
@needs(permissions.VIEW_SECURITIES)
def securities(request: HttpRequest) -> HttpResponse:
    """Every security in reach."""
    return ListPage(
        title=pgettext_lazy("security", "担保措施"), queryset=Security.objects.visible_to(request.actor).select_related("guarantor",
            "branch"),
        columns=[
            *_columns(),
            Column("valid_to", pgettext_lazy("security", "有效期至"), kind="date", sortable=True, phone=False),
            Column("offered_by_name", gettext_lazy("登记人"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=gettext_lazy("状态"), choices=[(key, one.label) for key, one in pages.STATUSES.items()]),
            ChoiceFilter(name="kind", label=gettext_lazy("种类"), choices=choices.KINDS),
        ],
        search=("number__istartswith", "subject_text__icontains"), search_hint=gettext_lazy("担保编号、业务编号"), default_sort="-number",
        file_name="securities", empty_hint=gettext_lazy("在进件页面的“担保与覆盖率”中登记。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_SECURITIES)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Guarantees whose period runs: who is not claimed by that day is free."""
    rows, on = queries.running(request.actor), business_date.current()
    return ListPage(
        title=gettext_lazy("保证期间"), queryset=rows.select_related("guarantor", "branch"),
        columns=[
            *_columns(),
            Column("matures_on", gettext_lazy("债务到期日"), kind="date", sortable=True, phone=False),
            Column("claim_until", gettext_lazy("最迟主张日"), kind="date", sortable=True),
            Column("days_left", gettext_lazy("剩余天数"), kind="number", value=lambda row: (row.claim_until - on).days, total=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            DateRangeFilter(name="until", label=gettext_lazy("最迟主张日"), field="claim_until"),
        ],
        search=("number__istartswith", "subject_text__icontains"), search_hint=gettext_lazy("担保编号、业务编号"),
        default_sort="claim_until",
        file_name="guarantee-deadlines", empty_title=_("没有在期的保证"),
    ).respond(request)


def _columns() -> list[Column]:
    return [
        Column("number", gettext_lazy("担保编号"), kind="link", url=lambda row: reverse("risk:security", args=[row.number]), sortable=True),
        Column("kind_label", gettext_lazy("种类")), Column("what", gettext_lazy("担保人或担保物"), value=pages.what_of),
        Column("status", gettext_lazy("状态"), kind="status", statuses=pages.STATUSES),
        Column("amount", gettext_lazy("担保金额"), kind="money", sortable=True),
        Column("subject_text", gettext_lazy("担保的业务"), value=lambda row: row.subject_text.partition(":")[2], phone=False),
        Column("branch.name", gettext_lazy("门店"), phone=False),
    ]


def _fetch(request: HttpRequest, number: str) -> Security:
    return Security.objects.visible_to(request.actor).select_related("guarantor").fetch(number)


def _shown(request: HttpRequest, found: Security, claim_form: ClaimForm | None = None) -> HttpResponse:
    on, can = business_date.current(), request.actor.can
    line = pages.lines_of([found], queries.latest_check(found.subject_text), figures.on(on), on, request.actor.user_ids)[0]
    allowed = {
        verb: can(permission.code) and SECURITY.allows(found.status, verb) and (line.is_others or verb not in ("accept", "refuse"))
        for verb, (permission, _action) in _ACTS.items()
    }
    subject = subjects.open_subject(found.subject_text, request.actor)
    context = {
        "security": found, "line": line, "allowed": allowed, "subject": subject, "track": pages.track(found), "reason_form": ReasonForm(),
        "claim_form": claim_form or ClaimForm(initial={"claimed_on": on}),
    }
    return render(request, "risk/security.html", context, status=422 if claim_form is not None else 200)


def _pressed(request: HttpRequest, number: str, act_now: Callable[[], Any]) -> HttpResponse:
    try:
        act_now()
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("risk:security", number)


def _back(subject: subjects.Subject) -> HttpResponse:
    response = redirect(subject.url)
    response["Location"] += "?tab=guarantees"
    return response
