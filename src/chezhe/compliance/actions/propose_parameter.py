from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import ParameterChange
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.PROPOSE_PARAMETER)
def propose_parameter(*, figure: steps.Figure, reason: str, business_date: date, by: Actor) -> ParameterChange:
    """Propose a figure of law or policy from a day on; it counts once a second person agrees."""
    return steps.open_parameter_change(figure, reason=reason, on=business_date, by=by)
