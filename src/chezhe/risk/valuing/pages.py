"""View-models of valuations, reports and appraisers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chezhe.compliance import labels as parameter_labels
from chezhe.documents import catalogue
from chezhe.finmath.money import Money
from chezhe.risk.valuing import choices, queries, reporting
from chezhe.risk.valuing.bias import Bias
from chezhe.risk.valuing.models import AppraiserReport, Estimate, ReportPhoto, Valuing
from chezhe.risk.valuing.states import REPORT, VALUING
from chezhe.ui.charts import Chart, Series
from chezhe.ui.status import Status
from chezhe.vehicles import choices as vehicle_choices

VALUING_STATUSES = {
    "gathering": Status(VALUING.labels["gathering"], "progress"), "agreed": Status(VALUING.labels["agreed"], "good"),
    "rechecking": Status(VALUING.labels["rechecking"], "warning"), "referred": Status(VALUING.labels["referred"], "danger"),
    "overtaken": Status(VALUING.labels["overtaken"], "neutral"),
}
REPORT_STATUSES = {
    "draft": Status(REPORT.labels["draft"], "progress"), "submitted": Status(REPORT.labels["submitted"], "good"),
    "discarded": Status(REPORT.labels["discarded"], "neutral"), "set_aside": Status(REPORT.labels["set_aside"], "danger"),
}
SEGMENTS = {
    "conventional": gettext_lazy("传统动力非营运"), "nev": gettext_lazy("新能源非营运"), "commercial": gettext_lazy("营运车"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One source in the table: what it said, what became of it, and why."""

    estimate: Estimate
    weight: int
    deviation: Decimal | None
    verdict: Status
    detail: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing said of the car, by whom, and who says otherwise."""

    label: Any
    text: str
    source: Any
    tone: str
    others: str


def lines_of(valuing: Valuing) -> list[Line]:
    """Every source, those that count first."""
    voices = {voice["source"]: voice for voice in valuing.voices}
    found = [_line(row, voices.get(row.source)) for row in valuing.estimates.select_related("report")]
    return sorted(found, key=lambda line: (line.estimate.amount is None, not line.weight, line.estimate.pk))


def _line(row: Estimate, voice: dict[str, Any] | None) -> Line:
    if voice is None:
        return Line(row, 0, None, Status(_("没有报价"), "neutral"), str(dict(choices.FAILURES).get(row.failure, "")))
    deviation = Decimal(voice["deviation"])
    if voice["is_kept"]:
        return Line(row, voice["weight"], deviation, Status(_("采用"), "good"), _detail(row))
    return Line(row, voice["weight"], deviation, Status(_("不采用"), "danger"), _("与其他来源偏离过大"))


def _detail(row: Estimate) -> str:
    if row.source == "appraiser" and row.told is not None and row.told != row.amount:
        return _("报告 %(number)s 评 %(told)s 元，按过往偏差 %(bias)s%% 校正") % {
            "number": row.inputs["report"], "told": row.told.format(grouped=True), "bias": _percent(row.inputs["bias_rate"])}
    if row.source == "appraiser":
        return _("报告 %(number)s") % {"number": row.inputs["report"]}
    if row.source == "market":
        return _("%(count)s 笔可比成交") % {"count": row.inputs["deals"]}
    if row.source == "cost":
        return _("新车价 %(price)s 元，车龄 %(months)s 个月") % {
            "price": row.inputs["replacement_cost"], "months": row.inputs["age_months"]}
    return str(row.evidence.get("reference", "") or row.inputs.get("number", ""))


def _percent(rate: str) -> str:
    return f"{Decimal(rate) * 100:+.2f}"


def sources_chart(valuing: Valuing, lines: list[Line]) -> Chart:
    """What each source said, those set aside in another colour."""
    shown = [line for line in lines if line.estimate.amount is not None]
    return Chart(
        id=f"sources-{valuing.number}", kind="rows", title=_("各来源估值"), measure="money", category_label=_("评估来源"),
        categories=[line.estimate.source_label for line in shown], height=60 + 44 * max(len(shown), 1),
        series=[
            Series(pgettext("estimate", "采用"), [line.estimate.amount if _counts(line) else None for line in shown], tone="good"),
            Series(pgettext("estimate", "不采用"), [None if _counts(line) else line.estimate.amount for line in shown], tone="danger"),
        ],
    )


def _counts(line: Line) -> bool:
    return line.verdict.tone == "good"


def lending_chart(valuing: Valuing) -> Chart | None:
    """From the value to what is lent: the lower of the known values, then each part of the haircut."""
    if valuing.value is None or valuing.basis is None or valuing.lending_value is None:
        return None
    steps: list[tuple[Any, Money]] = [(_("综合价"), valuing.value)]
    if valuing.basis != valuing.value:
        label = _("取较低者：%(name)s") % {"name": dict(choices.BOUND_BY)[valuing.bound_by]}
        steps.append((label, valuing.basis - valuing.value))
    left = valuing.basis - valuing.lending_value
    parts = queries.parts_of(valuing)
    shares = left.split([int(rate * 10_000) for rate in parts.values()]) if parts else []
    steps += [(parameter_labels.label_of(code), -share) for code, share in zip(parts, shares, strict=True)]
    steps.append((_("放款价值"), valuing.lending_value))
    return Chart(
        id=f"lending-{valuing.number}", kind="waterfall", title=_("从综合价到放款价值"), measure="money", category_label=_("项目"),
        categories=[label for label, _amount in steps], series=[Series(pgettext("chart", "金额"), [amount for _label, amount in steps])],
    )


def path_chart(valuing: Valuing) -> Chart | None:
    """What the car will be worth over the years."""
    if not valuing.path:
        return None
    months = list(range(0, len(valuing.path), 3))
    return Chart(
        id=f"path-{valuing.number}", kind="area", title=_("残值走势"), measure="money", category_label=_("几个月后"), categories=months,
        series=[Series(_("预计残值"), [Money(valuing.path[month]) for month in months])],
    )


def selling_chart(valuing: Valuing) -> Chart | None:
    """How long it takes to sell at five prices."""
    by_price = valuing.selling.get("by_price", {})
    if not by_price:
        return None
    prices = sorted(by_price)
    return Chart(
        id=f"selling-{valuing.number}", kind="bar", title=_("预计变现天数"), measure="count", unit=_("天"),
        category_label=_("要价占市场价"),
        categories=[f"{Decimal(price):.0%}" for price in prices],
        series=[
            Series(_("一成已售出"), [by_price[price][1] for price in prices], tone="good"),
            Series(_("半数已售出"), [by_price[price][0] for price in prices], tone="info"),
            Series(_("九成已售出"), [by_price[price][2] for price in prices], tone="warning"),
        ],
    )


def points_of(valuing: Valuing) -> list[Point]:
    """What the register, the appraiser, the file and the papers say, contradictions named."""
    return [_point(one) for one in valuing.checked.get("points", ())]


def _point(one: dict[str, Any]) -> Point:
    bad = one["value"] is (one["point"] not in ("car_title_clear", "car_vin_match", "car_plate_match", "car_insured"))
    tone = "danger" if isinstance(one["value"], bool) and bad else "warning" if one["is_contradicted"] else "good"
    contrary = [word for word in one["others"] if word["value"] != one["value"]]
    others = "；".join(f"{choices.WITNESSES[word['source']]}：{said(one['point'], word['value'])}" for word in contrary)
    return Point(
        choices.POINTS[one["point"]], said(one["point"], one["value"]), choices.WITNESSES[one["source"]], tone, others)


def said(point: str, value: Any) -> str:
    """A point's value in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    words = {"car_usage": vehicle_choices.USAGE_NATURES, "car_energy": vehicle_choices.ENERGY_TYPES}.get(point)
    return str(dict(words).get(value, value)) if words else str(value)


