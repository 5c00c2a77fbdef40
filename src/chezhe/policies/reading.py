"""Tables out of files and out of the editor, and into files."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables import files, sheets
from chezhe.decisiontables.values import Table, TableError
from chezhe.documents.inspection.sheets import require_plain_workbook
from chezhe.kernel.errors import BusinessError
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.policies.wording import table_error_sentence

FILE_MAX = 2 * 1024 * 1024


class TableUnreadable(BusinessError):
    """What was sent is no decision table; the sentence says where it stops being one."""

    code = "table_unreadable"
    http_status = 422
    sentence = _("不是可读的决策表：%(problem)s")

    def __init__(self, field: str, problem: TableError | str) -> None:
        self.field = field
        super().__init__(problem=table_error_sentence(problem) if isinstance(problem, TableError) else problem)


class TableFileTooLarge(BusinessError):
    code = "table_file_too_large"
    http_status = 422
    field = "file"
    sentence = _("文件超过 2 MB，不会是决策表；请删去多余的工作表与格式后再导入。")


class OtherTable(BusinessError):
    code = "other_table"
    http_status = 422
    sentence = _("这是“%(given)s”的表，不是“%(wanted)s”的；请核对后再导入。")

    def __init__(self, field: str, **facts: str) -> None:
        self.field = field
        super().__init__(**facts)


def table_in_file(content: bytes, policy: Policy) -> Table:
    """The table in a workbook or a JSON file. Raises a FileRefused for an unsafe workbook, TableUnreadable, OtherTable (422)."""
    if len(content) > FILE_MAX:
        raise TableFileTooLarge()
    if content[:2] != b"PK":
        return table_in_text(content.decode("utf-8-sig", errors="replace"), policy, field="file")
    require_plain_workbook(content)
    try:
        return _of_policy(sheets.read_xlsx(content), policy, "file")
    except TableError as problem:
        raise TableUnreadable("file", problem) from None


def table_in_text(text: str, policy: Policy, *, field: str = "content") -> Table:
    """The table in JSON. Raises TableUnreadable, OtherTable (422)."""
    if len(text) > FILE_MAX:
        raise TableFileTooLarge()
    try:
        given = json.loads(text, object_pairs_hook=_once)
    except _Twice as twice:
        raise TableUnreadable(field, _("“%(key)s”写了两次。") % {"key": str(twice)[:40]}) from None
    except (ValueError, RecursionError):
        raise TableUnreadable(field, str(_("既不是 Excel 工作簿，也不是 JSON。"))) from None
    return table_in_json(given, policy, field=field)


class _Twice(ValueError):
    """A key that stands twice in one object: which of the two would count?"""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def table_in_json(given: Any, policy: Policy, *, field: str = "table") -> Table:
    """The table in a JSON value. Raises TableUnreadable, OtherTable (422)."""
    try:
        return _of_policy(files.from_json(given), policy, field)
    except TableError as problem:
        raise TableUnreadable(field, problem) from None


def _of_policy(table: Table, policy: Policy, field: str) -> Table:
    if table.name != policy.code:
        raise OtherTable(field, given=table.name[:60], wanted=policy.code)
    return table


def as_workbook(version: PolicyVersion) -> bytes:
    """The table as XLSX, to be changed in a spreadsheet and read again."""
    return sheets.write_xlsx(version.table)


def as_text(version: PolicyVersion) -> bytes:
    """The table as JSON, for review in a pull request."""
    return (json.dumps(version.content, ensure_ascii=False, indent=1) + "\n").encode()
