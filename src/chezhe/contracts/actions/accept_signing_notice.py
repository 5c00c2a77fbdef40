"""The provider calls back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Signing
from chezhe.contracts.signing import steps
from chezhe.contracts.vendors.esign.client import Notice
from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound


@action(permissions.RECORD_SIGNATURES, label=_("接收电子签名通知"))
def accept_signing_notice(*, notice: Notice, by: Actor) -> Signing:
    """Somewhere a signature is ready, or will never be: the worker asks for the truth. A notice says nothing that is believed, so one that
    comes early, twice or late is harmless. Raises NotFound (404) for an order that we never gave."""
    signing = Signing.objects.filter(number=notice.signing_number).first()
    if signing is None:
        raise NotFound(what=notice.signing_number[:40])
    if signing.status == "asked":
        jobs.enqueue(steps.JOB, number=signing.number)
    return signing
