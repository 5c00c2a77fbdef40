from __future__ import annotations

from datetime import date

from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination import agreeing, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION
from chezhe.risk.deciding import conditions, reasons
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding.models import Decision
from chezhe.risk.screening.silence import spoken

_NEWS = {"approve": "approved", "reject": "rejected", "refer": "referred"}


@action(permissions.APPLY_DECISION)
def apply_decision(*, decision_number: str, business_date: date, by: Actor) -> Application:
    """Do what the machine decided: offer the loan, hand it to people, or reject it. A decision that is no longer the last one about
    the application, or one that has been applied, moves nothing."""
    decision = deciding_queries.called(decision_number)
    application = steps.lock(decision.subject.partition(":")[2], by)
    latest = deciding_queries.latest(decision.subject)
    if application.status != "checking" or latest is None or latest.pk != decision.pk:
        return application
    verb = _verb(application, decision, business_date, by)
    steps.grade(application, decision, business_date)
    if verb == "refer":
        way = decision.route if decision.route in steps.WAYS else "double_review"
        steps.open_review(application, way, conditions.of(decision).sla_hours, by)
    else:
        application.decided_at = clock.now()
    if verb == "approve":
        making.offer(application, business_date, by=by)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, verb, by=by, reason=_words(decision))
    steps.announce(application, _NEWS[verb])
    return application


def _verb(application: Application, decision: Decision, on: date, by: Actor) -> str:
    """What the decision comes to. Whoever was rejected before is looked at by people, whatever the machine now says; an approval
    whose terms no longer stand up to product and law, or of somebody who is frozen, is not given by it either."""
    if decision.outcome == "declined":
        return "refer" if decision.kind == "appeal" else "reject"
    if decision.outcome != "approved" or decision.kind == "appeal":
        return "refer"
    return "approve" if _offer(application, decision, on, by) else "refer"


def _offer(application: Application, decision: Decision, on: date, by: Actor) -> bool:
    """Put the terms of the decision on the application; False, with nothing changed, where they cannot be offered today."""
    asked = application.annual_rate
    if asked is not None and decision.annual_rate is not None and decision.annual_rate < asked:
        application.annual_rate = decision.annual_rate
    try:
        assessment = steps.judged(application, on)
        agreeing.require(application, on, by=by)
    except BusinessError:
        application.annual_rate = asked
        return False
    steps.freeze(application, assessment)
    return True


def _words(decision: Decision) -> str:
    """The reasons for the track, which every room reads, by their names; a list is in none."""
    found = "、".join(name for _, name in reasons.titled(spoken(decision.reasons)))
    return f"{decision.number} {found}".strip()
