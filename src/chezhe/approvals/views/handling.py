"""What else is done with a request: one page for each verb, with its form where something has to be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from chezhe.approvals import forms, permissions, rules, seats
from chezhe.approvals import handling as steps
from chezhe.approvals.actions.add_signer import add_signer
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.copy_request import copy_request
from chezhe.approvals.actions.pause_request import pause_request
from chezhe.approvals.actions.read_copy import read_copy
from chezhe.approvals.actions.recuse_person import recuse_person
from chezhe.approvals.actions.release_request import release_request
from chezhe.approvals.actions.reroute_request import reroute_request
from chezhe.approvals.actions.resume_request import resume_request
from chezhe.approvals.actions.transfer_request import transfer_request
from chezhe.approvals.actions.urge_request import urge_request
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.permission import Permission

Pairs = list[tuple[str, Any]]
Fits = Callable[[ApprovalRequest, Actor, bool], bool]


@dataclass(frozen=True, slots=True)
class Verb:
    """`fits(row, actor, is_mine)` says whether the page offers it; without a form a click is enough."""

    label: Any
    icon: str
    permission: Permission
    act: Callable[..., object]
    fits: Fits
    form: type[forms.WhyForm] | None = None
    key: str = ""


def _pairs(found: list[seats.Seat], actor: Actor) -> Pairs:
    return [(seat.username, seat.name) for seat in found if seat.user_id not in actor.user_ids]


def _people(row: ApprovalRequest, verb: str, actor: Actor) -> dict[str, Pairs]:
    """Whom the form offers, by the argument of the form."""
    votes, on = list(row.votes.all()), clock.today()
    if verb == "copy":
        readers = {grant.user.username: grant.user.name for grant in steps.readers(row) if grant.user_id not in actor.user_ids}
        return {"people": sorted(readers.items(), key=lambda pair: pair[1])}
    if verb == "recuse":
        present = _pairs(seats.voters(row, votes, on), actor) if actor.can(permissions.REROUTE.code) else []
        return {"people": _pairs(seats.stand_ins(row, votes, on), actor), "present": present}
    asked = {"transfer": seats.voters, "sign": seats.others, "reroute": seats.stand_ins}.get(verb)
    return {"people": _pairs(asked(row, votes, on), actor) if asked else []}


def _is_claimable(row: ApprovalRequest, _actor: Actor, is_mine: bool) -> bool:
    return is_mine and row.assigned_to_id is None and not row.current_stage.is_committee


def _is_held(row: ApprovalRequest, actor: Actor, _is_mine: bool) -> bool:
    return row.assigned_to_id is not None and row.assigned_to_id in actor.user_ids


def _can_be_handed_on(row: ApprovalRequest, actor: Actor, is_mine: bool) -> bool:
    return (is_mine or actor.can(permissions.REROUTE.code)) and not row.current_stage.is_committee


def _is_concerned(row: ApprovalRequest, actor: Actor, _is_mine: bool) -> bool:
    return rules.is_maker(actor.user_ids, row.maker_ids) or actor.can(permissions.REROUTE.code)


def _runs(row: ApprovalRequest, actor: Actor, is_mine: bool) -> bool:
    return row.due_at is not None and row.paused_at is None and (is_mine or actor.can(permissions.REROUTE.code))


def _stands(row: ApprovalRequest, actor: Actor, is_mine: bool) -> bool:
    return row.paused_at is not None and (is_mine or actor.can(permissions.REROUTE.code))


def _is_reroutable(row: ApprovalRequest, actor: Actor, _is_mine: bool) -> bool:
    return row.stuck_at is not None and not rules.is_maker(actor.user_ids, row.maker_ids)


def _is_anybodys(_row: ApprovalRequest, _actor: Actor, _is_mine: bool) -> bool:
    return True


def _is_unread(row: ApprovalRequest, actor: Actor, _is_mine: bool) -> bool:
    return any(copy.user_id in actor.user_ids and copy.read_at is None for copy in row.copies.all())


def _is_mine(_row: ApprovalRequest, _actor: Actor, is_mine: bool) -> bool:
    return is_mine


VERBS: Mapping[str, Verb] = {
    "claim": Verb(pgettext_lazy("handling", "领取"), "hand-grab", permissions.HANDLE, claim_request, _is_claimable),
    "release": Verb(gettext_lazy("放回待领取"), "arrow-back-up", permissions.HANDLE, release_request, _is_held),
    "transfer": Verb(
        gettext_lazy("转审"), "user-plus", permissions.HANDLE, transfer_request, _can_be_handed_on, forms.ToColleagueForm, "t"),
    "sign": Verb(gettext_lazy("加签"), "pencil", permissions.HANDLE, add_signer, _is_mine, forms.SignerForm),
    "copy": Verb(gettext_lazy("抄送"), "send", permissions.COPY, copy_request, _is_anybodys, forms.CopyForm),
    "urge": Verb(gettext_lazy("催办"), "bell", permissions.URGE, urge_request, _is_concerned),
    "recuse": Verb(gettext_lazy("回避"), "user-off", permissions.HANDLE, recuse_person,
                   lambda row, actor, is_mine: is_mine or _is_concerned(row, actor, is_mine) and actor.can(permissions.REROUTE.code),
                   forms.RecuseForm),
    "pause": Verb(
        gettext_lazy("暂停计时"), icon="clock-pause", permission=permissions.HANDLE, act=pause_request, fits=_runs, form=forms.PauseForm),
    "resume": Verb(gettext_lazy("恢复计时"), "clock-play", permissions.HANDLE, resume_request, _stands),
    "reroute": Verb(gettext_lazy("改派审批人"), "users", permissions.REROUTE, reroute_request, _is_reroutable, forms.ToColleagueForm),
    "read": Verb(gettext_lazy("已阅抄送"), "check", permissions.COPY, read_copy, _is_unread),
}


def verbs_for(row: ApprovalRequest, actor: Actor, *, is_mine: bool) -> list[dict[str, Any]]:
    """The buttons of the page of a request."""
    if row.status != "open":
        return []
    return [
        {"label": verb.label, "icon": verb.icon, "url": reverse("approvals:handle", args=[row.number, name]), "asks": verb.form is not None,
         "key": verb.key}
        for name, verb in VERBS.items() if actor.can(verb.permission.code) and verb.fits(row, actor, is_mine)
    ]


@needs(permissions.VIEW)
@require_http_methods(["GET", "POST"])
def handle(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb: the form it asks for, or what it did."""
    chosen = VERBS.get(verb)
    if chosen is None:
        raise NotFound(what=verb)
    require(request, chosen.permission)
    row = ApprovalRequest.objects.visible_to(request.actor).prefetch_related("votes", "copies").fetch(number)
    if chosen.form is None:
        return _click(request, row, chosen)
    form = chosen.form(request.POST or None, **_people(row, verb, request.actor))
    if request.method == "POST" and form.carries_out(lambda: chosen.act(request_number=number, **_given(verb, form), by=request.actor)):
        messages.success(request, _("%(number)s：%(verb)s已办。") % {"number": number, "verb": chosen.label})
        return redirect("approvals:request", number)
    context = {"form": form, "row": row, "title": chosen.label, "back": reverse("approvals:request", args=[number])}
    return render(request, "approvals/form.html", context, status=422 if request.method == "POST" else 200)


def _given(verb: str, form: forms.WhyForm) -> dict[str, Any]:
    """What the form says, as the action calls it."""
    given = dict(form.cleaned_data)
    if verb == "copy":
        given["words"] = given.pop("reason")
    return given


def _click(request: HttpRequest, row: ApprovalRequest, chosen: Verb) -> HttpResponse:
    """What needs nothing but the click; a page opened by its address only leads back."""
    if request.method == "POST":
        try:
            chosen.act(request_number=row.number, by=request.actor)
        except BusinessError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(number)s：%(verb)s已办。") % {"number": row.number, "verb": chosen.label})
    return redirect("approvals:request", row.number)
