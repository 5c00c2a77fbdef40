"""Throw a draft away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move
from chezhe.products import permissions, steps
from chezhe.products.models import ProductVersion
from chezhe.products.states import VERSION


@action(permissions.EDIT_VERSION, label=_("放弃产品草稿"))
def discard_version(*, version_number: str, reason: str = "", by: Actor) -> ProductVersion:
    """Give a draft up; it stays in the track. Raises NotFound (404), WrongState (409)."""
    version = steps.lock_version(version_number)
    move(version, VERSION, "discard_version", by=by, reason=reason)
    return version
