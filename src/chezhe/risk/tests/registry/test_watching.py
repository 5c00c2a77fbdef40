"""Drift is seen on both sides, who applies and what became of them, and is answered by a person: watch_model, answer_drift,
recalibrate_model."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

from chezhe.kernel import clock, worklist
from chezhe.kernel.errors import BusinessError, NotFound, NotPermitted
from chezhe.kernel.models import Event
from chezhe.kernel.testing import moment
from chezhe.risk import tasks
from chezhe.risk.actions.answer_drift import answer_drift
from chezhe.risk.actions.recalibrate_model import recalibrate_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.deciding.models import Decision
from chezhe.risk.registry import charts, evidence, queries, source
from chezhe.risk.registry.errors import OutcomesTooFew
from chezhe.risk.registry.models import ModelWatch, ScoringModel
from chezhe.risk.tests.registry.desk import TODAY, Desk, past, shipped_files, signed, zipped
from chezhe.scorecards import artefact, metrics, monitoring
from chezhe.ui import formats

CARD = artefact.of_files(shipped_files())
RECENT, LONG_AGO = moment("2026-02-10 10:00"), moment("2024-12-10 10:00")
Facts = dict[str, Any]


def drawn(chance: Random) -> Facts:
    """Somebody as in training: each input from its own tenths, as the artefact tells them."""
    found = {told["feature"]["columns"][0]: _of_tenths(told, chance) for told in CARD.document("schema.json")["features"]}  # type: ignore[attr-defined]
    return {code: value for code, value in found.items() if value is not None}


def _of_tenths(told: dict[str, Any], chance: Random) -> Any:
    place = chance.choices(range(len(told["shares"])), told["shares"])[0]
    if place > len(told["cuts"]):
        return None
    is_last = place == len(told["cuts"])
    cut = told["cuts"][place - 1 if is_last else place]
    if told["feature"]["name"] in ("dti", "ltv"):
        return f"{cut * 1.05 if is_last else cut - 1e-7:.8f}"
    return math.floor(cut) + is_last


@cache
def calm() -> dict[str, bytes]:
    """The card as if it had been trained on such people: they are drawn input by input, which the shipped one's were not."""
    chance = Random(77)
    scored = [CARD.score({code: float(value) for code, value in drawn(chance).items()}).probability for _ in range(4000)]  # type: ignore[union-attr]
    risk = np.array(scored)
    schema, figures = CARD.document("schema.json"), CARD.document("metrics.json")
    cuts = monitoring.tenths(risk)
    schema["probability"] = {"cuts": cuts, "shares": monitoring.shares(risk, cuts)}
    target = np.array([as_promised(one, chance) for one in scored], dtype=np.float64)
    figures["test"] = metrics.risk_figures(target, risk)
    return signed(shipped_files() | {"schema.json": artefact.dump(schema), "metrics.json": artefact.dump(figures)})


@pytest.fixture(autouse=True)
def in_force(desk: Desk) -> ScoringModel:
    return desk.agreed(desk.upload(zipped(calm())))


def live(desk: Desk, at: datetime, count: int, seed: int = 1, shift: Callable[[Facts], Facts] = lambda facts: facts,
         bad_of: Callable[[float, Random], int] | None = None) -> None:
    chance, first = Random(seed), Decision.objects.count()
    rows = []
    for serial in range(first, first + count):
        facts = shift(drawn(chance))
        scored = CARD.score({code: float(facts[code]) for code in CARD.columns if code in facts})
        bad = bad_of(scored.probability, chance) if bad_of else None  # type: ignore[union-attr]
        rows.append(past(desk.wang, desk.lin, serial, at + timedelta(minutes=serial), facts, bad))
    Decision.objects.bulk_create(rows)


def current() -> ScoringModel:
    return ScoringModel.objects.get(purpose="person", status="active")


def watched(desk: Desk) -> ModelWatch:
    return watch_model(scoring_model_number=current().number, business_date=TODAY, by=desk.rui)


def as_promised(chance: float, dice: Random) -> int:
    return int(dice.random() < chance)


def twice_as_bad(chance: float, dice: Random) -> int:
    return int(dice.random() < min(1.0, 2.2 * chance))


