"""What the profile of a customer shows: figures with source and age, the score and what makes it, the warning and why, the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.risk.deciding import pages as deciding
from chezhe.risk.facts import pages as fact_pages
from chezhe.risk.facts.pages import Line
from chezhe.risk.facts.queries import Assembled
from chezhe.risk.profiles import queries, scoring, tagging
from chezhe.risk.profiles.behaviour import FEATURES, HISTORY
from chezhe.risk.profiles.choices import HIGH, LATE, LEVELS, LOW, TAGS, WATCH
from chezhe.risk.profiles.models import BehaviourScore, Profile
from chezhe.ui.charts import Chart, Series
from chezhe.ui.status import Status

_TONES: Final = {LOW: "good", WATCH: "warning", HIGH: "danger", LATE: "danger"}
STATUSES: Final = {code: Status(label, _TONES[code]) for code, label in LEVELS}
INCOME: Final = (
    "income_verified_monthly", "income_source", "income_statement_monthly", "insured_base_monthly", "income_declared_monthly",
    "income_gap_rate", "monthly_debt", "dti", "bureau_balance_unsecured",
    "bureau_balance_secured", "bureau_card_use", "lenders_applied_90d",
)
FLOW: Final = (
    "flow_months", "flow_monthly_inflow", "flow_monthly_outflow", "flow_average_balance", "salary_months_6m", "flow_top_share",
    "flow_lender_debits_monthly", "flow_in_and_out_24h", "flow_gambling_amount", "flow_is_continuous",
)
COMPANY: Final = ("revenue_year", "profit_margin", "debt_ratio", "company_loan_balance", "company_guarantees_amount")
# A month of its own loans, then what was ever so.
LOANS: Final = (
    "behaviour_loans_running", "behaviour_principal_left", "behaviour_utilisation", "behaviour_instalment_monthly",
    "behaviour_instalments_left", "behaviour_months_on_book", "behaviour_deposit_left", *HISTORY,
)
PAYING: Final = tuple(code for code in FEATURES if code not in LOANS)
CODES: Final = (*INCOME, *FLOW, *COMPANY, *LOANS, *PAYING)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the warning: what it is, how it is now, and how many points it costs."""

    title: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Section:
    """A table of figures, each with source and age."""

    title: Any
    icon: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything the panel draws."""

    profile: Profile | None
    status: Status | None
    reasons: Sequence[Reason]
    tags: Sequence[tuple[Any, str]]
    waterfall: Chart | None
    trends: Sequence[Chart]
    sections: Sequence[Section]
    months_min: int = scoring.MONTHS_MIN


def shown_of(customer: Customer, at: datetime) -> Shown:
    """The profile of a customer as it is known at a moment."""
    seen = queries.known_of(customer, at, CODES)
    profile = queries.profile_of(customer)
    return Shown(
        profile=profile, status=STATUSES[profile.level] if profile else None, reasons=_reasons(profile, seen),
        tags=[(TAGS[rule.tag], rule.tone) for rule in tagging.tags_of(seen.values)],
        waterfall=waterfall(profile.newest) if profile else None, trends=trends(queries.by_month(customer)),
        sections=_sections(customer, seen),
    )


def waterfall(row: BehaviourScore) -> Chart | None:
    """From the base of the B-card to the score, one step a fact."""
    scoring_of = {"base": row.base, "score": row.score, "parts": [{"code": code, "points": points} for code, points in row.parts]}
    return deciding.waterfall({"verdict": {"scoring": scoring_of}}, "profile-score")


def trends(months: Sequence[BehaviourScore]) -> list[Chart]:
    """The score and the probability by month; nothing while there is one month only."""
    if len(months) < 2:
        return []
    names, label = [f"{row.on:%Y-%m}" for row in months], _("月份")
    return [
        Chart(
            id="profile-trend", kind="line", title=_("各月行为评分"), unit=_(" 分"), categories=names, category_label=label, height=220,
            series=[Series(_("行为评分"), [row.score for row in months])]),
        Chart(
            id="profile-warning", kind="line", title=_("各月预警概率"), measure="rate", categories=names, category_label=label, height=220,
            series=[Series(_("90 天内逾期 30 天以上的概率"), [row.probability for row in months], tone="warning")]),
    ]


def _reasons(profile: Profile | None, seen: Assembled) -> list[Reason]:
    if profile is None:
        return []
    lines = {line.code: line for line in fact_pages.lines_of(seen, (*LOANS, *PAYING))}
    return [
        Reason(deciding.title_of(code), lines[code].text if code in lines else "", points) for code, points in profile.newest.reasons
    ]


def _sections(customer: Customer, seen: Assembled) -> list[Section]:
    earning = Section(gettext_lazy("收入与负债"), "cash", fact_pages.lines_of(seen, INCOME if customer.is_person else COMPANY))
    found = [
        earning, Section(gettext_lazy("银行流水"), "table", fact_pages.lines_of(seen, FLOW)),
        Section(gettext_lazy("还款行为"), "calendar", fact_pages.lines_of(seen, PAYING)),
        Section(gettext_lazy("本公司贷款"), "file-text", fact_pages.lines_of(seen, LOANS)),
    ]
    return [section for section in found if section.lines]
