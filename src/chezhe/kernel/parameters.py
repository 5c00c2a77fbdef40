"""Dated figures of law and policy: mechanics here, seeds and pages in the compliance room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.composed import composed_for
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Parameter


class ParameterMissing(BusinessError):
    code = "parameter_missing"
    http_status = 409
    sentence = _("%(on)s 没有生效的参数“%(code)s”，请合规岗补录后再试。")


def find(code: str, on: date, *, licence_type: str = "", region: str = "", product: str = "") -> Parameter | None:
    """The row in force on `on`: the most specific scope wins (product, then region, then licence), then the latest start."""
    return find_all([code], on, licence_type=licence_type, region=region, product=product).get(code)


def find_all(codes: Iterable[str], on: date, *, licence_type: str = "", region: str = "", product: str = "") -> dict[str, Parameter]:
    """What `find` gives for each of these codes, read at once; a code without a row in force is left out."""
    wanted = sorted(set(codes))
    rows = _IN_FORCE(len(wanted)).objects(on, licence_type, region, product, *wanted)
    ascending = sorted(rows, key=lambda r: (bool(r.product), bool(r.region), bool(r.licence_type), r.effective_from))
    return {row.code: row for row in ascending}


def _in_force(on: date, licence_type: str, region: str, product: str, *codes: str) -> QuerySet[Parameter]:
    return Parameter.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=on),
        code__in=codes, effective_from__lte=on, licence_type__in=["", licence_type], region__in=["", region],
        product__in=["", product],
    )


_IN_FORCE = composed_for(_in_force, date(1900, 1, 1), "?licence", "?region", "?product")


def require(code: str, on: date, **scope: str) -> Parameter:
    """Like `find`, but raises ParameterMissing (409): a missing figure never means 'no limit'."""
    row = find(code, on, **scope)
    if row is None:
        raise ParameterMissing(code=code, on=on)
    return row


def require_all(codes: Iterable[str], on: date, **scope: str) -> dict[str, Parameter]:
    """Like `find_all`, but raises ParameterMissing (409) naming the first that is missing."""
    wanted = list(codes)
    found = find_all(wanted, on, **scope)
    for code in wanted:
        if code not in found:
            raise ParameterMissing(code=code, on=on)
    return found


def rate(code: str, on: date, **scope: str) -> Decimal:
    """A fraction: 0.24 is 24 %."""
    return Decimal(require(code, on, **scope).value)


def count(code: str, on: date, **scope: str) -> int:
    """Days, months, times, points or seconds, as the row's unit says."""
    return int(require(code, on, **scope).value)


def amount(code: str, on: date, **scope: str) -> Money:
    """A sum that is stored in yuan."""
    return Money(int(Decimal(require(code, on, **scope).value) * 100))


def flag(code: str, on: date, **scope: str) -> bool:
    """False when no row is in force: a duty begins on a date."""
    row = find(code, on, **scope)
    return row is not None and row.value == "true"
