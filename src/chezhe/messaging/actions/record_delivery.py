from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging import permissions, rules, steps
from chezhe.messaging.models import Message


@action(permissions.DELIVER, label=_("登记投递结果"))
def record_delivery(*, message_number: str, reply: rules.Reply, by: Actor) -> Message:
    """Write what the vendor answered when the message was handed over."""
    message = steps.lock(message_number)
    steps.record_reply(message, reply, by)
    return message
