"""Shared work on models: holding one, keeping an artefact, letting it score or stop, and carrying out what a vote came to."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from chezhe.approvals import steps as approvals
from chezhe.kernel import clock, events, moves, numbers, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason
from chezhe.risk.registry import errors, labels, queries
from chezhe.risk.registry.models import PREFIX, ModelTurn, ScoringModel
from chezhe.risk.registry.states import MODEL, WAITING
from chezhe.risk.registry.verifying import Verified

KIND = "risk.scoring_model"
NOTE_MAX = 1000


def lock(number: str) -> ScoringModel:
    """The model with every other of its purpose locked, so that they change places one after another; NotFound (404)."""
    purpose = ScoringModel.objects.filter(number=number).values_list("purpose", flat=True).first()
    if purpose is None:
        raise NotFound(what=number)
    rows = ScoringModel.objects.select_for_update(no_key=True).filter(purpose=purpose).defer("content").order_by("pk")
    return next(row for row in rows if row.number == number)


def row_of(found: Verified, *, number: str, name: str, purpose: str, note: str, by: Actor) -> ScoringModel:
    """A verified artefact as a row, not saved yet."""
    return ScoringModel(
        number=number, name=name.strip(), purpose=purpose, kind=found.model.kind, content_hash=found.model.hash, data_hash=found.data_hash,
        content=found.packed, inputs=list(found.model.columns), metrics=found.metrics, card=found.card, note=note.strip()[:NOTE_MAX],
        parent=ScoringModel.objects.filter(content_hash=found.parent_hash).first() if found.parent_hash else None,
        maker_ids=sorted(by.user_ids), uploaded_by_name=by.name, uploaded_at=clock.now(),
    )


def keep(found: Verified, *, name: str, purpose: str, note: str, verb: str, by: Actor) -> ScoringModel:
    """Register a verified artefact that scores nobody yet. Raises ModelTwice (409) or Invalid (422)."""
    if not name.strip():
        raise Invalid(field="name", code="model_name_missing", sentence=_("请填写模型名称。"))
    twin = ScoringModel.objects.filter(content_hash=found.model.hash).values_list("number", flat=True).first()
    if twin:
        raise errors.ModelTwice(number=twin)
    row = row_of(found, number=numbers.next_number(PREFIX, clock.today()), name=name, purpose=purpose, note=note, by=by)
    row.save()
    moves.record(row.subject, verb, "", row.status, by=by, reason=row.note)
    return row


def submit(model: ScoringModel, wish: str, reason: str, by: Actor) -> None:
    """Ask a second person to let a locked model score, or compete in the shadow. Nobody who brought it in may agree."""
    kept = require_reason(reason, most=NOTE_MAX)
    if wish not in dict(labels.WISHES) or (wish == "shadow" and model.status != "draft"):
        raise Invalid(field="wish", code="model_wish", sentence=_("请选择申请启用还是影子运行。"))
    MODEL.require(model.status, "submit_model")
    makers = {*model.maker_ids, *by.user_ids}
    # What risk management proposes is checked by compliance, and the other way round.
    checker = roles.COMPLIANCE if roles.RISK_MANAGER in by.roles else roles.RISK_MANAGER
    title = _("启用评分模型 %(model)s") if wish == "active" else _("影子运行评分模型 %(model)s")
    request = approvals.open_request(
        kind=KIND, subject=model.subject, title=title % {"model": str(model)}, stages=[{"role": checker}], maker_ids=makers, branch_id=None,
        by=by,
    )
    moves.move(model, MODEL, "submit_model", by=by, reason=kept)
    model.wish, model.request_number, model.maker_ids = wish, request.number, sorted(makers)
    model.save(update_fields=["wish", "request_number", "maker_ids"])


_VERBS = {"returned": "return_model", "rejected": "refuse_model", "withdrawn": "withdraw_model"}


def settle(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the vote came to, in the transaction of the deciding vote."""
    model = lock(subject.partition(":")[2])
    if outcome == "approved":
        activate(model, by) if model.wish == "active" else challenge(model, by)
        return
    was_challenger = model.status == "promoting"
    moves.move(model, MODEL, _VERBS[outcome], by=by)
    if was_challenger and model.status == "refused":
        turn(model.purpose, "shadow", None, "refuse_model", by=by)


def activate(model: ScoringModel, by: Actor) -> None:
    """From now on a locked model scores its kind of borrower; the one before it is retired."""
    was_challenger = model.status == "promoting"
    former = queries.active(model.purpose)
    if former is not None:
        moves.move(former, MODEL, "replace_model", by=by, reason=model.number)
    moves.move(model, MODEL, "activate_model", by=by)
    turn(model.purpose, "active", model, "activate_model", by=by)
    if was_challenger:
        turn(model.purpose, "shadow", None, "activate_model", by=by)
    announce("model.activated", model, former)


def challenge(model: ScoringModel, by: Actor) -> None:
    """From now on a locked model scores beside the one in force; a challenger before it is retired."""
    former = queries.challenger(model.purpose)
    if former is not None and former.pk != model.pk:
        _take_back(former)
        moves.move(former, MODEL, "retire_shadow", by=by, reason=model.number)
    moves.move(model, MODEL, "begin_shadow", by=by)
    turn(model.purpose, "shadow", model, "begin_shadow", by=by)


def roll_back(model: ScoringModel, former: ScoringModel, reason: str, by: Actor) -> None:
    """Bring a former model back in the place of the locked one that is in force."""
    _take_back(former)
    moves.move(model, MODEL, "roll_back_model", by=by, reason=reason)
    moves.move(former, MODEL, "restore_model", by=by, reason=reason)
    turn(model.purpose, "active", former, "roll_back_model", by=by)
    announce("model.activated", former, model)


def _take_back(model: ScoringModel) -> None:
    """Nobody need vote any more on a model that changes its place anyway."""
    if model.status in WAITING:
        approvals.withdraw(request_number=model.request_number, by=SYSTEM)
        model.refresh_from_db(fields=["status"])


def turn(purpose: str, role: str, model: ScoringModel | None, verb: str, *, by: Actor, at: datetime | None = None) -> None:
    """Keep since when a model stands in a role; None: nobody does any more."""
    ModelTurn.objects.create(purpose=purpose, role=role, model=model, verb=verb, turned_at=at or clock.now(), by_name=by.name)


def announce(name: str, model: ScoringModel, former: ScoringModel | None) -> None:
    """Tell the rooms above which model scores now."""
    events.publish(name, model.subject, {
        "number": model.number, "purpose": model.purpose, "content_hash": model.content_hash, "former": former.number if former else "",
    })
