"""Both arms side by side as people read them: each figure, by how much it differs, how surely, and what that means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _

from chezhe.risk.deciding import labels
from chezhe.risk.deciding.values import OUTCOMES, TIERS
from chezhe.risk.trials import measuring
from chezhe.risk.trials.figures import Side
from chezhe.risk.trials.labels import ARM_NAMES
from chezhe.risk.trials.measuring import Difference, Mean, Share
from chezhe.risk.trials.rules import ARMS, CHALLENGER, CHAMPION
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series

# A split so unlikely is a fault, not chance.
SPLIT_ALARM: Final = 0.001
# Whoever needed more would wait for years.
MORE_MAX: Final = 200_000
Sides = Mapping[str, Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure of both arms as text. `apart` is challenger minus champion; the last three are empty where nothing is compared."""

    code: str
    label: str
    champion: str
    challenger: str
    apart: str = ""
    interval: str = ""
    sentence: str = ""
    is_told_apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that is compared: what each arm has of it, how it reads, how a difference reads."""

    code: str
    label: str
    arms: tuple[Share, Share] | tuple[Mean, Mean]
    shown: Callable[[float], str]
    moved: Callable[[float], str]


def rows(sides: Sides, share: float) -> list[FigureRow]:
    """Every figure, in the order of a loan's life."""
    one, other = sides[CHAMPION], sides[CHALLENGER]
    counted = [
        FigureRow(
            code="applications", label=_("已决策的申请"), champion=formats.number(one.applications),
            challenger=formats.number(other.applications)),
        FigureRow(
            code="decisions", label=_("决策次数（含申诉与重新决策）"), champion=formats.number(one.decisions),
            challenger=formats.number(other.decisions)),
    ]
    paid = FigureRow(
        code="paid_amount", label=_("放款总额"), champion=formats.money(one.paid_fen), challenger=formats.money(other.paid_fen))
    known = FigureRow(
        code="known", label=_("已有结果的放款"), champion=formats.number(one.known), challenger=formats.number(other.known))
    *compared, bad = (_row(figure, other.applications, share) for figure in figures(one, other))
    return [*counted, *compared, paid, known, bad]


def _outcome(code: str, side: Side) -> int:
    return side.outcomes.get(code, 0)


def _tier_count(code: str, side: Side) -> int:
    return side.tiers.get(code, 0)


def _applications(side: Side) -> int:
    return side.applications


def _tier(code: str) -> str:
    return _("%(tier)s 层") % {"tier": code}


def figures(one: Side, other: Side) -> list[Figure]:
    """What is compared, the bad rate last."""
    def rate(code: str, label: str, count: Callable[[Side], int], of: Callable[[Side], int] = _applications) -> Figure:
        arms = (Share(count(one), of(one)), Share(count(other), of(other)))
        return Figure(code=code, label=label, arms=arms, shown=_percent, moved=_points)

    return [
        *(rate(f"outcome_{code}", str(labels.OUTCOMES[code].label), partial(_outcome, code)) for code in OUTCOMES),
        *(rate(f"tier_{code}", _tier(code), partial(_tier_count, code)) for code in TIERS),
        Figure(code="price", label=_("风险定价（平均）"), arms=(one.price, other.price), shown=_percent, moved=_points),
        Figure(code="amount_max", label=_("可批额度（平均）"), arms=(one.amount_max, other.amount_max), shown=_yuan, moved=_more_yuan),
        rate("paid_rate", _("放款率"), lambda side: side.paid.count),
        Figure(code="paid_mean", label=_("放款额（平均）"), arms=(one.paid, other.paid), shown=_yuan, moved=_more_yuan),
        rate("bad_rate", _("放款中已转不良"), lambda side: side.bad, lambda side: side.paid.count),
    ]


def measured(figure: Figure, applications: int, share: float) -> tuple[Difference | None, int | None]:
    """How far the arms differ in a figure, and about how many applications more would tell that apart. `applications` are the
    challenger's."""
    one, other = figure.arms
    if isinstance(one, Share) and isinstance(other, Share):
        found, count = measuring.of_rates(one, other, share), other.of
    else:
        assert isinstance(one, Mean) and isinstance(other, Mean)
        found, count = measuring.of_means(one, other, share), other.count
    if found is None or found.is_told_apart:
        return found, None
    return found, measuring.more(found, count, applications, share)


