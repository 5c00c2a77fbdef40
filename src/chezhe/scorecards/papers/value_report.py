"""The report of a price model: how far off it is, for cheap and dear, old and new, and whether the interval keeps its promise."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import numpy as np

from chezhe.scorecards import bundle, metrics, monitoring
from chezhe.scorecards.formula import Term
from chezhe.scorecards.papers import charts
from chezhe.scorecards.papers.page import both, figures, page, pair, section, table
from chezhe.scorecards.training import Options
from chezhe.scorecards.valuation_training import COVERAGE, TrainedValuation

TENTHS = 10
GAINS_SHOWN = 25


def documents(trained: TrainedValuation, options: Options, name: str, test: dict[str, float | int]) -> dict[str, Any]:
    """schema.json, metrics.json and model_card.json."""
    inside = trained.frame.take(~trained.test)
    features = list(dict.fromkeys(column.feature for column in trained.model.matrix.columns))
    logs = np.log(trained.price[~trained.test])
    cuts = monitoring.tenths(logs)
    return {
        "schema.json": {
            "columns": list(trained.model.columns), "features": [bundle.spread(inside, feature) for feature in features],
            "log_price": {"cuts": cuts, "shares": monitoring.shares(logs, cuts)},
        },
        "metrics.json": {"test": test, "by_price": _by_price(trained), "by_month": _by_month(trained, options)},
        "model_card.json": bundle.data_card(trained.frame, trained.test, trained.proposal, options, name) | {
            "features": [feature.as_json() for feature in features], "rounds": trained.rounds, "coverage": COVERAGE,
        },
    }  # fmt: skip


def report(trained: TrainedValuation, options: Options, told: dict[str, Any]) -> str:
    """The whole page."""
    found = told["metrics.json"]
    parts = [_summary(found["test"]), _prices(found["by_price"])]
    parts += [_months(found["by_month"])] if found["by_month"] else []
    parts += [_formula(trained), _inside(trained), _card(told["model_card.json"])]
    return page((f"估值模型报告：{options.target}", f"Report of a price model: {options.target}"), parts)


def _by_price(trained: TrainedValuation) -> list[dict[str, float | int]]:
    price = trained.price[trained.test]
    order = np.argsort(price, kind="stable")
    return [
        metrics.price_figures(price[part], trained.value[part], trained.low[part], trained.high[part])
        | {"price_from": round(float(price[part].min()), 4), "price_to": round(float(price[part].max()), 4)}
        for part in np.array_split(order, TENTHS)
    ]


def _by_month(trained: TrainedValuation, options: Options) -> list[dict[str, object]]:
    column = options.time or trained.proposal.time
    if not column:
        return []
    months = np.array([bundle.month_of(day) for day in trained.frame.days(column)[trained.test]])
    price, found = trained.price[trained.test], []
    for month in sorted(set(months.tolist()) - {""}):
        part = months == month
        figures_of = metrics.price_figures(price[part], trained.value[part], trained.low[part], trained.high[part])
        found.append({"month": month, **figures_of})
    return found


def _summary(test: dict[str, Any]) -> str:
    return figures([
        (both("平均绝对百分比误差 MAPE", "mean absolute percentage error"), f"{test['mape']:.2%}"),
        (both("误差中位数", "median error"), f"{test['median_ape']:.2%}"), (both("偏差中位数", "median bias"), f"{test['bias']:+.2%}"),
        (both("区间覆盖率（目标 90%）", "inside the interval (of 90 %)"), f"{test['coverage']:.1%}"),
        (both("区间宽度", "width of the interval"), f"{test['width']:.1%}"), (both("检验行数", "rows tested"), f"{test['rows']:,}"),
    ])  # fmt: skip


def _prices(tenths: list[dict[str, Any]]) -> str:
    drawing = charts.bars([(f"{each['price_from']:g}", each["mape"], "expected") for each in tenths])
    told = ("按成交价从低到高十等分。", "Tenths of the deals from cheap to dear.")
    return section(
        both("按价位", "By price"),
        both(*told),
        pair(drawing, _errors([f"{each['price_from']:g} – {each['price_to']:g}" for each in tenths], tenths)),
    )


def _months(months: list[dict[str, Any]]) -> str:
    drawing = charts.bars([(each["month"], each["mape"], "expected") for each in months])
    told = ("误差逐月上升时应当重新训练。", "When the error climbs from month to month it is time to train again.")
    return section(both("按月份", "By month"), both(*told), pair(drawing, _errors([each["month"] for each in months], months)))


def _errors(names: list[str], parts: list[dict[str, Any]]) -> str:
    head = ["", both("行", "rows"), "MAPE", both("偏差", "bias"), both("覆盖率", "coverage"), both("区间宽度", "width")]
    return table(head, [
        (name, f"{each['rows']:,}", f"{each['mape']:.2%}", f"{each['bias']:+.2%}", f"{each['coverage']:.1%}", f"{each['width']:.1%}")
        for name, each in zip(names, parts, strict=True)
    ])  # fmt: skip


def _formula(trained: TrainedValuation) -> str:
    reckoned = trained.model.formula
    alone = np.exp(reckoned.of_frame(trained.frame.take(trained.test)))
    price = trained.price[trained.test]
    off = float(np.mean(np.abs(alone - price) / price))
    told = (
        f"折旧公式本身的误差为 {off:.1%}；树模型只解释公式剩下的部分。",
        f"Alone the formula is off by {off:.1%}; the trees explain what it leaves over.",
    )
    head = [both("项", "term"), both("系数", "coefficient")]
    return section(
        both("折旧公式", "Depreciation formula"),
        both(*told),
        table(head, [(_term(term), f"{term.coefficient:+.5f}") for term in reckoned.terms]),
    )


def _term(term: Term) -> str:
    return {"plain": "{}", "square": "{}²", "logarithm": "ln({})"}[term.shape].format(term.feature.name)


def _inside(trained: TrainedValuation) -> str:
    shown = trained.gains[:GAINS_SHOWN]
    head = [both("特征", "feature"), both("增益占比", "share of gain")]
    told = (
        f"{trained.rounds} 轮，{len(trained.model.points)} 个种子取平均。",
        f"{trained.rounds} rounds, the mean of {len(trained.model.points)} seeds.",
    )
    rows = [(name, f"{share:.2%}") for name, share in shown]
    return section(both("模型看什么", "What the model looks at"), both(*told), pair(charts.lying(shown), table(head, rows)))


def _card(card: dict[str, Any]) -> str:
    told = (
        "审计所需：数据指纹、切分、种子、特征与版本。",
        "What an auditor asks for: the data's hash, the split, the seed, features and versions.",
    )
    body = escape(json.dumps(card, ensure_ascii=False, indent=1), quote=False)
    return section(both("模型卡", "Model card"), both(*told), f'<pre class="wide">{body}</pre>')
