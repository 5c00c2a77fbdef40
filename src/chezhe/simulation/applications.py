"""From a filed customer to an accepted offer: six steps, papers, consents, two people who decide, and whoever gives up."""

from __future__ import annotations

from decimal import Decimal

from chezhe import invented
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.permissions import GRANT_CONSENT
from chezhe.customers.actions.create_person import create_person
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.values import PersonFacts
from chezhe.documents.actions.remove_document import remove_document
from chezhe.documents.actions.upload_document import upload_document
from chezhe.kernel import parameters
from chezhe.kernel.actor import Actor
from chezhe.origination import duties, permissions, queries, rules
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.offers.rules import Change
from chezhe.products import queries as product_queries
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.simulation import appraising, offers, paper, passing, phone, renewals, securing
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import OVER, Track

PURPOSES = {"P01": "purchase", "P02": "purchase", "P03": "consumption", "P05": "working_capital", "P10": "business"}
# Papers that belong to the person: the next application finds them there, and the picture is compared with the face.
PERSONAL = ("id_front", "id_back")
ONLINE_EVERY, STRAIGHT_EVERY = 3, 2
DECLINED, LAPSES, COUNTERED = 0.04, 0.03, 0.07


def write(track: Track, scene: Scene) -> None:
    """Write the steps, for no more than the car carries; now and then the draft is left for another day."""
    if track.life.car.condition == "used" and track.older is None:
        appraising.confirm_worth(track, scene)
        if track.stage == OVER:
            return
    life, seller = track.life, scene.cast.called(track.seller)
    if phone.has_one(track) and track.older is None and life.source != "dealer":
        started = phone.apply(track, PURPOSES[life.product_code], scene)
    else:
        started = start_application(
            customer_number=track.customer, product_code=life.product_code, lead_number=track.lead, business_date=scene.today, by=seller,
            **_filing(track),
        )
    track.application = started.number
    steps = {
        "party": {"purpose": PURPOSES[life.product_code]},
        "vehicle": {"vehicle_number": track.vehicle, "price": str(life.car.invoice_price)},
        "finance": {
            "amount": str(life.wanted), "periods": str(life.periods), "method": life.method,
            "annual_rate": _rate(track, scene), "due_day": str(life.due_day), "monthly_income": str(life.income),
            "monthly_debt": str(life.debts), "acceptance": _acceptance(track),
        },
    }
    version = started.version
    for step, values in steps.items():
        saved = save_step(
            application_number=started.number, step=step, version=version, values=values, is_draft=False, business_date=scene.today,
            by=seller,
        )
        version = saved.version
    renewals.name_older(track, scene)
    scene.note("applications")
    if scene.happens(0.08):
        track.goes_on("submitting", scene, 1, 5)
    else:
        submit(track, scene)


def _filing(track: Track) -> dict[str, str]:
    """Every third person files from a device of their own, or of whoever does it for them."""
    person = track.life.person
    if person is None or track.serial % ONLINE_EVERY:
        return {}
    return {"filed_through": "online", "device": invented.person(person.id_number).device}


def _acceptance(track: Track) -> str:
    """Every second person agrees beforehand to what is approved as asked; who pays off an older loan wants to see the offer."""
    return "ahead" if track.serial % STRAIGHT_EVERY == 0 and track.older is None else "asked"


def _rate(track: Track, scene: Scene) -> str:
    """The usual rate of the method in per cent, as a clerk types it."""
    terms = product_queries.current(track.life.product_code, scene.today).terms
    usual = next(price for price in terms.prices if price.method.value == track.life.method)
    return f"{(usual.rate_default * Decimal(100)).normalize():f}"


def submit(track: Track, scene: Scene) -> None:
    """Whoever stands for the loan is brought, every paper filed, every consent given; then it is handed in, or given up."""
    seller = scene.cast.called(track.seller)
    if scene.happens(0.02):
        _withdraw(track, scene, "客户临时改变主意")
        return
    application = Application.objects.select_related("customer", "vehicle", "product_version").get(number=track.application)
    if not track.hands:
        _bring_others(track, application, scene)
    _file_papers(track, application, scene)
    _consent(track, application, scene)
    version = Application.objects.values_list("version", flat=True).get(pk=application.pk)
    submit_application(application_number=track.application, version=version, business_date=scene.today, by=seller)
    track.hands |= seller.user_ids
    scene.note("submitted")
    track.goes_on("deciding", scene, 1, 2)


