"""The bureau's reports as their papers read: the same sections in the same order (二代征信)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from chezhe.finmath.money import Money
from chezhe.kernel import shaped
from chezhe.risk.facts import person_pages
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.facts.report_words import CLASSES, GUARANTEES, PUBLIC, REASONS
from chezhe.risk.vendors.bureau.answers import CompanyReport, PersonalReport

_SHAPES: Final = {"bureau": PersonalReport, "enterprise_bureau": CompanyReport}


def report_of(row: Enquiry) -> PersonalReport | CompanyReport:
    """The stored report, read again as strictly as when it came."""
    return shaped.decoded(row.answer, _SHAPES[row.service])


def page_of(row: Enquiry) -> dict[str, Any]:
    """Everything that the page of a report needs."""
    report = report_of(row)
    shared = {"row": row, "report": report, "reason": REASONS[report.header.reason], "public": _public(report.public)}
    shared["queries"] = [(query.on, query.institution, REASONS[query.reason]) for query in report.queries]
    shared["guarantees"] = [
        (one.institution, one.given_on, one.until, Money(one.amount_fen), Money(one.balance_fen), CLASSES[one.five_class])
        for one in report.guarantees
    ]
    return {**shared, **(person_pages.page_of(report) if isinstance(report, PersonalReport) else _company(report))}


def _company(report: CompanyReport) -> dict[str, Any]:
    return {
        "is_person": False, "loans": [
            (one.institution, one.business, one.opened_on, one.due_on, Money(one.amount_fen), Money(one.balance_fen),
             CLASSES[one.five_class], Money(one.overdue_fen), GUARANTEES[one.guarantee_mode])
            for one in report.loans
        ],
    }


def _public(records: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [(PUBLIC[one.kind], one.by, one.on, Money(one.amount_fen), one.closed_on) for one in records]
