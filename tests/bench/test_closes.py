"""How the bench of a close proves its loop and compares numbers of processes."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from datetime import date
from typing import Any, LiteralString

import pytest

from bench import _accrued, _own, _report, _scaling
from bench._loop import Accrued
from chezhe.kernel.postgres import Cluster
from chezhe.kernel.postgres.pytest_environment import CLUSTER_HOME
from chezhe.ledger import chart

DAY = date(2026, 5, 20)


def row(weight: int, denominator: int) -> dict[str, Any]:
    """A loan that earns `weight / denominator` fen a day since the first of May."""
    begun = date(2026, 5, 1).toordinal() - 1
    return {"accrual_basis": "act/365", "accrual_denominator": denominator, "accrual_weight": weight, "accrual_origin": weight * begun}


def sample(*accrued: tuple[int, int], weight: int = 1, denominator: int = 2, **posted: int) -> dict[str, _accrued.Sample]:
    loans = {place: (row(weight, denominator), Accrued(*said)) for place, said in enumerate(accrued)}
    fen = sum(said.fen for _row, said in loans.values())
    return {"plain": _accrued.Sample(loans, {chart.ACCRUED_INTEREST: fen, chart.INTEREST_INCOME: -fen, **posted})}


def test_half_a_fen_a_loan_is_what_rounding_may_do_and_no_more() -> None:
    """Half a fen a day: 9.5 by the morning of the 20th, which rounds to 10, and 10 by its evening."""
    assert _accrued.differences(sample((10, 0), (9, 1)), DAY) == []
    assert _accrued.differences(sample((10, 1)), DAY) == [
        "plain: loan 0 has accrued 11 fen by the evening by the loop, 10.0000 by its part in the group",
        f"plain: account {chart.ACCRUED_INTEREST} has 11 fen by the loop, 10.0000 by 1 parts",
        f"plain: account {chart.INTEREST_INCOME} has -11 fen by the loop, -10.0000 by 1 parts",
    ]
    assert "loan 0 has accrued 8 fen by the morning" in _accrued.differences(sample((8, 2)), DAY)[0]


def test_one_loan_s_fen_too_much_is_not_made_up_for_by_another_s() -> None:
    """Together they are right: of two loans the sums alone would say nothing."""
    found = _accrued.differences(sample((10, 1), (9, 0)), DAY)
    assert [said.partition(" has")[0] for said in found] == ["plain: loan 0", "plain: loan 1"]


def test_what_is_posted_elsewhere_or_on_one_side_only_is_found() -> None:
    assert _accrued.differences(sample((10, 0), **{chart.FEE_INCOME: -1}), DAY) == [
        f"plain: account {chart.FEE_INCOME} is nothing an accrual is posted to"]
    lopsided = _accrued.differences(sample((10, 0), **{chart.INTEREST_INCOME: -1}), DAY)
    assert lopsided == [f"plain: account {chart.INTEREST_INCOME} has -11 fen by the loop, -10.0000 by 1 parts"]


# ---- several numbers of processes -----------------------------------------------------------------------------


class Kept(_own.Own):
    """A book that only remembers what was done with it."""

    def __init__(self, told: list[str]) -> None:
        object.__setattr__(self, "told", told)

    def keep(self) -> None:
        self.told.append("kept")  # type: ignore[attr-defined]

    def give_back(self) -> None:
        self.told.append("given back")  # type: ignore[attr-defined]


def test_each_number_closes_the_same_book_and_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    told: list[str] = []

    def close(workers: int) -> dict[str, Any]:
        told.append(f"closed by {workers}")
        figures = dict.fromkeys(_scaling.TOLD, 1)
        return {**figures, "workers": workers, "seconds": {1: 12.0, 2: 8.0, 4: 6.0}[workers], "status": "running" if workers == 4 else "closed"}

    chosen, rows, failures = _scaling.closes([1, 2, 4], Kept(told), close, lambda: ["it differs"] if told[-1] == "closed by 1" else [])
    assert told == ["kept", "closed by 1", "given back", "closed by 4", "given back", "closed by 2"]
    assert chosen["workers"] == 2, "the processors; what follows goes on from its book"
    assert failures == ["1 workers: it differs", "4 workers: the day is not closed"]
    assert [(one["workers"], one["speedup"], one["efficiency"]) for one in rows] == [(1, 1.0, 1.0), (2, 1.5, 0.75), (4, 2.0, 0.5)]
    assert [line.split()[0] for line in _scaling.words(rows).splitlines()[2:]] == ["1", "2", "4"]


@pytest.mark.django_db(transaction=True)
def test_a_book_is_given_back_as_it_was_put_aside() -> None:
    own = _own.Own(Cluster(CLUSTER_HOME, is_durable=False), f"bench_own_{os.getpid()}")
    own.cluster.create_database(own.name)
    try:
        _ask(own, "CREATE TABLE told AS SELECT 1 AS figure")
        own.keep()
        for _again in range(2):
            _ask(own, "UPDATE told SET figure = figure + 1")
            own.give_back()
            assert _ask(own, "SELECT figure FROM told") == [(1,)]
    finally:
        own.throw_away()
        own.cluster.drop_database(own.name)


def _ask(own: _own.Own, words: LiteralString) -> list[tuple[object, ...]]:
    with own.cluster.connect(own.name) as connection:
        cursor = connection.execute(words)
        return cursor.fetchall() if cursor.description else []


def test_one_number_is_closed_once_in_any_book() -> None:
    closed = {**dict.fromkeys(_scaling.TOLD, 1), "workers": 3, "seconds": 2.0, "status": "closed"}
    chosen, rows, failures = _scaling.closes([3], None, lambda _workers: closed, list)
    assert chosen is closed and failures == [] and [row["workers"] for row in rows] == [3]
    with pytest.raises(ValueError, match="given back"):
        _scaling.closes([1, 2], None, lambda _workers: closed, list)


def test_the_number_told_of_is_that_of_the_processors_or_the_nearest() -> None:
    assert [_scaling.nearest([1, 4], processors) for processors in (1, 2, 3, 4, 64)] == [1, 1, 4, 4, 4]
    assert _report.options("eod", ["--workers", "4,1,2"]).workers == [1, 2, 4] and _report.options("eod", []).workers is None
    with pytest.raises(ArgumentTypeError):
        _report.numbers("1,0")
