"""Statements that the four banks give out for invented lives: honest ones prove an income, most forgeries do not get through."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from chezhe.identifiers import id_card
from chezhe.invented import fates, person, statements
from chezhe.risk.facts.flows import analysis, files, reading
from chezhe.risk.facts.flows.analysis import Analysis
from chezhe.risk.vendors.statements import writing
from chezhe.risk.vendors.statements.layouts import LAYOUTS

FIRST, LAST = date(2025, 8, 1), date(2026, 2, 28)
NAME = "林晓燕"


def handed_in(id_number: str, bank: str, form: writing.Form = "csv", *, true: bool = False) -> Analysis:
    life = person(id_number)
    account = statements.account_number(life, bank)
    shown = (statements.lines if true else statements.told)(life, account, FIRST, LAST)
    data = writing.write(bank, writing.Holder(NAME, account, FIRST, LAST), shown, form)
    return analysis.analyse(reading.read(files.grid_of(data, form)), name=NAME)


def some_number(serial: int) -> str:
    body = f"330106{1975 + serial}0{1 + serial % 9}15{100 + serial * 7:03d}"
    return body + id_card.check_character(body)


@pytest.mark.parametrize("bank", writing.BANKS)
@pytest.mark.parametrize("form", get_args(writing.Form))
def test_every_bank_and_form_is_read_alike(bank: str, form: writing.Form) -> None:
    found, csv = handed_in(some_number(1), bank, form, true=True), handed_in(some_number(1), bank, true=True)
    assert found.flow.layout == bank and found.is_proof and found.flow.holder == NAME and len(found.flow.account) == 19
    assert [line.amount for line in found.flow.lines] == [line.amount for line in csv.flow.lines]
    assert (found.income, found.average_balance, found.months) == (csv.income, csv.average_balance, csv.months)


@pytest.mark.parametrize("serial", range(12))
def test_an_honest_statement_proves_about_what_is_earned(serial: int) -> None:
    life = person(some_number(serial))
    found = handed_in(some_number(serial), list(writing.BANKS)[serial % 4], true=True)
    assert found.is_proof and found.broken is None and found.interest_ok
    earned = [life.income_on(date(2025, month, 15)) for month in range(9, 13)] + [life.income_on(date(2026, month, 15)) for month in (1, 2)]
    assert found.income is not None and min(earned) * 0.6 <= found.income <= max(earned) * 1.6


def test_of_twenty_forgers_most_are_caught_and_none_for_nothing() -> None:
    caught = 0
    for year in range(20):
        found = handed_in(fates.id_number(fates.LIAR, born_on=date(1975 + year, 3, 9)), "icbc")
        assert found.is_proof or found.broken or found.interest_ok is False
        caught += not found.is_proof
    assert caught >= 15


def test_the_banks_that_write_are_the_banks_that_are_read() -> None:
    assert {layout.code for layout in LAYOUTS} == set(writing.BANKS)
