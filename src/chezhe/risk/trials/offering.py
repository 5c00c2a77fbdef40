"""Where live trials stand in the rail, in the inbox and for the search."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.risk.trials import permissions, queries, steps
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "risk.live_trials", "risk", _("分流试验"), "risk:live_trials", permissions.VIEW_TRIALS.code, icon="git-compare", order=16))
    kinds.register(kinds.Kind(steps.KIND, _("分流试验开始"), _url, is_decidable=True, settle=steps.settle))
    subjects.register("live_trial", _open)


def _url(subject: str) -> str:
    return reverse("risk:live_trial", args=[subject.partition(":")[2]])


def _open(actor: Actor, number: str) -> Subject:
    if not actor.can(permissions.VIEW_TRIALS.code):
        raise NotFound(what=number)
    found = queries.called(number)
    return Subject(found.subject, str(found), _url(found.subject))
