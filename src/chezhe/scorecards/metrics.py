"""How good probabilities and prices are: order (AUC, KS, gains), truth (ECE), and whether one model beats another on the same rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chezhe.scorecards.frame import Floats

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Gain:
    """One tenth of the rows, riskiest first: what it holds and what the tenths so far hold of all bads."""

    rows: int
    bads: int
    expected: float
    lowest: float
    bads_so_far: float


def auc(target: Floats, risk: Floats) -> float:
    """The chance that a bad is ranked above a good, ties half. NaN when there is only one class."""
    bads = float(target.sum())
    goods = len(target) - bads
    if bads == 0 or goods == 0:
        return math.nan
    return (float(ranks(risk)[target == 1].sum()) - bads * (bads + 1) / 2) / (bads * goods)


def ranks(numbers: Floats) -> Floats:
    """Ranks from 1, ties at their middle."""
    _, places, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    found: Floats = (ends - (counts - 1) / 2.0)[places]
    return found


@dataclass(frozen=True, slots=True)
class Parted:
    """Where a cut at `risk` parts bads from goods: the shares of all bads and of all goods that are as risky or riskier."""

    risk: float
    bads: float
    goods: float

    @property
    def gap(self) -> float:
        return abs(self.bads - self.goods)


def parted(target: Floats, risk: Floats) -> list[Parted]:
    """Every cut there is, the riskiest first; nothing when there is only one class."""
    shares = _shares(target, risk)
    if shares is None:
        return []
    different, caught, lost = shares
    below = np.column_stack([np.append(0.0, each[:-1]) for each in (caught, lost)])
    riskiest_first = zip(different.tolist(), (1 - below).tolist(), strict=True)
    return [Parted(at, of_bads, of_goods) for at, (of_bads, of_goods) in riskiest_first][::-1]


def ks(target: Floats, risk: Floats) -> float:
    """The largest gap between the distributions of bads and goods. NaN when there is only one class."""
    shares = _shares(target, risk)
    return math.nan if shares is None else float(np.abs(shares[1] - shares[2]).max())


def _shares(target: Floats, risk: Floats) -> tuple[Floats, Floats, Floats] | None:
    """The different risks in order, and of all bads and of all goods the shares up to each; None when there is only one class."""
    bads = float(target.sum())
    goods = len(target) - bads
    if bads == 0 or goods == 0:
        return None
    different, places = np.unique(risk, return_inverse=True)
    caught = np.cumsum(np.bincount(places, weights=target, minlength=len(different))) / bads
    lost = np.cumsum(np.bincount(places, weights=1 - target, minlength=len(different))) / goods
    return different, caught, lost


def gains(target: Floats, chance: Floats) -> list[Gain]:
    """Tenths of the rows from the riskiest down."""
    order = np.argsort(-chance, kind="stable")
    found, so_far = [], 0.0
    for part in np.array_split(order, min(TENTHS, len(order))):
        so_far += float(target[part].sum())
        share = so_far / max(float(target.sum()), 1.0)
        found.append(Gain(len(part), int(target[part].sum()), float(chance[part].sum()), float(chance[part].min()), share))
    return found


def calibration_error(target: Floats, chance: Floats) -> float:
    """ECE: the mean gap between expected and observed bad rate over ten bins of equal size."""
    return sum(each.rows / len(target) * abs(each.bads - each.expected) / each.rows for each in gains(target, chance) if each.rows)


def log_loss(target: Floats, chance: Floats) -> float:
    """Mean −log-likelihood."""
    bounded = np.clip(chance, 1e-15, 1 - 1e-15)
    return float(-np.mean(target * np.log(bounded) + (1 - target) * np.log1p(-bounded)))


@dataclass(frozen=True, slots=True)
class Paired:
    """The difference in AUC of two models on the same rows, its standard error (DeLong) and the two-sided p-value."""

    difference: float
    error: float
    p_value: float


def delong(target: Floats, risk: Floats, rival: Floats) -> Paired:
    """AUC(risk) − AUC(rival) with DeLong's variance (midrank form of Sun and Xu, 2014)."""
    bad = target == 1
    count, others = int(bad.sum()), int((~bad).sum())
    placed = []
    for each in (risk, rival):
        both = ranks(each)
        of_bads = (both[bad] - ranks(each[bad])) / others
        of_goods = 1 - (both[~bad] - ranks(each[~bad])) / count
        placed.append((of_bads, of_goods))
    areas = [float(of_bads.mean()) for of_bads, _ in placed]
    among_bads = np.cov(placed[0][0], placed[1][0])
    among_goods = np.cov(placed[0][1], placed[1][1])
    joint = among_bads / count + among_goods / others
    error = math.sqrt(max(float(joint[0, 0] + joint[1, 1] - 2 * joint[0, 1]), 0.0))
    difference = areas[0] - areas[1]
    return Paired(difference, error, math.erfc(abs(difference) / error / math.sqrt(2)) if error else 1.0)


def risk_figures(target: Floats, chance: Floats) -> dict[str, float | int]:
    """The figures of metrics.json for a set of rows. AUC and KS are left out when it has one class only."""
    found: dict[str, float | int] = {"rows": len(target), "bads": int(target.sum()), "bad_rate": round(float(target.mean()), 6)}
    if 0 < target.sum() < len(target):
        found |= {"auc": round(auc(target, chance), 6), "gini": round(2 * auc(target, chance) - 1, 6), "ks": round(ks(target, chance), 6)}
    return found | {
        "expected_rate": round(float(chance.mean()), 6), "ece": round(calibration_error(target, chance), 6),
        "log_loss": round(log_loss(target, chance), 6),
    }  # fmt: skip


def price_figures(price: Floats, value: Floats, low: Floats, high: Floats) -> dict[str, float | int]:
    """The figures of metrics.json for prices: mean and median absolute percentage error, bias, coverage and width of the interval."""
    error = (value - price) / price
    return {
        "rows": len(price), "mape": round(float(np.abs(error).mean()), 6), "median_ape": round(float(np.median(np.abs(error))), 6),
        "bias": round(float(np.median(error)), 6), "coverage": round(float(((price >= low) & (price <= high)).mean()), 6),
        "width": round(float(np.mean((high - low) / value)), 6),
    }  # fmt: skip


def bootstrap_error(differences: Floats, seed: int, rounds: int = 500) -> float:
    """The standard error of a mean of paired differences by resampling rows."""
    chance = np.random.default_rng(seed)
    picks: npt.NDArray[np.int64] = chance.integers(0, len(differences), (rounds, len(differences)))
    return float(differences[picks].mean(axis=1).std())
