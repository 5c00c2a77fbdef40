"""End a delegation before its day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.staff import permissions
from chezhe.staff.models import Delegation


@action(permissions.DELEGATE, label=_("终止委托"))
def end_delegation(*, delegation_id: int, by: Actor) -> Delegation:
    """End a delegation that one gave or took; it stops counting at the next request."""
    row = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if row is None or not {row.delegator_id, row.delegate_id} & by.user_ids:
        raise NotFound(what=delegation_id)
    if row.ended_at is not None:
        raise Invalid(code="delegation_ended", sentence=_("这项委托已经结束。"))
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    return row
