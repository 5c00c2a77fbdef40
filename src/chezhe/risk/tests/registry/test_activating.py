"""Two people let a model score; old decisions stay what they were; one action brings the former back: submit_model, withdraw_model,
roll_back_model, retire_shadow, score_in_shadow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.errors import NotThisStage
from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, events, jobs, roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.errors import BusinessError, NotFound, NotPermitted, SamePerson, StepUpRequired, WrongState
from chezhe.kernel.models import Event
from chezhe.risk.actions.issue_notice import NotDeclined, issue_notice
from chezhe.risk.actions.retire_shadow import retire_shadow
from chezhe.risk.actions.roll_back_model import roll_back_model
from chezhe.risk.actions.score_in_shadow import score_in_shadow
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.withdraw_model import withdraw_model
from chezhe.risk.deciding import proof, queries, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.registry import queries as registry
from chezhe.risk.registry import source
from chezhe.risk.registry.errors import NothingBefore
from chezhe.risk.registry.models import ModelScore, ModelTurn, ScoringModel
from chezhe.risk.tests.deciding.telling import asking, begin, tell
from chezhe.risk.tests.registry.desk import SUBJECT, Desk, another, zipped


def decide(desk: Desk, subject: str = SUBJECT) -> Decision:
    """One application of Wang's, decided with the models that the registry says."""
    tell(desk.wang, subject, subject)
    with jobs.in_line():
        begun = begin(asking(desk.wang, desk.lin, subject=subject), desk.lin)
        while events.deliver_all() + jobs.run_due():
            pass
    return Decision.objects.get(round=begun, kind="live")


def shipped() -> ScoringModel:
    return ScoringModel.objects.get(purpose="person", is_shipped=True)


def hash_of(decision: Decision) -> str:
    return str(replaying.told(decision)["model"]["hash"])


def test_whoever_brought_a_model_in_cannot_agree_to_it_and_nothing_scores_until_another_has(desk: Desk) -> None:
    model = desk.upload(zipped(another()), by=desk.rui)
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="离线验证更好", by=desk.fei)
    assert asked.status == "proposed" and registry.active("person") == shipped()
    for who, refusal in ((desk.rui, SamePerson), (desk.fei, NotPermitted), (desk.he, NotThisStage)):
        with pytest.raises(refusal):
            cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=who)
    other = hire("睿", desk.cast.east, roles.RISK_MANAGER, reach=Reach.ALL)
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=other)
    assert registry.active("person") == model and shipped().status == "retired"
    assert Event.objects.filter(name="model.activated", payload__former=shipped().number).count() == 1


def test_what_the_risk_manager_proposes_compliance_decides_and_a_return_changes_nothing(desk: Desk) -> None:
    model = desk.upload(zipped(another()), by=desk.rui)
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="离线验证更好", by=desk.rui)
    cast_vote(request_number=asked.request_number, verdict="return", opinion="请补充分群表现", by=desk.he)
    model.refresh_from_db()
    assert model.status == "draft" and registry.active("person") == shipped()
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="已补充", by=desk.rui)
    assert withdraw_model(scoring_model_number=model.number, by=desk.rui).status == "draft"
    with pytest.raises(WrongState):
        withdraw_model(scoring_model_number=model.number, by=desk.rui)
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="已补充", by=desk.rui)
    cast_vote(request_number=asked.request_number, verdict="reject", opinion="样本太少", by=desk.he)
    with pytest.raises(WrongState):
        submit_model(scoring_model_number=model.number, wish="active", reason="再试", by=desk.rui)
    for wish, reason in (("active", ""), ("always", "试试"), ("", "试试")):
        with pytest.raises(BusinessError):
            submit_model(scoring_model_number=desk.upload(zipped(another(4 + len(wish)))).number, wish=wish, reason=reason, by=desk.fei)


def test_the_next_decision_is_scored_by_the_new_model_and_an_old_one_replays_byte_for_byte(desk: Desk) -> None:
    old = decide(desk)
    assert hash_of(old) == shipped().content_hash
    clock.tick(60)
    model = desk.agreed(desk.upload(zipped(another(points=15))))
    clock.tick(60)
    new = decide(desk, "application:A26-000002-6")
    assert hash_of(new) == model.content_hash and old.score is not None and new.score == old.score + 15
    clock.tick(60)
    back = roll_back_model(scoring_model_number=model.number, reason="通过率异常", by=desk.rui)
    third = decide(desk, "application:A26-000003-4")
    assert back == shipped() and hash_of(third) == back.content_hash and third.score == old.score
    assert [one.is_same for one in proof.replays()] == [True, True, True]
    at = [registry.in_role_at("person", "active", one.decided_at) for one in (old, new, third)]
    assert at == [shipped(), model, shipped()]
    assert registry.in_role_at("person", "shadow", new.decided_at) is None and registry.in_role_at("company", "active", clock.now()) is None
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ModelTurn.objects.all().delete()


