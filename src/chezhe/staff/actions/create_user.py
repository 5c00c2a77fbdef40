"""Take a person on."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import passwords, permissions, steps
from chezhe.staff.models import Branch, User
from chezhe.staff.passwords import OneTimeSecret


@action(permissions.MANAGE_PEOPLE, label=_("建立人员账号"))
def create_user(*, username: str, name: str, branch_code: str = "", by: Actor) -> OneTimeSecret:
    """Take a person on, without any role yet; an empty branch means head office."""
    username = username.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,39}", username):
        raise Invalid(
            field="username", code="username_form", sentence=_("用户名以小写字母开头，3 至 40 位，只含字母、数字、点、横线。")
        )
    if User.objects.filter(username=username).exists():
        raise Invalid(field="username", code="username_taken", sentence=_("用户名 %(given)s 已经有人使用。"), given=username)
    if not name.strip():
        raise Invalid(field="name", code="name_missing", sentence=_("请填写姓名。"))
    secret = passwords.one_time_secret()
    user = steps.add_person(
        username=username, name=name.strip(), branch=_branch(branch_code), roles=[], password=secret, at=clock.now(),
        must_change_password=True,
    )
    return OneTimeSecret(user, secret)


def _branch(code: str) -> Branch | None:
    if not code:
        return None
    branch = Branch.objects.filter(code=code, is_open=True).first()
    if branch is None:
        raise Invalid(field="branch_code", code="branch_unknown", sentence=_("没有这家门店，请重新选择。"))
    return branch
