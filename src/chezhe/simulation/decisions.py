"""What people decide about loans now and then: another due day, a fee, money back, a restructuring, a write-off.

Chance here is its own, so that the rest of a life stays as it was; whatever is asked for is agreed to in the same turn.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from chezhe.contracts import queries as contract_queries
from chezhe.documents import permissions as document_permissions
from chezhe.documents.actions.upload_document import upload_document
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import consents, permissions, queries
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan
from chezhe.simulation import fates, paper
from chezhe.simulation.agreeing import NotNow, agree
from chezhe.simulation.fates import Deed
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

IN_ORDER, IN_ARREARS, WITH_CASH = 0.006, 0.02, 0.15
HOPELESS_DAYS = 150


def in_order(track: Track, loan: Loan, scene: Scene) -> bool:
    """Nothing is owed: now and then the plan changes, a fee is charged, security comes, or cash goes back."""
    rng = _own(track, scene)
    if _go_through(fates.IN_ORDER, track, loan, scene, rng):
        return True
    if loan.unapplied and rng.random() < WITH_CASH:
        return _decide(refund, track, loan, scene, rng)
    if rng.random() >= IN_ORDER:
        return False
    return _decide(rng.choice((due_day, holiday, extension, rate_change, charge, fates.deposit)), track, loan, scene, rng)


def owing(track: Track, loan: Loan, scene: Scene) -> bool:
    """Something is owed, and a deposit may pay it."""
    return scene.is_open and _go_through(fates.OWING, track, loan, scene, _own(track, scene))


def after_the_end(track: Track, loan: Loan, scene: Scene) -> bool:
    """What a loan that is over has left goes back."""
    return bool(loan.unapplied) and scene.is_open and _decide(refund, track, loan, scene, _own(track, scene))


def in_arrears(track: Track, loan: Loan, scene: Scene) -> bool:
    """Nobody pays: now and then something is forgiven, planned anew, called in, or given up."""
    rng = _own(track, scene)
    if rng.random() >= IN_ARREARS:
        return False
    if loan.days_past_due(scene.today) > HOPELESS_DAYS:
        return _decide(write_off, track, loan, scene, rng)
    return _decide(rng.choice((waive, restructure, call_in)), track, loan, scene, rng)


def _own(track: Track, scene: Scene) -> Random:
    return Random(f"{track.serial}/{scene.today}")


def _go_through(occasion: str, track: Track, loan: Loan, scene: Scene, rng: Random) -> bool:
    deed = fates.due_deed(track, occasion)
    if deed is None or not _decide(deed, track, loan, scene, rng):
        return False
    fates.is_done(track)
    return True


def _decide(decision: Deed, track: Track, loan: Loan, scene: Scene, rng: Random) -> bool:
    """Whether it happened; what the plan, the policy or the loan's status does not allow is let be."""
    try:
        decision(Loan.objects.get(pk=loan.pk), track, scene, rng)
    except (BusinessError, NotNow):
        return False
    loan.refresh_from_db()
    track.memory["prepaid_before"] = loan.next_event_on
    scene.note("decisions")
    scene.note(f"decisions:{decision.__name__}")
    return True


def refund(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Too much was paid and goes back."""
    by = scene.who(permissions.REQUEST_REFUND, track.branch_code)
    change = request_refund(loan_number=loan.number, amount=loan.unapplied, reason="客户多付，要求退回", by=by)
    agree(change, track, scene)
    pay_refund(change_number=change.number, by=scene.who(permissions.PAY_REFUND, track.branch_code))


def due_day(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """The borrower is paid on another day."""
    by = scene.who(permissions.REQUEST_PLAN_CHANGE, track.branch_code)
    day = rng.choice((1, 5, 10, 18, 25, 31))
    agree(request_due_day_change(loan_number=loan.number, due_day=day, reason="发薪日改变", by=by), track, scene)


def holiday(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """The borrower is ill for a while."""
    by = scene.who(permissions.REQUEST_PLAN_CHANGE, track.branch_code)
    agree(request_holiday(loan_number=loan.number, months=rng.choice((1, 2, 3)), reason="住院治疗", by=by), track, scene)


def extension(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """The borrower needs longer; whoever stands for the debt has signed."""
    by = scene.who(permissions.REQUEST_PLAN_CHANGE, track.branch_code)
    if contract_queries.sureties(loan.contract):
        clerk, scan = scene.who(document_permissions.UPLOAD, track.branch_code), paper.scan(consents.CONSENT, track.serial)
        upload_document(subject=loan.subject, category_code=consents.CONSENT, upload=scan, by=clerk)
    agree(request_extension(loan_number=loan.number, months=rng.choice((3, 6)), reason="收入下降", by=by), track, scene)


def rate_change(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """The loan is repriced a little lower."""
    by = scene.who(permissions.REQUEST_RATE_CHANGE, track.branch_code)
    rate = (loan.annual_rate or Decimal(0)) - Decimal("0.001")
    agree(request_rate_change(loan_number=loan.number, annual_rate=rate, reason="按 LPR 重定价", by=by), track, scene)


def charge(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """Papers are issued again."""
    fee = Fee(code="papers", amount=Money(rng.choice((5_000, 10_000, 20_000))), reason="补办合同副本")
    charge_fee(loan_number=loan.number, fee=fee, by=scene.who(permissions.CHARGE_FEE, track.branch_code))


def waive(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Half of the penalties are forgiven."""
    owed = sum(due.penalty_fen for due in queries.current_position(loan, scene.today).dues)
    by = scene.who(permissions.REQUEST_WAIVER, track.branch_code)
    change = request_waiver(
        loan_number=loan.number, item=Item.PENALTY, amount=Money(max(1, owed // 2)), reason="协商还款，减免部分罚息", by=by)
    agree(change, track, scene)


def restructure(loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """The debt gets a new plan; some keep to it."""
    by = scene.who(permissions.REQUEST_RESTRUCTURING, track.branch_code)
    change = request_restructuring(
        loan_number=loan.number, method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.08"), periods=rng.choice((12, 24, 36)),
        reason="失业，协商重组", by=by)
    agree(change, track, scene)
    if rng.random() < 0.5:
        track.life = track.life.paying_again()


def call_in(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Nothing comes and the car is gone."""
    by = scene.who(permissions.REQUEST_ACCELERATION, track.branch_code)
    agree(request_acceleration(loan_number=loan.number, reason="连续逾期，车辆去向不明", by=by), track, scene)


def write_off(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """Nothing more is expected."""
    by = scene.who(permissions.REQUEST_WRITE_OFF, track.branch_code)
    agree(request_write_off(loan_number=loan.number, reason="长期逾期，催收无果", by=by), track, scene)
