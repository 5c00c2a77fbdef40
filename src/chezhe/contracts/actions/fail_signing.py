"""A signature will not come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, Signing
from chezhe.contracts.states import SIGNING
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RECORD_SIGNATURES, label=_("登记电子签名失败"))
def fail_signing(*, signing_number: str, attempt: int, failure_code: str, by: Actor) -> Signing:
    """Write down why, so that somebody can try again or have it signed by hand. What is over already stays as it is."""
    found = Signing.objects.select_related("contract").get(number=signing_number)
    Contract.objects.lock(found.contract.number)
    signing = Signing.objects.select_for_update(of=("self",), no_key=True).select_related("contract").get(pk=found.pk)
    if signing.status != "asked" or signing.attempt != attempt:
        return signing
    signing.failure_code = failure_code[:40]
    signing.save(update_fields=["failure_code"])
    moves.move(signing, SIGNING, "fail", by=by, reason=failure_code[:40])
    events.publish("contract.signing_failed", signing.contract.subject, {"number": signing.contract.number, "signing": signing.number})
    return signing
