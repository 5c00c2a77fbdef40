from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged, require_reason
from chezhe.origination import agreeing, errors, permissions, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import conditions, making
from chezhe.origination.offers.rules import Change
from chezhe.origination.revising import history
from chezhe.origination.states import APPLICATION


@action(permissions.ACCEPT_OFFER, label=_("登记客户另提条件"))
def counter_offer(*, application_number: str, change: Change, reason: str, business_date: date, by: Actor) -> Application:
    """The customer wants other terms than those approved: that is a new request (民法典 §488), which the machine and people decide anew,
    and the offer that stood is gone."""
    reason = require_reason(reason, most=200)
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "counter")
    if rules.has_lapsed(application.approval_expires_on, business_date):
        raise errors.OfferExpired(until=application.approval_expires_on)
    making.require_round_left(application, business_date)
    agreeing.require_free(application, by=by)
    before = making.terms_of(application)
    wanted = change.of(before)
    if wanted == before:
        raise NothingChanged()
    written = history.written(application)
    application.amount, application.periods, application.annual_rate = wanted.amount, wanted.periods, wanted.annual_rate
    assessment = steps.judged(application, business_date)
    steps.freeze(application, assessment)
    steps.ungrade(application)
    application.approval, application.approval_expires_on, application.decided_at = None, None, None
    application.submitted_at = clock.now()
    steps.mark(application, by)
    # An approved application keeps its last day: first it is none any more.
    moves.move(application, APPLICATION, "counter", by=by, reason=reason)
    application.save()
    history.keep(application, written, history.written(application), by=by)
    history.hand_in(application, by=by)
    making.close(application, "counter", answer=reason, by=by)
    conditions.drop(application, by=by)
    steps.ask_decision(application, assessment, by=by)
    steps.announce(application, "countered")
    return application
