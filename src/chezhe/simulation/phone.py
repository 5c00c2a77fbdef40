"""Customers with a phone in hand: they sign in at the portal, apply, read what the loan costs, sign from afar, and say how it was.

The portal's pages and these lives call the same actions with the same kind of actor.
"""

from __future__ import annotations

from django.http import HttpRequest

from chezhe import invented
from chezhe.compliance import permissions as compliance_permissions
from chezhe.compliance.actions.answer_complaint import answer_complaint
from chezhe.compliance.actions.close_complaint import close_complaint
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.models import Complaint
from chezhe.contracts import permissions
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.enter_by_code import enter_by_code
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.send_signing_code import send_signing_code
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.costs import queries as costs
from chezhe.contracts.models import Contract, Signing
from chezhe.contracts.signing import guests
from chezhe.contracts.signing import queries as signing
from chezhe.contracts.signing.steps import Place
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import BORROWER, Actor
from chezhe.origination import online
from chezhe.origination.actions.apply_online import apply_online
from chezhe.origination.models import Application
from chezhe.origination.online import OnlineWish
from chezhe.portal import entry, sessions, steps
from chezhe.portal.actions.rate_service import rate_service
from chezhe.portal.models import OutsideSession
from chezhe.servicing.actions.ask_settlement import ask_settlement
from chezhe.servicing.models import Loan
from chezhe.simulation import conditions
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

EVERY = 5
RATES, COMPLAINS = 0.8, 0.5
SAID = (
    ("service", "放款前反复补材料，希望一次说清", "已向客户致歉，补件清单改为一次列明"),
    ("fee", "想知道综合融资成本怎么算的", "已电话说明成本明示表各项，并寄送说明"),
    ("contract", "合同电子版找不到下载的地方", "已指引在手机端查看，并发送纸质副本"),
)
WORDS = {5: "办得快，讲得清楚", 4: "总体满意", 3: "一般，等得久", 2: "补材料太多"}
DEVICE = "Chrome · Android"


def has_one(track: Track) -> bool:
    """Every fifth person does on the phone whatever can be done there. A number that several people share opens nothing."""
    person = track.life.person
    return person is not None and track.serial % EVERY == 2 and invented.person(person.id_number).ring is None


def at(track: Track, scene: Scene) -> Actor:
    """The customer at the portal, with the sign-in of before where it still lasts."""
    now = clock.now()
    session = sessions.read(track.memory.get("session", ""), now) or _come_in(track, scene)
    actor = steps.actor_of(session, now)
    assert actor is not None
    return actor


def _come_in(track: Track, scene: Scene) -> OutsideSession:
    """A code to the number on file, and the first time the name and the number of the paper."""
    person, now, request = track.life.person, clock.now(), HttpRequest()
    assert person is not None
    request.META["REMOTE_ADDR"] = address(track)
    row, code = entry.ask_code(request, BORROWER, person.mobile, now)
    token = entry.come_in(request, str(row.key), code, BORROWER, now)
    session = sessions.read(token, now)
    assert session is not None
    if session.account.customer is None:
        token = entry.bind(request, session, person.name, person.id_number, now)
        session = sessions.read(token, now)
        assert session is not None
    track.memory["session"] = token
    scene.note("portal_sign_ins")
    return session


def address(track: Track) -> str:
    """Where the phone is on the net."""
    return f"203.0.113.{track.serial % 250 + 1}"


# ---- before the contract --------------------------------------------------------------------------------------


def apply(track: Track, purpose: str, scene: Scene) -> Application:
    """The customer asks for the loan on the phone, for the car on file, and agrees to each text by itself; the seller completes it."""
    by, life = at(track, scene), track.life
    assert life.person is not None
    customer = Customer.objects.get(number=track.customer)
    wish = OnlineWish(
        product_code=life.product_code, purpose=purpose, amount=life.wanted, periods=life.periods, vehicle_number=track.vehicle,
        price=life.car.invoice_price, monthly_debt=life.debts, consents=tuple(online.wanted_of(customer, scene.today)),
        evidence=f"{track.customer}/{scene.today:%Y%m%d}",
    )
    scene.note("applied_by_phone")
    return apply_online(
        customer_number=track.customer, wish=wish, device=invented.person(life.person.id_number).device, business_date=scene.today, by=by)


# ---- the contract ---------------------------------------------------------------------------------------------


