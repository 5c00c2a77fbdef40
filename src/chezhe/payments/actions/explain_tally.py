"""Somebody knows why the sides differ."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.payments.states import TALLY


class NoException(BusinessError):
    code = "tally_agrees"
    sentence = _("各方一致，没有需要说明的差异。")


@action(permissions.RECONCILE, label=_("说明并关闭对账差异"))
def explain_tally(*, tally_number: str, reason: str, by: Actor) -> Tally:
    """Take an exception off the list for a reason that is kept; the fen stay in the day's account of differences.

    Raises NoException (409), WrongState (409), Invalid (422) without a reason.
    """
    tally = Tally.objects.visible_to(by).lock(tally_number)
    TALLY.require(tally.status, "explain")
    if not tally.kind:
        raise NoException()
    if len(reason.strip()) < 2:
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明差异的原因与处理结果。"))
    moves.move(tally, TALLY, "explain", by=by, reason=reason.strip())
    events.publish("tally.explained", tally.subject, {"number": tally.number, "kind": tally.kind})
    return tally
