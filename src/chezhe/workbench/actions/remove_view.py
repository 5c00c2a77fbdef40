from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.workbench import permissions
from chezhe.workbench.models import SavedView


@action(permissions.KEEP_VIEWS, label=_("删除视图"))
def remove_view(*, view_key: str, by: Actor) -> SavedView:
    """Throw one's own view away; with it whoever opened a list with it gets the plain list. Raises NotFound (404)."""
    view = SavedView.objects.fetch_own(view_key, by)
    view.delete()
    return view
