"""How well a model orders: bads and goods counted up from the lowest score, and where they are furthest apart (Kolmogorov and Smirnov)."""

from __future__ import annotations

from collections.abc import Sequence

from chezhe.scorecards import metrics, scaling
from chezhe.scorecards.metrics import Parted
from chezhe.scorecards.papers import charts
from chezhe.scorecards.papers.page import Html, both, pair, section, table
from chezhe.scorecards.training import Options, Trained

POINTS, ROWS, TICKS = 80, 10, 6


def parts(trained: Trained, options: Options) -> list[str]:
    """The section on KS; none where the test rows are all good or all bad."""
    cuts = metrics.parted(trained.target[trained.test], trained.chance)
    if not cuts:
        return []
    widest = max(cuts, key=lambda each: each.gap)
    scores = {each.risk: options.scale.points(scaling.logit(each.risk)) for each in cuts}
    told = (
        "从最低分往上累计：各分数及以下占全部坏客户、全部好客户的比例。两线相距最远处即 KS。",
        "Counted up from the lowest score: of all bads and of all goods, the share with this score or less. "
        "KS is where they are furthest apart.",
    )
    drawing, twin = _drawing(cuts, widest, scores) + _key(), _table(cuts, widest, scores)
    return [section(both("区分度 KS", "Order: KS"), both(*told), pair(drawing, twin))]


def _drawing(cuts: Sequence[Parted], widest: Parted, scores: dict[float, int]) -> str:
    shown = _thinned(cuts, POINTS, widest)
    first, last = scores[cuts[0].risk], scores[cuts[-1].risk]
    curves = [
        (kind, [(float(first), 0.0), *((float(scores[each.risk]), getattr(each, name)) for each in shown)])
        for kind, name in (("observed", "bads"), ("goods", "goods"))
    ]
    ticks = [(float(at), str(at)) for at in sorted({round(first + (last - first) * place / TICKS) for place in range(TICKS + 1)})]
    low, high = sorted((widest.goods, widest.bads))
    return charts.lines(curves, ticks=ticks, gap=(float(scores[widest.risk]), low, high, f"KS {widest.gap:.4f}"))


def _table(cuts: Sequence[Parted], widest: Parted, scores: dict[float, int]) -> str:
    head = [both("分数及以下", "this score or less"), both("累计坏", "of bads"), both("累计好", "of goods"), both("相差", "gap")]
    rows = [
        (str(scores[each.risk]), f"{each.bads:.1%}", f"{each.goods:.1%}",
         Html(f'<span class="flag">{each.gap:.4f}</span>') if each is widest else f"{each.gap:.4f}")
        for each in _thinned(cuts, ROWS, widest)
    ]  # fmt: skip
    return table(head, rows)


def _thinned(cuts: Sequence[Parted], most: int, widest: Parted) -> list[Parted]:
    """So many of the cuts, evenly over all rows, with the last and the widest."""
    step = len(cuts) / most
    places = {min(len(cuts) - 1, int((place + 1) * step) - 1) for place in range(most) if (place + 1) * step >= 1}
    return [cuts[place] for place in sorted(places | {len(cuts) - 1, cuts.index(widest)})]


def _key() -> str:
    return f'<div class="key"><i class="observed"></i>{both("坏", "bads")}<i class="goods"></i>{both("好", "goods")}</div>'
