"""Where relations and the blacklist stand in the rail, on pages, among waiting work and in the inbox."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds
from chezhe.kernel import business_date, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.risk.relations import blacklist, permissions, queries
from chezhe.risk.relations.models import BlacklistEntry, Candidate
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem

# A stand-in for the business day.
FAR = date(2199, 1, 1)


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "risk.candidates", "risk", _("疑似关联"), "risk:candidates", permissions.VIEW.code, icon="users", order=40))
    navigation.register(NavItem(
        "risk.blacklist", "risk", _("黑名单"), "risk:blacklist", permissions.VIEW_BLACKLIST.code, icon="alert-octagon", order=45))
    for kind in ("customer", "application"):
        panels.register(kind, "rings", _("关联"), "risk:relations_panel", permissions.VIEW.code, order=45)
    subjects.register("blacklist", _open_entry)
    kinds.register(kinds.Kind(blacklist.KIND, _("黑名单"), _entry_url, is_decidable=True, settle=blacklist.settle_decision))
    worklist.register(Pile(
        "risk.candidates", _("待核实的疑似关联"), "risk:candidates", permissions.DECIDE.code,
        worklist.Counted(queries.open_candidates), _alike, icon="users", order=52, verb=_("核实"), query="status=open",
    ))
    worklist.register(Pile(
        "risk.blacklist_review", _("待复审的黑名单条目"), "risk:blacklist", permissions.REVIEW_BLACKLIST.code,
        worklist.Counted(lambda by, on: queries.entries_to_review(on), mark=FAR, given=business_date.current), _to_review,
        icon="alert-octagon", order=53, verb=_("复审"), query="review=due",
    ))


def _entry_url(subject: str) -> str:
    return reverse("risk:blacklist_entry", args=[subject.partition(":")[2]])


def _open_entry(actor: Actor, number: str) -> Subject:
    """For the inbox and documents; who may not read the list is told that there is nothing."""
    found = BlacklistEntry.objects.filter(number=number).first() if actor.can(permissions.VIEW_BLACKLIST.code) else None
    if found is None:
        raise NotFound(what=number)
    return Subject(found.subject, f"{found.get_kind_display()} {found.masked} {number}", _entry_url(found.subject))


def _alike(actor: Actor, most: int) -> list[Waiting]:
    rows: QuerySet[Candidate] = queries.open_candidates(actor).order_by("-score", "id")[:most]
    return [
        Waiting(f"{one.number} {one.first_customer.masked_name} · {one.second_customer.masked_name}",
                reverse("risk:candidate", args=[one.number]), detail=str(one.score), since_at=one.found_at)
        for one in rows
    ]


def _to_review(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{entry.number} {entry.masked}", _entry_url(entry.subject))
        for entry in queries.entries_to_review(business_date.current()).order_by("review_on", "id")[:most]
    ]
