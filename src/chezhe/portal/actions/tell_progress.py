"""The worker tells the customer how far the case is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.messaging.models import Message
from chezhe.portal import notices, permissions

_SAYS = {"received": notices.say_received, "ready": notices.say_ready, "paid_out": notices.say_paid_out}


@action(permissions.TELL_PROGRESS, label=_("发送办理进度通知"))
def tell_progress(*, news: str, number: str, reference: str, by: Actor) -> Message | None:
    """Send the message of one step (`received`, `ready`, `paid_out`, or one of notices.OUTCOMES) about the thing of that number, once a
    `reference`; None where nothing is to be said or no mobile is known."""
    if news in notices.OUTCOMES:
        return notices.say_decided(number, news, reference, by=by)
    return _SAYS[news](number, reference, by=by)