def test_a_roll_back_goes_one_further_back_each_time_and_is_no_way_round_the_second_person(desk: Desk) -> None:
    second = desk.agreed(desk.upload(zipped(another(5)), by=desk.rui), by=desk.rui)
    third = desk.agreed(desk.upload(zipped(another(10))))
    for who, refusal in ((desk.fei, NotPermitted), (desk.rui, SamePerson), (replace(desk.he, stepped_up_at=None), StepUpRequired)):
        with pytest.raises(refusal):
            roll_back_model(scoring_model_number=third.number, reason="通过率异常", by=who)
    assert roll_back_model(scoring_model_number=third.number, reason="通过率异常", by=desk.he) == second
    assert roll_back_model(scoring_model_number=second.number, reason="仍然异常", by=desk.he) == shipped()
    with pytest.raises(NothingBefore):
        roll_back_model(scoring_model_number=shipped().number, reason="仍然异常", by=desk.he)
    with pytest.raises(WrongState):
        roll_back_model(scoring_model_number=second.number, reason="仍然异常", by=desk.he)
    third.refresh_from_db()
    again = desk.agreed(third)
    assert again.status == "active" and registry.before("person") == shipped()


def test_a_challenger_answers_beside_and_moves_nothing(desk: Desk) -> None:
    alone = decide(desk)
    clock.tick(60)
    model = desk.agreed(desk.upload(zipped(another(points=-60))), "shadow")
    clock.tick(60)
    live = decide(desk, "application:A26-000002-6")
    assert (live.score, live.tier, live.outcome, hash_of(live)) == (alone.score, alone.tier, alone.outcome, shipped().content_hash)
    said = ModelScore.objects.get()
    assert said.decision == live and said.model == model and said.live_hash == shipped().content_hash
    assert live.score is not None and (said.live_score, said.score) == (live.score, live.score - 60)
    assert said.tier != said.live_tier and hash_of(said.shadow) == model.content_hash
    assert score_in_shadow(decision_number=live.number, by=SYSTEM) is None and ModelScore.objects.count() == 1
    assert [one.is_same for one in proof.replays()] == [True, True, True]
    assert queries.latest(live.subject) == live and set(queries.visible(desk.xu)) == {alone, live}
    assert set(queries.of_subject(live.subject, desk.lin)) == {live}
    assert Event.objects.filter(name="decision.made").count() == 2
    assert registry.agreement(model) == {(live.outcome, said.outcome): 1} and registry.tier_moves(model) == {(live.tier, said.tier): 1}
    with pytest.raises(NotFound):
        score_in_shadow(decision_number=said.shadow.number, by=SYSTEM)
    with pytest.raises(NotPermitted):
        score_in_shadow(decision_number=live.number, by=desk.rui)
    with pytest.raises(NotDeclined):
        issue_notice(decision_number=said.shadow.number, business_date=live.business_date, by=desk.lin)


def test_a_challenger_is_promoted_replaced_or_stopped(desk: Desk) -> None:
    first = desk.agreed(desk.upload(zipped(another(3))), "shadow")
    second = desk.agreed(desk.upload(zipped(another(6))), "shadow")
    first.refresh_from_db()
    assert (first.status, second.status) == ("draft", "shadow") and registry.challenger("person") == second
    asked = submit_model(scoring_model_number=second.number, wish="active", reason="影子三个月更准", by=desk.fei)
    assert asked.status == "promoting" and registry.challenger("person") == second
    clock.tick(60)
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=desk.rui)
    assert registry.active("person") == second and registry.challenger("person") is None
    assert registry.in_role_at("person", "shadow", clock.now()) is None
    assert registry.in_role_at("person", "shadow", clock.now() - timedelta(seconds=30)) == second
    third = desk.agreed(desk.upload(zipped(another(9))), "shadow")
    assert retire_shadow(scoring_model_number=third.number, reason="不再需要", by=desk.fei).status == "draft"
    assert registry.challenger("person") is None and registry.in_role_at("person", "shadow", clock.now()) is None


def test_nobody_answers_for_a_model_whose_content_was_touched(desk: Desk) -> None:
    model = shipped()
    model.content = bytes(model.content)[:-50]
    assert source.loaded(model) is None
