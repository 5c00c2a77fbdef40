"""Reading people, rights and responsibilities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet

from chezhe.kernel import roles
from chezhe.kernel.action import REGISTRY as ACTIONS
from chezhe.kernel.action import ActionSpec
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.composed import Composed, composed_for
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.kernel.permission import Permission
from chezhe.staff import permissions
from chezhe.staff.models import Branch, Delegation, Region, RoleGrant, RolePermission, StaffSession, User


def in_force(on: date) -> Q:
    """The role grants that count on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))


_held_by = composed_for(lambda *roles: RolePermission.objects.filter(role__in=roles).values_list("permission"))
_GRANTS = Composed(
    lambda user, on: RoleGrant.objects.filter(in_force(on), user_id=user).select_related("branch", "region"), -1, date.min
)


def grants_of(user: User, on: date) -> list[RoleGrant]:
    """The grants of a person that count on `on`."""
    return _GRANTS.objects(user.pk, on)


def roles_to_come(user: User, on: date) -> set[str]:
    """The roles that a person holds on a day or will hold later."""
    rows = RoleGrant.objects.filter(user=user).exclude(ends_on__lte=on)
    return set(rows.values_list("role", flat=True))


def people_with(role: str, branch_id: int | None = None, *, on: date) -> QuerySet[User]:
    """Active people who hold `role` on a day; with `branch_id` only those whose grant reaches that branch."""
    grants = RoleGrant.objects.filter(in_force(on), role=role)
    if branch_id is not None:
        grants = grants.filter(
            Q(reach=Reach.ALL) | Q(reach=Reach.BRANCH, branch_id=branch_id) | Q(reach=Reach.REGION, region__branches=branch_id)
            | Q(reach=Reach.OWN, user__branch_id=branch_id)
        )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))


def seated(permission: str, branch_id: int | None, *, on: date) -> list[RoleGrant]:
    """The grants of active people, each with its person, that hold a permission and by which cases of a branch (None: of head office)
    are seen as more than one's own."""
    holding = RolePermission.objects.filter(permission=permission).values("role")
    reaching = Q(reach=Reach.ALL)
    if branch_id is not None:
        reaching |= Q(reach=Reach.BRANCH, branch_id=branch_id) | Q(reach=Reach.REGION, region__branches=branch_id)
    grants = RoleGrant.objects.filter(in_force(on), reaching, role__in=holding, user__is_active=True)
    return list(grants.select_related("user").order_by("user__name", "user_id", "role").distinct())


def delegates_of(user_ids: Iterable[int], on: date) -> dict[int, str]:
    """Who acts for whom of these people on a day: by the id of whoever gave it, the colleague's name."""
    given = Delegation.objects.filter(
        delegator__in=list(user_ids), ended_at__isnull=True, starts_on__lte=on, ends_on__gt=on, delegate__is_active=True)
    return dict(given.values_list("delegator_id", "delegate__name"))


def delegation_between(delegator_id: int, delegate_id: int, on: date) -> Delegation | None:
    """The delegation by which one may act for the other on a day."""
    rows = Delegation.objects.filter(delegator_id=delegator_id, delegate_id=delegate_id, ended_at__isnull=True)
    return rows.filter(starts_on__lte=on, ends_on__gt=on, delegator__is_active=True).select_related("delegator").first()


def administrators(on: date) -> QuerySet[User]:
    return people_with(roles.ADMIN, on=on)


def administrators_ever() -> set[int]:
    """Ids of everybody who is or was an administrator, switched off or not."""
    return set(RoleGrant.objects.filter(role=roles.ADMIN).values_list("user_id", flat=True))


def permissions_of(role_ids: Iterable[str]) -> frozenset[str]:
    """The permission codes that the roles hold, as the matrix says right now."""
    held = sorted(set(role_ids))
    return frozenset(code for (code,) in _held_by(len(held)).rows(*held) if code in PERMISSIONS)


