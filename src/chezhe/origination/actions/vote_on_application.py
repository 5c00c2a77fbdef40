from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import agreeing, duties, errors, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import conditions, making
from chezhe.origination.offers.conditions import Wished
from chezhe.origination.offers.rules import Change
from chezhe.origination.revising import wanting
from chezhe.origination.states import APPLICATION

NO_CHANGE = Change()
_VERBS = {"approved": "approve", "returned": "return", "rejected": "reject"}
_NEWS = {"approve": "approved", "return": "returned", "reject": "rejected", "pass_review": "reviewed"}


@action(permissions.DECIDE, label=_("对进件投票"))
def vote_on_application(
    *, application_number: str, verdict: str, opinion: str = "", wanted: Sequence[str] = (), change: Change = NO_CHANGE,
    wished: Sequence[Wished] = (), business_date: date, by: Actor,
) -> Application:
    """Agree to, return or reject an application; the caps in force today are asked again, and the coverage measured again, before
    anybody agrees. What is sent back says what is `wanted`, one thing each.

    Whoever agrees may do so on other terms than were asked for (`change`), and on conditions (`wished`).
    """
    application = steps.lock(application_number, by)
    APPLICATION.require(application.status, "return")
    duties.require_apart(application, by)
    if verdict == "agree":
        making.put(application, change, business_date, by=by)
        conditions.put(application, wished, by=by)
        steps.judged(application, business_date)
        agreeing.require(application, business_date, by=by)
    elif wished or not change.is_empty:
        raise errors.ChangeWithoutAgreement()
    before = application.approval.stage
    request = approval_steps.cast_vote(request_number=application.approval.number, verdict=verdict, opinion=opinion, by=by)
    verb = _verb(application, request, before)
    if not verb:
        return application
    if verb == "return":
        wanting.ask(application, request, wanted, by=by)
    _decide(application, verb, opinion.strip(), business_date, by)
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


def _decide(application: Application, verb: str, opinion: str, on: date, by: Actor) -> None:
    application.opinion = opinion
    if verb in ("approve", "reject"):
        application.decided_at = clock.now()
    if verb == "approve":
        making.offer(application, on, by=by)
