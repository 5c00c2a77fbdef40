"""From an accepted offer to money sent: papers, signatures, and a payout that five people have touched."""

from __future__ import annotations

from typing import Any

from chezhe.contracts import permissions
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import Contract, Disbursement
from chezhe.customers import permissions as customer_permissions
from chezhe.customers.actions.close_bank_account import close_bank_account
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.simulation import conditions, dealers, filings, interviewing, lives, offers, paper, phone, renewals, seals
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import Track

BATCHED_EVERY = 4


def prepare(track: Track, scene: Scene) -> None:
    """Print the contract set of an accepted offer, unless the system has done so."""
    interviewing.hold(track, scene)
    offers.see_to_conditions(track, scene, "contract")
    made = Contract.objects.only("number").filter(application__number=track.application).exclude(status="void").first()
    if made is None:
        clerk = scene.who(permissions.PREPARE, track.branch_code, apart_from=track.hands)
        made = prepare_contract(application_number=track.application, business_date=scene.today, by=clerk)
    track.contract = made.number
    scene.note("contracts")
    track.goes_on("signing", scene, 1, 3)


def sign(track: Track, scene: Scene) -> None:
    """At the counter: first the cost sheet where the day demands it, then everybody signs; some do so from afar, some never come."""
    clerk = scene.who(permissions.SIGN, track.branch_code, apart_from=track.hands)
    if scene.happens(0.015):
        void_contract(contract_number=track.contract, reason="客户放弃贷款", by=clerk)
        scene.note("voided")
        track.ends()
        return
    if phone.has_one(track):
        phone.sign(track, scene)
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
    seals.maybe_stamp(track, scene)
    conditions.maybe_ask(track, scene)
    track.goes_on("registering", scene, 1, 2)


def pay_out(track: Track, scene: Scene) -> None:
    """One funding clerk makes the payout ready, in as many parts as it goes to; a slip is taken back and made again."""
    offers.see_to_conditions(track, scene, "payout")
    renewals.fix_payoff(track, scene)
    maker = scene.who(permissions.PREPARE_DISBURSEMENT, track.branch_code, apart_from=track.hands)
    asked: Any = {
        "contract_number": track.contract, "parts": dealers.parts_of(track, scene), "way": way_of(track), "business_date": scene.today,
    }
    made = prepare_disbursement(**asked, by=maker)
    if scene.happens(0.01):
        cancel_disbursement(disbursement_number=made.number, reason="经办信息有误，重新制单", by=maker)
        made = prepare_disbursement(**asked, by=maker)
    track.disbursement, track.memory["maker"] = made.number, maker.user_id
    if scene.happens(0.7) or track.older is not None:
        check(track, scene)
    else:
        track.goes_on("checking", scene)


def way_of(track: Track) -> str:
    """Every fourth payout waits for the bank's file. Not one that the bank would send back later: its answer to a file says so at once or
    never."""
    is_sound = track.life.card[-4:-1] < lives.BAD_FROM
    return "file" if track.serial % BATCHED_EVERY == 0 and is_sound and track.older is None else "api"


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


STAGES = {
    "contracting": prepare, "signing": sign, "paying_out": pay_out, "checking": check, "ordered": look_after,
}
