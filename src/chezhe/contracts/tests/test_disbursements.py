"""Money leaves once, in full, through five different pairs of hands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from chezhe.contracts import errors, rules, steps
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import DisbursementStands, prepare_disbursement
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.actions.settle_disbursement import settle_disbursement
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.steps import DutyHeld
from chezhe.contracts.tests.conftest import TODAY, accepted, another_account, live, person, scan
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, WrongState
from chezhe.kernel.models import Event
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.models import Payout
from chezhe.payments.vendors.bank.simulator import account_with_fate

pytestmark = pytest.mark.django_db


def paid_out(cast, number: str) -> Disbursement:
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    return check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)


def fresh(row: Disbursement) -> Disbursement:
    return Disbursement.objects.select_related("contract").get(pk=row.pk)


def test_the_whole_principal_is_paid_and_the_contract_takes_effect(cast, signed, bank) -> None:
    made = paid_out(cast, signed())
    assert made.status == "checked" and made.amount == Money(6_000_000), "nothing is kept back"
    live(bank)
    done = fresh(made)
    assert (done.status, done.paid_on, done.contract.status, done.contract.effective_on) == ("paid", TODAY, "effective", TODAY)
    payout = Payout.objects.get()
    assert (payout.amount, payout.payee_name, payout.memo, payout.reference) == (
        Money(6_000_000), "王小明", done.contract.number, f"disbursement:{made.number}.1.1")
    assert Event.objects.get(name="disbursement.paid").payload == {
        "disbursement": made.number, "contract": done.contract.number, "amount_fen": 6_000_000, "paid_on": "2026-09-01", "failure_code": ""}
    assert ledger_queries.balance("1002.02") == Money(-6_000_000)


@pytest.mark.parametrize("until", ["prepared", "signed"])
def test_no_money_leaves_before_every_condition_is_met(cast, signed, until: str) -> None:
    number = signed(until=until)
    with pytest.raises(errors.ConditionsMissing) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert rules.MORTGAGE in refused.value.missing and "抵押登记已办妥" in str(refused.value)
    assert (rules.SIGNED in refused.value.missing) == (until == "prepared")


def test_the_conditions_are_looked_at_again_by_the_second_person(cast, signed) -> None:
    number = signed()
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    with pytest.raises(errors.ConditionsMissing) as refused:
        check_disbursement(disbursement_number=made.number, business_date=TODAY + timedelta(days=31), by=cast.gao)
    assert refused.value.missing == (rules.APPROVAL,) and not Payout.objects.exists()


@given(st.builds(
    rules.Readiness, on=st.dates(), is_signed=st.booleans(), needs_cost_sheet=st.booleans(), has_cost_sheet=st.booleans(),
    is_mortgage_registered=st.booleans(), is_account_open=st.booleans(), account_holder=st.sampled_from(["甲", "乙"]),
    borrower_name=st.just("甲"), approval_expires_on=st.none() | st.dates(),
))
def test_nothing_is_missing_exactly_when_everything_is_there(facts: rules.Readiness) -> None:
    is_ready = (
        facts.is_signed and facts.is_mortgage_registered and facts.is_account_open and facts.account_holder == facts.borrower_name
        and (facts.has_cost_sheet or not facts.needs_cost_sheet) and (facts.approval_expires_on is None or facts.on <= facts.approval_expires_on)
    )
    assert (rules.missing(facts) == ()) == is_ready


def as_funding(who, cast):
    """Somebody of another duty who also holds the funding role, or stands in for somebody who does."""
    return replace(who, roles=who.roles | {roles.FUNDING}, permissions=who.permissions | cast.fang.permissions)


@pytest.mark.parametrize("duty", ["lin", "rui", "chen", "he"])
def test_seller_reviewer_approver_and_contract_clerk_touch_no_payout(cast, signed, duty: str) -> None:
    number = signed()
    involved = as_funding(getattr(cast, duty), cast)
    with pytest.raises(DutyHeld):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=involved)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    with pytest.raises(DutyHeld):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=involved)
    assert not Payout.objects.exists()


def test_maker_is_not_checker_not_even_through_a_delegation(cast, signed) -> None:
    made = prepare_disbursement(contract_number=signed(), business_date=TODAY, by=cast.fang)
    with pytest.raises(DutyHeld) as refused:
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.fang)
    assert refused.value.code == "same_person" and "放款经办" in str(refused.value)
    for hidden in (replace(cast.gao, on_behalf_of_id=cast.fang.user_id), replace(cast.fang, on_behalf_of_id=cast.gao.user_id),
                   replace(cast.gao, on_behalf_of_id=cast.chen.user_id)):
        with pytest.raises(DutyHeld):
            check_disbursement(disbursement_number=made.number, business_date=TODAY, by=hidden)
    assert check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao).status == "checked"


def test_a_delegate_who_prepared_bars_the_person_behind(cast, signed) -> None:
    stand_in = replace(person("代", roles.FUNDING, cast.branch), on_behalf_of_id=cast.gao.user_id)
    made = prepare_disbursement(contract_number=signed(), business_date=TODAY, by=stand_in)
    with pytest.raises(DutyHeld):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)


def test_a_contract_is_paid_once(cast, signed, bank) -> None:
    number = signed()
    made = paid_out(cast, number)
    for _ in range(2):
        with pytest.raises(DisbursementStands):
            prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
        with pytest.raises(WrongState):
            check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
        live(bank)
    assert Payout.objects.count() == 1


def test_a_cancelled_payout_makes_room_for_another(cast, signed) -> None:
    number = signed()
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    with pytest.raises(Invalid):
        cancel_disbursement(disbursement_number=made.number, reason="", by=cast.fang)
    assert cancel_disbursement(disbursement_number=made.number, reason="金额待确认", by=cast.fang).status == "cancelled"
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).number != made.number


def refused_payout(cast, signed, bank, fate: str) -> Disbursement:
    application = accepted(cast, card=account_with_fate(fate))
    made = paid_out(cast, signed(application=application))
    live(bank, 30)
    return fresh(made)


def test_a_failed_payout_goes_to_another_account_after_a_second_look(cast, signed, bank) -> None:
    failed = refused_payout(cast, signed, bank, "901")
    assert (failed.status, failed.failure_code, failed.contract.status) == ("failed", "ACCOUNT_CLOSED", "signed")
    account = another_account(failed.contract.application)
    with pytest.raises(Invalid):
        resend_disbursement(disbursement_number=failed.number, account_id=account.pk, reason="", business_date=TODAY, by=cast.fang)
    with pytest.raises(errors.AccountUnfit):
        resend_disbursement(disbursement_number=failed.number, account_id=0, reason="换卡", business_date=TODAY, by=cast.fang)
    again = resend_disbursement(disbursement_number=failed.number, account_id=account.pk, reason="换卡", business_date=TODAY, by=cast.fang)
    assert (again.status, again.attempt) == ("prepared", 2)
    old = Payout.objects.get(reference=f"disbursement:{failed.number}.1.1")
    with pytest.raises(WrongState):
        retry_payout(payout_number=old.number, reason="再试", by=cast.fang)
    with pytest.raises(DutyHeld):
        check_disbursement(disbursement_number=failed.number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=failed.number, business_date=TODAY, by=cast.gao)
    live(bank)
    assert fresh(failed).status == "paid" and ledger_queries.balance("1002.02") == Money(-6_000_000)


def test_a_payout_repeated_by_payments_can_no_longer_go_elsewhere(cast, signed, bank) -> None:
    failed = refused_payout(cast, signed, bank, "903")
    retry_payout(payout_number=failed.payout_number, reason="余额已补足", by=cast.fang)
    account = another_account(failed.contract.application)
    with pytest.raises(WrongState):
        resend_disbursement(disbursement_number=failed.number, account_id=account.pk, reason="换卡", business_date=TODAY, by=cast.fang)
    with pytest.raises(WrongState):
        cancel_disbursement(disbursement_number=failed.number, reason="不放了", by=cast.fang)
    live(bank)
    assert fresh(failed).status == "failed" and Payout.objects.count() == 1


def test_money_that_came_back_is_paid_again_and_the_books_show_it_out_once(cast, signed, bank) -> None:
    returned = refused_payout(cast, signed, bank, "905")
    assert (returned.status, returned.contract.status) == ("returned", "effective")
    account = another_account(returned.contract.application)
    resend_disbursement(disbursement_number=returned.number, account_id=account.pk, reason="退回换卡", business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=returned.number, business_date=TODAY, by=cast.gao)
    live(bank)
    assert fresh(returned).status == "paid" and ledger_queries.balance("1002.02") == Money(-6_000_000)
    owners = [payout.subject for payout in Payout.objects.order_by("id")]
    assert [ledger_queries.balance("1012", owner) for owner in owners] == [Money(0), Money(6_000_000)]


@given(st.lists(st.tuples(st.sampled_from(["sent", "paid", "failed", "returned"]), st.sampled_from([1, 2])), max_size=10))
def test_whatever_news_comes_a_contract_takes_effect_once_and_only_with_its_money(news) -> None:
    """The machine alone, news in any order: paid is never lost behind an older word."""
    from chezhe.contracts.states import DISBURSEMENT

    verbs, status, was_paid = {"sent": "send", "paid": "settle", "failed": "fail", "returned": "return"}, "checked", False
    for outcome, attempt in news:
        if attempt == 1 and DISBURSEMENT.allows(status, verbs[outcome]):
            status = DISBURSEMENT.require(status, verbs[outcome])
            was_paid = was_paid or outcome == "paid"
        if was_paid:
            assert status in ("paid", "returned")


def test_old_news_changes_nothing(cast, signed, bank) -> None:
    made = paid_out(cast, signed())
    live(bank)
    for outcome in ("sent", "failed", "paid"):
        settle_disbursement(disbursement_number=made.number, attempt=1, outcome=outcome, on=TODAY, by=SYSTEM)
    settle_disbursement(disbursement_number=made.number, attempt=2, outcome="returned", on=TODAY, by=SYSTEM)
    assert fresh(made).status == "paid" and Event.objects.filter(name="disbursement.paid").count() == 1


def test_after_the_last_yuan_the_mortgage_is_released(cast, signed, bank) -> None:
    number = signed()
    paid_out(cast, number)
    live(bank)
    for _ in range(2):
        steps.request_release(contract_number=number, reason="L26-000001-5", by=SYSTEM)
    contract = Contract.objects.get()
    assert (contract.status, contract.mortgage.status) == ("settled", "release_requested")
    steps.withdraw_release(contract_number=number, reason="冲正", by=SYSTEM)
    contract = Contract.objects.get()
    assert (contract.status, contract.mortgage.status) == ("effective", "registered")
    steps.request_release(contract_number=number, reason="L26-000001-5", by=SYSTEM)
    done = record_release(contract_number=number, receipt_number="JY1", released_on=TODAY, evidence=scan(8), business_date=TODAY, by=cast.he)
    assert done.status == "released"
    steps.withdraw_release(contract_number=number, reason="冲正", by=SYSTEM)
    assert Contract.objects.get().status == "effective" and Event.objects.filter(name="mortgage.lost").exists()


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """Run `act` in threads at the same moment; what it raised is among the answers."""
    barrier, answers = threading.Barrier(count), []

    def run(place: int) -> None:
        barrier.wait()
        try:
            answers.append(act(place))
        except Exception as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    # A thread starts without the standing clock of the test: each gets a copy of it.
    threads = [threading.Thread(target=copy_context().run, args=[run, place]) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_who_prepare_and_two_who_check_at_once_make_one_payout(cast, signed) -> None:
    number = signed()
    hands = [cast.fang, person("付", roles.FUNDING, cast.branch)]
    made = together(4, lambda place: prepare_disbursement(contract_number=number, business_date=TODAY, by=hands[place % 2]))
    good = [one for one in made if isinstance(one, Disbursement)]
    assert len(good) == 1 and all(isinstance(one, Disbursement | DisbursementStands) for one in made), made
    checked = together(4, lambda _: check_disbursement(disbursement_number=good[0].number, business_date=TODAY, by=cast.gao))
    assert sum(isinstance(one, Disbursement) for one in checked) == 1 and Payout.objects.count() == 1
    assert all(isinstance(one, Disbursement | WrongState) for one in checked), checked
