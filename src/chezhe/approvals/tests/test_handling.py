"""claim_request, release_request, transfer_request, add_signer, copy_request, read_copy, urge_request, pause_request, resume_request."""

from datetime import timedelta

import pytest

from chezhe.approvals import errors, queries
from chezhe.approvals.actions.add_signer import add_signer
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.copy_request import copy_request
from chezhe.approvals.actions.pause_request import pause_request
from chezhe.approvals.actions.read_copy import read_copy
from chezhe.approvals.actions.release_request import release_request
from chezhe.approvals.actions.resume_request import resume_request
from chezhe.approvals.actions.transfer_request import transfer_request
from chezhe.approvals.actions.urge_request import urge_request
from chezhe.approvals.models import ApprovalRequest, Handling
from chezhe.approvals.tests.desk import COMMITTEE, ask, delegation, known, team, vote
from chezhe.kernel import clock, roles
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.staff import steps as staff_steps
from chezhe.staff.tests.cast import AT, acting, branch, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    known()
    with clock.at(AT):
        yield


@pytest.fixture
def people():
    return team()


def waits_for(people, name):
    return [row.number for row in queries.waiting_for(acting(people[name]))]


def track(request):
    return [(row.verb, row.user_name, row.other_name) for row in Handling.objects.filter(request=request).order_by("id")]


def test_what_one_has_claimed_waits_for_nobody_else(people):
    request = ask(people)
    claim_request(request_number=request.number, by=acting(people["rui"]))
    assert waits_for(people, "rui") == [request.number] and waits_for(people, "rong") == []
    with pytest.raises(errors.ClaimedByAnother) as refused:
        vote(request, people["rong"])
    assert "Rui" in str(refused.value)
    with pytest.raises(errors.ClaimedByAnother):
        claim_request(request_number=request.number, by=acting(people["rong"]))
    with pytest.raises(errors.NotClaimed):
        release_request(request_number=request.number, by=acting(people["rong"]))
    release_request(request_number=request.number, by=acting(people["rui"]))
    assert vote(request, people["rong"]).status == "approved"
    assert track(request) == [("claim", "Rui", ""), ("release", "Rui", "")]


def test_claiming_twice_is_claiming_once(people):
    request = ask(people)
    for _time in range(2):
        claim_request(request_number=request.number, by=acting(people["rui"]))
    assert track(request) == [("claim", "Rui", "")]


def test_nobody_claims_what_several_vote_on_nor_what_is_not_theirs(people):
    committee = ask(people, COMMITTEE)
    with pytest.raises(errors.NotClaimable):
        claim_request(request_number=committee.number, by=acting(people["chen"]))
    request = ask(people)
    for name in ("chen", "lin"):
        with pytest.raises((errors.NotYours, NotPermitted)):
            claim_request(request_number=request.number, by=acting(people[name]))
    vote(request, people["rui"])
    with pytest.raises(WrongState):
        claim_request(request_number=request.number, by=acting(people["rong"]))
    with pytest.raises(NotPermitted):
        claim_request(request_number=request.number, by=WU)
    elsewhere = person("han", roles.REVIEWER, at=branch("HZ01", "杭州一店"))
    with pytest.raises(NotFound):
        claim_request(request_number=committee.number, by=acting(elsewhere))


def test_a_delegate_claims_for_the_one_they_act_for(people):
    request = ask(people)
    by = staff_steps.actor_for(people["du"], AT, acting_for=delegation(people["rui"], people["du"], roles.REVIEWER))
    claim_request(request_number=request.number, by=by)
    assert [row.number for row in queries.claimed_by(by)] == [request.number]


def test_it_is_handed_on_to_somebody_who_could_vote(people):
    request = ask(people)
    for username in ("chen", "lin", "rui", "nobody"):
        with pytest.raises(errors.NoSuchVoter):
            transfer_request(request_number=request.number, username=username, reason="熟悉此客户", by=acting(people["rui"]))
    with pytest.raises(Invalid):
        transfer_request(request_number=request.number, username="rong", reason=" ", by=acting(people["rui"]))
    transfer_request(request_number=request.number, username="Rong", reason="熟悉此客户", by=acting(people["rui"]))
    assert waits_for(people, "rong") == [request.number] and waits_for(people, "rui") == []
    with pytest.raises(errors.NotYours):
        transfer_request(request_number=request.number, username="rui", reason="x", by=acting(people["chen"]))
    transfer_request(request_number=request.number, username="rui", reason="店长改派", by=acting(people["mo"]))
    assert vote(request, people["rui"]).status == "approved"
    assert track(request) == [("transfer", "Rui", "Rong"), ("transfer", "Mo", "Rui")]


def test_a_signer_before_the_others_is_waited_for_first(people):
    request = ask(people)
    add_signer(request_number=request.number, username="gao", place="before", reason="请风险先看", by=acting(people["rui"]))
    assert waits_for(people, "gao") == [request.number] and waits_for(people, "rui") == []
    request.refresh_from_db()
    assert request.role_label == "Gao"
    with pytest.raises(errors.NotThisStage):
        vote(request, people["rui"])
    assert vote(request, people["gao"]).status == "open"
    assert waits_for(people, "rui") == [request.number]
    assert vote(request, people["rui"]).status == "approved"


