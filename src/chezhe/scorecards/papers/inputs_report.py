"""What trees make of their most important inputs: in ranges, what came and what was said, and how the inputs go together."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from chezhe.scorecards import metrics, monitoring
from chezhe.scorecards.boosting_training import TrainedBoosting
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame
from chezhe.scorecards.papers import charts
from chezhe.scorecards.papers.page import Html, both, pair, section, table
from chezhe.scorecards.training import Trained

INPUTS_SHOWN, CATEGORIES_SHOWN = 12, 8
MISSING, OTHERS = "missing", "others"
WORDS = {MISSING: ("缺失", "missing"), OTHERS: ("其他", "others")}


@dataclass(frozen=True, slots=True)
class Range:
    """The test rows of one range or category of an input: observed bad rate, and the mean of what the model said."""

    label: str
    rows: int
    bad_rate: float
    expected_rate: float


def parts(trained: Trained, making: TrainedBoosting) -> list[str]:
    """Both sections of the page."""
    frame, target = trained.frame.take(trained.test), trained.target[trained.test]
    shown = important(making)
    return [_bins(frame, target, trained.chance, shown), _correlations(frame, trained.chance, shown)]


def important(making: TrainedBoosting) -> list[Feature]:
    """The features that the trees gained most by, each once."""
    features = {column.name: column.feature for column in making.model.matrix.columns}
    return [features[name] for name in dict.fromkeys(name for name, share in making.gains if share > 0)][:INPUTS_SHOWN]


def ranges(frame: Frame, feature: Feature, target: Floats, chance: Floats) -> list[Range]:
    """An input in tenths by rows, or in its most common categories with the others behind them; missing last. Empty ones are left out."""
    labels, places = _parted(frame, feature)
    found = []
    for place, label in enumerate(labels):
        inside = places == place
        if inside.any():
            found.append(Range(label, int(inside.sum()), float(target[inside].mean()), float(chance[inside].mean())))
    return found


def _parted(frame: Frame, feature: Feature) -> tuple[list[str], Floats]:
    if feature.is_text:
        texts = frame.texts(feature)
        counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.labels))
        common = np.argsort(-counts, kind="stable")[:CATEGORIES_SHOWN]
        place_of = np.full(len(texts.labels) + 1, len(common))
        place_of[common], place_of[-1] = np.arange(len(common)), len(common) + 1
        return [*(texts.labels[each] for each in common), OTHERS, MISSING], place_of[texts.codes].astype(np.float64)
    numbers = frame.numbers(feature)
    cuts = monitoring.tenths(numbers)
    places = np.where(np.isnan(numbers), len(cuts) + 1, np.searchsorted(cuts, numbers)).astype(np.float64)
    edges = [f"{cut:.6g}" for cut in cuts]
    between = [f"({low}, {high}]" for low, high in zip(edges, edges[1:], strict=False)]
    return [*([f"≤ {edges[0]}", *between, f"> {edges[-1]}"] if edges else ["="]), MISSING], places


def _bins(frame: Frame, target: Floats, chance: Floats, shown: list[Feature]) -> str:
    told = ("检验行按每个重要特征分为十段（类别取最常见的几个），缺失单列：柱为模型的平均概率，线为实际坏率。",
            "The test rows in tenths of each important input (its most common categories), missing apart: "
            "bars are the model's mean probability, the line the observed bad rate.")  # fmt: skip
    body = "".join(_input(feature.name, ranges(frame, feature, target, chance)) for feature in shown)
    return section(both("分段与坏率", "Ranges and bad rates"), both(*told), body)


def _input(name: str, found: list[Range]) -> str:
    total = sum(each.rows for each in found) or 1
    drawing = charts.bars([(each.label, each.expected_rate, "expected") for each in found], [each.bad_rate for each in found])
    named = (("分段", "range"), ("行", "rows"), ("占比", "share"), ("平均概率", "mean probability"), ("坏率", "bad rate"))
    head = [both(zh, en) for zh, en in named]
    rows = [
        (Html(both(*WORDS[each.label])) if each.label in WORDS else each.label, f"{each.rows:,}", f"{each.rows / total:.1%}",
         f"{each.expected_rate:.2%}", f"{each.bad_rate:.2%}") for each in found
    ]  # fmt: skip
    return f"<h3>{escape(name)}</h3>" + pair(drawing, table(head, rows))


def _correlations(frame: Frame, chance: Floats, shown: list[Feature]) -> str:
    found = correlations(frame, chance, shown)
    head = ["", *(str(place + 1) for place in range(len(shown)))]
    rows = [
        (f"{place + 1} {feature.name}", *(f"{found[place, other]:.2f}" if other <= place else "" for other in range(len(shown))))
        for place, feature in enumerate(shown)
    ]
    told = ("检验行上的秩相关（斯皮尔曼）；类别按其平均概率排列，缺失居中。树模型容许相关的特征，但它们会分担增益。",
            "Spearman's rank correlation on the test rows; categories are ordered by their mean probability, missing stands in the middle. "
            "Trees bear inputs that go together, yet such inputs share their gain.")  # fmt: skip
    return section(both("特征相关", "Correlations"), both(*told), table(head, rows))


def correlations(frame: Frame, chance: Floats, shown: list[Feature]) -> Floats:
    """Spearman's correlation of each two inputs; an input of one value goes with nothing."""
    ranked = np.column_stack([_ranks(_ordered(frame, feature, chance)) for feature in shown])
    spread = ranked.std(axis=0)
    scaled = ranked / np.where(spread > 0, spread, 1.0)
    found: Floats = scaled.T @ scaled / len(ranked)
    np.fill_diagonal(found, 1.0)
    return found


def _ordered(frame: Frame, feature: Feature, chance: Floats) -> Floats:
    if not feature.is_text:
        return frame.numbers(feature)
    texts = frame.texts(feature)
    known = texts.codes >= 0
    counts = np.bincount(texts.codes[known], minlength=len(texts.labels))
    means = np.bincount(texts.codes[known], weights=chance[known], minlength=len(texts.labels)) / np.maximum(counts, 1)
    return np.where(known, np.append(means, np.nan)[texts.codes], np.nan)


def _ranks(numbers: Floats) -> Floats:
    """Ranks about 0, missing at 0."""
    known = ~np.isnan(numbers)
    found = np.zeros(len(numbers))
    if known.any():
        ranked = metrics.ranks(numbers[known])
        found[known] = ranked - ranked.mean()
    return found
