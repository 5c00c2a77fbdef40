from __future__ import annotations

from chezhe.approvals import steps as approval_steps
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.origination import permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import reasons
from chezhe.risk.deciding import steps as deciding_steps


@action(permissions.WITHDRAW)
def withdraw_application(*, application_number: str, reason: str, by: Actor) -> Application:
    """Take an application back, whose customer no longer wants it; an open round of approval ends with it. The
    track and the news carry the reason code R24."""
    reason = require_reason(reason)
    application = steps.lock(application_number, by)
    steps.require_unbound(application)
    was_in_review, was_checking = application.is_in_review, application.status == "checking"
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "withdraw", by=by, reason=f"{reasons.WITHDRAWN} {reason}")
    making.close(application, "lapse", by=by)
    if was_in_review and application.approval is not None:
        approval_steps.withdraw(request_number=application.approval.number, by=by)
    if was_checking:
        deciding_steps.withdraw(application.subject, by=by)
    steps.announce(application, "withdrawn", reasons=[reasons.WITHDRAWN])
    return application
