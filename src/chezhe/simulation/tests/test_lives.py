"""Who comes: some of those who run a trade borrow for it, with the licence they were once given."""

from __future__ import annotations

from datetime import date
from random import Random

from chezhe.invented import person, trades
from chezhe.simulation.lives import Life, invent

ON = date(2026, 3, 16)


def crowd(seed: int, n: int = 400) -> list[Life]:
    rng = Random(seed)
    return [invent(rng, "HZ01", ON, ("walk_in",)) for _ in range(n)]


def test_a_sole_trader_brings_his_own_licence_and_asks_for_the_product_of_his_kind() -> None:
    lives = crowd(7)
    traders = [life for life in lives if life.product_code == "P10"]
    assert 0.02 < len(traders) / len(lives) < 0.2 and not [life for life in lives if (life.trade is None) is (life.product_code == "P10")]
    for life in traders:
        assert life.person is not None and life.trade is not None and life.car.condition == "used"
        own = trades.of(person(life.person.id_number))
        assert own is not None and (life.trade.uscc, life.trade.registered_on) == (own.uscc, own.registered_on) and own.registered_on <= ON


def test_the_same_seed_brings_the_same_traders_and_a_few_whose_licence_no_longer_stands() -> None:
    assert [life.trade for life in crowd(7)] == [life.trade for life in crowd(7)]
    brought = [trades.of(person(life.person.id_number)) for life in crowd(11, 1_500) if life.trade is not None and life.person is not None]
    closed = [trade for trade in brought if trade is not None and trade.status_on(ON) != "active"]
    assert 0 < len(closed) < len(brought) / 5
