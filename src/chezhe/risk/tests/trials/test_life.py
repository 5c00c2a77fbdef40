"""From a draft to its end: draft_live_trial, edit_live_trial, submit_live_trial, withdraw_live_trial, discard_live_trial, stop_live_trial,
end_live_trial, note_trial_loan, and what each refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.errors import NotThisStage
from chezhe.approvals.models import ApprovalRequest
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.errors import BusinessError, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.policies.actions.cancel_version import cancel_version
from chezhe.policies.actions.discard_version import discard_version
from chezhe.policies.judging import Judged
from chezhe.policies.tests.acting import through
from chezhe.risk.actions.discard_live_trial import discard_live_trial
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.actions.edit_live_trial import edit_live_trial
from chezhe.risk.actions.end_live_trial import end_live_trial
from chezhe.risk.actions.note_trial_loan import note_trial_loan
from chezhe.risk.actions.retire_shadow import retire_shadow
from chezhe.risk.actions.stop_live_trial import stop_live_trial
from chezhe.risk.actions.submit_live_trial import submit_live_trial
from chezhe.risk.actions.withdraw_live_trial import withdraw_live_trial
from chezhe.risk.deciding import arms
from chezhe.risk.deciding.arms import Applicant
from chezhe.risk.deciding.values import Strategy
from chezhe.risk.relations import steps as relations
from chezhe.risk.tasks import watch_live_trial
from chezhe.risk.tests.registry.desk import TODAY, Desk, another, zipped
from chezhe.risk.tests.trials.trying import agree, agreed, days_pass, decide, plan, running, stricter, subjects, written
from chezhe.risk.trials import errors, planning, queries
from chezhe.risk.trials.models import LiveTrial, TrialLoan, TrialTable
from chezhe.risk.trials.rules import CHALLENGER, CHAMPION


def test_nobody_who_wrote_it_or_its_table_may_let_it_begin(desk: Desk) -> None:
    """Rui wrote the table, Fei the trial: neither can agree, though Rui manages risk."""
    trial = written(desk, versions={"tier": stricter(desk.rui).number})
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    assert asked.status == "proposed" and queries.running() is None
    for who, refusal in ((desk.rui, SamePerson), (desk.fei, NotPermitted), (desk.he, NotThisStage)):
        with pytest.raises(refusal):
            cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=who)
    other = hire("睿", desk.cast.east, roles.RISK_MANAGER, reach=Reach.ALL)
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=other)
    assert queries.running() is None, "its table waits for compliance, as one that is published does"
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=desk.he)
    begun = queries.running()
    assert begun == trial and begun is not None and begun.began_at == clock.now()
    assert Event.objects.filter(name="live_trial.started", payload__share="0.5000").count() == 1


def test_who_brought_the_model_in_may_not_agree_either(desk: Desk) -> None:
    model = desk.upload(zipped(another()), by=desk.rui)
    asked = submit_live_trial(live_trial_number=written(desk, model_number=model.number).number, business_date=TODAY, by=desk.fei)
    with pytest.raises(SamePerson):
        cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=desk.rui)


def test_a_return_makes_a_draft_again_a_refusal_is_the_end_and_a_withdrawal_changes_nothing(desk: Desk) -> None:
    trial = written(desk, by=desk.rui)
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.rui)
    cast_vote(request_number=asked.request_number, verdict="return", opinion="请写明衡量指标", by=desk.he)
    edited = edit_live_trial(
        live_trial_number=trial.number, plan=plan(versions=trial.versions, share=Decimal("0.2")), business_date=TODAY, by=desk.rui)
    assert (edited.status, edited.agreed_share) == ("draft", Decimal("0.2"))
    submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.rui)
    assert withdraw_live_trial(live_trial_number=trial.number, by=desk.rui).status == "draft"
    with pytest.raises(WrongState):
        withdraw_live_trial(live_trial_number=trial.number, by=desk.rui)
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.rui)
    assert [row.submission for row in TrialTable.objects.all()] == [1, 2, 3]
    cast_vote(request_number=asked.request_number, verdict="reject", opinion="不必试", by=desk.he)
    for act in (submit_live_trial, edit_live_trial):
        more: dict[str, Any] = {"plan": plan(versions=trial.versions)} if act is edit_live_trial else {}
        with pytest.raises(WrongState):
            act(live_trial_number=trial.number, business_date=TODAY, by=desk.rui, **more)


def test_only_one_runs_at_a_time_in_the_database_too(desk: Desk) -> None:
    first = running(desk)
    second = written(desk, versions={"tier": stricter(desk.fei, ">= 1000").number})
    with pytest.raises(errors.AnotherRuns) as refused:
        agreed(desk, second)
    assert refused.value.code == "live_trial_another_runs" and first.number in str(refused.value)
    second.refresh_from_db()
    assert second.status == "proposed"
    with pytest.raises(IntegrityError, match="risk_live_trial_runs_alone"), transaction.atomic():
        LiveTrial.objects.filter(pk=second.pk).update(status="running", began_at=clock.now())
    stop_live_trial(live_trial_number=first.number, reason="换一个", by=desk.he)
    cast_vote(request_number=second.request_number, verdict="agree", opinion="", by=desk.he)
    assert queries.running() == second


def test_what_was_handed_in_cannot_be_changed_by_anybody(desk: Desk) -> None:
    trial = running(desk)
    for number, refusal in ((trial.number, WrongState), ("LT26-000999-1", NotFound)):
        with pytest.raises(refusal):
            edit_live_trial(live_trial_number=number, plan=plan(versions=trial.versions), business_date=TODAY, by=desk.fei)
    with pytest.raises(WrongState):
        submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    with pytest.raises(WrongState):
        discard_live_trial(live_trial_number=trial.number, by=desk.fei)
    for change in ({"share": Decimal("0.3")}, {"versions": {}}, {"ends_on": date(2027, 1, 1)}, {"bad_rate_max": None, "submission": 2}):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            LiveTrial.objects.filter(pk=trial.pk).update(**change)
    for rows in (TrialTable.objects.all(), LiveTrial.objects.filter(pk=written(desk).pk)):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        TrialTable.objects.update(content_hash="0" * 64)
    stop_live_trial(live_trial_number=trial.number, reason="够了", by=desk.rui)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        LiveTrial.objects.filter(pk=trial.pk).update(status="running", over_at=None, over_why="")


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"title": " "}, errors.TitleMissing), ({"hypothesis": ""}, errors.HypothesisMissing), ({"purpose": "behaviour"}, errors.PurposeUnknown),
    ({"share": Decimal(0)}, errors.ShareWrong), ({"share": Decimal("0.51")}, errors.ShareWrong), ({"share": Decimal("0.00001")}, errors.ShareWrong),
    ({"ends_on": TODAY}, errors.PeriodWrong), ({"ends_on": TODAY - timedelta(days=1)}, errors.PeriodWrong),
    ({"begins_on": TODAY - timedelta(days=1)}, errors.BeginsInThePast), ({"applications_max": 0}, errors.FigureWrong),
    ({"approval_gap_max": Decimal(0)}, errors.FigureWrong), ({"bad_rate_max": Decimal(1)}, errors.FigureWrong),
    ({"loans_min": 0}, errors.FigureWrong), ({"versions": {}}, errors.NothingDiffers), ({"versions": {"tier": "tier-v1"}}, errors.NothingDiffers),
    ({"versions": {"route": "tier-v1"}}, errors.TableElsewhere), ({"versions": {"weather": "tier-v1"}}, errors.TableElsewhere),
    ({"versions": {"tier": "tier-v99"}}, NotFound), ({"model_number": "MD26-000999-1"}, NotFound),
])
def test_what_makes_no_sense_is_refused_with_a_sentence(desk: Desk, changes: dict[str, Any], refusal: type[BusinessError]) -> None:
    with pytest.raises(refusal) as refused:
        written(desk, **changes)
    assert refused.value.code and str(refused.value) and not LiveTrial.objects.exists()


def test_a_table_with_faults_is_refused_when_it_is_written_and_when_it_is_handed_in(desk: Desk) -> None:
    draft = stricter(desk.fei)
    trial = written(desk, versions={"tier": draft.number})
    broken = stricter(desk.fei, 'between("a")')
    with pytest.raises(errors.TableFaulty) as refused:
        written(desk, versions={"tier": broken.number})
    assert broken.number in str(refused.value)
    discard_version(version_number=draft.number, by=desk.fei)
    with pytest.raises(errors.TableElsewhere):
        submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    assert not TrialTable.objects.exists()


def test_a_model_of_another_kind_of_borrower_or_one_that_was_refused_is_not_tried(desk: Desk) -> None:
    model = desk.upload(zipped(another()))
    with pytest.raises(errors.ModelOfOthers) as refused:
        written(desk, model_number=model.number, purpose="company")
    assert "个人" in str(refused.value) and "企业" in str(refused.value)
    type(model).objects.filter(pk=model.pk).update(status="refused")
    with pytest.raises(errors.ModelUnusable):
        written(desk, model_number=model.number)


def test_only_whoever_sees_the_whole_house_and_may_writes_and_stops(desk: Desk) -> None:
    versions = {"tier": stricter(desk.rui).number}
    branch = hire("丰", desk.cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)
    for who, refusal in ((branch, WholeHouseOnly), (desk.lin, NotPermitted), (desk.he, NotPermitted)):
        with pytest.raises(refusal):
            draft_live_trial(plan=plan(versions=versions), business_date=TODAY, by=who)
    trial = running(desk)
    for who in (desk.fei, desk.lin, desk.xu):
        with pytest.raises(NotPermitted):
            stop_live_trial(live_trial_number=trial.number, reason="试试", by=who)
    for who in (desk.rui, desk.fei):
        with pytest.raises(NotPermitted):
            end_live_trial(live_trial_number=trial.number, business_date=TODAY, by=who)
    with pytest.raises(ReasonRequired):
        stop_live_trial(live_trial_number=trial.number, reason=" ", by=desk.he)
    stopped = stop_live_trial(live_trial_number=trial.number, reason="投诉增多", by=desk.he)
    assert (stopped.status, stopped.over_why, stopped.over_at) == ("stopped", "person", clock.now())
    with pytest.raises(WrongState):
        stop_live_trial(live_trial_number=trial.number, reason="再停一次", by=desk.he)
    assert Event.objects.filter(name="live_trial.over", payload__why="person").count() == 1


def test_a_draft_is_given_up_for_good(desk: Desk) -> None:
    trial = discard_live_trial(live_trial_number=written(desk).number, by=desk.fei)
    assert trial.status == "discarded"
    with pytest.raises(WrongState):
        discard_live_trial(live_trial_number=trial.number, by=desk.fei)


def test_an_agreement_that_comes_too_late_begins_nothing(desk: Desk) -> None:
    trial = written(desk, ends_on=TODAY + timedelta(days=2))
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    days_pass(2)
    with pytest.raises(errors.TooLate):
        agree(desk, asked)


def test_compliance_agrees_to_every_table_and_to_a_model_alone_only_a_risk_manager_is_asked(desk: Desk) -> None:
    def asked_of(trial: LiveTrial, by: Any) -> list[str]:
        asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=by)
        return [stage["role"] for stage in ApprovalRequest.objects.get(number=asked.request_number).stages]

    model = desk.upload(zipped(another())).number
    assert asked_of(written(desk), desk.fei) == [roles.RISK_MANAGER, roles.COMPLIANCE]
    assert asked_of(written(desk, model_number=model), desk.fei) == [roles.RISK_MANAGER]
    assert asked_of(written(desk, by=desk.rui), desk.rui) == [roles.COMPLIANCE]


def test_a_version_that_was_cancelled_since_is_not_tried(desk: Desk) -> None:
    version = through(desk.fei, desk.he, on=date(2026, 4, 20), score=">= 1100")
    asked = submit_live_trial(
        live_trial_number=written(desk, versions={"tier": version.number}).number, business_date=TODAY, by=desk.fei)
    cancel_version(version_number=version.number, reason="数据有误", business_date=TODAY, by=desk.he)
    with pytest.raises(errors.VersionCancelled) as refused:
        agree(desk, asked)
    assert version.number in str(refused.value) and queries.running() is None


def test_a_copy_that_has_faults_by_now_is_not_tried(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = submit_live_trial(live_trial_number=written(desk).number, business_date=TODAY, by=desk.fei)
    gone = Judged("input_unknown", "error", 0, "score", {"name": "score"})
    monkeypatch.setattr(planning.judging, "judge", lambda policy, table: [gone])
    with pytest.raises(errors.TableFaulty):
        agree(desk, asked)
    assert queries.running() is None


def test_a_model_that_was_taken_back_since_is_not_tried_until_it_is_handed_in_anew(desk: Desk) -> None:
    model = desk.agreed(desk.upload(zipped(another())), "shadow")
    trial = written(desk, model_number=model.number)
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    retire_shadow(scoring_model_number=model.number, reason="影子偏移", by=desk.rui)
    with pytest.raises(errors.ModelTakenBack) as refused:
        agree(desk, asked)
    assert model.number in str(refused.value) and queries.running() is None
    withdraw_live_trial(live_trial_number=trial.number, by=desk.fei)
    assert agreed(desk, trial).status == "running"


def test_it_ends_by_itself_on_its_day_though_no_worker_has_come(desk: Desk) -> None:
    trial = running(desk, ends_on=TODAY + timedelta(days=2))
    applications = subjects(trial, CHALLENGER)
    assert decide(desk, next(applications)).trial == trial.number and watch_live_trial() is False
    days_pass(2)
    late = next(applications)
    in_force = Strategy(policies={}, scorer=None)
    assert arms.strategy_for(in_force, Applicant(subject=late, customer=desk.wang.subject, borrower_kind="person")) is in_force
    assert watch_live_trial() is True and watch_live_trial() is False
    trial.refresh_from_db()
    assert (trial.status, trial.over_why) == ("ended", "date")


def test_it_begins_on_its_first_day_and_not_before(desk: Desk) -> None:
    trial = running(desk, begins_on=TODAY + timedelta(days=1))
    early, late = (next(subjects(trial, arm)) for arm in (CHALLENGER, CHAMPION))
    assert decide(desk, early).trial == ""
    days_pass(1)
    assert decide(desk, late).arm == CHAMPION
    assert decide(desk, early).trial == "", "first decided before the trial began"


def test_it_ends_when_it_is_full_and_takes_nobody_beyond(desk: Desk) -> None:
    trial = running(desk, applications_max=2)
    applications = subjects(trial, CHALLENGER)
    first = next(applications)
    assert decide(desk, first).arm == CHALLENGER and decide(desk, first).arm == CHALLENGER
    assert queries.applications(trial) == 1 and queries.running() is not None
    assert decide(desk, next(applications)).arm == CHALLENGER
    trial.refresh_from_db()
    assert (trial.status, trial.over_why) == ("ended", "number") and decide(desk, next(applications)).trial == ""


def test_a_challenger_that_approves_too_many_is_stopped_by_itself(desk: Desk) -> None:
    """By the table in force nobody here is of tier A: the challenger lets 642 points into it."""
    trial = running(desk, versions={"tier": stricter(desk.fei, ">= 640").number}, approval_gap_max=Decimal("0.10"), applications_min=2)
    poor = {"bureau_score": 640, "bureau_hard_inquiries_3m": 3}
    champions, challengers = subjects(trial, CHAMPION), subjects(trial, CHALLENGER)
    answers = [decide(desk, next(arm), **poor).outcome for arm in (champions, champions, challengers)]
    assert queries.running() is not None and answers[0] != "approved"
    last = decide(desk, next(challengers), **poor)
    trial.refresh_from_db()
    assert (last.outcome, trial.status, trial.over_why) == ("approved", "stopped", "approval_gap")


def test_a_challenger_whose_loans_turn_bad_is_stopped_by_the_daily_look(desk: Desk) -> None:
    trial = running(desk, bad_rate_max=Decimal("0.40"), loans_min=2)
    made = [decide(desk, subject) for _turn, subject in zip(range(3), subjects(trial, CHALLENGER), strict=False)]
    for serial, decision in enumerate(made[:2]):
        loan = f"loan:L26-00000{serial}-1"
        kept = note_trial_loan(
            application_subject=decision.subject, loan_subject=loan, amount=Money(5_000_000), paid_on=TODAY, by=SYSTEM)
        assert kept is not None and (kept.trial, kept.arm, kept.decision) == (trial, CHALLENGER, decision)
        again = note_trial_loan(
            application_subject=decision.subject, loan_subject=loan, amount=Money(5_000_000), paid_on=TODAY, by=SYSTEM)
        assert again is None
    outside = note_trial_loan(
        application_subject="application:A25-000001-0", loan_subject="loan:L25-1", amount=Money(1), paid_on=TODAY, by=SYSTEM)
    assert outside is None and TrialLoan.objects.count() == 2 and watch_live_trial() is False
    days_pass(1)
    relations.record_outcome(made[0].subject, "bad", on=TODAY + timedelta(days=1), known_at=clock.now(), reference="loan:L26-000000-1")
    assert watch_live_trial() is True
    trial.refresh_from_db()
    assert (trial.status, trial.over_why) == ("stopped", "bad_rate")


def test_a_loan_that_was_paid_out_is_kept_by_the_news_of_it(desk: Desk) -> None:
    trial = running(desk)
    made = decide(desk, next(subjects(trial, CHAMPION)))
    news = {"number": "L26-000001-1", "contract": "K26", "paid_on": "2026-03-16", "principal_fen": 6_000_000}
    events.publish("loan.activated", "loan:L26-000001-1", news | {"application": made.subject})
    events.publish("loan.activated", "loan:L26-000002-1", news | {"application": ""})
    events.deliver_all()
    kept = TrialLoan.objects.get()
    assert (kept.arm, kept.amount, kept.paid_on, kept.loan) == (CHAMPION, Money(6_000_000), TODAY, "loan:L26-000001-1")
