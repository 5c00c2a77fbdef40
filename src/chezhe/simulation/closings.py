"""From an accepted offer to money sent: papers, signatures, the mortgage, and a payout that five people have touched."""

from __future__ import annotations

from datetime import timedelta

from chezhe.compliance.queries import lender
from chezhe.contracts import permissions
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.collateral import insuring
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.models import Contract, Disbursement
from chezhe.customers import permissions as customer_permissions
from chezhe.customers.actions.close_bank_account import close_bank_account
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.simulation import filings, interviewing, lives, paper, renewals
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import Track

OFFICES = {"HZ01": "杭州市公安局交警支队车辆管理所", "NB01": "宁波市公安局交警支队车辆管理所", "SZ01": "深圳市公安局交警支队车辆管理所"}


def prepare(track: Track, scene: Scene) -> None:
    """Print the contract set of an accepted offer, unless the system has done so."""
    interviewing.hold(track, scene)
    made = Contract.objects.only("number").filter(application__number=track.application).exclude(status="void").first()
    if made is None:
        clerk = scene.who(permissions.PREPARE, track.branch_code, apart_from=track.hands)
        made = prepare_contract(application_number=track.application, business_date=scene.today, by=clerk)
    track.contract = made.number
    scene.note("contracts")
    track.goes_on("signing", scene, 1, 3)


def sign(track: Track, scene: Scene) -> None:
    """At the counter: first the cost sheet where the day demands it, then everybody signs; some never come."""
    clerk = scene.who(permissions.SIGN, track.branch_code, apart_from=track.hands)
    if scene.happens(0.015):
        void_contract(contract_number=track.contract, reason="客户放弃贷款", by=clerk)
        scene.note("voided")
        track.ends()
        return
    contract = Contract.objects.only("needs_cost_sheet").get(number=track.contract)
    if contract.needs_cost_sheet:
        confirm_cost_sheet(
            contract_number=track.contract, confirmed_on=scene.today, channel="counter", business_date=scene.today, by=clerk,
            evidence=paper.scan("cost_sheet", track.serial),
        )
    signers = list(contract.parties.values_list("customer__number", flat=True))
    sign_contract(
        contract_number=track.contract, signers=signers, signed_on=scene.today, channel="counter", business_date=scene.today, by=clerk,
        evidence=paper.scan("signed", track.serial),
    )
    track.goes_on("registering", scene, 1, 2)


def register(track: Track, scene: Scene) -> None:
    """The vehicle office notes the mortgage on the certificate."""
    clerk = scene.who(permissions.MORTGAGE, track.branch_code, apart_from=track.hands)
    receipt = Registration(
        office=OFFICES[track.branch_code], receipt_number=f"DY{track.contract.replace('-', '')}", registered_on=scene.today,
    )
    register_mortgage(
        contract_number=track.contract, registration=receipt, evidence=paper.scan("mortgage", track.serial), business_date=scene.today,
        by=clerk,
    )
    secured = Contract.objects.only("gps_wired", "gps_wireless", "gps_fitted_on").get(number=track.contract)
    if secured.needs_gps and secured.gps_fitted_on is None:
        devices = "、".join(f"GPS{track.serial:06d}{place}" for place in range(secured.gps_wired + secured.gps_wireless))
        confirm_gps(
            contract_number=track.contract, fitted_on=scene.today, devices=devices, business_date=scene.today,
            by=scene.who(permissions.CONFIRM_GPS, track.branch_code, apart_from=track.hands))
        for device in secured.devices.all():
            record_first_fix(device_number=device.device_number, fixed_at=clock.now(), by=SYSTEM)
        scene.note("gps_fitted")
    _insure(track, scene)
    track.goes_on("falling_through" if scene.happens(0.008) else "paying_out", scene, 0, 1)


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
    record_release_of(track, scene)
    void_contract(contract_number=track.contract, reason="客户放弃放款，抵押已解除", by=clerk)
    scene.note("voided")
    track.ends()


