"""Class and stage in the snapshot of an evening are those of each loan by itself, and the moves between two evenings are told."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from pyarrow import parquet

from chezhe.customers.tests.filing import FLEET, OUYANG, SHAN, company, person
from chezhe.identifiers.synthetic import invent_vin
from chezhe.kernel import clock
from chezhe.kernel.models import Event
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.endofday import snapshot
from chezhe.servicing.models import ClassDowngrade, EndOfDay, Loan, LoanEvent
from chezhe.servicing.quality import grading, standards
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay
from chezhe.servicing.tests.test_doors import at, text_of

pytestmark = pytest.mark.django_db
LOANS, DAY = 36, date(2026, 12, 20)
# Arrears that a loan has behind it: long and paid off, long and moved into a new plan, short.
PAST = ([["2026-03-15", "2026-08-20", 158, False]], [["2026-02-15", "2026-11-30", 280, True]], [["2026-09-15", "2026-09-20", 5, False]])


@pytest.fixture
def book(bank: Bank) -> list[Loan]:
    """Three people and a company with twelve loans each of which a half has something behind it, as rows that a life could leave."""
    rng = Random(7)
    borrowers = [bank.wang, person(OUYANG, bank.cast.lin), person(SHAN, bank.cast.lin), company(FLEET, bank.cast.lin)]
    loans = [lend(bank, vin=invent_vin(rng, 2021), plate=f"沪C{place:05d}") for place in range(LOANS)]
    for place, loan in enumerate(loans):
        loan.customer = borrowers[rng.choice((0, 1, 1, 2, 3, 3))]
        if place % 2:
            loan.oldest_due_on = rng.choice([None, None, *(DAY - timedelta(days=days) for days in (1, 31, 95, 300))])
            loan.arrears, loan.performing_since = rng.choice([(None, None), *((past, date(2026, 12, 1)) for past in PAST)])
            loan.observed_until = rng.choice([None, None, date(2027, 4, 1), date(2026, 5, 1)])
        loan.save()
    settled, lost = loans[2], loans[5]
    Loan.objects.filter(pk=settled.pk).update(status="settled", settled_on=DAY - timedelta(days=3))
    Loan.objects.filter(pk=lost.pk).update(status="written_off")
    ClassDowngrade.objects.create(number="D1", loan=loans[8], asset_class="doubtful", reason="失联", downgraded_on=date(2026, 6, 1),
                                  downgraded_at=clock.now(), downgraded_by_name="险")
    LoanEvent.objects.create(loan=loans[12], kind="extended", value_on=date(2026, 11, 1), posted_on=date(2026, 11, 1), reference="E1",
                             recorded_at=clock.now(), actor_name="方")
    return list(Loan.objects.order_by("pk"))


def kept(day: date) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in parquet.read_table(snapshot.keep(day)).to_pylist()}


def test_the_snapshot_says_of_every_loan_what_the_loan_says_of_itself(bank: Bank, book: list[Loan]) -> None:
    rows, seen = kept(DAY), set()
    for loan in book:
        quality = grading.quality_of(loan, DAY)
        said = (rows[loan.number]["five_class"], rows[loan.number]["stage"])
        assert said == ((quality.asset_class.value, quality.stage) if quality else (None, None)), loan.number
        seen.add(said[0])
    assert seen >= {"normal", "special_mention", "substandard", "doubtful", None}
    by_others = [loan for loan in book if (found := grading.quality_of(loan, DAY)) and "customer" in dict(found.reasons)]
    assert by_others, "some stand where they stand by the borrower's other loans alone"


def test_only_borrowers_of_whom_there_is_something_to_ask_are_graded(bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    grade = grading.grade_customers
    monkeypatch.setattr(grading, "grade_customers", lambda customers, on: asked.extend(customers) or grade(customers, on))
    assert kept(START)[loan.number]["five_class"] == "normal" and asked == []
    assert kept(date(2026, 2, 16))[loan.number]["five_class"] == "normal", "its row says that nothing is overdue"
    days_pass(bank, date(2026, 2, 17))
    assert kept(date(2026, 2, 16))[loan.number]["five_class"] == "special_mention" and asked == [loan.customer_id]


def test_a_house_without_figures_of_classification_has_no_classes(bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standards, "CODES", (*standards.CODES, "CLASS_OF_NO_HOUSE"))
    row = kept(START)[loan.number]
    assert (row["five_class"], row["stage"], row["bucket"]) == (None, None, "C")


def test_moves_between_two_evenings_are_told_once(bank: Bank, loan: Loan) -> None:
    other = lend(bank, vin="LFV2A21K8A3000001", plate="沪B23456")
    pay(bank, other, "10000.00", START, "A1")
    for day in (date(2026, 2, 15), date(2026, 2, 16)):
        days_pass(bank, day + timedelta(days=1))
        kept(day)
    moved = [[loan.number, "normal", "special_mention"], [other.number, "normal", "special_mention"]]
    assert told() == [{"on": "2026-02-16", "moved": moved}], "one is a day late, both are Wang's"
    kept(date(2026, 2, 16))
    assert len(told()) == 1 and EndOfDay.objects.get(day=date(2026, 2, 16)).snapshot_at is not None
    pay(bank, loan, "5000.00", date(2026, 2, 17), "A2")
    days_pass(bank, date(2026, 2, 18))
    kept(date(2026, 2, 17))
    assert told()[1:] == [{"on": "2026-02-17", "moved": [[number, then, now] for number, now, then in moved]}]
    days_pass(bank, date(2026, 2, 20))
    kept(date(2026, 2, 19))
    assert len(told()) == 2, "nothing is told beside an evening that was not kept"


def told() -> list[dict[str, Any]]:
    return [dict(row.payload) for row in Event.objects.filter(name=snapshot.CLASSED).order_by("pk")]


def test_the_list_shows_the_class_of_today_with_as_many_questions_for_many(
    bank: Bank, loan: Loan, browser: Any, django_assert_max_num_queries: Any,
) -> None:
    for place in range(6):
        lend(bank, vin=invent_vin(Random(place), 2021), plate=f"沪D{place:05d}")
    client, chosen = browser.acts_as(bank.fang), at("loans") + "?cols=number,class_today"
    assert text_of(client.get(chosen)).count("正常") >= 7
    downgrade_loan(loan_number=loan.number, asset_class="doubtful", reason="失联", by=risk(bank))
    with django_assert_max_num_queries(22):
        page = text_of(client.get(chosen))
    assert page.count("可疑") >= 7, "all of a person's loans"
    assert "当前分类" not in client.get(f"{chosen}&export=csv").content.decode()
