"""Each bench runs, small, and its own checks hold. Nobody looks at a clock here."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from bench import (
    _household,
    _meter,
    _sample,
    ages,
    backtest,
    decision,
    desk,
    eod,
    fastlane,
    finmath,
    gathering,
    models,
    monthend,
    pages,
    payments,
    provision,
    replay,
    tables,
    takeover,
)
from chezhe.cli.commands._crew import Crew
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres import Cluster, grants
from chezhe.kernel.postgres.cluster import OWNER, SUPERUSER
from chezhe.kernel.postgres.pytest_environment import CLUSTER_HOME
from tests.pages import sample

PORT, ROOT = 8900, Path(finmath.__file__).parents[1]


def test_every_bench_begins_as_a_program() -> None:
    """Nothing of Django is read before a bench has said which database."""
    names = ", ".join(f"bench.{path.stem}" for path in sorted(Path(finmath.__file__).parent.glob("[a-z]*.py")))
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", f"import {names}"], cwd=ROOT, env=plain, check=True)


def test_the_array_forms_agree_with_the_loops_to_the_fen() -> None:
    found = finmath.run(loans=1_000)
    assert found["compared_to_the_fen"] == 1_000 and found["different"] == 0 and found["failures"] == []


def test_a_table_decides_alike_one_by_one_and_at_once() -> None:
    found = tables.run(rows=3_000)
    assert found["at_once"]["compared"] == 2_000 and found["failures"] == []


def test_a_life_lived_again_ends_as_it_did() -> None:
    found = replay.run(Namespace())
    assert found["failures"] == [] and {"replay_ms", "replay_cpu_ms", "replay_by_age_ms"} <= found.keys()


def test_every_source_answers(settings: Any) -> None:
    settings.SIMULATORS_URL = f"http://127.0.0.1:{PORT + 90}"
    server = gathering._serve(PORT + 90)
    try:
        found = gathering._measure(1)
    finally:
        server.shutdown()
        server.server_close()
    assert found["failures"] == [] and found["answered"] == found["sources"] and "excess_ms_p50" in found


def test_every_source_of_a_whole_application_answers_the_worker(
    empty_house: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.SIMULATORS_URL, settings.MEDIA_ROOT = f"http://127.0.0.1:{PORT + 92}", tmp_path
    monkeypatch.setenv("CHEZHE_SIMULATORS_URL", settings.SIMULATORS_URL)
    seen: list[_household.Seen] = []
    server = gathering._serve(PORT + 92, seen)
    try:
        with _household.worker():
            found = _household.measure(1, seen, 200)
    finally:
        server.shutdown()
        server.server_close()
    assert found["failures"] == [] and found["answered"] == found["sources"] == 22
    assert {"total_ms_p50", "slowest_ms_p50", "begun_within_ms_p50", "excess_ms_max"} <= found.keys()


@pytest.mark.long
def test_models_are_trained_and_score_a_file_as_its_rows() -> None:
    found = models.run(Namespace(loans=6_000))
    assert found["failures"] == [] and {"rivals", "scorecard", "boosting"} <= found.keys()


@pytest.fixture
def empty_house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The empty tables of a test as a bench has its own, with the connection of whoever may load without papers."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", SUPERUSER)
    # Processes that a bench starts find the same database.
    monkeypatch.setenv("DATABASE_URL", Cluster(CLUSTER_HOME, is_durable=False).url(connection.settings_dict["NAME"], SUPERUSER))
    yield
    connection.close()


@pytest.mark.parametrize("is_month_end", [False, True])
def test_a_day_is_closed_as_the_loop_closes_it(empty_house: None, is_month_end: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in _meter.steps():
        # The bench lets them count in its own process for good; here they are put back.
        monkeypatch.setattr(module, name, getattr(module, name))
    # A shard in which hardly anything happens goes loan by loan, for which the book has no papers.
    found = eod._measure(600 if is_month_end else 3_000, Namespace(month_end=is_month_end, in_order=is_month_end, workers=[1]))
    assert found["failures"] == [] and found["status"] == "closed" and found["touched"] > 0
    assert {"loans", "ratio_vs_per_loan_loop", "ratio_vs_copy_round_trip", "cpu_s", "peak_mb"} <= found.keys()


def test_a_provision_adds_up(empty_house: None) -> None:
    found = provision._measure(300)
    assert found["failures"] == [] and found["loans"] == 300 and {"seconds", "rows_per_second", "split_s"} <= found.keys()


def test_a_month_s_end_is_taxed_and_costed(empty_house: None) -> None:
    found = monthend._measure(100)
    assert found["failures"] == [] and {"vat_s", "funding_s", "profit_s", "profit_six_s"} <= found.keys()


def test_a_book_is_taken_over(empty_house: None) -> None:
    found = takeover._measure(40)
    assert found["failures"] == [] and found["loans"] == 40 and {"trial_per_second", "taken_per_second"} <= found.keys()


def test_decisions_made_again_are_the_same(empty_house: None) -> None:
    found = decision._measure(3)
    assert found["failures"] == [] and {"p50_ms", "p95_ms", "statements", "strategy_us", "one_table_us"} <= found.keys()


def test_a_strategy_decides_alike_at_once_and_one_by_one(empty_house: None, tmp_path: Path) -> None:
    found = backtest._measure(2_000, "duckdb", tmp_path)
    assert found["failures"] == [] and found["same_outcomes"] and found["compared"] == 1_500 and found["changed"] > 0
    assert {"seconds", "composing_seconds", "ratio_vs_row_by_row", "two_strategies_seconds", "boosting_seconds"} <= found.keys()


@pytest.mark.long
def test_a_loan_s_page_is_answered_at_any_age(empty_house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ages, "DAYS", 40)
    monkeypatch.setattr(ages, "TIMES", 1)
    ages._live()
    found = ages._measure()
    assert found["failures"] == [] and len(found["ages"]) == len(ages.AGES)
    assert {"age", "events", "page_ms", "journal_ms", "events_ms"} <= found["ages"][0].keys()


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[_sample.House]:
    """The sample, committed, as a house whose programs run beside the test."""
    sample.settle()
    monkeypatch.setenv("DATABASE_URL", Cluster(CLUSTER_HOME, is_durable=False).url(connection.settings_dict["NAME"]))
    with _running() as running:
        yield running


@pytest.fixture
def nobody_s_house(empty_house: None) -> Iterator[_sample.House]:
    """The empty tables as a house whose programs run beside the test."""
    with _running() as running:
        yield running


@contextmanager
def _running() -> Iterator[_sample.House]:
    name, cluster = connection.settings_dict["NAME"], Cluster(CLUSTER_HOME, is_durable=False)
    with cluster.connect(name, OWNER) as owner:
        grants.grant(owner)
    with Crew() as crew:
        yield _sample.House(Instance("demo", Path(django_settings.VAR), name, "test"), cluster, crew)
        connection.close()


def test_people_browse_and_clerks_pay_without_a_failure(house: _sample.House) -> None:
    seen = pages.measure(house, users=4, seconds=3, pause=0, port=PORT)
    assert seen["failures"] == [] and "list" in {line["kind"] for line in seen["pages"]}
    house.crew.dismiss()
    paid = payments.measure(house, loans=2, seconds=1, port=PORT, clients=(1, 3), at_once=6)
    assert paid["failures"] == []
    assert [line["payments"] > 0 and line["errors"] == {} for line in paid["runs"]] == [True] * 6


def test_prime_cases_go_from_the_submission_to_the_bank_without_anybody(nobody_s_house: _sample.House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastlane, "READING_SECONDS", 0)
    found = fastlane.measure(nobody_s_house, count=1, port=PORT + 40, warm_up=0)
    assert found["failures"] == [] and found["applications"] == 1
    assert {"p50_s", "p95_s", "p50_no_latency_s", "p95_no_latency_s"} <= found.keys()
    assert set(found["waits"]) == {"forced reading", "signatures", "vehicle office", "GPS installer", "insurer", "step-up of the checker"}
    assert found["waits"]["forced reading"]["asked_s"] == 10


def test_a_desk_of_many_applications_is_answered(nobody_s_house: _sample.House) -> None:
    found = desk.measure(nobody_s_house, count=1_000, users=2, port=PORT + 60, rounds=1)
    assert found["failures"] == [] and (found["applications"], found["customers"]) == (1_000, 500)
    assert {line["page"] for line in found["pages"] if line["count"]} == set(desk.PAGES)
