from collections.abc import Mapping

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging import permissions, steps
from chezhe.messaging.models import Message


@action(permissions.SEND)
def send_message(
    *, template_code: str, subject: str, address: str, facts: Mapping[str, str], language: str = "zh-hans", reference: str = "", by: Actor
) -> Message:
    """Send a customer one message from a template, if consent and contact policy allow it."""
    return steps.send(
        template_code=template_code, recipient_subject=subject, address=address, facts=facts, language=language, reference=reference, by=by
    )
