"""What somebody wants to try, and whether it can be tried: asked when it is written, when it is handed in, and when it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.decisiontables import files
from chezhe.decisiontables.values import Table
from chezhe.kernel.models import StatusMove
from chezhe.policies import judging
from chezhe.policies import queries as policy_queries
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import CANCELLED
from chezhe.policies.wording import sentence_of
from chezhe.risk.deciding import assembling, champion
from chezhe.risk.deciding.values import TABLES
from chezhe.risk.registry import queries as registry
from chezhe.risk.registry import source
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.trials import errors, labels, rules
from chezhe.risk.trials.models import LiveTrial, TrialTable

TITLE_MAX, HYPOTHESIS_MAX, COUNT_MAX = 80, 1000, 10_000_000
_USABLE = ("draft", "submitted", "published")
# What is done to a model that is no longer wanted; after it a trial has to be handed in anew.
_TAKES_BACK = ("withdraw_model", "return_model", "refuse_model", "retire_shadow", "roll_back_model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A trial as it is filled in. `versions` name a version for every table that is to be another one (`{"tier": "tier-v3"}`), the
    period is `[begins_on, ends_on)`, shares and rates are fractions; None: no limit."""

    title: str
    hypothesis: str
    purpose: str = "person"
    versions: Mapping[str, str] = field(default_factory=dict)
    model_number: str = ""
    share: Decimal
    begins_on: date
    ends_on: date
    applications_max: int | None = None
    approval_gap_max: Decimal | None = None
    applications_min: int = 50
    bad_rate_max: Decimal | None = None
    loans_min: int = 30

    @property
    def audit_facts(self) -> dict[str, Any]:
        """What the trail says of it: figures and numbers, no words."""
        return {"share": self.share, "begins_on": self.begins_on, "ends_on": self.ends_on, "model_number": self.model_number}


def require_sound(plan: Plan, on: date) -> None:
    """Raises what is wrong with the figures of a plan (422)."""
    if not plan.title.strip():
        raise errors.TitleMissing()
    if not plan.hypothesis.strip():
        raise errors.HypothesisMissing()
    if plan.purpose not in dict(labels.PURPOSES):
        raise errors.PurposeUnknown()
    if not rules.is_share(plan.share):
        raise errors.ShareWrong()
    if plan.begins_on >= plan.ends_on:
        raise errors.PeriodWrong()
    if plan.begins_on < on:
        raise errors.BeginsInThePast(begins_on=plan.begins_on)
    for name in ("approval_gap_max", "bad_rate_max"):
        rate = getattr(plan, name)
        if rate is not None and not 0 < rate < 1:
            raise errors.FigureWrong(name)
    for name in ("applications_max", "applications_min", "loans_min"):
        count = getattr(plan, name)
        if count is not None and not 1 <= count <= COUNT_MAX:
            raise errors.FigureWrong(name)


def chosen(plan: Plan, on: date) -> tuple[dict[str, PolicyVersion], ScoringModel | None]:
    """The versions by table and the model that a plan wants tried. Raises what is wrong with the plan or with one of them, and
    NothingDiffers (422)."""
    require_sound(plan, on)
    versions, model = versions_of(plan.versions), model_of(plan.model_number, plan.purpose)
    hashes = {name: version.content_hash for name, version in versions.items()}
    require_differs(hashes, model.content_hash if model else "", plan.purpose, on)
    return versions, model


def plan_of(trial: LiveTrial) -> Plan:
    """A trial as it was filled in."""
    names = ("title", "hypothesis", "purpose", "versions", "begins_on", "ends_on", "applications_max", "approval_gap_max",
             "applications_min", "bad_rate_max", "loans_min")
    kept = {name: getattr(trial, name) for name in names}
    return Plan(**kept, share=trial.agreed_share, model_number=trial.model.number if trial.model else "")


