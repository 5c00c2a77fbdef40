"""What only some borrowers go through, one in sixty each: a deposit, an insured accident, a subsidy, a second car, a new loan for the old.

A fate is a row of deeds. Each waits for its occasion and for so many instalments paid, and what the house refuses is tried
again on the next occasion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from chezhe.finmath.money import Money
from chezhe.servicing import permissions, queries
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.models import Loan
from chezhe.servicing.receipts import CounterReceipt
from chezhe.simulation import renewals, second_cars, statements
from chezhe.simulation.agreeing import agree
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

Deed = Callable[[Loan, Track, Scene, Random], None]
IN_ORDER, OWING = "in_order", "owing"
ROUND = 60


@dataclass(frozen=True, slots=True)
class Step:
    """`deed` waits for `occasion`, a turn in which nothing or something is owed, and for `paid` payments."""

    deed: Deed
    occasion: str = IN_ORDER
    paid: int = 0


def due_deed(track: Track, occasion: str) -> Deed | None:
    """What this life goes through next, if this is the occasion for it."""
    steps = FATES.get(track.serial % ROUND, ())
    done = track.memory.get("fate", 0)
    if done >= len(steps) or steps[done].occasion != occasion or track.paid < steps[done].paid:
        return None
    return steps[done].deed


def is_done(track: Track) -> None:
    """On to the next deed."""
    track.memory["fate"] = track.memory.get("fate", 0) + 1


# ---- deposit --------------------------------------------------------------------------------------------------


def deposit(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """More security is asked for and given."""
    receipt = CounterReceipt(
        amount=Money(rng.choice((100_000, 200_000))), paid_on=scene.today, channel="bank", kind="deposited",
        reference=f"D{loan.number}-{scene.today:%Y%m%d}", payer=track.life.name,
    )
    take_deposit(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.TAKE_DEPOSIT, track.branch_code))
    statements.tell(receipt, track, scene)


def deposit_used(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Half of it pays what is owed."""
    owed = queries.current_position(loan, scene.today).due_total_fen
    by = scene.who(permissions.REQUEST_DEPOSIT_USE, track.branch_code)
    amount = Money(min(owed, loan.deposit.fen // 2))
    agree(request_deposit_use(loan_number=loan.number, amount=amount, reason="客户申请抵扣当期", by=by), track, scene)


def deposit_returned(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """The rest goes back."""
    by = scene.who(permissions.REQUEST_REFUND, track.branch_code)
    change = request_deposit_return(loan_number=loan.number, amount=loan.deposit, reason="还款正常，退还保证金", by=by)
    agree(change, track, scene)
    pay_refund(change_number=change.number, by=scene.who(permissions.PAY_REFUND, track.branch_code))


# ---- others pay -----------------------------------------------------------------------------------------------


def insurance_proceeds(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """An accident: the insurer pays to us as loss payee."""
    receipt = CounterReceipt(
        amount=Money(rng.choice((180_000, 320_000, 650_000))), paid_on=scene.today, channel="bank", kind="insured",
        reference=f"I{loan.number}-{scene.today:%Y%m%d}", payer="示例财产保险股份有限公司",
    )
    record_insurance_proceeds(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.RECORD_INSURANCE, track.branch_code))
    statements.tell(receipt, track, scene)


def subsidy(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """The treasury pays a part of the last instalment's interest."""
    period = queries.current_position(loan, scene.today).recognised
    grant_subsidy(loan_number=loan.number, period=period, by=scene.who(permissions.GRANT_SUBSIDY, track.branch_code))


# By the life's place among sixty; of seed 7 each begins inside sixty days.
FATES: dict[int, tuple[Step, ...]] = {
    41: (Step(deposit), Step(deposit_used, OWING), Step(deposit_returned, paid=1)),
    47: (Step(second_cars.second_car), Step(second_cars.vehicle_release, paid=1), Step(second_cars.released, paid=1)),
    49: tuple(Step(subsidy, paid=paid) for paid in range(1, 7)),
    51: (Step(insurance_proceeds, paid=1),),
    55: (Step(renewals.renewal, paid=1),),
}
