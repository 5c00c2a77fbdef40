"""A payout in parts: each is paid once, a failed one goes again alone, and the contract takes effect with the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.close_payee import close_payee
from chezhe.contracts.actions.decide_payee import decide_payee
from chezhe.contracts.actions.decide_payout_limit import decide_payout_limit
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.actions.propose_payout_limit import NewLimit, propose_payout_limit
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.models import Contract, Disbursement, Leg, PayeeAccount
from chezhe.contracts.paying import errors, rules
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.paying.steps import Part
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, live, person
from chezhe.contracts.tests.paying import GOOD, bad, dealer_account, finance, insurer_account, limit, split_payout
from chezhe.contracts.tests.test_disbursements import together
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.errors import Invalid, NotPermitted, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.models import Payout

pytestmark = pytest.mark.django_db


def legs(of: Disbursement) -> list[tuple[int, str, str]]:
    return [(leg.place, str(leg.amount), leg.status) for leg in Leg.objects.filter(disbursement=of)]


def fresh(row: Disbursement) -> Disbursement:
    return Disbursement.objects.select_related("contract").get(pk=row.pk)


# ---- the parts and the whole ----------------------------------------------------------------------------------


def test_dealer_insurer_and_borrower_get_their_parts_and_the_contract_takes_effect_once(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed()
    made = split_payout(cast, number, (dealer_account(cast), 50_000), (insurer_account(cast), 4_000))
    assert legs(made) == [(1, "50000.00", "checked"), (2, "4000.00", "checked"), (3, "6000.00", "checked")]
    live(bank)
    done = fresh(made)
    assert (done.status, done.paid_on, done.contract.status, {one[2] for one in legs(made)}) == ("paid", TODAY, "effective", {"paid"})
    assert [(p.payee_name, str(p.amount), p.reference) for p in Payout.objects.order_by("id")] == [
        ("上海海港二手车有限公司", "50000.00", f"disbursement:{made.number}.1.1"),
        ("平安财产保险公司", "4000.00", f"disbursement:{made.number}.2.1"), ("王小明", "6000.00", f"disbursement:{made.number}.3.1")]
    paid = Event.objects.get(name="disbursement.paid")
    assert paid.payload["amount_fen"] == 6_000_000, "one piece of news, over the whole"
    assert ledger_queries.balance("1002.02") == Money(-6_000_000)


def test_before_the_last_part_is_paid_nothing_takes_effect(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed()
    made = split_payout(cast, number, (dealer_account(cast, bad("903")), 50_000))
    live(bank, 30)
    half = fresh(made)
    assert (half.status, half.contract.status, legs(made)) == (
        "failed", "signed", [(1, "50000.00", "failed"), (2, "10000.00", "paid")])
    assert not Event.objects.filter(name="disbursement.paid").exists()
    with pytest.raises(errors.MoneyIsOut):
        cancel_disbursement(disbursement_number=made.number, reason="不放了", by=cast.fang)


def test_a_failed_part_goes_again_alone(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed()
    first = dealer_account(cast, bad("901"))
    made = split_payout(cast, number, (first, 50_000))
    live(bank, 30)
    second = insurer_account(cast)
    said = {"disbursement_number": made.number, "reason": "对方换账户", "by": cast.fang}
    with pytest.raises(errors.PayeeUnfit):
        resend_disbursement(payee_number=second.number, business_date=TODAY, **said)
    assert first.dealer is not None
    better = propose_payee(
        proposed=NewPayee(kind="dealer", dealer_number=first.dealer.number, bank_name="中国银行", account="6217850000000000005"), by=cast.fang)
    decide_payee(payee_number=better.number, agrees=True, by=finance(cast))
    # The approval's last day has passed; somebody has a part of the money, so the rest must follow.
    Contract.objects.filter(number=number).update(approval_expires_on=TODAY - timedelta(days=1))
    again = resend_disbursement(payee_number=better.number, business_date=TODAY, **said)
    assert (again.status, again.attempt, legs(made)) == ("prepared", 2, [(1, "50000.00", "prepared"), (2, "10000.00", "paid")])
    with pytest.raises(WrongState):
        retry_payout(payout_number=Payout.objects.get(reference=f"disbursement:{made.number}.1.1").number, reason="再试", by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    assert fresh(made).status == "paid" and Payout.objects.filter(status="paid").count() == 2
    assert ledger_queries.balance("1002.02") == Money(-6_000_000) and Event.objects.filter(name="disbursement.paid").count() == 1


def test_a_part_repeated_by_payments_is_paid_once_and_ends_the_payout(cast: Cast, signed: Any, bank: Any) -> None:
    made = split_payout(cast, signed(), (dealer_account(cast, bad("903")), 50_000))
    live(bank, 30)
    payee = PayeeAccount.objects.get()
    close_payee(payee_number=payee.number, reason="账户有误", by=finance(cast))
    with pytest.raises(errors.PayeeUnfit):
        retry_payout(payout_number=fresh(made).payout_number, reason="已补足", by=cast.fang)
    PayeeAccount.objects.update(status="verified")
    bank.simulators["bank"].state.clear()
    retry_payout(payout_number=fresh(made).payout_number, reason="已补足", by=cast.fang)
    live(bank)
    assert legs(made)[0][2] == "failed", "the account still has no funds"
    assert Payout.objects.count() == 2


def test_two_parts_in_trouble_are_both_chosen_anew_before_a_second_look(cast: Cast, signed: Any, bank: Any) -> None:
    application = accepted(cast, card=bad("902"))
    made = split_payout(cast, signed(application=application), (dealer_account(cast, bad("901", "628888")), 50_000))
    live(bank, 30)
    assert {one[2] for one in legs(made)} == {"failed"}
    dealer_to = PayeeAccount.objects.get()
    resend_disbursement(
        disbursement_number=made.number, place=1, payee_number=dealer_to.number, reason="账户已恢复", business_date=TODAY, by=cast.fang)
    with pytest.raises(errors.LegStillFailed):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    cancel_disbursement(disbursement_number=made.number, reason="客户放弃", by=cast.fang)
    assert {one[2] for one in legs(made)} == {"cancelled"} and fresh(made).status == "cancelled"


@given(st.lists(st.tuples(st.sampled_from(["send", "settle", "fail", "return"]), st.integers(0, 2)), max_size=14))
def test_whatever_news_comes_the_whole_is_paid_only_when_every_part_is(news: list[tuple[str, int]]) -> None:
    status = ["checked"] * 3
    for verb, place in news:
        if LEG.allows(status[place], verb):
            status[place] = LEG.require(status[place], verb)
        standing = rules.standing_of(status)
        assert (standing == "paid") == (status == ["paid"] * 3)
        assert (standing in ("failed", "returned")) == bool({"failed", "returned"} & set(status))


# ---- what is refused ------------------------------------------------------------------------------------------


def refusals(cast: Cast) -> dict[str, tuple[list[Part], type[Exception]]]:
    seller, insurer = dealer_account(cast), insurer_account(cast)
    waiting = propose_payee(proposed=NewPayee(kind="provider", name="城东评估公司", bank_name="某行", account="6217850000000000005"), by=cast.fang)

    def part(payee: PayeeAccount, yuan: int) -> Part:
        return Part(payee_number=payee.number, amount=Money(yuan * 100))

    return {
        "more than there is": ([part(seller, 60_000), part(insurer, 1)], errors.PartsTooMuch),
        "nothing": ([part(seller, 0)], errors.PartInvalid), "less than nothing": ([part(seller, -5)], errors.PartInvalid),
        "twice": ([part(seller, 1), part(seller, 2)], errors.PartInvalid),
        "not agreed on": ([part(waiting, 10)], errors.PayeeUnfit), "unknown": ([Part(payee_number="PA26-1", amount=Money(1))], errors.PayeeUnfit),
    }


def test_parts_that_cannot_be_are_refused_and_nothing_is_written(cast: Cast, signed: Any) -> None:
    number = signed()
    for what, (parts, refusal) in refusals(cast).items():
        with pytest.raises(refusal):
            prepare_disbursement(contract_number=number, parts=parts, business_date=TODAY, by=cast.fang)
        assert not Disbursement.objects.exists(), what
    with pytest.raises(Invalid):
        prepare_disbursement(contract_number=number, way="carrier pigeon", business_date=TODAY, by=cast.fang)


def test_a_dealer_we_have_stopped_working_with_and_a_closed_account_are_not_paid(cast: Cast, signed: Any) -> None:
    number, seller = signed(), dealer_account(cast)
    part = [Part(payee_number=seller.number, amount=Money(5_000_000))]
    made = prepare_disbursement(contract_number=number, parts=part, business_date=TODAY, by=cast.fang)
    assert seller.dealer is not None
    seller.dealer.status = "suspended"
    seller.dealer.save()
    with pytest.raises(errors.PayeeUnfit):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    assert not Payout.objects.exists() and fresh(made).status == "prepared"


def threshold(code: str, yuan: str, days_ago: int = 0) -> None:
    since = TODAY - timedelta(days=days_ago)
    Parameter.objects.create(code=code, value=yuan, unit="yuan", effective_from=since, source="测试", product="P02")


def test_above_the_threshold_the_borrower_is_handed_nothing(cast: Cast, signed: Any, browser: Any) -> None:
    number, seller = signed(), dealer_account(cast)
    threshold("ENTRUST_CONSUMER", "60000", days_ago=1)
    part = [Part(payee_number=seller.number, amount=Money(5_000_000))]
    assert prepare_disbursement(contract_number=number, parts=part, business_date=TODAY, by=cast.fang).status == "prepared"
    cancel_disbursement(disbursement_number=Disbursement.objects.get().number, reason="重做", by=cast.fang)
    threshold("ENTRUST_CONSUMER", "59999.99")
    with pytest.raises(errors.EntrustedPaymentNeeded) as refused:
        prepare_disbursement(contract_number=number, parts=part, business_date=TODAY, by=cast.fang)
    assert "10000.00" in str(refused.value)
    answer = browser.acts_as(cast.fang).post(reverse("contracts:pay_out", args=[number]), {"_once": uuid4().hex})
    assert answer.status_code == 409 and "受托支付" in answer.content.decode()
    over = browser.api(f"contracts/contracts/{number}/disbursements", {"parts": [{"payee_number": seller.number, "amount": "60000.00"}]})
    assert over.status_code == 201 and [leg["amount"] for leg in over.json()["legs"]] == ["60000.00"]


@pytest.mark.parametrize(("is_person", "purpose", "code"), [
    (True, "purchase", "ENTRUST_CONSUMER"), (True, "consumption", "ENTRUST_CONSUMER"), (True, "business", "ENTRUST_BUSINESS"),
    (False, "working_capital", "ENTRUST_WC"), (False, "purchase", "ENTRUST_WC"),
])
def test_which_threshold_counts_hangs_on_borrower_and_purpose(is_person: bool, purpose: str, code: str) -> None:
    assert rules.threshold_of(is_person=is_person, purpose=purpose) == code


# ---- limits ---------------------------------------------------------------------------------------------------


def test_a_day_has_an_end_and_the_next_begins_anew(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()
    limit(cast, per_day=Money(59_999_99))
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    answer = browser.acts_as(cast.gao).post(reverse("contracts:check", args=[made.number]), {"_once": uuid4().hex})
    assert answer.status_code == 409 and "今日放款限额" in answer.content.decode()
    over = browser.api(f"contracts/disbursements/{made.number}/check", {})
    assert over.status_code == 409 and over.json()["code"] == "payout_day_limit_exceeded" and not Payout.objects.exists()
    limit(cast, per_day=Money(60_000_00))
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    board = browser.get(reverse("contracts:board")).content.decode()
    assert "今日已用 ¥60,000.00，限额 ¥60,000.00" in board


def test_a_single_payout_has_a_limit_of_its_own_and_a_limit_counts_from_its_day(cast: Cast, signed: Any) -> None:
    number = signed()
    limit(cast, per_payout=Money(1_00), on=TODAY + timedelta(days=1))
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    with pytest.raises(errors.PayoutTooLarge):
        check_disbursement(disbursement_number=made.number, business_date=TODAY + timedelta(days=1), by=cast.gao)
    assert check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao).status == "checked"


@given(st.integers(0, 100), st.integers(1, 100), st.integers(0, 100))
def test_the_limit_of_a_day_is_never_passed_and_never_wasted(most: int, leaving: int, used: int) -> None:
    ceiling = rules.Ceiling(label="店", per_payout=None, per_day=Money(most))
    over = rules.excess(ceiling, payout=Money(leaving), leaving=Money(leaving), used=Money(used))
    assert (over is None) == (used + leaving <= most)


@pytest.mark.django_db(transaction=True)
def test_two_payouts_at_once_cannot_both_take_what_is_left_of_the_day(cast: Cast, signed: Any) -> None:
    from chezhe.contracts.paying import steps

    made = prepare_disbursement(contract_number=signed(), business_date=TODAY, by=cast.fang)
    limit(cast, per_day=Money(100_000_00))
    twin = Disbursement.objects.select_related("contract__branch").get(pk=made.pk)

    def order(place: int) -> None:
        from django.db import transaction

        with transaction.atomic():
            steps.require_within_limits(twin, Money(60_000_00), TODAY)
            Leg.objects.create(
                disbursement=twin, place=place + 5, payee=PayeeAccount.objects.all()[place], amount=Money(60_000_00), status="checked",
                ordered_on=TODAY)

    insurer_account(cast), insurer_account(cast, "6217850000000000005", "人保财险公司")
    answers = together(2, order)
    assert sorted(type(one).__name__ for one in answers) == ["DayUsedUp", "NoneType"], answers


# ---- two people stand by accounts and limits ------------------------------------------------------------------


def test_who_proposed_an_account_does_not_agree_to_it_not_even_through_a_delegation(cast: Cast) -> None:
    cai = finance(cast)
    both = replace(cai, permissions=cai.permissions | cast.fang.permissions)
    made = propose_payee(proposed=NewPayee(kind="insurer", name="人保", bank_name="某行", account=GOOD), by=both)
    for same in (both, replace(finance(cast, "钱"), on_behalf_of_id=both.user_id)):
        with pytest.raises(errors.SamePersonDecides):
            decide_payee(payee_number=made.number, agrees=True, by=same)
    with pytest.raises(NotPermitted):
        decide_payee(payee_number=made.number, agrees=True, by=cast.gao)
    with pytest.raises(errors.AccountProposedTwice):
        propose_payee(proposed=NewPayee(kind="insurer", name="另一家", bank_name="某行", account="6217 0000 0000 0000 004"), by=cast.fang)
    assert decide_payee(payee_number=made.number, agrees=False, by=finance(cast, "钱")).status == "refused"
    assert propose_payee(proposed=NewPayee(kind="insurer", name="人保", bank_name="某行", account=GOOD), by=cast.fang).status == "proposed"


def test_limits_are_two_peoples_word_too(cast: Cast) -> None:
    cai = finance(cast)
    for wrong in ({"per_payout": Money(2), "per_day": Money(1)}, {"per_day": Money(-1), "per_payout": None}):
        with pytest.raises(Invalid):
            propose_payout_limit(
                limit=NewLimit(branch_code="T01", effective_from=TODAY, **wrong), reason="调整", business_date=TODAY, by=cai)
    made = propose_payout_limit(
        limit=NewLimit(branch_code="T01", effective_from=TODAY, per_payout=None, per_day=Money(1)), reason="调整", business_date=TODAY, by=cai)
    with pytest.raises(errors.SamePersonDecides):
        decide_payout_limit(limit_number=made.number, agrees=True, by=cai)
    assert decide_payout_limit(limit_number=made.number, agrees=False, by=finance(cast, "钱")).status == "refused"


def test_accounts_and_limits_by_page(cast: Cast, browser: Any) -> None:
    def post(name: str, said: dict[str, Any], *args: str) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=args), {**said, "_once": uuid4().hex})

    browser.acts_as(cast.fang)
    assert post("new_payee", {"kind": "insurer", "bank_name": "某行", "account": "12"}).status_code == 422
    assert post("new_payee", {"kind": "dealer", "dealer_number": "", "bank_name": "某行", "account": GOOD}).status_code == 422
    assert post("new_payee", {"kind": "insurer", "name": "人保", "bank_name": "某行", "account": GOOD}).status_code == 302
    made = PayeeAccount.objects.get()
    assert GOOD not in browser.get(reverse("contracts:payee", args=[made.number])).content.decode()
    browser.acts_as(finance(cast))
    assert post("decide_payee", {"verdict": ""}, made.number).status_code == 422
    assert post("decide_payee", {"verdict": "yes", "opinion": "已回拨"}, made.number).status_code == 302
    assert "已回拨" in browser.get(reverse("contracts:payee", args=[made.number])).content.decode()
    assert post("close_payee", {"reason": "停"}, made.number).status_code == 422
    assert post("close_payee", {"reason": "停用"}, made.number).status_code == 302
    assert "人保" in browser.get(reverse("contracts:payees")).content.decode()
    assert post("new_limit", {"effective_from": TODAY.isoformat(), "per_day": "100", "reason": "调整", "branch_code": "T01"}).status_code == 302
    number = cast.branch.pk and PayeeAccount.objects.count() and browser.api("contracts/payout-limits").json()["items"][0]["number"]
    assert post("decide_limit", {"verdict": "yes"}, number).status_code == 422, "the same person"
    browser.acts_as(finance(cast, "钱"))
    assert post("decide_limit", {"verdict": "yes"}, number).status_code == 302
    assert "100.00" in browser.get(reverse("contracts:limit", args=[number])).content.decode()
    assert browser.get(reverse("contracts:limits")).status_code == 200


def test_accounts_and_limits_by_api(cast: Cast, browser: Any) -> None:
    browser.acts_as(cast.fang)
    made = browser.api("contracts/payees", {"kind": "provider", "name": "城东评估公司", "bank_name": "某行", "account": GOOD})
    assert made.status_code == 201 and made.json()["account"] == "****0004"
    number = made.json()["number"]
    browser.acts_as(finance(cast))
    assert browser.api(f"contracts/payees/{number}/decide", {"agrees": True}).json()["status"] == "verified"
    assert browser.api(f"contracts/payees/{number}").json()["decided_by"] == "蔡"
    assert [row["number"] for row in browser.api("contracts/payees?status=verified").json()["items"]] == [number]
    assert browser.api(f"contracts/payees/{number}/close", {"reason": "停用"}).json()["status"] == "closed"
    said = {"branch_code": "T01", "effective_from": TODAY.isoformat(), "per_day": "100000.00", "reason": "头寸"}
    one = browser.api("contracts/payout-limits", said)
    assert one.status_code == 201 and one.json()["per_payout"] is None
    assert browser.api(f"contracts/payout-limits/{one.json()['number']}/decide", {"agrees": True}).json()["code"] == "same_person"
    browser.acts_as(finance(cast, "钱"))
    assert browser.api(f"contracts/payout-limits/{one.json()['number']}/decide", {"agrees": True}).json()["status"] == "agreed"
    assert browser.api(f"contracts/payout-limits/{one.json()['number']}").json()["decided_by"] == "钱"
    house = browser.api("contracts/payout-limits", {**said, "branch_code": ""})
    assert house.status_code == 404, "the house's limit is set by whoever sees the whole house"


def test_a_split_payout_by_page_and_its_page(cast: Cast, signed: Callable[..., str], bank: Any, browser: Any) -> None:
    number, seller = signed(), dealer_account(cast, bad("902"))
    browser.acts_as(cast.fang)
    address = reverse("contracts:pay_out", args=[number])
    assert seller.name in browser.get(address).content.decode()
    assert browser.post(address, {"amount_1": "5", "_once": uuid4().hex}).status_code == 409, "an amount for nobody"
    assert browser.post(address, {"payee_1": seller.number, "amount_1": "50000", "way": "api", "_once": uuid4().hex}).status_code == 302
    made = Disbursement.objects.get()
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank, 30)
    page = browser.get(reverse("contracts:disbursement", args=[made.number])).content.decode()
    assert seller.name in page and "户名与账号不符" in page and "更换账户重放" in page and "第 1 笔" in page and "取消放款" not in page
    said = {"account_id": seller.number, "place": "1", "reason": "户名已更正", "_once": uuid4().hex}
    assert browser.post(reverse("contracts:resend", args=[made.number]), said).status_code == 302
    assert fresh(made).status == "prepared"
    wide = person("和", roles.FUNDING, cast.branch)
    told = browser.acts_as(wide).api(f"contracts/disbursements/{made.number}").json()
    assert [(leg["status"], leg["attempt"]) for leg in told["legs"]] == [("prepared", 2), ("paid", 1)]
