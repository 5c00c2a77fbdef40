"""Throw a draft of words away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.wording import steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.states import TEMPLATE
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move


@action(permissions.EDIT_TEMPLATE, label=_("放弃文本模板草稿"))
def discard_template(*, version_number: str, reason: str = "", by: Actor) -> TemplateVersion:
    """Give a draft up; it stays in the track. Raises NotFound (404), WrongState (409)."""
    version = steps.lock_version(version_number)
    move(version, TEMPLATE, "discard_template", by=by, reason=reason.strip())
    return version
