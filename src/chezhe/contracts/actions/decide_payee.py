"""A second person stands by an account, or does not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import PayeeAccount
from chezhe.contracts.paying import steps
from chezhe.contracts.paying.states import PAYEE
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.DECIDE_PAYEE, label=_("核定收款账户"))
def decide_payee(*, payee_number: str, agrees: bool, opinion: str = "", by: Actor) -> PayeeAccount:
    """Agree that this account is theirs, after having asked them another way; whoever proposed it cannot. Raises SamePersonDecides or
    WrongState (409)."""
    payee = PayeeAccount.objects.visible_to(by).lock(payee_number)
    verb = "verify" if agrees else "refuse"
    PAYEE.require(payee.status, verb)
    steps.decide(payee, PAYEE, verb, opinion, by=by)
    events.publish("payee_account.decided", payee.subject, {"number": payee.number, "outcome": payee.status})
    return payee
