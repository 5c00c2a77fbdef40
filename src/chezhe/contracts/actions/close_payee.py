"""An account is not to be paid any more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import PayeeAccount
from chezhe.contracts.paying.states import PAYEE
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.DECIDE_PAYEE, label=_("停用收款账户"))
def close_payee(*, payee_number: str, reason: str, by: Actor) -> PayeeAccount:
    """From now on no payout goes there, not even one that was made ready. Raises WrongState (409) or ReasonRequired (422)."""
    payee = PayeeAccount.objects.visible_to(by).lock(payee_number)
    PAYEE.require(payee.status, "close")
    moves.move(payee, PAYEE, "close", by=by, reason=require_reason(reason, most=200))
    events.publish("payee_account.closed", payee.subject, {"number": payee.number})
    return payee
