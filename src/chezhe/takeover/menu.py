"""The room's place in the rail, its piles of waiting work, and its words in the journal."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.kernel import subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import vocabulary as journal
from chezhe.servicing import takeovers
from chezhe.takeover import permissions, reconciling
from chezhe.takeover.models import Takeover
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "takeover.books", "servicing", pgettext_lazy("book", "存量迁入"), "takeover:books", permissions.VIEW.code, icon="upload", order=84))
    for event, label in (
        (takeovers.EVENT, gettext_lazy("存量迁入")), (takeovers.ACCRUED, gettext_lazy("迁入应计利息")),
        (reconciling.FUNDING, gettext_lazy("迁入资金来源")),
    ):
        journal.name_event(event, label)
    subjects.register("takeover", open_subject)
    worklist.register(worklist.Pile(
        "takeover.books", gettext_lazy("存量迁入待复核"), "takeover:books", permissions.APPROVE.code,
        worklist.Counted(_to_approve), _waiting, icon="upload", order=37, verb=gettext_lazy("复核"),
    ))


def open_subject(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    book = Takeover.objects.visible_to(actor).fetch(number)
    return Subject(book.subject, f"{book.title} {number}", reverse("takeover:book", args=[number]), None)


def _to_approve(actor: Actor) -> QuerySet[Takeover]:
    """Submitted by others."""
    submitted = Takeover.objects.visible_to(actor).filter(status="submitted")
    return submitted.exclude(begun_by_id__in=actor.user_ids)


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{book.number} {book.title}", reverse("takeover:book", args=[book.number]), book.tried_at, book.begun_by_name, None)
        for book in _to_approve(actor).order_by("id")[:most]
    ]
