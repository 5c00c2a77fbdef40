from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import LenderChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.APPROVE_LENDER, label=_("驳回机构资料变更"))
def reject_lender(*, change_number: str, opinion: str, by: Actor) -> LenderChange:
    """Refuse new particulars of the lender, with the reason."""
    change = steps.lock_change(LenderChange, change_number)
    steps.decide(change, "reject", opinion, by)
    return change
