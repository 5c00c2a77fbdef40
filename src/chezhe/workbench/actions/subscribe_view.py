"""A list comes to the person instead of the person to the list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.workbench import permissions
from chezhe.workbench.models import SavedView, Subscription


@action(permissions.KEEP_VIEWS, label=_("订阅视图"))
def subscribe_view(*, view_key: str, by: Actor) -> Subscription:
    """Have a view counted every morning; the home page tells how many rows it has and how many more than before."""
    view = SavedView.objects.visible_to(by).filter(key=view_key).first()
    if view is None:
        raise NotFound(what=view_key)
    return Subscription.objects.get_or_create(user_id=by.user_id, view=view)[0]
