from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import LenderChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.SET_LENDER)
def set_lender(*, particulars: steps.Particulars, reason: str, business_date: date, by: Actor) -> LenderChange:
    """Propose who the lender is and under which licence it lends; it counts once a second person agrees."""
    return steps.open_lender_change(particulars, reason=reason, on=business_date, by=by)
