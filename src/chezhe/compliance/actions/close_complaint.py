"""Nothing more is to be said about a complaint."""

from __future__ import annotations

from chezhe.compliance import permissions, queries
from chezhe.compliance.models import Complaint
from chezhe.compliance.steps import voices
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CLOSE_COMPLAINT)
def close_complaint(*, complaint_number: str, by: Actor) -> Complaint:
    """Close it: by the customer who filed it, or by compliance. Raises NotFound (404) or WrongState (409) before it was answered."""
    complaint = queries.locked_complaint(complaint_number, by)
    voices.close(complaint, by=by)
    return complaint
