"""What the pages of a decision show, as values made from its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from chezhe.kernel.actor import Actor
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import arms, changing, conditions, labels, reasons, record, replaying, several
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import SCORE, Arm, Value
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.consents import Agreed
from chezhe.risk.facts.definitions import SOURCES
from chezhe.risk.screening.silence import heard
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.navigation import url_or_none
from chezhe.ui.status import Status

UNKNOWN_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One input as people read it; `consent` is what it was asked for on, `mark` says why it could not be used."""

    code: str
    title: str
    value: str
    source: str
    known_at: datetime | None
    age: str
    mark: str
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One stage: the version of the table with its page, and the rows that held with their notes."""

    title: str
    status: Status
    policy: str
    url: str
    hits: Sequence[tuple[int, str]]
    unknown: Sequence[str]
    reasons: Sequence[tuple[str, str]]
    trouble: str
    said: Sequence[tuple[str, str]]


def title_of(code: str) -> str:
    """What people call a fact."""
    if code == "score":
        return _("评分")
    return str(CATALOGUE[code].title) if code in CATALOGUE else code


def shown(code: str, value: Value | None) -> str:
    """A value as a page shows it."""
    if value is None:
        return formats.MISSING
    definition = CATALOGUE.get(code)
    kind = definition.type if definition else ""
    if kind == "money" and isinstance(value, int):
        return formats.money(value)
    if kind == "rate" and isinstance(value, Decimal):
        return formats.rate(value)
    if isinstance(value, bool):
        return str(labels.yes_no(value))
    return str(value)


def fact_rows(told: Mapping[str, Any], agreed: Mapping[str, Agreed]) -> list[FactRow]:
    """The inputs of a record, those that were wanting first; `agreed` by code as `consents.of` has it."""
    at = datetime.fromisoformat(told["decided_at"])
    given = record.facts_of(told)
    wanting = [code for code in told["verdict"]["unknown"] if code not in given]
    ordered = sorted(given.items(), key=lambda pair: (not pair[1].fault, pair[1].source, pair[0]))
    rows = [_row(code, one, at, agreed.get(code)) for code, one in ordered]
    missing = [
        FactRow(code=code, title=title_of(code), value=formats.MISSING, source="", known_at=None, age="", mark=_("缺少"))
        for code in wanting
    ]
    of_cars = [
        replace(_row(code, one, at, None), title=f"{number} {title_of(code)}")
        for number, told_of_it in sorted(record.cars_of(told).items()) for code, one in sorted(told_of_it.items())
    ]
    return [*missing, *rows, *of_cars]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarRow:
    """A further car: what it counts for, its share of all that stands behind the loan, and what speaks against it."""

    number: str
    url: str
    status: Status | None
    counts: str
    share: Decimal | None
    reasons: Sequence[tuple[str, str]]
    unknown: Sequence[str]


def car_rows(told: Mapping[str, Any]) -> list[CarRow]:
    """Every further car of a record, by its number, and what else stands behind the loan; empty for a loan on one car."""
    numbers = sorted(told.get("cars", {}))
    if not numbers:
        return []
    given = record.facts_of(told).get("coverage_value")
    value = given.value if given is not None and isinstance(given.value, int) else None
    rows = [_car(number, told, value) for number in numbers]
    return [*rows, _rest(value, sum(_counted(number, told) or 0 for number in numbers))]


def _rest(value: int | None, counted: int) -> CarRow:
    rest = None if value is None else value - counted
    return CarRow(
        number=_("主抵押车辆与其他担保"), url="", status=None, counts=formats.MISSING if rest is None else formats.money(rest),
        share=Decimal(rest) / value if rest is not None and value else None, reasons=(), unknown=(),
    )


def _said_of(number: str, told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [stage for stage in told["verdict"]["stages"] if several.car_of(stage) == number]


def _counted(number: str, told: Mapping[str, Any]) -> int | None:
    """What a further car counted for, in fen."""
    return next((int(text) for stage in _said_of(number, told) for name, text in stage["outputs"] if name == several.COUNTS), None)


def _car(number: str, told: Mapping[str, Any], value: int | None) -> CarRow:
    said, counts = _said_of(number, told), _counted(number, told)
    worst = next((word for word in ("declined", "referred") if any(stage["verdict"] == word for stage in said)), "clear")
    return CarRow(
        number=number, url=url_or_none("vehicles:vehicle", number) or "", status=labels.VERDICTS[worst],
        counts=formats.money(counts) if counts is not None else formats.MISSING,
        share=Decimal(counts) / value if counts is not None and value else None,
        reasons=reasons.titled(list(dict.fromkeys(code for stage in said for code in stage["reasons"]))),
        unknown=[title_of(code) for stage in said for code in stage["unknown"]],
    )


def _row(code: str, one: Any, at: datetime, agreed: Agreed | None) -> FactRow:
    known_at = datetime.fromisoformat(one.known_at)
    value = one.value if not one.fault else (None if one.raw is None else _raw(one))
    return FactRow(
        code=code, title=title_of(code), value=shown(code, value), source=str(SOURCES.get(one.source, one.source)), known_at=known_at,
        age=_("%(days)s 天") % {"days": max(0, (at - known_at).days)}, mark=labels.fault(one.fault) if one.fault else "",
        consent=agreed.words if agreed else "",
    )


def _raw(one: Any) -> Value | None:
    try:
        return record.typed(one.type, one.raw)
    except (ValueError, ArithmeticError, TypeError):
        return None


def stage_rows(told: Mapping[str, Any], *, sees_trials: bool = True) -> list[StageRow]:
    """Every stage in its order; a table that is only tried names its trial to those who see trials."""
    stages = told["verdict"]["stages"]
    versions = _versions(stage["content_hash"] for stage in stages if stage["version"])
    trial = record.arm_of(told)
    return [_stage(stage, versions.get(stage["content_hash"]), trial, sees_trials) for stage in stages]


def stage_title(stage: Mapping[str, Any]) -> str:
    """What people call a stage; one of a further car with its number."""
    return " ".join(filter(None, (str(labels.STAGES[stage["name"]]), several.car_of(stage))))


def said_words(name: str, value: str) -> tuple[str, str]:
    """(heading, value) of what a stage said, as people read it; a heading of somebody's own table as it stands there."""
    label = labels.SAID.get(name)
    if label is None:
        return name, value
    if name.endswith("_fen") or name == "amount_max":
        return str(label), formats.money(int(Decimal(value)))
    if name.endswith(("_rate", "_step")) or name in ("ltv_max", "dti_max"):
        return str(label), formats.rate(Decimal(value))
    return str(label), str(labels.yes_no(value == "true")) if value in ("true", "false") else value


