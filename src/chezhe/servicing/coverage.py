"""Whether one of several mortgaged cars may go: what the others are worth against what is owed to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import Mortgage
from chezhe.finmath.money import Money
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Position
from chezhe.servicing.replans import ArrearsFirst


class LastVehicle(BusinessError):
    code = "last_vehicle"
    field = "vehicle"
    sentence = _("这是唯一已登记抵押的车辆，贷款结清后才能解押。")


class ValuationMissing(BusinessError):
    code = "valuation_missing"
    sentence = _("留下的车辆 %(vehicle)s 没有 %(days)s 天内的评估，请先重新评估。")


class CoverShort(BusinessError):
    code = "cover_short"
    sentence = _(
        "留下的车辆评估共 %(value)s 元，到期前应还本息 %(owed)s 元，覆盖率须达 %(least)s，还差 %(short)s 元；请先还款或追加抵押车辆。"
    )


class ShareExceeded(BusinessError):
    code = "share_exceeded"
    sentence = _(
        "留下的车辆评估共 %(value)s 元，剩余本金 %(principal)s 元超过产品最高成数 %(most)s，还差 %(short)s 元；请先还款或追加抵押车辆。"
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """`value` of the cars that stay, `owed` with interest to maturity, and the least that `value` must be for each rule."""

    value: Money
    owed: Money
    principal: Money
    least_rate: Decimal
    share_rate: Decimal

    @property
    def needed(self) -> Money:
        """What the cars must be worth for the coverage."""
        return self.owed.times(self.least_rate)

    @property
    def needed_share(self) -> Money:
        """What they must be worth for the loan-to-value."""
        return Money(-(-self.principal.fen * 10**6 // int(self.share_rate * 10**6)))


def registered(loan: Loan) -> list[Mortgage]:
    """The cars that stand for the loan now, the contract's own first."""
    rows = Mortgage.objects.filter(Q(contract=loan.contract) | Q(further_of=loan.contract), status="registered")
    return list(rows.select_related("vehicle", "contract", "further_of").order_by("further_of_id", "pk"))


def owed_to_maturity(position: Position) -> Money:
    """Everything due now and all instalments to come."""
    to_come = (held.line for held in position.lines[position.recognised :])
    return Money(position.due_total_fen + sum(line.principal_fen + line.interest_asked_fen + line.fee_fen for line in to_come))


def released(loan: Loan) -> frozenset[str]:
    """The numbers of the cars that stood for a loan and do so no more, or are on their way to the vehicle office to be released."""
    rows = Mortgage.objects.filter(Q(contract=loan.contract) | Q(further_of=loan.contract)).values_list("vehicle__number", "status")
    stand = {number for number, status in rows if status in ("proposed", "registered")}
    return frozenset(number for number, _status in rows) - stand


def cover_without(loan: Loan, position: Position, vehicle_number: str) -> Cover:
    """The cover when this car is gone. Raises Invalid (422), LastVehicle or ValuationMissing (409)."""
    cars = registered(loan)
    stay = [secured for secured in cars if secured.vehicle.number != vehicle_number]
    if len(stay) == len(cars):
        raise Invalid(field="vehicle", code="vehicle_not_mortgaged", sentence=_("这辆车没有为本贷款登记抵押。"))
    if not stay:
        raise LastVehicle()
    product = loan.product_version.product.code
    return Cover(
        value=sum((_value(secured, position.as_of) for secured in stay), Money(0)), owed=owed_to_maturity(position),
        principal=Money(position.principal_fen), least_rate=parameters.rate("COVERAGE_MIN", position.as_of, product=product),
        share_rate=loan.product_version.terms.ltv_max,
    )


def _value(secured: Mortgage, on: date) -> Money:
    days = parameters.count("VALUATION_VALID_DAYS", on)
    found = secured.vehicle.valuations.filter(valued_on__gte=on - timedelta(days=days), valued_on__lte=on).first()
    if found is None:
        raise ValuationMissing(vehicle=secured.vehicle.number, days=days)
    return Money(found.amount.fen)


def require(loan: Loan, position: Position, vehicle_number: str) -> Cover:
    """Raises what `cover_without` raises, ArrearsFirst, CoverShort or ShareExceeded (409), each naming what is missing."""
    if position.dues:
        raise ArrearsFirst()
    cover = cover_without(loan, position, vehicle_number)
    if cover.value < cover.needed:
        raise CoverShort(value=cover.value, owed=cover.owed, least=f"{cover.least_rate:.0%}", short=cover.needed - cover.value)
    if cover.value < cover.needed_share:
        raise ShareExceeded(
            value=cover.value, principal=cover.principal, most=f"{cover.share_rate:.0%}", short=cover.needed_share - cover.value)
    return cover