def versions_of(wanted: Mapping[str, str]) -> dict[str, PolicyVersion]:
    """The versions that are to be tried, by table. Raises NotFound (404), TableElsewhere or TableFaulty (422)."""
    found = {}
    for name, number in wanted.items():
        if not number:
            continue
        version = policy_queries.version_called(number)
        if name not in TABLES or version.policy.code != name or version.status not in _USABLE:
            raise errors.TableElsewhere(number=number, table=name)
        require_faultless(version)
        found[name] = version
    return found


def require_faultless(version: PolicyVersion, table: Table | None = None) -> None:
    """Raises TableFaulty (422): judged anew, for the catalogue of facts may have changed since it was written. `table` is a copy of what
    the version held once; without it what it holds now is judged."""
    faults = [found for found in judging.judge(version.policy, table or version.table) if found.is_error]
    if faults:
        raise errors.TableFaulty(number=version.number, first=sentence_of(faults[0]))
    if table is None and assembling.compiled_or_none(version) is None:
        raise errors.TableFaulty(number=version.number, first="")


def require_upheld(trial: LiveTrial, copies: Iterable[TrialTable]) -> None:
    """Nothing that was handed in has been taken back since, and its tables are without faults still. Raises VersionCancelled or
    ModelTakenBack (409), TableFaulty (422). That a draft was changed or given up changes nothing: its copy is tried."""
    for copy in copies:
        version = policy_queries.version_called(copy.number)
        if version.status == CANCELLED:
            raise errors.VersionCancelled(number=trial.number, version=version.number)
        require_faultless(version, files.from_json(copy.content))
    if trial.model is None:
        return
    asked = StatusMove.objects.filter(subject=trial.subject, verb="submit_live_trial").latest("id")
    if StatusMove.objects.filter(subject=trial.model.subject, verb__in=_TAKES_BACK, id__gt=asked.pk).exists():
        raise errors.ModelTakenBack(number=trial.number, model=trial.model.number)


def model_of(number: str, purpose: str) -> ScoringModel | None:
    """The model that is to be tried; None when the one in force stays. Raises NotFound (404), ModelOfOthers or ModelUnusable (422)."""
    if not number:
        return None
    model = registry.called(number)
    if model.purpose != purpose:
        named = {"theirs": model.get_purpose_display(), "ours": dict(labels.PURPOSES)[purpose]}
        raise errors.ModelOfOthers(number=number, **named)
    if model.status == "refused" or source.by_hash(model.content_hash) is None:
        raise errors.ModelUnusable(number=number)
    return model


def require_differs(versions: Mapping[str, str], model_hash: str, purpose: str, on: date) -> None:
    """Raises NothingDiffers (422) when every table (by hash) and the model are what is in force on a day."""
    current = assembling.in_force(on)
    same = [name in current and current[name].content_hash == content_hash for name, content_hash in versions.items()]
    if model_hash:
        scorer = champion.scorer_for(purpose)
        same.append(scorer is not None and scorer.content_hash == model_hash)
    if all(same):
        raise errors.NothingDiffers()


def in_force(purpose: str, on: date) -> dict[str, Any]:
    """What is in force on a day, as a trial keeps it: number and hash of every table, and the hash of the model."""
    current, scorer = assembling.in_force(on), champion.scorer_for(purpose)
    kept = {name: {"number": current[name].number, "hash": current[name].content_hash} if name in current else None for name in TABLES}
    return kept | {"model": None if scorer is None else {"number": scorer.name, "hash": scorer.content_hash}}


def to_choose(purpose: str = "") -> list[ScoringModel]:
    """The models that can be tried, newest first: what was not refused and does not score already."""
    rows = registry.light().defer("content", "card", "metrics", "parent").select_related(None)
    rows = rows.filter(purpose__in=[code for code, _label in labels.PURPOSES]).exclude(status__in=("refused", "active"))
    return list((rows.filter(purpose=purpose) if purpose else rows)[:50])
