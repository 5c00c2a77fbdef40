"""A verdict that may still be taken back: it is tried at once, held for some seconds, and only then counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import errors, kinds, moving, steps
from chezhe.approvals.models import ApprovalRequest, HeldVerdict
from chezhe.approvals.states import VERDICTS
from chezhe.kernel import appending, clock, jobs, parameters, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotPermitted
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.staff import queries as staff_queries
from chezhe.staff import steps as staff_steps
from chezhe.ui import formats

JOB = "approvals.apply_verdict"


class DelegationOver(BusinessError):
    code = "delegation_over"
    sentence = _("委托在意见生效前已经结束，意见没有生效。")


class _Enough(Exception):
    """Ends a rehearsal."""


def seconds() -> int:
    """How long a verdict may be taken back; nought lets it count at once."""
    return parameters.count("VERDICT_UNDO_SECONDS", clock.today())


def is_wanted(request: ApprovalRequest) -> bool:
    """Whether a verdict on it, given on a page, is held before it counts."""
    return kinds.find(request.kind).may_be_undone and seconds() > 0


def words(number: str, verdict: str, *, is_held: bool) -> str:
    """What whoever gave the verdict is told; `verdict` as their room calls it."""
    told = {"number": number, "verdict": verdict}
    if not is_held:
        return gettext("%(number)s：您的意见为“%(verdict)s”。") % told
    return gettext("%(number)s：“%(verdict)s”将在 %(seconds)s 秒后生效，此前可撤销。") % {**told, "seconds": seconds()}


def vote(request: ApprovalRequest, verdict: str, opinion: str, more: Mapping[str, str], by: Actor) -> None:
    """Count a verdict where its kind is decided: here, or by the room that it belongs to."""
    kind = kinds.find(request.kind)
    if kind.is_decidable:
        steps.cast_vote(request_number=request.number, verdict=verdict, opinion=opinion, by=by)
    elif kind.vote is not None:
        kind.vote(request.subject_text, verdict, opinion, more, by)
    else:
        raise errors.DecidedElsewhere(kind=kind.label)


def hold(request: ApprovalRequest, verdict: str, opinion: str, by: Actor, more: Mapping[str, str] | None = None) -> HeldVerdict:
    """Try the verdict, undo it, and keep it until its time has come; `more` goes with it to the room of its kind.

    Raises whatever the vote would raise, and AlreadyHeld (409).
    """
    kind = kinds.find(request.kind)
    if not kind.may_be_undone:
        raise errors.NotUndoable(kind=kind.label)
    _refuse_second(request, by)
    _rehearse(request, verdict, opinion, more or {}, by)
    at, wait = clock.now(), seconds()
    locked = _locked(request)
    _refuse_second(request, by)
    held = HeldVerdict.objects.create(
        request=locked, user_id=by.user_id, on_behalf_of_id=by.on_behalf_of_id, verdict=verdict, opinion=opinion.strip(),
        more=dict(more or {}), held_at=at,
        applies_at=at + timedelta(seconds=wait),
    )
    _spend(locked, by.user_ids)
    jobs.enqueue(JOB, after_seconds=wait, held=held.pk, language=translation.get_language() or "")
    return held


def _refuse_second(request: ApprovalRequest, by: Actor) -> None:
    """Asked before the trial and again behind the lock: of two tabs one gets through."""
    earlier = HeldVerdict.objects.filter(request=request, user_id=by.user_id, status="held").first()
    if earlier is not None:
        raise errors.AlreadyHeld(verdict=VERDICTS[earlier.verdict], at=formats.moment(earlier.held_at))


def undo(number: str, by: Actor) -> HeldVerdict:
    """Take one's own verdict back while nothing has followed from it. Raises TooLateToUndo (409)."""
    rows = HeldVerdict.objects.select_for_update(of=("self",), no_key=True).select_related("request")
    held = rows.filter(request__number=number, user_id=by.user_id, status="held").first()
    if held is None or clock.now() >= held.applies_at:
        raise errors.TooLateToUndo()
    _settle(held, "undone")
    moving.note(held.request, "undo", by)
    return held


def apply(held_id: int) -> HeldVerdict:
    """Count a held verdict in the name of whoever gave it, with the rights they have now; what refuses it is kept for them to read."""
    held = HeldVerdict.objects.select_for_update(of=("self",), no_key=True).select_related("request", "user").get(pk=held_id)
    if held.status != "held":
        return held
    try:
        with appending.part():
            vote(held.request, held.verdict, held.opinion, held.more, _giver(held))
    except BusinessError as refusal:
        _settle(held, "refused", str(refusal))
    else:
        held.status, held.settled_at = "applied", clock.now()
        held.save(update_fields=["status", "settled_at"])
    return held


def _rehearse(request: ApprovalRequest, verdict: str, opinion: str, more: Mapping[str, str], by: Actor) -> None:
    """All that the vote would refuse is refused now; nothing of it stays."""
    try:
        with jobs.rehearsed(), appending.part():
            vote(request, verdict, opinion, more, by)
            raise _Enough
    except _Enough:
        return


def _giver(held: HeldVerdict) -> Actor:
    """The person, or the person acting for another, as they are now."""
    at = clock.now()
    if held.on_behalf_of_id is None:
        return staff_steps.actor_for(held.user, at)
    delegation = staff_queries.delegation_between(held.on_behalf_of_id, held.user_id, clock.today())
    if delegation is None:
        raise DelegationOver()
    return staff_steps.actor_for(held.user, at, acting_for=delegation)


def _locked(request: ApprovalRequest) -> ApprovalRequest:
    return ApprovalRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)


def _spend(request: ApprovalRequest, people: frozenset[int]) -> None:
    request.spent_ids = sorted({*request.spent_ids, *people})
    request.save(update_fields=["spent_ids"])


def _settle(held: HeldVerdict, status: str, refusal: str = "") -> None:
    """It did not come to a vote: the request waits for its giver again, unless they have stepped back."""
    held.status, held.refusal, held.settled_at = status, refusal[:400], clock.now()
    held.save(update_fields=["status", "refusal", "settled_at"])
    request = _locked(held.request)
    givers = {i for i in (held.user_id, held.on_behalf_of_id) if i is not None} - set(request.recused_ids)
    voted = {i for row in request.votes.all() for i in row.people}
    request.spent_ids = sorted(set(request.spent_ids) - (givers - voted))
    request.save(update_fields=["spent_ids"])


def require_right(request: ApprovalRequest, by: Actor) -> None:
    """Raise NotPermitted (403) for whoever may not vote on this kind where it is decided."""
    wanted = PERMISSIONS[kinds.find(request.kind).permission]
    if not by.can(wanted.code):
        raise NotPermitted(permission=wanted.label, grantors=roles.LABELS[roles.ADMIN], code=wanted.code)
