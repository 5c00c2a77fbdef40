"""What every outside source has in common: no consent, no answer; digits choose what goes wrong, and nothing doubtful is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chezhe.invented import fates
from chezhe.kernel import outside
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import ConsentMissing, Question, Refused, WrongAnswer
from chezhe.risk.vendors.bureau import client as bureau
from chezhe.risk.vendors.courts import client as courts
from chezhe.risk.vendors.enterprise import client as enterprise
from chezhe.risk.vendors.identity import client as identity
from chezhe.risk.vendors.lenders import client as lenders
from chezhe.risk.vendors.social_insurance import client as social_insurance
from chezhe.risk.vendors.valuers import client as valuers
from chezhe.risk.vendors.vehicle_registry import client as registry
from chezhe.risk.vendors.watchlists import client as watchlists

ASKED = Question(reference="Q1", consent="C26-1")
MOBILE, CARD, PHOTO = "15400000001", "6217000000000000004", "a" * 64
Ask = Callable[[str, Question], object]


def _car_asked(vin: str) -> valuers.CarAsked:
    return valuers.CarAsked(vin=vin, city="杭州", registered_on=date(2022, 5, 1), mileage_km=42_000)


# For each question: its source in `fates`, how a number of a fate is made, and how to ask.
PERSON, COMPANY, CAR = fates.id_number, fates.company_code, fates.car_vin
QUESTIONS: dict[str, tuple[str, Callable[..., str], Ask]] = {
    "personal report": ("bureau", PERSON, lambda n, q: bureau.personal_report(q, name="张三", id_number=n)),
    "personal report in XML": ("bureau", PERSON, lambda n, q: bureau.personal_report(q, name="张三", id_number=n, form="xml")),
    "company report": ("bureau", COMPANY, lambda n, q: bureau.company_report(q, name="某某公司", uscc=n)),
    "identity": ("identity", PERSON, lambda n, q: identity.check_identity(q, name="张三", id_number=n)),
    "face": ("identity", PERSON, lambda n, q: identity.compare_face(q, name="张三", id_number=n, photo_sha256=PHOTO)),
    "card": ("identity", PERSON, lambda n, q: identity.check_card(q, name="张三", id_number=n, card=CARD, mobile=MOBILE)),
    "phone": ("identity", PERSON, lambda n, q: identity.check_phone(q, name="张三", id_number=n, mobile=MOBILE)),
    "courts, person": ("courts", PERSON, lambda n, q: courts.person_entries(q, name="张三", id_number=n)),
    "courts, company": ("courts", COMPANY, lambda n, q: courts.company_entries(q, name="某某公司", uscc=n)),
    "lenders": ("lenders", PERSON, lambda n, q: lenders.applications(q, name="张三", id_number=n, mobile=MOBILE)),
    "registration": ("enterprise", COMPANY, lambda n, q: enterprise.registration(q, name="某某公司", uscc=n)),
    "ownership": ("enterprise", COMPANY, lambda n, q: enterprise.ownership(q, name="某某公司", uscc=n)),
    "tax": ("enterprise", COMPANY, lambda n, q: enterprise.tax(q, name="某某公司", uscc=n)),
    "statements": ("enterprise", COMPANY, lambda n, q: enterprise.statements(q, name="某某公司", uscc=n)),
    "invoices": ("enterprise", COMPANY, lambda n, q: enterprise.invoices(q, name="某某公司", uscc=n)),
    "watch lists": ("watchlists", PERSON, lambda n, q: watchlists.screen(q, name="张三", id_number=n)),
    "social insurance": ("social_insurance", PERSON, lambda n, q: social_insurance.insured(q, name="张三", id_number=n)),
    "jingzhengu": ("valuers", CAR, lambda n, q: valuers.value("jingzhengu", q, _car_asked(n))),
    "che300": ("valuers", CAR, lambda n, q: valuers.value("che300", q, _car_asked(n))),
    "model of a VIN": ("valuers", CAR, lambda n, q: valuers.identify("jingzhengu", q, vin=n)),
    "title": ("vehicle_registry", CAR, lambda n, q: registry.title(q, vin=n, plate="浙A12345", owner_number="1")),
    "history": ("vehicle_registry", CAR, lambda n, q: registry.history(q, vin=n)),
}
# What cannot contradict itself: a model's name, a registration, a list of invoices; and a dead man's name fits.
ALWAYS_POSSIBLE = {"identity", "model of a VIN", "registration", "invoices"}
every = pytest.mark.parametrize("question", QUESTIONS)


def _asked(question: str, code: str, *, source: str | None = None) -> object:
    service, number, ask = QUESTIONS[question]
    return ask(number(code, source=service if source is None else source), ASKED)


@every
def test_a_good_life_gets_an_answer(question: str, world: World) -> None:
    assert _asked(question, fates.GOOD) is not None


@every
def test_without_a_consent_nothing_is_sent(question: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _service, number, ask = QUESTIONS[question]
    sent: list[object] = []
    monkeypatch.setattr(outside, "post", lambda *said, **more: sent.append(said))
    for asked in (Question(reference="Q1", consent=" "), Question(reference="", consent="C1")):
        with pytest.raises(ConsentMissing):
            ask(number(fates.GOOD), asked)
    assert not sent


@pytest.mark.parametrize("service", ["bureau", "identity", "courts", "lenders", "enterprise", "watchlists", "che300", "vehicle_registry", "social_insurance"])
def test_a_source_refuses_a_question_without_a_consent(service: str, world: World) -> None:
    reply = outside.post(service, "/anything", {"reference": "Q1", "id_number": fates.id_number(fates.GOOD)})
    assert (reply.status, reply.body["code"]) == (403, "NO_CONSENT")
    assert outside.post(service, "/nowhere", {"reference": "Q1", "consent": "C1"}).status == 404


@every
def test_one_that_is_down_says_nothing(question: str, world: World) -> None:
    with pytest.raises(outside.Unreachable) as refusal:
        _asked(question, fates.DOWN)
    assert not isinstance(refusal.value, WrongAnswer | Refused)


@every
def test_one_that_is_too_slow_has_not_answered(question: str, world: World) -> None:
    with pytest.raises(outside.Unreachable, match="ReadTimeout"):
        _asked(question, fates.SLOW)


@every
def test_a_garbled_answer_is_refused(question: str, world: World) -> None:
    with pytest.raises(WrongAnswer) as refusal:
        _asked(question, fates.GARBLED)
    assert "张三" not in str(refusal.value) and "N/A" not in str(refusal.value)


@every
def test_one_that_knows_nothing_is_not_an_empty_answer(question: str, world: World) -> None:
    assert _asked(question, fates.UNKNOWN) is None


@pytest.mark.parametrize("question", sorted(set(QUESTIONS) - ALWAYS_POSSIBLE))
def test_an_answer_against_itself_is_refused(question: str, world: World) -> None:
    with pytest.raises(WrongAnswer):
        _asked(question, fates.CONTRADICTORY)


@every
def test_a_fate_of_another_source_leaves_this_one_alone(question: str, world: World) -> None:
    other = "courts" if QUESTIONS[question][0] != "courts" else "bureau"
    assert _asked(question, fates.DOWN, source=other) is not None


@every
def test_asking_twice_gives_the_same_answer(question: str, world: World) -> None:
    assert _asked(question, fates.BAD) == _asked(question, fates.BAD)


def test_an_answer_to_another_question_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    post = outside.post
    monkeypatch.setattr(outside, "post", lambda service, path, said, **more: post(service, path, {**said, "reference": "Q2"}, **more))
    with pytest.raises(WrongAnswer, match="another question"):
        _asked("lenders", fates.GOOD)


def test_a_refusal_carries_the_sources_own_word(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        bureau.personal_report(Question(reference="Q1", consent="C1", purpose="curiosity"), name="张三", id_number=fates.id_number(fates.GOOD))
    assert refusal.value.code == "BAD_QUESTION"


def test_faults_of_the_line_are_unreachable_too(world: World) -> None:
    world.force("lenders", "error_before", "timeout", "ok")
    for _attempt in range(2):
        with pytest.raises(outside.Unreachable):
            _asked("lenders", fates.GOOD)
    assert _asked("lenders", fates.GOOD) is not None
