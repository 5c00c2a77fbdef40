"""Judging a likeness: one hand, one household, one person, or nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chezhe.customers.models import Customer
from chezhe.kernel import clock, events, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason
from chezhe.risk.relations import labels
from chezhe.risk.relations.models import Candidate
from chezhe.risk.relations.states import CANDIDATE

REASON_MAX = 1000


def lock(number: str, by: Actor) -> Candidate:
    """The likeness with its row locked; raises NotFound (404) unless both customers are within reach."""
    found = Candidate.objects.select_for_update(of=("self",), no_key=True).filter(number=number).first()
    if found is None or not _sees_both(found, by):
        raise NotFound(what=number)
    return found


def _sees_both(candidate: Candidate, by: Actor) -> bool:
    both = [candidate.first_customer_id, candidate.second_customer_id]
    return Customer.objects.visible_to(by).filter(pk__in=both).count() == 2


def confirm(candidate: Candidate, kind: str, reason: str, by: Actor) -> None:
    """It is a relation of this kind; it counts from now on."""
    if kind not in dict(labels.RELATION_KINDS):
        raise Invalid(field="kind", code="kind_unknown", sentence=_("没有这个选项，请从列表中选择。"))
    candidate.kind = kind
    _decide(candidate, "confirm", reason, by)
    events.publish("relation.confirmed", candidate.subject, {"number": candidate.number, "kind": kind})


def refuse(candidate: Candidate, reason: str, by: Actor) -> None:
    """They only look alike."""
    _decide(candidate, "refuse", reason, by)


def end(candidate: Candidate, reason: str, by: Actor) -> None:
    """It was a relation until now."""
    kept = require_reason(reason, most=REASON_MAX)
    moves.move(candidate, CANDIDATE, "end", by=by, reason=kept)
    candidate.ended_at = clock.now()
    candidate.save(update_fields=["ended_at"])


def _decide(candidate: Candidate, verb: str, reason: str, by: Actor) -> None:
    kept = require_reason(reason, most=REASON_MAX)
    moves.move(candidate, CANDIDATE, verb, by=by, reason=kept)
    candidate.decided_at, candidate.decided_by_name, candidate.reason = clock.now(), by.name, kept
    candidate.save(update_fields=["kind", "decided_at", "decided_by_name", "reason"])
