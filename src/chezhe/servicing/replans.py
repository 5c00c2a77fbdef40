"""Whether a plan may be changed: what the law and the lender allow, and what the plan itself can do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.restructure import ExtensionLimits, longest_extension
from chezhe.finmath.terms import Method, TermsError
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing.caps import require_rate, require_term
from chezhe.servicing.consents import require_consent
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Change, DueDayChange, Extension, Holiday, Position, RateChange, Restructuring, plans

METHODS = {Method.EQUAL_INSTALMENT.value: _("等额本息"), Method.EQUAL_PRINCIPAL.value: _("等额本金")}
PERIODS_MAX = 120


class PlanRefused(BusinessError):
    code = "plan_change_refused"
    sentence = _("还款计划不能这样变更：%(reason)s")


class ArrearsFirst(BusinessError):
    code = "plan_change_while_overdue"
    sentence = _("有到期未还的款项，请先还清；确实无力偿还的，请申请重组。")


class TooLong(BusinessError):
    code = "plan_change_too_long"
    http_status = 422
    field = "months"
    sentence = _("最多 %(most)s 个月（%(source)s）。")


REASONS: dict[str, Any] = {
    "plan_changed_in_line": _("本期内已调整过还款计划，请在下一个到期日之后再办。"),
    "due_day_unchanged": _("新的还款日与现在相同。"),
    "extension_not_possible": _("分期还款的贷款按原利率展期；一次还本的贷款在最后一期内才能另定利率。"),
    "rate_unchanged": _("新的利率与现在相同。"),
    "rate_not_changeable": _("最后一期内，或手续费分期，不能调整利率。"),
    "plan_not_changeable": _("这种还款方式没有可以变更的期次。"),
}


def require(loan: Loan, position: Position, change: Change) -> None:
    """Raises PlanRefused, ArrearsFirst, ConsentMissing or CapExceeded (409), or Invalid and TooLong (422) naming the field."""
    _require_terms(loan, position, change)
    if not isinstance(change, RateChange | Restructuring) and position.dues:
        raise ArrearsFirst()
    try:
        if isinstance(change, Restructuring):
            after, _effects = plans.restructured(position, change, position.as_of)
            _require_end(loan, position, after)
        elif isinstance(change, DueDayChange | Holiday | Extension | RateChange):
            after = plans.planned(position, change, position.as_of)
            _require_end(loan, position, after)
    except TermsError as refusal:
        raise PlanRefused(reason=REASONS.get(refusal.code, REASONS["plan_not_changeable"])) from refusal


def _require_end(loan: Loan, before: Position, after: Position) -> None:
    """A loan that ends in a later month may not become longer than the cap for its use and car, whatever makes it longer: months without
    instalments, an extension or a restructuring. Another due day keeps the month."""
    first = loan.schedules.order_by("version").first()
    assert first is not None
    agreed, now, new = (_month(day) for day in (first.due_dates[-1], before.lines[-1].line.due_date, after.lines[-1].line.due_date))
    if new > max(agreed, now):
        # All fall due on a day of the plan: whole months lie between them, however short February is.
        require_term(loan, loan.contract.periods + new - agreed, after.as_of)


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _require_terms(loan: Loan, position: Position, change: Change) -> None:
    on = position.as_of
    if isinstance(change, DueDayChange) and not 1 <= change.due_day <= 31:
        raise Invalid(field="due_day", code="due_day_out_of_range", sentence=_("还款日须在 1 至 31 之间。"))
    if isinstance(change, Holiday | Extension) and change.months < 1:
        raise Invalid(field="months", code="months_missing", sentence=_("请填写至少 1 个月。"))
    if isinstance(change, Holiday):
        _require_at_most(change.months, parameters.count("HOLIDAY_MONTHS_MAX", on), parameters.require("HOLIDAY_MONTHS_MAX", on).source)
    if isinstance(change, Extension):
        short, medium, long = (parameters.count(f"EXTENSION_{name}", on) for name in ("SHORT_TERM", "MEDIUM_TERM", "LONG_MAX"))
        limits = ExtensionLimits(short_months=short, medium_months=medium, long_extension_months=long)
        granted = loan.changes.filter(kind="extension", status="applied").values_list("asked", flat=True)
        most = longest_extension(limits, loan.contract.periods) - sum(int(asked["months"]) for asked in granted)
        _require_at_most(change.months, most, parameters.require("EXTENSION_SHORT_TERM", on).source)
        require_consent(loan)
    if isinstance(change, Restructuring):
        _require_restructuring(change)
    if isinstance(change, RateChange | Restructuring | Extension) and change.annual_rate is not None:
        if not 0 <= change.annual_rate < 1:
            raise Invalid(field="annual_rate", code="rate_out_of_range", sentence=_("年利率须在 0 与 100% 之间。"))
        require_rate(loan, change.annual_rate, on)


def _require_at_most(months: int, most: int, source: str) -> None:
    if months > most:
        raise TooLong(most=most, source=source)


def _require_restructuring(change: Restructuring) -> None:
    if change.method.value not in METHODS:
        raise Invalid(field="method", code="method_not_offered", sentence=_("重组后的还款方式须为等额本息或等额本金。"))
    if not 1 <= change.periods <= PERIODS_MAX:
        raise Invalid(field="periods", code="periods_out_of_range", sentence=_("期数须在 1 至 120 之间。"))
