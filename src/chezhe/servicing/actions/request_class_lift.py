"""The reason for a downgrade is over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.models import ClassDowngrade
from chezhe.servicing.quality import downgrades


@action(permissions.REQUEST_CLASS_LIFT, label=_("申请解除分类下调"))
def request_class_lift(*, downgrade_number: str, reason: str, by: Actor) -> ClassDowngrade:
    """Ask risk management to end a downgrade; until they agree, the loan stays in its class."""
    downgrade = ClassDowngrade.objects.visible_to(by).select_related("loan").lock(downgrade_number)
    return downgrades.ask_lift(downgrade, reason, by=by)
