"""From a frame to a scorecard: bins, selection, a joint fit that keeps every order, points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import candidates as preparing
from chezhe.scorecards import fitting, selection
from chezhe.scorecards.binning import Cuts
from chezhe.scorecards.bins import Bin, Characteristic
from chezhe.scorecards.candidates import Candidate
from chezhe.scorecards.card import Card
from chezhe.scorecards.features import Feature
from chezhe.scorecards.fitting import Steps
from chezhe.scorecards.frame import Floats, Frame
from chezhe.scorecards.scaling import Scale
from chezhe.scorecards.selection import Selection

DECIMALS = 6
WOE_DECIMALS = 4
MEMBERS_SHOWN = 4


@dataclass(frozen=True)
class TrainedCard:
    """The card with what the report tells about its making."""

    model: Card
    candidates: list[Candidate]
    selection: Selection


def train(frame: Frame, features: Iterable[Feature], target: Floats, weights: Floats | None = None,
          directions: Mapping[str, str] | None = None, scale: Scale | None = None, most: int = selection.MOST) -> TrainedCard:  # fmt: skip
    """Train a card on a 0/1 target. `directions` forces + (more is riskier) or - on features by name; `weights` are row weights."""
    each_row = np.ones(frame.rows) if weights is None else weights
    found = [preparing.prepare(frame, feature, target, each_row, directions or {}) for feature in features]
    found = [candidate for candidate in found if np.ptp(candidate.evidence) > 0] or found[:1]
    chosen = selection.select(found, target, each_row, most)
    intercept, weights_of_bins = _fit(found, chosen, target, each_row)
    card = _card([found[place] for place in chosen.chosen], intercept, weights_of_bins, scale or Scale())
    return TrainedCard(card, found, chosen)


def _fit(found: list[Candidate], chosen: Selection, target: Floats, weights: Floats) -> tuple[float, list[Floats]]:
    steps = [_steps(found[place], slope) for place, slope in zip(chosen.chosen, chosen.coefficients, strict=True)]
    intercept, fitted = fitting.jointly(steps, chosen.intercept, target, weights)
    for each, bins in zip(steps, fitted, strict=True):
        empty = np.bincount(each.places, minlength=len(bins)) == 0
        bins[empty] = np.where(each.start[empty] > 0, max(bins.max(), 0.0), each.start[empty])
    return intercept, fitted


def _steps(candidate: Candidate, slope: float) -> Steps:
    start = candidate.risk * slope
    if isinstance(candidate.cuts, Cuts):
        return Steps(candidate.places, len(candidate.cuts.uptos) + 1, 1.0 if candidate.cuts.direction == "+" else -1.0, start)
    evidence = candidate.evidence * slope if candidate.has_many else None
    return Steps(candidate.places, candidate.cuts.count, 1.0, start, evidence)


def _card(chosen: list[Candidate], intercept: float, weights: list[Floats], scale: Scale) -> Card:
    """Centre every characteristic on its average applicant, so that points read as better or worse than usual."""
    characteristics = []
    for candidate, bins in zip(chosen, weights, strict=True):
        average = float(np.average(bins, weights=candidate.rows))
        intercept += average
        characteristics.append(_characteristic(candidate, np.round(bins - average, DECIMALS), scale))
    intercept = round(intercept, DECIMALS)
    return Card(scale, intercept, scale.points(intercept), tuple(characteristics))


def _characteristic(candidate: Candidate, weights: Floats, scale: Scale) -> Characteristic:
    kinds = _kinds(candidate)
    bins = tuple(
        Bin(kind, label, round(float(candidate.rows[place])), round(float(candidate.bads[place])), round(-float(candidate.risk[place]),
            WOE_DECIMALS),
            float(weights[place]) + 0.0, round(-scale.factor * float(weights[place])), upto, members)
        for place, (kind, label, upto, members) in enumerate(kinds)
    )  # fmt: skip
    spread = float(candidate.rows @ candidate.risk**2)
    slope = float(candidate.rows @ (candidate.risk * weights)) / spread if spread else 0.0
    direction = candidate.cuts.direction if isinstance(candidate.cuts, Cuts) else ""
    return Characteristic(candidate.feature, direction, round(slope, DECIMALS), bins)


def _kinds(candidate: Candidate) -> list[tuple[str, str, float | None, tuple[str, ...]]]:
    """Kind, label, bound and members of each bin, in the order of the places."""
    if isinstance(candidate.cuts, Cuts):
        return _ranges(candidate.cuts)
    told: list[tuple[str, str, float | None, tuple[str, ...]]] = []
    for place in range(candidate.cuts.count):
        members = tuple(label for label, group in zip(candidate.labels, candidate.cuts.group_of, strict=True) if group == place)
        more = f" +{len(members) - MEMBERS_SHOWN}" if len(members) > MEMBERS_SHOWN else ""
        told.append(("group", ", ".join(members[:MEMBERS_SHOWN]) + more, None, members))
    return [*told, ("others", "others", None, ()), ("missing", "missing", None, ())]


def _ranges(cuts: Cuts) -> list[tuple[str, str, float | None, tuple[str, ...]]]:
    bounds = [shown(upto) for upto in cuts.uptos]
    told: list[tuple[str, str, float | None, tuple[str, ...]]] = [
        ("upto", f"({bounds[place - 1]}, {bounds[place]}]" if place else f"≤ {bounds[place]}", upto, ())
        for place, upto in enumerate(cuts.uptos)
    ]
    told.append(("above", f"> {bounds[-1]}" if bounds else "any", None, ()))
    if cuts.special is not None:
        told.append(("special", f"= {shown(cuts.special)}", cuts.special, ()))
    return [*told, ("missing", "missing", None, ())]


def shown(number: float) -> str:
    """A bound for people: at most six significant digits, no exponent below a hundred million."""
    text = f"{number:.6g}"
    return f"{number:,.0f}" if "e+" in text else text
