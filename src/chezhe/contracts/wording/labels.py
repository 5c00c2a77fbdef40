"""Kinds, findings and fields in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chezhe.contracts.papers.fields import BLOCKS, FIELDS, FLAGS
from chezhe.contracts.wording.rules import Finding

KINDS = [
    ("loan_contract", gettext_lazy("借款合同")), ("mortgage_contract", gettext_lazy("抵押合同")),
    ("guarantee_contract", gettext_lazy("保证合同")), ("consent_letter", gettext_lazy("授权与同意书")),
    ("gps_notice", gettext_lazy("GPS 安装告知书")), ("address_confirmation", gettext_lazy("送达地址确认书")),
    ("insurance_undertaking", gettext_lazy("保险承诺书")),
]
_SENTENCES: dict[str, Any] = {
    "title_missing": gettext_lazy("没有标题。"), "articles_missing": gettext_lazy("没有条文。"),
    "field_unknown": gettext_lazy("%(where)s：没有“%(what)s”这个字段。"),
    "braces_unbalanced": gettext_lazy("%(where)s：花括号不成对，或不是字段。"),
    "clause_empty": gettext_lazy("%(where)s：条款没有内容，或不在条款库中。"),
    "clause_too_long": gettext_lazy("%(where)s：超过 %(what)s 字。"),
    "article_title_missing": gettext_lazy("第 %(where)s 条没有标题。"),
    "block_unknown": gettext_lazy("第 %(where)s 条：没有“%(what)s”这张表。"),
    "article_empty": gettext_lazy("第 %(where)s 条“%(what)s”没有内容。"),
    "flag_unknown": gettext_lazy("第 %(where)s 条：没有“%(what)s”这个条件。"),
    "field_absent": gettext_lazy("%(where)s：示例 %(what)s 没有这个字段，请给条款加上条件。"),
    "clause_twice": gettext_lazy("第 %(where)s 条：条款 %(what)s 出现两次。"),
    "obligatory_missing": gettext_lazy("缺少必备内容：“%(what)s”。"), "forbidden_words": gettext_lazy("出现不得约定的内容：“%(what)s”。"),
}


def sentence_of(finding: Finding) -> str:
    """What is wrong, for people."""
    return str(_SENTENCES[finding.code]) % {"where": finding.where, "what": finding.what}


def fields() -> list[tuple[str, str]]:
    """Every name with what it is called in the reader's language."""
    return [(name, _named(pair)) for name, pair in FIELDS.items()]


def conditions() -> list[tuple[str, str]]:
    """Every `when` that may be chosen: always, a flag, and its opposite."""
    found = [("", _("总是"))]
    for name, pair in FLAGS.items():
        found += [(name, _("当：%(flag)s") % {"flag": _named(pair)}), (f"not {name}", _("除非：%(flag)s") % {"flag": _named(pair)})]
    return found


def blocks() -> list[tuple[str, str]]:
    """Every table that may stand before the clauses of an article."""
    return [(name, _named(pair)) for name, pair in BLOCKS.items()]


def _named(pair: tuple[str, str]) -> str:
    return pair[1] if (get_language() or "").startswith("en") else pair[0]
