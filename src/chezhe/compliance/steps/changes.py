"""A figure or the lender's particulars: one person proposes, another decides, then it counts."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approvals
from chezhe.compliance import labels
from chezhe.compliance.models import LENDER_PREFIX, PARAMETER_PREFIX, LenderChange, LenderProfile, ParameterChange
from chezhe.compliance.states import CHANGE
from chezhe.finmath.money import Money
from chezhe.identifiers import uscc
from chezhe.kernel import clock, moves, numbers, parameters, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.kernel.models import Parameter

PARAMETER_KIND, LENDER_KIND = "compliance.parameter", "compliance.lender"
RATE_MAX, WHOLE_MAX = Decimal(100), 10**12
_VERBS = {"approved": "approve", "rejected": "reject", "returned": "reject", "withdrawn": "withdraw"}
_FLAGS, _EFFECTS, _MEASURES = ("true", "false"), ("block", "warn"), ("simple", "compound")
_BASES = ("larger", "expected", "regulatory")
_CHOICES = {"CAP_SELF_DISC_EFFECT": _EFFECTS, "CAP_MEASURE": _MEASURES, "PROVISION_BASIS": _BASES}
C = TypeVar("C", ParameterChange, LenderChange)


class FigureHeld(BusinessError):
    code = "figure_held"
    http_status = 409
    field = "effective_from"
    sentence = gettext_lazy("“%(code)s”在同一适用范围内已有自 %(on)s 生效的数值；生效过的数值不改，请另选生效日。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A proposed row of the parameter table; empty scope fields mean 'for all'. The unit is that of the code."""

    code: str
    value: str
    effective_from: date
    source: str
    effective_to: date | None = None
    licence_type: str = ""
    region: str = ""
    product: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who the lender is; `region` is a six-digit division code."""

    name: str
    licence_type: str
    region: str
    uscc: str
    net_assets: Money


def open_parameter_change(figure: Figure, *, reason: str, on: date, by: Actor) -> ParameterChange:
    """Propose a figure. Raises Invalid (422) for a value of the wrong form or day, FigureHeld (409) for a day taken."""
    unit = _unit_of(figure.code)
    _check_value(figure, unit)
    _check_days(figure, on)
    _require_free(figure)
    if not figure.source.strip():
        raise Invalid(field="source", code="source_missing", sentence=_("请写明依据（文件名称和文号）。"))
    change = ParameterChange(number=numbers.next_number(PARAMETER_PREFIX, on), unit=unit, **asdict(figure))
    title = _("参数 %(code)s 改为 %(value)s，自 %(on)s 起") % {"code": figure.code, "value": figure.value, "on": figure.effective_from}
    return _open(change, PARAMETER_KIND, title, reason, by)


def open_lender_change(particulars: Particulars, *, reason: str, on: date, by: Actor) -> LenderChange:
    """Propose new particulars of the lender. Raises Invalid (422) beside the field that is wrong."""
    if particulars.licence_type not in dict(labels.LICENCES):
        raise Invalid(field="licence_type", code="licence_unknown", sentence=_("没有这种机构类型。"))
    if not (particulars.region.isascii() and particulars.region.isdigit() and len(particulars.region) == 6):
        raise Invalid(field="region", code="region_form", sentence=_("地区须为六位行政区划代码，例如 330000。"))
    if not uscc.judge(particulars.uscc).valid:
        raise Invalid(field="uscc", code="uscc_invalid", sentence=_("统一社会信用代码不正确，请核对。"))
    if particulars.net_assets.fen <= 0:
        raise Invalid(field="net_assets", code="net_assets_low", sentence=_("净资产须大于零。"))
    change = LenderChange(
        number=numbers.next_number(LENDER_PREFIX, on), name=particulars.name, licence_type=particulars.licence_type,
        region=particulars.region, uscc=particulars.uscc, net_assets=particulars.net_assets,
    )
    return _open(change, LENDER_KIND, _("变更机构资料：%(name)s") % {"name": particulars.name}, reason, by)


def decide(change: ParameterChange | LenderChange, verdict: str, opinion: str, by: Actor) -> None:
    """Cast the second person's verdict (`agree` or `reject`); the approvals room refuses the proposer (SamePerson)."""
    CHANGE.require(change.status, {"agree": "approve"}.get(verdict, verdict))
    approvals.cast_vote(request_number=change.request_number, verdict=verdict, opinion=opinion, by=by)
    change.refresh_from_db()


