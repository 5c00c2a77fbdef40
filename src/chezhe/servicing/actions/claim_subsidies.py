"""The treasury's part in the interest of all lines that fell due in a month."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions, subsidy_claims


@action(permissions.GRANT_SUBSIDY, label=_("整月登记财政贴息"))
def claim_subsidies(*, month: date, by: Actor) -> date:
    """Let the worker grant every qualifying line of the month that is not granted yet, each once, however often it is asked for.

    Raises WholeHouseOnly (403) and Invalid (422).
    """
    require_whole_house(by)
    subsidy_claims.require_begun(month, business_date.current())
    jobs.enqueue("servicing.grant_subsidies", month=f"{month:%Y-%m}")
    return month
