"""Who has held which duty on a case, over all its rounds of approval: five people, through delegation too (四眼, DOMAIN.md §7)."""

from __future__ import annotations

from django.db.models import Q

from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.origination import errors, rules
from chezhe.origination.models import Application

SALES = "sales"


def duties_of(application: Application, *, apart_from: int | None = None) -> dict[str, frozenset[int]]:
    """User ids behind each duty, delegates and those they stood for alike: `sales` is everybody who wrote in it, the others are named
    after the role that voted. The round with the id `apart_from` is left out."""
    found: dict[str, frozenset[int]] = {SALES: frozenset({application.owner_id, *application.maker_ids})}
    rounds = ApprovalRequest.objects.filter(Q(subject_text=application.subject) | Q(pk=application.approval_id))
    for request in rounds.prefetch_related("votes").order_by("id"):
        if request.pk == apart_from:
            continue
        found[SALES] |= frozenset(request.maker_ids)
        for vote in request.votes.all():
            found[vote.role] = found.get(vote.role, frozenset()) | vote.people
    return found


def held_before(application: Application, actor: Actor) -> str:
    """The duty of an earlier round that keeps this actor from voting in the open stage; empty for most."""
    request = application.approval
    if request is None:
        return ""
    # Also while a further signature is waited for, the stage is that of its roles.
    stage = request.current_stage
    same = {SALES, *stage.all_roles, stage.veto}
    earlier = duties_of(application, apart_from=request.pk)
    return rules.duty_held(actor.user_ids, {duty: people for duty, people in earlier.items() if duty not in same})


def require_apart(application: Application, actor: Actor) -> None:
    """Raises DutyHeldBefore (409) when the actor has held another duty in an earlier round."""
    duty = held_before(application, actor)
    if duty:
        raise errors.DutyHeldBefore(name=actor.name, duty=roles.LABELS.get(duty, duty))
