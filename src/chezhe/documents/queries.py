"""Reading the papers of a subject."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from chezhe.documents import catalogue
from chezhe.documents.catalogue import Category
from chezhe.documents.models import StoredFile
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import NotFound


def of(subject: str) -> QuerySet[StoredFile]:
    """The living papers of `customer:C26-…`, newest first. For code that has already opened the subject."""
    return StoredFile.objects.filter(subject=subject, removed_at__isnull=True).order_by("-id")


def for_actor(subject: str, actor: Actor) -> QuerySet[StoredFile]:
    """`of`, after asking the subject's own room whether the actor may see it; raises NotFound (404)."""
    subjects.open_subject(subject, actor)
    return of(subject)


def twin_of(data: bytes, subject: str, category: str) -> StoredFile | None:
    """The living paper of a subject that was kept from exactly these bytes. For code that has opened the subject."""
    return of(subject).filter(category=category, source_sha256=hashlib.sha256(data).hexdigest()).first()


def fetch(document_number: str, actor: Actor) -> StoredFile:
    """One living paper by its key as text, through its subject; raises NotFound (404) for everything else."""
    found = StoredFile.objects.filter(key=_key(document_number), removed_at__isnull=True).first()
    if found is None:
        raise NotFound(what=document_number)
    try:
        subjects.open_subject(found.subject, actor)
    except NotFound:
        raise NotFound(what=document_number) from None
    return found


def _key(document_number: str) -> UUID:
    try:
        return UUID(document_number)
    except ValueError:
        raise NotFound(what=document_number[:40]) from None


def counts(subjects_held: Iterable[str]) -> dict[str, int]:
    """How many living papers each of these subjects has; those without any are left out. For code that has opened them."""
    rows = StoredFile.objects.filter(subject__in=list(subjects_held), removed_at__isnull=True).order_by()
    return dict(rows.values_list("subject").annotate(count=Count("pk")))


def held(subject: str) -> set[str]:
    """The codes of the categories of which at least one paper is there."""
    return {category for category, in _HELD.rows(subject)}


_HELD = Composed(lambda subject: of(subject).order_by().values_list("category").distinct(), "?")


def missing(subject: str, required: Iterable[str]) -> list[Category]:
    """Those of the required categories of which nothing is there, in the order given."""
    there = held(subject)
    return [catalogue.BY_CODE[code] for code in required if code not in there]


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the panel shows: papers by category, and what is still missing."""

    subject: str
    files: list[StoredFile]
    required: list[Category]
    missing: list[Category]
    choices: list[Category]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def chips(self) -> list[tuple[Category, bool]]:
        """(category, whether a paper of it is there) for every required one."""
        absent = {category.code for category in self.missing}
        return [(category, category.code not in absent) for category in self.required]


def checklist(subject: str, required: Iterable[str], actor: Actor) -> Checklist:
    """The papers of a subject against a list of required codes; unknown codes are ignored. Raises NotFound (404)."""
    files = list(for_actor(subject, actor))
    wanted = [catalogue.BY_CODE[code] for code in dict.fromkeys(required) if code in catalogue.BY_CODE]
    there = {file.category for file in files}
    absent = [category for category in wanted if category.code not in there]
    offered = [*absent, *(c for c in catalogue.choices_for(subject.partition(":")[0]) if c not in absent)]
    return Checklist(subject, files, wanted, absent, offered)


def shape(file: StoredFile) -> dict[str, Any]:
    """A paper as the API tells of it."""
    return {
        "id": str(file.key), "subject": file.subject, "category": file.category, "category_label": str(file.category_label),
        "kind": file.kind, "size": file.size, "sha256": file.sha256, "width": file.width, "height": file.height,
        "pages": file.pages, "retention": file.retention, "is_of_record": file.is_of_record,
        "uploaded_by": file.uploaded_by_name, "uploaded_at": file.uploaded_at,
    }
