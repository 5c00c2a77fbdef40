"""View-models of the tables' pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chezhe.decisiontables import files
from chezhe.decisiontables.values import Column, Rule, Table
from chezhe.kernel import business_date, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.permission import Permission
from chezhe.policies import comparing, judging, labels, permissions, queries, vocabulary, wording
from chezhe.policies.judging import Judged
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.policies.rules import ANY
from chezhe.policies.states import DRAFT, PUBLISHED, SUBMITTED, VERSION
from chezhe.ui import formats, navigation
from chezhe.ui.parts import Happening, track_of
from chezhe.ui.status import Status

NEEDED: dict[str, Permission] = {
    "submit_version": permissions.EDIT_VERSION, "discard_version": permissions.EDIT_VERSION,
    "publish_version": permissions.PUBLISH_VERSION, "return_version": permissions.PUBLISH_VERSION,
    "cancel_version": permissions.PUBLISH_VERSION,
}


def trail(*steps: tuple[str, str]) -> list[tuple[Any, str]]:
    """Where the page stands."""
    return [(gettext_lazy("风控"), ""), (_("决策表"), reverse("policies:policies") if steps else ""), *steps]


@dataclass(frozen=True, slots=True)
class Shelved:
    """One table on the overview."""

    policy: Policy
    current: PolicyVersion | None
    scheduled: Sequence[PolicyVersion]
    waiting: Sequence[tuple[PolicyVersion, Status]]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What it asks and how it answers, in words."""
        if self.current is None:
            return []
        table = self.current.table
        return [
            (_("怎么判"), str(labels.HIT_POLICIES[table.hit_policy])),
            (_("大小"), _("%(rows)s 行，%(columns)s 项条件") % {"rows": len(table.rules), "columns": len(table.inputs)}),
            (pgettext("table", "结论"), _("、").join(labels.titles(self.policy, table.outputs).values())),
            (_("生效日期"), formats.day(self.current.effective_from)),
        ]


def shelf(on: date) -> list[Shelved]:
    """Every table with what decides on `on`, what is scheduled and what is being written."""
    current, coming, open_ = queries.all_current(on, with_tables=True), list(queries.scheduled(on)), _open_versions()
    return [
        Shelved(
            policy, current.get(policy.code), [one for one in coming if one.policy_id == policy.pk],
            [(one, labels.STANDINGS[one.status]) for one in open_ if one.policy_id == policy.pk],
        )
        for policy in Policy.objects.all()
    ]


