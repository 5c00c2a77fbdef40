"""What stands behind a signed contract: the car is noted in both registries, its papers lie in the vault, and after the last yuan
everything goes back to the borrower's door.
"""

from __future__ import annotations

from datetime import timedelta

from chezhe.compliance.queries import lender
from chezhe.contracts import permissions
from chezhe.contracts.actions.accept_registration import accept_registration
from chezhe.contracts.actions.cancel_registration import cancel_registration
from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.confirm_papers_received import confirm_papers_received
from chezhe.contracts.actions.give_back_item import give_back_item
from chezhe.contracts.actions.hand_over_papers import hand_over_papers
from chezhe.contracts.actions.keep_item import keep_item
from chezhe.contracts.actions.lend_item import lend_item
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.record_delivery import record_delivery
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.redo_registration import redo_registration
from chezhe.contracts.actions.refuse_registration import refuse_registration
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.send_papers import send_papers
from chezhe.contracts.actions.submit_registration import submit_registration
from chezhe.contracts.actions.take_out_papers import take_out_papers
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.collateral import insuring, registering
from chezhe.contracts.collateral.custody import Handed, Kept
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.collateral.models import UNIFIED
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.collateral.releasing import Handover
from chezhe.contracts.models import Contract, CustodyItem, RegistrationOrder, Release
from chezhe.finmath.days import month_step
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.simulation import conditions, lives, paper
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

OFFICES = {"HZ01": "杭州市公安局交警支队车辆管理所", "NB01": "宁波市公安局交警支队车辆管理所", "SZ01": "深圳市公安局交警支队车辆管理所"}
REGISTRY = "动产融资统一登记公示系统"
REFUSED, FALLS_THROUGH, BY_COURIER, BY_AGENT, LENT = 0.1, 0.008, 0.6, 0.15, 0.08
# Longer than any loan of the house, so that no record lapses before its loan.
RECORD_YEARS = 8


def register(track: Track, scene: Scene) -> None:
    """The papers go to both registries. The unified one answers at once; the vehicle office notes the mortgage, or sends the papers back,
    and they are handed in again."""
    clerk = scene.who(permissions.MORTGAGE, track.branch_code, apart_from=track.hands)
    contract = Contract.objects.select_related("application", "product_version").get(number=track.contract)
    if registering.is_purchase(contract) and "delivered" not in track.memory:
        track.memory["delivered"] = True
        delivered_on = scene.today - timedelta(days=scene.rng.randint(0, 2))
        record_delivery(contract_number=track.contract, delivered_on=delivered_on, business_date=scene.today, by=clerk)
    for order in order_registrations(contract_number=track.contract, business_date=scene.today, by=clerk):
        if not order.is_open or _hand_in(order, track, scene, clerk):
            continue
        track.waits(scene, 1, 12)
        return
    _keep(track, scene)
    _fit(track, scene)
    _insure(track, scene)
    after = "fulfilling" if conditions.are_open(track) else "paying_out"
    track.goes_on("falling_through" if scene.happens(FALLS_THROUGH) else after, scene, 0, 1)


def _hand_in(order: RegistrationOrder, track: Track, scene: Scene, clerk: Actor) -> bool:
    """Whether one registry has noted the mortgage."""
    is_unified = order.registry == UNIFIED
    if order.status == "refused":
        order = redo_registration(order_number=order.number, by=clerk)
    submit_registration(order_number=order.number, submitted_on=scene.today, business_date=scene.today, by=clerk)
    if not is_unified and order.attempt == 1 and scene.happens(REFUSED):
        refuse_registration(order_number=order.number, reason="登记证书与发票金额不一致，退回补正", by=clerk)
        scene.note("registrations_refused")
        return False
    receipt = Registration(
        office=REGISTRY if is_unified else OFFICES[track.branch_code], registered_on=scene.today,
        receipt_number=f"{'ZD' if is_unified else 'DY'}{track.contract.replace('-', '')}",
    )
    accept_registration(
        order_number=order.number, registration=receipt, evidence=paper.scan("mortgage", track.serial + is_unified),
        valid_until=month_step(scene.today, RECORD_YEARS * 12, scene.today.day) if is_unified else None,
        business_date=scene.today, by=clerk)
    scene.note("registrations")
    scene.note("registrations_late" if order.due_on is not None and order.due_on < scene.today else "registrations_in_time")
    return True


