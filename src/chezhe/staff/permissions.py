"""What may be done with people, places and rights."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "staff.view", _("查看人员、角色与权限"), [*roles.MANAGERS, *roles.OVERSIGHT, roles.ADMIN],
    accountable=roles.ADMIN, reads_only=True,
)
VIEW_MATRIX = permission(
    "staff.view_matrix", _("查看权限矩阵与职责表"), roles.ALL, accountable=roles.ADMIN, reads_only=True
)
OWN_ACCOUNT = permission("staff.own_account", _("管理自己的登录与令牌"), roles.ALL, accountable=roles.ADMIN)
DELEGATE = permission(
    "staff.delegate", _("委托他人代办"), roles.BUSINESS, accountable=roles.BRANCH_MGR, informed=[roles.COMPLIANCE]
)
MANAGE_PEOPLE = permission(
    "staff.manage_people", _("新建、停用人员"), [roles.ADMIN], accountable=roles.ADMIN, informed=roles.MANAGERS
)
GRANT_ROLES = permission(
    "staff.grant_roles", _("授予、收回角色"), [roles.ADMIN], accountable=roles.ADMIN,
    consulted=[*roles.MANAGERS, roles.AUDITOR], informed=[roles.COMPLIANCE],
)
CHANGE_ROLE_PERMISSIONS = permission(
    "staff.change_role_permissions", _("调整角色权限"), [roles.ADMIN],
    accountable=roles.ADMIN, consulted=[roles.COMPLIANCE, roles.AUDITOR], informed=roles.MANAGERS,
)
MANAGE_PLACES = permission(
    "staff.manage_places", _("维护门店与区域"), [roles.ADMIN], accountable=roles.ADMIN, consulted=[roles.REGIONAL_MGR]
)
END_SESSIONS = permission(
    "staff.end_sessions", _("强制他人下线、吊销他人令牌"), [roles.ADMIN], accountable=roles.ADMIN, informed=[roles.COMPLIANCE]
)

# Without these nobody could repair the rights of anybody: the administrators' role keeps them.
KEPT_BY_ADMIN = frozenset(p.code for p in (VIEW, MANAGE_PEOPLE, GRANT_ROLES, CHANGE_ROLE_PERMISSIONS, OWN_ACCOUNT))