def _bring_others(track: Track, application: Application, scene: Scene) -> None:
    """The person behind a company stands surety, a spouse borrows too; a name in the wrong place is taken out again."""
    if track.life.guarantor:
        _bring(track, application, track.life.guarantor, "guarantor", "controller", scene)
    if track.life.spouse:
        _bring(track, application, track.life.spouse, "co_borrower", "spouse", scene)


def _bring(track: Track, application: Application, who: PersonFacts, role: str, kind: str, scene: Scene) -> None:
    seller = scene.cast.called(track.seller)
    other = create_person(facts=who, business_date=scene.today, by=seller)
    scene.note("customers")
    relate_customers(customer_number=track.customer, other_number=other.number, kind=kind, by=seller)
    if scene.happens(0.05) and track.life.person is not None:
        add_party(application_number=application.number, customer_number=other.number, role="spouse", by=seller)
        remove_party(application_number=application.number, customer_number=other.number, by=seller)
    add_party(application_number=application.number, customer_number=other.number, role=role, by=seller)


def _file_papers(track: Track, application: Application, scene: Scene) -> None:
    seller = scene.cast.called(track.seller)
    _prove_income(track, application, seller, scene)
    for category in queries.documents_missing(application):
        subject = application.customer.subject if category.code in PERSONAL else application.subject
        kept = upload_document(subject=subject, category_code=category.code, upload=paper.scan(category.code, track.serial), by=seller)
        if scene.happens(0.003):
            remove_document(document_number=str(kept.key), reason="传错了客户的资料", by=seller)
            upload_document(subject=subject, category_code=category.code, upload=paper.scan(category.code, track.serial + 1), by=seller)


def _prove_income(track: Track, application: Application, seller: Actor, scene: Scene) -> None:
    """The statement that everybody whose income counts hands in, once."""
    if "statements" in track.memory:
        return
    track.memory["statements"] = True
    earning = [(track.customer, track.life.person)]
    earning += [(party.customer.number, track.life.spouse) for party in application.parties.all() if party.role == "co_borrower"]
    for number, who in earning:
        if who is not None:
            upload_statement(customer_number=number, upload=paper.statement(who.id_number, scene.today), by=seller)
            scene.note("statements")


def _consent(track: Track, application: Application, scene: Scene) -> None:
    """Everybody who stands for the loan signs what the ledger of consents asks for."""
    clerk = clerk_for(GRANT_CONSENT, track, scene)
    people = [(application.customer, True), *((party.customer, False) for party in application.parties.select_related("customer"))]
    for customer, is_borrower in people:
        for kind in rules.consents_needed(is_person=customer.is_person, is_borrower=is_borrower):
            grant_consent(
                subject=customer.subject, kind=kind, channel="paper", evidence=f"SQ-{application.number}", business_date=scene.today,
                by=clerk,
            )


def decide(track: Track, scene: Scene) -> None:
    """What the machine has decided is gone on with; else the next stage votes. Weak ability to repay is rejected with a reason, a thin
    file is sent back, some do not wait."""
    status = Application.objects.values_list("status", flat=True).get(number=track.application)
    if status not in ("first_review", "final_review"):
        _by_machine(track, status, scene)
        return
    if scene.happens(0.015):
        _withdraw(track, scene, "客户已从其他渠道融资")
        return
    verdict, opinion = _judgement(track, scene)
    if verdict == "agree" and not securing.secure(track, scene):
        _withdraw(track, scene, "担保不足，客户不愿追加")
        scene.note("uncovered")
        return
    decided = _vote(track, scene, verdict, opinion)
    if decided.status == "final_review":
        track.waits(scene, 1, 2)
    elif decided.status == "supplement":
        track.hands = set(scene.cast.called(track.seller).user_ids)  # the next round begins with a reviewer again
        track.goes_on("submitting", scene, 1, 4)
    elif decided.status == "approved":
        scene.note("approved")
        track.goes_on("offered", scene, 1, 4)
    else:
        track.ends()


def _vote(track: Track, scene: Scene, verdict: str, opinion: str) -> Application:
    """Whoever agrees may do so for less, or on conditions; who signs too agrees beforehand to what was asked for."""
    application = Application.objects.select_related("product_version", "approval").get(number=track.application)
    assert application.approval is not None
    others = _others(track, application)
    voter = scene.who(permissions.DECIDE, track.branch_code, apart_from=others, role=application.approval.stage_role)
    signers: list[Actor] = []
    if verdict == "agree":
        *signers, voter = passing.hand_round(application.approval, voter, others, track, scene)
    for signer in signers:
        vote_on_application(
            application_number=track.application, verdict=verdict, opinion="同意，收入结构已核", business_date=scene.today, by=signer)
        track.hands |= signer.user_ids
    change, wished = offers.terms_of(track, application, scene) if verdict == "agree" else (Change(), ())
    decided = vote_on_application(
        application_number=track.application, verdict=verdict, opinion=opinion, change=change, wished=wished, business_date=scene.today,
        by=voter,
    )
    track.hands |= voter.user_ids
    scene.note({"agree": "votes", "return": "returned", "reject": "rejected"}[verdict])
    return decided


