"""The library of clauses, and the versions of every paper's words. What was published never changes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.contracts.wording import rules
from chezhe.contracts.wording.labels import KINDS
from chezhe.contracts.wording.rules import Article, Use, Wording
from chezhe.contracts.wording.states import DRAFT, SUBMITTED, TEMPLATE
from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC

TEMPLATE_KIND = "contracts.template"


class Clause(models.Model):
    """One sentence of the library, under a code that templates ask for."""

    code = Code(max_length=40, unique=True)
    name = Text(privacy=PUBLIC, max_length=60)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"clause:{self.code}"


class ClauseVersion(models.Model):
    """What a clause says. A new wording is a new version; templates name the one they mean."""

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    body = LongText(privacy=PUBLIC)
    note = Text(privacy=PUBLIC, max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["clause__code", "-version"]
        constraints = [models.UniqueConstraint(fields=["clause", "version"], name="clause_version_once")]

    def __str__(self) -> str:
        return f"{self.clause.code}/{self.version}"

    @property
    def subject(self) -> str:
        return self.clause.subject


class TemplateVersion(models.Model):
    """The words of one kind of paper. `content` is `rules.as_json`: clauses by code and version, each with the flag it needs."""

    kind = models.CharField(max_length=24, choices=KINDS)
    version = models.PositiveSmallIntegerField()
    number = Code(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=TEMPLATE.choices(), default=DRAFT)
    content = Json(privacy=PUBLIC)
    content_hash = Code(max_length=64)
    effective_from = models.DateField()
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    is_shipped = models.BooleanField(default=False)
    note = LongText(privacy=PUBLIC, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by_name = Text(privacy=C2, max_length=80)
    writer_ids = Json(privacy=C1, default=list)
    approval_number = Code(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by_name = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="template_version_once"),
            models.UniqueConstraint(fields=["kind"], name="template_one_submitted", condition=Q(status=SUBMITTED)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"

    @property
    def subject(self) -> str:
        return f"template:{self.number}"

    @cached_property
    def wording(self) -> Wording:
        """The template as a value, its clauses fetched from the library."""
        asked = [(one["clause"], one["version"]) for article in self.content["articles"] for one in article["clauses"]]
        codes = {code for code, _version in asked}
        bodies = {(row.clause.code, row.version): row.body
                  for row in ClauseVersion.objects.filter(clause__code__in=codes).select_related("clause")}
        return Wording(title=self.content["title"], before=self.content["before"], articles=tuple(
            Article(title=article["title"], block=article["block"], is_strong=article["is_strong"], clauses=tuple(
                Use(clause=one["clause"], version=one["version"], when=one["when"], body=bodies.get((one["clause"], one["version"]), ""))
                for one in article["clauses"]))
            for article in self.content["articles"]
        ))

    def write(self, wording: Wording) -> None:
        """Take over these words; the caller saves. Only a draft can be saved with others (a trigger sees to it)."""
        self.content: Any = rules.as_json(wording)
        self.content_hash = rules.content_hash(wording)
        self.__dict__["wording"] = wording
