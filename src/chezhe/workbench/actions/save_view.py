from __future__ import annotations

import secrets

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.workbench import permissions, steps
from chezhe.workbench.models import SavedView


@action(permissions.KEEP_VIEWS, label=_("保存视图"))
def save_view(*, list_key: str, path: str, query: str, name: str, role: str = "", is_default: bool = False, by: Actor) -> SavedView:
    """Keep a list with its filters, columns and sorting under a name; one's own view of the same name is replaced.

    Raises Invalid (422), or NotPermitted (403) for who may not share.
    """
    name = steps.tidy_name(name)
    view = SavedView.objects.select_for_update().filter(owner_id=by.user_id, list_key=list_key, name=name).first()
    if view is None:
        view = SavedView(key=secrets.token_hex(4), owner_id=by.user_id, list_key=list_key, name=name)
    view.path, view.query, view.changed_at = path, steps.tidy_query(query, is_shared=bool(role)), clock.now()
    steps.share(view, role, by)
    view.save()
    if is_default:
        steps.make_default(list_key, view, by)
    return view
