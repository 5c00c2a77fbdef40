from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ContactBlock
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.LIFT_CONTACT_BLOCK)
def lift_contact_block(*, subject: str, reason_code: str, note: str, business_date: date, by: Actor) -> ContactBlock:
    """Open the door again once the reason is gone."""
    subjects.open_subject(subject, by)
    return steps.lift_block(subject=subject, reason=reason_code, note=note, on=business_date, by=by)