def test_a_signer_after_the_others_signs_last_and_may_stop_it(people):
    for verdict, ends in (("agree", "approved"), ("reject", "rejected"), ("return", "returned")):
        request = ask(people)
        add_signer(request_number=request.number, username="gao", place="after", reason="请风险会签", by=acting(people["rui"]))
        assert waits_for(people, "gao") == []
        assert vote(request, people["rui"]).status == "open"
        assert request.number in waits_for(people, "gao") and request.number not in waits_for(people, "rong")
        assert vote(request, people["gao"], verdict, "意见").status == ends


def test_signing_does_not_bring_the_votes_nearer(people):
    request = ask(people, {"role": roles.APPROVER, "votes": 2})
    add_signer(request_number=request.number, username="gao", place="before", reason="先看", by=acting(people["chen"]))
    for name, status in (("gao", "open"), ("chen", "open"), ("du", "approved")):
        assert vote(request, people[name]).status == status


def test_who_may_add_whom(people):
    request = ask(people)
    for username in ("lin", "rui", "nobody"):
        with pytest.raises(errors.NoSuchVoter):
            add_signer(request_number=request.number, username=username, place="before", reason="x", by=acting(people["rui"]))
    with pytest.raises(Invalid):
        add_signer(request_number=request.number, username="gao", place="beside", reason="x", by=acting(people["rui"]))
    with pytest.raises(errors.NotYours):
        add_signer(request_number=request.number, username="gao", place="after", reason="x", by=acting(people["chen"]))
    for name in ("gao", "chen", "du", "mo", "shen"):
        add_signer(request_number=request.number, username=name, place="after", reason="会签", by=acting(people["rui"]))
    with pytest.raises(errors.TooManySigners):
        add_signer(request_number=request.number, username="rong", place="after", reason="会签", by=acting(people["rui"]))


def test_a_copy_stands_in_the_box_until_it_is_read(people):
    request = ask(people)
    copy_request(request_number=request.number, username="shen", words="请知悉", by=acting(people["lin"]))
    shen = acting(people["shen"])
    assert queries.copied_to(shen).get() == request and queries.unread_by(shen).count() == 1
    with pytest.raises(errors.CopiedAlready):
        copy_request(request_number=request.number, username="shen", by=acting(people["rui"]))
    read_copy(request_number=request.number, by=shen)
    assert not queries.unread_by(shen).exists() and queries.copied_to(shen).exists()
    with pytest.raises(errors.NotCopied):
        read_copy(request_number=request.number, by=shen)
    person("han", roles.REVIEWER, at=branch("HZ01", "杭州一店"))
    with pytest.raises(errors.NoSuchReader):
        copy_request(request_number=request.number, username="han", by=acting(people["rui"]))


def test_whoever_waits_urges_once_an_hour(people):
    request = ask(people)
    with pytest.raises(errors.NotUrgeable):
        urge_request(request_number=request.number, by=acting(people["chen"]))
    urge_request(request_number=request.number, by=acting(people["lin"]))
    with clock.at(AT + timedelta(minutes=59)), pytest.raises(errors.UrgedJustNow) as refused:
        urge_request(request_number=request.number, by=acting(people["mo"]))
    assert "10:00" in str(refused.value)
    with clock.at(AT + timedelta(minutes=60)):
        assert urge_request(request_number=request.number, by=acting(people["mo"])).urged_count == 2


def test_a_pause_makes_the_limit_later_by_its_length(people):
    request = ask(people)
    with pytest.raises(Invalid):
        pause_request(request_number=request.number, why="tired", reason="x", by=acting(people["rui"]))
    pause_request(request_number=request.number, why="customer", reason="等银行流水", by=acting(people["rui"]))
    late = AT + timedelta(hours=6)
    assert not queries.overdue(ApprovalRequest.objects.all(), late).exists(), "the clock stands"
    with pytest.raises(errors.AlreadyPaused):
        pause_request(request_number=request.number, why="visit", reason="x", by=acting(people["rui"]))
    with clock.at(late):
        assert resume_request(request_number=request.number, by=acting(people["rui"])).due_at == AT + timedelta(hours=10)
        with pytest.raises(errors.NotPaused):
            resume_request(request_number=request.number, by=acting(people["rui"]))
    with pytest.raises(errors.NotYours):
        pause_request(request_number=request.number, why="visit", reason="x", by=acting(people["chen"]))
    endless = ask(people, due_at=None)
    with pytest.raises(errors.NoTimeLimit):
        pause_request(request_number=endless.number, why="visit", reason="x", by=acting(people["rui"]))


def test_a_vote_ends_a_pause(people):
    request = ask(people, {"role": roles.REVIEWER}, {"role": roles.APPROVER})
    pause_request(request_number=request.number, why="customer", reason="等流水", by=acting(people["rui"]))
    with clock.at(AT + timedelta(hours=1)):
        voted = vote(request, people["rui"])
    assert (voted.paused_at, voted.pause_reason, voted.due_at) == (None, "", AT + timedelta(hours=5))
