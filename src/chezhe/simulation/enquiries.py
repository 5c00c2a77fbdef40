"""From the first call to a lead that means it, or comes to nothing."""

from __future__ import annotations

from datetime import timedelta

from chezhe.channels.models import Dealer
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.leads import permissions
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.actions.claim_lead import claim_lead
from chezhe.leads.actions.create_lead import create_lead
from chezhe.leads.actions.edit_lead import edit_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.mark_duplicate import mark_duplicate
from chezhe.leads.actions.qualify_lead import qualify_lead
from chezhe.leads.actions.record_touch import record_touch
from chezhe.leads.actions.reveal_field import reveal_field
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts
from chezhe.simulation.chance import pick
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

LOST = {"not_interested": 3, "price": 3, "competitor": 2, "unreachable": 3, "not_eligible": 1, "bought_cash": 1}
POOL_AFTER_DAYS = 31


def ask(track: Track, scene: Scene) -> None:
    """Somebody calls. A seller keeps the enquiry, or the manager takes it down for somebody to be found."""
    life = track.life
    seller = scene.who(permissions.CONVERT, track.branch_code, role=roles.SALES)
    taker = scene.who(permissions.ASSIGN, track.branch_code, role=roles.BRANCH_MGR) if scene.happens(0.2) else seller
    dealer = _dealer(track, scene) if life.source == "dealer" else ""
    facts = LeadFacts(
        name=life.name, mobile=life.mobile, source=life.source if life.source != "dealer" or dealer else "referral",
        is_company=life.company is not None, dealer_number=dealer, product_interest=life.product_code, amount_wanted=life.wanted,
    )
    is_mine = taker is seller
    lead = create_lead(facts=facts, is_mine=is_mine, branch_code="", business_date=scene.today, by=taker)
    track.lead, track.seller = lead.number, scene.cast.username_of(seller)
    scene.note("leads")
    if not is_mine:
        track.goes_on("unassigned", scene, 1, 2)
        return
    _touch(track, scene, pick(scene.rng, {"interested": 4, "callback": 3, "hesitating": 3}))
    track.goes_on("forgotten", scene, POOL_AFTER_DAYS + 4, 50) if scene.happens(0.02) else track.goes_on("following", scene, 1, 4)


def assign(track: Track, scene: Scene) -> None:
    """The manager gives it to a seller of the branch."""
    manager = scene.who(permissions.ASSIGN, track.branch_code, role=roles.BRANCH_MGR)
    assign_lead(lead_number=track.lead, owner_username=track.seller, business_date=scene.today, by=manager)
    track.goes_on("following", scene)


def claim(track: Track, scene: Scene) -> None:
    """Nobody looked after it for so long that any colleague may take it out of the pool."""
    seller = scene.who(permissions.CONVERT, track.branch_code, role=roles.SALES)
    track.seller = scene.cast.username_of(seller)
    claim_lead(lead_number=track.lead, business_date=scene.today, by=seller)
    track.goes_on("following", scene)


def follow(track: Track, scene: Scene) -> None:
    """Another call: they think about it, they are gone, or they mean it."""
    seller, fate = scene.cast.called(track.seller), scene.rng.random()
    if scene.happens(0.05):
        reveal_field(lead_number=track.lead, field_code="mobile", reason="回访客户", by=seller)
    if fate < 0.2:
        _touch(track, scene, pick(scene.rng, {"no_answer": 3, "callback": 4, "hesitating": 3}))
        track.waits(scene, 2, 6)
    elif fate < 0.22:
        mark_duplicate(lead_number=track.lead, reason="与另一条线索为同一客户来电", by=seller)
        scene.note("lost")
        track.ends()
    elif fate < 0.38:
        lose_lead(lead_number=track.lead, reason_code=pick(scene.rng, LOST), by=seller)
        scene.note("lost")
        track.ends()
    else:
        _mean_it(track, scene)


def _mean_it(track: Track, scene: Scene) -> None:
    seller = scene.cast.called(track.seller)
    if scene.happens(0.06):
        version = Lead.objects.get(number=track.lead).version
        changes = {"amount_wanted": track.life.wanted + Money(1_000_000), "note": "客户希望多贷一万元"}
        edit_lead(lead_number=track.lead, version=version, changes=changes, business_date=scene.today, by=seller)
    if Lead.objects.get(number=track.lead).status == "assigned":
        _touch(track, scene, "interested")
    qualify_lead(lead_number=track.lead, by=seller)
    track.goes_on("filing", scene, 0, 2)


def _touch(track: Track, scene: Scene, outcome: str) -> None:
    record_touch(
        lead_number=track.lead, kind=pick(scene.rng, {"phone": 7, "wechat": 2, "visit": 1}), outcome=outcome,
        touch_next_on=scene.today + timedelta(days=scene.rng.randint(1, 4)), business_date=scene.today,
        by=scene.cast.called(track.seller),
    )


def _dealer(track: Track, scene: Scene) -> str:
    """One of the branch's dealers that may bring business now; empty when there is none."""
    branch_id = scene.cast.branches[track.branch_code]
    known = list(Dealer.objects.filter(branch_id=branch_id, status="active").order_by("uscc").values_list("number", flat=True))
    return scene.rng.choice(known) if known else ""


STAGES = {"asking": ask, "unassigned": assign, "forgotten": claim, "following": follow}
