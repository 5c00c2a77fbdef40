from datetime import datetime

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ContactAttempt
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RESERVE_CONTACT)
def reserve_contact(
    *, subject: str, channel: str, purpose: str, address: str = "", agency: str = "", at: datetime | None = None, by: Actor
) -> ContactAttempt:
    """Take a slot for one contact before it is made, inside the hours and counts that the law allows."""
    subjects.open_subject(subject, by)
    return steps.reserve_contact(subject=subject, channel=channel, purpose=purpose, address=address, agency=agency, at=at, by=by)
