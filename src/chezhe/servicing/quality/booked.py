"""The class that each loan got from the last monthly run in the books, for lists."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from chezhe.servicing.models import Loan, ProvisionLine, ProvisionRun


def _last_run() -> QuerySet[ProvisionRun]:
    return ProvisionRun.objects.filter(status="posted").order_by("-as_of").values("pk")[:1]


def _lines() -> QuerySet[ProvisionLine]:
    return ProvisionLine.objects.filter(run=Subquery(_last_run()), loan=OuterRef("pk"))


def with_class(loans: QuerySet[Loan]) -> QuerySet[Loan]:
    """The loans, each with `booked_class` (None for one that the last posted run did not see)."""
    return loans.annotate(booked_class=Subquery(_lines().values("asset_class")[:1]))


def of_class(loans: QuerySet[Loan], asset_class: str) -> QuerySet[Loan]:
    """Those that the last posted run found in a class."""
    return loans.filter(Exists(_lines().filter(asset_class=asset_class)))
