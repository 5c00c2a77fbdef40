"""借新还旧: a borrower takes a larger loan on the same car, and the old one is paid off by it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from chezhe.finmath.money import Money
from chezhe.servicing import permissions
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.name_refinancing import name_refinancing
from chezhe.servicing.models import Loan
from chezhe.simulation.agreeing import NotNow
from chezhe.simulation.lives import CARRIED_PERCENT, Life, carried
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Older, Track

SHARE, WORTH_IT = 65, 80
# The usual number of months, and how many it may become.
PERIODS = (24, 24)


def renewal(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Another application of the same borrower begins on a day soon; the old loan waits for it."""
    wanted, periods = larger(track.life)
    if track.life.guarantor or track.life.spouse or loan.principal_left.fen * 100 > wanted.fen * WORTH_IT:
        raise NotNow("the new loan would hardly be larger, or others stand for the old one")
    track.older = Older(track.application, track.contract, track.disbursement, loan.number)
    track.life = replace(track.life, wanted=wanted, method="equal_instalment", periods=periods)
    track.lead, track.hands = "", set()
    for word in ("returned", "retried", "resent", "maker", "delivered", "conditions"):
        track.memory.pop(word, None)
    track.goes_on("writing", scene)


def larger(life: Life) -> tuple[Money, int]:
    """What the car and the pay would carry now, and over how many months."""
    price = life.car.invoice_price
    free = Money(max(0, life.income.fen * CARRIED_PERCENT // 100 - life.debts.fen))
    return carried(free, Money((price.fen if price else 0) * SHARE // 100 // 100_000 * 100_000), *PERIODS)


def name_older(track: Track, scene: Scene) -> None:
    """The new application says which loan its money pays off first."""
    if track.older is not None:
        name_refinancing(loan_number=track.older.loan, application_number=track.application, by=scene.cast.called(track.seller))


def fix_payoff(track: Track, scene: Scene) -> None:
    """The old loan's payoff of the payout day."""
    if track.older is not None:
        fix_refinancing(contract_number=track.contract, by=scene.who(permissions.FIX_REFINANCING, track.branch_code))


def is_over(track: Track, scene: Scene) -> None:
    """The bank has paid: the old loan is settled."""
    if track.older is not None:
        track.older = None
        scene.note("refinanced")
