"""What people call the events in the journal. Rooms name theirs in `AppConfig.ready`; the ledger knows none of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_names: dict[str, Any] = {"reversal": _("冲正"), "manual_entry": _("手工分录")}


def name_event(event: str, label: Any) -> None:
    """`name_event("repayment", _("还款"))`: what the journal list and the statements show for the event."""
    _names[event] = label


def event_label(event: str) -> str:
    """The event in the reader's language; its code when no room has named it."""
    return str(_names.get(event, event))


def event_choices() -> list[tuple[str, Any]]:
    """All named events, for the filter of the journal."""
    return list(_names.items())
