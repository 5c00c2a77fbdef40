"""An exception gets somebody who looks after it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.staff.models import User


@action(permissions.RECONCILE, label=_("指定差异负责人"))
def assign_tally(*, tally_number: str, username: str, note: str = "", by: Actor) -> Tally:
    """Name who looks after an exception (nobody when empty) and what is known so far. Raises NotFound (404) for no colleague."""
    tally = Tally.objects.visible_to(by).lock(tally_number)
    owner = User.objects.filter(username=username, is_active=True).first() if username else None
    if username and owner is None:
        raise NotFound(what=username)
    tally.owner, tally.note = owner, note.strip()
    tally.save(update_fields=["owner", "note"])
    said = f"{owner.name if owner else '—'} {tally.note}"
    moves.record(tally.subject, "assign", tally.status, tally.status, by=by, reason=said[:200])
    return tally
