from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.workbench import permissions, steps
from chezhe.workbench.models import SavedView


@action(permissions.KEEP_VIEWS, label=_("选定默认视图"))
def choose_default_view(*, list_key: str, view_key: str, by: Actor) -> SavedView | None:
    """Open a list with this view from now on; with an empty key as it is declared. Raises NotFound (404)."""
    view = SavedView.objects.visible_to(by).filter(list_key=list_key, key=view_key).first() if view_key else None
    if view_key and view is None:
        raise NotFound(what=view_key)
    steps.make_default(list_key, view, by)
    return view
