"""Writing saved views: what several actions share."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.ui import saved
from chezhe.workbench import permissions
from chezhe.workbench.models import NAME_MAX, QUERY_MAX, DefaultView, SavedView


def tidy_name(name: str) -> str:
    """The name as it is kept. Raises Invalid (422)."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise Invalid(field="name", code="view_name_invalid", sentence=_("请给视图起一个 1 至 40 个字的名称。"))
    return name


def tidy_query(query: str, *, is_shared: bool) -> str:
    """The lasting part of an address; a shared view has no scope, since everybody's reach differs. Raises Invalid (422)."""
    pairs = [(name, value) for name, value in parse_qsl(saved.lasting(query)) if not (is_shared and name == "scope")]
    text = urlencode(pairs, safe=",")
    if len(text) > QUERY_MAX:
        raise Invalid(code="view_too_long", sentence=_("条件太多，无法保存为视图。"))
    return text


def share(view: SavedView, role: str, by: Actor) -> None:
    """Let a role of the sharer's branches see the view; an empty role takes it back. The caller saves.

    Raises NotPermitted (403) or Invalid (422).
    """
    if role and not by.can(permissions.SHARE_VIEWS.code):
        grantors = roles.LABELS[roles.ADMIN]
        raise NotPermitted(permission=permissions.SHARE_VIEWS.label, grantors=grantors, code=permissions.SHARE_VIEWS.code)
    if role and role not in roles.LABELS:
        raise Invalid(field="role", code="role_unknown", sentence=_("没有这个角色，请重新选择。"))
    view.role = role
    view.branch_ids = [] if by.reach == Reach.ALL or not role else sorted(by.branch_ids)


def make_default(list_key: str, view: SavedView | None, by: Actor) -> None:
    """Open a list with this view from now on; with None as it is declared."""
    if view is None:
        DefaultView.objects.filter(user_id=by.user_id, list_key=list_key).delete()
    else:
        DefaultView.objects.update_or_create(user_id=by.user_id, list_key=list_key, defaults={"view": view})
