"""People come and go, stand in for each other, and get their rights from two administrators."""

from __future__ import annotations

from datetime import timedelta

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene
from chezhe.staff import permissions, queries
from chezhe.staff.actions.change_role_permissions import change_role_permissions
from chezhe.staff.actions.create_user import create_user
from chezhe.staff.actions.delegate import delegate
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.actions.enable_user import enable_user
from chezhe.staff.actions.end_delegation import end_delegation
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.actions.reset_credentials import reset_credentials
from chezhe.staff.actions.revoke_role import revoke_role
from chezhe.staff.actions.revoke_token import revoke_token
from chezhe.staff.actions.withdraw_access_change import withdraw_access_change
from chezhe.staff.models import AccessChange, RoleGrant

OFFICE = BRANCHES[0][0]


def take_on_a_trainee(scene: Scene) -> None:
    """A trainee gets a role by two administrators, forgets the password, and leaves again."""
    admin, second = _administrators(scene)
    name = f"trainee{scene.today:%y%m}"
    create_user(username=name, name="实习生", branch_code=OFFICE, by=admin)
    change = _propose_role(name, scene, admin)
    cast_vote(request_number=change.request_number, verdict="agree", by=second)
    reset_credentials(username=name, reason="忘记密码", by=admin)
    grant = RoleGrant.objects.get(user__username=name)
    revoke_role(grant_id=grant.pk, reason="实习结束", by=admin)
    disable_user(username=name, reason="离职", by=admin)
    enable_user(username=name, by=admin)
    disable_user(username=name, reason="离职", by=admin)


def wish_for_a_role(scene: Scene) -> None:
    """A new colleague's role waits for the second administrator."""
    admin, _second = _administrators(scene)
    name = f"newcomer{scene.today:%y%m}"
    create_user(username=name, name="许知夏", branch_code=OFFICE, by=admin)
    _propose_role(name, scene, admin)


def _propose_role(username: str, scene: Scene, admin: Actor) -> AccessChange:
    return grant_role(
        username=username, role=roles.SALES, place=Place(Reach.OWN), starts_on=scene.today, reason="入职", by=admin,
    )


def change_a_roles_rights(scene: Scene) -> None:
    """An administrator proposes a further right for a role and thinks better of it."""
    admin, _second = _administrators(scene)
    held = queries.permissions_of([roles.CHANNEL_MGR])
    change = change_role_permissions(
        role=roles.CHANNEL_MGR, wanted={*held, "servicing.prove"}, reason="试运行", by=admin,
    )
    withdraw_access_change(change_number=change.number, by=admin)


def delegate_for_a_holiday(scene: Scene) -> None:
    """One who sells asks a colleague of the branch to stand in, and is back early."""
    seller = scene.cast.called("hz.sales")
    stand_in = delegate(
        delegate_username="hz.sales2", role_ids=[roles.SALES], starts_on=scene.today, ends_on=scene.today + timedelta(days=5),
        reason="年休假", by=seller,
    )
    end_delegation(delegation_id=stand_in.pk, by=seller)


def issue_a_token(scene: Scene) -> None:
    """Finance lets a spreadsheet read the books for a month, and takes the key back."""
    finance = scene.cast.called("finance")
    issued = issue_token(label="对账表格", scopes=["ledger.view"], days=30, by=finance)
    revoke_token(token_id=issued.row.pk, by=finance)


def _administrators(scene: Scene) -> tuple[Actor, Actor]:
    first = scene.who(permissions.GRANT_ROLES, OFFICE)
    return first, scene.who(permissions.GRANT_ROLES, OFFICE, apart_from=first.user_ids)


ERRANDS = (take_on_a_trainee, wish_for_a_role, change_a_roles_rights, delegate_for_a_holiday, issue_a_token)
