from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import agreeing, errors, permissions, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION


@action(permissions.ACCEPT_OFFER, label=_("登记客户接受"))
def accept_offer(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Note that the customer takes what was approved, while the offer lasts."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "accept")
    if rules.has_lapsed(application.approval_expires_on, business_date):
        raise errors.OfferExpired(until=application.approval_expires_on)
    agreeing.require_free(application, by=by)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "accept", by=by)
    making.close(application, "accept", by=by)
    steps.announce(application, "accepted")
    return application
