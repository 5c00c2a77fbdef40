"""Trying the cap engine, and the register of personal data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.compliance import labels, permissions, queries, rules, steps
from chezhe.compliance.forms import CapsForm
from chezhe.kernel import business_date, privacy
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui.status import Status

SEVERITIES = {"block": Status(labels.SEVERITIES["block"], "danger"), "warn": Status(labels.SEVERITIES["warn"], "warning")}


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def caps(request: HttpRequest) -> HttpResponse:
    """Facts in, findings with their sources out; nothing is kept."""
    profile = queries.lender()
    form = CapsForm(request.POST or None, initial={
        "on": business_date.current(), "licence_type": profile.licence_type, "region": profile.region, "penalty_percent": "150",
    })
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            facts, on = form.facts(), form.cleaned_data["on"]
            findings = steps.findings_for(facts, on)
            context |= {"findings": [_said(f) for f in findings], "limits": [_limit(one) for one in steps.limits_for(facts, on)],
                        "is_judged": True, "is_blocked": any(f.is_block for f in findings), "ltv": facts.ltv}
        except BusinessError as refusal:
            form.refuse(refusal)
    return render(request, "compliance/caps.html", context, status=422 if form.errors else 200)


def _said(finding: rules.Finding) -> dict[str, Any]:
    return {"status": SEVERITIES[finding.severity], "code": finding.code, "sentence": steps.sentence_of(finding),
            "source": gettext(finding.source)}


def _limit(limit: rules.Limit) -> dict[str, Any]:
    """One limit that was applied, as a row of the table."""
    unit = {rules.COST: "rate", rules.LTV: "rate", rules.TERM: "months"}.get(limit.need.measure, "multiple")
    return {"code": limit.need.code, "label": labels.label_of(limit.need.code), "value": rules.show(limit.value, unit),
            "status": SEVERITIES[limit.effect], "source": limit.source, "starts": limit.starts}


CLASSES = {
    privacy.C3: Status("C3", "danger"), privacy.C2: Status("C2", "warning"), privacy.C1: Status("C1", "info"),
    privacy.PUBLIC: Status("public", "neutral"),
}


@require_GET
@needs(permissions.VIEW_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """Every field of every table with its class, made from the models as they run."""
    tags = queries.field_register()
    rooms = sorted({tag.room for tag in tags})
    room = request.GET.get("room", "")
    wanted = request.GET.get("class", "")
    rows = [(t, CLASSES.get(t.privacy_class or "")) for t in tags
            if (not room or t.room == room) and (not wanted or t.privacy_class == wanted)]
    counts = [(status, sum(t.privacy_class == key for t in tags), key) for key, status in CLASSES.items()]
    context = {"rows": rows, "rooms": rooms, "room": room, "wanted": wanted, "counts": counts}
    return render(request, "compliance/register.html", context)