def rollbacks_of(valuing: Valuing) -> list[str]:
    """Each turned-back odometer in a sentence."""
    return [
        _("%(before_on)s %(before_source)s 记 %(before)s 公里，%(after_on)s %(after_source)s 只有 %(after)s 公里") % {
            **one, "before": f"{one['before']:,}", "after": f"{one['after']:,}",
            "before_source": choices.WITNESSES.get(one["before_source"], one["before_source"]),
            "after_source": choices.WITNESSES.get(one["after_source"], one["after_source"]),
        }
        for one in valuing.checked.get("rollbacks", ())
    ]


# ---- reports --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shot:
    """A place of the checklist, with its photo once there is one and the other cars that showed the same picture."""

    code: str
    label: Any
    photo: ReportPhoto | None
    repeats: list[dict[str, str]]


def shots_of(report: AppraiserReport) -> list[Shot]:
    """The whole checklist, in the order in which one walks around the car."""
    there = {photo.category: photo for photo in report.photos.select_related("file")}
    return [
        Shot(code, catalogue.BY_CODE[code].label, there.get(code), [one for one in report.repeats if one["category"] == code])
        for code in choices.PHOTOS
    ]


def grades_of(report: AppraiserReport) -> list[tuple[Any, str]]:
    """Each part with its grade."""
    return [(label, report.grades.get(part, "")) for part, label in choices.PARTS.items()]


def findings_of(report: AppraiserReport) -> list[tuple[Any, str, str]]:
    """Each point with what was seen and its tone."""
    rows = []
    for point in reporting.SEEN:
        value = report.findings.get(point)
        good = point in ("car_vin_match", "car_plate_match")
        tone = "neutral" if value is None else "good" if value is good else "danger"
        rows.append((choices.POINTS[point], "—" if value is None else said(point, value), tone))
    return rows


def bias_chart(rows: list[tuple[str, Bias]]) -> Chart:
    """Each appraiser's bias with its bounds."""
    return Chart(
        id="appraisers-bias", kind="rows", title=_("评估师偏差"), measure="rate", category_label=_("评估师"),
        categories=[name for name, _bias in rows], height=70 + 60 * max(len(rows), 1),
        series=[
            Series(_("偏差"), [found.rate if found.count else None for _name, found in rows], tone="info"),
            Series(_("置信下限"), [found.low for _name, found in rows]),
            Series(_("置信上限"), [found.high for _name, found in rows]),
        ],
    )
