"""A clause of the library gets words, new or other ones."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.wording import errors, rules
from chezhe.contracts.wording.labels import sentence_of
from chezhe.contracts.wording.models import Clause, ClauseVersion
from chezhe.kernel import clock, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid

_CODE = re.compile(r"[a-z][a-z0-9_]{2,38}")


@action(permissions.EDIT_TEMPLATE, label=_("撰写条款"))
def write_clause(*, code: str, name: str, body: str, note: str = "", by: Actor) -> ClauseVersion:
    """Keep the next version of a clause; published templates go on saying what they said, drafts may choose it.

    Raises FaultsLeft (422) for a field that does not exist or braces that do not match, Invalid (422) for a code, a name or words that
    are those it has.
    """
    if not _CODE.fullmatch(code):
        raise Invalid(field="code", code="clause_code_wrong", sentence=_("条款代码用小写字母、数字和下划线，3 至 39 个字符。"))
    if not name.strip() or len(name) > rules.CLAUSE_NAME_MAX:
        raise Invalid(field="name", code="clause_name_missing", sentence=_("请填写条款名称，最多 60 个字。"))
    faults = rules.lint_text(code, body)
    if faults:
        raise errors.FaultsLeft(count=len(faults), first=sentence_of(faults[0]))
    locks.hold(f"clause:{code}")
    clause, _made = Clause.objects.get_or_create(code=code, defaults={"name": name.strip()})
    last = clause.versions.order_by("-version").first()
    if last is not None and last.body == body:
        raise Invalid(field="body", code="clause_unchanged", sentence=_("条款内容没有变化。"))
    if clause.name != name.strip():
        clause.name = name.strip()
        clause.save(update_fields=["name"])
    return ClauseVersion.objects.create(
        clause=clause, version=last.version + 1 if last else 1, body=body, note=note.strip()[:rules.CLAUSE_NOTE_MAX],
        written_at=clock.now(),
        written_by_name=by.name,
    )
