from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.workbench import permissions, steps
from chezhe.workbench.models import SavedView


@action(permissions.KEEP_VIEWS, label=_("修改视图"))
def edit_view(*, view_key: str, name: str, role: str, by: Actor) -> SavedView:
    """Rename one's own view or change who else sees it. Raises NotFound (404), Invalid (422) or NotPermitted (403)."""
    view = SavedView.objects.select_for_update().fetch_own(view_key, by)
    name = steps.tidy_name(name)
    if SavedView.objects.filter(owner_id=by.user_id, list_key=view.list_key, name=name).exclude(pk=view.pk).exists():
        raise Invalid(field="name", code="view_name_taken", sentence=_("这个列表已有同名的视图。"))
    view.name, view.query, view.changed_at = name, steps.tidy_query(view.query, is_shared=bool(role)), clock.now()
    steps.share(view, role, by)
    view.save()
    return view
