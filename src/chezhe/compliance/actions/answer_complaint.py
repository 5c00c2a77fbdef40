"""Compliance answers a complaint."""

from __future__ import annotations

from chezhe.compliance import permissions, queries
from chezhe.compliance.models import Complaint
from chezhe.compliance.steps import voices
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.ANSWER_COMPLAINT)
def answer_complaint(*, complaint_number: str, answer: str, by: Actor) -> Complaint:
    """Tell the customer what was found and done; it stands on the customer's page at once. Raises NotFound (404), WrongState (409) or
    ReasonRequired (422)."""
    complaint = queries.locked_complaint(complaint_number, by)
    voices.answer(complaint, answer, by=by)
    return complaint
