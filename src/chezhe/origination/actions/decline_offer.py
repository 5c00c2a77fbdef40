from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.origination import permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import reasons


@action(permissions.ACCEPT_OFFER, label=_("登记客户谢绝"))
def decline_offer(*, application_number: str, reason: str, by: Actor) -> Application:
    """Note that the customer does not take what was approved; the track and the news carry the reason code R24."""
    reason = require_reason(reason, most=200)
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "decline")
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "decline", by=by, reason=f"{reasons.WITHDRAWN} {reason}")
    making.close(application, "decline", answer=reason, by=by)
    steps.announce(application, "withdrawn", reasons=[reasons.WITHDRAWN])
    return application
