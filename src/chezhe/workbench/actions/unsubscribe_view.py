"""No more news of a list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.workbench import permissions
from chezhe.workbench.models import SavedView, Subscription


@action(permissions.KEEP_VIEWS, label=_("退订视图"))
def unsubscribe_view(*, view_key: str, by: Actor) -> None:
    """Count it no longer; a view that is not subscribed to stays so. Raises NotFound (404) for one that nobody may see."""
    gone, _rows = Subscription.objects.filter(user_id=by.user_id, view__key=view_key).delete()
    if not gone and not SavedView.objects.visible_to(by).filter(key=view_key).exists():
        raise NotFound(what=view_key)