def _keep(track: Track, scene: Scene) -> None:
    """The certificate and the spare key lie in the vault, unless they do for an older loan on the same car."""
    if CustodyItem.objects.filter(vehicle__number=track.vehicle, status__in=["kept", "lent"]).exists():
        return
    keeper = scene.who(permissions.KEEP_CUSTODY, track.branch_code)
    place = f"{track.branch_code}-{track.serial % 12 + 1:02d}"
    for kind, serial in (("certificate", f"{330_000_000_000 + track.serial}"), ("key", "备用钥匙")):
        kept = Kept(kind=kind, serial=serial, place=place)
        keep_item(contract_number=track.contract, kept=kept, business_date=scene.today, by=keeper)
        scene.note("custody_in")


def maybe_lend(track: Track, scene: Scene) -> None:
    """Now and then the certificate leaves the vault for some days."""
    if "lent" not in track.memory and scene.happens(LENT):
        lend_certificate(track, scene)


def lend_certificate(track: Track, scene: Scene) -> None:
    """The vehicle office wants to see the certificate: the borrower takes it there and brings it back."""
    kept = CustodyItem.objects.filter(contract__number=track.contract, kind="certificate", status="kept").first()
    if kept is None:
        return
    until = scene.today + timedelta(days=scene.rng.randint(3, 10))
    handed = Handed(holder=track.life.name, reason="车辆年检、换发号牌", due_back=until)
    lend_item(
        item_number=kept.number, handed=handed, business_date=scene.today,
        by=scene.who(permissions.KEEP_CUSTODY, track.branch_code))
    track.memory["lent"] = (kept.number, until)
    scene.note("custody_lent")


def bring_back(track: Track, scene: Scene, *, is_asked_for: bool = False) -> None:
    """The certificate that was lent comes back on its day, or when it is asked for."""
    number, until = track.memory.get("lent", ("", None))
    if not number or not is_asked_for and scene.today < until:
        return
    give_back_item(item_number=number, business_date=scene.today, by=scene.who(permissions.KEEP_CUSTODY, track.branch_code))
    del track.memory["lent"]
    scene.note("custody_back")


def _fit(track: Track, scene: Scene) -> None:
    """The devices are in the car and have told where it is, where the contract asks for them."""
    secured = Contract.objects.only("gps_wired", "gps_wireless", "gps_fitted_on").get(number=track.contract)
    if not secured.needs_gps or secured.gps_fitted_on is not None:
        return
    devices = "、".join(f"GPS{track.serial:06d}{place}" for place in range(secured.gps_wired + secured.gps_wireless))
    confirm_gps(
        contract_number=track.contract, fitted_on=scene.today, devices=devices, business_date=scene.today,
        by=scene.who(permissions.CONFIRM_GPS, track.branch_code, apart_from=track.hands))
    for device in secured.devices.all():
        record_first_fix(device_number=device.device_number, fixed_at=clock.now(), by=SYSTEM)
    scene.note("gps_fitted")


def _insure(track: Track, scene: Scene) -> None:
    """The borrower brings the policy, where the day asks for it."""
    contract = Contract.objects.select_related("product_version").get(number=track.contract)
    if not insuring.is_asked(contract):
        return
    said = Policy(
        insurer="示例财产保险股份有限公司", policy_number=f"PDAA{track.contract.replace('-', '')}", beneficiary=lender().name,
        valid_from=scene.today, valid_to=scene.today + timedelta(days=364), amount=contract.principal,
    )
    record_policy(
        contract_number=track.contract, policy=said, evidence=paper.scan("insurance", track.serial), business_date=scene.today,
        by=scene.who(permissions.RECORD_POLICY, track.branch_code, apart_from=track.hands))
    scene.note("insured")


