"""Asking many sources at once: side by side, each on its own, nothing without consent, every answer once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import clock, events, jobs, outside, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU, moment
from chezhe.risk import tasks
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.actions.take_answer import take_answer
from chezhe.risk.deciding import steps as deciding
from chezhe.risk.facts import asking, gathering, queries, services
from chezhe.risk.facts.gathering import Asking, Outcome, Service, Whom
from chezhe.risk.facts.models import Enquiry, Fact
from chezhe.risk.tests.deciding.telling import asking as question_about
from chezhe.risk.vendors.asking import Question, Refused, WrongAnswer


@dataclass(frozen=True)
class Scored:
    """What the pretended sources answer."""

    score: Any


def service(code: str, ask: Callable[[Question, Whom], Any], *, fact: str = "bureau_score", consent: str = "credit_query", **more: Any) -> Service:
    told = {"needs": ("id_number",), "codes": (fact,), "timeout_seconds": 5.0, "of": "person", "source": "bureau", **more}
    return Service(
        code=code, title=code, consent=consent, ask=ask,
        facts=lambda answer, whom, on: {} if answer is None else {fact: answer.score}, **told)


def asking_of(made: Service, number: str = "EQ1") -> Asking:
    return Asking(number, made, Whom(id_number="1"), "customer:C1#1", "loan_approval", date(2026, 3, 16))


def raising(failure: Exception) -> Callable[[Question, Whom], Any]:
    def ask(question: Question, whom: Whom) -> Any:
        raise failure

    return ask


def test_all_sources_are_asked_at_the_same_time() -> None:
    """Each waits until the others have been asked, too: one after the other would never end."""
    together = threading.Barrier(6, timeout=30)

    def ask(question: Question, whom: Whom) -> Scored:
        together.wait()
        return Scored(700)

    found = gathering.ask_all([asking_of(service(f"s{at}", ask, timeout_seconds=40.0), f"EQ{at}") for at in range(6)])
    assert [(one.number, one.verb, one.facts) for one in found] == [(f"EQ{at}", "answer", {"bureau_score": 700}) for at in range(6)]


def test_a_source_that_never_answers_is_left_behind_and_the_others_are_not() -> None:
    let_go = threading.Event()

    def hang(question: Question, whom: Whom) -> Any:
        let_go.wait(30)

    try:
        slow, quick = gathering.ask_all([
            asking_of(service("slow", hang, timeout_seconds=0.05), "EQ1"), asking_of(service("quick", lambda q, w: Scored(1)), "EQ2")])
    finally:
        let_go.set()
    assert (slow.verb, slow.error) == ("time_out", "timeout") and quick.facts == {"bureau_score": 1}


@pytest.mark.parametrize(("ask", "verb", "error", "attempts"), [
    (raising(outside.Unreachable("x")), "fail", "unreachable", 3), (raising(Refused("bureau", "NO_CONSENT")), "refuse", "NO_CONSENT", 1),
    (raising(WrongAnswer("another shape")), "fail", "wrong_answer", 1), (raising(ZeroDivisionError()), "fail", "internal", 1),
    (raising(outside.TimedOut("x")), "time_out", "timeout", 1),
])
def test_a_source_that_fails_says_how_and_spoils_no_other(ask: Any, verb: str, error: str, attempts: int) -> None:
    bad, good = gathering.ask_all([asking_of(service("bad", ask), "EQ1"), asking_of(service("good", lambda q, w: Scored(5)), "EQ2")])
    assert (bad.verb, bad.error, bad.attempts, bad.facts) == (verb, error, attempts, {}) and good.facts == {"bureau_score": 5}
    assert bad.refused == ({"bureau_score": "unreadable"} if error == "wrong_answer" else {})


def test_a_broken_line_is_tried_again_under_the_same_reference() -> None:
    seen: list[str] = []

    def ask(question: Question, whom: Whom) -> Scored:
        seen.append(question.reference)
        if len(seen) < 3:
            raise outside.Unreachable("broken")
        return Scored(9)

    (found,) = gathering.ask_all([asking_of(service("s", ask))])
    assert found.attempts == 3 and found.facts == {"bureau_score": 9} and seen == ["EQ1"] * 3


def test_an_answer_is_there_while_slower_sources_are_still_waited_for() -> None:
    is_told, found = threading.Event(), []

    def slow(question: Question, whom: Whom) -> Scored:
        assert is_told.wait(30)
        return Scored(2)

    late, quick = asking_of(service("slow", slow, timeout_seconds=40.0), "EQ1"), asking_of(service("quick", lambda q, w: Scored(1)), "EQ2")
    for outcome in gathering.answers([late, quick]):
        found.append((outcome.number, outcome.verb))
        is_told.set()
    assert found == [("EQ2", "answer"), ("EQ1", "answer")]


def test_nothing_is_asked_of_nobody() -> None:
    assert gathering.ask_all([]) == []


# With the database: wishes, consents, answers.


@dataclass
class Asked:
    """The pretended sources and whom they were asked about."""

    seen: list[tuple[str, str]]
    answers: dict[str, Any]

    def __call__(self, code: str) -> Callable[[Question, Whom], Any]:
        def ask(question: Question, whom: Whom) -> Any:
            self.seen.append((code, question.reference))
            answer = self.answers[code]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked([], {"score": Scored(702), "phone": Scored(36)})
    monkeypatch.setattr(services, "SERVICES", {})
    monkeypatch.setattr(asking, "SERVICES", services.SERVICES)
    services.SERVICES["score"] = service("score", made("score"))
    services.SERVICES["phone"] = service("phone", made("phone"), fact="phone_months", source="telecom", consent="personal_info")
    return made


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return hire("罗", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)


@pytest.fixture
def wang(cast: Cast) -> Any:
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line():
        yield filing.person(filing.WANG, cast.lin)


def agree(customer: Customer, *kinds: str, by: Actor = SYSTEM) -> None:
    for kind in kinds:
        compliance.grant(subject=customer.subject, kind=kind, on=date(2026, 3, 16), channel="paper", evidence="SQ-1", by=by)


def request(customer: Customer, by: Actor, **more: Any) -> asking.Wished:
    return request_facts(subject=customer.subject, query_reason_code="loan_approval", by=by, **more)


def work() -> None:
    while jobs.run_due():
        clock.tick(1)


def known(customer: Customer) -> dict[str, Any]:
    return {code: one.value for code, one in queries.known([customer.subject], clock.now()).items()}


@pytest.mark.django_db
def test_what_is_agreed_to_is_asked_and_kept_with_its_consent(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query", "personal_info")
    assert request(wang, officer).asked == ("score", "phone")
    assert asked.seen == [] and known(wang) == {}
    work()
    assert known(wang) == {"bureau_score": 702, "phone_months": 36}
    rows = {row.service: row for row in Enquiry.objects.all()}
    assert rows["score"].status == "answered" and rows["score"].answer == '{"score":702}' and len(rows["score"].answer_hash) == 64
    fact = Fact.objects.get(code="bureau_score")
    assert fact.enquiry == rows["score"] and fact.consent == rows["score"].consent == f"{wang.subject}#{_consent_id(wang, 'credit_query')}"
    assert {row.reference for row in map(_Pair, asked.seen)} == {row.number for row in rows.values()}


@dataclass
class _Pair:
    pair: tuple[str, str]

    @property
    def reference(self) -> str:
        return self.pair[1]


def _consent_id(customer: Customer, kind: str) -> int:
    return compliance.require_consent(customer.subject, kind, date(2026, 3, 16)).pk


@pytest.mark.django_db
def test_nothing_is_sent_without_the_consent_of_its_kind(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "personal_info")
    wished = request(wang, officer)
    work()
    assert wished.asked == ("phone",) and wished.without_consent == {"score": "credit_query"}
    assert [code for code, _reference in asked.seen] == ["phone"] and known(wang) == {"phone_months": 36}
    assert not Enquiry.objects.filter(service="score").exists()


@pytest.mark.django_db
def test_nothing_is_sent_when_the_consent_was_taken_back_before_the_worker_came(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query")
    request(wang, officer, services=["score"])
    compliance.withdraw(subject=wang.subject, kind="credit_query", on=date(2026, 3, 16), channel="paper", evidence="SQ-2", by=SYSTEM)
    work()
    row = Enquiry.objects.get()
    assert asked.seen == [] and (row.status, row.error) == ("refused", "consent_withdrawn") and known(wang) == {}


@pytest.mark.django_db
def test_a_fresh_answer_serves_again_and_an_old_one_does_not(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query", "personal_info")
    request(wang, officer)
    work()
    again = request(wang, officer)
    assert again.asked == () and set(again.reused) == {"score", "phone"} and not jobs.waiting("risk.ask_sources")
    assert request(wang, officer, services=["score"], anew=True).asked == ("score",)
    with clock.at(clock.now() + timedelta(days=31)):
        assert request(wang, officer, services=["phone"]).asked == ("phone",)


@pytest.mark.django_db
def test_a_question_that_waits_is_not_asked_a_second_time(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query", "personal_info")
    request(wang, officer)
    assert request(wang, officer).waiting == ("score", "phone")
    work()
    assert len(asked.seen) == 2


@pytest.mark.django_db
def test_the_job_may_run_twice_and_an_answer_may_come_twice(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query", "personal_info")
    batch = request(wang, officer).batch
    assert tasks.ask_sources(batch) == 2 and tasks.ask_sources(batch) == 0
    number = Enquiry.objects.get(service="score").number
    take_answer(outcome=Outcome(number, "answer", answer="{}", facts={"bureau_score": 1}), by=SYSTEM)
    take_answer(outcome=Outcome(number, "fail", error="late"), by=SYSTEM)
    assert known(wang) == {"bureau_score": 702, "phone_months": 36} and Fact.objects.count() == 2
    assert Event.objects.filter(name="facts.gathered", subject=wang.subject).count() == 1


@pytest.mark.django_db
def test_one_source_that_is_down_leaves_its_facts_unknown_and_named(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query", "personal_info")
    asked.answers["score"] = outside.Unreachable("down")
    request(wang, officer)
    work()
    assert known(wang) == {"phone_months": 36}
    assert {code: (one.status, one.error) for code, one in queries.failures([wang.subject], clock.now()).items()} == {
        "score": ("failed", "unreachable")}
    assert Event.objects.filter(name="facts.gathered").count() == 1
    events.deliver_all()


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "why"), [
    (WrongAnswer("shape"), "unreadable"), (Scored("seven hundred"), "wrong_type"), (Scored(99_999), "out_of_range"), (Scored(None), "absent"),
    (Scored(7.5), "wrong_type"),
])
def test_a_wrong_answer_is_never_a_value(asked: Asked, wang: Customer, officer: Actor, answer: Any, why: str) -> None:
    agree(wang, "credit_query", "personal_info")
    asked.answers["score"] = answer
    request(wang, officer)
    work()
    seen = queries.assembled([wang.subject], clock.now(), ["bureau_score", "phone_months"])
    assert seen.values == {"phone_months": 36} and seen.unknown["bureau_score"].reasons == (why,)


@pytest.mark.django_db
def test_a_source_without_a_record_of_somebody_tells_nothing(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query")
    asked.answers["score"] = None
    request(wang, officer, services=["score"])
    work()
    assert Enquiry.objects.get().status == "answered" and known(wang) == {} and queries.failures([wang.subject], clock.now()) == {}


@pytest.mark.django_db
def test_who_lacks_what_a_source_needs_is_told_so(asked: Asked, wang: Customer, officer: Actor) -> None:
    services.SERVICES["card"] = service("card", asked("score"), needs=("card",))
    agree(wang, "credit_query", "personal_info")
    assert request(wang, officer, services=["card"]).lacking == {"card": ("card",)}


@pytest.mark.django_db
def test_everybody_in_an_application_is_asked_about_at_the_same_time(asked: Asked, wang: Customer, cast: Cast) -> None:
    """Each source waits until everybody else's was asked, too: people asked about one after the other would never end."""
    beside, surety = filing.person(filing.OUYANG, cast.lin), filing.person(filing.SHAN, cast.lin)
    together = threading.Barrier(3, timeout=30)

    def ask(question: Question, whom: Whom) -> Scored:
        together.wait()
        return Scored(700)

    del services.SERVICES["phone"]
    services.SERVICES["score"] = service("score", ask, timeout_seconds=40.0)
    for one in (wang, beside, surety):
        agree(one, "credit_query")
    parties = (("co_borrower", beside.subject), ("guarantor", surety.subject))
    deciding.gather(replace(question_about(wang, cast.lin), parties=parties), (), by=cast.lin)
    work()
    assert [known(one) for one in (wang, beside, surety)] == [{"bureau_score": 700}] * 3
    assert set(Enquiry.objects.values_list("subject", "reason")) == {
        (wang.subject, "loan_approval"), (beside.subject, "loan_approval"), (surety.subject, "guarantee_check")}
    assert {row.subject for row in Event.objects.filter(name="facts.gathered")} == {one.subject for one in (wang, beside, surety)}


@pytest.mark.django_db
def test_lost_jobs_are_found_again(asked: Asked, wang: Customer, officer: Actor) -> None:
    agree(wang, "credit_query")
    request(wang, officer, services=["score"])
    jobs.forget("risk.ask_sources")
    assert tasks.ask_forgotten() == 0
    clock.tick(11 * 60)
    assert tasks.ask_forgotten() == 1
    work()
    assert known(wang) == {"bureau_score": 702}


@pytest.mark.django_db
def test_it_refuses_strangers_unknown_services_and_unknown_reasons(asked: Asked, wang: Customer, officer: Actor, cast: Cast) -> None:
    other = hire("西", cast.west, roles.RISK_OFFICER, reach=Reach.BRANCH)
    with pytest.raises(NotFound):
        request(wang, other)
    for nobody in (WU, cast.lin):
        with pytest.raises(NotPermitted):
            request(wang, nobody)
    with pytest.raises(asking.ServiceUnknown):
        request(wang, officer, services=["horoscope"])
    with pytest.raises(Invalid):
        request_facts(subject=wang.subject, query_reason_code="curiosity", by=officer)
    assert not Enquiry.objects.exists()
