"""Every outside source against its simulator: what it tells becomes facts, and the catalogue knows them all."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from chezhe.identifiers.synthetic import invent_uscc
from chezhe.invented import fates
from chezhe.kernel import clock, simulators
from chezhe.kernel.testing import moment
from chezhe.risk.facts import gathering
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.gathering import Asking, Outcome, Whom
from chezhe.risk.facts.services import SERVICES

ON = date(2026, 3, 16)
WHOM = Whom(
    name="王小明", id_number="110101199001010007", mobile="15412345678", card="6228480402564890018", photo_sha256="a" * 64,
    uscc="91310115MA1TEYT17L", trade_uscc=invent_uscc(Random(3), kind="92"), vin="LFV2A21K8A3000001", plate="京A12345", born_on=date(1990, 1, 1), mileage_km=60_000)


def ask(*codes: str, whom: Whom = WHOM, force: tuple[str, ...] = ()) -> dict[str, Outcome]:
    askings = [Asking(f"EQ{code}", SERVICES[code], whom, "customer:C1#1", "loan_approval", ON) for code in codes or SERVICES]
    with clock.at(moment("2026-03-16 10:00")), simulators.in_process() as world:
        world.force(*(force or ("bureau", "ok")))
        return dict(zip(codes or SERVICES, gathering.ask_all(askings), strict=True))


def somebody(fate: str, source: str) -> Whom:
    return Whom(name="试客", id_number=fates.id_number(fate, source=source), mobile="15412345678", born_on=date(1990, 6, 15))


def test_every_source_answers_or_says_that_it_knows_nothing() -> None:
    assert {code: (one.verb, one.error) for code, one in ask().items()} == dict.fromkeys(SERVICES, ("answer", ""))


def test_whatever_a_source_tells_is_a_fact_of_the_catalogue_in_its_bounds() -> None:
    for code, found in ask().items():
        assert set(found.facts) <= set(SERVICES[code].codes) or not found.facts, (code, set(found.facts) - set(SERVICES[code].codes))
        for name, value in found.facts.items():
            assert value is None or CATALOGUE[name].read(value) is not None


@pytest.mark.parametrize("code", SERVICES)
def test_a_service_names_its_facts_its_consent_and_what_it_needs(code: str) -> None:
    service = SERVICES[code]
    assert service.codes and service.consent and service.needs and all(CATALOGUE[name] for name in service.codes)


def test_the_same_question_has_the_same_answer() -> None:
    assert ask("bureau")["bureau"].answer == ask("bureau")["bureau"].answer


@pytest.mark.parametrize(("code", "source"), [("bureau", "bureau"), ("court", "courts"), ("multi_lender", "lenders"), ("identity", "identity"), ("social_insurance", "social_insurance")])
@pytest.mark.parametrize(("fate", "verb", "error"), [
    (fates.SLOW, "time_out", "timeout"), (fates.DOWN, "fail", "unreachable"), (fates.GARBLED, "fail", "wrong_answer"),
])
def test_a_source_that_is_slow_down_or_wrong_tells_nothing(code: str, source: str, fate: str, verb: str, error: str) -> None:
    found = ask(code, whom=somebody(fate, source))[code]
    assert (found.verb, found.error) == (verb, error) and not found.facts
    assert found.refused == (dict.fromkeys(SERVICES[code].codes, "unreadable") if error == "wrong_answer" else {})


@pytest.mark.parametrize(("code", "source"), [("bureau", "bureau"), ("court", "courts"), ("multi_lender", "lenders"), ("social_insurance", "social_insurance")])
def test_an_answer_against_itself_is_no_answer(code: str, source: str) -> None:
    found = ask(code, whom=somebody(fates.CONTRADICTORY, source))[code]
    assert found.error == "wrong_answer" and not found.facts


def test_a_person_the_bureau_does_not_know_is_thin_and_nothing_else_is_known() -> None:
    found = ask("bureau", whom=somebody(fates.UNKNOWN, "bureau"))["bureau"]
    assert found.verb == "answer" and found.answer == "" and found.facts == {"bureau_is_thin": True}


def test_somebody_who_was_never_insured_has_an_unknown_base_and_not_none() -> None:
    found = ask("social_insurance", whom=somebody(fates.UNKNOWN, "social_insurance"))["social_insurance"]
    assert (found.verb, found.answer, found.facts) == ("answer", "", dict.fromkeys(SERVICES["social_insurance"].codes))


def test_an_identity_that_was_never_given_out_is_not_verified() -> None:
    assert ask("identity", whom=somebody(fates.UNKNOWN, "identity"))["identity"].facts["id_verified"] is False


def test_a_source_that_falters_once_is_asked_again() -> None:
    found = ask("court", force=("courts", "error_before"))["court"]
    assert found.verb == "answer" and found.attempts == 2


def test_a_source_that_is_silent_is_not_waited_for_twice() -> None:
    found = ask("court", force=("courts", "timeout"))["court"]
    assert (found.verb, found.attempts) == ("time_out", 1)


def test_a_bad_debtor_shows_in_bureau_and_court() -> None:
    found = ask("bureau", "court", whom=somebody(fates.BAD, "bureau"))
    assert found["bureau"].facts["bureau_bad_debt"] is True
