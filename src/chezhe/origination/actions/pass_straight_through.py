"""A prime case that was approved as it was asked for goes on without anybody."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination import steps as application_steps
from chezhe.origination.models import Application, StraightRun
from chezhe.origination.offers import answering
from chezhe.origination.straight import rules, steps


@action(permissions.PASS_STRAIGHT, label=_("直通：按客户预先同意接受批复"))
def pass_straight_through(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Take the offer for a customer who agreed to it when applying, where nothing differs from what was asked for but a better rate.

    Only what the machine alone approved goes straight, once; where anything stands in the way the reason is kept and people go on.
    """
    application = application_steps.lock(application_number, by)
    is_known = StraightRun.objects.filter(application=application).exists()
    if is_known or application.status != "approved" or not steps.is_by_machine(application):
        return application
    hindrance = rules.hindrance(steps.case_of(application))
    if hindrance:
        steps.decline(application, hindrance)
        return application
    try:
        with transaction.atomic():
            answering.accept(application, business_date, reason=gettext("客户申请时已同意按申请条件直接办理"), by=by)
            steps.begin(application)
    except BusinessError as refusal:
        application.refresh_from_db()
        steps.decline(application, refusal.code, steps.sentence_of(refusal))
    return application
