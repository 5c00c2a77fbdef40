"""The ledger's place in the rail, and how a proposed entry is decided in the inbox."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.ledger import permissions, worklists
from chezhe.ledger.models import MANUAL_KIND, ManualEntry
from chezhe.ledger.steps import settle_manual_entry
from chezhe.ui import navigation

_PAGES = (
    ("entries", _("分录"), "book-2", 60), ("trial_balance", _("试算平衡"), "scale", 61), ("accounts", _("会计科目"), "list-tree", 62),
    ("statement", _("对账单"), "file-text", 63),
    ("daybook", _("序时账"), "list", 63), ("manual_entries", _("手工分录"), "pencil", 64), ("periods", _("会计期间"), "lock", 65),
)


def register() -> None:
    """Called once at start-up."""
    for name, label, icon, order in _PAGES:
        navigation.register(navigation.NavItem(
            key=f"ledger.{name}", group="servicing", label=label, url_name=f"ledger:{name}",
            permission=permissions.VIEW.code, icon=icon, order=order,
        ))
    kinds.register(kinds.Kind(
        MANUAL_KIND, _("手工分录"), url=_manual_url, is_decidable=True, settle=settle_manual_entry,
    ))
    subjects.register("manual_entry", _open_manual)
    worklists.register()


def _manual_url(subject: str) -> str:
    return reverse("ledger:manual_entry", args=[subject.partition(":")[2]])


def _open_manual(actor: Actor, number: str) -> subjects.Subject:
    manual = ManualEntry.objects.visible_to(actor).fetch(number)
    text = _("手工分录 %(number)s") % {"number": number}
    return subjects.Subject(manual.subject, text, _manual_url(manual.subject), manual.branch_id, manual.proposed_by_id)
