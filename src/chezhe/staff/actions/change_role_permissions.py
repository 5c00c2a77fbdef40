"""Propose what a role may do; a second administrator agrees."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.kernel.permission import REGISTRY
from chezhe.staff import changes, permissions, queries
from chezhe.staff.models import AccessChange


@action(permissions.CHANGE_ROLE_PERMISSIONS)
def change_role_permissions(*, role: str, wanted: Collection[str], reason: str, by: Actor) -> AccessChange:
    """Propose the full set of permission codes that a role shall hold."""
    changes.require_role(role)
    changes.require_reason(reason)
    unknown = sorted(set(wanted) - REGISTRY.keys())
    if unknown:
        raise Invalid(field="wanted", code="permission_unknown", sentence=_("没有权限 %(given)s。"), given=" ".join(unknown))
    held = queries.permissions_of([role])
    added, removed = sorted(set(wanted) - held), sorted(held - set(wanted))
    if not added and not removed:
        raise Invalid(field="wanted", code="nothing_changed", sentence=_("没有任何改动。"))
    if role == roles.ADMIN and (kept := permissions.KEPT_BY_ADMIN & set(removed)):
        labels = gettext("、").join(str(REGISTRY[code].label) for code in sorted(kept))
        raise Invalid(field="wanted", code="admin_keeps", sentence=_("管理员必须保留：%(labels)s。"), labels=labels)
    return changes.propose(kind="permissions", role=role, content={"add": added, "remove": removed}, reason=reason, by=by)
