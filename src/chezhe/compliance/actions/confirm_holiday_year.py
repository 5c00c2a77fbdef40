from chezhe.compliance import permissions, steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house


@action(permissions.SET_HOLIDAY)
def confirm_holiday_year(*, year: int, source: str, by: Actor) -> int:
    """Take a year's remaining provisional holidays as announced."""
    require_whole_house(by)
    return steps.confirm_year(year=year, source=source)
