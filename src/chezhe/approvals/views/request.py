"""One request with its opinions: voting, now or so that it can be undone, and taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.approvals import conflicts, holding, kinds, limits, permissions, rules, seats
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.hold_verdict import hold_verdict
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.approvals.choices import HANDLINGS
from chezhe.approvals.forms import VoteForm
from chezhe.approvals.models import ApprovalRequest, Vote
from chezhe.approvals.states import VERDICTS
from chezhe.approvals.views import handling, undoing
from chezhe.approvals.views.shown import STATUSES, age, sla_of
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.staff import queries as staff_queries
from chezhe.ui import panels
from chezhe.ui.parts import Happening, Step

_VERDICT_TONES = {"agree": ("good", "check"), "return": ("warning", "arrow-back-up"), "reject": ("danger", "x")}


def fetch(request: HttpRequest, number: str) -> ApprovalRequest:
    """The request with what its page shows; raises NotFound (404)."""
    rows = ApprovalRequest.objects.visible_to(request.actor).select_related("branch", "assigned_to")
    return rows.prefetch_related("votes", "handlings", "copies").fetch(number)


@needs(permissions.VIEW)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: what it is about, who said what, and the verdict if it is mine to give."""
    return _show(request, fetch(request, number), VoteForm(), 200)


def _show(request: HttpRequest, row: ApprovalRequest, form: VoteForm, status: int) -> HttpResponse:
    at, kind, on = clock.now(), kinds.find(row.kind), clock.today()
    votes = list(row.votes.all())
    refusal = _why_not(row, votes, request.actor, on)
    return render(request, "approvals/request.html", {
        "row": row, "kind": kind, "status": STATUSES[row.status], "sla": sla_of(row, at), "age": age(row, at),
        "subject_number": row.subject_text.partition(":")[2], "subject_url": kinds.subject_url(row.kind, row.subject_text),
        "stages": _stages(row, votes), "opinions": _opinions(row, votes), "form": form,
        "deciding": panels.deciding_for(row.subject_text, request.actor),
        "refusal": refusal, "is_decidable": kind.is_decidable, "voters": _voters(row, votes, on),
        "over_limit": _over_limit(row, request.actor) if not refusal else "",
        "may_withdraw": row.status == "open" and kind.is_decidable and rules.is_maker(request.actor.user_ids, row.maker_ids),
        "verbs": handling.verbs_for(row, request.actor, is_mine=not refusal), **undoing.context(request.actor, at, row.number),
    }, status=status)


@require_GET
@needs(permissions.VIEW)
def handling_of(request: HttpRequest, number: str) -> HttpResponse:
    """For the page on which a kind is decided: one's own verdict that may still be taken back, and the verbs beside the verdict."""
    row = fetch(request, number)
    refusal = _why_not(row, list(row.votes.all()), request.actor, clock.today())
    return render(request, "approvals/handling.html", {
        "row": row, "verbs": handling.verbs_for(row, request.actor, is_mine=not refusal),
        **undoing.context(request.actor, clock.now(), row.number),
    })


def _voters(row: ApprovalRequest, votes: list[Vote], on: date) -> list[str]:
    """Who can vote now, each with the colleague who acts for them."""
    if row.status != "open":
        return []
    found = seats.voters(row, votes, on)
    acting = staff_queries.delegates_of([seat.user_id for seat in found], on) if found else {}
    told = _("%(name)s（由%(delegate)s代办）")
    return [told % {"name": s.name, "delegate": acting[s.user_id]} if s.user_id in acting else s.name for s in found]


def _over_limit(row: ApprovalRequest, actor: Actor) -> str:
    is_last = row.stage + 1 == len(row.stages) and not row.current_stage.is_committee
    return limits.words(row, actor) if is_last and limits.is_over(row, actor) else ""


def _stages(row: ApprovalRequest, votes: list[Vote]) -> list[Step]:
    """The stages as a stepper: passed, here, to come."""
    ended = {"rejected": "failed", "returned": "failed", "withdrawn": "skipped", "approved": "done"}.get(row.status, "current")
    steps = []
    for index, stage in enumerate(row.stage_list):
        agreed = sum(v.verdict == "agree" and v.counts for v in votes if v.stage == index)
        state = "done" if index < row.stage else ended if index == row.stage else "todo"
        hints = [_("%(agreed)s / %(needed)s 票同意") % {"agreed": agreed, "needed": stage.votes}]
        hints += [_("到场人数：%(quorum)s") % {"quorum": stage.quorum}] if stage.quorum > 1 else []
        hints += [_("%(role)s 可否决") % {"role": roles.LABELS[stage.veto]}] if stage.veto else []
        steps.append(Step("、".join(_called(stage)), state, " · ".join(hints)))
    return steps


