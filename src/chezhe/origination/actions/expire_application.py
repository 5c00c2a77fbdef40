from __future__ import annotations

from datetime import date

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import errors, lapsing, permissions, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION


@action(permissions.EXPIRE)
def expire_application(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Close a draft that nobody touched, a case that nobody completed, or an approval that nobody accepted or signed in time."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "expire")
    steps.require_unbound(application)
    until = lapsing.last_day(application, business_date)
    if not rules.has_lapsed(until, business_date):
        raise errors.OfferStillValid(until=until)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "expire", by=by)
    making.close(application, "lapse", by=by)
    steps.announce(application, "expired")
    return application
