import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from chezhe.approvals import queries, steps
from chezhe.approvals.errors import AlreadyVoted, NotOpener, NotThisStage, OpinionMissing, UnknownVerdict
from chezhe.approvals.models import ApprovalRequest, Vote
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import BusinessError, NotFound, SamePerson, WrongState
from chezhe.kernel.models import Event, StatusMove
from chezhe.kernel.testing import WU
from chezhe.staff import steps as staff_steps
from chezhe.staff.models import Delegation
from chezhe.staff.tests.cast import AT, acting, branch, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    shop = branch()
    return {
        "lin": person("lin", roles.SALES, at=shop, reach=Reach.OWN),
        "rui": person("rui", roles.REVIEWER, at=shop),
        "chen": person("chen", roles.APPROVER, reach=Reach.ALL),
        "du": person("du", roles.APPROVER, reach=Reach.ALL),
        "gao": person("gao", roles.RISK_MANAGER, reach=Reach.ALL),
    }


def open_for(people, stages=({"role": roles.REVIEWER}, {"role": roles.APPROVER}), **more):
    return steps.open_request(
        kind="test", subject="application:A26-000001-1", title="进件", stages=stages, maker_ids=[people["lin"].pk],
        branch_id=branch().pk, by=acting(people["lin"]), amount=Money(10_000_000), **more,
    )


def vote(request, person_voting, verdict="agree", opinion="", **actor_options):
    by = staff_steps.actor_for(person_voting, AT, **actor_options)
    with transaction.atomic():
        return steps.cast_vote(request_number=request.number, verdict=verdict, opinion=opinion, by=by)


def test_two_stages_agree_and_the_news_is_published(people):
    request = open_for(people)
    assert vote(request, people["rui"], opinion="资料齐全").status == "open"
    decided = vote(request, people["chen"])
    assert decided.status == "approved"
    event = Event.objects.get(name="approval.decided")
    assert event.subject == "application:A26-000001-1"
    assert event.payload == {
        "number": request.number, "kind": "test", "subject": "application:A26-000001-1", "outcome": "approved"}
    assert [m.status_to for m in StatusMove.objects.filter(subject=request.subject).order_by("id")] == ["open", "approved"]


def test_the_maker_is_never_the_checker(people):
    request = steps.open_request(
        kind="test", subject="payout:1", title="放款", stages=[{"role": roles.APPROVER}], maker_ids=[people["chen"].pk],
        branch_id=branch().pk, by=acting(people["lin"]),
    )
    with pytest.raises(SamePerson):
        vote(request, people["chen"])
    assert vote(request, people["du"]).status == "approved"


def test_a_delegate_of_the_maker_is_not_another_person(people):
    request = open_for(people, stages=[{"role": roles.APPROVER}])
    request.maker_ids = [people["chen"].pk]
    request.save()
    delegation = Delegation.objects.create(
        delegator=people["chen"], delegate=people["du"], roles=[roles.APPROVER], starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=3), reason="出差", created_at=AT,
    )
    with pytest.raises(SamePerson):
        vote(request, people["du"], acting_for=delegation)
    assert vote(request, people["du"]).status == "approved"


def test_who_voted_through_a_delegate_has_voted(people):
    request = open_for(people, stages=[{"role": roles.APPROVER, "votes": 2}])
    delegation = Delegation.objects.create(
        delegator=people["chen"], delegate=people["rui"], roles=[roles.APPROVER], starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=3), reason="出差", created_at=AT,
    )
    vote(request, people["rui"], acting_for=delegation)
    with pytest.raises(AlreadyVoted):
        vote(request, people["chen"])
    assert vote(request, people["du"]).status == "approved"
    assert Vote.objects.filter(on_behalf_of=people["chen"]).count() == 1


def test_nobody_votes_twice(people):
    request = open_for(people, stages=[{"role": roles.APPROVER, "votes": 2}])
    vote(request, people["chen"])
    with pytest.raises(AlreadyVoted):
        vote(request, people["chen"])


def test_the_stage_says_who_may_vote(people):
    request = open_for(people)
    with pytest.raises(NotThisStage) as refused:
        vote(request, people["chen"])
    assert "初审" in str(refused.value)


def test_a_veto_ends_a_committee(people):
    committee = {"role": roles.APPROVER, "votes": 3, "rejects": 3, "veto": roles.RISK_MANAGER}
    request = open_for(people, stages=[committee])
    assert vote(request, people["chen"], "reject", "负债过高").status == "open"
    assert vote(request, people["gao"], "reject", "集中度超限").status == "rejected"


def test_a_return_or_a_rejection_needs_a_reason(people):
    request = open_for(people)
    for verdict in ("return", "reject"):
        with pytest.raises(OpinionMissing):
            vote(request, people["rui"], verdict, "   ")
    with pytest.raises(UnknownVerdict):
        vote(request, people["rui"], "maybe")
    assert vote(request, people["rui"], "return", "缺流水").status == "returned"


def test_a_decided_request_takes_no_more_votes(people):
    request = open_for(people)
    vote(request, people["rui"], "reject", "不符合准入")
    with pytest.raises(WrongState):
        vote(request, people["chen"])


def test_only_a_maker_takes_it_back(people):
    request = open_for(people)
    with pytest.raises(NotOpener):
        steps.withdraw(request_number=request.number, by=acting(people["rui"]))
    assert steps.withdraw(request_number=request.number, by=acting(people["lin"])).status == "withdrawn"


def test_out_of_reach_looks_like_not_there(people):
    request = open_for(people)
    elsewhere = person("han", roles.REVIEWER, at=branch("HZ01", "杭州一店"))
    with pytest.raises(NotFound):
        vote(request, elsewhere)
    with pytest.raises(NotFound):
        steps.cast_vote(request_number=request.number, verdict="agree", by=WU)
    assert not ApprovalRequest.objects.visible_to(WU).exists()


def test_the_inbox_holds_what_one_may_decide(people):
    request = open_for(people)
    assert [r.number for r in queries.waiting_for(acting(people["rui"]))] == [request.number]
    assert not queries.waiting_for(acting(people["chen"])).exists()
    assert not queries.waiting_for(acting(people["lin"])).exists()
    vote(request, people["rui"])
    assert not queries.waiting_for(acting(people["rui"])).exists()
    assert [r.number for r in queries.decided_by(acting(people["rui"]))] == [request.number]
    assert [r.number for r in queries.waiting_for(acting(people["chen"]))] == [request.number]


@pytest.mark.django_db(transaction=True)
def test_two_votes_at_once_count_one_after_the_other(people):
    """Both hold the last needed vote: one decides, the other finds the request decided, and no vote is lost or doubled."""
    request = open_for(people, stages=[{"role": roles.APPROVER}])
    barrier, answers = threading.Barrier(2), []

    def run(name):
        try:
            barrier.wait(timeout=10)
            answers.append(vote(request, people[name]).status)
        except BusinessError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[name]) for name in ("chen", "du")]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    assert sorted(answers) == ["approved", "wrong_state"]
    assert Vote.objects.filter(request=request).count() == 1
    assert Event.objects.filter(name="approval.decided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_clicking_twice_votes_once(people):
    request = open_for(people, stages=[{"role": roles.APPROVER, "votes": 2}])
    barrier, answers = threading.Barrier(2), []

    def run():
        try:
            barrier.wait(timeout=10)
            answers.append(vote(request, people["chen"]).status)
        except BusinessError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _index in range(2)]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    assert sorted(answers) == ["already_voted", "open"]