def poorer(facts: Facts) -> Facts:
    """Credit histories got worse, everything else stayed."""
    return facts | ({"bureau_score": max(0, int(facts["bureau_score"]) - 120)} if "bureau_score" in facts else {})


def test_the_same_people_who_pay_as_promised_are_no_alarm(desk: Desk) -> None:
    live(desk, RECENT, 400)
    live(desk, LONG_AGO, 900, seed=2, bad_of=as_promised)
    found = watched(desk)
    assert (found.level, found.population, found.outcome, found.status, found.rows) == ("stable", "stable", "stable", "quiet", 400)
    assert found.outcome_rows == 900 and found.expected_bads is not None and abs(found.bads - found.expected_bads) < 30
    assert found.psi is not None and found.psi < 0.1 and set(found.csi) == set(CARD.columns)
    assert not Event.objects.filter(name="model.drifted").exists() and not queries.alerts().exists()


def test_an_index_is_drawn_as_a_pure_number_against_both_lines(desk: Desk) -> None:
    live(desk, RECENT, 220, shift=poorer)
    found = watched(desk)
    for chart in (charts.inputs(found, TODAY), charts.drift([found], TODAY)):
        told = chart.described
        assert (chart.measure, Decimal(told["warning"]), Decimal(told["limit"])) == ("index", Decimal("0.1"), Decimal("0.25"))
        assert (told["warning_label"], told["limit_label"]) == ("关注 0.10", "漂移 0.25")
        assert "%" not in str(chart.table_rows)
    assert charts.drift([found], TODAY).table_rows == [["2026-03-16", formats.index(found.psi), formats.index(max(found.csi.values()))]]


def test_other_people_raise_an_alert_once_until_it_is_answered_or_worse(desk: Desk) -> None:
    live(desk, RECENT, 400, shift=poorer)
    found = watched(desk)
    assert (found.level, found.population, found.outcome, found.status) == ("moved", "moved", "not_judged", "open")
    worst = max(found.csi, key=lambda name: found.csi[name])
    assert worst == "bureau_score" and found.csi[worst] > 0.25 and found.psi is not None and found.psi > 0.1
    assert Event.objects.get(name="model.drifted").payload["level"] == "moved"
    pile = worklist.PILES["risk.drift"]
    assert pile.count(desk.rui) == 1 and current().number in pile.first(desk.rui, 5)[0].title
    clock.tick(86_400)
    assert tasks.watch_models() == 4
    assert [one.status for one in ModelWatch.objects.filter(model=current()).order_by("id")] == ["open", "quiet"]
    for who, refusal in ((desk.fei, NotPermitted), (desk.lin, NotPermitted)):
        with pytest.raises(refusal):
            answer_drift(scoring_model_number=current().number, reason="新渠道客群，安排重训", by=who)
    with pytest.raises(BusinessError):
        answer_drift(scoring_model_number=current().number, reason=" ", by=desk.rui)
    done = answer_drift(scoring_model_number=current().number, reason="新渠道客群，安排重训", by=desk.rui)
    assert (done.status, done.answered_by_name, pile.count(desk.rui)) == ("answered", "瑞", 0)
    with pytest.raises(NotFound):
        answer_drift(scoring_model_number=current().number, reason="再答一次", by=desk.rui)
    assert watched(desk).status == "quiet"
    clock.tick(31 * 86_400)
    assert watched(desk).status == "open" and Event.objects.filter(name="model.drifted").count() == 2


def test_worse_outcomes_raise_an_alert_though_nobody_else_applies(desk: Desk) -> None:
    live(desk, RECENT, 400)
    live(desk, LONG_AGO, 900, seed=2, bad_of=twice_as_bad)
    found = watched(desk)
    assert found.psi is not None and found.psi < 0.1 and found.population == "stable"
    assert (found.outcome, found.level, found.status) == ("moved", "moved", "open")
    told = {one["what"]: one["value"] for one in found.findings}
    assert told["rate"] > 1.5 and found.expected_bads is not None and found.bads > found.expected_bads * 3 / 2


def test_too_few_are_not_judged_rather_than_called_stable(desk: Desk) -> None:
    live(desk, RECENT, 150, shift=poorer)
    live(desk, LONG_AGO, 100, seed=2, bad_of=twice_as_bad)
    found = watched(desk)
    assert (found.level, found.status, found.rows, found.outcome_rows, found.psi) == ("not_judged", "quiet", 150, 100, None)
    with pytest.raises(NotPermitted):
        watch_model(scoring_model_number=current().number, business_date=TODAY, by=desk.lin)


