"""Before anybody agrees to a loan: what is behind it is measured, and whoever lacks something brings it or goes.

A small gap is closed by a deposit, a larger one by a friend who stands surety; whom that does not help takes a loan elsewhere.
"""

from __future__ import annotations

from chezhe.customers.actions.create_person import create_person
from chezhe.finmath.money import Money
from chezhe.origination import agreeing
from chezhe.origination.models import Application
from chezhe.risk import permissions
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.measure_coverage import measure_coverage
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.deciding import conditions
from chezhe.risk.guarantees import queries as guarantees
from chezhe.risk.guarantees.errors import LendingValueMissing
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.valuing import queries as valuing
from chezhe.simulation import appraising, lives
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import Track

# Who lacks no more than this share of the loan puts it down; more is asked of a friend.
DEPOSIT_PERCENT = 12
# The day of the payout is not the day of the vote: a little more interest is owed by then.
SPARE_PERCENT = 2
_STEP = Money(100_000)


def secure(track: Track, scene: Scene) -> bool:
    """Whether everything is there that a vote asks for, now that the borrower has brought what they can."""
    application = Application.objects.get(number=track.application)
    wants_surety = conditions.of_subject(application.subject).guarantor_needed and not agreeing.has_guarantor(application)
    missing = _missing(track, application, scene)
    if missing:
        scene.note("short_of_cover")
    if wants_surety or missing.fen * 100 > _amount(application).fen * DEPOSIT_PERCENT:
        _bring_surety(track, application, Money(max(2 * missing.fen, _amount(application).fen)), scene)
        missing = _missing(track, application, scene)
    if missing and missing.fen * 100 <= _amount(application).fen * DEPOSIT_PERCENT:
        spare = Money(_amount(application).fen * SPARE_PERCENT // 100)
        given = Offered(
            kind="deposit", amount=_rounded(missing + spare), holder="本公司保证金专户",
            proof_number=f"BZJ{application.number}{guarantees.of(application.subject).count()}")
        _bring(track, application, given, "", scene)
        scene.note("deposits_brought")
        missing = _missing(track, application, scene)
    return not missing


def _missing(track: Track, application: Application, scene: Scene) -> Money:
    """What is missing by today's measure. A car that has no value which counts is looked at again."""
    clerk = scene.who(permissions.DECIDE_SECURITY, track.branch_code)  # sellers do not see one another's cases
    try:
        return measure_coverage(subject=application.subject, business_date=scene.today, by=clerk).missing
    except LendingValueMissing:
        _look_again(track, scene)
        return measure_coverage(subject=application.subject, business_date=scene.today, by=clerk).missing


def _look_again(track: Track, scene: Scene) -> None:
    """Where the sources differ a second person stands by the value; where there is none, or an old one, somebody values the car."""
    differing = valuing.of_vehicle(track.vehicle).filter(status="rechecking").first()
    if differing is not None:
        appraising.stand_by(differing, track, scene)
    else:
        appraising.value(track, scene)


def _bring_surety(track: Track, application: Application, amount: Money, scene: Scene) -> None:
    """Somebody who earns as much as can be seen, and stands for all of it."""
    facts = lives.friend(scene.rng, track.branch_code, scene.today)
    other = create_person(facts=facts, business_date=scene.today, by=scene.cast.called(track.seller))
    scene.note("customers")
    given = Offered(kind="guarantor", amount=amount, liability="joint", income_monthly=facts.monthly_income)
    _bring(track, application, given, other.number, scene)
    scene.note("sureties_brought")


def _bring(track: Track, application: Application, given: Offered, guarantor_number: str, scene: Scene) -> None:
    """The seller writes it down, somebody else accepts it."""
    seller = clerk_for(permissions.OFFER_SECURITY, track, scene)
    offered = offer_security(
        subject=application.subject, offered=given, guarantor_number=guarantor_number, business_date=scene.today, by=seller)
    judge = scene.who(permissions.DECIDE_SECURITY, track.branch_code, apart_from=seller.user_ids)
    accept_security(security_number=offered.number, by=judge)


def _amount(application: Application) -> Money:
    assert application.amount is not None
    return application.amount


def _rounded(amount: Money) -> Money:
    return Money(-(-amount.fen // _STEP.fen) * _STEP.fen)
