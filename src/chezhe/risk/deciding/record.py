"""The record of a decision as bytes: everything that was known, everything that judged, and the answer.

Keys are sorted, nothing is spaced, money and counts are whole numbers, rates are text as they were, and only the scorecard's own
figures are floats (their shortest exact form). Whoever decides the record again has to come to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.compliance.rules import Limit, Need
from chezhe.risk.deciding.values import TABLES, Arm, Bounds, Case, Cover, Figure, Given, Policy, Scorer, Strategy, Value, Verdict

# What a record says of its strategy: from the second on coverage is a stage, from the third on fees that nobody told are unknown, and
# the fourth is of a loan on several cars, which are a stage of their own; a loan on one car goes on as in the third.
FORMAT_BEFORE_COVERAGE, FORMAT_BEFORE_FEES, FORMAT, FORMAT_OF_SEVERAL_CARS = 1, 2, 3, 4


_FORMATS = (FORMAT_BEFORE_COVERAGE, FORMAT_BEFORE_FEES, FORMAT, FORMAT_OF_SEVERAL_CARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Whose decision it is, of which kind, and when it was made: `decided_at` an ISO moment, `on` the business date."""

    number: str
    subject: str
    kind: str
    decided_at: str
    on: date


@dataclass(frozen=True, slots=True)
class Record:
    """The bytes and their SHA-256, which a person can read out."""

    body: bytes
    digest: str


def write(heading: Heading, case: Case, figures: Iterable[Figure], verdict: Verdict) -> Record:
    """The record of a verdict."""
    trial = case.strategy.trial
    body = canonical({
        **_format(case), "number": heading.number, "subject": heading.subject, "kind": heading.kind, "decided_at": heading.decided_at,
        "on": heading.on, "facts": {code: _given(given) for code, given in case.facts.items()},
        "policies": {name: _policy(case.strategy.policies.get(name)) for name in TABLES}, "model": _model(case.strategy.scorer),
        "bounds": case.bounds, "figures": list(figures), "verdict": verdict,
    } | ({"trial": trial} if trial is not None else {}))
    return Record(body, digest(body))


def _format(case: Case) -> dict[str, Any]:
    if case.cover is None:
        return {"format": FORMAT_BEFORE_COVERAGE}
    if case.cars:
        cars = {number: {code: _given(given) for code, given in told.items()} for number, told in case.cars.items()}
        return {"format": FORMAT_OF_SEVERAL_CARS, "cover": case.cover, "cars": cars}
    return {"format": FORMAT if case.asks_fees else FORMAT_BEFORE_FEES, "cover": case.cover}


def canonical(value: Any) -> bytes:
    """JSON in its one form. Raises ValueError for NaN and infinity, TypeError for what has no JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a record")


def _given(given: Given) -> dict[str, Any]:
    told = {"value": given.raw, "type": given.type, "source": given.source, "known_at": given.known_at}
    return told | ({"fault": given.fault} if given.fault else {})


def _policy(policy: Policy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    return {"code": policy.code, "version": policy.version, "hash": policy.content_hash, "collects": policy.collects}


def _model(scorer: Scorer | None) -> dict[str, Any] | None:
    if scorer is None:
        return None
    return {
        "name": scorer.name, "hash": scorer.content_hash, "inputs": list(scorer.inputs), "points": [scorer.points_min, scorer.points_max],
    }


# ---- reading a record again -----------------------------------------------------------------------------------


def read(body: bytes) -> dict[str, Any]:
    """The record as plain JSON. Raises ValueError for what is no record of this format."""
    told = json.loads(body)
    if not isinstance(told, dict) or told.get("format") not in _FORMATS:
        raise ValueError("not a record of this format")
    return told


def heading_of(told: Mapping[str, Any]) -> Heading:
    return Heading(
        number=told["number"], subject=told["subject"], kind=told["kind"], decided_at=told["decided_at"],
        on=date.fromisoformat(told["on"]),
    )


def facts_of(told: Mapping[str, Any]) -> dict[str, Given]:
    """The inputs as they were given."""
    return {code: _given_again(one) for code, one in told["facts"].items()}


def cars_of(told: Mapping[str, Any]) -> dict[str, dict[str, Given]]:
    """What was known of each further car, by its number; nothing of a loan on one car."""
    return {number: {code: _given_again(one) for code, one in given.items()} for number, given in told.get("cars", {}).items()}


def _given_again(one: Mapping[str, Any]) -> Given:
    fault = one.get("fault", "")
    value = None if fault else typed(one["type"], one["value"])
    return Given(value=value, raw=one["value"], type=one["type"], source=one["source"], known_at=one["known_at"], fault=fault)


def typed(kind: str, stored: Any) -> Value:
    """A value as Python has it, from what the record keeps."""
    if kind == "rate":
        return Decimal(stored)
    if kind == "date":
        return date.fromisoformat(stored)
    return stored  # type: ignore[no-any-return]


def bounds_of(told: Mapping[str, Any]) -> Bounds:
    kept = told["bounds"]
    limits = None if kept["limits"] is None else tuple(map(_limit, kept["limits"]))
    return Bounds(licence_type=kept["licence_type"], region=kept["region"], limits=limits, measure=kept["measure"])


def cover_of(told: Mapping[str, Any]) -> Cover | None:
    """The least coverage of the record; None in a record of before it was a rule."""
    if told["format"] == FORMAT_BEFORE_COVERAGE:
        return None
    least = told["cover"]["least_rate"]
    return Cover(least_rate=None if least is None else Decimal(least))


def asks_fees(told: Mapping[str, Any]) -> bool:
    """Whether fees that nobody told were unknown when the record was made, and not none."""
    return bool(told["format"] >= FORMAT)


def _limit(kept: Mapping[str, Any]) -> Limit:
    return Limit(Need(**kept["need"]), Decimal(kept["value"]), kept["source"], kept["effect"], kept["starts"])


def figures_of(told: Mapping[str, Any]) -> tuple[Figure, ...]:
    return tuple(Figure(**kept) for kept in told["figures"])


def strategy_with(told: Mapping[str, Any], tables: Mapping[str, Any], model: Any) -> Strategy:
    """The strategy of the record from tables by stage and the model, each fetched by its hash."""
    policies = {name: _policy_again(kept, tables.get(name)) for name, kept in told["policies"].items()}
    kept, trial = told["model"], arm_of(told)
    if kept is None:
        return Strategy(policies=policies, scorer=None, trial=trial)
    low, high = kept["points"]
    scorer = Scorer(
        name=kept["name"], content_hash=kept["hash"], model=model, inputs=tuple(kept["inputs"]), points_min=low, points_max=high,
    )
    return Strategy(policies=policies, scorer=scorer, trial=trial)


def arm_of(told: Mapping[str, Any]) -> Arm | None:
    """Where a live trial had put the application; None outside one."""
    kept = told.get("trial")
    return None if kept is None else Arm(number=kept["number"], arm=kept["arm"], share=Decimal(kept["share"]))


def _policy_again(kept: Mapping[str, Any] | None, table: Any) -> Policy | None:
    if kept is None:
        return None
    return Policy(code=kept["code"], version=kept["version"], content_hash=kept["hash"], table=table, collects=kept["collects"])
