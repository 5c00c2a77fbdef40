from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import duplicates, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import conditions
from chezhe.origination.revising import history, rules
from chezhe.origination.states import APPLICATION


@action(permissions.WRITE, label=_("进件送审"))
def submit_application(*, application_number: str, version: int, business_date: date, by: Actor) -> Application:
    """Hand in a complete application, with every figure frozen as it stands today: facts are asked for, then it is decided.

    One that was sent back for papers, with nothing changed that was decided on, goes on where it was sent back from.
    """
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "submit")
    application.require_version(version)
    steps.require_complete(application, business_date)
    product = application.product_version.product.code if application.product_version else ""
    application.product_version = steps.product_for(product, application.borrower_kind, business_date)
    assessment = steps.judged(application, business_date)
    duplicates.hold_people(application, business_date, by)
    steps.hold_vehicle(application)
    returned, before = application.approval, application.snapshot
    steps.freeze(application, assessment)
    application.submitted_at, application.opinion = clock.now(), ""
    steps.mark(application, by)
    verb = "submit"
    if returned is not None and returned.status == "returned" and not rules.is_material(before, application.snapshot):
        verb = steps.bring_back(application, returned, by)
    else:
        application.approval = None
        steps.ungrade(application)
        conditions.drop(application, by=by)
    application.save()
    history.hand_in(application, by=by)
    moves.move(application, APPLICATION, verb, by=by)
    if verb == "submit":
        steps.ask_decision(application, assessment, by=by)
    steps.announce(application, "submitted")
    if verb != "submit":
        steps.announce(application, "referred")
    return application