def test_an_unreported_loan_is_never_counted_as_good_and_a_late_turn_is_not_bad(desk: Desk) -> None:
    from chezhe.risk.relations import steps as relations

    live(desk, LONG_AGO, 3, bad_of=lambda _chance, _dice: 0)
    live(desk, LONG_AGO, 2)
    late = Decision.objects.order_by("-id")[0]
    relations.record_outcome(
        late.subject, "bad", on=LONG_AGO.date() + timedelta(days=400), known_at=LONG_AGO + timedelta(days=400), reference="loan:late")
    seen = evidence.borrowers("person", evidence.matured(TODAY), clock.now())
    assert [one.outcome for one in seen] == [0, 0, 0, 0] and evidence.borrowers("company", evidence.matured(TODAY), clock.now()) == []
    assert len(evidence.borrowers("person", evidence.matured(TODAY), LONG_AGO + timedelta(days=300))) == 3


def test_one_action_recalibrates_and_two_people_still_decide(desk: Desk) -> None:
    live(desk, LONG_AGO, 900, seed=2, bad_of=twice_as_bad)
    made = recalibrate_model(scoring_model_number=current().number, business_date=TODAY, by=desk.fei)
    assert (made.status, made.parent, made.purpose, made.kind) == ("draft", current(), "person", "scorecard")
    told = made.card["recalibrations"][0]
    assert told["parent"] == current().content_hash and told["after"]["ece"] < told["before"]["ece"] / 2
    assert abs(told["after"]["expected_rate"] - told["after"]["bad_rate"]) < 0.002 and current().number in made.note
    newer = source.by_hash(made.content_hash)
    row = {code: float(value) for code, value in drawn(Random(5)).items()}
    assert newer is not None and newer.model.score(row).score < CARD.score(row).score  # type: ignore[union-attr]
    assert queries.active("person") == made.parent
    desk.agreed(made)
    after = watch_model(scoring_model_number=made.number, business_date=TODAY, by=desk.rui)
    assert after.outcome == "stable"


def test_nothing_is_recalibrated_on_a_handful(desk: Desk) -> None:
    live(desk, LONG_AGO, 60, bad_of=as_promised)
    with pytest.raises(OutcomesTooFew):
        recalibrate_model(scoring_model_number=current().number, business_date=TODAY, by=desk.fei)
    assert ScoringModel.objects.filter(is_shipped=False).count() == 1


@pytest.mark.parametrize("kind", ["boosting", "scorecard"])
def test_models_of_every_kind_of_fact_are_registered_and_watched(kind: str, desk: Desk, tmp_path: Any) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]

    from chezhe.scorecards import pipeline
    from chezhe.scorecards.training import Options

    chance = Random(3)

    def person(facts: Facts) -> Facts:
        return facts | {"is_local": chance.random() < 0.5, "marital_status": chance.choice(["single", "married", "divorced"])}

    rows = [person({code: float(value) for code, value in drawn(chance).items()}) for _ in range(1500)]
    risk = [CARD.score(row).probability * (1 if row["is_local"] else 4) * (3 if row["marital_status"] == "divorced" else 1) for row in rows]  # type: ignore[union-attr]
    bad = [as_promised(min(0.9, each), chance) for each in risk]
    columns = (*CARD.columns, "is_local", "marital_status")
    table = pa.table({code: [row.get(code) for row in rows] for code in columns} | {"bad": bad})
    pipeline.train_table(tmp_path / kind, table, Options(kind=kind, target="bad"))
    data = zipped({path.name: path.read_bytes() for path in (tmp_path / kind).iterdir()})
    model = desk.agreed(desk.upload(data, name=kind), "shadow")
    assert {"is_local", "marital_status"} <= set(model.inputs)
    live(desk, RECENT, 250, seed=9, shift=person)
    found = watch_model(scoring_model_number=model.number, business_date=TODAY, by=desk.rui)
    assert (model.kind, found.population) == (kind, "stable") and json.dumps(found.csi)
    assert tasks.watch_models() == 5
