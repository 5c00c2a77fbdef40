"""recuse_person, reroute_request, check_request_people: committees, and requests for which too few people are left."""

from datetime import timedelta

import pytest

from chezhe.approvals import errors, queries, seats
from chezhe.approvals.actions.add_signer import add_signer
from chezhe.approvals.actions.check_request_people import check_request_people
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.recuse_person import recuse_person
from chezhe.approvals.actions.reroute_request import reroute_request
from chezhe.approvals.models import Handling
from chezhe.approvals.tasks import find_stuck
from chezhe.approvals.tests.desk import COMMITTEE, ask, known, retire, team, vote
from chezhe.kernel import clock, events, jobs, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError, SamePerson
from chezhe.kernel.models import Event
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.tests.cast import AT, acting, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    known()
    with clock.at(AT):
        yield


@pytest.fixture
def people():
    return team() | {"ada": person("ada", roles.ADMIN)}


def test_a_committee_decides_only_with_its_quorum(people):
    request = ask(people, COMMITTEE)
    assert vote(request, people["chen"]).status == "open"
    assert vote(request, people["du"]).status == "open", "two agree, but only two are present"
    assert vote(request, people["shen"], "reject", "不同意").status == "approved"


def test_a_veto_needs_no_quorum(people):
    request = ask(people, COMMITTEE)
    assert vote(request, people["gao"], "reject", "集中度").status == "rejected"


def test_of_a_tie_the_chair_decides_once_nobody_is_left(people):
    for verdict, ends in (("agree", "approved"), ("reject", "rejected")):
        four = {"role": roles.APPROVER, "votes": 3, "rejects": 3, "quorum": 3, "roles": [roles.REGIONAL_MGR, roles.BRANCH_MGR],
                "chair": roles.REGIONAL_MGR}
        request = ask(people, four)
        other = {"agree": "reject", "reject": "agree"}[verdict]
        for name, said in (("shen", verdict), ("chen", verdict), ("du", other)):
            assert vote(request, people[name], said, "理由").status == "open"
        assert vote(request, people["mo"], other, "理由").status == ends


def test_named_members_vote_without_the_role(people):
    request = ask(people, {"members": [people["mo"].pk, people["gao"].pk], "votes": 2})
    assert request.role_label == "Gao、Mo"
    with pytest.raises(errors.NotThisStage):
        vote(request, people["chen"])
    assert vote(request, people["mo"]).status == "open"
    assert vote(request, people["gao"]).status == "approved"
    assert [v.seat_label for v in request.votes.all()] == ["指定人员", "指定人员"]


def test_whoever_steps_back_does_not_vote_and_is_replaced(people):
    request = ask(people, {"role": roles.APPROVER})
    recuse_person(request_number=request.number, reason="与车商相识", replacement="gao", by=acting(people["chen"]))
    with pytest.raises(errors.SteppedBack):
        vote(request, people["chen"])
    assert not queries.waiting_for(acting(people["chen"])).exists()
    assert queries.waiting_for(acting(people["gao"])).get() == request
    assert vote(request, people["gao"]).status == "approved"
    assert [(h.verb, h.other_name, h.words) for h in Handling.objects.order_by("id")] == [
        ("recuse", "Chen", "与车商相识"), ("reroute", "Gao", "与车商相识")]


def test_who_may_let_whom_step_back(people):
    request = ask(people)
    with pytest.raises(errors.NotYours):
        recuse_person(request_number=request.number, username="rong", reason="亲属", by=acting(people["rui"]))
    recuse_person(request_number=request.number, username="rui", reason="亲属", by=acting(people["mo"]))
    with pytest.raises(errors.SteppedBack):
        vote(request, people["rui"])
    vote(request, people["rong"])
    second = ask(people, {"role": roles.REVIEWER, "votes": 2})
    vote(second, people["rui"])
    with pytest.raises(errors.AlreadyVoted):
        recuse_person(request_number=second.number, reason="后悔", by=acting(people["rui"]))
    third = ask(people)
    with pytest.raises(BusinessError):
        recuse_person(request_number=third.number, username="nobody", reason="x", by=acting(people["mo"]))


