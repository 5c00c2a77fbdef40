"""What the pages of a live trial show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.risk.deciding import assembling
from chezhe.risk.deciding.labels import STAGES
from chezhe.risk.deciding.values import TABLES
from chezhe.risk.permissions import VIEW_BACKTEST
from chezhe.risk.registry import queries as registry
from chezhe.risk.trials import comparing, figures, labels, permissions, queries
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.states import DRAFT, LIVE_TRIAL, PROPOSED, RUNNING
from chezhe.ui import formats, navigation
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status


def status_of(trial: LiveTrial, on: date) -> Status:
    """Where a trial stands on a day: one that was agreed to and whose first day has not come waits for it."""
    return labels.SCHEDULED if trial.status == RUNNING and on < trial.begins_on else labels.STATUSES[trial.status]


def verbs(trial: LiveTrial, actor: Actor) -> dict[str, bool]:
    """What this person can do with the trial now: the buttons. Whoever sees one branch only decides nothing for all."""
    whole = actor.sees_whole_house
    writes = actor.can(permissions.WRITE_TRIALS.code)
    return {
        "edit": whole and writes and trial.status == DRAFT, "submit": whole and writes and trial.status == DRAFT,
        "discard": whole and writes and trial.status == DRAFT,
        "withdraw": writes and trial.status == PROPOSED and bool(set(trial.maker_ids) & actor.user_ids),
        "stop": whole and actor.can(permissions.STOP_TRIAL.code) and LIVE_TRIAL.allows(trial.status, "stop_live_trial"),
    }


def trial_page(trial: LiveTrial, actor: Actor, on: date, at: datetime) -> dict[str, Any]:
    """Everything the page of a trial shows."""
    share, has_begun = float(trial.agreed_share), trial.began_at is not None
    shown: dict[str, Any] = {
        "trial": trial, "status": status_of(trial, on), "verbs": verbs(trial, actor), "contents": contents(trial),
        "guards": guard_rows(trial), "share": formats.rate(trial.agreed_share),
        "why": trial.get_over_why_display() if trial.over_why else "",
        "backtest": queries.backtest_of(trial), "may_backtest": actor.can(VIEW_BACKTEST.code), "has_begun": has_begun,
        "is_open": trial.status in (DRAFT, PROPOSED, RUNNING),
        "approval_url": navigation.url_or_none("approvals:request", trial.request_number) or "" if trial.status == PROPOSED else "",
        "track": track_of(moves.history(trial.subject), LIVE_TRIAL, begun=pgettext("trial", "起草")),
    }
    if not has_begun:
        return shown
    sides = figures.sides(trial, on, at)
    return shown | {
        "sides": sides, "rows": comparing.rows(sides, share), "charts": comparing.charts(sides), "split": comparing.split(sides, share),
        "moved": _("、").join(champion_moves(trial, on, at)),
    }


def contents(trial: LiveTrial) -> list[tuple[Any, str, str, bool]]:
    """(stage, what the champion had when it was handed in, what the challenger has, whether they differ)."""
    held = trial.versions if trial.status == DRAFT else dict(queries.tables(trial).values_list("table", "number"))
    kept = trial.champion or {}
    found = []
    for name in (*TABLES, "model"):
        was = (kept.get(name) or {}).get("number", "")
        tried = (trial.model.number if trial.model else "") if name == "model" else held.get(name, "")
        title = _("评分模型") if name == "model" else STAGES[name]
        found.append((title, was or _("现行版本"), tried or _("同冠军组"), bool(tried)))
    return found


def guard_rows(trial: LiveTrial) -> list[tuple[str, str]]:
    """What stops the trial by itself, in words."""
    found = []
    if trial.approval_gap_max is not None:
        found.append((_("自动批准率最多高出"), _("%(points)s 个百分点（两组各满 %(count)s 笔起）") % {
            "points": f"{trial.approval_gap_max * 100:f}".rstrip("0").rstrip("."), "count": formats.number(trial.applications_min)}))
    if trial.bad_rate_max is not None:
        found.append((_("放款不良率上限"), _("%(rate)s（放款满 %(count)s 笔起）") % {
            "rate": formats.rate(trial.bad_rate_max), "count": formats.number(trial.loans_min)}))
    return found


def champion_moves(trial: LiveTrial, on: date, at: datetime) -> list[str]:
    """What of the strategy in force was replaced while the trial ran: the comparison then stands on two champions."""
    if trial.began_at is None or on <= trial.begins_on:
        return []
    until_on, until = min(on, trial.ends_on), trial.over_at or at
    before, after = assembling.in_force(trial.begins_on), assembling.in_force(until_on)
    found = [
        f"{STAGES[name]} {after[name].number}" for name in TABLES
        if name in after and (name not in before or before[name].content_hash != after[name].content_hash)
    ]
    models = [registry.in_role_at(trial.purpose, "active", moment) for moment in (trial.began_at, until)]
    return found + ([str(models[1])] if models[0] != models[1] and models[1] is not None else [])
