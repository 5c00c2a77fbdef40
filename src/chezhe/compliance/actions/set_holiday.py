from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions, steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import Holiday
from chezhe.kernel.scope import require_whole_house


@action(permissions.SET_HOLIDAY, label=_("设定节假日"))
def set_holiday(*, day: date, kind: str, name: str = "", source: str = "", business_date: date, by: Actor) -> Holiday | None:
    """Make a coming day a holiday, a working weekend day, or plain again."""
    require_whole_house(by)
    return steps.set_day(day=day, kind=kind, name=name, source=source, today=business_date)
