"""Open what an outside source told of somebody, in full."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound, require_reason
from chezhe.risk import permissions
from chezhe.risk.facts.models import Enquiry


@dataclass(frozen=True, slots=True)
class Opened:
    """A report with the subject whose trail keeps that it was opened."""

    subject: str
    enquiry: Enquiry


@action(permissions.REVEAL_REPORT)
def reveal_report(*, enquiry_number: str, reason: str, by: Actor) -> Opened:
    """The stored answer for a stated reason. Raises NotFound (404), ReasonRequired (422)."""
    require_reason(reason)
    row = Enquiry.objects.filter(number=enquiry_number).exclude(answer="").first()
    if row is None:
        raise NotFound(what=enquiry_number[:40])
    subjects.open_subject(row.subject, by)
    return Opened(row.subject, row)
