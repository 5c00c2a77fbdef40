"""Up to what amount somebody may be the last to agree, as data; and who is asked when it is more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chezhe.approvals import kinds, rules, seats
from chezhe.approvals.models import ApprovalRequest, Limit, Vote
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.staff import queries as staff_queries
from chezhe.staff.models import User
from chezhe.ui import formats


def in_force(kind: str, on: date) -> QuerySet[Limit]:
    """What counts for one kind of request on a day, the latest last."""
    return Limit.objects.filter(kind=kind, status="in_force", starts_on__lte=on).order_by("starts_on", "id")


def _bounds(request: ApprovalRequest, on: date) -> list[rules.Bound]:
    """The limits that can concern a request: of its kind, its branch, its product."""
    rows = in_force(request.kind, on).filter(Q(branch=None) | Q(branch=request.branch_id))
    rows = rows.filter(product__in=["", str(request.about.get("product", ""))])
    return [rules.Bound(row.role, row.user_id, row.branch_id, row.product, row.amount_max.fen) for row in rows]


def limit_of(request: ApprovalRequest, by: Actor) -> Money | None:
    """Up to what amount this actor may be the last to agree to it; None without a limit.

    Where there are limits for the kind, nobody is without: whoever is named by none has nought. A delegate is bound by the limit of
    the one they act for, and by their own where they have one.
    """
    on = clock.today()
    bounds = _bounds(request, on)
    if not bounds:
        return None
    if by.on_behalf_of_id is None:
        return Money(rules.bound_of(bounds, by.roles, by.user_ids) or 0)
    theirs = rules.bound_of(bounds, by.roles, {by.on_behalf_of_id}) or 0
    own = rules.bound_of(bounds, _own_roles(by, on), {by.user_id} if by.user_id else ())
    return Money(theirs if own is None else min(theirs, own))


def _own_roles(by: Actor, on: date) -> Collection[str]:
    person = User.objects.filter(pk=by.user_id).first()
    return {grant.role for grant in staff_queries.grants_of(person, on)} if person else ()


def is_over(request: ApprovalRequest, by: Actor) -> bool:
    """Whether the amount is more than this actor may be the last to agree to."""
    limit = limit_of(request, by) if request.amount is not None else None
    return limit is not None and request.amount is not None and request.amount > limit


def words(request: ApprovalRequest, by: Actor) -> str:
    """Why a stage is added, for the track and for whoever is about to agree."""
    limit = limit_of(request, by)
    said = {"limit": formats.yuan(limit), "amount": formats.yuan(request.amount)}
    return _("本人权限 %(limit)s 元，这一笔 %(amount)s 元：同意后还须有权限的人终审。") % said


def stage_above(request: ApprovalRequest, votes: Iterable[Vote]) -> rules.Stage:
    """Who is asked beyond: the role with the smallest limit that suffices and with somebody in it, else the committee of the kind."""
    votes, on = list(votes), clock.today()
    assert request.amount is not None
    spent = {i for vote in votes for i in vote.people}
    free = [seat for seat in seats.able(request, on) if seat.user_id not in spent]
    for role in rules.roles_up_to(_bounds(request, on), request.amount.fen):
        if any(role in seat.roles for seat in free):
            return rules.Stage(role=role)
    return kinds.find(request.kind).committee
