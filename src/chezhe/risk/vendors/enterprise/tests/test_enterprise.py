"""A company's answers: ratios by hand, owners through companies, and books that must balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from chezhe.identifiers import synthetic
from chezhe.invented import company, fates, person, trades
from chezhe.invented.tests.crowd import ON, company_codes
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question, WrongAnswer
from chezhe.risk.vendors.enterprise import client, reading, telling
from chezhe.risk.vendors.enterprise.answers import Ownership, Shareholder, Statement, Statements, Trade

ASKED = Question(reference="Q1", consent="C26-1")
BOOKS = Statement(
    year=2025, cash_fen=100, receivables_fen=200, inventory_fen=150, fixed_fen=550, assets_fen=1000, short_loans_fen=150, payables_fen=150,
    long_loans_fen=200, capital_fen=300, retained_fen=200, revenue_fen=2000, cost_fen=1500, expenses_fen=300, interest_fen=50, tax_fen=40,
    profit_fen=110, dividends_fen=0)


def _held(code: str, *holders: tuple[str, str, str]) -> Ownership:
    shareholders = tuple(
        Shareholder(name=number, kind="person" if kind == "p" else "company", number=number, share_rate=rate) for kind, number, rate in holders)
    return Ownership(as_of=ON, uscc=code, shareholders=shareholders)


def test_ratios_are_those_of_the_last_books() -> None:
    found = reading.statement_facts(Statements(as_of=ON, uscc="U", years=(BOOKS,)))
    assert found["debt_ratio"] == "0.5000" and found["current_ratio"] == "1.5000" and found["quick_ratio"] == "1.0000"
    assert found["interest_cover"] == "4.0000" and found["profit_margin"] == "0.0550" and found["revenue_year"] == 2000
    assert found["receivable_turns"] == "10.0000" and found["inventory_turns"] == "10.0000"


def test_a_ratio_without_its_divisor_is_unknown() -> None:
    found = reading.statement_facts(Statements(as_of=ON, uscc="U", years=(replace(BOOKS, interest_fen=0, inventory_fen=0),)))
    assert "interest_cover" not in found and "inventory_turns" not in found
    assert reading.statement_facts(Statements(as_of=ON, uscc="U", years=())) == {}


def test_owners_are_added_up_through_companies() -> None:
    known = {"U": _held("U", ("p", "A", "0.4"), ("c", "H", "0.6")), "H": _held("H", ("p", "A", "0.5"), ("p", "B", "0.5"))}
    found = [(who.number, who.rate) for who in reading.beneficiaries("U", known)]
    assert found == [("A", Decimal("0.70")), ("B", Decimal("0.30"))]
    assert reading.ownership_facts("U", known) == {"registry_owners_rate": "1.0000"}


def test_companies_that_own_each_other_end_the_search() -> None:
    known = {"U": _held("U", ("c", "H", "1")), "H": _held("H", ("c", "U", "0.5"), ("p", "A", "0.5"))}
    assert reading.ownership_facts("U", known) == {"registry_owners_rate": "0.5000"}


def test_gaps_between_books_tax_and_bank_are_fractions_of_the_latter() -> None:
    assert reading.gap_facts(150, 100, 200) == {"revenue_tax_gap_rate": "0.5000", "revenue_flow_gap_rate": "-0.2500"}
    assert reading.gap_facts(150, None, 0) == {}


def test_false_books_show_in_the_gap(world: World) -> None:
    code = fates.company_code(fates.FALSE_BOOKS)
    books, tax = client.statements(ASKED, name="某某公司", uscc=code), client.tax(ASKED, name="某某公司", uscc=code)
    assert books is not None and tax is not None
    facts = reading.statement_facts(books) | reading.tax_facts(tax)
    gap = reading.gap_facts(facts["revenue_year"], facts["revenue_taxed_year"], None)  # type: ignore[arg-type]
    assert Decimal(str(gap["revenue_tax_gap_rate"])) > Decimal("0.5")


def test_a_hidden_owner_stays_hidden(world: World) -> None:
    code = fates.company_code(fates.HIDDEN_OWNER)
    front = client.ownership(ASKED, name="某某公司", uscc=code)
    assert front is not None and front.shareholders[0].kind == "company"
    assert client.ownership(ASKED, name="控股", uscc=front.shareholders[0].number) is None
    assert Decimal(str(reading.ownership_facts(code, {code: front})["registry_owners_rate"])) < 1


def test_every_companys_answers_are_sound(world: World) -> None:
    """The client refuses books that do not balance and shares that make no whole: none of ours is refused."""
    for code in company_codes(40):
        assert client.registration(ASKED, name="某某公司", uscc=code) is not None
        for ask in (client.ownership, client.tax, client.statements, client.invoices):
            assert ask(ASKED, name="某某公司", uscc=code) is not None


def test_four_whole_quarters_make_a_year() -> None:
    answer = telling.tax_of(company(company_codes()[0]), date(2026, 5, 20))
    assert [quarter.quarter_on for quarter in answer.declared] == [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    assert "revenue_taxed_year" not in reading.tax_facts(replace(answer, declared=answer.declared[1:]))


def test_a_company_has_months_and_a_status(world: World) -> None:
    found = client.registration(ASKED, name="某某公司", uscc=fates.company_code(fates.BAD))
    assert found is not None and reading.registration_facts(found, ON)["company_status"] == "revoked"


def trade_asked(id_number: str, uscc: str) -> Trade | None:
    return client.trade(ASKED, name="王小明", id_number=id_number, uscc=uscc)


def test_the_register_tells_of_a_trade_and_whether_the_person_runs_it(world: World) -> None:
    good, bad = fates.id_number(fates.GOOD), fates.id_number(fates.BAD)
    own, revoked = trades.of(person(good)), trades.of(person(bad))
    assert own is not None and revoked is not None
    found = trade_asked(good, own.uscc)
    assert found is not None and reading.trade_facts(found, found.as_of) == {
        "trade_is_own": True, "trade_status": "active", "trade_tax_arrears": 0,
        "trade_months": (found.as_of.year - own.registered_on.year) * 12 + found.as_of.month - own.registered_on.month}
    other = trade_asked(bad, own.uscc)
    assert other is not None and reading.trade_facts(other, ON) == {"trade_is_own": False}
    closed = trade_asked(bad, revoked.uscc)
    assert closed is not None and reading.trade_facts(closed, ON)["trade_status"] == "revoked"


def test_a_trade_that_is_not_registered_yet_is_no_answer(world: World) -> None:
    contradictory = fates.id_number(fates.CONTRADICTORY, source="enterprise")
    with pytest.raises(WrongAnswer):
        trade_asked(contradictory, synthetic.invent_uscc(Random(2), kind="92"))
    assert trade_asked(fates.id_number(fates.UNKNOWN, source="enterprise"), synthetic.invent_uscc(Random(2), kind="92")) is None
