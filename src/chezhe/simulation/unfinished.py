"""This morning: the day is open, the phone has rung, and something waits for everybody who has to decide or to act."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random

from chezhe.compliance import queries as compliance_queries
from chezhe.finmath.money import Money
from chezhe.kernel import audit, clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.payments.actions.accept_notice import accept_notice
from chezhe.payments.models import Payout
from chezhe.payments.steps import Notice
from chezhe.servicing import permissions as servicing_permissions
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.tax import permissions as tax_permissions
from chezhe.simulation import debiting, enquiries, governance, headquarters, lives, monthend, staffing
from chezhe.simulation.cast import Cast
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene
from chezhe.simulation.story import ASKED
from chezhe.simulation.tracks import Track

MORNING = time(8, 40)
CALLS_A_BRANCH = 2


def begin_today(today: date, seed: int) -> None:
    """Open `today`; leave proposals for the second person, enquiries to assign and to call back, and a puzzle of the bank's."""
    with clock.at(datetime.combine(today, MORNING, clock.SHANGHAI)), jobs.in_line():
        scene = Scene(today, True, Cast(clock.now()), Random(f"{seed}/today"))
        open_business_day(day=today, calendar_day=today, by=scene.who(servicing_permissions.OPEN_DAY, BRANCHES[0][0]))
        _propose(scene)
        _end_the_month(scene)
        _ring(scene, seed)
        _puzzle(scene)
        debiting.plan_today(scene)
        events.deliver_all()
        audit.seal()


def _propose(scene: Scene) -> None:
    governance.propose_the_base_rate(scene)
    governance.draft_a_renewal(scene)
    governance.propose_the_lenders_particulars(scene, compliance_queries.lender().net_assets + Money(200_000_000))
    headquarters.propose_bank_charges(scene)
    staffing.wish_for_a_role(scene)


def _end_the_month(scene: Scene) -> None:
    """Finance has worked out last month's VAT, which waits for a second person."""
    monthend.work_out_the_tax(scene, scene.who(tax_permissions.RUN_VAT, BRANCHES[0][0]))


def _ring(scene: Scene, seed: int) -> None:
    for place, (code, *_) in enumerate(BRANCHES):
        for call in range(CALLS_A_BRANCH):
            life = lives.invent(Random(f"{seed}/today/{code}/{call}"), code, scene.today, ASKED)
            enquiries.ask(Track(place * CALLS_A_BRANCH + call, life, scene.today), scene)


def _puzzle(scene: Scene) -> None:
    """The bank tells of a payout with another sum than ours."""
    payout = Payout.objects.filter(status="paid").order_by("-id").first()
    if payout is not None:
        accept_notice(by=SYSTEM, notice=Notice(
            notice_id=f"BN-{payout.number}-again", outcome="paid", amount=payout.amount + Money(10_000), bank_serial="",
            bank_reference=payout.bank_reference, failure_code="",
        ))