def sign(track: Track, scene: Scene) -> None:
    """The cost sheet is read for as long as the rules ask; then whoever's turn it is signs by a link, one after the other."""
    contract = Contract.objects.get(number=track.contract)
    if contract.status != "prepared":
        scene.note("signed_from_afar")
        conditions.maybe_ask(track, scene)
        track.goes_on("registering", scene, 1, 2)
        return
    if contract.needs_cost_sheet and contract.cost_sheet_on is None:
        _read_costs(track, scene)
    if not Signing.objects.filter(contract=contract, status="asked").exists():
        for party in signing.standing(contract).next_ones:
            _sign_by_link(track, party.customer.number, scene)
    track.goes_on("signing_afar", scene)


def _read_costs(track: Track, scene: Scene) -> None:
    by = at(track, scene)
    reading = open_cost_sheet(contract_number=track.contract, device_mark=f"{track.serial:016d}", by=by)
    clock.tick(costs.seconds_asked(scene.today) + scene.rng.randint(1, 20))
    confirm_cost_sheet(
        contract_number=track.contract, confirmed_on=scene.today, channel="e_sign", reading=reading.key, code=reading.sheet.code,
        business_date=scene.today, by=by)
    scene.note("costs_read")


def _sign_by_link(track: Track, customer_number: str, scene: Scene) -> None:
    clerk = scene.who(permissions.SIGN, track.branch_code, apart_from=track.hands)
    invited = invite_to_sign(
        contract_number=track.contract, customer_number=customer_number, business_date=scene.today, by=clerk)
    place, guest = Place(DEVICE, address(track)), guests.actor_of(invited.link)
    sent = send_signing_code(asked_from=place.address, by=guest)
    entered = enter_by_code(typed=sent.code, place=place, by=guest)
    link = signing.link_of_sitting(entered.token)
    assert link is not None
    sign_papers(contract_number=track.contract, agrees=True, place=place, business_date=scene.today, by=guests.actor_of(link))
    scene.note("signed_by_link")


# ---- the loan -------------------------------------------------------------------------------------------------


def speak(track: Track, loan: Loan, scene: Scene) -> None:
    """Once after the payout and once after the end: how it was, and now and then what was wrong."""
    occasion = "settlement" if loan.status == "settled" else "payout"
    if not has_one(track) or f"spoke:{occasion}" in track.memory:
        return
    track.memory[f"spoke:{occasion}"] = True
    if scene.happens(RATES):
        stars = scene.rng.choice((5, 5, 4, 3, 2))
        rate_service(
            loan_number=loan.number, occasion=occasion, stars=stars, words=WORDS[stars], business_date=scene.today, by=at(track, scene))
        scene.note("ratings")
    if occasion == "payout" and scene.happens(COMPLAINS):
        kind, words, _answer = scene.rng.choice(SAID)
        filed = file_complaint(
            subject=f"customer:{track.customer}", kind=kind, words=words, business_date=scene.today, by=at(track, scene))
        track.memory["complaint"] = filed.number
        scene.note("complaints")


def hear(track: Track, scene: Scene) -> None:
    """An answer to a complaint is read, and the customer is content."""
    number = track.memory.get("complaint", "")
    if number and Complaint.objects.filter(number=number, status="answered").exists():
        close_complaint(complaint_number=number, by=at(track, scene))
        del track.memory["complaint"]
        scene.note("complaints_closed")


def ask_to_settle(track: Track, to_pay: Money, scene: Scene) -> None:
    """The customer says on the phone that the loan is to be closed today, at the sum that is shown."""
    if has_one(track):
        ask_settlement(loan_number=track.loan, settles_on=scene.today, amount=to_pay, by=at(track, scene))
        scene.note("settlements_asked")


def answer_complaints(scene: Scene) -> None:
    """Compliance answers what came in before today."""
    by = scene.who(compliance_permissions.ANSWER_COMPLAINT, BRANCHES[0][0])
    answers = {words: answer for _kind, words, answer in SAID}
    for complaint in Complaint.objects.filter(status="received", received_on__lt=scene.today).order_by("received_on", "id"):
        answer_complaint(complaint_number=complaint.number, answer=answers.get(complaint.words, "已联系客户并说明处理结果"), by=by)
        scene.note("complaints_answered")


ERRANDS = (answer_complaints,)
STAGES = {"signing_afar": sign}
