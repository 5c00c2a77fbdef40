"""Each bench runs, small, and its own checks hold. Nobody looks at a clock here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from bench import _sample, finmath, pages, payments, tables
from chezhe.cli.commands._crew import Crew
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres import Cluster, grants
from chezhe.kernel.postgres.cluster import OWNER
from chezhe.kernel.postgres.pytest_environment import CLUSTER_HOME
from tests.pages import sample

PORT = 8900


def test_the_array_forms_agree_with_the_loops_to_the_fen() -> None:
    found = finmath.run(loans=1_000)
    assert found["compared_to_the_fen"] == 1_000 and found["different"] == 0 and found["failures"] == []


def test_a_table_decides_alike_one_by_one_and_at_once() -> None:
    found = tables.run(rows=3_000)
    assert found["at_once"]["compared"] == 2_000 and found["failures"] == []


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[_sample.House]:
    """The sample, committed, as a house whose programs run beside the test."""
    sample.settle()
    name, cluster = connection.settings_dict["NAME"], Cluster(CLUSTER_HOME, is_durable=False)
    monkeypatch.setenv("DATABASE_URL", cluster.url(name))
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
