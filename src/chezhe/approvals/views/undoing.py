"""Verdicts that may still be taken back: the bar that says so, and what it does."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chezhe.approvals import kinds, permissions, queries
from chezhe.approvals.actions.undo_verdict import undo_verdict
from chezhe.approvals.models import ApprovalRequest, HeldVerdict
from chezhe.approvals.states import VERDICTS
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError


def context(actor: Actor, at: datetime, number: str = "") -> dict[str, Any]:
    """What the bars show: verdicts of this person that still wait, and those that could not count."""
    rows = queries.standing_verdicts(actor)
    found = list(rows.filter(request__number=number) if number else rows)
    return {
        "held": [_bar(row, at) for row in found if row.status == "held"], "refused": [row for row in found if row.status == "refused"]}


def _bar(row: HeldVerdict, at: datetime) -> dict[str, Any]:
    left = max(0, ceil((row.applies_at - at).total_seconds()))
    return {"number": row.request.number, "title": row.request.title, "verdict": VERDICTS[row.verdict], "seconds": left}


@needs(permissions.HANDLE)
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take one's own verdict back while nothing has followed from it."""
    row = ApprovalRequest.objects.visible_to(request.actor).fetch(number)
    try:
        undo_verdict(request_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(number)s：意见已撤销，可重新办理。") % {"number": number})
    return redirect(kinds.place_of(number, row.kind, row.subject_text))
