from __future__ import annotations

from datetime import date

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import errors, permissions, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION


@action(permissions.EXPIRE)
def expire_application(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Close an approval that nobody accepted in time."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "expire")
    if not rules.has_lapsed(application.approval_expires_on, business_date):
        raise errors.OfferStillValid(until=application.approval_expires_on)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "expire", by=by)
    steps.announce(application, "expired")
    return application
