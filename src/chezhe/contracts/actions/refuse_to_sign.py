"""Somebody says no."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, SigningLink
from chezhe.contracts.signing import guests, steps
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.USE_LINK, label=_("拒绝签署"))
def refuse_to_sign(*, reason: str, by: Actor) -> SigningLink:
    """Whoever sits at a link will not sign: the link ends, and whoever sent it is told why. Raises NotFound (404)."""
    link = guests.link_of(by)
    Contract.objects.lock(link.contract.number)
    why = gettext("签署人拒绝：%(reason)s") % {"reason": reason.strip() or "—"}
    steps.end_link(link, why, by=by)
    events.publish("contract.signing_refused", link.contract.subject, {
        "number": link.contract.number, "customer": link.party.customer.number})
    return link
