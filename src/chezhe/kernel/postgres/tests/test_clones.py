"""Every test run has its own database, and a test that commits leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from chezhe.kernel.postgres.clones import fingerprint


@pytest.mark.django_db
def test_this_run_works_in_a_clone_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        name, user = cursor.fetchone()
    assert name.startswith("test_")
    assert user == "chezhe"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_committed_rows_are_gone_in_the_next_test_and_reference_rows_are_not(round_: int) -> None:
    """Append-only rows too, which no TRUNCATE could remove."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        assert cursor.fetchone()[0] > 10
        cursor.execute("SELECT count(*) FROM kernel_statusmove WHERE subject = 'probe:1'")
        assert cursor.fetchone()[0] == 0
        cursor.execute(
            "INSERT INTO kernel_statusmove (subject, verb, status_from, status_to, actor_key, actor_name, reason, moved_at) "
            "VALUES ('probe:1', 'probe', '', 'x', 'system', 'probe', '', '2026-01-01')"
        )
        with pytest.raises(DatabaseError, match="append_only"):
            cursor.execute("DELETE FROM kernel_statusmove")


def test_a_new_migration_changes_the_fingerprint_and_a_new_view_does_not(tmp_path: Path) -> None:
    room = tmp_path / "src" / "chezhe" / "room"
    (room / "migrations").mkdir(parents=True)
    (room / "migrations" / "0001_initial.py").write_text("one")
    source = tmp_path / "src" / "chezhe"
    before = fingerprint(source)
    (room / "views.py").write_text("anything")
    assert fingerprint(source) == before
    (room / "migrations" / "0002_more.py").write_text("two")
    assert fingerprint(source) != before
