"""What is said about an offer beside yes: less than was asked, conditions that somebody sees to or lets go, no, and other terms."""

from __future__ import annotations

from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.origination import duties, permissions
from chezhe.origination.actions.counter_offer import counter_offer
from chezhe.origination.actions.decline_offer import decline_offer
from chezhe.origination.actions.meet_condition import meet_condition
from chezhe.origination.actions.waive_condition import waive_condition
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.offers.conditions import Wished
from chezhe.origination.offers.rules import Change
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

OFFERED_LESS, ON_CONDITIONS, LET_GO = 0.1, 0.25, 0.4
LESS_PERCENT, STEP = 90, 100_000
WISHES = (
    Wished(words="补充近三个月社保缴纳记录", due="contract", owner_role=roles.SALES),
    Wished(words="核对购车发票原件", due="payout", owner_role=roles.COLLATERAL_OPS),
)


def terms_of(track: Track, application: Application, scene: Scene) -> tuple[Change, tuple[Wished, ...]]:
    """On what other terms, and on which conditions, somebody agrees: mostly on none."""
    change, wished = Change(), tuple[Wished, ...]()
    if "conditions" not in track.memory and scene.happens(ON_CONDITIONS):
        track.memory["conditions"] = True
        wished = (scene.rng.choice(WISHES),)
        scene.note("conditions_set")
    if track.older is None and "offered_less" not in track.memory and scene.happens(OFFERED_LESS):
        less = less_than(application)
        if less is not None:
            track.memory["offered_less"] = True
            change = Change(amount=less)
            scene.note("offered_less")
    return change, wished


def less_than(application: Application) -> Money | None:
    """A tenth less than stands there now, and no more than the machine would lend; None where the product lends no less."""
    assert application.amount is not None
    most = making.bounds_of(application).amount_max
    wanted = application.amount.fen * LESS_PERCENT // 100
    wanted = (wanted if most is None else min(wanted, most.fen)) // STEP * STEP
    return Money(wanted) if wanted >= application.product_version.terms.amount_min.fen else None


def see_to_conditions(track: Track, scene: Scene, due: str) -> None:
    """What the approval asked for is brought by those whose work it is; now and then a second person who decides lets it go."""
    application = Application.objects.get(number=track.application)
    for condition in application.conditions.filter(status="open", due=due).order_by("id"):
        if scene.happens(LET_GO):
            apart = duties.duties_of(application)[duties.SALES] | {condition.set_by_id}
            waive_condition(
                application_number=application.number, condition_id=condition.pk, reason="客户资质良好，流水已能说明",
                by=scene.who(permissions.DECIDE, track.branch_code, apart_from=apart))
            scene.note("conditions_waived")
        else:
            is_sellers = condition.owner_role == roles.SALES
            owner = scene.cast.called(track.seller) if is_sellers else scene.who(
                permissions.MEET_CONDITION, track.branch_code, role=condition.owner_role)
            meet_condition(application_number=application.number, condition_id=condition.pk, evidence="原件已核，复印件存档", by=owner)
            scene.note("conditions_met")


def decline(track: Track, scene: Scene) -> None:
    """No: the rate is higher than they thought."""
    decline_offer(application_number=track.application, reason="利率高于预期", by=scene.cast.called(track.seller))
    scene.note("offers_declined")
    track.ends()


def counter(track: Track, scene: Scene) -> None:
    """Other terms are wanted: the machine and people decide anew."""
    application = Application.objects.select_related("product_version").get(number=track.application)
    less, seller = less_than(application), scene.cast.called(track.seller)
    if less is None:
        track.goes_on("offered", scene, 0, 1)
        return
    counter_offer(
        application_number=track.application, change=Change(amount=less), reason="客户首付增加，少贷一些", business_date=scene.today,
        by=seller)
    track.hands = set(seller.user_ids)  # the next round begins with a reviewer again
    scene.note("offers_countered")
    track.goes_on("deciding", scene, 1, 2)


STAGES = {"countering": counter}
