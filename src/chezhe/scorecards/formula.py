"""The depreciation formula: what a car of this new price, age and mileage fetches, as everybody in the trade would reckon it.

ln(price) = constant + a · ln(new price) + Σ b · term, terms being figures, their squares or logarithms, fitted by ridge regression.
The trees then explain what the formula leaves over, so that a car outside their experience still gets a sensible price.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import features as reading
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature, Row
from chezhe.scorecards.frame import Floats, Frame

PLAIN, SQUARE, LOGARITHM = "plain", "square", "logarithm"
NEW_PRICE = re.compile(r".*(?:new.?price|msrp|list.?price|guide|新车|指导价).*", re.IGNORECASE)
WEAR = re.compile(r".*(?:mile|milage|km|odometer|里程).*", re.IGNORECASE)
RIDGE = 1.0
CORRELATION_MIN = 0.6
ROUNDS = 3
DECIMALS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """One summand. `average` stands in for a missing value; figures are bounded to what training saw, so squares cannot run away."""

    feature: Feature
    shape: str
    coefficient: float
    average: float
    low: float
    high: float

    def as_json(self) -> dict[str, object]:
        """The form that stands in engine.json."""
        return {
            "feature": self.feature.as_json(), "shape": self.shape, "coefficient": self.coefficient, "average": self.average,
            "low": self.low, "high": self.high,
        }  # fmt: skip


class Formula:
    """Constant and terms, ready to be asked row by row."""

    def __init__(self, constant: float, terms: tuple[Term, ...]) -> None:
        self.constant = constant
        self.terms = terms
        self._readers = [(reading.reader(term.feature), term) for term in terms]

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.feature.columns))

    def of_row(self, row: Row) -> float:
        """ln(price) of one row."""
        total = self.constant
        for read, term in self._readers:
            total += term.coefficient * _shaped(_bounded(read(row), term), term.shape)
        return total

    def of_frame(self, frame: Frame) -> Floats:
        """ln(price) of all rows, term by term in the same order."""
        total = np.full(frame.rows, self.constant)
        for term in self.terms:
            numbers = frame.numbers(term.feature)
            total += term.coefficient * np.array([_shaped(_bounded(value, term), term.shape) for value in numbers.tolist()])
        return total

    def as_json(self) -> dict[str, object]:
        """The form that stands in engine.json."""
        return {"constant": self.constant, "terms": [term.as_json() for term in self.terms]}


def fit(frame: Frame, features: list[Feature], log_price: Floats) -> Formula:
    """Find new price, ages and mileage among the features and fit their coefficients; less and less weight for what lies far off."""
    terms = [_measured(frame, feature, shape) for feature, shape in _chosen(frame, features, log_price)]
    design = np.column_stack([np.ones(frame.rows), *(_column(frame, term) for term in terms)])
    scale = np.append(1.0, np.maximum(design[:, 1:].std(axis=0), 1e-9))
    scaled, weights, beta = design / scale, np.ones(frame.rows), np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        inside = scaled * weights[:, None]
        penalty = np.diag(np.append(0.0, np.full(len(terms), RIDGE)))
        beta = np.linalg.solve(inside.T @ scaled + penalty, inside.T @ log_price)
        gap = np.abs(log_price - scaled @ beta)
        weights = 1.0 / np.maximum(gap / max(float(np.median(gap)), 1e-6), 1.0)
    beta = np.round(beta / scale, DECIMALS)
    return Formula(float(beta[0]), tuple(
        Term(term.feature, term.shape, float(slope), term.average, term.low, term.high) for term, slope in zip(terms, beta[1:], strict=True)
    ))  # fmt: skip


def from_json(told: object) -> Formula:
    """Read it back. Raises `artefact_schema`."""
    if not isinstance(told, Mapping) or not isinstance(told.get("terms"), list):
        raise ModelError("artefact_schema", "formula")
    try:
        terms = tuple(
            Term(
                reading.from_json(each["feature"]),
                str(each["shape"]),
                *(float(each[key]) for key in ("coefficient", "average", "low", "high")),
            )
            for each in told["terms"]
        )
        constant = float(told["constant"])
    except (KeyError, TypeError, ValueError):
        raise ModelError("artefact_schema", "formula")
    if any(term.shape not in (PLAIN, SQUARE, LOGARITHM) or not math.isfinite(term.coefficient) for term in terms) or not math.isfinite(
        constant
    ):
        raise ModelError("artefact_schema", "formula")
    return Formula(constant, terms)


def _chosen(frame: Frame, features: list[Feature], log_price: Floats) -> list[tuple[Feature, str]]:
    """New price by its name, else the figure whose logarithm goes with the price's best; ages and mileage."""
    figures = [feature for feature in features if not feature.is_text]
    named = [feature for feature in figures if feature.form == "number" and NEW_PRICE.fullmatch(feature.name)]
    base = named[:1] or _most_alike(frame, figures, log_price)
    found = [(feature, LOGARITHM) for feature in base]
    for feature in figures:
        if feature.form in ("years_between", "year_month") or (feature.form == "number" and WEAR.fullmatch(feature.name)):
            found += [(feature, PLAIN), (feature, SQUARE)]
    return found


def _most_alike(frame: Frame, figures: list[Feature], log_price: Floats) -> list[Feature]:
    found: list[tuple[float, Feature]] = []
    for feature in figures:
        numbers = frame.numbers(feature)
        if feature.form == "number" and bool((numbers > 0).mean() > 0.99):
            logs = np.log(np.where(numbers > 0, numbers, np.nanmedian(numbers)))
            found.append((abs(float(np.corrcoef(logs, log_price)[0, 1])) if logs.std() > 0 else 0.0, feature))
    best = max(found, key=lambda each: (each[0], each[1].name), default=(0.0, None))
    return [best[1]] if best[1] is not None and best[0] > CORRELATION_MIN else []


def _measured(frame: Frame, feature: Feature, shape: str) -> Term:
    numbers = frame.numbers(feature)
    known = numbers[~np.isnan(numbers)]
    low, high = (float(each) for each in np.quantile(known, (0.001, 0.999)))
    return Term(feature, shape, 0.0, float(np.median(known)), max(low, 1e-6) if shape == LOGARITHM else low, high)


def _column(frame: Frame, term: Term) -> Floats:
    numbers = frame.numbers(term.feature)
    bounded = np.clip(np.where(np.isnan(numbers), term.average, numbers), term.low, term.high)
    found: Floats = bounded**2 if term.shape == SQUARE else np.log(bounded) if term.shape == LOGARITHM else bounded
    return found


def _bounded(value: float, term: Term) -> float:
    return min(max(value, term.low), term.high) if value == value else term.average


def _shaped(value: float, shape: str) -> float:
    if shape == LOGARITHM:
        return math.log(value)
    return value * value if shape == SQUARE else value
