"""What an event of a loan changes beside its money: the points of a floating rate, a mortgage that was to be released."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import steps as contract_steps
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives
from chezhe.servicing.models import FloatingRate, Loan, LoanEvent
from chezhe.servicing.position import VehicleRelease


class VehicleGone(BusinessError):
    code = "vehicle_released_already"
    sentence = _("车辆 %(vehicle)s 已在登记机关解押，不能撤回；需要时请追加抵押。")


def keep_points(loan: Loan, event: LoanEvent, rate: Decimal | None) -> None:
    """What people agree to about a floating rate are other points: the next repricing does not undo it."""
    is_agreed = event.kind in ("repriced", "restructured") and event.reference.startswith("change/")
    if is_agreed and rate is not None and loan.annual_rate is not None and rate != loan.annual_rate:
        FloatingRate.objects.filter(loan=loan).update(spread_rate=F("spread_rate") + (loan.annual_rate - rate))


def stay_mortgaged(loan: Loan, event: LoanEvent, reason: str, *, by: Actor) -> None:
    """The release of a car that was agreed to is called off; Raises VehicleGone (409) for one that the vehicle office
    has carried out."""
    change = lives.incoming(event).change
    if isinstance(change, VehicleRelease) and not contract_steps.withdraw_vehicle_release(
        contract_number=loan.contract.number, vehicle_number=change.vehicle, reason=reason, by=by,
    ):
        raise VehicleGone(vehicle=change.vehicle)
