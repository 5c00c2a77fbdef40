"""apply_decision, ask_human_review, appeal_decision: what the machine decided becomes of an application."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, events, roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.moves import history
from chezhe.kernel.testing import moment
from chezhe.origination import errors
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.apply_decision import apply_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, complete, hand_in, submit, submitted, vote, work
from chezhe.risk.deciding import queries as deciding
from chezhe.risk.deciding import reasons
from chezhe.risk.deciding.models import Decision, DecisionRound
from chezhe.risk.tests.deciding.telling import scoring, tell


@pytest.fixture(autouse=True)
def spring() -> Any:
    with clock.at(moment("2026-03-16 10:00")), scoring():
        yield


def known(house: House, **changes: Any) -> Application:
    """Everything is known of the customer and the car before the application is handed in."""
    made = complete(house)
    tell(house.wang, house.car.subject, made.subject, **changes)
    return made


def decide(application: Application, house: House) -> Application:
    return submit(application, house.lin)


def statuses(application: Application) -> list[str]:
    return [move.status_to for move in history(application.subject)]


def test_a_good_customer_is_offered_the_loan_without_anybody_voting_at_a_lower_rate(house: House) -> None:
    made = decide(known(house), house)
    assert statuses(made) == ["draft", "checking", "approved"]
    assert made.annual_rate is not None and str(made.annual_rate) < "0.12" and made.approval is None
    assert made.snapshot["annual_rate"] == str(made.annual_rate) and made.approval_expires_on is not None
    assert accept_offer(application_number=made.number, business_date=TODAY, by=house.lin).status == "accepted"


def test_a_known_bad_fact_rejects_with_its_reasons_in_the_track(house: House) -> None:
    made = decide(known(house, has_enforcement=True), house)
    assert statuses(made) == ["draft", "checking", "rejected"] and made.decided_at is not None
    assert "涉诉或被执行" in history(made.subject)[-1].reason
    assert Event.objects.filter(name="application.rejected", subject=made.subject).count() == 1


def test_a_list_is_not_named_in_the_track_which_every_room_reads(house: House) -> None:
    made = decide(known(house, watch_list_hit=True, has_enforcement=True), house)
    decision = deciding.latest(made.subject)
    assert decision is not None and decision.reasons == ["R04", "R22"] and made.status == "rejected"
    assert history(made.subject)[-1].reason == f"{decision.number} 涉诉或被执行"


def test_a_missing_fact_leads_to_people_and_is_named_on_the_page(house: House, browser: Any) -> None:
    made = decide(known(house, without=("bureau_overdue_now",)), house)
    assert made.status == "first_review" and made.approval is not None
    page = browser.acts_as(house.chen).get(f"/risk/panel/decisions/?subject={made.subject}").content.decode()
    assert "当前有逾期" in page and "转人工" in page


def test_a_case_for_the_committee_needs_three(house: House) -> None:
    made = decide(known(house, face_verified=False, has_court_case=True, is_local=False), house)
    decision = deciding.latest(made.subject)
    assert decision is not None and (decision.route, made.status) == ("committee", "first_review")
    assert vote(made, house.chen).status == "final_review"
    assert vote(made, house.zhou).status == "final_review"
    with pytest.raises(NotPermitted):
        vote(made, house.lin)
    assert vote(made, house.qin).status == "approved"


def test_the_same_decision_applied_twice_moves_nothing(house: House) -> None:
    made = decide(known(house), house)
    number = Decision.objects.get().number
    before = len(history(made.subject))
    assert apply_decision(decision_number=number, business_date=TODAY, by=SYSTEM).status == "approved"
    assert len(history(made.subject)) == before
    with pytest.raises(NotPermitted):
        apply_decision(decision_number=number, business_date=TODAY, by=house.chen)


def test_whoever_withdraws_while_facts_are_asked_for_is_not_decided(house: House) -> None:
    made = hand_in(known(house), house.lin)
    assert made.status == "checking"
    withdraw_application(application_number=made.number, reason="客户改主意", by=house.lin)
    work()
    made.refresh_from_db()
    assert made.status == "withdrawn" and DecisionRound.objects.get().status == "given_up" and not Decision.objects.exists()


def test_the_customer_may_ask_for_people_after_the_machine_said_no(house: House) -> None:
    made = decide(known(house, has_enforcement=True), house)
    with pytest.raises(ReasonRequired):
        ask_human_review(application_number=made.number, reason=" ", business_date=TODAY, by=house.lin)
    with pytest.raises(NotFound):
        ask_human_review(application_number=made.number, reason="已履行", business_date=TODAY, by=house.mei)
    with pytest.raises(NotPermitted):
        ask_human_review(application_number=made.number, reason="已履行", business_date=TODAY, by=house.chen)
    done = ask_human_review(application_number=made.number, reason="判决已履行完毕", business_date=TODAY, by=house.lin)
    assert done.status == "first_review" and done.approval is not None and done.decided_at is None
    with pytest.raises(WrongState):
        ask_human_review(application_number=made.number, reason="再来一次", business_date=TODAY, by=house.lin)
    vote(done, house.chen)
    assert vote(done, house.zhou).status == "approved"


def test_what_people_looked_at_and_declined_too_is_not_looked_at_a_second_time(house: House, browser: Any) -> None:
    made, client = decide(known(house, has_enforcement=True), house), browser.acts_as(house.lin)
    assert f"/origination/{made.number}/contest/review/" in client.get(f"/origination/{made.number}/").content.decode()
    vote(ask_human_review(application_number=made.number, reason="已履行", business_date=TODAY, by=house.lin), house.chen, "reject", "未见证明")
    page = client.get(f"/origination/{made.number}/").content.decode()
    assert f"/origination/{made.number}/contest/appeal/" in page and f"/origination/{made.number}/contest/review/" not in page


def test_an_appeal_is_decided_on_fresh_facts_and_then_by_people(house: House) -> None:
    made = decide(known(house, has_enforcement=True), house)
    first = deciding.latest(made.subject)
    clock.tick(3600)
    tell(house.wang, has_enforcement=False)
    appealed = appeal_decision(application_number=made.number, reason="法院已解除", business_date=TODAY, by=house.lin)
    assert appealed.status == "checking"
    work()
    made.refresh_from_db()
    second = deciding.latest(made.subject)
    assert second is not None and (second.kind, second.outcome) == ("appeal", "approved") and second.earlier == first
    assert made.status == "first_review"  # whatever the machine says now, people decide


def people_said_no(house: House) -> Application:
    made = submitted(house)
    vote(made, house.chen, "reject", "资料不实")
    made.refresh_from_db()
    return made


def test_what_people_rejected_is_not_contested_here(house: House) -> None:
    made = submitted(house)
    vote(made, house.chen, "reject", "资料不实")
    made.refresh_from_db()
    assert made.status == "rejected"
    with pytest.raises(errors.NotByMachine):
        ask_human_review(application_number=made.number, reason="不服", business_date=TODAY, by=house.lin)


def test_what_people_rejected_may_be_appealed_against_once_and_others_decide(house: House, browser: Any) -> None:
    made = people_said_no(house)
    rui = hire("芮", house.cast.east, roles.REVIEWER, reach=Reach.BRANCH)
    client = browser.acts_as(house.lin)
    page = client.get(f"/origination/{made.number}/").content.decode()
    assert f"/origination/{made.number}/contest/appeal/" in page and f"/origination/{made.number}/contest/review/" not in page
    assert client.api(f"origination/{made.number}/appeal").status_code == 404
    assert client.api(f"origination/{made.number}/appeal", {"reason": " "}).status_code == 422
    first = deciding.latest(made.subject)
    clock.tick(3600)
    assert client.api(f"origination/{made.number}/appeal", {"reason": "流水已重新打印"}).status_code == 200
    work()
    made.refresh_from_db()
    second = deciding.latest(made.subject)
    assert first is not None and second is not None and (second.kind, second.earlier, made.status) == ("appeal", first, "first_review")
    told = client.api(f"origination/{made.number}/appeal").json()
    assert (told["words"], told["earlier"], told["decision"]) == ("流水已重新打印", first.number, second.number)
    assert [(one["who"], one["opinion"]) for one in told["declined"]] == [("陈", "资料不实")]
    assert set(told["gone"]) | set(told["stayed"]) == {str(title) for _code, title in reasons.titled(first.reasons)}
    with pytest.raises(SamePerson):
        vote(made, house.chen)
    review = browser.acts_as(rui).get(f"/origination/{made.number}/review/").content.decode()
    assert "流水已重新打印" in review and "资料不实" in review
    vote(made, rui, "reject", "仍不足")
    made.refresh_from_db()
    for again, refusal in ((appeal_decision, errors.AppealedBefore), (ask_human_review, errors.NotByMachine)):
        with pytest.raises(refusal):
            again(application_number=made.number, reason="再次申诉", business_date=TODAY, by=house.lin)


def test_nobody_appeals_against_what_was_not_rejected_or_for_another(house: House) -> None:
    made = submitted(house)
    with pytest.raises(WrongState):
        appeal_decision(application_number=made.number, reason="不服", business_date=TODAY, by=house.lin)
    vote(made, house.chen, "reject", "资料不实")
    with pytest.raises(NotFound):
        appeal_decision(application_number=made.number, reason="不服", business_date=TODAY, by=house.mei)
    with pytest.raises(NotPermitted):
        appeal_decision(application_number=made.number, reason="不服", business_date=TODAY, by=house.chen)


def test_a_decision_about_something_else_is_not_ours(house: House) -> None:
    events.deliver_all()
    events.publish("decision.made", "book:1", {"number": "DC26-000001-0"})
    assert events.deliver_all() == 3  # this room, the registry of models, and live trials


def test_the_doors_of_review_and_appeal(house: House, browser: Any) -> None:
    made = decide(known(house, has_enforcement=True), house)
    client = browser.acts_as(house.lin)
    page = client.get(f"/origination/{made.number}/").content.decode()
    assert f"/origination/{made.number}/contest/review/" in page and f"/origination/{made.number}/contest/appeal/" in page
    assert client.post(f"/origination/{made.number}/contest/review/", {"reason": ""}).status_code == 422
    assert client.post(f"/origination/{made.number}/contest/review/", {"reason": "已履行"}).status_code == 302
    assert client.post(f"/origination/{made.number}/contest/appeal/", {"reason": "已履行"}).status_code == 409
    assert browser.acts_as(house.mei).get(f"/origination/{made.number}/contest/review/").status_code == 404
