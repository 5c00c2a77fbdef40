"""Small models of facts for the tests of the registry, packed as they are uploaded, and people who bring them in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.deciding import record
from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.record import Heading
from chezhe.risk.deciding.values import Case, Given, Scoring, Terms, Verdict
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import stored
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.relations import steps as relation_steps
from chezhe.risk.tests.deciding.cases import BOUNDS, strategy
from chezhe.scorecards import artefact
from chezhe.scorecards.artefact import MANIFEST

SUBJECT = "application:A26-000001-8"
TODAY = date(2026, 3, 16)


@dataclass(frozen=True)
class Desk:
    """Fei is a risk officer, Rui manages risk, He is compliance; Lin sells, Xu audits."""

    cast: Cast
    fei: Actor
    rui: Actor
    he: Actor
    lin: Actor
    xu: Actor
    wang: Customer

    def upload(self, data: bytes, by: Actor | None = None, name: str = "个人卡二号") -> ScoringModel:
        return upload_model(data=data, name=name, purpose="person", note="", by=by or self.fei)

    def agreed(self, model: ScoringModel, wish: str = "active", by: Actor | None = None) -> ScoringModel:
        """Submitted by whoever brought it in and agreed to by the other side."""
        asked = submit_model(scoring_model_number=model.number, wish=wish, reason="离线验证更好", by=by or self.fei)
        cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=self.he if by is self.rui else self.rui)
        asked.refresh_from_db()
        return asked


@pytest.fixture(autouse=True)
def house(db: None) -> Iterator[None]:
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")):
        business_date.open_day(TODAY)
        yield


@pytest.fixture
def desk(db: None) -> Desk:
    return set_up()


def set_up() -> Desk:
    """The people of a desk, each with the whole house in reach, and a customer."""
    cast = make_cast()
    fei, rui, he = (
        hire(name, cast.east, role, reach=Reach.ALL)
        for name, role in (("飞", roles.RISK_OFFICER), ("瑞", roles.RISK_MANAGER), ("何", roles.COMPLIANCE))
    )
    return Desk(cast, fei, rui, he, cast.lin, cast.xu, person(WANG, cast.lin))


def shipped_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(SHIPPED).iterdir()}


def signed(files: Mapping[str, bytes], kind: str = "scorecard", **manifest: Any) -> dict[str, bytes]:
    """The files with a manifest that vouches for them."""
    kept = {name: content for name, content in files.items() if name != MANIFEST}
    told = json.loads(artefact.manifest(kind, kept)) | manifest
    return kept | {MANIFEST: artefact.dump(told)}


def another(points: int = 15, **changes: Any) -> dict[str, bytes]:
    """The shipped card with another base: everybody has so many points more."""
    files = shipped_files()
    card = json.loads(files["card.json"])
    card["base_points"] += points
    card["intercept"] -= points / 28.8539
    return signed(files | {"card.json": artefact.dump(card | changes)})


def zipped(files: Mapping[str, bytes], folder: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(folder + name, content)
    return held.getvalue()


# ---- decisions of the past, written as the machine writes them ---------------------------------------------------

def past(customer: Customer, by: Actor, serial: int, at: datetime, facts: Mapping[str, Any], bad: int | None = None) -> Decision:
    """A live decision about an application, and what became of its loan."""
    given = {code: _given(code, raw, at) for code, raw in {"borrower_kind": "person", **facts}.items()}
    case = Case(facts=given, strategy=replace(strategy(), scorer=None), bounds=BOUNDS)
    verdict = Verdict(
        outcome="referred", route="review", tier="B", scoring=Scoring(probability=0.05, score=600, base=600.0), terms=Terms(), reasons=(),
        unknown=())
    subject, on = f"application:A25-{serial:06d}-0", at.astimezone(clock.SHANGHAI).date()
    heading = Heading(number=f"DC25-{serial:06d}-0", subject=subject, kind="live", decided_at=at.isoformat(), on=on)
    written = record.write(heading, case, (), verdict)
    if bad is not None:
        then = at + timedelta(days=200)
        relation_steps.record_outcome(subject, "bad" if bad else "good", on=then.date(), known_at=then, reference=f"loan:{serial}")
    return Decision(
        number=heading.number, subject=subject, kind="live", branch_id=customer.branch_id, owner_id=by.user_id, customer=customer,
        decided_at=at, business_date=on, outcome="referred", route="review", tier="B", score=600, amount=Money(6_000_000),
        record=written.body.decode(), digest=written.digest)


def _given(code: str, raw: Any, at: datetime) -> Given:
    value = CATALOGUE[code].read(raw)
    return Given(value=value, raw=stored(value), type=CATALOGUE[code].type, source="bureau", known_at=at.isoformat())
