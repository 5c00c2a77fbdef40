"""What other rooms and the doors build on: the actor of a person, people seeded with the data, settled changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import clock, moves
from chezhe.kernel import roles as role_ids
from chezhe.kernel.actor import Actor, Hat, Reach
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.staff import passwords, queries, rules, second_factor, sessions
from chezhe.staff.models import AccessChange, Branch, Delegation, PermissionSeen, RoleGrant, RolePermission, StaffSession, User
from chezhe.staff.states import ACCESS_CHANGE


def actor_for(
    user: User, at: datetime, *, stepped_up_at: datetime | None = None, acting_for: Delegation | None = None,
    scopes: Iterable[str] | None = None, as_grant: int | None = None,
) -> Actor:
    """The actor that a person is at a moment, with the rights that the tables hold right now.

    With `acting_for` (a delegation in force) the rights and the reach are the delegator's, as far as delegated,
    and both people count as having acted. `as_grant`, one of the person's own grants, and `scopes` (of a token) only ever
    narrow.
    """
    on = at.astimezone(clock.SHANGHAI).date()
    delegation = acting_for if acting_for is not None and may_use(acting_for, user, on) else None
    whose = delegation.delegator if delegation else user
    grants = queries.grants_of(whose, on) if user.is_active else []
    if delegation:
        grants = [grant for grant in grants if grant.role in delegation.roles]
    hats = () if delegation else tuple(Hat(str(g.pk), g.role, g.place, g.pk == as_grant) for g in grants)
    if not delegation:
        grants = [grant for grant in grants if grant.pk == as_grant] or grants
    held = frozenset(grant.role for grant in grants)
    permissions = queries.permissions_of(held) if held else frozenset()
    name = _("%(delegate)s（代%(delegator)s）") % {"delegate": user.name, "delegator": whose.name} if delegation else user.name
    return Actor(
        # What people did is signed with this name, in columns of eighty characters.
        key=f"staff:{user.pk}", name=name[:80], user_id=user.pk, roles=held,
        permissions=permissions if scopes is None else permissions & frozenset(scopes),
        reach=Reach(rules.widest(grant.reach for grant in grants)), branch_id=whose.branch_id,
        branch_ids=_branches(grants), on_behalf_of_id=delegation.delegator_id if delegation else None,
        stepped_up_at=None if stepped_up_at and stepped_up_at - at > clock.SKEW_MAX else stepped_up_at, is_demo=user.is_demo, hats=hats,
    )


def actor_of_session(session: StaffSession, at: datetime) -> Actor:
    """The actor of one sign-in, acting for somebody else when its person chose so."""
    return actor_for(
        session.user, at, stepped_up_at=session.stepped_up_at, acting_for=session.acting_for, as_grant=session.as_grant_id
    )


def may_use(delegation: Delegation, user: User, on: date) -> bool:
    """Whether a person may act under a delegation on a day: theirs, within its dates, its giver still here."""
    return delegation.delegate_id == user.pk and delegation.is_in_force(on) and delegation.delegator.is_active


def _branches(grants: list[RoleGrant]) -> frozenset[int]:
    branches = {g.branch_id for g in grants if g.reach == Reach.BRANCH and g.branch_id}
    regions = {g.region_id for g in grants if g.reach == Reach.REGION}
    if regions:
        branches |= set(Branch.objects.filter(region_id__in=regions).values_list("pk", flat=True))
    return frozenset(branches)


@transaction.atomic
def add_person(
    *, username: str, name: str, branch: Branch | None, roles: Iterable[str], password: str | None, at: datetime,
    reach: Reach | None = None, is_demo: bool = False, must_change_password: bool = False,
) -> User:
    """Seed a person with roles and an authenticator: sample data and the first administrator, not daily work.

    Without a password only the demo's one click lets the person in. `reach` applies to every role; without it a
    person with a branch reaches the branch, one without reaches all.
    """
    user = User(username=username.strip().lower(), name=name, branch=branch, is_demo=is_demo, created_at=at)
    user.set_password(password)
    user.password_set_at, user.must_change_password = at, must_change_password
    user.save()
    wide = reach or (Reach.BRANCH if branch else Reach.ALL)
    on = at.astimezone(clock.SHANGHAI).date()
    for role in roles:
        grant(user=user, role=role, reach=wide, branch=branch, starts_on=on, at=at)
    if is_demo:
        second_factor.install(user, second_factor.new_secret(), at)
    return user


def grant(
    *, user: User, role: str, reach: Reach, branch: Branch | None, starts_on: date, at: datetime,
    ends_on: date | None = None, region: Any = None, change_number: str = "",
) -> RoleGrant:
    """Write a role grant; the place that the reach does not need is left out."""
    return RoleGrant.objects.create(
        user=user, role=role, reach=reach, branch=branch if reach == Reach.BRANCH else None,
        region=(region or (branch.region if branch else None)) if reach == Reach.REGION else None,
        starts_on=starts_on, ends_on=ends_on, granted_at=at, change_number=change_number,
    )


def settle_access_change(number: str, outcome: str, by: Actor) -> AccessChange:
    """Carry out (`approved`) or drop a proposed change of rights, once a second person has decided."""
    change = AccessChange.objects.select_for_update().get(number=number)
    verb = {"approved": "apply", "withdrawn": "withdraw"}.get(outcome, "reject")
    moves.move(change, ACCESS_CHANGE, verb, by=by)
    change.settled_at = clock.now()
    change.save(update_fields=["settled_at"])
    if verb == "apply":
        apply_change(change)
    return change


def apply_change(change: AccessChange) -> None:
    """Write what the change says into the grants or into the matrix."""
    content = change.content
    if change.kind == "permissions":
        RolePermission.objects.filter(role=change.role, permission__in=content["remove"]).delete()
        added = [RolePermission(role=change.role, permission=code) for code in content["add"]]
        RolePermission.objects.bulk_create(added, ignore_conflicts=True)
        return
    assert change.user is not None
    if change.kind == "reset":
        renew_credentials(change.user, passwords.unsealed(content["password"]), content["with_second_factor"], clock.now())
        return
    RoleGrant.objects.create(
        user=change.user, role=change.role, reach=content["reach"], branch_id=content["branch_id"],
        region_id=content["region_id"], starts_on=date.fromisoformat(content["starts_on"]),
        ends_on=date.fromisoformat(content["ends_on"]) if content["ends_on"] else None,
        granted_at=clock.now(), change_number=change.number,
    )


def renew_credentials(user: User, hashed: str, with_second_factor: bool, at: datetime) -> None:
    """A one-time password counts from now on; everything that was signed in with the old one ends."""
    passwords.put_hash(user, hashed, at)
    if with_second_factor:
        second_factor.remove(user)
    sessions.end_all(user, at)
    sessions.revoke_tokens(user, at)


def seed_role_permissions(**_named: Any) -> None:
    """Give every permission that this database has not seen to the roles that hold it by default.

    What an administrator changed later is left alone.
    """
    seen = set(PermissionSeen.objects.values_list("permission", flat=True))
    new = [p for code, p in PERMISSIONS.items() if code not in seen]
    with transaction.atomic():
        rows = [RolePermission(role=role, permission=p.code) for p in new for role in p.roles]
        RolePermission.objects.bulk_create(rows, ignore_conflicts=True)
        PermissionSeen.objects.bulk_create([PermissionSeen(permission=p.code) for p in new], ignore_conflicts=True)


class LastAdministrator(BusinessError):
    code = "last_administrator"
    sentence = gettext_lazy("%(name)s 是最后一位管理员，请先授予另一位管理员。")


def require_another_administrator(user: User, at: datetime) -> None:
    """Raises LastAdministrator (409) when without `user` nobody could manage rights any more.

    The administrators' grants are locked, so that two of them cannot remove each other at once.
    """
    on = at.astimezone(clock.SHANGHAI).date()
    admin_grants = RoleGrant.objects.filter(queries.in_force(on), role=role_ids.ADMIN)
    holders = set(admin_grants.select_for_update(of=("self",)).order_by("pk").values_list("user_id", flat=True))
    active = User.objects.filter(pk__in=holders, is_active=True).values_list("pk", flat=True)
    if set(active) == {user.pk}:
        raise LastAdministrator(name=user.name)
