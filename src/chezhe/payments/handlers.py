"""News from lower rooms that ends what rests on it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Event
from chezhe.payments.actions.revoke_mandate import revoke_mandate
from chezhe.payments.debits import mandates, queries


@events.handles("consent.withdrawn")
def end_mandate(event: Event) -> None:
    """A customer took back the leave to collect: the mandate ends with it."""
    if event.payload["kind"] == mandates.CONSENT:
        for number in queries.standing_of(event.payload["subject"].partition(":")[2]):
            revoke_mandate(mandate_number=number, reason=_("客户撤回代扣同意"), by=SYSTEM)
