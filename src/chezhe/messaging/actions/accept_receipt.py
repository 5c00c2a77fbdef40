from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging import permissions, rules, steps


@action(permissions.DELIVER, label=_("接收消息回执"))
def accept_receipt(*, channel: str, receipts: Sequence[rules.Receipt], by: Actor) -> int:
    """Take what a vendor says became of messages; returns how many receipts were new."""
    ordered = sorted(receipts, key=lambda receipt: receipt.reference)
    return sum(steps.record_receipt(channel, receipt, by) is not None for receipt in ordered)
