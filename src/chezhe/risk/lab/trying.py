"""What is tried against what: the versions and models of both sides, as they are kept and as they judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chezhe.kernel.errors import NotFound
from chezhe.policies import queries as policy_queries
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import assembling, champion
from chezhe.risk.deciding.values import TABLES, Policy, Scorer, Strategy
from chezhe.risk.lab import errors
from chezhe.risk.registry import queries as registry_queries
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.states import ACTIVE

# Companies are not scored: their cases go to people whatever is tried.
BORROWER: Final = "person"
MODEL: Final = "model"
MODELS_MOST: Final = 50


class Gone(Exception):
    """What was to be tried is no longer what it was: `code` of `errors.TROUBLES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Trial:
    """What a person wants to try: numbers of versions by table (`tier-v3`; a table left out stays as it is), and the hash of a model."""

    versions: Mapping[str, str] = field(default_factory=dict)
    model_hash: str = ""


def in_force(on: date) -> dict[str, Any]:
    """The strategy in force on a day, as a backtest keeps it."""
    current, scorer = assembling.in_force(on), champion.scorer_for(BORROWER)
    kept = {name: _kept(current[name]) if name in current else None for name in TABLES}
    return kept | {MODEL: None if scorer is None else scorer.content_hash}


def _kept(version: PolicyVersion) -> dict[str, str]:
    return {"number": version.number, "hash": version.content_hash}


def tried(trial: Trial, current: Mapping[str, Any]) -> dict[str, Any]:
    """The strategy in force with what is tried in its place. Raises NotFound (404), VersionElsewhere, VersionBroken, ModelGone or
    NothingTried (422)."""
    found = dict(current)
    for name, number in trial.versions.items():
        if not number:
            continue
        version = policy_queries.version_called(number)
        if version.policy.code != name or name not in TABLES:
            raise errors.VersionElsewhere(number=number, table=name)
        if assembling.compiled_or_none(version) is None:
            raise errors.VersionBroken(number=number)
        found[name] = _kept(version)
    if trial.model_hash:
        if champion.scorer_called(trial.model_hash) is None:
            raise errors.ModelGone(hash=trial.model_hash)
        found[MODEL] = trial.model_hash
    if all((found[name] or {}).get("hash") == (current[name] or {}).get("hash") for name in TABLES) and found[MODEL] == current[MODEL]:
        raise errors.NothingTried()
    return found


def strategy(kept: Mapping[str, Any]) -> Strategy:
    """What was kept, ready to judge. Raises Gone when it is not there any more, or not the same."""
    policies = {name: None if kept[name] is None else _policy(kept[name]) for name in TABLES}
    return Strategy(policies=policies, scorer=_scorer(kept[MODEL]))


def _policy(kept: Mapping[str, str]) -> Policy:
    try:
        version = policy_queries.version_called(kept["number"])
    except NotFound as gone:
        raise Gone("version_gone") from gone
    if version.content_hash != kept["hash"]:
        raise Gone("draft_changed")
    policy = assembling.policy_of(version)
    if policy is None:
        raise Gone("version_gone")
    return policy


def _scorer(content_hash: str | None) -> Scorer | None:
    if content_hash is None:
        return None
    found = champion.scorer_called(content_hash)
    if found is None:
        raise Gone("version_gone")
    return found


def models_to_try() -> list[ScoringModel]:
    """The models of borrowers that can be tried, newest first: whatever was registered and is not the one in force."""
    return list(registry_queries.light().filter(purpose=BORROWER).exclude(status=ACTIVE).order_by("-id")[:MODELS_MOST])


def to_try(name: str) -> list[PolicyVersion]:
    """The versions of a table that can be tried, newest first: drafts and what was ever published, without broken ones."""
    rows = PolicyVersion.objects.filter(policy__code=name).exclude(status="discarded").select_related("policy").order_by("-version")[:20]
    return [version for version in rows if assembling.compiled_or_none(version) is not None]
