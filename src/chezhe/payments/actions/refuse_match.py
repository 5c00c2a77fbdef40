"""Two things that look alike are not the same money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import locks, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.payments.reconciliation import matching


@action(permissions.RECONCILE, label=_("否定勾对建议"))
def refuse_match(*, first_number: str, second_number: str, by: Actor) -> Tally:
    """Never suggest these two for each other again; both stay open. Returns the first. Raises SameTally (422)."""
    locks.hold("payments.reconcile")
    first, second = (Tally.objects.visible_to(by).lock(number) for number in (first_number, second_number))
    if first.pk == second.pk:
        raise matching.SameTally()
    matching.refuse(first, second, by=by)
    moves.record(first.subject, "refuse_match", first.status, first.status, by=by, reason=second.number)
    return first
