from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.risk.screening import permissions
from chezhe.risk.screening.models import Holding


@action(permissions.RECORD_HOLDING, label=_("终止股东记录"))
def end_holding(*, customer_number: str, holding: int, by: Actor) -> Holding:
    """Somebody no longer holds what was recorded."""
    rows = Holding.objects.visible_to(by).select_for_update(of=("self",), no_key=True).select_related("company")
    found = rows.filter(pk=holding, company__number=customer_number, ended_at__isnull=True).first()
    if found is None:
        raise NotFound(what=customer_number)
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    return found
