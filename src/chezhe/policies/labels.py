"""What the words of a table are called on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables.values import Column
from chezhe.kernel import roles
from chezhe.policies import vocabulary
from chezhe.policies.models import Policy
from chezhe.policies.states import CANCELLED, DISCARDED, DRAFT, SUBMITTED, VERSION
from chezhe.ui import formats
from chezhe.ui.status import Status

STANDINGS = {
    DRAFT: Status(VERSION.labels[DRAFT], "neutral", "pencil"), SUBMITTED: Status(VERSION.labels[SUBMITTED], "progress"),
    "scheduled": Status(pgettext_lazy("table", "待生效"), "info", "calendar"),
    "in_force": Status(pgettext_lazy("table", "生效中"), "good"),
    "superseded": Status(pgettext_lazy("table", "已被替代"), "neutral", "archive"),
    CANCELLED: Status(VERSION.labels[CANCELLED], "warning", "ban"), DISCARDED: Status(VERSION.labels[DISCARDED], "neutral", "trash"),
}
HIT_POLICIES = {
    "FIRST": _("自上而下，第一条命中的行为准"), "UNIQUE": _("只能有一行命中"), "ANY": _("命中的行结论须一致"),
    "PRIORITY": _("命中的行里取结论优先级最高的"),
    "COLLECT": _("每一条命中的行都算数"), "RULE_ORDER": _("每一条命中的行都算数，按行的顺序"),
    "COLLECT_SUM": _("命中的行相加"), "COLLECT_MIN": _("命中的行取最小"), "COLLECT_MAX": _("命中的行取最大"),
    "COLLECT_COUNT": _("数命中的行"),
}
TYPES = {
    "number": pgettext_lazy("type", "数值"), "integer": pgettext_lazy("type", "整数"), "text": _("文字"), "boolean": _("是或否"),
    "date": _("日期"), "datetime": _("时间"),
}
VALUES = {
    "true": _("是"), "false": _("否"), "null": _("缺失"), "person": _("个人"), "sole_trader": _("个体工商户"), "company": _("企业"),
    "purchase": _("购车"), "consumption": _("个人消费"), "business": _("个体经营"), "working_capital": _("企业流动资金"),
    "non_commercial": _("非营运"), "freight": _("货运"), "taxi": _("出租客运"), "ride_hail": _("预约出租客运"), "rental": _("租赁"),
    "commercial_to_private": _("营转非"), "other_commercial": _("其他营运"),
    "active": pgettext_lazy("table", "正常"), "suspended": pgettext_lazy("table", "暂停"), "exited": pgettext_lazy("table", "终止"),
    "revoked": pgettext_lazy("company", "吊销"), "cancelled": pgettext_lazy("company", "注销"), "moved_out": _("迁出"),
    "decline": pgettext_lazy("table", "不贷"), "refer": pgettext_lazy("table", "转人工"),
    "committee": pgettext_lazy("table", "审贷会"), "double_review": _("两道人工"), "review": _("一道人工"), "auto_approve": _("自动通过"),
    "none": pgettext_lazy("table", "无"), "panel": _("审贷会集体表决"),
    **{role: roles.LABELS[role] for role in (roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER)},
}
FEN, FRACTION = "fen", "fraction"
# As the catalogue of facts names them.
UNITS = {
    FEN: pgettext_lazy("unit", "分"), FRACTION: pgettext_lazy("unit", "比例"), "years": pgettext_lazy("unit", "岁"),
    "months": pgettext_lazy("unit", "个月"), "days": pgettext_lazy("unit", "天"), "hours": pgettext_lazy("unit", "小时"),
    "km": pgettext_lazy("unit", "公里"), "points": pgettext_lazy("unit", "分数"), "count": pgettext_lazy("unit", "个数"),
}
SEVERITIES = {"error": _("错误"), "warning": _("提醒"), "info": pgettext_lazy("lint", "说明")}
_NEGATED = re.compile(r"\s*not\s*\((.*)\)\s*")
_QUOTED = re.compile(r'"([^"]*)"')
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.%])|(?<=\.\.)\d+(?![\w.%])")


def reads_english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def titles(policy: Policy, columns: Iterable[Column]) -> Mapping[str, str]:
    """The headings of these columns in the reader's language, by name."""
    english = english_titles(policy) if reads_english() else {}
    return {column.name: english.get(column.name) or column.title or column.name for column in columns}


def english_titles(policy: Policy) -> Mapping[str, str]:
    """The English heading of every column a version may have."""
    return {one.name: one.english for one in (*vocabulary.offered(), *policy.agreed.inputs, *policy.agreed.outputs)}


def cell_words(column: Column, cell: str) -> str:
    """A cell as it is read aloud: our words instead of codes, yuan instead of fen. `["person"]` → `个人`, `> 100000` → `> ¥1,000.00`."""
    words = _QUOTED.sub(lambda found: value_word(found[1]), cell)
    if column.type == "boolean":
        words = re.sub(r"true|false|null", lambda found: value_word(found[0]), words)
    if column.unit == FEN:
        words = _NUMBER.sub(lambda found: formats.money(int(Decimal(found[0]))), words)
    negated = _NEGATED.fullmatch(words)
    return gettext("除 %(what)s 之外") % {"what": negated[1]} if negated else words


def value_word(value: str) -> str:
    """What a code is called; itself when it has no other name."""
    return str(VALUES.get(value, value))


def answer_words(column: Column, value: object) -> str:
    """An answer of a table for people; `—` when it gave none."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return value_word("true" if value else "false")
    if column.unit == FEN and isinstance(value, int):
        return formats.money(value)
    if isinstance(value, Decimal):
        return formats.rate(value) if column.unit == FRACTION else f"{value.normalize():f}"
    return value_word(str(value))
