"""Nothing half written: the whole database and every kept file, row by row, before and after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

# A refusal is put on record, and a visit leaves its time: neither is business.
_BESIDE = {"django_session": "false", "staff_staffsession": "false", "staff_apitoken": "false", "kernel_auditentry": "t.outcome = 'done'"}


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fails with the names of the tables (and `files`, `half files`) that are not what they were before the block."""
    before = state()
    yield
    after = state()
    assert before == after, f"written: {sorted(name for name in after if after[name] != before[name])}"


def state() -> dict[str, str]:
    """A fingerprint of every row of every table, of the kept files, and of what uploads leave lying about."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed or model._meta.app_label == "procrastinate"})
    parts = [
        f"SELECT '{table}', count(*) || '/' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t WHERE {_BESIDE.get(table, 'true')}"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        found = dict(cursor.fetchall())
    return {**found, "files": _files(Path(settings.MEDIA_ROOT)), "half files": str(half_files())}


def _files(root: Path) -> str:
    return hashlib.sha256(repr([(str(path), path.stat().st_size) for path in sorted(root.rglob("*")) if path.is_file()]).encode()).hexdigest()


def half_files() -> list[str]:
    """Uploads that did not fit into memory and were not cleared away; the conftest gives them a folder of their own."""
    return sorted(path.name for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())
