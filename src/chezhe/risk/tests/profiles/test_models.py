"""The B-card and the early warning: trained by our own command on invented rows, they rank people they have not seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.profiles import generating, scoring
from chezhe.risk.profiles.behaviour import FEATURES
from chezhe.risk.profiles.choices import HIGH, LATE, LOW, WATCH
from chezhe.risk.profiles.scoring import Judged, Thresholds
from chezhe.risk.profiles.tagging import PROTECTED, read, rules, tags_of

LIMITS = Thresholds(Decimal("0.08"), Decimal("0.2"))
CALM: dict[str, int | Decimal] = {
    "behaviour_loans_running": 1, "behaviour_dpd_now": 0, "behaviour_debit_failures_3m": 0, "behaviour_on_time_rate_12m": Decimal(1),
    "behaviour_worst_dpd_12m": 0, "behaviour_months_on_book": 14, "behaviour_instalments_left": 10, "behaviour_utilisation": Decimal("0.45"),
    "behaviour_late_30_count_12m": 0, "behaviour_partial_payments_6m": 0, "behaviour_days_late_6m": 0,
}
UNEASY = {**CALM, "behaviour_dpd_now": 12, "behaviour_debit_failures_3m": 4, "behaviour_on_time_rate_12m": Decimal("0.5"),
          "behaviour_worst_dpd_12m": 28, "behaviour_partial_payments_6m": 1, "behaviour_days_late_6m": 60}


def judge(facts: Mapping[str, Any], limits: Thresholds = LIMITS) -> Judged | None:
    return scoring.judge(facts, limits, scoring.shipped())


def test_the_same_seed_is_the_same_rows_and_nothing_else_than_the_catalogue() -> None:
    made = list(generating.rows(120, 5, generating.LATE))
    assert made == list(generating.rows(120, 5, generating.LATE)) and made != list(generating.rows(120, 6, generating.LATE))
    for row in made:
        told = {code: value for code, value in row.items() if code not in (generating.ID, generating.TIME, generating.LATE)}
        assert set(told) <= set(FEATURES) and all(CATALOGUE[code].read(value) == value for code, value in told.items())
        assert row["behaviour_dpd_now"] < 30 and row["behaviour_months_on_book"] >= 2


@pytest.mark.parametrize("name", ["behaviour", "warning"])
def test_what_is_shipped_holds_what_it_promises(name: str) -> None:
    card, told = getattr(scoring.shipped(), "card" if name == "behaviour" else name), json.loads((scoring.SHIPPED / name / "metrics.json").read_text())
    assert told["test"]["auc"] > 0.75 and told["test"]["ece"] < 0.02 and told["test"]["rows"] > 4_000
    assert json.loads((scoring.SHIPPED / name / "model_card.json").read_text())["data"]["rows"] >= 20_000
    assert set(card.columns) <= set(FEATURES)
    down = ("behaviour_on_time_rate_12m", "behaviour_months_on_book", "behaviour_instalments_left")
    for code, sign in card.engine.directions.items():  # type: ignore[attr-defined]
        assert sign == ("-" if code in down else "+")


def test_levels_follow_the_thresholds_and_thirty_days_is_no_forecast() -> None:
    calm, uneasy = judge(CALM), judge(UNEASY)
    assert calm is not None and uneasy is not None
    assert calm.level == LOW and uneasy.level == HIGH and calm.score > uneasy.score + 60 and calm.probability < uneasy.probability
    assert scoring.given(calm.facts) == CALM
    assert calm.base + sum(points for _code, points in calm.parts) == calm.score
    assert uneasy.reasons[0][0] == "behaviour_dpd_now" and uneasy.reasons[0][1] > 50
    between = judge(CALM, Thresholds(calm.probability, Decimal(1)))
    assert between is not None and between.level == WATCH and between.digest != calm.digest
    late = judge({**UNEASY, "behaviour_dpd_now": 30})
    assert late is not None and (late.level, late.probability) == (LATE, 1)


@pytest.mark.parametrize("without", [{"behaviour_loans_running": 0}, {"behaviour_months_on_book": 2}, {"behaviour_dpd_now": None}])
def test_who_cannot_be_judged_is_not(without: dict[str, int | None]) -> None:
    facts = {code: value for code, value in {**CALM, **without}.items() if value is not None}
    assert judge(facts) is None


def test_tags_need_what_is_known_and_sort_nobody_by_who_they_are() -> None:
    assert [rule.tag for rule in tags_of({**CALM, "behaviour_months_clean": 9})] == ["pays_in_time"]
    assert [rule.tag for rule in tags_of(UNEASY)] == ["late_now", "often_late", "debits_fail"] and tags_of({}) == []
    assert not {code for rule in rules() for code, _sign, _figure in rule.when} & PROTECTED
    for told in ('[["age_years", "<", "25"]]', '[["no_such_fact", "<", "1"]]', '[["is_local", "=", "1"]]', '[["dti", "~", "1"]]'):
        with pytest.raises(ValueError):
            read(f'[{{"tag": "tight", "tone": "good", "when": {told}}}]')
    with pytest.raises(ValueError):
        read('[{"tag": "unheard", "tone": "good", "when": []}]')
