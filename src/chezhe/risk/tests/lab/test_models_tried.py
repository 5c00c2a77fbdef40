"""A model that scores nobody yet is tried on past applications: a card and a boosted one, chosen on the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import business_date, clock, events, jobs, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.registry import queries as registry
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.tests.deciding.telling import asking, decided, tell
from chezhe.risk.tests.registry.desk import another, zipped
from chezhe.scorecards import pipeline
from chezhe.scorecards.training import Options

ASKED = {
    "title": "试新模型", "book": "past", "from_on": "2026-03-01", "to_on": "2026-04-01", "engine": "duckdb", "lgd": "45",
    "owed_at_default": "75", "funding_rate": "4.5", "review_share": "60",
}


@pytest.fixture(autouse=True)
def house(db: None) -> Iterator[None]:
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")):
        business_date.open_day(clock.now().date())
        yield


@pytest.fixture
def rui(cast: Cast) -> Actor:
    return hire("瑞", cast.east, roles.RISK_MANAGER, reach=Reach.ALL)


@pytest.fixture
def past(cast: Cast) -> Decision:
    """Somebody good, whom the shipped card and the shipped tables approve."""
    wang, subject = person(WANG, cast.lin), "application:A26-000001-8"
    tell(wang, subject, subject)
    made = decided(asking(wang, cast.lin, subject=subject), cast.lin)
    clock.tick(60)
    assert (made.outcome, made.tier) == ("approved", "A")
    return made


def stricter_card(_folder: Path) -> bytes:
    """Everybody has so many points less."""
    return zipped(another(points=-90))


def boosted(folder: Path) -> bytes:
    """Trees to which a good score of the bureau is a bad sign."""
    chance = Random(5)
    scores = [chance.randrange(400, 800) for _ in range(1200)]
    missed = [chance.randrange(0, 4) for _ in scores]
    bad = [int(chance.random() < (0.5 if score > 650 else 0.05) + 0.02 * count) for score, count in zip(scores, missed, strict=True)]
    pipeline.train_table(
        folder / "boosted", pa.table({"bureau_score": scores, "bureau_missed_12m": missed, "bad": bad}), Options(kind="boosting", target="bad"))
    return zipped({path.name: path.read_bytes() for path in (folder / "boosted").iterdir()})


@pytest.mark.parametrize(("kind", "made"), [("scorecard", stricter_card), ("boosting", boosted)])
def test_a_model_that_scores_nobody_yet_is_chosen_and_tried(
    browser: Any, past: Decision, rui: Actor, tmp_path: Path, kind: str, made: Any,  # noqa: F811
) -> None:
    draft = upload_model(data=made(tmp_path), name="草稿", purpose="person", note="", by=rui)
    assert (draft.kind, draft.status) == (kind, "draft")
    browser.acts_as(rui)
    page = browser.get("/risk/backtests/new/").content.decode()
    choices = page.partition('name="model_hash"')[2].partition("</select>")[0]
    active = registry.active("person")
    assert active is not None and active.content_hash not in choices
    assert f'value="{draft.content_hash}"' in choices and f"草稿 {draft.number} · 未启用" in choices and "现行模型" in choices
    assert browser.post("/risk/backtests/new/", ASKED | {"model_hash": "0" * 64}).status_code == 422
    with jobs.in_line():
        answer = browser.post("/risk/backtests/new/", ASKED | {"model_hash": draft.content_hash})
        while events.deliver_all() + jobs.run_due():
            pass
    test = Backtest.objects.get()
    assert (answer.status_code, test.status, test.trouble, test.applications, test.changed) == (302, "done", "", 1, 1)
    assert (test.champion["model"], test.challenger["model"]) == (active.content_hash, draft.content_hash)
    change = ChangedDecision.objects.get()
    assert (change.decision, change.outcome, change.score) == (past, "approved", past.score)
    assert change.outcome_new != "approved" and change.score_new is not None and change.score_new < 620
    assert draft.content_hash[:12] in browser.get(answer["Location"]).content.decode()
    assert ScoringModel.objects.get(pk=draft.pk).status == "draft" and Decision.objects.count() == 1  # nothing is decided by a backtest
