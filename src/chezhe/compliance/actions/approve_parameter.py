from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ParameterChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.APPROVE_PARAMETER, label=_("同意参数调整"))
def approve_parameter(*, change_number: str, opinion: str = "", by: Actor) -> ParameterChange:
    """Agree, as the second person, to a proposed figure: it becomes a new row of the table."""
    change = steps.lock_change(ParameterChange, change_number)
    steps.decide(change, "agree", opinion, by)
    return change
