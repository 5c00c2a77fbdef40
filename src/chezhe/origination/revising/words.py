"""What was changed in an application, as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from chezhe.documents import catalogue
from chezhe.finmath.money import Money
from chezhe.kernel.editing import text_of
from chezhe.origination import choices
from chezhe.origination.models import Application, ApplicationChange
from chezhe.origination.revising import rules
from chezhe.origination.revising.conflicts import Conflict
from chezhe.ui import formats
from chezhe.ui.parts import Change

_SUMS = ("price", "price_base", "amount", "monthly_income", "monthly_debt")
_NAMED = {"purpose": choices.PURPOSES, "method": choices.METHODS, "acceptance": choices.ACCEPTANCES}


def said(field: str, stored: str) -> str:
    """A value of the history in words."""
    if stored == "":
        return formats.MISSING
    if stored.endswith(" fen"):
        return formats.money(Money(int(stored.removesuffix(" fen"))))
    if field == "annual_rate":
        return formats.rate(Decimal(stored))
    if field == "parties":
        return _people(part.split(" ") for part in stored.split(", "))
    return str(dict(_NAMED.get(field, ())).get(stored, stored))


def _people(named: Iterable[Iterable[str]]) -> str:
    roles = dict(choices.PARTY_ROLES)
    return _("、").join(f"{roles.get(role, role)} {number}" for role, number in named)


def line(change: ApplicationChange) -> dict[str, Any]:
    """One edit of one field, for a table and for the API."""
    return {
        "at": change.changed_at, "who": change.changed_by_name, "version": change.version, "field": change.field,
        "label": str(change.label), "before": said(change.field, change.before), "after": said(change.field, change.after),
    }


def conflict(one: Conflict) -> dict[str, Any]:
    """One field that two people wrote, beside each other."""
    return {
        "label": one.label, "base": said(one.field, one.base), "theirs": said(one.field, one.theirs), "mine": one.mine or formats.MISSING,
        "who": one.who, "at": one.at,
    }


def since_last_submission(application: Application) -> list[Change]:
    """What is another one than at the submission before: figures, people, and the papers that came and went. Empty after the first."""
    last = list(application.submissions.order_by("-place")[:2])
    if len(last) < 2:
        return []
    newer, older = last[0].snapshot, last[1].snapshot
    return [
        *(Change(_label(one.field), _stored(one.field, one.before), _stored(one.field, one.after))
          for one in rules.differences(older, newer) if one.field != "product_hash"),
        *(Change(catalogue.BY_CODE[paper.category].label, formats.MISSING if paper.is_new else _("已有"),
                 _("新收到") if paper.is_new else _("已移除")) for paper in rules.papers(older, newer)),
    ]


def _label(field: str) -> Any:
    return {"price_base": _("成数基准"), "customer": _("借款人")}.get(field) or choices.FIELDS[field]


def _stored(field: str, value: Any) -> str:
    """A value of a snapshot: sums are whole fen, people a list."""
    if field in _SUMS and value is not None:
        return said(field, text_of(Money(value)))
    if field == "parties":
        return _people((one["role"], one["customer"]) for one in value or ()) or formats.MISSING
    if field == "further_vehicles":
        return _("、").join(value or ()) or formats.MISSING
    return said(field, text_of(value))
