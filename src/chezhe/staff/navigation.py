"""Where the staff room's pages stand in the rail and in the user menu."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.composed import Composed
from chezhe.staff import presence
from chezhe.staff.models import Branch
from chezhe.ui.navigation import NavItem, register_branch_label, register_presence, register_user_menu
from chezhe.ui.navigation import register as register_item


def register() -> None:
    items = [
        ("people", _("人员"), "staff:people", "staff.view", "users"),
        ("places", _("门店与区域"), "staff:places", "staff.view", "building-store"),
        ("matrix", _("权限矩阵"), "staff:matrix", "staff.view_matrix", "table"),
        ("responsibility", _("职责表"), "staff:responsibility", "staff.view_matrix", "sitemap"),
        ("access_changes", _("权限变更"), "staff:access_changes", "staff.view", "key"),
        ("delegations", _("委托代办"), "staff:delegations", "staff.delegate", "arrows-exchange"),
    ]
    for order, (key, label, url_name, permission, icon) in enumerate(items, start=10):
        register_item(NavItem(f"staff.{key}", "settings", label, url_name, permission, icon, order))
    register_user_menu(_("我的账户"), "staff:account", icon="user", order=10)
    register_user_menu(_("代人办理"), "staff:delegations", "staff.delegate", icon="arrows-exchange", order=20)
    register_user_menu(_("修改密码"), "staff:change_password", icon="lock", order=30)
    register_user_menu(_("退出登录"), "staff:sign_out", icon="logout", order=90, post=True)
    register_branch_label(branch_name)
    register_presence(presence.ticket)


_NAME: Composed[Any] = Composed(lambda mark: Branch.objects.filter(pk=mark).values_list("name"), -1)


def branch_name(actor: Any) -> str:
    """The home branch of an actor, for the shell."""
    if actor.branch_id is None:
        return str(_("总部"))
    return next((str(name) for (name,) in _NAME.rows(actor.branch_id)), "")
