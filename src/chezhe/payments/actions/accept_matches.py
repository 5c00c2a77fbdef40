"""Many suggestions are sure enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import locks, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.kernel.scope import require_whole_house
from chezhe.payments import permissions
from chezhe.payments.reconciliation import matching, proposing
from chezhe.payments.reconciliation.suggesting import BULK_MIN, CONFIDENCE_MAX


@dataclass(frozen=True, slots=True)
class AcceptedMatches:
    """The numbers of the tallies that were joined."""

    on: date
    numbers: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"reconciliation:{self.on.isoformat()}"


@action(permissions.RECONCILE, label=_("批量采纳勾对建议"))
def accept_matches(*, on: date, confidence_min: int, by: Actor) -> AcceptedMatches:
    """Join every suggestion up to the end of a day that is at least so sure and has no rival. Raises Invalid (422) below the limit."""
    require_whole_house(by)
    if not BULK_MIN <= confidence_min <= CONFIDENCE_MAX:
        raise Invalid(
            field="confidence_min", code="confidence_too_low", sentence=_("批量采纳的置信度须在 %(low)s 至 %(high)s 之间。"),
            low=BULK_MIN, high=CONFIDENCE_MAX,
        )
    locks.hold("payments.reconcile")
    numbers = []
    for offer in proposing.offers(on):
        if offer.confidence >= confidence_min and not offer.is_rivalled:
            joined = matching.join(
                offer.first, offer.second, how="accepted", confidence=offer.confidence,
                reasons=[[r.code, r.points, r.given] for r in offer.said.reasons], by=by,
            )
            moves.record(joined.subject, "match", joined.status, joined.status, by=by)
            numbers.append(joined.number)
    return AcceptedMatches(on, tuple(numbers))
