"""View-models of the models' pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.risk.registry import charts, labels, permissions, purposes, queries
from chezhe.risk.registry.models import ModelWatch, ScoringModel
from chezhe.risk.registry.states import ACTIVE, CHALLENGING, MODEL, OPEN, WAITING
from chezhe.ui import formats, navigation
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

STATUSES: Final = {code: Status(label, labels.STATUS_TONES[code]) for code, label in MODEL.choices()}
WATCHES_SHOWN, SCORES_SHOWN, SCORES_DRAWN = 24, 20, 5000
_AT_WORK: Final = (ACTIVE, *CHALLENGING)


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure of the newest look in words."""

    title: str
    value: str
    status: Status


def verbs(model: ScoringModel, actor: Actor) -> dict[str, bool]:
    """What this person can do with the model now: the buttons. Whoever sees one branch only decides nothing for all."""
    whole = actor.sees_whole_house
    maintains = whole and actor.can(permissions.MAINTAIN_MODELS.code)
    return {
        "submit": maintains and MODEL.allows(model.status, "submit_model"),
        "withdraw": maintains and MODEL.allows(model.status, "withdraw_model") and bool(set(model.maker_ids) & actor.user_ids),
        "retire": maintains and MODEL.allows(model.status, "retire_shadow"),
        "recalibrate": maintains and model.status in _AT_WORK and not is_price(model),
        "watch": actor.can(permissions.WATCH_MODELS.code) and model.status in _AT_WORK,
        "roll_back": whole and actor.can(permissions.ROLL_BACK_MODEL.code) and model.status == "active"
        and queries.before(model.purpose) is not None,
    }


def is_price(model: ScoringModel) -> bool:
    """Whether it values cars; such a model is trained again, and never only recalibrated."""
    return model.kind == "valuation"


def model_page(model: ScoringModel, actor: Actor, on: date) -> dict[str, Any]:
    """Everything the page of a model shows."""
    watches = list(queries.watches(model)[:WATCHES_SHOWN])
    alert = next((one for one in watches if one.status == OPEN), queries.watches(model).filter(status=OPEN).first())
    return {
        "model": model, "status": STATUSES[model.status], "verbs": verbs(model, actor), "figures": figures(model), "data": _data(model),
        "inputs": [(name, purposes.input_title(name)) for name in model.inputs], "recalibrations": _recalibrations(model),
        "former": queries.before(model.purpose) if model.status == "active" else None, "turns": _turns(model),
        "track": track_of(moves.history(model.subject), MODEL, begun=pgettext("model", "登记")),
        "approval_url": navigation.url_or_none("approvals:request", model.request_number) or "" if model.status in WAITING else "",
        "is_at_work": model.status in _AT_WORK, "alert": alert,
        "can_answer": alert is not None and actor.can(permissions.ANSWER_DRIFT.code),
        "is_price": is_price(model), **_drift(model, watches, on), **_shadow(model), **_beside(model),
    }


def figures(model: ScoringModel) -> list[tuple[str, str]]:
    """What the model could do on rows that training had not seen."""
    test = model.metrics.get("test", {})
    told = [
        (_("区分度 AUC"), test.get("auc"), "{:.3f}"), (pgettext("model", "KS"), test.get("ks"), "{:.3f}"),
        (_("校准误差 ECE"), test.get("ece"), "{:.4f}"), (_("平均误差 MAPE"), test.get("mape"), "{:.1%}"),
        (_("误差中位数"), test.get("median_ape"), "{:.1%}"), (_("区间覆盖率"), test.get("coverage"), "{:.1%}"),
        (_("验证样本"), test.get("rows"), "{:,}"), (_("验证不良率"), test.get("bad_rate"), "{:.2%}"),
    ]
    return [(str(name), shape.format(value)) for name, value, shape in told if isinstance(value, int | float)]


def _data(model: ScoringModel) -> dict[str, Any]:
    data = model.card.get("data", {})
    return {
        "file": data.get("file", ""), "rows": data.get("rows"), "first_day": data.get("first_day", ""),
        "last_day": data.get("last_day", ""), "target": model.card.get("target", ""), "seed": model.card.get("split", {}).get("seed", ""),
    }


def _recalibrations(model: ScoringModel) -> list[dict[str, Any]]:
    return [
        {"slope": f"{one['slope']:.3f}", "shift": f"{one['shift']:+.3f}", "rows": one["before"]["rows"],
         "before": f"{one['before']['ece']:.4f}", "after": f"{one['after']['ece']:.4f}"}
        for one in model.card.get("recalibrations", [])
    ]


def _turns(model: ScoringModel) -> list[tuple[str, str, str, str]]:
    """From when to when it stood in which role, and by whom."""
    rows, found = list(queries.turns(model)), []
    for place, turn in enumerate(rows):
        if turn.model_id != model.pk:
            continue
        after = next((later for later in rows[place + 1:] if later.role == turn.role), None)
        found.append((
            str(turn.get_role_display()), formats.moment(turn.turned_at), formats.moment(after.turned_at) if after else "", turn.by_name))
    return found


