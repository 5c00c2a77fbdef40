from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ParameterChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.APPROVE_PARAMETER, label=_("驳回参数调整"))
def reject_parameter(*, change_number: str, opinion: str, by: Actor) -> ParameterChange:
    """Refuse a proposed figure, with the reason."""
    change = steps.lock_change(ParameterChange, change_number)
    steps.decide(change, "reject", opinion, by)
    return change
