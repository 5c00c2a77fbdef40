"""Whoever sits at a link: an actor of the narrowest kind, who sees one party's papers of one contract and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.contracts.models import SigningLink
from chezhe.contracts.signing import queries
from chezhe.kernel.actor import GUEST, Actor, Reach
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.permission import held_by_outsiders


def actor_of(link: SigningLink) -> Actor:
    """The actor of a link; once its code was right, with the moment and the contract it was asked for."""
    name = _("%(name)s（签署链接）") % {"name": link.party.customer.masked_name}
    return Actor(
        key=f"guest:{link.key}", name=name[:80], kind=GUEST, permissions=held_by_outsiders(GUEST), reach=Reach.CUSTOMER,
        party_ids=frozenset([link.party.customer_id]), stepped_up_at=link.used_at,
        stepped_up_for=link.contract.subject if link.used_at else "",
    )


def link_of(by: Actor) -> SigningLink:
    """The link that this actor sits at, while the sitting lasts. Raises NotFound (404)."""
    kind, _colon, key = by.key.partition(":")
    link = queries.sitting(key) if kind == GUEST and by.kind == GUEST and by.stepped_up_at is not None else None
    if link is None:
        raise NotFound(what="")
    return link


def lock_link(by: Actor) -> SigningLink:
    """The link that this actor came by, locked, whether its code was right or not. Raises NotFound (404)."""
    rows = SigningLink.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    found = rows.select_related("contract", "party__customer").filter(key=by.key.partition(":")[2]).first()
    if found is None:
        raise NotFound(what="")
    return found


class Unseen(BusinessError):
    code = "not_found"
    http_status = 404
    sentence = gettext_lazy("链接无效、已过期或已使用，请联系经办人重新发送。")


class NotNow(BusinessError):
    code = "not_possible"
    sentence = gettext_lazy("目前不能签署，请联系经办人。")


# What a guest may hear as it is said; anything else tells of the house or of other people.
_TOLD = {
    "code_too_soon", "codes_used_up", "code_not_sent", "code_wrong", "link_ended", "e_sign_consent_needed", "nothing_to_sign",
    "control_character", "method_not_allowed", "body_too_large", "media_type_unsupported", "body_not_read", "idempotency_key_required",
    "idempotency_key_reused", "idempotency_key_invalid", "shown_once", "address_unreadable", "cursor_invalid",
}


def reworded(refusal: BusinessError) -> BusinessError:
    """A refusal in the words for guests."""
    if refusal.code in _TOLD or isinstance(refusal, (Unseen, NotNow)):
        return refusal
    return Unseen() if refusal.http_status in (401, 403, 404) else NotNow()
