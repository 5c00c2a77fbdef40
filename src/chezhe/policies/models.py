"""Decision tables and their versions. A version that has left the draft is what was decided by: it never changes again."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables import files, hashing
from chezhe.decisiontables.values import Table
from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.policies.rules import Contract
from chezhe.policies.states import VERSION

VERSION_KIND = "policies.version"


class Policy(models.Model):
    """One question the lender answers by a table, under a code that programs ask for: `knockout`.

    `contract` is `rules.Contract` as JSON: what a version must answer with and what it may ask about.
    """

    code = Code(max_length=24, unique=True)
    name = Text(privacy=PUBLIC, max_length=60)
    english = Text(privacy=PUBLIC, max_length=80)
    purpose = LongText(privacy=PUBLIC, blank=True)
    purpose_english = LongText(privacy=PUBLIC, blank=True)
    contract = Json(privacy=PUBLIC)
    place = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["place", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def subject(self) -> str:
        return f"policy:{self.code}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.english if _reads_english() else self.name

    @property
    def meaning(self) -> str:
        """What the table is for, in the reader's language."""
        return self.purpose_english if _reads_english() else self.purpose

    @cached_property
    def agreed(self) -> Contract:
        """The contract as a pure value."""
        return Contract.from_json(self.contract)


class PolicyVersion(models.Model):
    """A table as it was written, judged and agreed to. `content` is `decisiontables` JSON, `findings` what lint said of it
    (`judging.Judged.as_json`), `base` the version it was to replace, `restores` the earlier one whose
    table a rollback brought back."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    number = Code(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=VERSION.choices(), default="draft")
    content = Json(privacy=PUBLIC)
    content_hash = Code(max_length=64, db_index=True)
    findings = Json(privacy=PUBLIC, default=list)
    effective_from = models.DateField()
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    restores = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    is_shipped = models.BooleanField(default=False)
    note = LongText(privacy=PUBLIC, blank=True)
    drafted_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by_name = Text(privacy=C2, max_length=80)
    drafted_at = models.DateTimeField()
    writer_ids = Json(privacy=C1, default=list)
    published_by_name = Text(privacy=C2, max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    approval_number = Code(max_length=40, blank=True)

    class Meta:
        ordering = ["policy__place", "policy__code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], name="policy_one_submitted", condition=models.Q(status="submitted"),
                violation_error_message=_("此决策表已有一个待发布的版本"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.version}"

    @property
    def subject(self) -> str:
        return f"policy_version:{self.number}"

    @cached_property
    def table(self) -> Table:
        """The table as a pure value."""
        return files.from_json(self.content)

    def write(self, table: Table) -> None:
        """Take over this table; the caller saves. Only a draft can be saved with another one (a trigger sees to it)."""
        self.content: Any = files.to_json(table)
        self.content_hash = hashing.content_hash(table)
        self.__dict__.pop("table", None)


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")
