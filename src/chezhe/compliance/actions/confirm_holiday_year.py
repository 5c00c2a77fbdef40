from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house


@action(permissions.SET_HOLIDAY, label=_("确认全年节假日"))
def confirm_holiday_year(*, year: int, source: str, by: Actor) -> int:
    """Take a year's remaining provisional holidays as announced."""
    require_whole_house(by)
    return steps.confirm_year(year=year, source=source)
