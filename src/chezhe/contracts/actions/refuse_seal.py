"""The keeper does not stamp a paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import SealUse
from chezhe.contracts.printing.states import SEAL_USE
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.USE_SEAL, label=_("不予用印"))
def refuse_seal(*, use_number: str, reason: str, by: Actor) -> SealUse:
    """Send a request away, saying why. Raises NotFound (404), WrongState (409), Invalid (422) without a reason."""
    use = SealUse.objects.visible_to(by).lock(use_number)
    SEAL_USE.require(use.status, "refuse")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明不予用印的原因。"))
    moves.move(use, SEAL_USE, "refuse", by=by, reason=reason)
    return use
