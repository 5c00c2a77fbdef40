"""What a customer still has to bring for an application: papers, answers, agreements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chezhe.compliance import labels
from chezhe.compliance import queries as compliance_queries
from chezhe.documents import catalogue
from chezhe.documents.models import StoredFile
from chezhe.origination import queries as application_queries
from chezhe.origination.models import Application
from chezhe.origination.revising import wanting

_CONSENTS = dict(labels.CONSENT_KINDS)


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to bring: a paper of a category, or an answer in words."""

    kind: str
    words: str
    code: str = ""
    wanted_id: int = 0
    is_brought: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent that is missing, with the text that the customer would agree to."""

    kind: str
    label: Any
    text: Any


@dataclass(frozen=True, slots=True)
class ToBring:
    """Everything that a customer can do about an application that is open for papers."""

    wants: list[Want] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    filed: list[StoredFile] = field(default_factory=list)

    @property
    def categories(self) -> set[str]:
        """The papers that may be filed here."""
        return {want.code for want in self.wants if want.kind == "document"}

    @property
    def is_complete(self) -> bool:
        return all(want.is_brought for want in self.wants) and not self.agreements


def to_bring(application: Application, on: date) -> ToBring:
    """What the reviewer wants back, the papers the product asks for, and the consents of the borrower."""
    if not application.is_editable:
        return ToBring()
    asked = [
        Want(item.wanted.kind, item.wanted.words, item.wanted.code, item.wanted.pk, item.is_brought, item.wanted.answer)
        for item in wanting.items(application)
    ] if application.status == "supplement" else []
    known = {want.code for want in asked if want.kind == "document"}
    papers = [
        Want("document", str(category.label), category.code)
        for category in application_queries.documents_missing(application) if category.code not in known
    ]
    return ToBring([*asked, *papers], _agreements(application, on), filed_of(application))


def filed_of(application: Application) -> list[StoredFile]:
    """The papers of the application that have been filed, newest first."""
    shown = StoredFile.objects.filter(subject=application.subject, removed_at__isnull=True, category__in=catalogue.BY_CODE)
    return list(shown.order_by("-id")[:40])


def _agreements(application: Application, on: date) -> list[Agreement]:
    """The borrower's own that are missing; of others their own are asked elsewhere."""
    (person, kinds), *_others = application_queries.consents_needed(application)
    standing = {one.kind: one for one in compliance_queries.consents_of(person.subject, on)}
    return [Agreement(kind, _CONSENTS[kind], standing[kind].text) for kind in kinds if not standing[kind].is_in_force]