def pay_out(track: Track, scene: Scene) -> None:
    """One funding clerk makes the payout ready; a slip is taken back and made again."""
    renewals.fix_payoff(track, scene)
    maker = scene.who(permissions.PREPARE_DISBURSEMENT, track.branch_code, apart_from=track.hands)
    made = prepare_disbursement(contract_number=track.contract, business_date=scene.today, by=maker)
    if scene.happens(0.01):
        cancel_disbursement(disbursement_number=made.number, reason="经办信息有误，重新制单", by=maker)
        made = prepare_disbursement(contract_number=track.contract, business_date=scene.today, by=maker)
    track.disbursement, track.memory["maker"] = made.number, maker.user_id
    if scene.happens(0.7) or track.older is not None:
        check(track, scene)
    else:
        track.goes_on("checking", scene)


def check(track: Track, scene: Scene) -> None:
    """Another funding clerk lets the money go; the bank does the rest."""
    apart = track.hands | {track.memory["maker"]}
    checker = scene.who(permissions.CHECK_DISBURSEMENT, track.branch_code, apart_from=apart)
    check_disbursement(disbursement_number=track.disbursement, business_date=scene.today, by=checker)
    track.goes_on("ordered", scene)


def look_after(track: Track, scene: Scene) -> None:
    """The morning after: paid, or the bank has a reason not to."""
    disbursement = Disbursement.objects.select_related("contract").get(number=track.disbursement)
    if disbursement.status in ("failed", "returned"):
        _pay_again(track, disbursement, scene)
    elif disbursement.status == "paid":
        if "resent" not in track.memory:
            scene.note("paid_out")
        renewals.is_over(track, scene)
        track.goes_on("repaying", scene)
        track.next_on = scene.today
    else:
        track.waits(scene, 1)


def _pay_again(track: Track, disbursement: Disbursement, scene: Scene) -> None:
    """Our own account was empty: the same order again, once. Otherwise the borrower names another account."""
    scene.note("payouts_failed")
    funding = scene.who(permissions.PREPARE_DISBURSEMENT, track.branch_code, apart_from=track.hands)
    if disbursement.failure_code == "INSUFFICIENT_FUNDS" and "retried" not in track.memory:
        track.memory["retried"] = True
        teller = scene.who(payment_permissions.RETRY_PAYOUT, track.branch_code)
        retry_payout(payout_number=disbursement.payout_number, reason="放款账户已补足头寸", by=teller)
        track.waits(scene, 1)
        return
    closer = clerk_for(customer_permissions.ADD_ACCOUNT, track, scene)
    close_bank_account(customer_number=track.customer, account=disbursement.account_id, reason="银行退回，账户不可用", by=closer)
    account = filings.add_account(track, lives.good_card(scene.rng), scene)
    resend_disbursement(
        disbursement_number=track.disbursement, account_id=account, reason="客户更换收款账户", business_date=scene.today, by=funding,
    )
    if disbursement.status == "returned":
        track.memory["resent"] = True
    track.memory["maker"] = funding.user_id
    scene.note("payouts_resent")
    track.goes_on("checking", scene, 0, 1)


def release(track: Track, scene: Scene) -> None:
    """The loan is paid off: the vehicle office takes the mortgage off the car."""
    record_release_of(track, scene)
    if "second_car" in track.memory:
        record_release_of(track, scene, track.memory["second_car"])
    scene.note("released")
    track.ends()


def record_release_of(track: Track, scene: Scene, vehicle_number: str = "") -> None:
    """The vehicle office's receipt for the contract's own car, or a further one."""
    clerk = scene.who(permissions.MORTGAGE, track.branch_code)
    record_release(
        contract_number=track.contract, receipt_number=f"JY{track.contract.replace('-', '')}", released_on=scene.today,
        evidence=paper.scan("mortgage_release", track.serial), business_date=scene.today, vehicle_number=vehicle_number, by=clerk,
    )


STAGES = {
    "contracting": prepare, "signing": sign, "registering": register, "falling_through": fall_through, "paying_out": pay_out,
    "checking": check, "ordered": look_after, "releasing": release,
}
