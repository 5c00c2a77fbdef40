"""The verbs of people and rights. How a second person agrees is shown in the approvals room."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.permission import REGISTRY
from chezhe.staff import queries, steps, tokens
from chezhe.staff.actions.change_role_permissions import change_role_permissions
from chezhe.staff.actions.create_branch import create_branch
from chezhe.staff.actions.create_region import create_region
from chezhe.staff.actions.create_user import create_user
from chezhe.staff.actions.delegate import delegate
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.actions.enable_user import enable_user
from chezhe.staff.actions.end_delegation import end_delegation
from chezhe.staff.actions.end_session import end_session
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.actions.reset_credentials import reset_credentials
from chezhe.staff.actions.revoke_role import revoke_role
from chezhe.staff.actions.revoke_token import revoke_token
from chezhe.staff.actions.withdraw_access_change import withdraw_access_change
from chezhe.staff.changes import ChangeWaiting
from chezhe.staff.models import RoleGrant, RolePermission, SecondFactor, StaffSession, User
from chezhe.staff.steps import LastAdministrator
from chezhe.staff.tests.cast import AT, acting, branch, person, region, signed_in

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


@contextmanager
def refused_as(code):
    with pytest.raises(BusinessError) as refused:
        yield
    assert refused.value.code == code


@pytest.fixture
def admins():
    return acting(person("ada", roles.ADMIN)), acting(person("bo", roles.ADMIN))


def propose(by, username="lin", role=roles.SALES, place=None, **more):
    place = place or Place(Reach.BRANCH, branch().code)
    return grant_role(username=username, role=role, place=place, starts_on=TODAY, reason="入职", by=by, **more)


def test_a_person_is_taken_on_with_a_secret_and_no_rights(admins):
    new = create_user(username="Lin", name="林晓", branch_code=branch().code, by=admins[0])
    assert (new.user.username, new.user.branch, new.user.must_change_password) == ("lin", branch(), True)
    assert new.user.check_password(new.secret) and len(new.secret) == 20
    assert acting(new.user).permissions == frozenset()
    entry = AuditEntry.objects.get(verb="staff.create_user")
    assert entry.subject == "staff:lin"
    assert new.secret not in str(entry.facts)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"username": "1x"}, "username"), ({"username": "bo"}, "username"), ({"name": " "}, "name"), ({"branch_code": "NO"}, "branch_code")],
)
def test_it_refuses_a_person_that_cannot_be(admins, given, field):
    with pytest.raises(Invalid) as refused:
        create_user(**{"username": "lin", "name": "林晓", **given}, by=admins[0])
    assert refused.value.field == field
    assert not User.objects.filter(username="lin").exists()


def test_only_administrators_manage_people():
    mei = acting(person("mei", roles.BRANCH_MGR, at=branch()))
    with pytest.raises(NotPermitted):
        create_user(username="lin", name="林晓", by=mei)


def test_a_proposed_role_does_not_count_yet(admins):
    lin = person("lin", at=branch())
    change = propose(admins[0])
    assert (change.status, change.proposed_by_id) == ("proposed", admins[0].user_id)
    assert change.request_number.startswith("AP")
    assert acting(lin).roles == frozenset()
    with pytest.raises(ChangeWaiting):
        propose(admins[1])


def test_the_proposer_withdraws_it_and_nobody_else(admins):
    person("lin", at=branch())
    change = propose(admins[0])
    with refused_as("not_proposer"):
        withdraw_access_change(change_number=change.number, by=admins[1])
    assert withdraw_access_change(change_number=change.number, by=admins[0]).status == "withdrawn"


@pytest.mark.parametrize(
    ("place", "field"),
    [(Place(Reach.NONE), "reach"), (Place(Reach.BRANCH), "branch_code"), (Place(Reach.REGION, region_code="NO"), "region_code")],
)
def test_a_reach_needs_its_place(admins, place, field):
    person("lin", at=branch())
    with pytest.raises(Invalid) as refused:
        propose(admins[0], place=place)
    assert refused.value.field == field


def test_a_role_ends_after_it_starts_and_not_for_the_disabled(admins):
    person("lin", at=branch())
    with pytest.raises(Invalid) as refused:
        propose(admins[0], ends_on=TODAY)
    assert refused.value.field == "ends_on"
    User.objects.filter(username="lin").update(is_active=False)
    with refused_as("user_disabled"):
        propose(admins[0])


def test_the_only_administrator_makes_the_second_one_and_no_other_role_alone():
    ada = acting(person("ada", roles.ADMIN))
    person("bo")
    person("lin", at=branch())
    assert propose(ada).status == "proposed"
    assert propose(ada, "bo", roles.ADMIN, Place(Reach.ALL)).status == "applied"
    person("cy")
    assert propose(ada, "cy", roles.ADMIN, Place(Reach.ALL)).status == "proposed"


def test_an_administrator_who_got_rid_of_the_other_cannot_appoint_a_straw_man(admins):
    disable_user(username="bo", reason="离职", by=admins[0])
    person("straw")
    assert propose(admins[0], "straw", roles.ADMIN, Place(Reach.ALL)).status == "proposed"


def test_a_role_taken_away_is_gone_at_the_next_request(admins):
    lin = person("lin", roles.SALES, at=branch())
    client = signed_in(lin)
    assert client.get("/staff/matrix/").status_code == 200
    revoke_role(grant_id=RoleGrant.objects.get(user=lin).pk, reason="转岗", by=admins[0])
    assert client.get("/staff/matrix/").status_code == 403


def test_the_last_administrator_stays():
    ada, bo = person("ada", roles.ADMIN), person("bo", roles.ADMIN)
    grants = {g.user_id: g.pk for g in RoleGrant.objects.all()}
    revoke_role(grant_id=grants[bo.pk], reason="离职", by=acting(ada))
    with pytest.raises(LastAdministrator):
        revoke_role(grant_id=grants[ada.pk], reason="离职", by=acting(ada))
    person("cy", roles.ADMIN)
    disable_user(username="cy", reason="离职", by=acting(ada))
    with pytest.raises(LastAdministrator):
        revoke_role(grant_id=grants[ada.pk], reason="离职", by=acting(ada))


def test_an_administrator_whose_role_has_ended_does_not_count_as_another():
    ada = person("ada", roles.ADMIN)
    bo = person("bo", roles.ADMIN)
    RoleGrant.objects.filter(user=bo).update(ends_on=TODAY)
    with pytest.raises(LastAdministrator):
        steps.require_another_administrator(ada, AT)


def test_nobody_switches_off_or_resets_themselves(admins):
    for verb, more in ((disable_user, {}), (reset_credentials, {})):
        with refused_as("own_account"):
            verb(username="ada", reason="试试", **more, by=admins[0])


def test_disabling_and_enabling(admins):
    lin = person("lin", roles.SALES, at=branch())
    issued = issue_token(label="导出", scopes=["staff.own_account"], days=1, by=acting(lin))
    assert tokens.read_actor(issued.secret) is not None
    disable_user(username="lin", reason="离职", by=admins[0])
    assert tokens.read_actor(issued.secret) is None
    assert enable_user(username="lin", by=admins[0]).is_active
    assert tokens.read_actor(issued.secret) is None, "what was ended stays ended"


def test_a_reset_gives_a_new_secret_and_takes_the_lost_phone_off(admins):
    lin = person("lin", roles.SALES, at=branch(), enrolled=True)
    client = signed_in(lin)
    reset = reset_credentials(username="lin", reason="手机丢失", with_second_factor=True, by=admins[0])
    lin.refresh_from_db()
    assert lin.check_password(reset.secret) and lin.must_change_password
    assert not SecondFactor.objects.filter(user=lin).exists()
    assert client.get("/me/").status_code == 302


def test_a_forgotten_password_alone_is_renewed_at_once_where_the_authenticator_stays(admins):
    fang = person("fang", roles.FUNDING, at=branch(), enrolled=True)
    reset = reset_credentials(username="fang", reason="忘记密码", by=admins[0])
    fang.refresh_from_db()
    assert reset.change is None and fang.check_password(reset.secret) and SecondFactor.objects.filter(user=fang).exists()


def test_a_change_of_rights_is_proposed_as_what_is_added_and_removed(admins):
    held = queries.permissions_of([roles.SALES])
    wanted = (held - {"staff.delegate"}) | {"staff.view"}
    change = change_role_permissions(role=roles.SALES, wanted=wanted, reason="新分工", by=admins[0])
    assert change.content == {"add": ["staff.view"], "remove": ["staff.delegate"]}
    assert queries.permissions_of([roles.SALES]) == held


def test_the_administrators_keep_what_repairs_rights(admins):
    held = queries.permissions_of([roles.ADMIN])
    with refused_as("admin_keeps"):
        change_role_permissions(role=roles.ADMIN, wanted=held - {"staff.grant_roles"}, reason="试试", by=admins[0])
    with refused_as("nothing_changed"):
        change_role_permissions(role=roles.ADMIN, wanted=held, reason="试试", by=admins[0])
    with refused_as("permission_unknown"):
        change_role_permissions(role=roles.ADMIN, wanted={*held, "no.such"}, reason="试试", by=admins[0])


def test_the_matrix_is_seeded_once_and_what_was_removed_stays_removed():
    for code, permission in REGISTRY.items():
        assert set(RolePermission.objects.filter(permission=code).values_list("role", flat=True)) == set(permission.roles), code
    RolePermission.objects.filter(role=roles.SALES, permission="staff.delegate").delete()
    steps.seed_role_permissions()
    assert not RolePermission.objects.filter(role=roles.SALES, permission="staff.delegate").exists()


def test_places(admins):
    north = create_region(code="NORTH", name="华北区", by=admins[0])
    shop = create_branch(code="BJ01", name="北京一店", region_code="NORTH", city="北京", by=admins[0])
    assert (shop.region, shop.city) == (north, "北京")
    with pytest.raises(Invalid) as refused:
        create_branch(code="BJ01", name="又一店", region_code="NORTH", by=admins[0])
    assert refused.value.field == "code"
    with refused_as("region_unknown"):
        create_branch(code="BJ02", name="又一店", region_code="NO", by=admins[0])
    with refused_as("place_code"):
        create_region(code="n", name="错", by=admins[0])


def give(by, **more):
    given = {"delegate_username": "du", "role_ids": [roles.APPROVER], "starts_on": TODAY, "ends_on": TODAY + timedelta(days=2)}
    return delegate(**{**given, **more}, reason="休假", by=by)


def test_a_delegation_is_of_ones_own_roles_for_a_while():
    chen = person("chen", roles.APPROVER)
    person("du")
    row = give(acting(chen))
    assert (row.delegator, row.roles) == (chen, [roles.APPROVER])
    end_delegation(delegation_id=row.pk, by=acting(chen))
    row.refresh_from_db()
    assert not row.is_in_force(TODAY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"delegate_username": "chen"}, "delegate_unknown"), ({"delegate_username": "nobody"}, "delegate_unknown"),
        ({"role_ids": [roles.FINANCE]}, "role_not_held"), ({"role_ids": []}, "role_not_held"),
        ({"starts_on": TODAY - timedelta(days=1)}, "delegation_past"), ({"ends_on": TODAY}, "dates_reversed"),
        ({"ends_on": TODAY + timedelta(days=91)}, "delegation_long"), ({"role_ids": [roles.ADMIN]}, "admin_not_delegable"),
    ],
)
def test_it_refuses_a_delegation_that_cannot_be(given, code):
    chen = person("chen", roles.APPROVER, roles.ADMIN)
    person("du")
    with pytest.raises(Invalid) as refused:
        give(acting(chen), **given)
    assert refused.value.code == code


def test_nobody_ends_the_delegation_of_others():
    chen = person("chen", roles.APPROVER)
    person("du")
    row = give(acting(chen))
    with pytest.raises(NotFound):
        end_delegation(delegation_id=row.pk, by=acting(person("hui", roles.SALES, at=branch())))


def test_a_token_is_ones_own_or_needs_the_right_to_revoke(admins):
    lin = person("lin", roles.SALES, at=branch())
    issued = issue_token(label="导出", scopes=["staff.own_account"], days=1, by=acting(lin))
    with pytest.raises(NotFound):
        revoke_token(token_id=issued.row.pk, by=acting(person("hui", roles.SALES, at=branch())))
    assert revoke_token(token_id=issued.row.pk, by=admins[0]).revoked_at == AT


def test_sign_ins_and_tokens_are_ended_within_ones_reach_only():
    """An administrator of one branch does not throw out the people of another."""
    lin = person("lin", roles.SALES, at=branch())
    signed_in(lin)
    row = issue_token(label="导出", scopes=["staff.own_account"], days=1, by=acting(lin)).row
    session = StaffSession.objects.get(user=lin)
    far = acting(person("far", roles.ADMIN, at=branch("HZ01", "杭州一店", "SOUTH"), reach=Reach.BRANCH))
    with pytest.raises(NotFound):
        revoke_token(token_id=row.pk, by=far)
    with pytest.raises(NotFound):
        end_session(session_id=session.pk, by=far)
    near = acting(person("near", roles.ADMIN, at=branch(), reach=Reach.BRANCH))
    assert revoke_token(token_id=row.pk, by=near).revoked_at and end_session(session_id=session.pk, by=near)


def test_a_region_is_named_once():
    assert region() == region()
