from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging import permissions, steps
from chezhe.messaging.models import Message


@action(permissions.WITHDRAW)
def withdraw_message(*, message_number: str, reason: str, by: Actor) -> Message:
    """Take back a message that has not been handed over yet."""
    message = Message.objects.visible_to(by).lock(message_number)
    steps.withdraw(message, by, reason)
    return message
