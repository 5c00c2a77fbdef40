from __future__ import annotations

from datetime import date

from chezhe.approvals import steps as approval_steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import agreeing, permissions, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION

_VERBS = {"approved": "approve", "returned": "return", "rejected": "reject"}
_NEWS = {"approve": "approved", "return": "returned", "reject": "rejected", "pass_review": "reviewed"}


@action(permissions.DECIDE)
def vote_on_application(
    *, application_number: str, verdict: str, opinion: str = "", business_date: date, by: Actor
) -> Application:
    """Agree to, return or reject an application; the caps in force today are asked again, and the coverage measured again, before
    anybody agrees."""
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "reject")
    if verdict == "agree":
        steps.judged(application, business_date)
        agreeing.require(application, business_date, by=by)
    before = application.approval.stage
    request = approval_steps.cast_vote(request_number=application.approval.number, verdict=verdict, opinion=opinion, by=by)
    verb = _verb(application, request, before)
    if not verb:
        return application
    _decide(application, verb, opinion.strip(), business_date)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, verb, by=by, reason=opinion.strip())
    steps.announce(application, _NEWS[verb])
    return application


def _verb(application: Application, request: ApprovalRequest, stage_before: int) -> str:
    """Empty while the same status goes on: another vote of a stage, or the committee after the final review."""
    if request.status in _VERBS:
        return _VERBS[request.status]
    return "pass_review" if request.stage > stage_before and application.status == "first_review" else ""


def _decide(application: Application, verb: str, opinion: str, on: date) -> None:
    application.opinion = opinion
    if verb in ("approve", "reject"):
        application.decided_at = clock.now()
    if verb == "approve":
        application.approval_expires_on = rules.offer_until(on)
