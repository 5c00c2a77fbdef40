"""A second person stands by an account, or does not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import PayeeAccount
from chezhe.contracts.paying.errors import SamePersonDecides
from chezhe.contracts.paying.states import PAYEE
from chezhe.kernel import clock, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.DECIDE_PAYEE, label=_("核定收款账户"))
def decide_payee(*, payee_number: str, agrees: bool, opinion: str = "", by: Actor) -> PayeeAccount:
    """Agree that this account is theirs, after having asked them another way; whoever proposed it cannot. Raises SamePersonDecides or
    WrongState (409)."""
    payee = PayeeAccount.objects.visible_to(by).lock(payee_number)
    verb = "verify" if agrees else "refuse"
    PAYEE.require(payee.status, verb)
    if by.user_ids & set(payee.proposed_by_ids):
        raise SamePersonDecides(number=payee.number)
    payee.decided_at, payee.decided_by_name, payee.opinion = clock.now(), by.name, opinion.strip()[:200]
    payee.save(update_fields=["decided_at", "decided_by_name", "opinion"])
    moves.move(payee, PAYEE, verb, by=by, reason=payee.opinion)
    events.publish("payee_account.decided", payee.subject, {"number": payee.number, "outcome": payee.status})
    return payee
