"""A second-generation personal credit report (二代征信), as frozen values. Money is whole fen; a status string runs from old to new.

Status of a month: `*` no history, `#` unknown, `N` normal, `1` to `7` = 1–30, 31–60, … over 180 days, `B` bad debt, `M` cleared after
being overdue, `D` a guarantor paid, `Z` settled by an asset, `C` settled, `G` ended otherwise, `A` billing day moved (cards).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, get_args

import msgspec

from chezhe.risk.vendors.shapes import Count, Fen, Line, Words

Kind = Literal["D1", "R1", "R4", "R2", "R3", "C1"]
Business = Literal["house", "car", "consumption", "business", "card", "recovered", "other"]
AccountStatus = Literal["normal", "overdue", "bad_debt", "settled", "closed", "transferred", "frozen", "stopped"]
FiveClass = Literal["normal", "watch", "substandard", "doubtful", "loss", "unknown"]
GuaranteeMode = Literal["credit", "mortgage", "pledge", "guarantee", "mixed", "other"]
Reason = Literal[
    "loan_approval", "card_approval", "guarantee_review", "financing_approval", "post_loan", "self", "dispute", "admission", "other",
]
REASONS = get_args(Reason)
Months24 = Annotated[str, msgspec.Meta(pattern=r"^[*#N1-7BMDZCGA]{24}$")]
Months60 = Annotated[str, msgspec.Meta(pattern=r"^[*#N1-7BMDZCGA]{0,60}$")]
Months = Annotated[int, msgspec.Meta(ge=0, le=600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which report this is, when it was made, who asked and why."""

    number: Line
    reported_at: datetime
    asked_by: Line
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A number, an address, a workplace, and when the bureau was told of it."""

    text: Line
    told_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseInfo:
    """Who it is, as lenders have reported."""

    name: Line
    id_number: Line
    sex: Literal["male", "female", "unknown"]
    born_on: date
    education: Line
    marital_status: Literal["single", "married", "divorced", "widowed", "unknown"]
    mobiles: tuple[Dated, ...]
    addresses: tuple[Dated, ...]
    employers: tuple[Dated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCredit:
    """Undischarged credit of one kind: how many lenders and accounts, what was granted, owed, and paid a month on average of six."""

    kind: Kind
    institutions: Count
    accounts: Count
    granted_fen: Fen
    balance_fen: Fen
    average_payment_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """信息概要. `score` is the bureau's own reading (数字解读, 0 to 1000), where it gives one."""

    score: Annotated[int, msgspec.Meta(ge=0, le=1000)] | None
    house_loans: Count
    car_loans: Count
    other_loans: Count
    cards: Count
    first_loan_month: Line
    first_card_month: Line
    bad_debts: Count
    bad_debts_fen: Fen
    overdue_accounts: Count
    overdue_months: Count
    overdue_highest_fen: Fen
    open_credit: tuple[OpenCredit, ...]
    guarantees: Count
    guarantees_fen: Fen
    queries_month_loan: Count
    queries_month_card: Count
    queries_two_years: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAccount:
    """One account in full. `due_fen` is this month's instalment, `paid_fen` what came of it; the four `overdue_…` columns split the
    overdue principal by age."""

    number: Line
    kind: Kind
    institution: Line
    business: Business
    opened_on: date
    due_on: date | None
    closed_on: date | None
    amount_fen: Fen
    currency: Line
    guarantee_mode: GuaranteeMode
    terms: Months
    is_joint: bool
    status: AccountStatus
    five_class: FiveClass
    balance_fen: Fen
    remaining_terms: Months
    due_fen: Fen
    paid_fen: Fen
    paid_on: date | None
    overdue_terms: Months
    overdue_fen: Fen
    overdue_31_60_fen: Fen
    overdue_61_90_fen: Fen
    overdue_91_180_fen: Fen
    overdue_over_180_fen: Fen
    large_instalment_fen: Fen
    months24: Months24
    months60: Months60
    months60_overdue_fen: Annotated[tuple[Fen, ...], msgspec.Meta(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """Somebody else's debt that this person answers for."""

    institution: Line
    given_on: date
    until: date | None
    amount_fen: Fen
    balance_fen: Fen
    five_class: FiveClass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRecord:
    """Tax arrears, judgment, enforcement, penalty or housing fund."""

    kind: Literal["tax_arrears", "judgment", "enforcement", "penalty", "fund"]
    by: Line
    on: date
    amount_fen: Fen
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A statement by the person, or that something is disputed."""

    kind: Literal["statement", "dispute"]
    on: date
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Somebody asked."""

    on: date
    institution: Line
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalReport:
    """The whole report."""

    header: Header
    base: BaseInfo
    summary: Summary
    accounts: tuple[CreditAccount, ...]
    guarantees: tuple[Guarantee, ...]
    public: tuple[PublicRecord, ...]
    notes: tuple[Note, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLoan:
    """One credit of a company."""

    number: Line
    institution: Line
    business: Line
    opened_on: date
    due_on: date
    amount_fen: Fen
    balance_fen: Fen
    five_class: FiveClass
    overdue_fen: Fen
    guarantee_mode: GuaranteeMode


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyReport:
    """An enterprise credit report, as far as a lender to a small firm reads it."""

    header: Header
    name: Line
    uscc: Line
    established_on: date
    loans: tuple[CompanyLoan, ...]
    guarantees: tuple[Guarantee, ...]
    public: tuple[PublicRecord, ...]
    queries: tuple[Query, ...]