def settle_decision(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the vote came to; called in the transaction of the deciding vote, from whichever page it was cast."""
    kind, _colon, number = subject.partition(":")
    if kind == "parameter-change":
        _settle(lock_change(ParameterChange, number), outcome, by)
    else:
        _settle(lock_change(LenderChange, number), outcome, by)


def lock_change(model: type[C], number: str) -> C:
    """The proposed change with its row locked; raises NotFound (404)."""
    change = model.objects.select_for_update().filter(number=number).first()
    if change is None:
        raise NotFound(what=number)
    return change


def _open(change: C, kind: str, title: str, reason: str, by: Actor) -> C:
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明调整理由。"))
    change.reason, change.proposed_at = reason.strip(), clock.now()
    change.proposed_by_id, change.proposed_by_name = by.user_id, by.name
    # Whoever proposes as compliance officer is checked by risk management, and the other way round.
    checker = roles.RISK_MANAGER if roles.COMPLIANCE in by.roles else roles.COMPLIANCE
    request = approvals.open_request(
        kind=kind, subject=change.subject, title=title, stages=[{"role": checker}], maker_ids=by.user_ids, branch_id=None, by=by,
    )
    change.request_number = request.number
    change.save(force_insert=True)
    moves.record(change.subject, "propose", "", "proposed", by=by, reason=reason)
    return change


def _settle(change: ParameterChange | LenderChange, outcome: str, by: Actor) -> None:
    if change.status != "proposed":
        return
    moves.move(change, CHANGE, _VERBS[outcome], by=by)
    change.decided_by_name, change.decided_at = by.name, clock.now()
    change.save(update_fields=["decided_by_name", "decided_at"])
    if outcome != "approved":
        return
    if isinstance(change, ParameterChange):
        _apply_figure(change)
    else:
        _apply_particulars(change)


def _apply_figure(change: ParameterChange) -> None:
    figure = Figure(
        code=change.code, value=change.value, effective_from=change.effective_from, effective_to=change.effective_to,
        source=change.source, licence_type=change.licence_type, region=change.region, product=change.product, note=change.note,
    )
    _require_free(figure)
    Parameter.objects.create(unit=change.unit, **asdict(figure))


def _apply_particulars(change: LenderChange) -> None:
    LenderProfile.objects.update_or_create(
        pk=1,
        defaults={
            "name": change.name, "licence_type": change.licence_type, "region": change.region, "uscc": change.uscc,
            "net_assets": change.net_assets, "changed_at": clock.now(), "is_demo": False,
        },
    )


def _unit_of(code: str) -> str:
    unit = Parameter.objects.filter(code=code).values_list("unit", flat=True).first()
    if unit is None or code not in labels.PARAMETERS:
        raise Invalid(field="code", code="parameter_unknown", sentence=_("没有这个参数，请从列表中选择。"))
    return str(unit)


def _check_value(figure: Figure, unit: str) -> None:
    allowed = _CHOICES.get(figure.code, _FLAGS if unit == "flag" else ())
    if allowed and figure.value not in allowed:
        raise _bad_value(_("此参数只能填 %(choices)s。") % {"choices": " / ".join(allowed)})
    if unit in ("rate", "yuan"):
        _check_decimal(figure.value, places=10 if unit == "rate" else 2, most=RATE_MAX if unit == "rate" else Decimal(WHOLE_MAX))
    elif unit in ("days", "months", "count", "seconds", "points"):
        if not (figure.value.isascii() and figure.value.isdigit() and int(figure.value) <= WHOLE_MAX):
            raise _bad_value(_("请填写非负整数。"))
    elif unit == "text" and not allowed:
        _check_text(figure)


def _check_decimal(text: str, *, places: int, most: Decimal) -> None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _bad_value(_("请填写数字；比率写成小数，例如 0.24。")) from None
    if not value.is_finite() or value < 0 or value > most or value != round(value, places):
        raise _bad_value(_("数值超出范围，或小数位数过多。"))


# Lists of whole numbers, each not more than this; the lists of reasons are codes.
_NUMBERS_MAX = {"DEBIT_HOURS": 23, "DEBIT_HOURS_AFTER": 23, "DEBIT_DAYS_AFTER": 365}


def _check_text(figure: Figure) -> None:
    """Account numbers, and lists for the debit calendar; the other texts are times of day and days."""
    if figure.code.startswith("BANK_ACCOUNT_"):
        if not (figure.value.isascii() and figure.value.isalnum() and 8 <= len(figure.value) <= 34):
            raise _bad_value(_("请填写 8 至 34 位银行账号，不含空格。"))
        return
    words = figure.value.split(",")
    if figure.code in _NUMBERS_MAX:
        most = _NUMBERS_MAX[figure.code]
        if not all(word.isascii() and word.isdigit() and len(word) < 4 and int(word) <= most for word in words):
            raise _bad_value(_("请填写不大于 %(most)s 的整数，以英文逗号分隔，例如 8,12,18。") % {"most": most})
        return
    if figure.code.startswith("DEBIT_REASONS_"):
        if not all(re.fullmatch(r"[A-Z][A-Z_]{1,39}", word) for word in words):
            raise _bad_value(_("请填写原因代码，以英文逗号分隔，例如 INSUFFICIENT_FUNDS,SYSTEM_ERROR。"))
        return
    reads = date.fromisoformat if figure.code == "NPL_TRANSFER_PILOT_END" else time.fromisoformat
    try:
        reads(figure.value)
    except ValueError:
        raise _bad_value(_("请填写时刻（22:00）或日期（2026-12-31）。")) from None


def _bad_value(sentence: str) -> Invalid:
    return Invalid(field="value", code="parameter_value", sentence=sentence)


def _check_days(figure: Figure, on: date) -> None:
    if figure.effective_to is not None and figure.effective_to < figure.effective_from:
        raise Invalid(field="effective_to", code="ends_before", sentence=_("失效日不能早于生效日。"))
    earliest = on - timedelta(days=parameters.count("PARAMETER_BACKDATE_DAYS", on))
    if figure.effective_from < earliest:
        raise Invalid(
            field="effective_from", code="backdated", sentence=_("生效日不能早于 %(earliest)s：已经用过的数值不能改写。"), earliest=earliest
        )


def _require_free(figure: Figure) -> None:
    taken = Parameter.objects.filter(
        code=figure.code, licence_type=figure.licence_type, region=figure.region, product=figure.product,
        effective_from=figure.effective_from,
    )
    if taken.exists():
        raise FigureHeld(code=figure.code, on=figure.effective_from)
