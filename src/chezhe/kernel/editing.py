"""Two people editing one row: whoever saves second is told who was first, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.fields import Text
from chezhe.kernel.privacy import C2


class StaleEdit(BusinessError):
    code = "stale_edit"
    http_status = 409
    sentence = _("%(name)s 已在 %(at)s 修改过这条记录。您的填写没有保存，请核对最新内容后再提交。")
    telling = _("%(name)s 已在 %(at)s 修改过：%(what)s。您的填写没有保存，请核对最新内容后再提交。")

    def __init__(self, *, what: list[str], **facts: Any) -> None:
        if what:
            self.sentence = self.telling
            facts["what"] = gettext("、").join(what)
        super().__init__(**facts)


class Versioned(models.Model):
    """A row that people edit in forms: `version` travels with the form and comes back.

    A row that keeps its corrections as `changes` (version, field) names their labels in `change_labels`.
    """

    change_labels: ClassVar[Mapping[str, Any]] = {}
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_name = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        abstract = True

    def require_version(self, version: int) -> None:
        """Raises StaleEdit (409) when the row, locked by the caller, is not the one the form was filled from."""
        if version != self.version:
            at = timezone.localtime(self.changed_at).strftime("%Y-%m-%d %H:%M:%S")
            what = [str(label) for label in self.changed_since(version)]
            raise StaleEdit(what=what, name=self.changed_by_name or _("另一位同事"), at=at, version=self.version)

    def changed_since(self, version: int) -> list[Any]:
        """The labels of what was changed after `version`, where a row keeps its changes; nothing where it does not."""
        if not self.change_labels:
            return []
        fields = self.changes.filter(version__gt=version).order_by("id").values_list("field", flat=True)  # type: ignore[attr-defined]
        return [self.change_labels.get(field, field) for field in dict.fromkeys(fields)]

    def touch(self, by: Actor) -> None:
        """Mark the row as changed now by `by`; the caller saves it."""
        self.version += 1
        self.stamp(by)

    def stamp(self, by: Actor) -> None:
        """Who and when, without a new version: for a new row."""
        self.changed_at, self.changed_by_name = clock.now(), by.name


def text_of(value: Any) -> str:
    """A value before or after a correction, as the history keeps it."""
    return "" if value is None else f"{value.fen} fen" if isinstance(value, Money) else str(value)


def change_of(change: Any) -> dict[str, Any]:
    """One correction of a history, for the API."""
    same = ("at", "who", "version", "before", "after")
    return {"label": str(change.label), **{name: getattr(change, name) for name in same}}
