from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import appealing, duplicates, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import conditions
from chezhe.risk.deciding import steps as deciding_steps


@action(permissions.CONTEST, label=_("登记人工复核"))
def ask_human_review(*, application_number: str, reason: str, business_date: date, by: Actor) -> Application:
    """The customer does not accept a decision made by a machine alone: people decide instead (个人信息保护法 §24)."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "ask_review")
    decision = appealing.reviewable(application)
    deciding_steps.wish(decision, "review", reason, by=by)
    duplicates.hold_people(application, business_date, by)
    steps.hold_vehicle(application)
    steps.open_review(application, "double_review", conditions.of(decision).sla_hours, by)
    application.decided_at = None
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "ask_review", by=by, reason=reason.strip())
    steps.announce(application, "review_asked")
    return application
