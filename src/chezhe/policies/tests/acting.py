"""Who works on the tables in these tests, and a way through all the steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chezhe.decisiontables.values import Table
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import actor, moment
from chezhe.policies import queries
from chezhe.policies.actions.draft_version import draft_version
from chezhe.policies.actions.edit_version import edit_version
from chezhe.policies.actions.publish_version import publish_version
from chezhe.policies.actions.submit_version import submit_version
from chezhe.policies.models import PolicyVersion
from chezhe.staff.models import User

DAY = date(2026, 3, 20)
LATER = date(2026, 4, 1)


def person(name: str, *held: str) -> Actor:
    """Somebody with an account."""
    user = User.objects.create(username=name, name=name, password="!", created_at=moment("2026-01-01 09:00"))
    return actor(name, *held, user_id=user.pk)


def maker() -> Actor:
    return person("林", roles.RISK_MANAGER)


def checker() -> Actor:
    return person("陈", roles.COMPLIANCE)


def drafted(by: Actor, code: str = "tier", from_number: str = "") -> PolicyVersion:
    return draft_version(policy_code=code, from_number=from_number, business_date=DAY, by=by)


def changed(table: Table, row: int, **cells: str) -> Table:
    """The table with other cells in one row (from 1), by the name of their column."""
    rules = list(table.rules)
    rule = rules[row - 1]
    when = tuple(cells.get(c.name, old) for c, old in zip(table.inputs, rule.when, strict=True))
    then = tuple(cells.get(c.name, old) for c, old in zip(table.outputs, rule.then, strict=True))
    rules[row - 1] = replace(rule, when=when, then=then)
    return replace(table, rules=tuple(rules))


def saved(version: PolicyVersion, by: Actor, row: int = 2, *, on: date = DAY, based_on: str = "", **cells: str) -> PolicyVersion:
    """The draft with other cells in one row."""
    table = changed(version.table, row, **cells)
    return edit_version(version_number=version.number, table=table, effective_from=on, note="试", based_on=based_on, by=by)


def submitted(version: PolicyVersion, by: Actor) -> PolicyVersion:
    return submit_version(version_number=version.number, business_date=DAY, by=by)


def published(version: PolicyVersion, by: Actor, on: date = DAY) -> PolicyVersion:
    return publish_version(version_number=version.number, effective_from=on, business_date=DAY, by=by)


def through(maker: Actor, checker: Actor, *, on: date = DAY, **cells: str) -> PolicyVersion:
    """A new version of the tier table that is published, beginning `on`."""
    version = saved(drafted(maker), maker, **(cells or {"score": ">= 660"}), on=on)
    submitted(version, maker)
    return published(version, checker, on)


def answer(version: PolicyVersion, **facts: Any) -> Any:
    """What a version says."""
    return queries.compiled(version).evaluate(facts)