def _versions(hashes: Iterable[str]) -> dict[str, PolicyVersion]:
    rows = PolicyVersion.objects.filter(content_hash__in=list(hashes)).select_related("policy").order_by("-id")
    return {row.content_hash: row for row in rows}


def _stage(stage: Mapping[str, Any], version: PolicyVersion | None, trial: Arm | None, sees_trials: bool) -> StageRow:
    # What a trial holds may stand nowhere else: its draft was changed or given up.
    tried = arms.table_called(stage["content_hash"]) if version is None and stage["version"] and trial is not None else None
    rules = version.table.rules if version is not None else tried.table.rules if tried is not None else ()
    hits = [(row, rules[row - 1].note if row <= len(rules) else "") for row in stage["rows"]]
    name = f"{stage['policy']} v{stage['version']}" if stage["version"] else stage["policy"]
    url = url_or_none("policies:version", version.number) if version is not None else None
    if trial is not None and tried is not None and sees_trials:
        url = url_or_none("risk:live_trial", trial.number)
    # Before there was a registry, models had a name and no number.
    if stage["name"] == SCORE and stage["policy"].startswith("MD"):
        url = url_or_none("risk:model", stage["policy"])
    return StageRow(
        title=stage_title(stage), status=labels.VERDICTS[stage["verdict"]], policy=name,
        url=url or "", hits=hits,
        unknown=[title_of(code) for code in stage["unknown"]], reasons=reasons.titled(stage["reasons"]),
        trouble=labels.trouble(stage["trouble"]) if stage["trouble"] else "",
        said=[said_words(name, value) for name, value in stage["outputs"]],
    )


