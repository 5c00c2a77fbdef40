"""Changes of rights: one administrator proposes, another one agrees here, and then they count."""

from datetime import timedelta

import pytest

from chezhe.approvals import queries
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.approvals.errors import AlreadyVoted, DecidedElsewhere, NotThisStage
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.steps import open_request
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import NotFound, SamePerson
from chezhe.kernel.models import AuditEntry
from chezhe.staff import queries as staff_queries
from chezhe.staff import steps as staff_steps
from chezhe.staff import tokens
from chezhe.staff.actions.change_role_permissions import change_role_permissions
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.actions.reset_credentials import reset_credentials
from chezhe.staff.actions.withdraw_access_change import withdraw_access_change
from chezhe.staff.models import AccessChange, Delegation, SecondFactor
from chezhe.staff.tests.cast import AT, acting, branch, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


@pytest.fixture
def people():
    return {"ada": person("ada", roles.ADMIN), "bo": person("bo", roles.ADMIN), "lin": person("lin", at=branch())}


def propose(people, to="lin", role=roles.SALES, place=None):
    return grant_role(
        username=to, role=role, place=place or Place(Reach.BRANCH, "SH01"), starts_on=AT.date(), reason="入职", by=acting(people["ada"])
    )


def agree(change, user, verdict="agree", opinion="同意", **more):
    by = staff_steps.actor_for(user, AT, **more)
    return cast_vote(request_number=change.request_number, verdict=verdict, opinion=opinion, by=by)


def test_the_second_administrator_makes_it_count_at_once(people):
    change = propose(people)
    assert agree(change, people["bo"]).status == "approved"
    change.refresh_from_db()
    assert (change.status, change.settled_at) == ("applied", AT)
    lin = acting(people["lin"])
    assert (lin.roles, lin.branch_ids) == ({roles.SALES}, {branch().pk})
    assert people["lin"].grants.get().change_number == change.number


def test_the_proposer_does_not_agree_with_herself(people):
    change = propose(people)
    with pytest.raises(SamePerson):
        agree(change, people["ada"])


def test_nobody_agrees_to_rights_of_their_own(people):
    change = propose(people, "bo", roles.FINANCE, Place(Reach.ALL))
    with pytest.raises(SamePerson):
        agree(change, people["bo"])


def test_others_do_not_see_it(people):
    change = propose(people)
    with pytest.raises(NotFound):
        agree(change, person("rui", roles.REVIEWER, at=branch()))
    with pytest.raises(NotThisStage):
        agree(change, person("chen", roles.APPROVER))


def test_a_rejected_or_withdrawn_change_never_counts(people):
    rejected = propose(people)
    agree(rejected, people["bo"], "reject", "没有必要")
    withdrawn = propose(people)
    withdraw_access_change(change_number=withdrawn.number, by=acting(people["ada"]))
    third = propose(people)
    withdraw_request(request_number=third.request_number, by=acting(people["ada"]))
    assert [c.status for c in AccessChange.objects.order_by("id")] == ["rejected", "withdrawn", "withdrawn"]
    assert not ApprovalRequest.objects.filter(status="open").exists()
    assert acting(people["lin"]).roles == frozenset()


def test_the_rights_of_a_role_change_for_everybody_at_once(people):
    sales = person("hui", roles.SALES, at=branch())
    wanted = staff_queries.permissions_of([roles.SALES]) - {"staff.delegate"} | {"staff.view"}
    change = change_role_permissions(role=roles.SALES, wanted=wanted, reason="新分工", by=acting(people["ada"]))
    agree(change, people["bo"])
    assert acting(sales).can("staff.view") and not acting(sales).can("staff.delegate")


def test_it_stands_in_the_other_administrators_inbox(people):
    change = propose(people)
    waiting = queries.waiting_for(acting(people["bo"])).get()
    assert (waiting.number, waiting.title) == (change.request_number, "授予 Lin（lin） 角色“客户经理”")
    assert not queries.waiting_for(acting(people["ada"])).exists()


def test_a_delegate_of_the_proposer_is_not_a_second_person(people):
    """A compliance officer who acts for Ada is Ada as far as checking goes."""
    change = propose(people)
    delegation = Delegation.objects.create(
        delegator=people["ada"], delegate=people["bo"], roles=[roles.ADMIN], starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=1), reason="x", created_at=AT,
    )
    with pytest.raises(SamePerson):
        agree(change, people["bo"], acting_for=delegation)


@pytest.mark.parametrize(("role", "enrolled", "with_second_factor", "asked"), [
    (roles.FUNDING, True, True, roles.COMPLIANCE), (roles.REVIEWER, False, False, roles.COMPLIANCE),
    (roles.ADMIN, True, True, roles.COMPLIANCE), (roles.COMPLIANCE, True, True, roles.ADMIN),
])
def test_who_could_then_sign_in_as_somebody_of_money_needs_a_second_person(people, role, enrolled, with_second_factor, asked):
    """Whoever resets knows the new secret: with it, and without the authenticator, one administrator would be anybody."""
    fang = person("fang", role, at=branch(), enrolled=enrolled)
    client, old = signed_in(fang), fang.password
    reset = reset_credentials(username="fang", reason="手机丢失", with_second_factor=with_second_factor, by=acting(people["ada"]))
    fang.refresh_from_db()
    assert fang.password == old and SecondFactor.objects.filter(user=fang).exists() == enrolled
    assert client.get("/me/").status_code == 200
    request = ApprovalRequest.objects.get(number=reset.change.request_number)
    assert request.stage_role == asked and set(request.maker_ids) == {people["ada"].pk, fang.pk}
    assert reset.secret not in str(reset.change.content) and reset.secret not in str(AuditEntry.objects.values_list("facts", flat=True))
    issued = issue_token(label="导出", scopes=["staff.own_account"], days=1, by=acting(fang))
    agreeing = acting(people["bo"]) if asked == roles.ADMIN else acting(person("lu", roles.COMPLIANCE))
    cast_vote(request_number=request.number, verdict="agree", by=agreeing)
    fang.refresh_from_db()
    assert fang.check_password(reset.secret) and fang.must_change_password
    assert SecondFactor.objects.filter(user=fang).exists() == (enrolled and not with_second_factor)
    assert client.get("/me/").status_code == 302 and tokens.read_actor(issued.secret) is None


def test_a_kind_with_a_page_of_its_own_is_not_decided_in_the_inbox(people):
    request = open_request(
        kind="application", subject="application:A26-000001-1", title="进件", stages=[{"role": roles.ADMIN}], maker_ids=[],
        branch_id=None, by=acting(people["ada"]),
    )
    with pytest.raises(DecidedElsewhere):
        cast_vote(request_number=request.number, verdict="agree", by=acting(people["bo"]))
    with pytest.raises(DecidedElsewhere):
        withdraw_request(request_number=request.number, by=acting(people["ada"]))


def test_agreeing_twice_is_refused_or_finds_it_decided(people):
    request = open_request(
        kind="staff.access", subject="access_change:none", title="x", stages=[{"role": roles.ADMIN, "votes": 2}], maker_ids=[],
        branch_id=None, by=acting(people["ada"]),
    )
    by = acting(people["bo"])
    cast_vote(request_number=request.number, verdict="agree", by=by)
    with pytest.raises(AlreadyVoted):
        cast_vote(request_number=request.number, verdict="agree", by=by)
