"""Where models stand in the rail, in the inbox, among waiting work and for the search."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds
from chezhe.kernel import subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.risk.registry import permissions, queries, steps
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "risk.models", "risk", _("评分模型"), "risk:models", permissions.VIEW_MODELS.code, icon="chart-bar", order=25))
    kinds.register(kinds.Kind(steps.KIND, _("评分模型启用"), _model_url, is_decidable=True, settle=steps.settle))
    subjects.register("scoring_model", open_model)
    worklist.register(Pile(
        "risk.drift", _("待处理的模型漂移"), "risk:models", permissions.ANSWER_DRIFT.code,
        worklist.Counted(lambda by: queries.alerts()), _alerts, icon="alert-triangle", order=61, verb=_("处理"), query="drift=open",
    ))


def _model_url(subject: str) -> str:
    return reverse("risk:model", args=[subject.partition(":")[2]])


def open_model(actor: Actor, number: str) -> Subject:
    """For the inbox and the search."""
    if not actor.can(permissions.VIEW_MODELS.code):
        raise NotFound(what=number)
    found = queries.called(number)
    return Subject(found.subject, str(found), _model_url(found.subject))


def _alerts(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{one.model.title} {one.model.number}", _model_url(one.model.subject), None, str(one.get_level_display()),
                since_at=one.watched_at)
        for one in queries.alerts()[:most]
    ]
