"""What registry, tax office and statements tell of a company, as frozen values. Money is whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Fen, Line, SignedFen

Rate = Annotated[str, msgspec.Meta(pattern=r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
Year = Annotated[int, msgspec.Meta(ge=1980, le=2100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shareholder:
    """An owner; `share_rate` a fraction as text. `number` is an identity number or a company's code."""

    name: Line
    kind: Literal["person", "company"]
    number: Line
    share_rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """工商登记."""

    as_of: date
    name: Line
    uscc: Line
    status: Literal["active", "suspended", "revoked", "cancelled", "moved_out"]
    established_on: date
    legal_representative: Line
    trade: Line
    capital_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """个体工商户: what the register says of a sole trader's trade, whether the person asked about is its operator (经营者), and what the
    tax office is owed."""

    as_of: date
    uscc: Line
    name: str
    is_operator: bool
    status: Literal["active", "suspended", "revoked", "cancelled", "moved_out"]
    registered_on: date
    arrears_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Shareholders of a company. To see through one that is itself a company, ask again with its code."""

    as_of: date
    uscc: Line
    shareholders: Annotated[tuple[Shareholder, ...], msgspec.Meta(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Revenue declared for one quarter (from its first day), and the value-added tax on it."""

    quarter_on: date
    revenue_fen: Fen
    tax_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAnswer:
    """Declarations of the last four whole quarters, oldest first; arrears; and the tax office's rating."""

    as_of: date
    uscc: Line
    declared: Annotated[tuple[Declared, ...], msgspec.Meta(max_length=40)]
    arrears_fen: Fen
    rating: Literal["A", "B", "M", "C", "D"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One year's balance sheet and income statement."""

    year: Year
    cash_fen: SignedFen
    receivables_fen: Fen
    inventory_fen: Fen
    fixed_fen: Fen
    assets_fen: SignedFen
    short_loans_fen: Fen
    payables_fen: Fen
    long_loans_fen: Fen
    capital_fen: Fen
    retained_fen: SignedFen
    revenue_fen: Fen
    cost_fen: SignedFen
    expenses_fen: Fen
    interest_fen: Fen
    tax_fen: Fen
    profit_fen: SignedFen
    dividends_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Up to three years, oldest first."""

    as_of: date
    uscc: Line
    years: Annotated[tuple[Statement, ...], msgspec.Meta(max_length=5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One sales invoice."""

    number: Line
    on: date
    buyer: Line
    amount_fen: Fen
    is_void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoices:
    """The larger invoices of the last twelve months."""

    as_of: date
    uscc: Line
    lines: Annotated[tuple[InvoiceLine, ...], msgspec.Meta(max_length=2000)]
