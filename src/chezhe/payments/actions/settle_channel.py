"""The channel's statement of a day has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.debits import settling
from chezhe.payments.debits.models import ChannelSettlement
from chezhe.payments.debits.rules import StatementLine


@action(permissions.SETTLE_DEBITS, label=_("渠道清算"))
def settle_channel(*, day: date, lines: Sequence[StatementLine], by: Actor) -> ChannelSettlement:
    """Compare the statement with our own record line by line; when nothing differs, book the sum that is on its way to our bank
    and the channel's fee, once. Otherwise keep the differences, and ask the channel about those orders."""
    return settling.settle(day, lines, by=by)
