"""Facts: what was known when, and what is never a value."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chezhe.kernel import clock
from chezhe.kernel.testing import moment
from chezhe.risk.facts import queries, rules, steps
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import SOURCES, FactDefinition, NotAFact, stored
from chezhe.risk.facts.models import Fact

pytestmark = pytest.mark.django_db
SUBJECT, CAR = "customer:C26-000001-1", "vehicle:V26-000001-1"
MORNING, NOON, EVENING = moment("2026-03-10 09:00"), moment("2026-03-10 12:00"), moment("2026-03-10 18:00")


@pytest.fixture(autouse=True)
def spring() -> Any:
    with clock.at(moment("2026-03-20 10:00")):
        yield


def record(facts: dict[str, Any], source: str = "bureau", at: Any = NOON, subject: str = SUBJECT) -> steps.Recorded:
    return steps.record_facts(subject, facts, source=source, known_at=at)


def only(code: str, at: Any = EVENING) -> queries.Assembled:
    return queries.assembled([SUBJECT], at, [code])


def test_it_gives_back_what_was_told_with_source_and_age() -> None:
    record({"bureau_score": 702, "bureau_card_use": "0.4337", "bureau_overdue_now": False})
    known = queries.known([SUBJECT], moment("2026-03-13 13:00"))
    assert {code: one.value for code, one in known.items()} == {
        "bureau_score": 702, "bureau_card_use": Decimal("0.4337"), "bureau_overdue_now": False}
    assert known["bureau_score"].source == "bureau" and known["bureau_score"].age_days == 3


def test_it_knows_nothing_before_it_was_told() -> None:
    record({"bureau_score": 702})
    assert queries.known([SUBJECT], MORNING) == {}
    assert only("bureau_score", MORNING).codes("missing") == ["bureau_score"]


def test_a_later_answer_of_the_same_source_takes_the_place_of_the_earlier_from_then_on() -> None:
    record({"bureau_score": 702})
    record({"bureau_score": 655}, at=moment("2026-03-15 09:00"))
    assert queries.known([SUBJECT], EVENING)["bureau_score"].value == 702
    assert queries.known([SUBJECT], moment("2026-03-15 09:00"))["bureau_score"].value == 655


def test_a_fact_told_twice_is_kept_once() -> None:
    record({"bureau_score": 702})
    record({"bureau_score": 702})
    record({"bureau_score": "many"})
    record({"bureau_score": "many"})
    assert Fact.objects.filter(value__isnull=False).count() == 1 and Fact.objects.count() == 2


def test_a_fact_older_than_it_holds_is_unknown_and_called_stale() -> None:
    record({"bureau_score": 702})
    assert queries.known([SUBJECT], NOON + timedelta(days=30))["bureau_score"].age_days == 30
    late = only("bureau_score", NOON + timedelta(days=31))
    assert late.values == {} and late.codes("stale") == ["bureau_score"]


@pytest.mark.parametrize(("code", "given", "reason"), [
    ("bureau_score", "702", "wrong_type"), ("bureau_score", True, "wrong_type"), ("bureau_score", 70.2, "wrong_type"),
    ("bureau_score", 1001, "out_of_range"), ("bureau_score", -1, "out_of_range"), ("bureau_score", None, "absent"),
    ("bureau_card_use", 0.4, "wrong_type"), ("bureau_card_use", "40%", "wrong_type"), ("bureau_card_use", "NaN", "wrong_type"),
    ("bureau_card_use", "1e5", "wrong_type"), ("bureau_card_use", "10.01", "out_of_range"), ("bureau_card_use", Decimal("Infinity"), "wrong_type"),
    ("id_verified", 1, "wrong_type"), ("id_verified", "true", "wrong_type"), ("education", "wizard", "not_listed"), ("education", "", "absent"),
    ("education", ["bachelor"], "wrong_type"), ("income_statement_monthly", 10**16, "out_of_range"), ("income_statement_monthly", "1,000", "wrong_type"),
])
def test_what_cannot_be_a_value_is_kept_as_the_reason_why_it_is_unknown(code: str, given: object, reason: str) -> None:
    told = record({code: given}, source=CATALOGUE[code].source)
    assert told.refused == {code: reason} and told.accepted == ()
    seen = only(code)
    assert code not in seen.values and seen.unknown[code].why == "wrong" and seen.unknown[code].reasons == (reason,)
    assert Fact.objects.get().value is None


def test_a_wrong_answer_takes_away_what_the_same_source_told_before() -> None:
    record({"bureau_overdue_now": False}, at=MORNING)
    record({"bureau_overdue_now": "no"})
    assert only("bureau_overdue_now", MORNING).values == {"bureau_overdue_now": False}
    assert only("bureau_overdue_now").values == {}


def test_two_sources_that_differ_on_one_day_contradict_each_other() -> None:
    record({"income_statement_monthly": 1_250_000}, source="flow", at=MORNING)
    record({"income_statement_monthly": 800_000}, source="tax", at=NOON)
    seen = only("income_statement_monthly")
    assert seen.values == {} and seen.codes("contradicted") == ["income_statement_monthly"]
    assert {one.source: one.value for one in seen.unknown["income_statement_monthly"].told} == {"flow": 1_250_000, "tax": 800_000}
    assert only("income_statement_monthly", MORNING).values == {"income_statement_monthly": 1_250_000}


def test_two_sources_that_nearly_agree_do_not_contradict_each_other() -> None:
    record({"income_statement_monthly": 1_250_000}, source="flow", at=MORNING)
    record({"income_statement_monthly": 1_200_000}, source="tax", at=NOON)
    assert only("income_statement_monthly").values == {"income_statement_monthly": 1_200_000}


def test_another_source_on_a_later_day_is_an_update_and_no_contradiction() -> None:
    record({"income_statement_monthly": 1_250_000}, source="flow", at=moment("2026-03-01 09:00"))
    record({"income_statement_monthly": 800_000}, source="tax", at=NOON)
    assert only("income_statement_monthly").values == {"income_statement_monthly": 800_000}


def test_a_person_settles_a_contradiction_by_confirming_one_value() -> None:
    record({"income_statement_monthly": 1_250_000}, source="flow", at=MORNING)
    record({"income_statement_monthly": 800_000}, source="tax", at=NOON)
    chosen = Fact.objects.get(source="tax")
    steps.confirm(chosen, at=moment("2026-03-10 15:00"), by=steps.SYSTEM)
    assert only("income_statement_monthly").known["income_statement_monthly"].source == "confirmed"
    record({"income_statement_monthly": 1_250_000}, source="flow", at=moment("2026-03-10 16:00"))
    assert only("income_statement_monthly").codes("contradicted") == ["income_statement_monthly"]


@pytest.mark.parametrize(("facts", "source", "subject", "error"), [
    ({"shoe_size": 42}, "bureau", SUBJECT, steps.FactUnknown), ({"bureau_score": 700}, "bureau", CAR, steps.FactElsewhere),
    ({"bureau_score": 700}, "gossip", SUBJECT, steps.SourceUnknown),
])
def test_it_refuses_what_nobody_defined_and_writes_nothing(facts: dict[str, Any], source: str, subject: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        record({"bureau_overdue_now": False, **facts} if subject == SUBJECT else facts, source=source, subject=subject)
    assert not Fact.objects.exists()


def test_it_refuses_a_fact_from_the_future() -> None:
    with pytest.raises(steps.KnownTooLate):
        record({"bureau_score": 700}, at=clock.now() + timedelta(minutes=2))
    assert not Fact.objects.exists()


def test_an_application_may_carry_a_fact_of_whoever_stands_in_it_and_the_first_subject_counts() -> None:
    record({"bureau_score": 700})
    record({"bureau_score": 650}, subject="application:A26-000001-1")
    record({"car_mileage_km": 30_000}, source="appraisal", subject=CAR)
    seen = queries.assembled(["application:A26-000001-1", SUBJECT, CAR], EVENING)
    assert seen.values == {"bureau_score": 650, "car_mileage_km": 30_000}


def test_nobody_can_change_or_delete_a_fact() -> None:
    record({"bureau_score": 702})
    for change in (lambda: Fact.objects.update(value=800), lambda: Fact.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()
    assert Fact.objects.get().value == 702


def test_everything_known_of_an_application_is_asked_by_one_statement(django_assert_num_queries: Any) -> None:
    record({"bureau_score": 702})
    subjects = [SUBJECT, CAR, "application:A26-000001-1", "dealer:D26-000001-1"]
    queries.known(subjects, EVENING)
    with django_assert_num_queries(1):
        queries.assembled(subjects, EVENING, CATALOGUE)


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=lambda definition: definition.code)
def test_every_fact_says_what_it_is(definition: FactDefinition) -> None:
    assert definition.source in SOURCES and str(definition.title).strip()
    is_number = definition.type in ("money", "rate", "integer")
    assert is_number == (definition.low is not None and definition.high is not None)
    with pytest.raises(NotAFact):
        definition.read([])


def test_a_stored_value_reads_as_it_was() -> None:
    for value, kind in ((Decimal("0.4337"), "bureau_card_use"), (Decimal("0"), "bureau_card_use"), (Decimal("10"), "bureau_card_use"), (7, "bureau_score")):
        again = CATALOGUE[kind].read(stored(CATALOGUE[kind].read(value)))
        assert again == value and type(again) is type(value)


def test_the_rule_alone_tells_missing_from_wrong() -> None:
    assert rules.judged("x", [], NOON, 1, lambda a, b: a == b, lambda m: m.date()) == rules.Unknown("x", "missing")
