"""Keeping a file: what other rooms call inside their own actions."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from chezhe.documents import catalogue, errors, kinds, vault
from chezhe.documents.catalogue import Category
from chezhe.documents.inspection import Inspected, inspect
from chezhe.documents.inspection.pdf import pages_of
from chezhe.documents.models import StoredFile
from chezhe.documents.reading import steps as reading_steps
from chezhe.kernel import appending, clock
from chezhe.kernel.actor import Actor


class Upload(Protocol):
    """What Django and the API hand over: only the name's ending and the chunks are looked at."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def store(upload: Upload | None, *, subject: str, category: str, branch_id: int | None, by: Actor) -> StoredFile:
    """Judge an upload by its content and keep it; the caller has opened the subject.

    Raises a FileRefused (413, 422), CategoryUnknown (422) or DocumentTwice (409); nothing is kept then.
    """
    kept = _category(category)
    if upload is None:
        raise errors.FileMissing()
    data = _read(upload)
    name = display_name(upload.name or "")
    inspected = inspect(data, name, kept.kinds)
    return _keep(inspected, data, name=name, subject=subject, category=kept, branch_id=branch_id, by=by)


def store_bytes(
    data: bytes, *, name: str, subject: str, category: str, branch_id: int | None, by: Actor
) -> StoredFile:
    """Keep bytes that came another way than by upload (a bank's file). They are judged like any upload."""
    kept = _category(category)
    inspected = inspect(data, name, kept.kinds)
    return _keep(inspected, data, name=display_name(name), subject=subject, category=kept, branch_id=branch_id, by=by)


def store_printed(pdf: bytes, *, name: str, subject: str, category: str, branch_id: int | None, by: Actor) -> StoredFile:
    """Keep a PDF of our own press. Nobody outside has touched it, so it is counted but not searched for what could act."""
    inspected = Inspected(kinds.PDF, pdf, pages=pages_of(pdf))
    return _keep(
        inspected, pdf, name=display_name(name), subject=subject, category=_category(category), branch_id=branch_id, by=by
    )


def put_on_record(files: Iterable[StoredFile]) -> None:
    """From now on these papers cannot be removed: something that was signed rests on them."""
    for file in files:
        file.is_of_record = True
        file.save(update_fields=["is_of_record"])


def display_name(name: str) -> str:
    """The client's file name, fit to be shown and for nothing else: no path, no invisible or reordering marks, 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    if len(visible) <= 120:
        return visible
    stem, dot, extension = visible.rpartition(".")
    return f"{stem[:100]}…{dot}{extension[:12]}" if dot else visible[:120]


def _category(code: str) -> Category:
    if code not in catalogue.BY_CODE:
        raise errors.CategoryUnknown(category=code[:40])
    return catalogue.BY_CODE[code]


def _read(upload: Upload) -> bytes:
    """The bytes, given up as soon as there are too many."""
    limit, held = settings.UPLOAD_BYTES_MAX, io.BytesIO()
    for chunk in upload.chunks():
        if held.tell() + len(chunk) > limit:
            raise errors.FileTooLarge(limit=limit // (1024 * 1024))
        held.write(chunk)
    return held.getvalue()


def _keep(
    inspected: Inspected, source: bytes, *, name: str, subject: str, category: Category, branch_id: int | None, by: Actor
) -> StoredFile:
    file = StoredFile(
        key=uuid4(), subject=subject, category=category.code, original_name=name, kind=inspected.kind.code,
        size=len(inspected.data), sha256=hashlib.sha256(inspected.data).hexdigest(),
        source_sha256=hashlib.sha256(source).hexdigest(), width=inspected.width, height=inspected.height,
        pages=inspected.pages, retention=category.retention, is_of_record=category.is_of_record, branch_id=branch_id,
        uploaded_by_id=by.user_id, uploaded_by_name=by.name, uploaded_at=clock.now(),
    )
    if not appending.append_once(file):
        raise _twin_of(file)
    # Written last: when the surrounding transaction still fails, `documents.sweep_vault` finds the bytes without a row.
    vault.put(file.key, inspected.data)
    reading_steps.ask(file)
    return file


def _twin_of(file: StoredFile) -> errors.DocumentTwice:
    """Who kept the same bytes for the same before: the only unique key that two papers can share."""
    twin = StoredFile.objects.filter(
        subject=file.subject, category=file.category, source_sha256=file.source_sha256, removed_at__isnull=True
    ).get()
    at = timezone.localtime(twin.uploaded_at).strftime("%Y-%m-%d %H:%M")
    return errors.DocumentTwice(at=at, name=twin.uploaded_by_name, category=twin.category_label)
