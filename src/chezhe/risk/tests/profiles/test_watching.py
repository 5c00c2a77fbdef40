"""The B-card and the early warning stand in the registry: two people let another one judge, challengers answer beside, and what
servicing tells of arrears says whether they came true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.compliance.seeds import parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import person
from chezhe.customers.values import PersonFacts
from chezhe.identifiers import synthetic
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted, SamePerson
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import moment
from chezhe.risk.actions.recalibrate_model import recalibrate_model
from chezhe.risk.actions.roll_back_model import roll_back_model
from chezhe.risk.actions.score_customers import score_customers
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.facts.models import Fact
from chezhe.risk.profiles import scoring, steps, watched
from chezhe.risk.profiles.models import BehaviourScore, Profile
from chezhe.risk.registry import purposes, queries
from chezhe.risk.registry.errors import ModelRefused
from chezhe.risk.registry.models import ScoringModel, ShadowAnswer
from chezhe.risk.registry.packing import pack
from chezhe.risk.tests.profiles.test_models import CALM, UNEASY
from chezhe.risk.tests.registry.desk import Desk, desk, signed  # noqa: F401
from chezhe.risk.valuing import own_model
from chezhe.scorecards import artefact

TODAY = date(2026, 3, 16)


@pytest.fixture(autouse=True)
def house(db: Any) -> Iterator[None]:
    parameters.sow()
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line():
        yield


def files(name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (scoring.SHIPPED / name).iterdir()}


def milder(name: str, points: int = 20) -> bytes:
    """The shipped one with everybody so many points better."""
    held = files(name)
    card = json.loads(held["card.json"])
    card["base_points"] += points
    card["intercept"] -= points / 28.8539
    return pack(signed(held | {"card.json": artefact.dump(card)}))


def brought(desk: Desk, purpose: str, wish: str = "active") -> ScoringModel:  # noqa: F811
    """Uploaded by a risk officer, agreed to by the risk manager."""
    model = upload_model(data=milder(purpose), name="二号", purpose=purpose, by=desk.fei)
    asked = submit_model(scoring_model_number=model.number, wish=wish, reason="样本更新", by=desk.fei)
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=desk.rui)
    asked.refresh_from_db()
    return asked


def score(customer: Customer, days: int) -> None:
    with clock.at(moment("2026-03-16 10:00") + timedelta(days=days)):
        steps.tell({customer: CALM})
        score_customers(customers=[customer.pk], business_date=TODAY + timedelta(days=days), by=SYSTEM)


def test_the_shipped_ones_are_in_force_under_their_own_purposes() -> None:
    for purpose in ("behaviour", "warning"):
        row = ScoringModel.objects.get(purpose=purpose)
        assert (row.status, row.is_shipped, row.content_hash) == ("active", True, artefact.hash_of(scoring.SHIPPED / purpose))
        assert row.data_hash and row.metrics["test"]["auc"] > 0.75


def test_another_one_judges_after_two_people_agreed_and_is_taken_back_in_one_action(desk: Desk) -> None:  # noqa: F811
    score(desk.wang, 0)
    before = BehaviourScore.objects.get()
    model = brought(desk, "behaviour")
    score(desk.wang, 1)
    after = BehaviourScore.objects.order_by("-id")[0]
    assert (after.score, after.card_hash) == (before.score + 20, model.content_hash) and after.warning_hash == before.warning_hash
    assert (before.score, Profile.objects.get().score) == (BehaviourScore.objects.get(pk=before.pk).score, after.score)
    shipped = roll_back_model(scoring_model_number=model.number, reason="分数偏高", by=desk.he)
    assert shipped.is_shipped and shipped.content_hash == before.card_hash
    score(desk.wang, 2)
    assert Profile.objects.get().score == before.score


def test_who_brought_it_in_does_not_agree_to_it(desk: Desk) -> None:  # noqa: F811
    model = upload_model(data=milder("warning"), name="二号", purpose="warning", by=desk.rui)
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="样本更新", by=desk.rui)
    with pytest.raises((SamePerson, NotPermitted)):
        cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=desk.rui)
    assert queries.active("warning").is_shipped  # type: ignore[union-attr]


def test_a_card_of_other_facts_is_refused_for_behaviour(desk: Desk) -> None:  # noqa: F811
    data = pack({path.name: path.read_bytes() for path in Path(SHIPPED).iterdir()})
    for purpose in ("behaviour", "warning"):
        with pytest.raises(ModelRefused) as refused:
            upload_model(data=data, name="个人卡", purpose=purpose, by=desk.fei)
        assert refused.value.code == "model_inputs"


def shipped_at(folder: Path) -> bytes:
    return pack({path.name: path.read_bytes() for path in folder.iterdir()})


def stated(name: str, purpose: str) -> bytes:
    """A shipped one whose card says what it is for."""
    held = files(name)
    card = json.loads(held["model_card.json"])
    return pack(signed(held | {"model_card.json": artefact.dump(card | {"purpose": purpose, "target": "y"})}))


@pytest.mark.parametrize(("data", "purpose", "code", "words"), [
    (lambda: milder("behaviour"), "warning", "model_purpose_unstated", "--purpose warning"),
    (lambda: milder("warning"), "behaviour", "model_purpose_unstated", "--purpose behaviour"),
    (lambda: milder("warning"), "person", "model_purpose_other", "贷后行为"),
    (lambda: stated("warning", "behaviour"), "warning", "model_purpose_other", "贷后行为"),
    (lambda: shipped_at(own_model.SHIPPED), "warning", "model_kind", "车辆估值模型"),
    (lambda: shipped_at(Path(SHIPPED)), "company", "model_purpose_unstated", "company"),
])
def test_a_model_serves_only_what_it_was_made_for(desk: Desk, data: Any, purpose: str, code: str, words: str) -> None:  # noqa: F811
    with pytest.raises(ModelRefused) as refused:
        upload_model(data=data(), name="错用", purpose=purpose, by=desk.fei)
    assert refused.value.code == code and words in str(refused.value)
    assert not ScoringModel.objects.filter(is_shipped=False).exists()


def test_a_model_that_says_what_it_is_for_is_registered_for_that(desk: Desk) -> None:  # noqa: F811
    assert upload_model(data=stated("warning", "warning"), name="二号", purpose="warning", by=desk.fei).status == "draft"


def test_challengers_answer_beside_the_scores_and_change_none(desk: Desk) -> None:  # noqa: F811
    card, warning = brought(desk, "behaviour", "shadow"), brought(desk, "warning", "shadow")
    score(desk.wang, 0)
    row = BehaviourScore.objects.get()
    said = {answer.model_id: answer for answer in ShadowAnswer.objects.all()}
    assert said[card.pk].live == row.score and said[card.pk].said == row.score + 20 and said[card.pk].live_hash == row.card_hash
    assert said[warning.pk].live == row.probability and 0 < said[warning.pk].said < row.probability
    assert {answer.subject for answer in said.values()} == {f"behaviour_score:{row.pk}"}
    score_customers(customers=[desk.wang.pk], business_date=TODAY, by=SYSTEM)
    assert ShadowAnswer.objects.count() == 2


def test_a_score_is_made_again_from_what_was_kept_with_it(desk: Desk) -> None:  # noqa: F811
    score(desk.wang, 0)
    row = BehaviourScore.objects.get()
    again = scoring.judge(scoring.given(row.facts), steps.thresholds(row.on), scoring.shipped())
    assert again is not None and (again.digest, again.score) == (row.digest, row.score)


# ---- what became of them ---------------------------------------------------------------------------------------------

def lived(desk: Desk, count: int, *, scored: str, late_share: float, late_days: int, after: int) -> None:  # noqa: F811
    """So many customers, scored on a day, of whom a share was told of as late so many days afterwards."""
    at, chance, shipped = moment(f"{scored} 10:00"), Random(5), scoring.shipped()
    limits = scoring.Thresholds(Decimal("0.08"), Decimal("0.2"))
    rows, facts = [], []
    for serial in range(count):
        customer = person(somebody(chance, serial), desk.lin)
        seen = scoring.judge({**(CALM if chance.random() < 0.8 else UNEASY), "behaviour_months_on_book": 3 + serial % 40}, limits, shipped)
        assert seen is not None
        rows.append(BehaviourScore(
            customer=customer, on=at.date(), scored_at=at, score=seen.score, base=seen.base, probability=seen.probability, level=seen.level,
            card_hash=seen.card_hash, warning_hash=seen.warning_hash, digest=seen.digest, facts=dict(seen.facts)))
        days = late_days if chance.random() < late_share else 0
        told_at = at + timedelta(days=after)
        facts.append(Fact(
            subject=customer.subject, code=watched.DPD, source="ledger", value=days, known_at=told_at, recorded_at=told_at,
            recorded_by_name="系统"))
    BehaviourScore.objects.bulk_create(rows)
    Fact.objects.bulk_create(facts)


def somebody(chance: Random, serial: int) -> PersonFacts:
    number = synthetic.invent_id_number(chance, date(1985, 5, 5), "male", "11")
    return PersonFacts(name="王小明", id_number=number, mobile=f"1541{serial:07d}")


def few(count: int = 40) -> None:
    for code in ("MODEL_WATCH_ROWS_MIN", "MODEL_OUTCOMES_MIN"):
        Parameter.objects.create(code=code, value=str(count), unit="count", effective_from=TODAY, source="风险政策")


def test_the_warning_is_watched_by_thirty_days_within_ninety(desk: Desk) -> None:  # noqa: F811
    few()
    lived(desk, 120, scored="2025-11-30", late_share=0.6, late_days=31, after=60)
    model = ScoringModel.objects.get(purpose="warning")
    found = watch_model(scoring_model_number=model.number, business_date=TODAY, by=desk.rui)
    assert found.outcome_rows == 120 and 50 < found.bads < 95 and (found.outcome, found.status) == ("moved", "open")
    assert found.rows == 0 and found.population == "not_judged" and found.expected_bads < found.bads / 2
    # Thirty-one days late is not ninety: the B-card's outcome is another, and a year has not passed.
    card = watch_model(scoring_model_number=ScoringModel.objects.get(purpose="behaviour").number, business_date=TODAY, by=desk.rui)
    assert card.outcome_rows == 0
    newer = recalibrate_model(scoring_model_number=model.number, business_date=TODAY, by=desk.fei)
    assert (newer.purpose, newer.parent, newer.status) == ("warning", model, "draft")


def test_the_card_is_watched_by_ninety_days_within_a_year_and_by_who_is_scored(desk: Desk) -> None:  # noqa: F811
    few()
    lived(desk, 60, scored="2025-01-31", late_share=0.5, late_days=91, after=300)
    purpose = purposes.called("behaviour")
    ended = purpose.matured(TODAY, clock.now())
    assert len(ended.rows) == 60 and 15 < sum(one.outcome or 0 for one in ended.rows) < 45
    assert len(purpose.matured(TODAY, moment("2025-03-01 10:00")).rows) == 0, "nothing was told by then"
    assert not purpose.recent(TODAY).rows
    score(desk.wang, 0)
    assert [dict(one.facts) for one in purpose.recent(TODAY).rows] == [CALM]


def test_late_in_the_end_is_no_outcome_of_the_warning(desk: Desk) -> None:  # noqa: F811
    lived(desk, 10, scored="2025-11-30", late_share=1.0, late_days=31, after=100)
    assert sum(one.outcome or 0 for one in purposes.called("warning").matured(TODAY, clock.now()).rows) == 0
