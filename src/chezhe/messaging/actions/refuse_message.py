from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging import permissions, steps
from chezhe.messaging.models import Message


@action(permissions.DELIVER, label=_("拦下消息"))
def refuse_message(*, message_number: str, hold: steps.Hold, by: Actor) -> Message:
    """Stop a queued message because consent was withdrawn or the person may no longer be contacted."""
    message = steps.lock(message_number)
    if message.status == "queued":
        steps.refuse(message, hold, by)
    return message