def _open_versions() -> list[PolicyVersion]:
    return list(PolicyVersion.objects.filter(status__in=[DRAFT, SUBMITTED]).defer("content", "findings").order_by("-version"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row in words: only what it really asks about."""

    number: int
    conditions: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, str]]
    note: str
    faults: Sequence[str] = ()


def lines(policy: Policy, table: Table, findings: Iterable[Judged] = ()) -> list[Row]:
    """The rows in words, each with what lint says of it."""
    headings = labels.titles(policy, (*table.inputs, *table.outputs))

    def worded(columns: Sequence[Column], cells: Sequence[str]) -> list[tuple[str, str]]:
        return [(headings[column.name], labels.cell_words(column, cell)) for column, cell in zip(columns, cells, strict=True)]

    def asked(rule: Rule) -> list[tuple[str, str]]:
        kept = [place for place, cell in enumerate(rule.when) if cell.strip() not in ("", ANY)]
        return worded([table.inputs[place] for place in kept], [rule.when[place] for place in kept])

    said: dict[int, list[str]] = {}
    for finding in findings:
        said.setdefault(finding.row or 0, []).append(wording.sentence_of(finding))
    return [
        Row(number, asked(rule), worded(table.outputs, rule.then), rule.note, said.get(number, []))
        for number, rule in enumerate(table.rules, 1)
    ]


def standing_of(version: PolicyVersion) -> Status:
    """Where the version stands today."""
    return labels.STANDINGS[queries.standings_on(business_date.current())(version)]


def version_page(version: PolicyVersion, on: date) -> dict[str, Any]:
    """Everything the page of a version shows."""
    findings = judging.judge(version.policy, version.table) if version.status == DRAFT else judging.from_json(version.findings)
    newest = queries.newest_published(version.policy)
    return {
        "version": version, "standing": standing_of(version), "lines": lines(version.policy, version.table, findings),
        "findings": [wording.told(version.policy, version.table, one) for one in findings],
        "hit_policy": labels.HIT_POLICIES[version.table.hit_policy],
        "comparison": comparing.compare(version.base, version) if version.base else None,
        "newest": newest if version.status in (DRAFT, SUBMITTED) and newest is not None and newest.pk != version.base_id else None,
        "later": [one for one in queries.scheduled(on) if one.policy_id == version.policy_id and one.pk != version.pk],
        "track": _track(version),
        "approval_url": navigation.url_or_none("approvals:request", version.approval_number) or "" if version.approval_number else "",
    }


def _track(version: PolicyVersion) -> list[Happening]:
    return track_of(moves.history(version.subject), VERSION, begun=_("建立"))


def verbs(version: PolicyVersion, on: date, actor: Actor) -> dict[str, bool]:
    """What this person can do with the version now: the buttons."""
    found = {verb: actor.can(NEEDED[verb].code) for verb in VERSION.verbs(version.status)}
    standing = queries.standings_on(on)(version)
    found["cancel_version"] = found.get("cancel_version", False) and standing == "scheduled"
    found["restore"] = standing == "superseded" and actor.can(permissions.PUBLISH_VERSION.code) and _differs_from_current(version, on)
    found["edit"] = version.status == DRAFT and actor.can(permissions.EDIT_VERSION.code)
    found["draft"] = version.status == PUBLISHED and actor.can(permissions.EDIT_VERSION.code)
    return found


def _differs_from_current(version: PolicyVersion, on: date) -> bool:
    return queries.current(version.policy.code, on).content_hash != version.content_hash


# ---- the editor -----------------------------------------------------------------------------------------------


def grid(policy: Policy, table: Table, findings: Sequence[Judged]) -> dict[str, Any]:
    """What the grid in the browser begins with."""
    english = labels.english_titles(policy)
    content = files.to_json(table)
    for column in (*content["inputs"], *content["outputs"]):
        column.update({"title": column.get("title", ""), "unit": column.get("unit", ""), "values": column.get("values", []),
                       "english": english.get(column["name"], "")})
    return {
        "table": content, "offered": [one.as_json() for one in _offered(policy)],
        "findings": [wording.told(policy, table, one) for one in findings], "words": _grid_words(),
        "english": labels.reads_english(),
    }


def _offered(policy: Policy) -> list[Any]:
    """Every input a version may have: its own contract's, then what facts there are besides."""
    return sorted(policy.agreed.may_ask(vocabulary.offered()).values(), key=lambda one: one.name)


def hit_policies(policy: Policy, table: Table) -> list[tuple[str, str, bool]]:
    """(code, what it means, whether it is chosen) of each that the contract allows."""
    return [(code, f"{code} · {labels.HIT_POLICIES[code]}", code == table.hit_policy) for code in policy.agreed.hit_policies]


def whole_table(sentence: str) -> dict[str, Any]:
    """A finding that has no place."""
    return {"severity": judging.ERROR, "row": None, "column": "", "sentence": sentence, "example": ""}


def _grid_words() -> dict[str, str]:
    return {
        "label": _("决策表"), "row": pgettext("table", "行"), "note": _("说明"), "add": _("添加条件列…"), "remove": _("删去“{column}”列"),
        "faults": _("{n} 处错误，改好后才能提交"), "hints": _("没有错误，{n} 处提醒"), "clean": _("没有发现问题"),
        "unreachable": _("暂时无法核对，内容还在；保存时会再核对一次。"),
        **{f"unit_{unit}": str(label) for unit, label in labels.UNITS.items()},
        **{f"type_{kind}": str(label) for kind, label in labels.TYPES.items()},
        **{key: str(label) for key, label in labels.SEVERITIES.items()},
    }
