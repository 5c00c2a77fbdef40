"""Judging hits: compliance says whether it is the same person; what was held to be true is released by two."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chezhe.approvals import steps as approvals
from chezhe.kernel import clock, moves, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import require_reason
from chezhe.risk.screening import matching
from chezhe.risk.screening.models import Hit
from chezhe.risk.screening.states import HIT

KIND = "risk.screening_release"
REASON_MAX = 1000
_VERBS = {"approved": "approve", "rejected": "reject", "returned": "reject", "withdrawn": "withdraw"}


def clear(hit: Hit, reason: str, by: Actor) -> None:
    """Not the same person; the hit, locked by the caller, no longer counts."""
    _judge(hit, "clear", reason, by)
    matching.announce(hit, counts=False)


def confirm(hit: Hit, reason: str, by: Actor) -> None:
    """The same person: it counts on, and only two people together end it."""
    _judge(hit, "confirm", reason, by)


def propose_release(hit: Hit, reason: str, by: Actor) -> None:
    """Ask a second person to agree that a hit once held to be true no longer counts. It counts until then."""
    kept = require_reason(reason, most=REASON_MAX)
    HIT.require(hit.status, "propose_release")
    # What compliance proposes is checked by risk management, and the other way round.
    checker = roles.RISK_MANAGER if roles.COMPLIANCE in by.roles else roles.COMPLIANCE
    makers = {*by.user_ids, *([hit.decided_by_id] if hit.decided_by_id else [])}
    request = approvals.open_request(
        kind=KIND, subject=hit.subject, title=_("解除名单命中 %(number)s") % {"number": hit.number}, stages=[{"role": checker}],
        maker_ids=makers, branch_id=None, by=by,
    )
    moves.move(hit, HIT, "propose_release", by=by, reason=kept)
    hit.request_number = request.number
    hit.save(update_fields=["request_number"])


def settle_decision(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the vote came to, in the transaction of the deciding vote."""
    hit = lock(subject.partition(":")[2], SYSTEM)
    moves.move(hit, HIT, _VERBS[outcome], by=by)
    if outcome == "approved":
        matching.announce(hit, counts=False)


def lock(number: str, by: Actor) -> Hit:
    """The hit with its row locked; raises NotFound (404) also for one out of reach."""
    return Hit.objects.visible_to(by).select_related("customer").lock(number)


def _judge(hit: Hit, verb: str, reason: str, by: Actor) -> None:
    kept = require_reason(reason, most=REASON_MAX)
    moves.move(hit, HIT, verb, by=by, reason=kept)
    hit.decided_at, hit.decided_by_id, hit.decided_by_name, hit.reason = clock.now(), by.user_id, by.name, kept
    hit.save(update_fields=["decided_at", "decided_by_id", "decided_by_name", "reason"])
