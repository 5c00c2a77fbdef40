"""Make a key useless."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.staff import permissions, queries
from chezhe.staff.models import ApiToken


@action(permissions.OWN_ACCOUNT, label=_("吊销令牌"))
def revoke_token(*, token_id: int, by: Actor) -> ApiToken:
    """Revoke one's own token, or anybody's with the right to end sessions; it fails from the next request on."""
    row = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if row is None or not queries.may_end(row.user_id, by):
        raise NotFound(what=token_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
    return row
