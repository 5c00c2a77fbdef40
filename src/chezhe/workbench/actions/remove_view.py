from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.workbench import permissions
from chezhe.workbench.models import SavedView


@action(permissions.KEEP_VIEWS)
def remove_view(*, view_key: str, by: Actor) -> SavedView:
    """Throw one's own view away; with it whoever opened a list with it gets the plain list. Raises NotFound (404)."""
    view = SavedView.objects.fetch_own(view_key, by)
    view.delete()
    return view
