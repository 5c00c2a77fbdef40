from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import appealing, duplicates, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import steps as deciding_steps
from chezhe.risk.deciding.asking import APPEAL


@action(permissions.CONTEST, label=_("登记申诉"))
def appeal_decision(*, application_number: str, reason: str, business_date: date, by: Actor) -> Application:
    """The customer says that facts have changed or were wrong, whether the machine or people said no: every source is asked anew, and
    people who did not say no see what is different. Once for each time that it was handed in."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "appeal")
    decision = appealing.appealable(application)
    deciding_steps.wish(decision, "appeal", reason, by=by)
    assessment = steps.judged(application, business_date)
    duplicates.hold_people(application, business_date, by)
    steps.hold_vehicle(application)
    application.decided_at = None
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "appeal", by=by, reason=reason.strip())
    steps.ask_decision(application, assessment, kind=APPEAL, by=by)
    steps.announce(application, "appealed")
    return application
