"""The trades of a crowd: the same number the same story, and no trade that could not be."""

from __future__ import annotations

from datetime import date

from chezhe.identifiers import uscc
from chezhe.invented import fates, person, trades
from chezhe.invented.tests.crowd import ON, id_numbers

CROWD = [person(number) for number in id_numbers(600)]
KEPT = [(life, trade) for life in CROWD if (trade := trades.of(life)) is not None]


def test_a_trade_belongs_to_a_person_and_its_code_is_a_sole_traders() -> None:
    assert 0.12 < len(KEPT) / len(CROWD) < 0.4
    assert all(uscc.judge(trade.uscc).type == "individual_business" and not uscc.judge(trade.uscc).errors for _life, trade in KEPT)
    assert len({trade.uscc for _life, trade in KEPT}) == len(KEPT)
    assert all(trades.of(person(life.id_number)) == trade for life, trade in KEPT)


def test_whoever_works_for_himself_has_one_and_none_is_older_than_the_first_work() -> None:
    alone = [life for life in CROWD if any(job.kind == "self_employed" for job in life.jobs)]
    assert alone and all(trades.of(life) is not None for life in alone)
    assert all(trade.registered_on >= life.jobs[0].from_on for life, trade in KEPT)


def test_a_few_are_closed_for_good_and_a_later_day_tells_the_same_past() -> None:
    closed = [trade for _life, trade in KEPT if trade.status_on(ON) != "active"]
    assert 0 < len(closed) / len(KEPT) < 0.2
    assert all(trade.closed_on is not None and trade.closed_on > trade.registered_on for trade in closed)
    assert all(trade.status_on(date(2032, 1, 1)) == trade.closed_as and trade.status_on(trade.registered_on) == "active" for trade in closed)


def test_digits_choose_a_trade_in_order_and_one_that_was_revoked() -> None:
    good, bad = trades.of(person(fates.id_number(fates.GOOD))), trades.of(person(fates.id_number(fates.BAD)))
    assert good is not None and (good.status_on(ON), good.arrears_on(ON)) == ("active", 0) and good.registered_on.year <= ON.year - 3
    assert bad is not None and bad.status_on(ON) == "revoked"
