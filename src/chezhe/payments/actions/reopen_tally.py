"""An explanation does not hold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.payments.states import TALLY


@action(permissions.RECONCILE, label=_("重新打开对账差异"))
def reopen_tally(*, tally_number: str, reason: str, by: Actor) -> Tally:
    """Put an explained exception back on the list. Raises WrongState (409), Invalid (422) without a reason."""
    tally = Tally.objects.visible_to(by).lock(tally_number)
    TALLY.require(tally.status, "reopen")
    if len(reason.strip()) < 2:
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明为何重新打开。"))
    moves.move(tally, TALLY, "reopen", by=by, reason=reason.strip())
    return tally
