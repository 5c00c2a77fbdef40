"""Every test process gets its own clone of one migrated database, on a server that only tests use."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from chezhe.kernel.postgres import Cluster
    from chezhe.kernel.postgres.clones import Clones


STARTED = time.monotonic()

# How fast an example ran says how busy the machine was: speed is measured by the bench, no test is timed.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--minutes", type=float, default=None, help="start no further test after so many minutes")


def pytest_configure() -> None:
    """Playwright keeps an event loop in the test's thread, which Django takes for asynchronous code."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    from chezhe.cli.commands import _texts

    _texts.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, and say what to type."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    reason = pytest.mark.skip(reason="no Chromium on this machine: type  apt-get install chromium")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`--minutes`: a slice of the long suite that ends in time."""
    minutes = item.config.getoption("--minutes")
    if minutes is not None and time.monotonic() - STARTED > minutes * 60:
        pytest.skip(f"the slice of {minutes:g} minutes is over")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the faults came to, which a quiet run would else swallow: by file the sums of what its tests counted."""
    sums: dict[str, Counter[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for counts in (value for name, value in report.user_properties if name == "faults"):
                    sums.setdefault(report.nodeid.partition("::")[0], Counter()).update(counts)
    if sums:
        terminalreporter.section("faults")
    for file, counts in sorted(sums.items()):
        terminalreporter.write_line(f"{file}: {', '.join(f'{count:,} {name}' for name, count in counts.items())}")


@pytest.fixture(autouse=True)
def in_the_source_language() -> Iterator[None]:
    """A request leaves its language active in the thread; no test hands it to the next."""
    from django.utils import translation

    yield
    translation.deactivate()


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
    """Both of a thread's sets: while an event loop runs (Playwright's, in a browser test) Django keeps connections
    apart. One left open there would be cut by the next renewal and then handed to the next browser test."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        _close_those_in_sight()
        asyncio.run(_close_those_of_a_loop())
    finally:
        asyncio._set_running_loop(running)


async def _close_those_of_a_loop() -> None:
    _close_those_in_sight()


def _close_those_in_sight() -> None:
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
