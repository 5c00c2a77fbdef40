"""A customer complains, or asks for a copy of the own data."""

from __future__ import annotations

from datetime import date

from chezhe.compliance import permissions
from chezhe.compliance.models import Complaint
from chezhe.compliance.steps import voices
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.FILE_COMPLAINT)
def file_complaint(*, subject: str, kind: str, words: str, business_date: date, by: Actor) -> Complaint:
    """Take it down for a customer in reach, with the day by which it is answered. Raises NotFound (404) and what the step raises."""
    opened = subjects.open_subject(subject, by)
    return voices.file_complaint(subject=opened.text, kind=kind, words=words, on=business_date, by=by)