def _row(figure: Figure, applications: int, share: float) -> FigureRow:
    one, other = (_shown(arm, figure.shown) for arm in figure.arms)
    found, more = measured(figure, applications, share)
    if found is None:
        return FigureRow(code=figure.code, label=figure.label, champion=one, challenger=other, sentence=_("还没有可比的数据"))
    interval = "" if found.interval is None else _("%(low)s 至 %(high)s") % {
        "low": figure.moved(found.interval.low), "high": figure.moved(found.interval.high)}
    return FigureRow(
        code=figure.code, label=figure.label, champion=one, challenger=other, apart=figure.moved(found.value), interval=interval,
        sentence=sentence(found, more), is_told_apart=found.is_told_apart,
    )


def sentence(found: Difference, more: int | None) -> str:
    """Whether the arms can be told apart in a figure, and what it would take."""
    if found.interval is None:
        return _("数据太少，还不能比较")
    if found.is_told_apart:
        return _("可以区分：挑战组更高") if found.value > 0 else _("可以区分：挑战组更低")
    if found.value == 0:
        return _("还不能区分：目前没有差异")
    if not more:
        return _("还不能区分，已接近")
    if more > MORE_MAX:
        return _("还不能区分：差异小到几乎不可能区分")
    return _("还不能区分；按目前的差异约还需 %(count)s 笔申请") % {"count": formats.number(about(more))}


def about(count: int) -> int:
    """A count rounded up to its two first digits: an estimate is not told to the last one."""
    unit: int = 10 ** max(0, len(str(count)) - 2)
    return -(-count // unit) * unit


def _shown(one: Share | Mean, shown: Callable[[float], str]) -> str:
    if isinstance(one, Share):
        if one.rate is None:
            return formats.MISSING
        return f"{shown(one.rate)} ({formats.number(one.hits)})"
    return shown(one.mean) if one.count else formats.MISSING


def _percent(value: float) -> str:
    return formats.rate(Decimal(str(value)))


def _points(value: float) -> str:
    return f"{value * 100:+.2f}"


def _yuan(fen: float) -> str:
    return formats.money(round(fen))


def _more_yuan(fen: float) -> str:
    told = formats.money(abs(round(fen)))
    return f"{'-' if round(fen) < 0 else '+'}{told}"


# ---- the split ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Whether the applications were split as agreed: the challenger's part, and how likely one so far off is by chance."""

    part: str
    chance: str
    sentence: str
    is_off: bool


def split(sides: Sides, share: float) -> Split:
    """The check of the split itself; it stays silent while there are too few to say."""
    one, other = (sides[arm].applications for arm in ARMS)
    part = formats.MISSING if not one + other else _percent(other / (one + other))
    chance = measuring.split_chance(one, other, share)
    if chance is None:
        return Split(part=part, chance="", sentence=_("申请太少，还不能检验"), is_off=False)
    if chance < SPLIT_ALARM:
        return Split(
            part=part, chance=_chance(chance), is_off=True,
            sentence=_("与约定的比例不符，对照不可信；请先查明哪些申请没有按试验决策"))
    return Split(part=part, chance=_chance(chance), sentence=_("在偶然范围之内"), is_off=False)


def _chance(chance: float) -> str:
    return f"{chance:.3f}" if chance >= 0.001 else "< 0.001"


# ---- pictures -----------------------------------------------------------------------------------------------------


def charts(sides: Sides) -> list[Chart]:
    """Answers and tiers of both arms as shares of their applications."""
    return [
        _bars("trial-outcomes", _("结论"), [str(labels.OUTCOMES[code].label) for code in OUTCOMES],
              {arm: [_part(side, side.outcomes.get(code, 0)) for code in OUTCOMES] for arm, side in sides.items()}),
        _bars("trial-tiers", _("客户分层"), [_tier(code) for code in TIERS],
              {arm: [_part(side, side.tiers.get(code, 0)) for code in TIERS] for arm, side in sides.items()}),
    ]


def _part(side: Side, count: int) -> Decimal | None:
    return Decimal(count) / side.applications if side.applications else None


def _bars(key: str, title: str, names: Sequence[str], values: Mapping[str, Sequence[Any]]) -> Chart:
    return Chart(
        id=key, kind="bar", title=title, measure="rate", categories=names, category_label=title,
        series=[Series(ARM_NAMES[arm], values[arm]) for arm in ARMS],
    )
