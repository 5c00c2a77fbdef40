"""The demo's people: who they are, and the code their phones would show. Production refuses the switch."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings

from chezhe.kernel import roles
from chezhe.kernel.composed import Composed
from chezhe.staff import queries, second_factor
from chezhe.staff.models import RoleGrant, User


class DemoPerson(NamedTuple):
    """Whom one click signs in; without a branch somebody of the head office."""

    pk: int
    username: str
    name: str
    branch: str | None


class DemoGroup(NamedTuple):
    """The demo people who hold a role first of all."""

    role: str
    label: Any
    people: tuple[DemoPerson, ...]


_HOLDING: Composed[Any] = Composed(
    lambda on: RoleGrant.objects.filter(queries.in_force(on), user__is_demo=True, user__is_active=True).order_by("user_id").values_list(
        "role", "user_id", "user__username", "user__name", "user__branch__name"), date.min)


def people_by_role(on: date) -> list[DemoGroup]:
    """Demo people under their foremost role, in the order of the organisation chart."""
    held: dict[DemoPerson, set[str]] = {}
    for role, *person in _HOLDING.rows(on):
        held.setdefault(DemoPerson(*person), set()).add(role)
    groups: dict[str, list[DemoPerson]] = {}
    for person, mine in held.items():
        groups.setdefault(min(mine, key=roles.ALL.index), []).append(person)
    return [DemoGroup(role, roles.LABELS[role], tuple(groups[role])) for role in roles.ALL if role in groups]


def code_for(user: User, at: datetime) -> str:
    """The code to fill in for a demo person; empty for everybody else and outside demos."""
    return second_factor.demo_code(user, at) if settings.DEMO_LOGINS and user.is_demo else ""
