"""hold_verdict, undo_verdict, apply_verdict: a verdict counts after ten seconds, unless it is taken back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from chezhe.approvals import errors, queries
from chezhe.approvals.actions.apply_verdict import apply_verdict
from chezhe.approvals.actions.hold_verdict import hold_verdict
from chezhe.approvals.actions.recuse_person import recuse_person
from chezhe.approvals.actions.undo_verdict import undo_verdict
from chezhe.approvals.models import ApprovalRequest, HeldVerdict, Vote
from chezhe.approvals.tests.desk import KIND, ask, delegation, known, retire, team, vote
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError, NotPermitted, SamePerson, WrongState
from chezhe.kernel.models import Event, StatusMove
from chezhe.staff import steps as staff_steps
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.tests.cast import AT, acting, person

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(seconds=10)


@pytest.fixture(autouse=True)
def _monday():
    known()
    with clock.at(AT), jobs.in_line():
        yield


@pytest.fixture
def people():
    return team()


def hold(request, user, verdict="agree", opinion="同意"):
    return hold_verdict(request_number=request.number, verdict=verdict, opinion=opinion, by=acting(user))


def later():
    with clock.at(SOON):
        return jobs.run_due()


def status_of(request):
    return ApprovalRequest.objects.get(pk=request.pk).status


def test_nothing_is_told_before_the_ten_seconds_are_over(people):
    request = ask(people)
    before = Event.objects.count(), StatusMove.objects.count()
    held = hold(request, people["rui"])
    assert (held.applies_at, held.status) == (SOON, "held")
    assert status_of(request) == "open" and not Vote.objects.exists()
    assert (Event.objects.count(), StatusMove.objects.count()) == before
    assert not queries.waiting_for(acting(people["rui"])).exists() and queries.waiting_for(acting(people["rong"])).exists()
    assert later() == 1
    assert status_of(request) == "approved" and Vote.objects.get().user == people["rui"]
    assert Event.objects.filter(name="approval.decided").count() == 1


def test_it_can_be_taken_back_and_given_again(people):
    request = ask(people)
    hold(request, people["rui"], "reject", "手滑")
    undo_verdict(request_number=request.number, by=acting(people["rui"]))
    later()
    assert status_of(request) == "open" and not Vote.objects.exists()
    assert queries.waiting_for(acting(people["rui"])).get() == request
    hold(request, people["rui"])
    with clock.at(SOON + timedelta(seconds=10)):
        jobs.run_due()
    assert status_of(request) == "approved"


def test_not_after_the_ten_seconds_and_not_by_another(people):
    request = ask(people)
    hold(request, people["rui"])
    with pytest.raises(errors.TooLateToUndo):
        undo_verdict(request_number=request.number, by=acting(people["rong"]))
    with clock.at(SOON), pytest.raises(errors.TooLateToUndo):
        undo_verdict(request_number=request.number, by=acting(people["rui"]))
    later()
    with pytest.raises(errors.TooLateToUndo):
        undo_verdict(request_number=request.number, by=acting(people["rui"]))
    assert status_of(request) == "approved"


def test_what_the_vote_would_refuse_is_refused_at_once(people):
    request = ask(people)
    with pytest.raises(errors.OpinionMissing):
        hold(request, people["rui"], "reject", " ")
    with pytest.raises(errors.NotThisStage):
        hold(request, people["chen"])
    with pytest.raises((SamePerson, NotPermitted)):
        hold(request, people["lin"])
    assert not HeldVerdict.objects.exists() and later() == 0


def test_a_second_click_or_tab_is_told_of_the_first(people):
    request = ask(people)
    hold(request, people["rui"])
    with pytest.raises(errors.AlreadyHeld) as refused:
        hold(request, people["rui"], "reject", "另一页")
    assert "同意" in str(refused.value)


def test_when_a_colleague_decides_meanwhile_its_giver_is_told_who_and_when(people):
    request = ask(people)
    held = hold(request, people["rui"])
    vote(request, people["rong"], "reject", "收入不足")
    later()
    held.refresh_from_db()
    assert held.status == "refused" and "Rong" in held.refusal and "已拒绝" in held.refusal
    assert status_of(request) == "rejected" and Vote.objects.count() == 1


@pytest.mark.parametrize("how", ["disabled", "retired", "recused"])
def test_an_approver_who_loses_the_right_meanwhile_does_not_decide(people, how):
    request = ask(people)
    held = hold(request, people["rui"])
    if how == "disabled":
        disable_user(username="rui", reason="离职", by=acting(person("ada", roles.ADMIN)))
    elif how == "retired":
        retire(people["rui"], AT.date())
    else:
        recuse_person(request_number=request.number, reason="亲属", by=acting(people["rui"]))
    later()
    held.refresh_from_db()
    assert held.status == "refused" and held.refusal
    assert status_of(request) == "open" and not Vote.objects.exists()


def test_a_delegate_whose_delegation_ends_meanwhile_does_not_decide_in_their_own_name(people):
    request = ask(people)
    given = delegation(people["rui"], people["rong"], roles.REVIEWER)
    by = staff_steps.actor_for(people["rong"], AT, acting_for=given)
    held = hold_verdict(request_number=request.number, verdict="agree", opinion="代", by=by)
    given.ended_at = AT
    given.save()
    later()
    held.refresh_from_db()
    assert held.status == "refused" and "委托" in held.refusal and status_of(request) == "open"


def test_a_delegate_decides_for_both(people):
    request = ask(people, {"role": roles.REVIEWER, "votes": 2})
    by = staff_steps.actor_for(people["du"], AT, acting_for=delegation(people["rui"], people["du"], roles.REVIEWER))
    hold_verdict(request_number=request.number, verdict="agree", by=by)
    assert not queries.waiting_for(acting(people["rui"])).exists()
    later()
    assert Vote.objects.get().people == {people["rui"].pk, people["du"].pk}


def test_where_rights_follow_nothing_is_held(people):
    known(may_be_undone=False)
    with pytest.raises(errors.NotUndoable):
        hold(ask(people), people["rui"])


def test_a_kind_with_a_page_of_its_own_is_decided_by_its_room(people):
    from chezhe.approvals import kinds

    told = []
    kinds.register(kinds.Kind(KIND, "测试", vote=lambda *said: told.append(said[:3])))
    hold(ask(people), people["rui"])
    later()
    assert told == [("case:1", "agree", "同意")] * 2, "once tried, once meant"


def test_applying_twice_counts_once(people):
    request = ask(people, {"role": roles.REVIEWER, "votes": 2})
    held = hold(request, people["rui"])
    for _time in range(2):
        apply_verdict(held_id=held.pk, by=SYSTEM)
    assert Vote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_undoing_and_applying_at_once_exactly_one_happens(people):
    """Both stand at the same row: either the vote counts and the undo is refused, or the undo counts and there is no vote."""
    request = ask(people)
    held = hold(request, people["rui"])
    barrier, answers = threading.Barrier(2), []

    def run(act):
        try:
            with clock.at(SOON - timedelta(seconds=1)):
                barrier.wait(timeout=10)
                answers.append(act().status)
        except BusinessError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    by = acting(people["rui"])
    acts = (lambda: undo_verdict(request_number=request.number, by=by), lambda: apply_verdict(held_id=held.pk, by=SYSTEM))
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    held.refresh_from_db()
    assert held.status in ("applied", "undone")
    assert Vote.objects.count() == (held.status == "applied")
    assert sorted(answers) == (["undone", "undone"] if held.status == "undone" else ["applied", "undo_too_late"])


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_hold_one_verdict(people):
    request = ask(people)
    barrier, answers = threading.Barrier(2), []
    by = acting(people["rui"])

    def run(verdict):
        try:
            with clock.at(AT), jobs.in_line():
                barrier.wait(timeout=10)
                answers.append(hold_verdict(request_number=request.number, verdict=verdict, opinion="x", by=by).status)
        except BusinessError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verdict]) for verdict in ("agree", "reject")]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    assert sorted(answers) == ["already_held", "held"]


def test_who_comes_second_to_a_decided_request_is_told_who_and_when(people):
    request = ask(people)
    vote(request, people["rui"], "reject", "收入不足")
    with pytest.raises(WrongState) as refused:
        vote(request, people["rong"])
    assert refused.value.code == "wrong_state" and "Rui" in str(refused.value) and "已拒绝" in str(refused.value)
