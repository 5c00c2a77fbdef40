from datetime import timedelta

import pytest

from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import WU
from chezhe.staff import queries, steps
from chezhe.staff.models import Branch, Delegation, RoleGrant, RolePermission, User
from chezhe.staff.tests.cast import AT, branch, person

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def delegation(giver, taker, *held, first=TODAY, last=TODAY + timedelta(days=3)):
    return Delegation.objects.create(
        delegator=giver, delegate=taker, roles=list(held), starts_on=first, ends_on=last, reason="休假", created_at=AT
    )


def test_rights_and_reach_come_from_the_grants_in_force():
    shop = branch()
    lin = person("lin", roles.SALES, at=shop, reach=Reach.OWN)
    actor = steps.actor_for(lin, AT)
    assert actor.roles == {roles.SALES}
    assert (actor.reach, actor.branch_id, actor.branch_ids) == (Reach.OWN, shop.pk, frozenset())
    assert actor.can("staff.own_account") and not actor.can("staff.manage_people")


def test_a_region_reaches_all_its_branches_and_the_widest_reach_counts():
    first, second = branch(), branch("SH02", "上海二店")
    branch("GZ01", "广州一店", "SOUTH")
    gu = person("gu", roles.BRANCH_MGR, at=first)
    steps.grant(user=gu, role=roles.REGIONAL_MGR, reach=Reach.REGION, branch=first, starts_on=TODAY, at=AT)
    actor = steps.actor_for(gu, AT)
    assert actor.reach == Reach.REGION
    assert actor.branch_ids == {first.pk, second.pk}


def test_a_grant_counts_from_its_first_day_until_before_its_last():
    chen = person("chen")
    steps.grant(
        user=chen, role=roles.APPROVER, reach=Reach.ALL, branch=None, at=AT,
        starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=3),
    )
    held = [bool(steps.actor_for(chen, AT + timedelta(days=n)).roles) for n in range(5)]
    assert held == [False, True, True, False, False]


def test_wu_sees_nothing():
    person("lin", roles.SALES, at=branch())
    wu = steps.actor_for(person("wu"), AT)
    assert (wu.reach, wu.permissions, wu.branch_ids) == (Reach.NONE, frozenset(), frozenset())
    for model in (User, Branch, RoleGrant, Delegation):
        assert not model.objects.visible_to(wu).exists()
        assert not model.objects.visible_to(WU).exists()


def test_a_branch_manager_sees_the_branchs_people_only():
    person("lin", roles.SALES, at=branch())
    person("han", roles.SALES, at=branch("HZ01", "杭州一店"))
    manager = steps.actor_for(person("mei", roles.BRANCH_MGR, at=branch()), AT)
    assert sorted(u.username for u in User.objects.visible_to(manager)) == ["lin", "mei"]


def test_a_right_taken_from_the_role_is_gone_at_once():
    mei = person("mei", roles.BRANCH_MGR, at=branch())
    assert steps.actor_for(mei, AT).can("staff.view")
    RolePermission.objects.filter(role=roles.BRANCH_MGR, permission="staff.view").delete()
    assert not steps.actor_for(mei, AT).can("staff.view")


def test_a_delegate_has_the_delegated_roles_and_both_count_as_having_acted():
    shop = branch()
    chen, du = person("chen", roles.APPROVER, roles.REVIEWER, at=shop), person("du", roles.SALES, at=branch("HZ01", "杭州一店"))
    row = delegation(chen, du, roles.APPROVER)
    actor = steps.actor_for(du, AT, acting_for=row)
    assert actor.roles == {roles.APPROVER}
    assert actor.user_ids == {chen.pk, du.pk}
    assert (actor.branch_id, actor.branch_ids) == (shop.pk, {shop.pk})
    assert actor.name == "Du（代Chen）"


@pytest.mark.parametrize(("days", "works"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_delegation_counts_between_its_dates(days, works):
    chen, du = person("chen", roles.APPROVER), person("du", roles.SALES, at=branch())
    row = delegation(chen, du, roles.APPROVER)
    actor = steps.actor_for(du, AT + timedelta(days=days), acting_for=row)
    assert (actor.on_behalf_of_id == chen.pk) is works


def test_a_delegation_dies_with_the_grant_or_the_person_behind_it():
    chen, du = person("chen", roles.APPROVER), person("du", roles.SALES, at=branch())
    row = delegation(chen, du, roles.APPROVER)
    RoleGrant.objects.filter(user=chen).update(ends_on=TODAY)
    assert steps.actor_for(du, AT, acting_for=row).roles == frozenset()
    chen.is_active = False
    chen.save()
    row.refresh_from_db()
    assert steps.actor_for(du, AT, acting_for=row).on_behalf_of_id is None


def test_nobody_uses_a_delegation_given_to_somebody_else():
    chen, du, hu = person("chen", roles.APPROVER), person("du", roles.SALES, at=branch()), person("hu")
    assert steps.actor_for(hu, AT, acting_for=delegation(chen, du, roles.APPROVER)).roles == frozenset()


def test_people_with_a_role_are_found_by_the_branch_their_grant_reaches():
    shop, other = branch(), branch("GZ01", "广州一店", "SOUTH")
    near, far = person("near", roles.REVIEWER, at=shop), person("far", roles.REVIEWER, at=other)
    everywhere = person("all", roles.REVIEWER)
    regional = person("reg", roles.REVIEWER, at=shop, reach=Reach.REGION)
    person("gone", roles.REVIEWER, at=shop)
    User.objects.filter(username="gone").update(is_active=False)
    assert set(queries.people_with(roles.REVIEWER, shop.pk, on=TODAY)) == {near, everywhere, regional}
    assert set(queries.people_with(roles.REVIEWER, on=TODAY)) == {near, far, everywhere, regional}


def test_an_actor_costs_few_queries(django_assert_max_num_queries):
    lin = person("lin", roles.SALES, roles.REVIEWER, at=branch())
    with django_assert_max_num_queries(2):
        steps.actor_for(lin, AT)
