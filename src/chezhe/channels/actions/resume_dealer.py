from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.channels import permissions
from chezhe.channels.models import Dealer
from chezhe.channels.states import DEALER
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.SUSPEND, label=_("恢复车商"))
def resume_dealer(*, dealer_number: str, reason: str, by: Actor) -> Dealer:
    """Take business from a suspended dealer again."""
    dealer = Dealer.objects.visible_to(by).lock(dealer_number)
    reason = require_reason(reason)
    moves.move(dealer, DEALER, "resume", by=by, reason=reason)
    events.publish("dealer.resumed", dealer.subject, {"status": dealer.status})
    return dealer
