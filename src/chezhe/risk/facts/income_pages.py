"""What a page shows of somebody's income: every source beside the other, how far each is from what was declared, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.risk.facts import earning, earnings, pages, queries
from chezhe.risk.facts.definitions import REASONS
from chezhe.risk.facts.earning import Earned
from chezhe.risk.facts.queries import Assembled
from chezhe.risk.facts.rules import MISSING

_BASE, _FUND, _FUND_STATUS, _EMPLOYER = "insured_base_monthly", "fund_base_monthly", "fund_status", "insured_employer_matches"
CODES: Final = (*earning.CODES, _FUND, _FUND_STATUS, _EMPLOYER)
SHOWN: Final = (
    (earning.DECLARED, gettext_lazy("客户申报")), (earning.STATEMENT, gettext_lazy("银行流水")), (_BASE, gettext_lazy("社保缴费基数")),
    (_FUND, gettext_lazy("公积金缴存基数")),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its sum in fen (None while it is unknown), by which fraction the declared income is above it, and what is to be said."""

    title: Any
    amount: int | None
    gap: Decimal | None
    notes: tuple[str, ...]
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Income:
    """Every source, and the verified income with what it rests on in words; `is_contradicted` as in `earning.Earned`."""

    sources: Sequence[Source]
    verified: int | None
    gap: Decimal | None
    basis: str
    is_contradicted: bool


def income_of(customer: Customer, at: datetime) -> Income:
    """The income of a person as it is known at a moment."""
    seen = queries.assembled([customer.subject], at, CODES)
    found, declared = earnings.earned_of(seen, at), _whole(seen, earning.DECLARED)
    return Income(
        [_source(seen, code, title, declared) for code, title in SHOWN], found.monthly, earning.gap(declared, found.monthly), _basis(found),
        found.is_contradicted is True)


def _source(seen: Assembled, code: str, title: Any, declared: int | None) -> Source:
    # Facts of before have the statement's income under another name.
    told = earnings.statement_code(seen) if code == earning.STATEMENT else code
    known, amount = seen.known.get(told), _whole(seen, told)
    gap = None if code == earning.DECLARED else earning.gap(declared, amount)
    return Source(title, amount, gap, tuple(_notes(seen, code)), known.known_at if known else None)


def _notes(seen: Assembled, code: str) -> list[str]:
    """Why there is no sum, or what is to be known of the one there is."""
    lost = seen.unknown.get(code)
    if lost is not None and lost.why != MISSING:
        return [str(pages.WHY[lost.why].label), *(str(REASONS[reason]) for reason in lost.reasons)]
    values, notes = seen.values, []
    if code == _BASE and code in values:
        if values.get("insured_now") is not True:
            notes.append(_("已停缴，不作依据"))
        elif values.get("insured_by_employer") is not True:
            notes.append(_("本人以灵活就业身份参保，不作依据"))
        elif int(values.get("insured_months_unbroken", 0)) < earning.INSURED_MONTHS_MIN:  # type: ignore[call-overload]
            notes.append(_("连续缴费时间太短，不作依据"))
        if values.get("insured_base_capped") is True:
            notes.append(_("已达上限，实际收入可能更高"))
        if values.get(_EMPLOYER) is False:
            notes.append(_("缴费单位与申报的工作单位不同"))
    if code == _FUND and _FUND_STATUS in values:
        notes.append(str(pages.WORDS[_FUND_STATUS][str(values[_FUND_STATUS])]))
    return notes


def _basis(found: Earned) -> str:
    return str(pages.WORDS[earning.SOURCE][found.source]) if found.source else ""


def _whole(seen: Assembled, code: str) -> int | None:
    value = seen.values.get(code)
    return value if type(value) is int else None
