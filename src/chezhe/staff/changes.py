"""Proposing a change of rights: the row, the second person, and the words that describe it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import clock, moves, numbers, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.staff import queries, rules, second_person, steps
from chezhe.staff.models import REACH_LABELS, AccessChange, Branch, Region, User

PREFIX = numbers.register("AC", "access change")


class ChangeWaiting(BusinessError):
    code = "change_waiting"
    sentence = gettext_lazy("已有一项同样的变更 %(number)s 在等待复核，请先处理它。")


def require_role(role: str) -> None:
    """Raises Invalid (422) for a role that does not exist."""
    if role not in roles.LABELS:
        raise Invalid(field="role", code="role_unknown", sentence=gettext_lazy("没有这个角色，请重新选择。"))


def require_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= 200:
        raise Invalid(field="reason", code="reason_missing", sentence=gettext_lazy("请填写原因，不超过 200 个字。"))


def propose(
    *, kind: str, role: str, content: dict[str, Any], reason: str, by: Actor, user: User | None = None, asked: str = ""
) -> AccessChange:
    """Write the proposal and ask a second administrator (or a holder of `asked`), who is neither the proposer nor the
    person concerned.

    While an installation has never had more than one administrator, the second one is granted at once.
    """
    at = clock.now()
    on = at.astimezone(clock.SHANGHAI).date()
    waiting = AccessChange.objects.filter(kind=kind, role=role, user=user, status="proposed").first()
    if waiting is not None:
        raise ChangeWaiting(number=waiting.number)
    change = AccessChange.objects.create(
        number=numbers.next_number(PREFIX, on), kind=kind, role=role, content=content, reason=reason.strip(), user=user,
        proposed_by_id=by.user_id, proposed_at=at,
    )
    moves.record(change.subject, "propose", "", "proposed", by=by, reason=change.reason)
    if kind == "grant" and user is not None and rules.is_first_second_admin(role, queries.administrators_ever(), user.pk):
        return steps.settle_access_change(change.number, "approved", by)
    makers = {*by.user_ids, *([user.pk] if user else [])}
    change.request_number = second_person.ask(
        subject=change.subject, title=title_of(change), role=asked or roles.ADMIN, maker_ids=makers, by=by
    )
    change.save(update_fields=["request_number"])
    return change


def title_of(change: AccessChange) -> str:
    """The change in one line, for the inbox."""
    role = str(roles.LABELS.get(change.role, change.role))
    if change.kind == "permissions":
        counts = {"role": role, "added": len(change.content["add"]), "removed": len(change.content["remove"])}
        return _("调整“%(role)s”的权限：增加 %(added)s 项，去掉 %(removed)s 项") % counts
    person = _person(change.user)
    if change.kind == "reset":
        return _("重置 %(person)s 的登录凭证") % {"person": person}
    return _("授予 %(person)s 角色“%(role)s”") % {"person": person, "role": role}


def details_of(change: AccessChange) -> list[tuple[str, str]]:
    """What the change would do, line by line."""
    content = change.content
    if change.kind == "permissions":
        return [(_("增加"), _labels(content["add"])), (_("去掉"), _labels(content["remove"]))]
    if change.kind == "reset":
        lost = _("解除，须重新绑定") if content["with_second_factor"] else _("不变")
        return [(_("人员"), _person(change.user)), (_("动态口令"), lost)]
    reach = Reach(content["reach"])
    place = Branch.objects.filter(pk=content["branch_id"]).first() or Region.objects.filter(pk=content["region_id"]).first()
    return [
        (_("人员"), _person(change.user)),
        (_("角色"), str(roles.LABELS.get(change.role, change.role))),
        (_("数据范围"), f"{REACH_LABELS.get(reach, reach)}{f' · {place}' if place else ''}"),
        (_("开始日"), content["starts_on"]),
        (_("结束日"), content["ends_on"] or _("长期")),
    ]


def _person(user: User | None) -> str:
    return _("%(name)s（%(username)s）") % {"name": user.name, "username": user.username} if user else ""


def _labels(codes: list[str]) -> str:
    return _("、").join(str(PERMISSIONS[code].label) if code in PERMISSIONS else code for code in codes) or "—"
