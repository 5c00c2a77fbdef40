from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import dealers, permissions


@action(permissions.TELL_BEHAVIOUR, label=_("更新车商首期逾期率"))
def tell_dealers(*, day: date, by: Actor) -> int:
    """Tell the risk room how the first instalments of dealers' loans are paid, by the evening of a closed day."""
    return dealers.tell(day)
