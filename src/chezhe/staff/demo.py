"""The demo's people: who they are, and the code their phones would show. Production refuses the switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from chezhe.kernel import roles
from chezhe.staff import queries, second_factor
from chezhe.staff.models import User


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """The demo people who hold a role first of all."""

    role: str
    label: Any
    people: tuple[User, ...]


def people_by_role(on: date) -> list[DemoGroup]:
    """Demo people under their foremost role, in the order of the organisation chart."""
    rows = queries.people_for_list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"), on)
    groups: dict[str, list[User]] = {}
    for user in rows:
        held = {grant.role for grant in user.grants_now}
        foremost = next((role for role in roles.ALL if role in held), None)
        if foremost:
            groups.setdefault(foremost, []).append(user)
    return [DemoGroup(role, roles.LABELS[role], tuple(groups[role])) for role in roles.ALL if role in groups]


def code_for(user: User, at: datetime) -> str:
    """The code to fill in for a demo person; empty for everybody else and outside demos."""
    return second_factor.demo_code(user, at) if settings.DEMO_LOGINS and user.is_demo else ""
