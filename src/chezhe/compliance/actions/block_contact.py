from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ContactBlock
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.BLOCK_CONTACT)
def block_contact(*, subject: str, reason_code: str, note: str = "", business_date: date, by: Actor) -> ContactBlock:
    """Close the door to somebody who died, disputes the debt or wants no advertising."""
    subjects.open_subject(subject, by)
    return steps.block(subject=subject, reason=reason_code, note=note, on=business_date, by=by)
