"""Every test process gets its own clone of one migrated database, on a server that only tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chezhe.kernel.postgres import Cluster
    from chezhe.kernel.postgres.clones import Clones


def pytest_configure() -> None:
    """Playwright keeps an event loop in the test's thread, which Django takes for asynchronous code."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: no `CREATE DATABASE test_…` and migration for every run."""
    from chezhe.kernel.postgres.clones import Clones
    from chezhe.kernel.postgres.pytest_environment import CLUSTER_HOME

    clones = Clones(CLUSTER_HOME, _migrate)
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            name = stack.enter_context(clones.in_use())
            _point_django_at(clones.cluster, name)
            _undo_commits_by_renewing(clones)
        yield
        _close_connections()


def _migrate(cluster: Cluster, name: str) -> None:
    from django.core.management import call_command

    _point_django_at(cluster, name)
    call_command("migrate", verbosity=0, interactive=False)
    _close_connections()


def _point_django_at(cluster: Cluster, name: str) -> None:
    from django.db import connections

    _close_connections()
    connections.settings["default"].update(
        NAME=name, USER="chezhe", PASSWORD="", HOST=str(cluster.places.socket), PORT="", CONN_MAX_AGE=0
    )


def _close_connections() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _undo_commits_by_renewing(clones: Clones) -> None:
    """Django would TRUNCATE every table after a test that commits: that loses the rows which migrations
    brought, and an append-only table refuses it. A new clone of the template takes about as long."""
    from django.test import TransactionTestCase

    def renew(self: TransactionTestCase) -> None:
        _close_connections()
        clones.renew()

    TransactionTestCase._fixture_teardown = renew  # type: ignore[method-assign]
