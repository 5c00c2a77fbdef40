"""Shipped texts become version 1 of every template, published, in a database that has none."""

from __future__ import annotations

from datetime import date
from typing import Any

from chezhe.contracts.wording import rules, shipped
from chezhe.contracts.wording.models import Clause, ClauseVersion, TemplateVersion
from chezhe.contracts.wording.states import PUBLISHED
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM

EFFECTIVE_FROM = date(2018, 1, 1)
SHIPPED_BY = SYSTEM.name


def seed_wording(**_named: Any) -> None:
    """Called after every migration; what is there already stays as it is."""
    at = clock.now()
    there = set(Clause.objects.values_list("code", flat=True))
    for code, (name, body) in shipped.clauses().items():
        if code not in there:
            made = Clause.objects.create(code=code, name=name)
            ClauseVersion.objects.create(clause=made, version=1, body=body, written_at=at, written_by_name=SHIPPED_BY)
    known = set(TemplateVersion.objects.values_list("kind", flat=True))
    for kind in shipped.KINDS:
        if kind not in known:
            wording = shipped.wording(kind)
            TemplateVersion.objects.create(
                kind=kind, version=1, number=f"{kind}-v1", status=PUBLISHED, content=rules.as_json(wording),
                content_hash=rules.content_hash(wording), effective_from=EFFECTIVE_FROM, is_shipped=True, drafted_at=at,
                drafted_by_name=SHIPPED_BY, published_at=at, published_by_name=SHIPPED_BY,
            )