def test_when_too_few_are_left_it_is_said_and_can_be_rerouted(people):
    request = ask(people)
    for name in ("rui", "rong"):
        recuse_person(request_number=request.number, reason="亲属", by=acting(people[name]))
    request.refresh_from_db()
    assert request.stuck_at == AT
    assert queries.stuck(acting(people["mo"])).get() == request
    assert Event.objects.get(name="approval.stuck").payload == {"number": request.number, "kind": "test.desk"}
    for username in ("rui", "lin", "mo", "chen"):  # stepped back, maker, oneself, of no role that may stand in
        with pytest.raises(errors.NoSuchVoter):
            reroute_request(request_number=request.number, username=username, reason="无人", by=acting(people["mo"]))
    reroute_request(request_number=request.number, username="gao", reason="初审均回避", by=acting(people["mo"]))
    request.refresh_from_db()
    assert request.stuck_at is None
    assert vote(request, people["gao"]).status == "approved"


def test_nobody_reroutes_while_somebody_can_vote_nor_what_they_made(people):
    request = ask(people)
    with pytest.raises(errors.NotMissing) as refused:
        reroute_request(request_number=request.number, username="gao", reason="x", by=acting(people["mo"]))
    assert "Rong、Rui" in str(refused.value)
    request.maker_ids = [*request.maker_ids, people["mo"].pk]
    request.save()
    with pytest.raises(SamePerson):
        reroute_request(request_number=request.number, username="gao", reason="x", by=acting(people["mo"]))


def test_a_colleague_who_is_let_go_is_missed_at_once(people):
    request = ask(people, {"role": roles.APPROVER, "votes": 2})
    vote(request, people["chen"])
    with jobs.in_line():
        disable_user(username="du", reason="离职", by=acting(people["ada"]))
        events.deliver_all()
        jobs.run_due()
    request.refresh_from_db()
    assert request.stuck_at is not None
    reroute_request(request_number=request.number, username="gao", reason="杜已离职", by=acting(people["shen"]))
    assert vote(request, people["gao"]).status == "approved"


def test_a_claim_of_somebody_who_has_gone_is_free_again(people):
    request = ask(people)
    claim_request(request_number=request.number, by=acting(people["rui"]))
    disable_user(username="rui", reason="离职", by=acting(people["ada"]))
    check_request_people(request_number=request.number, by=SYSTEM)
    assert queries.waiting_for(acting(people["rong"])).get() == request


def test_a_role_that_ends_is_missed_and_one_that_begins_is_seen(people):
    request = ask(people, {"role": roles.RISK_MANAGER})
    retire(people["gao"], AT.date() + timedelta(days=1))
    assert find_stuck() == 0
    with clock.at(AT + timedelta(days=1)):
        assert find_stuck() == 1 and find_stuck() == 0
        request.refresh_from_db()
        assert request.stuck_at is not None
        person("hua", roles.RISK_MANAGER)
        assert find_stuck() == 1
    request.refresh_from_db()
    assert request.stuck_at is None
    assert [h.verb for h in request.handlings.all()] == ["stuck", "unstuck"]


def test_a_signer_who_steps_back_gives_the_seat_to_another(people):
    request = ask(people)
    add_signer(request_number=request.number, username="gao", place="before", reason="先看", by=acting(people["rui"]))
    recuse_person(request_number=request.number, reason="亲属", by=acting(people["gao"]))
    request.refresh_from_db()
    assert request.stuck_at is not None, "the seat is empty: a signature that was asked for is not skipped"
    reroute_request(request_number=request.number, username="shen", reason="代签", by=acting(people["mo"]))
    vote(request, people["shen"])
    assert vote(request, people["rui"]).status == "approved"


def test_a_hundred_requests_are_gone_through_with_few_questions(people, django_assert_max_num_queries):
    for _number in range(40):
        ask(people)
    with django_assert_max_num_queries(4):
        assert list(seats.changed(AT.date())) == []
