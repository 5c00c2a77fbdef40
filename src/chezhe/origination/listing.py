"""The figures of a case as columns and filters, on the list of applications and in the inbox of approvals."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from chezhe.origination.labels import PRIME
from chezhe.origination.models import Application
from chezhe.risk.deciding.values import TIERS
from chezhe.ui.columns import Column
from chezhe.ui.filters import ChoiceFilter, CustomFilter, Filter


def of_requests(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Requests for approval with the figures of the application that each is the open or last round of; empty for other kinds."""
    mine = Application.objects.filter(approval_id=OuterRef("pk"))
    return rows.annotate(
        is_prime=Subquery(mine.values("is_prime")[:1]), ltv=Subquery(mine.values("ltv")[:1]), dti=Subquery(mine.values("dti")[:1]),
        tier=Subquery(mine.values("tier")[:1]), score=Subquery(mine.values("score")[:1]),
        exceptions=Subquery(mine.values("exceptions")[:1]),
    )


def prime_column() -> Column:
    """The badge of the fast lane."""
    return Column(
        "prime", _("优质"), kind="status", statuses=PRIME, value=lambda row: "prime" if row.is_prime else None, sortable=True,
        sort="is_prime")


def risk_columns() -> list[Column]:
    """What the figures and the machine say of a case."""
    return [
        Column("ltv", _("成数"), kind="rate", sortable=True, phone=False),
        Column("dti", _("收入负债比"), kind="rate", sortable=True, phone=False),
        Column("tier", _("客户层级"), sortable=True, phone=False),
        Column("score", _("评分"), kind="number", sortable=True, total=False, phone=False),
        Column("exceptions", _("例外"), kind="number", sortable=True, total=False, phone=False),
    ]


def columns() -> list[Column]:
    """All of them, as the inbox shows them."""
    return [prime_column(), *risk_columns()]


def filters() -> list[Filter]:
    """To the fast lane, one tier, or cases with exceptions to policy."""
    return [
        CustomFilter(name="lane", label=_("优质"), choices=[("prime", _("优质件"))], narrow=lambda rows, _lane: rows.filter(is_prime=True)),
        ChoiceFilter(name="tier", label=_("客户层级"), choices=[(tier, tier) for tier in TIERS]),
        CustomFilter(name="exceptions", label=_("例外"), choices=[("some", _("有例外")), ("none", _("无例外"))], narrow=_by_exceptions),
    ]


def _by_exceptions(rows: Any, value: str) -> Any:
    return rows.filter(exceptions__gt=0) if value == "some" else rows.filter(exceptions=0)