def waterfall(told: Mapping[str, Any], chart_id: str) -> Chart | None:
    """From the base of the card to the score, one step a fact; None where nothing was scored."""
    scoring = told["verdict"]["scoring"]
    if scoring is None:
        return None
    parts = sorted(scoring["parts"], key=lambda part: -abs(part["points"]))
    values = [round(scoring["base"]), *(round(part["points"]) for part in parts)]
    names = [_("基准分"), *(title_of(part["code"]) for part in parts), _("评分")]
    return Chart(
        id=chart_id, kind="waterfall", title=_("评分构成"), unit=_(" 分"), categories=names,
        series=[Series(_("分"), [*values, scoring["score"]])], category_label=_("因素"), height=320,
    )


def proposal_rows(found: Iterable[changing.Proposal]) -> list[tuple[str, Status]]:
    """(what to change, what the answer would be)."""
    return [(_proposal(one), labels.OUTCOMES[one.verdict.outcome]) for one in found]


def _proposal(one: changing.Proposal) -> str:
    if one.what == changing.AMOUNT:
        return _("金额减至 %(amount)s 元") % {"amount": formats.money(int(one.value))}
    if one.what == changing.PERIODS:
        return _("期限改为 %(months)s 个月") % {"months": one.value}
    if one.what == changing.INCOME:
        return _("增加共同借款人，核实月收入至少 %(amount)s 元") % {"amount": formats.money(int(one.value))}
    if one.what == changing.SECURITY:
        return _("增加保证金或认定额相当的担保 %(amount)s 元") % {"amount": formats.money(int(one.value))}
    return _("接受风险定价 %(rate)s") % {"rate": formats.rate(Decimal(one.value))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact or answer that an appeal was decided on anew."""

    title: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What is no longer the same between two records, answers first."""
    old, new = record.facts_of(before), record.facts_of(after)
    answers = [
        Difference(title=str(label), before=_answer(before, name), after=_answer(after, name))
        for name, label in (("outcome", _("结论")), ("tier", _("客户层级")), ("score", _("评分")), ("reasons", _("原因")))
        if _answer(before, name) != _answer(after, name)
    ]
    changed = [
        Difference(title=title_of(code), before=_told(code, old), after=_told(code, new))
        for code in sorted({*old, *new}) if _told(code, old) != _told(code, new)
    ]
    return answers + changed


def _told(code: str, given: Mapping[str, Any]) -> str:
    one = given.get(code)
    if one is None:
        return formats.MISSING
    return shown(code, one.value) if not one.fault else labels.fault(one.fault)


def _answer(told: Mapping[str, Any], name: str) -> str:
    verdict = told["verdict"]
    if name == "outcome":
        return str(labels.OUTCOMES[verdict["outcome"]].label)
    if name == "score":
        return str(verdict["scoring"]["score"]) if verdict["scoring"] else formats.MISSING
    if name == "reasons":
        return "、".join(title for _, title in reasons.titled(verdict["reasons"])) or formats.MISSING
    return str(verdict[name] or formats.MISSING)


def conditions_of(decision: Decision) -> list[str]:
    """What has to be done before money leaves; nothing of a record that was altered, which its page says."""
    try:
        return conditions.of(decision).words
    except (replaying.Altered, ValueError):
        return []


def summary(decision: Decision, by: Actor) -> dict[str, Any]:
    """What a panel says of a decision to somebody, from its plain columns."""
    return {
        "decision": decision, "status": labels.OUTCOMES[decision.outcome], "reasons": reasons.titled(heard(decision.reasons, by)),
        "unknown": [title_of(code) for code in heard(decision.unknown, by)[:UNKNOWN_MOST]],
    }
