"""Drift and the challenger as pictures, each with the table that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.kernel import parameters
from chezhe.risk.deciding.labels import OUTCOMES
from chezhe.risk.deciding.values import TIERS
from chezhe.risk.registry import purposes
from chezhe.risk.registry.models import ModelWatch
from chezhe.risk.registry.watching import PSI_MOVED, PSI_WATCH
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series

BUCKET: Final = 10
BUCKETS_MAX: Final = 6
INPUTS_SHOWN: Final = 20


def drift(watches: Sequence[ModelWatch], on: date) -> Chart:
    """The score's and the worst input's PSI, look by look, oldest first."""
    return Chart(
        id="model-drift", kind="line", title=_("申请人分布的变化（PSI）"), measure="index", category_label=_("监测日"),
        categories=[formats.day(one.on) for one in watches], **_lines(on),
        series=[
            Series(_("评分 PSI"), [one.psi for one in watches], tone="c1"),
            # Another colour than that of the line from which on it is watched.
            Series(_("变化最大的特征 CSI"), [_worst(one) for one in watches], tone="c4"),
        ],
    )


def _lines(on: date) -> dict[str, Any]:
    """From where on an index is watched, and from where on it has moved."""
    watch, moved = parameters.rate(PSI_WATCH, on), parameters.rate(PSI_MOVED, on)
    return {
        "warning": watch, "warning_label": _("关注 %(index)s") % {"index": formats.index(watch, 2)},
        "limit": moved, "limit_label": _("漂移 %(index)s") % {"index": formats.index(moved, 2)},
    }


def _worst(one: ModelWatch) -> Decimal | None:
    return Decimal(str(max(one.csi.values()))) if one.csi else None


def inputs(watch: ModelWatch, on: date) -> Chart:
    """The newest look input by input, the most moved first."""
    ranked = sorted(watch.csi.items(), key=lambda told: -told[1])[:INPUTS_SHOWN]
    return Chart(
        id="model-inputs", kind="rows", title=_("各特征的变化（CSI）"), measure="index", category_label=_("特征"),
        categories=[purposes.input_title(name) for name, _value in ranked], **_lines(on),
        series=[Series(_("CSI"), [Decimal(str(value)) for _name, value in ranked])], height=max(160, 26 * len(ranked) + 60),
    )


def prices(watches: Sequence[ModelWatch]) -> Chart:
    """The mean error of a price model on recorded deals, and how many of them lay outside its interval, look by look."""
    judged = [one for one in watches if one.mape is not None and one.coverage is not None]
    return Chart(
        id="model-prices", kind="line", title=_("市场成交与估值"), measure="rate", category_label=_("监测日"),
        categories=[formats.day(one.on) for one in judged],
        series=[
            Series(_("平均误差 MAPE"), [one.mape for one in judged], tone="info"),
            Series(_("成交在区间之外"), [1 - (one.coverage or Decimal(0)) for one in judged], tone="danger"),
        ],
    )


def outcomes(watches: Sequence[ModelWatch]) -> Chart:
    """Observed against expected bad rate, look by look."""
    judged = [one for one in watches if one.outcome_rows and one.expected_bads is not None]
    return Chart(
        id="model-outcomes", kind="line", title=_("已满表现期贷款的不良率"), measure="rate", category_label=_("监测日"),
        categories=[formats.day(one.on) for one in judged],
        series=[
            Series(_("实际"), [Decimal(one.bads) / one.outcome_rows for one in judged], tone="danger"),
            Series(_("模型预期"), [(one.expected_bads or Decimal(0)) / one.outcome_rows for one in judged], tone="info"),
        ],
    )


def agreement(counts: dict[tuple[str, str], int]) -> Chart:
    """How often the challenger comes to the same answer."""
    named = {code: str(status.label) for code, status in OUTCOMES.items()}
    return _square("model-agreement", _("结论对照（行：现行，列：影子）"), named, counts)


def tiers(counts: dict[tuple[str, str], int]) -> Chart:
    """Which borrowers would change their tier."""
    known = [tier for tier in (*TIERS, "") if tier or any(tier in pair for pair in counts)]
    named = {tier: tier or pgettext("tier", "未定") for tier in known}
    return _square("model-tiers", _("层级对照（行：现行，列：影子）"), named, counts)


def _square(key: str, title: str, named: dict[str, str], counts: dict[tuple[str, str], int]) -> Chart:
    codes = list(named)
    return Chart(
        id=key, kind="heatmap", title=title, category_label=_("现行模型 ＼ 影子模型"), height=60 + 48 * max(3, len(codes)),
        categories=[named[code] for code in codes],
        series=[Series(named[live], [counts.get((live, said), 0) for said in codes]) for live in codes],
    )


def differences(pairs: Iterable[tuple[int, int]]) -> Chart:
    """How many points the challenger gives more or less, in steps of ten; the ends hold everything beyond."""
    places = Counter(max(-BUCKETS_MAX, min(BUCKETS_MAX, round((said - live) / BUCKET))) for live, said in pairs)
    span = range(-BUCKETS_MAX, BUCKETS_MAX + 1) if places else range(0)
    return Chart(
        id="model-differences", kind="bar", title=_("评分差（影子减现行）"), category_label=_("分差"),
        categories=[_bucket(place) for place in span], series=[Series(pgettext("count", "申请"), [places.get(place, 0) for place in span])],
    )


# By the figure that models answer with: how wide a step of the chart is, and how it is written.
_STEPS: Final = {"points": (10.0, "{:+.0f}"), "rate": (0.01, "{:+.0%}"), "price": (0.02, "{:+.0%}")}


def beside(figure: str, pairs: Iterable[tuple[Decimal, Decimal]]) -> Chart:
    """How much more or less a challenger answers: in points, in probability, or as a share of the price; the ends hold all beyond."""
    step, shape = _STEPS[figure]
    gaps = [float((said - live) / live if figure == "price" else said - live) for live, said in pairs]
    places = Counter(max(-BUCKETS_MAX, min(BUCKETS_MAX, round(gap / step))) for gap in gaps)
    span = range(-BUCKETS_MAX, BUCKETS_MAX + 1) if places else range(0)
    ends = {-BUCKETS_MAX: "≤ ", BUCKETS_MAX: "≥ "}
    return Chart(
        id="model-beside", kind="bar", title=_("影子减现行"), category_label=_("相差"),
        categories=[ends.get(place, "") + shape.format(place * step) if place else "0" for place in span],
        series=[Series(pgettext("count", "次数"), [places.get(place, 0) for place in span])],
    )


def _bucket(place: int) -> str:
    if abs(place) == BUCKETS_MAX:
        return f"{'≤' if place < 0 else '≥'} {place * BUCKET:+d}"
    return f"{place * BUCKET:+d}" if place else "0"
