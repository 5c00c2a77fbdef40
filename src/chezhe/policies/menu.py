"""The tables' place in the rail, what of them waits, and how a version is decided."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds
from chezhe.kernel import subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.policies import permissions, queries, seeds, vocabulary
from chezhe.policies.models import VERSION_KIND, PolicyVersion
from chezhe.policies.states import DRAFT
from chezhe.policies.steps import settle_version
from chezhe.ui import navigation


def register() -> None:
    """Called once at start-up."""
    vocabulary.register("policies", seeds.columns)
    navigation.register(navigation.NavItem(
        key="policies.policies", group="risk", label=_("决策表"), url_name="policies:policies", permission=permissions.VIEW.code,
        icon="table", order=20,
    ))
    kinds.register(kinds.Kind(VERSION_KIND, _("决策表版本"), url=version_url, settle=settle_version))
    subjects.register("policy_version", _open_version)
    worklist.register(Pile(
        "policies.drafts", _("未提交的决策表版本"), "policies:versions", permissions.EDIT_VERSION.code,
        worklist.Counted(lambda by: drafts()), _first, icon="table", order=62, verb=_("继续起草"), query="status=draft",
    ))


def drafts() -> QuerySet[PolicyVersion]:
    """Begun or sent back, the oldest first. What was submitted waits in the inbox of whoever may publish it."""
    return PolicyVersion.objects.filter(status=DRAFT).select_related("policy").order_by("drafted_at")


def _first(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.policy.label} {row.number}", reverse("policies:version", args=[row.number]), None, row.drafted_by_name,
                since_at=row.drafted_at)
        for row in drafts()[:most]
    ]


def version_url(subject: str) -> str:
    """The page of a version."""
    return reverse("policies:version", args=[subject.partition(":")[2]])


def _open_version(actor: Actor, number: str) -> subjects.Subject:
    if not actor.can(permissions.VIEW.code):
        raise NotFound(what=number)
    version = queries.version_called(number)
    return subjects.Subject(version.subject, str(version), version_url(version.subject))