def people_for_list(rows: QuerySet[User], on: date) -> QuerySet[User]:
    """A list of people with branch and the grants in force (`grants_now`), in three queries."""
    grants = RoleGrant.objects.filter(in_force(on)).select_related("branch", "region")
    return rows.select_related("branch").prefetch_related(Prefetch("grants", grants, to_attr="grants_now"))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One permission: `held` are the roles that hold it, in the order of the columns; `doors` are the verbs it opens."""

    permission: Permission
    held: frozenset[str]
    doors: tuple[ActionSpec, ...]

    def cells(self) -> list[tuple[str, bool]]:
        return [(role, role in self.held) for role in roles.ALL]

    def words(self) -> str:
        """What a search looks through: the permission and every verb it opens, by name and by code, in small letters."""
        named = [self.permission.code, str(self.permission.label)]
        named += [word for door in self.doors for word in (door.name, str(door.label))]
        return " ".join(named).lower()


@dataclass(frozen=True, slots=True)
class MatrixRoom:
    """The permissions of one room."""

    room: str
    label: Any
    rows: tuple[MatrixRow, ...]


def matrix(*, room: str = "", role: str = "", text: str = "") -> list[MatrixRoom]:
    """Role × permission as held now, by room; narrowed to a room, to what a role holds, or to words."""
    held: dict[str, set[str]] = {}
    for holder, code in RolePermission.objects.values_list("role", "permission"):
        held.setdefault(code, set()).add(holder)
    rows = [MatrixRow(p, frozenset(held.get(code, ())), _doors(p)) for code, p in PERMISSIONS.items()]
    rows = [r for r in rows if (not room or r.permission.room == room) and (not role or role in r.held)]
    rows = [r for r in rows if not text or text.lower() in r.words()]
    grouped = [MatrixRoom(n, room_label(n), tuple(r for r in rows if r.permission.room == n)) for n in _rooms_in_order()]
    return [group for group in grouped if group.rows]


def _doors(permission: Permission) -> tuple[ActionSpec, ...]:
    return tuple(spec for name, spec in sorted(ACTIONS.items()) if spec.permission.code == permission.code)


def _rooms_in_order() -> list[str]:
    """Rooms that declare permissions, in the order in which they are installed: from the ground up."""
    declared = {p.room for p in PERMISSIONS.values()}
    return [config.label for config in apps.get_app_configs() if config.label in declared]


def room_label(room: str) -> Any:
    """The room's name for people, as its app says."""
    return apps.get_app_config(room).verbose_name if apps.is_installed(f"chezhe.{room}") else room


def rooms_with_permissions() -> list[tuple[str, Any]]:
    return [(room, room_label(room)) for room in _rooms_in_order()]


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One verb: who carries it out, who answers for it, who is asked before and who is told after."""

    action: ActionSpec
    responsible: frozenset[str]

    def letters(self) -> list[str]:
        """`R`, `A`, `RA`, `C`, `I` or empty for each role, in the order of the columns."""
        return [self._letters_of(role) for role in roles.ALL]

    def _letters_of(self, role: str) -> str:
        declared = self.action.permission
        acting = ("R" if role in self.responsible else "") + ("A" if role == declared.accountable else "")
        if acting:
            return acting
        return "C" if role in declared.consulted else "I" if role in declared.informed else ""


def responsibilities(*, room: str = "", role: str = "") -> dict[str, list[Responsibility]]:
    """The RACI table from the registered actions, by room: R holds the permission now."""
    held: dict[str, set[str]] = {}
    for holder, code in RolePermission.objects.values_list("role", "permission"):
        held.setdefault(code, set()).add(holder)
    table: dict[str, list[Responsibility]] = {}
    for _name, spec in sorted(ACTIONS.items()):
        line = Responsibility(spec, frozenset(held.get(spec.permission.code, ())))
        if (not room or spec.room == room) and (not role or line.letters()[roles.ALL.index(role)]):
            table.setdefault(spec.room, []).append(line)
    order = _rooms_in_order()
    return dict(sorted(table.items(), key=lambda item: order.index(item[0])))


def holders(role: str, on: date) -> QuerySet[Any]:
    """Ids of the people whose grant of `role` counts on a day, active or not."""
    return RoleGrant.objects.filter(in_force(on), role=role).values("user_id")


def regions_with_branches() -> list[Region]:
    """Every region with `branches` that know their number of active people (`people_count`), in two queries."""
    counted = Branch.objects.annotate(people_count=Count("people", filter=Q(people__is_active=True))).order_by("code")
    return list(Region.objects.prefetch_related(Prefetch("branches", counted)))


def head_office_count() -> int:
    """How many active people belong to no branch."""
    return User.objects.filter(branch__isnull=True, is_active=True).count()


def delegations_around(actor: Actor) -> QuerySet[Delegation]:
    """What an actor's own person gave or took, newest first."""
    mine = Q(delegator_id=actor.user_id) | Q(delegate_id=actor.user_id)
    return Delegation.objects.filter(mine).select_related("delegator", "delegate").order_by("-id")


def may_end(user_id: int, actor: Actor) -> bool:
    """Whether sign-ins and tokens of a person are the actor's to end: one's own, or with the right within one's reach."""
    if user_id == actor.user_id:
        return True
    return actor.can(permissions.END_SESSIONS.code) and User.objects.visible_to(actor).filter(pk=user_id).exists()


def open_sessions(user_id: int | None) -> QuerySet[StaffSession]:
    """A person's sign-ins that nobody has ended (an idle one may still be over)."""
    return StaffSession.objects.filter(user_id=user_id, ended_at__isnull=True).select_related("user")
