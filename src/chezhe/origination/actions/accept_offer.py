from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import answering


@action(permissions.ACCEPT_OFFER, label=_("登记客户接受"))
def accept_offer(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Note that the customer takes what was approved, while the offer lasts."""
    application = steps.lock(application_number, by)
    answering.accept(application, business_date, by=by)
    return application
