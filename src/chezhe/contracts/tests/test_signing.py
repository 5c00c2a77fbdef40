"""Electronic signatures: order, sittings, what comes twice or late, and proof from the bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chezhe.compliance import steps as compliance
from chezhe.contracts import errors as contract_errors
from chezhe.contracts.actions.end_link import end_link
from chezhe.contracts.actions.enter_by_code import enter_by_code
from chezhe.contracts.actions.fail_signing import fail_signing
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.record_signatures import record_signatures
from chezhe.contracts.actions.refuse_to_sign import refuse_to_sign
from chezhe.contracts.actions.retry_signing import retry_signing
from chezhe.contracts.actions.send_signing_code import send_signing_code
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import Contract, Signature, Signing, SigningLink
from chezhe.contracts.signing import errors, guests, making, proving, queries, rules
from chezhe.contracts.tasks.signing import open_signings
from chezhe.contracts.tests.conftest import TODAY, live, scan
from chezhe.contracts.tests.signing_desk import (
    PLACE,
    customer_of,
    entered,
    invited,
    pairs,
    ready,
    signs,
    signs_by_link,
)
from chezhe.documents import vault
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import BORROWER, SYSTEM, Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, StepUpRequired, WrongState
from chezhe.kernel.testing import actor
from chezhe.messaging.models import Message
from chezhe.risk.screening import freezing

# A colleague with the same duty, in another branch.
AWAY = actor("远", roles.COLLATERAL_OPS, branch_ids=[10**9], reach=Reach.BRANCH)


def test_everybody_signs_every_paper_in_turn_and_the_lenders_seal_comes_last(cast, signed, bank) -> None:
    contract = ready(cast, signed, "spouse", "guarantor")
    for role in ("borrower", "spouse", "guarantor"):
        signing = signs_by_link(cast, contract, role)
        assert signing.status == "asked"
        live(bank, 3)
        signing.refresh_from_db()
        assert signing.status == "done"
    live(bank, 3)
    contract.refresh_from_db()
    assert (contract.status, contract.signed_on) == ("signed", TODAY)
    assert all(party.signed_on == TODAY and party.channel == "e_sign" for party in contract.parties.all())
    loan = contract.papers.get(kind="loan_contract")
    rows = list(Signature.objects.filter(paper=loan).select_related("party"))
    assert [row.party.role if row.party else "lender" for row in rows] == ["borrower", "spouse", "guarantor", "lender"]
    assert all(row.paper_sha256 and row.certificate_serial and row.file for row in rows)
    assert (rows[0].device, rows[0].address, rows[0].channel) == (PLACE.device, PLACE.address, "link")
    # Each was put under the paper as the one before had left it.
    assert [row.paper_sha256 for row in rows[1:]] == [row.file.sha256 for row in rows[:-1]]
    proof = proving.prove(loan)
    assert proof.holds and [line.found.name for line in proof.lines][:1] == [customer_of(contract, "borrower").name]
    assert all(line.found.signed_at and abs(line.found.signed_at - row.signed_at) < timedelta(seconds=1)
               for line, row in zip(proof.lines, rows, strict=True))
    mortgage = proving.prove(contract.papers.get(kind="mortgage_contract"))
    assert len(mortgage.lines) == 2 and mortgage.holds
    own = contract.papers.get(kind="guarantee_contract")
    assert [row.party.role if row.party else "lender" for row in own.signatures.select_related("party")] == ["guarantor", "lender"]


def test_nobody_signs_before_those_whose_turn_it_is(cast, signed, bank) -> None:
    contract = ready(cast, signed, "spouse", "guarantor")
    for role, first in (("spouse", "借款人"), ("guarantor", "借款人")):
        with pytest.raises(errors.WrongOrder) as refused:
            invite_to_sign(contract_number=contract.number, customer_number=customer_of(contract, role).number, business_date=TODAY, by=cast.he)
        assert first in str(refused.value)
    said = {"contract_number": contract.number, "signed_on": TODAY, "channel": "counter", "business_date": TODAY, "by": cast.he}
    with pytest.raises(errors.WrongOrder):
        sign_contract(signers=[customer_of(contract, "guarantor").number], evidence=scan(7), **said)
    signs_by_link(cast, contract, "borrower")
    # As long as the signature is only asked for, the next one waits.
    with pytest.raises(errors.WrongOrder):
        invited(cast, contract, "spouse")
    live(bank, 3)
    sign_contract(signers=[customer_of(contract, role).number for role in ("spouse", "guarantor")], evidence=scan(8), **said)
    live(bank, 3)
    contract.refresh_from_db()
    loan = proving.prove(contract.papers.get(kind="loan_contract"))
    assert contract.status == "signed" and len(loan.lines) == 2 and len(loan.by_hand) == 2 and loan.holds


def test_no_link_before_the_cost_sheet_is_confirmed_and_for_nobody_else(cast, signed, bank) -> None:
    number = signed(until="prepared")
    borrower = Contract.objects.get(number=number).customer
    with pytest.raises(contract_errors.CostSheetFirst):
        invite_to_sign(contract_number=number, customer_number=borrower.number, business_date=TODAY, by=cast.he)
    with pytest.raises(NotFound):
        invite_to_sign(contract_number=number, customer_number=borrower.number, business_date=TODAY, by=AWAY)
    with pytest.raises(NotPermitted):
        invite_to_sign(contract_number=number, customer_number=borrower.number, business_date=TODAY, by=cast.fang)
    from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet

    confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)
    with pytest.raises(errors.NotAParty):
        invite_to_sign(contract_number=number, customer_number="C26-999999-9", business_date=TODAY, by=cast.he)
    borrower.mobiles.update(is_main=False)
    with pytest.raises(errors.MobileMissing):
        invite_to_sign(contract_number=number, customer_number=borrower.number, business_date=TODAY, by=cast.he)


def test_the_link_is_in_the_message_alone_and_opens_once(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, token = invited(cast, contract, "borrower")
    assert len(token) >= 40 and link.token_hash != token and token not in str(vars(link))
    message = Message.objects.get(template__code="signing_link")
    assert token not in message.text and token not in str(message.facts)
    assert queries.link_of_token(token).pk == link.pk
    by = entered(link)
    for wrong in (token, "", "x" * 43, link.token_hash):
        with pytest.raises(NotFound):
            queries.link_of_token(wrong)
    signs(contract, by)
    live(bank, 3)
    with pytest.raises(NotFound):
        signs(contract, by)
    assert SigningLink.objects.get().ended_reason == "已签署"


def test_a_link_runs_out_is_replaced_and_is_ended(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    _first, old = invited(cast, contract, "borrower")
    link, token = invited(cast, contract, "borrower")
    with pytest.raises(NotFound):
        queries.link_of_token(old)
    with pytest.raises(Invalid):
        end_link(link_key=link.key, reason=" ", by=cast.he)
    with pytest.raises(NotFound):
        end_link(link_key=link.key, reason="x", by=AWAY)
    ended = end_link(link_key=link.key, reason="发错人", by=cast.he)
    assert end_link(link_key=link.key, reason="再来", by=cast.he).ended_reason == ended.ended_reason == "发错人"
    with pytest.raises(NotFound):
        queries.link_of_token(token)
    _third, late = invited(cast, contract, "borrower")
    clock.tick(rules.LINK_LASTS.total_seconds() - 1)
    assert queries.link_of_token(late)
    clock.tick(1)
    with pytest.raises(NotFound):
        queries.link_of_token(late)


def test_the_sixth_code_is_wrong_even_if_it_is_right(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, token = invited(cast, contract, "borrower")
    by = guests.actor_of(link)
    right = send_signing_code(asked_from="203.0.113.7", by=by).code
    wrong = "000000" if right != "000000" else "000001"
    assert [enter_by_code(typed=wrong, place=PLACE, by=by).left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert enter_by_code(typed=right, place=PLACE, by=by).token == ""
    with pytest.raises(NotFound):
        queries.link_of_token(token)


def test_codes_are_fresh_few_and_far_between(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, _token = invited(cast, contract, "borrower")
    by = guests.actor_of(link)
    first = send_signing_code(asked_from="203.0.113.7", by=by).code
    with pytest.raises(errors.CodeTooSoon) as refused:
        send_signing_code(asked_from="203.0.113.7", by=by)
    assert refused.value.http_status == 429 and 0 < refused.value.facts["seconds"] <= 61
    clock.tick(61)
    second = send_signing_code(asked_from="203.0.113.7", by=by).code
    if first != second:
        assert enter_by_code(typed=first, place=PLACE, by=by).token == ""
    clock.tick(301)
    assert enter_by_code(typed=second, place=PLACE, by=by).token == ""
    for _ in range(rules.CODES_MAX - 2):
        clock.tick(61)
        last = send_signing_code(asked_from="203.0.113.7", by=by).code
    clock.tick(61)
    with pytest.raises(errors.CodesUsedUp):
        send_signing_code(asked_from="203.0.113.7", by=by)
    assert enter_by_code(typed=f" {last} ", place=PLACE, by=by).token


def test_one_address_cannot_ask_for_codes_without_end() -> None:
    at = clock.now()
    of_address = [at - timedelta(minutes=1)] * (rules.PER_HOUR_OF_ADDRESS - 1)
    assert rules.wait_before_code([], of_address, at) == timedelta()
    assert rules.wait_before_code([], [*of_address, at - timedelta(minutes=20)], at) == timedelta(minutes=40)
    assert rules.wait_before_code([at] * rules.CODES_MAX, [], at) is None


def test_a_guest_sees_one_contract_does_one_thing_and_only_after_the_code(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, _token = invited(cast, contract, "borrower")
    early = guests.actor_of(link)
    with pytest.raises(NotFound):
        signs(contract, early)
    by = entered(link)
    assert by.permissions == {"contracts.use_link", "contracts.sign_papers"} and by.is_outsider
    assert not by.can("contracts.view") and not by.user_ids
    with pytest.raises(NotFound):
        sign_papers(contract_number="K26-000099-9", agrees=True, place=PLACE, business_date=TODAY, by=by)
    with pytest.raises(errors.ConsentNeeded):
        signs(contract, by, agrees=False)
    clock.tick(rules.SITTING_LASTS.total_seconds())
    with pytest.raises(NotFound):
        signs(contract, by)
    with pytest.raises(NotFound):
        guests.link_of(Actor(key=f"guest:{link.key}", name="x"))


def test_a_double_click_is_one_sitting_and_the_consent_is_in_the_ledger(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    by = entered(invited(cast, contract, "borrower")[0])
    first, second = signs(contract, by), signs(contract, by)
    assert first.pk == second.pk and Signing.objects.count() == 1
    given = compliance.require_consent(contract.customer.subject, "e_sign", TODAY)
    assert given.evidence == first.number
    live(bank, 3)
    consents = contract.papers.filter(kind="consent_letter")
    assert consents.exists() and all(compliance.has_consent(contract.customer.subject, one.consent_kind, TODAY) for one in consents)
    assert Signature.objects.filter(party__isnull=False).count() == pairs(contract)


def test_the_job_twice_and_what_comes_late_record_once(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signing = signs_by_link(cast, contract, "borrower")
    row = queries.asked(signing.number)
    made = making.make(row, queries.sheets(row))
    again = making.make(row, queries.sheets(row))
    said = {"signing_number": signing.number, "business_date": TODAY, "by": SYSTEM}
    record_signatures(attempt=1, signed=made[:1], **said)
    assert Signing.objects.get(pk=signing.pk).status == "asked"
    record_signatures(attempt=2, signed=made, **said)
    record_signatures(attempt=1, signed=again, **said)
    assert Signing.objects.get(pk=signing.pk).status == "done"
    record_signatures(attempt=1, signed=again, **said)
    assert fail_signing(signing_number=signing.number, attempt=1, failure_code="late", by=SYSTEM).status == "done"
    assert Signature.objects.count() == pairs(contract)
    live(bank, 3)
    assert Contract.objects.get().status == "signed"


def test_what_was_put_under_an_older_form_of_a_paper_is_made_anew(cast, signed, bank) -> None:
    contract = ready(cast, signed, "guarantor")
    signs_by_link(cast, contract, "borrower")
    live(bank, 3)
    signing = signs_by_link(cast, contract, "guarantor")
    row = queries.asked(signing.number)
    sheet = next(one for one in queries.sheets(row) if one.paper.kind == "loan_contract")
    old = queries.Sheet(sheet.paper, vault.read(sheet.paper.file.key))
    record_signatures(signing_number=signing.number, attempt=1, signed=making.make(row, [old]), business_date=TODAY, by=SYSTEM)
    assert not Signature.objects.filter(party=signing.party).exists()
    live(bank, 3)
    assert Signature.objects.get(party=signing.party, paper=sheet.paper).paper_sha256 == sheet.sha256 and proving.prove(sheet.paper).holds


def test_a_void_contract_ends_links_and_sittings(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, token = invited(cast, contract, "borrower")
    by = entered(link)
    signing = signs(contract, by)
    row = queries.asked(signing.number)
    made = making.make(row, queries.sheets(row))
    void_contract(contract_number=contract.number, reason="客户改主意", by=cast.he)
    assert Signing.objects.get().status == "dropped" and SigningLink.objects.get().ended_reason == "客户改主意"
    for _again in range(2):
        with pytest.raises(NotFound):
            signs(contract, by)
    record_signatures(signing_number=signing.number, attempt=1, signed=made, business_date=TODAY, by=SYSTEM)
    live(bank, 3)
    assert not Signature.objects.exists() and Contract.objects.get().status == "void"
    with pytest.raises(NotFound):
        queries.link_of_token(token)


def test_a_freeze_in_between_stops_the_next_step_and_says_nothing(cast, signed, bank, monkeypatch) -> None:
    contract = ready(cast, signed)
    by = entered(invited(cast, contract, "borrower")[0])
    frozen = lambda people: list(people)  # noqa: E731
    with monkeypatch.context() as during:
        during.setattr(freezing.queries, "frozen_among", frozen)
        with pytest.raises(freezing.BusinessHeld) as held:
            signs(contract, by)
        assert "合规" not in str(guests.reworded(held.value)) and guests.reworded(held.value).code == "not_possible"
        with pytest.raises(freezing.BusinessHeld):
            invited(cast, contract, "borrower")
    signs(contract, by)
    from chezhe.contracts.signing import steps

    with monkeypatch.context() as during:
        during.setattr(freezing.queries, "frozen_among", frozen)
        during.setattr(steps, "frozen_among", frozen)
        live(bank, 6)
        seal = Signing.objects.get(party=None)
        assert (seal.status, seal.failure_code, Contract.objects.get().status) == ("failed", "held", "prepared")
        assert Signature.objects.filter(party__isnull=False).count() == pairs(contract)
        with pytest.raises(freezing.BusinessHeld):
            retry_signing(signing_number=seal.number, by=cast.he)
    assert retry_signing(signing_number=seal.number, by=cast.he).number == seal.number
    live(bank, 3)
    assert Contract.objects.get().status == "signed"


def test_time_stamps_that_do_not_come_are_waited_for(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signing = signs_by_link(cast, contract, "borrower")
    bank.set_faults("timestamp", error_before_rate=1)
    live(bank, 3)
    assert Signing.objects.get(pk=signing.pk).status == "asked" and not Signature.objects.exists()
    bank.set_faults("timestamp", error_before_rate=0)
    live(bank, 33)
    assert Signing.objects.get(pk=signing.pk).status == "done"


def test_a_lost_job_is_taken_up_again_and_after_a_day_somebody_decides(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signing = signs_by_link(cast, contract, "borrower")
    jobs.forget("contracts.sign_papers")
    assert open_signings() == 0
    clock.tick(180)
    assert open_signings() == 1
    jobs.forget("contracts.sign_papers")
    clock.tick(86_400)
    assert open_signings() == 1
    signing.refresh_from_db()
    assert (signing.status, signing.failure_code) == ("failed", "no_answer")
    with pytest.raises(NotFound):
        retry_signing(signing_number=signing.number, by=AWAY)
    again = retry_signing(signing_number=signing.number, by=cast.he)
    assert (again.number, again.attempt, again.status) == (signing.number, 2, "asked")
    with pytest.raises(WrongState):
        retry_signing(signing_number=signing.number, by=cast.he)
    live(bank, 6)
    assert Contract.objects.get().status == "signed"


def test_whoever_has_failed_electronically_may_sign_by_hand(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signing = signs_by_link(cast, contract, "borrower")
    said = {"contract_number": contract.number, "signers": [contract.customer.number], "signed_on": TODAY, "channel": "counter",
            "business_date": TODAY, "by": cast.he}
    with pytest.raises(errors.SigningUnderWay):
        sign_contract(evidence=scan(4), **said)
    fail_signing(signing_number=signing.number, attempt=1, failure_code="no_answer", by=SYSTEM)
    assert sign_contract(evidence=scan(4), **said).status == "signed"
    assert Signing.objects.get().status == "dropped" and SigningLink.objects.get().ended_at
    rows = Signature.objects.all()
    assert {row.channel for row in rows} == {"counter"} and len({row.evidence_id for row in rows}) == 1 and rows.count() == pairs(contract)


def test_somebody_says_no(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    link, _token = invited(cast, contract, "borrower")
    with pytest.raises(NotFound):
        refuse_to_sign(reason="x", by=guests.actor_of(link))
    by = entered(link)
    ended = refuse_to_sign(reason="利率与说的不一样", by=by)
    assert "利率与说的不一样" in ended.ended_reason
    with pytest.raises(NotFound):
        signs(contract, by)


def test_a_customer_signs_on_the_own_portal_with_a_code_for_this_very_contract(cast, signed, bank) -> None:
    contract = ready(cast, signed)

    def customer(party: int, about: str) -> Actor:
        return Actor(key="x", name="王*", kind=BORROWER, permissions=frozenset({"contracts.sign_papers"}), reach=Reach.CUSTOMER,
                     party_ids=frozenset([party]), stepped_up_at=clock.now(), stepped_up_for=about)

    for about in ("", "contract:K26-000099-9"):
        with pytest.raises(StepUpRequired):
            signs(contract, customer(contract.customer_id, about))
    with pytest.raises(NotFound):
        signs(contract, customer(contract.customer_id + 10_000, contract.subject))
    signs(contract, customer(contract.customer_id, contract.subject))
    live(bank, 6)
    assert Contract.objects.get().status == "signed" and {row.channel for row in Signature.objects.all()} == {"portal", "seal"}
