"""Somebody called back who could not prove to be the bank."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions


@dataclass(frozen=True, slots=True)
class RefusedCallback:
    """`reason_code` is missing, wrong, stale, replayed or unreadable."""

    service: str
    reason_code: str

    @property
    def subject(self) -> str:
        return f"callback:{self.service}"


@action(permissions.SETTLE_PAYOUT, label=_("报告被拒的银行回调"))
def report_refused_callback(*, service: str, reason_code: str, by: Actor) -> RefusedCallback:
    """Leave a trace of a callback that was not accepted, and tell whoever watches."""
    refused = RefusedCallback(service, reason_code)
    events.publish("payment.callback_refused", refused.subject, {"reason": reason_code})
    return refused