def _drift(model: ScoringModel, watches: list[ModelWatch], on: date) -> dict[str, Any]:
    if not watches:
        return {"watches": []}
    newest, oldest_first = watches[0], list(reversed(watches))
    return {
        **_halves(model, newest), "watches": watches, "newest": newest, "newest_status": labels.LEVEL_STATUSES[newest.level],
        "population_status": labels.LEVEL_STATUSES[newest.population], "outcome_status": labels.LEVEL_STATUSES[newest.outcome],
        "moved": [_finding(one) for one in newest.findings if one["verdict"] != "stable"],
        "drift_chart": charts.drift(oldest_first, on) if any(one.psi is not None for one in watches) else None,
        "inputs_chart": charts.inputs(newest, on) if newest.csi else None,
        "outcomes_chart": _outcomes(oldest_first) if any(one.expected_bads is not None for one in watches) else None,
    }


def _halves(model: ScoringModel, newest: ModelWatch) -> dict[str, str]:
    """What the two halves of a look are about, in words: applications, customers, or cars."""
    if is_price(model):
        labels_of = _("估值车辆分布"), _("估值与成交")
        people, ended = _("%(rows)s 辆，%(first)s 至 %(last)s"), _("%(rows)s 笔成交，区间之外 %(bads)s 笔（%(first)s 至 %(last)s）")
    else:
        is_of_customers = model.purpose in ("behaviour", "warning")
        labels_of = _("客户分布") if is_of_customers else _("申请人分布"), _("概率与结果")
        people = _("%(rows)s 位客户，%(first)s 至 %(last)s") if is_of_customers else _("%(rows)s 笔申请，%(first)s 至 %(last)s")
        ended = _("%(rows)s 笔有结果，不良 %(bads)s 笔（%(first)s 至 %(last)s）")
    return {
        "population_label": labels_of[0], "outcome_label": labels_of[1],
        "population_words": people % {
            "rows": f"{newest.rows:,}", "first": formats.day(newest.first_on), "last": formats.day(newest.last_on)},
        "outcome_words": ended % {
            "rows": f"{newest.outcome_rows:,}", "bads": f"{newest.bads:,}", "first": formats.day(newest.cohort_first_on),
            "last": formats.day(newest.cohort_last_on)},
    }


def _outcomes(oldest_first: list[ModelWatch]) -> Any:
    return charts.prices(oldest_first) if any(one.mape is not None for one in oldest_first) else charts.outcomes(oldest_first)


def _finding(told: dict[str, Any]) -> Finding:
    of = f" · {purposes.input_title(told['of'])}" if told["of"] else ""
    value = formats.MISSING if told["value"] is None else f"{told['value']:.3f}"
    return Finding(f"{labels.FINDINGS[told['what']]}{of}", value, labels.LEVEL_STATUSES[told["verdict"]])


def _beside(model: ScoringModel) -> dict[str, Any]:
    """What a challenger said of customers or cars, beside the model in force."""
    pairs = list(queries.answers(model).values_list("live", "said")[:SCORES_DRAWN])
    if not pairs:
        return {"beside": None}
    figure = purposes.called(model.purpose).figure
    is_share = figure == "price"
    more = sum((float((said - live) / live if is_share else said - live) for live, said in pairs), 0.0) / len(pairs)
    return {
        "beside": {"count": len(pairs), "more": f"{more:+.1f}" if figure == "points" else f"{more:+.2%}"},
        "beside_chart": charts.beside(figure, pairs),
    }


def _shadow(model: ScoringModel) -> dict[str, Any]:
    """What the challenger said beside the model in force."""
    summed = queries.scores(model).order_by().aggregate(
        count=Count("pk"), same=Count("pk", filter=Q(outcome=F("live_outcome"))), same_tier=Count("pk", filter=Q(tier=F("live_tier"))),
        more=Avg(F("score") - F("live_score")),
    )
    if not summed["count"]:
        return {"shadow": None}
    pairs = queries.scores(model).exclude(score=None).exclude(live_score=None).values_list("live_score", "score")[:SCORES_DRAWN]
    rows = queries.scores(model).select_related("decision", "shadow").defer("decision__record", "shadow__record")[:SCORES_SHOWN]
    return {
        "shadow": {
            "count": summed["count"], "same": f"{summed['same'] / summed['count']:.1%}",
            "same_tier": f"{summed['same_tier'] / summed['count']:.1%}",
            "more": formats.MISSING if summed["more"] is None else f"{summed['more']:+.1f}",
        },
        "agreement_chart": charts.agreement(queries.agreement(model)), "tiers_chart": charts.tiers(queries.tier_moves(model)),
        "differences_chart": charts.differences(pairs), "scores": list(rows),
    }