def fall_through(track: Track, scene: Scene) -> None:
    """Nobody wants the money any more: the mortgage goes, then the contract."""
    clerk = scene.who(permissions.MORTGAGE, track.branch_code, apart_from=track.hands)
    release_unused_mortgage(contract_number=track.contract, reason="客户放弃放款", by=clerk)
    if _take_off(track, scene):
        hand_over(track, scene)
    void_contract(contract_number=track.contract, reason="客户放弃放款，抵押已解除", by=clerk)
    scene.note("voided")
    track.ends()


def release(track: Track, scene: Scene) -> None:
    """The loan is paid off: both registries take the mortgage off the car, and the papers leave the vault for the post or the counter."""
    bring_back(track, scene, is_asked_for=True)
    has_papers = _take_off(track, scene)
    if "second_car" in track.memory:
        record_release_of(track, scene, track.memory["second_car"])
    scene.note("released")
    if not has_papers:
        track.ends()
    elif scene.happens(BY_COURIER):
        _send(track, scene)
    else:
        track.goes_on("collecting", scene, 1, 8)


def _take_off(track: Track, scene: Scene) -> bool:
    """Whether the papers of the contract's own car are out of the vault, with both registries behind them."""
    record_release_of(track, scene)
    clerk = scene.who(permissions.MORTGAGE, track.branch_code)
    for order in RegistrationOrder.objects.filter(mortgage__contract__number=track.contract, registry=UNIFIED, status="accepted"):
        cancel_registration(
            order_number=order.number, receipt_number=f"ZX{track.contract.replace('-', '')}", cancelled_on=scene.today,
            evidence=paper.scan("mortgage_release", track.serial + 1), business_date=scene.today, by=clerk)
    release = _release_of(track)
    if release.status != "ordered":
        return False
    taken = take_out_papers(release_number=release.number, business_date=scene.today, by=clerk)
    scene.note("custody_out", CustodyItem.objects.filter(contract=taken.contract, vehicle__number=track.vehicle, status="out").count())
    return True


def record_release_of(track: Track, scene: Scene, vehicle_number: str = "") -> None:
    """The vehicle office's receipt for the contract's own car, or a further one."""
    clerk = scene.who(permissions.MORTGAGE, track.branch_code)
    record_release(
        contract_number=track.contract, receipt_number=f"JY{track.contract.replace('-', '')}", released_on=scene.today,
        evidence=paper.scan("mortgage_release", track.serial + (2 if vehicle_number else 0)), business_date=scene.today,
        vehicle_number=vehicle_number, by=clerk,
    )


def _send(track: Track, scene: Scene) -> None:
    """The parcel is with the courier; the borrower can follow it."""
    send_papers(
        release_number=_release_of(track).number, carrier="示例速运", tracking_number=f"SF{track.serial:012d}", sent_on=scene.today,
        business_date=scene.today, by=scene.who(permissions.MORTGAGE, track.branch_code))
    track.goes_on("arriving", scene, 1, 4)


def arrive(track: Track, scene: Scene) -> None:
    """The parcel is at the door."""
    confirm_papers_received(
        release_number=_release_of(track).number, received_on=scene.today, business_date=scene.today,
        by=scene.who(permissions.MORTGAGE, track.branch_code))
    scene.note("papers_delivered")
    track.ends()


def collect(track: Track, scene: Scene) -> None:
    """The papers are taken at the counter."""
    hand_over(track, scene)
    track.ends()


def hand_over(track: Track, scene: Scene) -> None:
    """The borrower shows their own paper, or somebody comes with a written authority; for a company always somebody does."""
    person, authority = track.life.person, None
    if person is None or scene.happens(BY_AGENT):
        person, authority = lives.friend(scene.rng, track.branch_code, scene.today), paper.scan("authority", track.serial)
    handover = Handover(recipient=person.name, id_number=person.id_number, handed_on=scene.today)
    hand_over_papers(
        release_number=_release_of(track).number, handover=handover, authority=authority, business_date=scene.today,
        by=scene.who(permissions.MORTGAGE, track.branch_code))
    scene.note("papers_collected")


def _release_of(track: Track) -> Release:
    return Release.objects.exclude(status="withdrawn").get(mortgage__contract__number=track.contract)


STAGES = {
    "registering": register, "falling_through": fall_through, "releasing": release, "arriving": arrive, "collecting": collect,
}
