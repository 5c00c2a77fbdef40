"""The report of a risk model: does it order, do probabilities come true, what does it look at, whom does it treat how?"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from chezhe.scorecards import fairness, rejects, selection
from chezhe.scorecards.bins import Bin, Characteristic
from chezhe.scorecards.boosting_training import TrainedBoosting
from chezhe.scorecards.card_training import TrainedCard
from chezhe.scorecards.monitoring import PSI_MOVED, PSI_WATCH
from chezhe.scorecards.papers import charts, inputs_report, order_report
from chezhe.scorecards.papers.page import Html, both, figures, page, pair, section, table
from chezhe.scorecards.training import Options, Trained

KINDS = {"scorecard": ("评分卡", "scorecard"), "boosting": ("梯度提升模型", "gradient boosting")}
DIRECTIONS = {"+": ("越大风险越高", "more is riskier"), "-": ("越大风险越低", "more is safer"), "": ("按类别", "by group")}
LEFT_OUT = {
    "asked": ("按要求排除", "as asked"), "constant": ("只有一个值", "one value only"), "row_name": ("标识行的编号", "names a row"),
    "shape": ("不是数字、文字或日期", "neither number, text nor date"),
}  # fmt: skip
INFERENCES = {rejects.FUZZY: ("模糊扩充", "fuzzy augmentation"), rejects.PARCELLING: ("分段推断（Parcelling）", "parcelling")}
LABELS = {"missing": ("缺失", "missing"), "others": ("其他", "others")}
GAINS_SHOWN = 25


def report(trained: Trained, options: Options, told: dict[str, Any]) -> str:
    """The whole page. `told` holds the content of schema.json, metrics.json and model_card.json."""
    found, card = told["metrics.json"], told["model_card.json"]
    zh, en = KINDS[options.kind]
    parts = [_summary(found, card), *order_report.parts(trained, options), _gains(found), _truth(found)]
    parts += [_months(found["by_month"])] if found["by_month"] else []
    parts += _inside(trained)
    parts += [_fairness(found["fairness"])] if found.get("fairness") else []
    parts += [_rejects(found, options.inference)] if "test_without_reject_inference" in found else []
    return page((f"{zh}报告：{options.target}", f"Report of a {en}: {options.target}"), [*parts, _card(card)])


def _summary(found: dict[str, Any], card: dict[str, Any]) -> str:
    test = found["test"]
    split = card["split"]
    how = (
        (f"{split['time']} 自 {split['test_from']} 起的行只用于检验",
        f"Rows of {split['time']} from {split['test_from']} on served for the test alone.")
        if split["test_from"] else ("随机留出五分之一检验，之后用全部行重新训练",
            "A random fifth was left out for the test; then all rows were trained on.")
    )  # fmt: skip
    return f"<p>{both(*how)}</p>" + figures([
        (both("AUC（区分度）", "AUC"), _number(test.get("auc"))), (both("KS", "KS"), _number(test.get("ks"))),
        (both("校准误差 ECE", "calibration error ECE"), _number(test["ece"])),
        (both("实际坏率", "observed bad rate"), f"{test['bad_rate']:.2%}"), (both("预期坏率", "expected bad rate"),
        f"{test['expected_rate']:.2%}"),
        (both("检验行数", "rows tested"), f"{test['rows']:,}"), (both("训练行数", "rows trained"), f"{card['data']['rows_trained']:,}"),
    ])  # fmt: skip


def _gains(found: dict[str, Any]) -> str:
    gains = found["gains"]
    caught = [(0.0, 0.0), *(((place + 1) / len(gains), each["bads_so_far"]) for place, each in enumerate(gains))]
    drawing = charts.lines([("chance", [(0, 0), (1, 1)]), ("observed", caught)])
    head = [both("十分位（从最险）", "tenth, riskiest first"), both("行", "rows"), both("坏", "bads"), both("坏率", "bad rate"),
            both("累计坏占比", "share of bads so far"), both("提升", "lift")]  # fmt: skip
    rows = [
        (place + 1, f"{each['rows']:,}", f"{each['bads']:,}", f"{each['bads'] / each['rows']:.2%}", f"{each['bads_so_far']:.1%}",
         f"{each['bads_so_far'] / ((place + 1) / len(gains)):.2f}") for place, each in enumerate(gains)
    ]  # fmt: skip
    told = (
        "拒绝最险的若干成，能避开多少坏客户；虚线是随机。",
        "How many of the bads are avoided by refusing the riskiest tenths; the dashed line is chance.",
    )
    return section(both("提升", "Gains"), both(*told), pair(drawing, table(head, rows)))


def _truth(found: dict[str, Any]) -> str:
    gains = found["gains"][::-1]
    observed = [each["bads"] / each["rows"] for each in gains]
    expected = [each["expected"] / each["rows"] for each in gains]
    drawing = charts.lines(
        [("expected", list(enumerate(expected))), ("observed", list(enumerate(observed)))], [str(place + 1) for place in range(len(gains))]
    )
    head = [
        both("十分位（从最稳）", "tenth, safest first"),
        both("预期坏率", "expected"),
        both("实际坏率", "observed"),
        both("相差", "gap"),
    ]
    rows = [(place + 1, f"{e:.2%}", f"{o:.2%}", f"{o - e:+.2%}") for place, (e, o) in enumerate(zip(expected, observed, strict=True))]
    told = ("每一成客户：模型说的概率与实际发生的坏率。", "For each tenth: the probability the model gave and the bad rate that came.")
    return section(both("校准", "Calibration"), both(*told), pair(drawing + _key(), table(head, rows)))


def _months(months: list[dict[str, Any]]) -> str:
    drawing = charts.lines(
        [("expected", [(place, each["expected_rate"]) for place, each in enumerate(months)]),
         ("observed", [(place, each["bad_rate"]) for place, each in enumerate(months)])], [each["month"] for each in months])  # fmt: skip
    stable = charts.bars(
        [(each["month"], each["psi"], "bad" if each["psi"] >= PSI_WATCH else "expected") for each in months], told=charts.PLAIN,
        limits=(PSI_WATCH, PSI_MOVED))
    head = [
        both("月份", "month"),
        both("行", "rows"),
        both("预期坏率", "expected"),
        both("实际坏率", "observed"),
        "ECE",
        "z",
        "PSI",
        both("检验", "test"),
    ]
    rows = [
        (each["month"], f"{each['rows']:,}", f"{each['expected_rate']:.2%}", f"{each['bad_rate']:.2%}", f"{each['ece']:.4f}",
         Html(f'<span class="flag">{each["z"]:+.1f}</span>') if abs(each["z"]) >= 3.29 else f"{each['z']:+.1f}", f"{each['psi']:.4f}",
         Html(both("是", "yes")) if each["is_test"] else "") for each in months
    ]  # fmt: skip
    told = (
        f"上图坏率，下图分数的 PSI（虚线：{PSI_WATCH:.2f} 起关注，{PSI_MOVED:.2f} 起为漂移）。"
        "PSI 小不代表坏率没变：看 z，即实际与预期相差几个标准误。",
        f"Bad rates above, the score's PSI below (dashed: watch from {PSI_WATCH:.2f}, moved from {PSI_MOVED:.2f}). "
        "A small PSI does not say that the bad rate stayed: "
        "look at z, the standard errors between observed and expected.",
    )
    return section(both("逐月稳定性", "Month by month"), both(*told), pair(drawing + _key() + stable, table(head, rows)))


def _inside(trained: Trained) -> list[str]:
    if isinstance(trained.making, TrainedBoosting):
        return [_columns_of_boosting(trained.making, trained.directions), *inputs_report.parts(trained, trained.making)]
    return [_characteristics(trained.making), _correlations(trained.making)]


def _columns_of_boosting(making: TrainedBoosting, directions: dict[str, str]) -> str:
    shown = making.gains[:GAINS_SHOWN]
    head = [both("特征", "feature"), both("增益占比", "share of gain"), both("约束", "constraint")]
    rows = [(name, f"{share:.2%}", Html(both(*DIRECTIONS[directions[name]])) if name in directions else "") for name, share in shown]
    told = (f"{making.rounds} 轮，{len(making.model.texts)} 个种子取平均。受约束的特征在任何客户身上都只朝一个方向起作用。",
            f"{making.rounds} rounds, the mean of {len(making.model.texts)} seeds. "
            "A constrained feature pushes one way for every applicant.")  # fmt: skip
    return section(both("模型看什么", "What the model looks at"), both(*told), pair(charts.lying(shown), table(head, rows)))


def _characteristics(making: TrainedCard) -> str:
    body = "".join(_characteristic(each) for each in making.model.characteristics)
    told = ("每个分箱的坏率（柱）与得分。数字特征的箱沿一个方向排列；缺失单独成箱，按实际坏率计分。",
            "The bad rate (bars) and points of each bin. "
            "Bins of figures go one way; missing is a bin of its own, scored by what happened.")  # fmt: skip
    base = both(
        f"基础分 {making.model.base_points}，加上命中各箱的得分即为总分。",
        f"Base points {making.model.base_points}; with the points of the bins hit they make the score.",
    )
    return section(both("分箱与得分", "Bins and points"), both(*told), f"<p>{base}</p>", body)


def _characteristic(each: Characteristic) -> str:
    total = sum(row.rows for row in each.bins) or 1
    shown = [row for row in each.bins if row.rows or row.kind != "others"]
    drawing = charts.bars([(row.label, row.bads / row.rows if row.rows else 0.0, "bad" if row.points < 0 else "good") for row in shown])
    head = [both("分箱", "bin"), both("行", "rows"), both("占比", "share"), both("坏率", "bad rate"), "WOE", both("得分", "points")]
    rows = [
        (_label(row), f"{row.rows:,}", f"{row.rows / total:.1%}", f"{row.bads / row.rows:.2%}" if row.rows else "–", f"{row.woe:+.3f}",
        f"{row.points:+d}")
        for row in shown
    ]  # fmt: skip
    return f"<h3>{escape(each.name)} · {both(*DIRECTIONS[each.direction])}</h3>" + pair(drawing, table(head, rows))


def _label(row: Bin) -> Html | str:
    return Html(both(*LABELS[row.kind])) if row.kind in LABELS else row.label


def _correlations(making: TrainedCard) -> str:
    import numpy as np

    names = [each.name for each in making.model.characteristics]
    evidence = np.column_stack([making.candidates[place].evidence for place in making.selection.chosen])
    found = selection.correlation(evidence)
    head = ["", *(str(place + 1) for place in range(len(names)))]
    rows = [
        (f"{place + 1} {name}", *(f"{found[place, other]:.2f}" if other <= place else "" for other in range(len(names))))
        for place, name in enumerate(names)
    ]
    told = (
        f"入选特征证据权重之间的相关；上限 {selection.CORRELATION_MAX}。",
        f"Between the weights of evidence of the chosen; the limit is {selection.CORRELATION_MAX}.",
    )
    worth = table(
        [both("特征", "characteristic"), both("入选时的贡献（卡方）", "worth when chosen (chi-square)"), both("信息值 IV",
            "information value")],
        [(name, f"{worth:.1f}", f"{making.candidates[place].information:.4f}")
         for name, worth, place in zip(names, making.selection.worth, making.selection.chosen, strict=True)])  # fmt: skip
    return section(both("相关与贡献", "Correlations and worth"), both(*told), table(head, rows), "<br>", worth)


def _fairness(groups: list[dict[str, Any]]) -> str:
    head = [both("分组", "group"), both("行", "rows"), both("通过率", "approved"), both("与最高组之比", "ratio to best"), both("预期坏率",
        "expected"),
            both("实际坏率", "observed"), "AUC"]  # fmt: skip
    rows = [
        (f"{each['column']}: {each['group']}", f"{each['rows']:,}", f"{each['approved']:.1%}",
         Html(f'<span class="flag">{each["ratio"]:.2f}</span>') if each["ratio"] < fairness.FOUR_FIFTHS else f"{each['ratio']:.2f}",
         f"{each['expected_rate']:.2%}", f"{each['bad_rate']:.2%}", _number(each.get("auc"))) for each in groups
    ]  # fmt: skip
    told = ("以通过最稳七成为界。低于 0.80 须说明理由或改进；实际坏率高于预期的组被低估了风险。",
            "The cut-off approves the safer seven tenths. Below 0.80 a reason or a remedy is due; "
            "a group with more bads than expected is under-rated.")  # fmt: skip
    return section(both("公平性", "Fairness"), both(*told), table(head, rows))


def _rejects(found: dict[str, Any], way: str) -> str:
    head = [both("在已放款的检验行上", "on accepted test rows"), "AUC", "KS", "ECE", both("预期坏率", "expected rate")]
    rows = [
        (Html(both(*name)), _number(each.get("auc")), _number(each.get("ks")), _number(each["ece"]), f"{each['expected_rate']:.2%}")
        for name, each in ((("含拒绝推断", "with reject inference"), found["test"]), (("不含", "without"),
            found["test_without_reject_inference"]))
    ]  # fmt: skip
    zh, en = INFERENCES[way]
    told = (f"被拒客户按{zh}加入训练；他们的结果无人知道，因此两种数字都列出。",
            f"The refused joined the training by {en}; nobody knows their outcomes, so both figures stand here.")  # fmt: skip
    return section(both("拒绝推断", "Reject inference"), both(*told), table(head, rows))


def _card(card: dict[str, Any]) -> str:
    reasons = table([both("未使用的列", "column left out"), both("原因", "why")],
                    [(name, Html(both(*LEFT_OUT[why]))) for name, why in card["left_out"].items()]) if card["left_out"] else ""  # fmt: skip
    told = (
        "审计所需：数据指纹、切分、种子、特征与版本。",
        "What an auditor asks for: the data's hash, the split, the seed, features and versions.",
    )
    body = escape(json.dumps({key: value for key, value in card.items() if key != "left_out"}, ensure_ascii=False, indent=1), quote=False)
    return section(both("模型卡", "Model card"), both(*told), reasons, f'<pre class="wide">{body}</pre>')


def _key() -> str:
    return f'<div class="key"><i class="expected"></i>{both("预期", "expected")}<i class="observed"></i>{both("实际", "observed")}</div>'


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