def _by_machine(track: Track, status: str, scene: Scene) -> None:
    """Offered or rejected without anybody's vote; whoever was rejected may ask that people look at it, or bring fresh facts."""
    if status == "checking":
        track.waits(scene, 1)
    elif status == "approved":
        scene.note("machine_approved")
        scene.note("approved")
        track.goes_on("offered", scene, 0, 2)
    elif status == "accepted":
        _went_straight(track, scene)
    elif status == "rejected" and "contested" not in track.memory and scene.happens(0.15):
        track.memory["contested"] = True
        track.goes_on("contesting", scene, 1, 3)
    else:
        scene.note("machine_declined")
        track.ends()


def _went_straight(track: Track, scene: Scene) -> None:
    """Approved as asked, and taken by the system as the customer had agreed: the contract is there, or people make it."""
    for what in ("machine_approved", "approved", "accepted", "straight_through"):
        scene.note(what)
    taken = Application.objects.get(number=track.application)
    track.hands |= frozenset().union(*duties.duties_of(taken).values())
    track.goes_on("contracting", scene, 0, 1)


def contest(track: Track, scene: Scene) -> None:
    """The customer brings fresh facts, or wants a person to look."""
    seller = scene.cast.called(track.seller)
    act, reason = (appeal_decision, "已结清逾期，征信待更新") if scene.happens(0.5) else (ask_human_review, "客户要求人工复核")
    act(application_number=track.application, reason=reason, business_date=scene.today, by=seller)
    scene.note("appeals" if act is appeal_decision else "human_reviews")
    track.goes_on("deciding", scene, 1, 2)


def _judgement(track: Track, scene: Scene) -> tuple[str, str]:
    if track.life.debts.fen * 100 > track.life.income.fen * 30 or scene.happens(0.03):
        return "reject", "收入覆盖不足"
    if "returned" not in track.memory and scene.happens(0.05):
        track.memory["returned"] = True
        return "return", "收入证明模糊，请重新上传"
    return "agree", "收入与负债核实，车况良好"


def _others(track: Track, application: Application) -> set[int]:
    """Everybody who holds another duty on the case, in this round or an earlier one."""
    assert application.approval is not None
    role = application.approval.stage_role
    others = frozenset().union(*(people for duty, people in duties.duties_of(application).items() if duty != role))
    return track.hands | others


def answer(track: Track, scene: Scene) -> None:
    """The customer takes the offer, declines it, wants other terms, or never calls back until it has lapsed."""
    fate = scene.rng.random()
    if fate < DECLINED:
        offers.decline(track, scene)
    elif fate < DECLINED + LAPSES:
        track.goes_on("lapsing", scene, parameters.count("OFFER_DAYS", scene.today) + 2)
    elif fate < DECLINED + LAPSES + COUNTERED and "countered" not in track.memory and track.older is None:
        track.memory["countered"] = True
        track.goes_on("countering", scene, 1)
    else:
        is_afar = phone.has_one(track)
        by = phone.at(track, scene) if is_afar else scene.cast.called(track.seller)
        taken = accept_offer(application_number=track.application, business_date=scene.today, by=by)
        if is_afar:
            scene.note("accepted_by_phone")
        track.hands |= frozenset().union(*duties.duties_of(taken).values())  # of the earlier rounds, too
        scene.note("accepted")
        track.goes_on("contracting", scene, 0, 1)


def lapse(track: Track, scene: Scene) -> None:
    """The upkeep of the worker has closed it; nobody called."""
    status = Application.objects.values_list("status", flat=True).get(number=track.application)
    scene.note("expired" if status == "expired" else "lapsed_but_open")
    track.ends()


def _withdraw(track: Track, scene: Scene, reason: str) -> None:
    withdraw_application(application_number=track.application, reason=reason, by=scene.cast.called(track.seller))
    scene.note("withdrawn")
    track.ends()


STAGES = {
    "writing": write, "submitting": submit, "deciding": decide, "contesting": contest, "offered": answer, "lapsing": lapse, **offers.STAGES,
}
