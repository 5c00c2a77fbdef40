"""A link shall open nothing any more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, SigningLink
from chezhe.contracts.signing import steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.SIGN, label=_("作废签署链接"))
def end_link(*, link_key: str, reason: str, by: Actor) -> SigningLink:
    """End a link that went to the wrong hands or is not needed. Ending it again changes nothing. Raises Invalid (422)."""
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明原因。"))
    link = SigningLink.objects.visible_to(by).select_related("contract").fetch(link_key)
    Contract.objects.lock(link.contract.number)
    link.refresh_from_db()
    steps.end_link(link, reason, by=by)
    return link
