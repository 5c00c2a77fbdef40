"""Make a key for a program."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action, require_fresh_code
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import permissions, rules, tokens
from chezhe.staff.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`secret` is the key, shown this once."""

    row: ApiToken
    secret: str

    @property
    def subject(self) -> str:
        return self.row.subject


@action(permissions.OWN_ACCOUNT, label=_("签发令牌"))
def issue_token(*, label: str, scopes: Collection[str], days: int, by: Actor) -> IssuedToken:
    """Make a key that acts as oneself within some of one's own permissions, for a number of days.

    A program must prove the second factor for it. Raises StepUpRequired (403) or Invalid (422).
    """
    if by.user_id is None or by.on_behalf_of_id is not None:
        raise Invalid(code="token_on_behalf", sentence=_("代人办理时不能签发令牌。"))
    if by.is_program:
        # A stolen key would otherwise live on in a child of its own after it is revoked.
        require_fresh_code(by)
    if not 1 <= len(label.strip()) <= 60:
        raise Invalid(field="label", code="label_missing", sentence=_("请写明令牌的用途，不超过 60 个字。"))
    if not 1 <= days <= rules.TOKEN_DAYS_MAX:
        raise Invalid(field="days", code="token_days", sentence=_("有效期为 1 至 %(days)s 天。"), days=rules.TOKEN_DAYS_MAX)
    beyond = sorted(code for code in scopes if not by.can(code))
    if not scopes or beyond:
        raise Invalid(field="scopes", code="scope_not_held", sentence=_("令牌的权限须在您自己的权限之内，至少选一项。"))
    at = clock.now()
    return IssuedToken(*tokens.issue(User.objects.get(pk=by.user_id), label.strip(), list(scopes), at + timedelta(days=days), at))
