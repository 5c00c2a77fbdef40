"""What happens to a case becomes a message to its customer."""

from __future__ import annotations

from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.events import handles
from chezhe.kernel.models import Event
from chezhe.portal.actions.tell_progress import tell_progress

NEWS = {
    "application.submitted": "received", "application.approved": "approved", "application.rejected": "rejected",
    "application.returned": "returned", "contract.papers_printed": "ready", "loan.activated": "paid_out",
}


def tell(event: Event) -> None:
    """Each of NEWS, once."""
    tell_progress(news=NEWS[event.name], number=event.payload["number"], reference=str(event.pk), by=SYSTEM)


for _name in NEWS:
    handles(_name)(tell)
