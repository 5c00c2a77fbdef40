from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import LenderChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.APPROVE_LENDER, label=_("同意机构资料变更"))
def approve_lender(*, change_number: str, opinion: str = "", by: Actor) -> LenderChange:
    """Agree, as the second person, to new particulars of the lender."""
    change = steps.lock_change(LenderChange, change_number)
    steps.decide(change, "agree", opinion, by)
    return change
