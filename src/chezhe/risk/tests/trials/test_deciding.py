"""What a live trial does to decisions: the arm decides which tables and which model judge, the record says so, and every record is
decided again to the same bytes whatever became of the trial and its drafts."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chezhe.kernel import clock, events, jobs
from chezhe.policies.actions.discard_version import discard_version
from chezhe.policies.models import PolicyVersion
from chezhe.policies.tests.acting import saved
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.actions.stop_live_trial import stop_live_trial
from chezhe.risk.deciding import changing, offering, pages, proof, record, replaying, rules
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest
from chezhe.risk.lab.steps import Question
from chezhe.risk.lab.trying import Trial
from chezhe.risk.registry import source as registered
from chezhe.risk.registry.models import ModelScore
from chezhe.risk.tests.registry.desk import TODAY, Desk, another, zipped
from chezhe.risk.tests.trials.trying import agreed, days_pass, decide, running, stricter, subjects, written
from chezhe.risk.trials import queries, source
from chezhe.risk.trials import rules as rules_of
from chezhe.risk.trials.models import TrialTable
from chezhe.risk.trials.rules import CHALLENGER, CHAMPION


def told(decision: Decision) -> dict[str, Any]:
    return json.loads(Decision.objects.get(pk=decision.pk).record)


def version(decision: Decision, table: str = "tier") -> int:
    return int(told(decision)["policies"][table]["version"])


def test_both_arms_are_decided_by_their_tables_and_the_champion_again_after_the_stop(desk: Desk) -> None:
    """The journey: two applications fall into different arms, the trial is stopped, the next is decided by the strategy in force."""
    before = decide(desk, "application:A25-000001-0")
    clock.tick(60)
    trial = running(desk)
    clock.tick(60)
    champions, challengers = subjects(trial, CHAMPION), subjects(trial, CHALLENGER)
    one, other = decide(desk, next(champions)), decide(desk, next(challengers))
    assert [(made.trial, made.arm, version(made)) for made in (before, one, other)] == [
        ("", "", 1), (trial.number, CHAMPION, 1), (trial.number, CHALLENGER, 2)]
    assert (before.tier, one.tier) == ("A", "A") and other.tier != "A"
    assert told(other)["trial"] == {"number": trial.number, "arm": CHALLENGER, "share": "0.5000"} and "trial" not in told(before)
    assert told(other)["policies"]["tier"]["hash"] == TrialTable.objects.get().content_hash
    assert told(other)["policies"]["route"] == told(one)["policies"]["route"] and told(other)["format"] == told(before)["format"]
    clock.tick(60)
    stop_live_trial(live_trial_number=trial.number, reason="通过率异常", by=desk.rui)
    after = decide(desk, next(challengers))
    again = decide(desk, other.subject, kind="appeal")
    for made in (after, again):
        assert (made.trial, made.arm, made.tier, version(made)) == ("", "", "A", 1) and "trial" not in told(made)


def test_records_of_both_arms_replay_byte_for_byte_though_the_draft_was_changed_or_given_up(desk: Desk) -> None:
    draft = stricter(desk.fei)
    trial = running(desk, versions={"tier": draft.number})
    made = [decide(desk, next(subjects(trial, arm))) for arm in (CHAMPION, CHALLENGER)]
    saved(draft, desk.fei, score=">= 1000", on=date(2026, 3, 20), based_on=draft.content_hash)
    discard_version(version_number=draft.number, by=desk.fei)
    stop_live_trial(live_trial_number=trial.number, reason="够了", by=desk.he)
    source._kept.clear()
    assert not PolicyVersion.objects.filter(content_hash=told(made[1])["policies"]["tier"]["hash"]).exists()
    found = list(proof.replays(one.number for one in made))
    assert [(one.is_same, one.trouble, one.made) for one in found] == [(True, "", one.digest) for one in made]
    stages = {row.policy: row for row in pages.stage_rows(told(made[1]))}
    assert stages["tier v2"].url == f"/risk/live-trials/{trial.number}/" and stages["tier v2"].hits
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Decision.objects.filter(pk=made[1].pk).update(arm=CHAMPION)


def test_an_altered_copy_is_not_judged_by_and_the_case_goes_to_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = running(desk)
    source._kept.clear()
    monkeypatch.setattr(source, "fingerprint", lambda content: "0" * 64)
    made = decide(desk, next(subjects(trial, CHALLENGER)))
    assert made.outcome == "referred" and ("tier", "policy_missing") in [
        (stage["name"], stage["trouble"]) for stage in told(made)["verdict"]["stages"]]
    assert (made.trial, told(made)["policies"]["tier"]) == (trial.number, None)
    assert replaying.replay(Decision.objects.get(pk=made.pk)).is_same


def test_the_same_application_stays_in_its_arm_on_every_day_and_in_an_appeal(desk: Desk) -> None:
    trial = running(desk)
    for arm in (CHAMPION, CHALLENGER):
        subject = next(subjects(trial, arm))
        made = [decide(desk, subject)]
        for kind in ("live", "appeal"):
            days_pass(2)
            made.append(decide(desk, subject, kind=kind))
        assert {(one.trial, one.arm) for one in made} == {(trial.number, arm)} and len({one.business_date for one in made}) > 1
    assert queries.applications(trial) == 2 and queries.decisions(trial).count() == 6


def test_whoever_files_anew_stays_in_their_arm(desk: Desk) -> None:
    """Also where the number of the new application would fall into the other one."""
    trial = running(desk)
    made = [decide(desk, f"application:A26-90000{serial}-0") for serial in range(6)]
    places = {rules_of.arm(trial.number, one.subject, trial.agreed_share) for one in made}
    assert len(places) == 2 and {one.arm for one in made} == {rules_of.arm(trial.number, desk.wang.subject, trial.agreed_share)}


def test_who_was_decided_before_it_began_and_who_is_of_another_kind_stays_outside(desk: Desk) -> None:
    trial = written(desk)
    early = next(subjects(trial, CHALLENGER))
    assert decide(desk, early).trial == ""
    clock.tick(60)
    agreed(desk, trial)
    clock.tick(60)
    assert decide(desk, early, kind="appeal").trial == "" and version(decide(desk, early)) == 1
    stop_live_trial(live_trial_number=trial.number, reason="换对象", by=desk.rui)
    companies = running(desk, purpose="company", versions={"tier": stricter(desk.fei, ">= 1000").number})
    assert decide(desk, next(subjects(companies, CHALLENGER))).trial == ""


def test_a_challenger_may_be_another_model_and_is_found_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "_kept", {})  # another test may have registered the same content under another number
    model = desk.upload(zipped(another(points=-60)))
    trial = running(desk, model_number=model.number)
    one, other = (decide(desk, next(subjects(trial, arm))) for arm in (CHAMPION, CHALLENGER))
    assert one.score is not None and other.score == one.score - 60
    assert told(other)["model"]["name"] == model.number and told(other)["policies"] == told(one)["policies"]
    stop_live_trial(live_trial_number=trial.number, reason="够了", by=desk.rui)
    assert [found.is_same for found in proof.replays()] == [True, True]


def test_the_shadow_answers_beside_either_arm(desk: Desk) -> None:
    shadow = desk.agreed(desk.upload(zipped(another(points=-60))), "shadow")
    trial = running(desk)
    for arm in (CHAMPION, CHALLENGER):
        live = decide(desk, next(subjects(trial, arm)))
        said = ModelScore.objects.get(decision=live)
        assert live.score is not None and (said.model, said.score) == (shadow, live.score - 60)
        assert told(said.shadow)["policies"] == told(live)["policies"] and said.shadow.arm == arm
    assert queries.decisions(trial).count() == 2, "what the shadow said is no decision of the trial"
    assert all(found.is_same for found in proof.replays()) and len(list(proof.replays())) == 4


def test_a_backtest_reads_both_arms_and_the_trial_finds_its_own(desk: Desk) -> None:
    draft = stricter(desk.fei)
    trial = running(desk, versions={"tier": draft.number})
    assert queries.backtest_of(trial) is None
    for arm in (CHAMPION, CHALLENGER):
        decide(desk, next(subjects(trial, arm)))
    question = Question(
        title="A 层更严", trial=Trial({"tier": draft.number}), from_on=date(2026, 3, 1), to_on=date(2026, 4, 1))
    with jobs.in_line():
        start_backtest(question=question, business_date=TODAY, by=desk.rui)
        while events.deliver_all() + jobs.run_due():
            pass
    test = Backtest.objects.get()
    assert (test.status, test.applications, test.result["champion"]["tiers"]["A"]) == ("done", 2, 2)
    assert test.result["challenger"]["tiers"]["A"] == 0 and queries.backtest_of(trial) == test
    assert queries.backtest_of(written(desk, versions={"tier": draft.number})) == test, "a draft is compared as it stands"
    other = written(desk, versions={"tier": draft.number}, model_number=desk.upload(zipped(another())).number)
    assert queries.backtest_of(other) is None, "a backtest of the table alone says nothing of table and model together"


def test_what_would_change_the_answer_is_asked_of_the_arm_that_gave_it(desk: Desk) -> None:
    """A good borrower asks for too much: a smaller amount is approved in the champion's arm, and in the other, where nobody is of tier A,
    it is not."""
    trial = running(desk)
    found = {}
    for arm in (CHAMPION, CHALLENGER):
        made = decide(desk, next(subjects(trial, arm)), figures={"amount": 30_000_000})
        case = replaying.case_of(told(made))
        assert case.strategy.trial == record.arm_of(told(made)) and case.strategy.trial is not None
        verdict = rules.decide(case)
        assert (verdict.outcome, verdict.tier) == (made.outcome, made.tier)
        found[arm] = {one.what for one in changing.proposals(case, verdict) if one.is_approval}
    assert found == {CHAMPION: {changing.AMOUNT}, CHALLENGER: set()}
    facts = [example.facts for example in offering._recent("tier", desk.rui, 5)]
    assert len(facts) == 2 and [one["tier"] == "A" for one in facts] == [False, True]
