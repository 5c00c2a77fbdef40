"""The provision of a month is worked out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality import provisions


@action(permissions.RUN_PROVISION, label=_("发起拨备计提"))
def run_provision(*, as_of: date, by: Actor) -> ProvisionRun:
    """Grade every loan and work out its allowance for the evening of a month's last day; nothing is booked yet."""
    require_whole_house(by)
    return provisions.begin(as_of, by=by)