def _called(stage: rules.Stage) -> list[str]:
    """Whose stage it is: the roles, and how many by name."""
    named = [str(roles.LABELS.get(role, role)) for role in stage.all_roles]
    named += [_("指定人数：%(count)s") % {"count": len(stage.members)}] if stage.members else []
    signers = len(stage.before) + len(stage.after)
    return [*named, _("加签人数：%(count)s") % {"count": signers}] if signers else named


def _opinions(row: ApprovalRequest, votes: list[Vote]) -> list[Happening]:
    """Who said and did what, newest first; the opening stands at the foot."""
    said = [
        Happening(v.voted_at, f"{v.seat_label} · {VERDICTS[v.verdict]}", v.voter_name, v.opinion, *_VERDICT_TONES[v.verdict])
        for v in votes
    ]
    done = [
        Happening(h.handled_at, _("%(verb)s：%(name)s") % {"verb": HANDLINGS[h.verb], "name": h.other_name} if h.other_name
                  else HANDLINGS[h.verb], h.user_name, h.words)
        for h in row.handlings.all()
    ]
    whole = sorted([*said, *done], key=lambda happening: happening.at, reverse=True)
    if row.status == "withdrawn":
        whole.insert(0, Happening(row.decided_at, _("撤回"), row.opened_by_name, "", "neutral", "arrow-back-up"))
    return [*whole, Happening(row.opened_at, pgettext("track", "提交审批"), row.opened_by_name, "", "info", "send")]


def _why_not(row: ApprovalRequest, votes: list[Vote], actor: Actor, on: date) -> str:
    """Why this actor has no verdict to give, as a sentence; empty when there is one."""
    if row.status != "open":
        return _("这一笔已有结论。")
    if rules.is_maker(actor.user_ids, row.maker_ids):
        return _("您是经办人，须由另一位同事审批。")
    if rules.has_voted(actor.user_ids, [v.people for v in votes]):
        return _("您已经发表过意见，正在等待其他人。")
    if rules.is_maker(actor.user_ids, row.recused_ids):
        return _("您已回避这一笔。")
    if rules.is_maker(actor.user_ids, row.spent_ids):
        return _("您的意见正等待生效，可先撤销。")
    if not seats.turn_of(row, votes).is_of(actor.roles, actor.user_ids):
        return _("当前环节由“%(role)s”审批。") % {"role": row.role_label}
    if row.assigned_to is not None and row.assigned_to_id not in actor.user_ids:
        return _("这一笔已由 %(name)s 领取。") % {"name": row.assigned_to.name}
    if not actor.can(permissions.VOTE.code):
        return _("您没有在收件箱审批的权限，可请管理员授予。")
    return _biased(row, actor, on)


def _biased(row: ApprovalRequest, actor: Actor, on: date) -> str:
    try:
        conflicts.refuse_interest(row, actor, on)
    except BusinessError as refusal:
        return str(refusal)
    return ""


@needs(permissions.VOTE)
@require_POST
def vote(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, return or reject; where the kind lets it be undone, it counts after some seconds."""
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            words = _give(request, number, form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words)
            return redirect("approvals:inbox")
    return _show(request, fetch(request, number), form, 422)


def _give(request: HttpRequest, number: str, given: dict[str, Any]) -> str:
    """Carry the verdict out, or hold it; returns what to tell."""
    row = ApprovalRequest.objects.visible_to(request.actor).fetch(number)
    is_held = kinds.find(row.kind).is_decidable and holding.is_wanted(row)
    give = hold_verdict if is_held else cast_vote
    give(request_number=number, **given, by=request.actor)
    return holding.words(row.number, str(VERDICTS[given["verdict"]]), is_held=is_held)


@needs(permissions.WITHDRAW)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take one's own request back."""
    withdraw_request(request_number=number, by=request.actor)
    messages.success(request, _("%(number)s 已撤回。") % {"number": number})
    return redirect("approvals:request", number)
