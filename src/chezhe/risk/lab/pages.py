"""What the pages of a backtest show, as values made from its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.kernel.actor import Actor
from chezhe.risk.deciding import labels, reasons
from chezhe.risk.deciding.values import OUTCOMES, TABLES, TIERS
from chezhe.risk.lab.errors import TROUBLES
from chezhe.risk.lab.figures import NO_TIER
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.lab.trying import MODEL
from chezhe.risk.screening.silence import heard
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Job
from chezhe.ui.status import Status

STATUSES: Final = {
    "queued": Status(pgettext_lazy("backtest", "排队中"), "neutral"), "running": Status(pgettext_lazy("backtest", "计算中"), "progress"),
    "done": Status(pgettext_lazy("backtest", "已完成"), "good"), "failed": Status(pgettext_lazy("backtest", "未完成"), "danger"),
    "cancelled": Status(pgettext_lazy("backtest", "已取消"), "neutral"),
}
_STATES: Final = {"queued": "waiting"}
CHAMPION, CHALLENGER = gettext_lazy("现行策略"), gettext_lazy("试用策略")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure of both sides, as text, and by how much it moves."""

    label: Any
    champion: str
    challenger: str
    change: str


def job_of(test: Backtest) -> Job:
    """How far it is, as a progress card."""
    return Job(
        title=_("回测"), state=_STATES.get(test.status, test.status), done=test.progress, total=100,
        stage=_("先按当时的资料整理申请，再由两套策略各判一遍"), message=str(TROUBLES.get(test.trouble, "")),
    )


def figure_rows(result: Mapping[str, Any]) -> list[FigureRow]:
    """Champion and challenger side by side."""
    one, other = result["champion"], result["challenger"]
    rates = [
        (gettext_lazy("批准率"), "approval_rate"), (gettext_lazy("自动批准率"), "auto_rate"), (gettext_lazy("拒绝率"), "decline_rate"),
        (gettext_lazy("自动批准中的不良率"), "bad_rate"),
    ]
    money = [
        (gettext_lazy("放款额"), "amount"), (gettext_lazy("利息"), "interest"), (gettext_lazy("资金成本"), "funding"),
        (gettext_lazy("预期损失"), "expected_loss"), (gettext_lazy("利润"), "profit"),
    ]
    return [
        *(FigureRow(label=label, champion=_rate(one[name]), challenger=_rate(other[name]), change=_points(one[name], other[name]))
          for label, name in rates),
        *(FigureRow(label=label, champion=formats.money(one[name]), challenger=formats.money(other[name]),
                    change=formats.money(other[name] - one[name])) for label, name in money),
    ]


def _rate(value: float | None) -> str:
    return formats.MISSING if value is None else formats.rate(Decimal(str(value)))


def _points(one: float | None, other: float | None) -> str:
    if one is None or other is None:
        return formats.MISSING
    return _("%(points)s 个百分点") % {"points": f"{(other - one) * 100:+.2f}"}


def charts(result: Mapping[str, Any]) -> list[Chart]:
    """Outcomes and tiers of both sides."""
    sides = ((CHAMPION, result["champion"]), (CHALLENGER, result["challenger"]))
    tiers = [*TIERS, NO_TIER]
    return [
        Chart(
            id="lab-outcomes", kind="bar", title=_("结论"), categories=[str(labels.OUTCOMES[outcome].label) for outcome in OUTCOMES],
            series=[Series(label, [side["outcomes"][outcome] for outcome in OUTCOMES]) for label, side in sides],
            category_label=_("结论"),
        ),
        Chart(
            id="lab-tiers", kind="bar", title=_("客户分层"), categories=[tier or _("无") for tier in tiers],
            series=[Series(label, [side["tiers"][tier] for tier in tiers]) for label, side in sides], category_label=_("层级"),
        ),
    ]


def move_rows(result: Mapping[str, Any]) -> list[tuple[Status, list[int]]]:
    """Of every outcome of the champion, how many the challenger would have decided which way."""
    counts = {(move["champion_outcome"], move["challenger_outcome"]): move["applications"] for move in result["moves"]}
    return [(labels.OUTCOMES[before], [counts.get((before, after), 0) for after in OUTCOMES]) for before in OUTCOMES]


def strategy_rows(test: Backtest) -> list[tuple[Any, str, str, bool]]:
    """(stage, what the champion has, what the challenger has, whether they differ)."""
    rows = []
    for name in TABLES:
        one, other = ((side[name] or {}) for side in (test.champion, test.challenger))
        rows.append((labels.STAGES[name], one.get("number", formats.MISSING), other.get("number", formats.MISSING), one != other))
    one, other = ((side[MODEL] or "")[:12] or formats.MISSING for side in (test.champion, test.challenger))
    return [*rows, (gettext_lazy("模型"), one, other, test.champion[MODEL] != test.challenger[MODEL])]


def reasons_of(codes: list[str], by: Actor) -> str:
    return "、".join(title for _code, title in reasons.titled(heard(codes, by))) or formats.MISSING


def decision_url(change: ChangedDecision) -> str:
    return reverse("risk:decision", args=[change.decision.number]) if change.decision is not None else ""
