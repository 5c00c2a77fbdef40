"""What pages show of facts: values as people write them, where they are from, how old they are, and why others are unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chezhe.channels.states import DEALER
from chezhe.compliance.labels import CONSENT_KINDS
from chezhe.customers.choices import MARITAL_STATUSES
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.risk.facts import asking, consents, queries, rules, whom
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import BOOLEAN, DATE, KINDS, MONEY, OF, RATE, REASONS, SOURCES, TYPES, FactDefinition
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.facts.rules import Known, Told, Unknown
from chezhe.risk.facts.services import SERVICES
from chezhe.risk.screening.silence import heard
from chezhe.ui import formats
from chezhe.ui.status import Status
from chezhe.vehicles.choices import ENERGY_TYPES, USAGE_NATURES

UNITS: Final = {
    "months": gettext_lazy("个月"), "days": gettext_lazy("天"), "years": gettext_lazy("岁"), "points": gettext_lazy("分"),
    "km": gettext_lazy("公里"), "count": "", "fen": gettext_lazy("元"), "fraction": "", "": "",
}
WHY: Final = {
    rules.MISSING: Status(gettext_lazy("未取得"), "neutral"), rules.STALE: Status(gettext_lazy("已过期"), "warning"),
    rules.CONTRADICTED: Status(gettext_lazy("有矛盾"), "danger"), rules.WRONG: Status(gettext_lazy("无效"), "danger"),
}
ENQUIRY_STATUSES: Final = {
    "waiting": Status(gettext_lazy("等待回复"), "progress"), "answered": Status(gettext_lazy("已回复"), "good"),
    "refused": Status(gettext_lazy("被来源拒绝"), "warning"), "failed": Status(gettext_lazy("查询失败"), "danger"),
    "timed_out": Status(gettext_lazy("超时"), "danger"),
}
ERRORS: Final = {
    "unreachable": gettext_lazy("来源无法连接"), "timeout": gettext_lazy("来源在限定时间内没有回复"),
    "wrong_answer": gettext_lazy("回复内容有误，没有采用"), "consent_withdrawn": gettext_lazy("同意已撤回，没有发送"),
    "internal": gettext_lazy("回复无法处理，已通知管理员"), "NO_CONSENT": gettext_lazy("来源认为没有授权"),
}
EDUCATION: Final = {
    "primary": gettext_lazy("小学"), "junior": gettext_lazy("初中"), "senior": gettext_lazy("高中或中专"), "college": gettext_lazy("大专"),
    "bachelor": gettext_lazy("本科"), "master": gettext_lazy("硕士"), "doctor": gettext_lazy("博士"),
}
# Words of texts that facts may be, by code; what is not here is shown as it is.
WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "education": EDUCATION, "marital_status": dict(MARITAL_STATUSES), "car_usage": dict(USAGE_NATURES), "car_energy": dict(ENERGY_TYPES),
    "income_source": {
        "statement": gettext_lazy("银行流水"), "insured": gettext_lazy("社保"), "both": gettext_lazy("流水与社保"),
        "confirmed": gettext_lazy("人工确认"),
    },
    "fund_status": {"normal": gettext_lazy("正常缴存"), "sealed": gettext_lazy("封存"), "none": gettext_lazy("未开户")},
    "dealer_status": DEALER.labels, "borrower_kind": {**OF, "sole_trader": gettext_lazy("个体工商户")},
    **dict.fromkeys(("company_status", "trade_status"), {
        "active": gettext_lazy("存续"), "suspended": gettext_lazy("停业"), "revoked": gettext_lazy("吊销"),
        "cancelled": gettext_lazy("注销"), "moved_out": gettext_lazy("迁出"),
    }),
}
REPORTS: Final = ("bureau", "enterprise_bureau")
ENQUIRIES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One fact on a page: with a value, or with the reason why there is none and what each source told."""

    code: str
    title: Any
    text: str
    source: Any = ""
    known_at: datetime | None = None
    age: str = ""
    status: Status | None = None
    why: str = ""
    told: Sequence[tuple[str, Any, str]] = ()
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of a subject: those to look at first, the known ones, and those that nobody has told."""

    troubled: list[Line]
    known: list[Line]
    missing: list[Line]


def expected(subject: str, at: datetime, by: Actor) -> queries.Assembled:
    """What is known, or not and why, of every fact that this kind of subject can have, and of whatever else it was told; of what must not
    reach the customer nothing, unless they may know."""
    of = kind_of(subject)
    codes = [code for code, definition in CATALOGUE.items() if definition.of == of]
    return queries.assembled([subject], at, heard(dict.fromkeys([*codes, *queries.newest([subject], at)]), by))


def seen_of(subject: str, at: datetime, by: Actor) -> Seen:
    """Every fact of a subject that somebody may read, for its page."""
    found = expected(subject, at, by)
    troubled = [_unknown_line(one) for one in found.unknown.values() if one.why != rules.MISSING]
    missing = [_unknown_line(one) for one in found.unknown.values() if one.why == rules.MISSING]
    agreed = consents.named(one.consent for one in found.known.values())
    return Seen(troubled, [_known_line(code, one, agreed.get(one.consent)) for code, one in found.known.items()], missing)


def lines_of(seen: queries.Assembled, codes: Sequence[str]) -> list[Line]:
    """Chosen facts in the order of their codes: those with a value, and those that were told and are none."""
    known = {code: _known_line(code, one) for code, one in seen.known.items()}
    lost = {code: _unknown_line(one) for code, one in seen.unknown.items() if one.why != rules.MISSING}
    return [line for code in codes if (line := known.get(code) or lost.get(code)) is not None]


def kind_of(subject: str) -> str:
    """Which facts belong to a subject; a customer may be a person or a company."""
    kind = subject.partition(":")[0]
    return whom.of(subject).of if kind == "customer" else next((name for name, kinds in KINDS.items() if kinds[0] == kind), kind)


def text_of(definition: FactDefinition, value: Any) -> str:
    """A value as people write it, with its unit."""
    if value is None:
        return formats.MISSING
    if definition.type == MONEY:
        return formats.money(value)
    if definition.type == RATE:
        return formats.rate(value)
    if definition.type == BOOLEAN:
        return _("是") if value else _("否")
    if definition.type == DATE:
        return formats.day(value)
    if isinstance(value, int):
        return f"{formats.number(value)} {UNITS[definition.unit]}".strip()
    return str(WORDS.get(definition.code, {}).get(value, value))


def age_of(days: int) -> str:
    """`今天`, `3 天前`."""
    return ngettext("%(days)s 天前", "%(days)s 天前", days) % {"days": days} if days else _("今天")


def enquiries_of(subject: str) -> list[dict[str, Any]]:
    """The last questions about a subject, newest first, with the page of the report where there is one."""
    rows = Enquiry.objects.filter(subject=subject).order_by("-id").defer("answer")[:ENQUIRIES_SHOWN]
    return [
        {
            "row": row, "title": service_title(row.service), "status": ENQUIRY_STATUSES[row.status],
            "error": ERRORS.get(row.error, row.error),
            "url": reverse("risk:report", args=[row.number]) if row.service in REPORTS and row.answer_hash else "",
        }
        for row in rows
    ]


def failures_of(subject: str, at: datetime) -> list[tuple[Any, Any]]:
    """Sources whose last question came to nothing, with the reason."""
    found = queries.failures([subject], at)
    return [(service_title(code), ERRORS.get(row.error, row.error)) for code, row in found.items()]


def service_title(code: str) -> Any:
    """A source as people call it; one that is no longer offered keeps its code."""
    return SERVICES[code].title if code in SERVICES else code


def offered(wished: asking.Wished) -> list[dict[str, Any]]:
    """The choices of the form that asks: each source with what would become of it."""
    consents = dict(CONSENT_KINDS)
    rows = [(code, True, Status(_("可以查询"), "good"), "") for code in wished.asked]
    rows += [(code, True, Status(_("已有有效回复"), "info"), _("勾选“重新查询”才会再问一次")) for code in wished.reused]
    rows += [(code, False, ENQUIRY_STATUSES["waiting"], "") for code in wished.waiting]
    rows += [
        (code, False, Status(_("缺少同意"), "warning"), str(consents.get(kind, kind))) for code, kind in wished.without_consent.items()]
    rows += [
        (code, False, Status(_("缺少资料"), "warning"), _("、").join(str(LACKING.get(name, name)) for name in names))
        for code, names in wished.lacking.items()
    ]
    order = list(SERVICES)
    return [
        {"code": code, "title": service_title(code), "can": can, "status": status, "hint": hint,
         "tells": [CATALOGUE[name].title for name in SERVICES[code].codes]}
        for code, can, status, hint in sorted(rows, key=lambda row: order.index(row[0]))
    ]


LACKING: Final = {
    "name": gettext_lazy("姓名"), "id_number": gettext_lazy("身份证号"), "mobile": gettext_lazy("手机号"), "card": gettext_lazy("银行卡号"),
    "photo_sha256": gettext_lazy("面谈照片或身份证人像面"), "uscc": gettext_lazy("统一社会信用代码"), "vin": gettext_lazy("车架号"),
}


def catalogue_rows(text: str) -> list[dict[str, Any]]:
    """The catalogue as a table, narrowed by what was typed."""
    words = text.strip().lower()
    return [row for row in map(_catalogue_row, CATALOGUE.values()) if not words or words in row["haystack"]]


def _catalogue_row(definition: FactDefinition) -> dict[str, Any]:
    title, source, of = str(definition.title), str(SOURCES[definition.source]), str(OF[definition.of])
    return {
        "definition": definition, "type": TYPES[definition.type], "unit": UNITS[definition.unit], "source": source, "of": of,
        "owner": roles.LABELS[definition.owner], "range": _range(definition), "consent": dict(CONSENT_KINDS).get(definition.consent, ""),
        "haystack": " ".join((definition.code, title, source, of)).lower(),
    }


def _range(definition: FactDefinition) -> str:
    if definition.values:
        return " / ".join(text_of(definition, value) for value in definition.values)
    if definition.low is None or definition.high is None or definition.type == BOOLEAN:
        return ""
    return f"{text_of(definition, _as(definition, definition.low))} – {text_of(definition, _as(definition, definition.high))}"


def _as(definition: FactDefinition, bound: Any) -> Any:
    return bound if definition.type == RATE else int(bound)


def _known_line(code: str, one: Known, agreed: consents.Agreed | None = None) -> Line:
    definition = CATALOGUE[code]
    return Line(
        code, definition.title, text_of(definition, one.value), SOURCES[one.source], one.known_at, age_of(one.age_days),
        consent=agreed.words if agreed else "")


def _unknown_line(one: Unknown) -> Line:
    definition = CATALOGUE[one.code]
    newest = max((told.known_at for told in one.told), default=None)
    why = _("、").join(str(REASONS[reason]) for reason in one.reasons)
    told = [(each.source, SOURCES[each.source], _told_text(definition, each)) for each in one.told]
    return Line(
        one.code, definition.title, formats.MISSING, SOURCES[definition.source], newest, status=WHY[one.why], why=why, told=told)


def _told_text(definition: FactDefinition, told: Told) -> str:
    return str(REASONS[told.reason]) if told.reason else text_of(definition, told.value)
