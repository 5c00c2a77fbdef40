"""Findings and unreadable tables as sentences that a risk manager can act on: those of `decisiontables` in the reader's language, and
those of the contract (`rules`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.decisiontables import sentences
from chezhe.decisiontables.values import Table, TableError
from chezhe.policies import labels
from chezhe.policies.judging import Judged
from chezhe.policies.models import Policy

CONTRACT = {
    "hit_policy_differs": gettext_lazy("判法是 %(given)s，而这张表的使用者只接受：%(expected)s。"),
    "input_unknown": gettext_lazy("没有“%(column)s”这项信息，谁也给不出它，含它的行会一直转人工；请从列表里选。"),
    "output_missing": gettext_lazy("缺少结论列“%(column)s”，使用者要靠它办事。"),
    "output_unknown": gettext_lazy("没有人读结论列“%(column)s”，请删去。"),
    "type_differs": gettext_lazy("列“%(column)s”的类型是 %(given)s，应为 %(expected)s。"),
    "values_differ": gettext_lazy("列“%(column)s”可用的值应为：%(expected)s。"),
    "otherwise_missing": gettext_lazy("最后一行须是兜底行（条件全部为“-”），没有想到的情形才有着落。"),
}
_TYPED = ("given", "expected")


def sentence_of(finding: Judged) -> str:
    """The finding in the reader's language."""
    return _sentence(finding.code, {"column": finding.column, **finding.facts})


def table_error_sentence(problem: TableError) -> str:
    """What cannot be read, and where."""
    said, place = _sentence(problem.code, problem.facts), problem.place
    if place.row and place.column:
        return _("第 %(row)s 行“%(column)s”：%(problem)s") % {"row": place.row, "column": place.column, "problem": said}
    return _("第 %(row)s 行：%(problem)s") % {"row": place.row, "problem": said} if place.row else said


def _sentence(code: str, facts: Mapping[str, object]) -> str:
    if code in CONTRACT:
        return str(CONTRACT[code]) % {name: _word(name, value) for name, value in facts.items()}
    return sentences.sentence(code, facts, english=labels.reads_english())


def _word(name: str, value: object) -> object:
    return labels.TYPES.get(str(value), value) if name in _TYPED else value


def reason_words(code: str) -> str:
    """Why a fact cannot be used."""
    return sentences.sentence(code, english=labels.reads_english())


def told(policy: Policy, table: Table, finding: Judged) -> dict[str, Any]:
    """The finding as the editor and the pages show it, with the case that shows it in words."""
    return {
        "severity": finding.severity, "row": finding.row, "column": finding.column, "sentence": sentence_of(finding),
        "label": str(labels.SEVERITIES.get(finding.severity, finding.severity)), "example": example_words(policy, table, finding.example),
    }


def example_words(policy: Policy, table: Table, example: Mapping[str, Any]) -> str:
    """`例如：评分 = 655，逾期次数 = 0`; empty without an example."""
    columns = {column.name: column for column in table.inputs}
    headings = labels.titles(policy, table.inputs)
    parts = [f"{headings[name]} = {labels.answer_words(columns[name], _value(columns[name].type, value))}"
             for name, value in example.items() if name in columns]
    return _("例如：%(facts)s") % {"facts": _("、").join(parts)} if parts else ""


def _value(kind: str, value: Any) -> Any:
    """A number kept as text is a number again."""
    if kind != "number" or not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value
