"""`@action`: one verb of the system, with permission, transaction and audit given by the wrapper."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from chezhe.finmath.money import Money
from chezhe.kernel import appending, audit, clock, context
from chezhe.kernel import roles as role_ids
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotPermitted, StepUpRequired
from chezhe.kernel.locks import waiting_politely
from chezhe.kernel.permission import Permission

F = TypeVar("F", bound=Callable[..., Any])
STEP_UP_LASTS = timedelta(minutes=10)
_TELLING = ("_number", "_code", "code", "kind", "outcome", "status", "method", "verb", "number", "subject", "reference")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """A registered verb: the permission matrix, the audit vocabulary and the RACI page are made from these."""

    name: str
    permission: Permission
    label: Any
    function: Callable[..., Any]

    @property
    def room(self) -> str:
        return self.name.split(".")[0]


REGISTRY: dict[str, ActionSpec] = {}
OTHER_VERBS: dict[str, Any] = {}


def name_verbs(labels: Mapping[str, Any]) -> None:
    """Name what is written into the audit trail without being an action, such as signing in."""
    OTHER_VERBS.update(labels)


def label_of(verb: str) -> str:
    """What people call a verb, in the reader's language; one that nobody registered keeps its code."""
    spec = REGISTRY.get(verb)
    return str(spec.label if spec else OTHER_VERBS.get(verb, verb))


def action(permission: Permission, *, label: Any = None) -> Callable[[F], F]:
    """Make a function of keyword arguments (one of them `by: Actor`) an action.

    `label` is what people call the verb; without it the permission's own label serves, which must then open no other action.
    Raises NotPermitted (403) when `by` lacks the permission and StepUpRequired (403) when it moves money
    and the second factor is stale; whatever the function raises undoes everything it wrote.
    """

    def wrap(function: F) -> F:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        if "by" not in inspect.signature(function).parameters:
            raise TypeError(f"{name} must take by: Actor")
        spec = ActionSpec(name, permission, permission.label if label is None else label, function)

        @functools.wraps(function)
        def run(**arguments: Any) -> Any:
            by: Actor = arguments["by"]
            try:
                _admit(spec, by)
                with waiting_politely(), transaction.atomic(), appending.together():
                    result = function(**arguments)
                    audit.record(
                        by=by, verb=name, subject=_subject(result, arguments), facts=_facts(arguments),
                        reason=str(arguments.get("reason") or ""),
                    )
                return result
            except BusinessError as refusal:
                _remember_refusal(spec, by, arguments, refusal)
                raise

        if REGISTRY.setdefault(name, spec).function is not function:
            raise ValueError(f"two actions called {name}")
        run.spec = spec  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return wrap


def _admit(spec: ActionSpec, by: Actor) -> None:
    if not by.can(spec.permission.code):
        grantors = role_ids.LABELS[role_ids.ADMIN]
        raise NotPermitted(permission=spec.permission.label, grantors=grantors, code=spec.permission.code)
    require_step_up(spec.permission, by)


def require_step_up(permission: Permission, by: Actor) -> None:
    """Raise StepUpRequired (403) when `permission` moves money and the second factor is stale; doors may ask beforehand."""
    if permission.moves_money:
        require_fresh_code(by)


def require_fresh_code(by: Actor) -> None:
    """Raise StepUpRequired (403) when a person's second factor was not proved within the last minutes, outsider or not."""
    is_fresh = by.stepped_up_at is not None and clock.now() - by.stepped_up_at <= STEP_UP_LASTS
    if by.kind != "system" and settings.STEP_UP_REQUIRED and not is_fresh:
        raise StepUpRequired()


def _subject(result: Any, arguments: Mapping[str, Any]) -> str:
    """The result's own `subject` ("loan:L26-…"), else the first `…_number` it was called with."""
    subject = getattr(result, "subject", None)
    if isinstance(subject, str):
        return subject
    for name, value in arguments.items():
        if name.endswith("_number") and isinstance(value, str):
            return f"{name.removesuffix('_number')}:{value}"
    return ""


def _facts(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Figures, dates and our own codes; free text and people's data stay out of the trail. A value of several parts says by
    `audit_facts` which of them belong there."""
    facts: dict[str, Any] = {}
    for name, value in arguments.items():
        facts |= _facts(getattr(value, "audit_facts", {}))
        if isinstance(value, Money):
            facts[name] = str(value)
        elif isinstance(value, bool | int) or value is None:
            facts[name] = value
        elif isinstance(value, Decimal | date | datetime):
            facts[name] = str(value)
        elif isinstance(value, Enum):
            facts[name] = value.value
        elif isinstance(value, str) and name.endswith(_TELLING):
            facts[name] = value
    return facts


def _remember_refusal(spec: ActionSpec, by: Actor, arguments: Mapping[str, Any], refusal: BusinessError) -> None:
    """The rollback takes every row with it, so the door writes the refusal afterwards (`write_refusals`)."""
    serving = context.current()
    if serving is not None:
        serving.refusals.append(
            {"by": by, "verb": spec.name, "subject": _subject(None, arguments), "outcome": "refused",
             "facts": {**_facts(arguments), "code": refusal.code}}
        )


def write_refusals(serving: context.RequestContext) -> None:
    """Called by the door after the request's transaction has ended."""
    for refusal in serving.refusals:
        audit.record(**refusal)
    serving.refusals.clear()
