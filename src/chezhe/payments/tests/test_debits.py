"""Mandates and the direct-debit channel: late, doubled, reordered, lost and contradictory news; nobody is charged twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from chezhe.compliance import steps as compliance
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, WANG, person
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, jobs, signing, simulators
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.payments.actions.accept_debit_notice import accept_debit_notice
from chezhe.payments.actions.mark_debits_sent import mark_debits_sent
from chezhe.payments.actions.resume_mandate import resume_mandate
from chezhe.payments.actions.revoke_mandate import revoke_mandate
from chezhe.payments.actions.settle_channel import settle_channel
from chezhe.payments.actions.settle_debits import settle_debits
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits import claims, mandates, orders, rules
from chezhe.payments.debits.answers import Answer
from chezhe.payments.debits.mandates import NotTheHolder, Signature, SignedInFuture
from chezhe.payments.debits.models import ChannelSettlement, Debit, Mandate
from chezhe.payments.debits.notices import Notice
from chezhe.payments.debits.rules import Limits, StatementLine
from chezhe.payments.models import BankNotice
from chezhe.payments.tasks import debits as tasks
from chezhe.payments.tests.conftest import NOW, TODAY
from chezhe.payments.vendors.debit.simulator import account_with_fate

pytestmark = pytest.mark.django_db
URL = "/payments/callbacks/debit/"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with clock.at(NOW):
        business_date.open_day(TODAY)
        yield make_cast()


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return person(WANG, cast.lin)


@pytest.fixture
def channel(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Whoever asks is still owed a million; the channel calls back once, after a second."""
    monkeypatch.setattr(claims, "_asked", [lambda asked: dict.fromkeys(asked, Money(100_000_000))])
    with jobs.in_line(), simulators.in_process() as world:
        world.set_faults("debit", duplicate_rate=0, delay_seconds=(1, 1))
        yield world


def signed(cast: Cast, wang: Customer, fate: str = "800", **changes: Any) -> Mandate:
    number = account_with_fate(fate)
    customer_steps.add_account(wang, kind="card", card_number=number, bank_name="某银行", is_main=False)
    given = {"account_tail": number[-4:], "debit_max": Money(500_000), "day_max": Money(900_000), "signed_on": TODAY, "evidence": "DK-1"}
    return sign_mandate(customer_number=wang.number, signature=Signature(**{**given, **changes}), by=cast.lin)


def ask(mandate: Mandate, fen: int = 300_000, claim: str = "K1") -> Debit:
    wanted = orders.Wanted(claim=claim, mandate=mandate, parts=[Money(fen)], branch_id=mandate.customer.branch_id, memo="测试")
    return orders.request([wanted], by=SYSTEM)[0]


def live(world: World, seconds: int = 10, step: int = 2) -> None:
    for _ in range(0, seconds, step):
        jobs.run_due()
        world.pump()
        clock.tick(step)
    jobs.run_due()
    world.pump()


def fresh(debit: Debit) -> Debit:
    return Debit.objects.get(pk=debit.pk)


def call(body: dict[str, Any], *, secret: bytes | None = None) -> Any:
    raw = json.dumps(body).encode()
    headers = signing.sign(secret or signing.secret_of("debit"), raw, at=clock.now())
    return Client(raise_request_exception=False).post(URL, raw, content_type="application/json", headers=headers)


def said(debit: Debit, status: str, **changes: Any) -> dict[str, Any]:
    return {"notice_id": f"DN-{status}", "reference": debit.reference, "status": status, "serial": "T1", "on": TODAY.isoformat(),
            "collected": "" if status == "failed" else str(debit.amount), "code": "", **changes}


def books() -> dict[str, str]:
    names = {"clearing": chart.CHANNEL_CLEARING, "collected": chart.DEBITS_COLLECTED, "transit": chart.FUNDS_IN_TRANSIT,
             "charges": chart.BANK_CHARGES}
    return {name: str(ledger_queries.balance(code)) for name, code in names.items() if ledger_queries.balance(code)}


# ---- mandates -------------------------------------------------------------------------------------------------


def test_signing_keeps_the_limits_and_the_consent(cast: Cast, wang: Customer) -> None:
    made = signed(cast, wang)
    assert (made.status, made.debit_max.fen, made.signed_by_name) == ("active", 500_000, "林")
    assert compliance.has_consent(wang.subject, "deduction", TODAY)
    with pytest.raises(NotPermitted):
        sign_mandate(customer_number=wang.number, by=WU, signature=Signature(
            account_tail="", debit_max=Money(1), day_max=Money(1), signed_on=TODAY, evidence="x"))
    with pytest.raises(NotFound):
        revoke_mandate(mandate_number=made.number, reason="不归我管", by=replace(cast.lin, user_id=0, hats=()))


def test_a_customer_has_one_mandate_and_a_new_one_takes_its_place(cast: Cast, wang: Customer) -> None:
    first, second = signed(cast, wang), signed(cast, wang, "810")
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "active") and first.ended_at is not None


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"account_tail": "9999"}, Invalid), ({"debit_max": Money(0)}, Invalid), ({"day_max": Money(1)}, Invalid),
    ({"signed_on": TODAY + timedelta(days=1)}, SignedInFuture), ({"evidence": " "}, Invalid),
])
def test_what_is_wrong_on_the_form_is_refused_and_nothing_is_kept(cast: Cast, wang: Customer, changes: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        signed(cast, wang, **changes)
    assert not Mandate.objects.exists() and not compliance.has_consent(wang.subject, "deduction", TODAY)


def test_somebody_elses_account_is_not_debited(cast: Cast, wang: Customer) -> None:
    other = customer_steps.add_account(wang, kind="card", card_number=CARD, bank_name="某银行", holder_name="李四")
    with pytest.raises(NotTheHolder):
        signed(cast, wang, account_tail=other.tail)


def test_the_customer_ends_it_at_any_time_and_the_consent_ends_with_it(cast: Cast, wang: Customer) -> None:
    made = signed(cast, wang)
    with pytest.raises(ReasonRequired):
        revoke_mandate(mandate_number=made.number, reason="", by=cast.lin)
    assert revoke_mandate(mandate_number=made.number, reason="客户来电", by=cast.lin).status == "revoked"
    assert not compliance.has_consent(wang.subject, "deduction", TODAY)
    with pytest.raises(WrongState):
        revoke_mandate(mandate_number=made.number, reason="再来", by=cast.lin)


def test_a_suspended_mandate_is_resumed_only_while_the_consent_stands(cast: Cast, wang: Customer) -> None:
    made = signed(cast, wang)
    mandates.suspend(made, "CARD_CLOSED", by=SYSTEM)
    compliance.withdraw(subject=wang.subject, kind="deduction", on=TODAY, channel="paper", evidence="CH", by=cast.lin)
    with pytest.raises(compliance.ConsentMissing):
        resume_mandate(mandate_number=made.number, reason="已解决", by=SYSTEM)


# ---- orders and what becomes of them --------------------------------------------------------------------------


def test_a_debit_is_collected_into_the_channels_clearing_account(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    live(channel)
    debit = fresh(debit)
    assert (debit.status, debit.collected.fen, debit.collected_on) == ("collected", 300_000, TODAY)
    assert ledger_queries.journal_text(owner=debit.subject).strip() == (
        "2026-03-16 debit_collected K1.1\n  Dr channel clearing  3,000.00\n  Cr collected debits  3,000.00"
    )


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout"])
def test_whatever_the_line_does_nobody_is_charged_twice_and_nothing_is_lost(cast: Cast, wang: Customer, channel: World, fault: str) -> None:
    debit = ask(signed(cast, wang, "810"))
    channel.force("debit", fault)
    jobs.run_due()
    assert fresh(debit).status == "sent"
    tasks.send_debits([debit.reference])
    live(channel, 200)
    debit = fresh(debit)
    charged = [order for order in channel.simulators["debit"].state.values() if order["fate"] != "closed"]
    if fault == "error_before":
        assert (debit.status, debit.failure_code, charged) == ("failed", "NOT_RECEIVED", [])
    else:
        assert debit.status == "collected" and len(charged) == 1


def test_an_order_that_was_closed_is_not_carried_out_when_it_arrives_after_all(cast: Cast, wang: Customer, channel: World) -> None:
    from chezhe.payments.vendors.debit import client

    debit = ask(signed(cast, wang, "810"))
    packet = mark_debits_sent(references=[debit.reference], by=SYSTEM)  # the worker is killed here
    jobs._line.get().clear()
    clock.tick(16 * 60)
    assert tasks.query_open_debits() == 1
    assert (fresh(debit).status, fresh(debit).failure_code) == ("failed", "NOT_RECEIVED")
    (late,) = client.order(packet.debits)
    assert late.outcome == "closed" and not JournalEntry.objects.exists()


def test_a_worker_killed_after_the_answer_loses_nothing(cast: Cast, wang: Customer, channel: World) -> None:
    from chezhe.payments.vendors.debit import client

    debit = ask(signed(cast, wang, "810"))
    packet = mark_debits_sent(references=[debit.reference], by=SYSTEM)
    client.order(packet.debits)
    jobs._line.get().clear()
    assert mark_debits_sent(references=[debit.reference], by=SYSTEM).debits == (), "what has left does not leave again"
    clock.tick(16 * 60)
    tasks.query_open_debits()
    assert fresh(debit).status == "collected" and JournalEntry.objects.count() == 1


def test_orders_whose_job_was_lost_before_they_left_are_taken_up(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    jobs._line.get().clear()
    clock.tick(16 * 60)
    assert tasks.query_open_debits() == 1
    live(channel)
    assert fresh(debit).status == "collected"


def test_a_silent_channel_is_asked_again_and_again(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "811"))
    live(channel, 1300, 20)
    assert fresh(debit).status == "sent" and fresh(debit).waits_since is not None


def test_sixteen_callbacks_are_one_booking(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    answers = [call(said(debit, "collected")).json()["verdict"] for _ in range(16)]
    assert answers == ["applied"] * 16 and JournalEntry.objects.count() == 1 and BankNotice.objects.count() == 1


def test_a_return_that_comes_before_the_news_of_the_debit_is_both(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    assert call(said(debit, "returned")).json()["verdict"] == "applied"
    assert call(said(debit, "collected")).json()["verdict"] == "stale"
    assert fresh(debit).status == "returned" and JournalEntry.objects.count() == 2 and not books()


def test_a_return_of_another_sum_than_was_collected_books_nothing(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    live(channel)
    assert call(said(debit, "returned", collected="2999.99")).json()["verdict"] == "wrong_amount"
    assert fresh(debit).status == "collected" and JournalEntry.objects.count() == 1


def test_contradictory_callbacks_book_what_the_register_says(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "813"))
    live(channel, 20)
    assert fresh(debit).status == "collected" and JournalEntry.objects.count() == 1
    verdicts = dict(BankNotice.objects.values_list("outcome", "verdict"))
    assert verdicts == {"failed": "applied", "collected": "contradicts"}


def test_what_the_register_says_against_our_books_waits_for_people(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    live(channel)
    settle_debits(said=[Answer(reference=debit.reference, outcome="failed", is_register=True)], by=SYSTEM)
    assert fresh(debit).status == "collected"
    assert BankNotice.objects.get(notice_id=f"answer-{debit.reference}-failed").is_troubling


@pytest.mark.parametrize(("changes", "status", "verdict"), [
    ({"collected": "3000.01"}, 422, "wrong_amount"), ({"collected": ""}, 422, "wrong_amount"), ({"reference": "L26-000001-0.1.1"}, 404, "unknown"),
])
def test_what_cannot_be_true_books_nothing(cast: Cast, wang: Customer, channel: World, changes: Any, status: int, verdict: str) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    answer = call({**said(debit, "collected"), **changes})
    assert (answer.status_code, answer.json()["verdict"]) == (status, verdict)
    assert fresh(debit).status == "sent" and not JournalEntry.objects.exists()


@pytest.mark.parametrize("changes", [
    {"notice_id": ""}, {"notice_id": 7}, {"status": "perhaps"}, {"reference": "x" * 61}, {"on": "yesterday"}, {"collected": "much"},
])
def test_what_cannot_be_read_is_refused(cast: Cast, wang: Customer, channel: World, changes: Any) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    assert call({**said(debit, "collected"), **changes}).status_code == 422 and not BankNotice.objects.exists()


def test_whoever_is_not_the_channel_is_not_heard(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    assert call(said(debit, "collected"), secret=b"nobody's").status_code == 401 and fresh(debit).status == "sent"


def test_a_notice_told_twice_keeps_its_first_verdict(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "811"))
    jobs.run_due()
    notice = Notice("N1", Answer(reference=debit.reference, outcome="failed", code="INSUFFICIENT_FUNDS"))
    assert accept_debit_notice(notice=notice, by=SYSTEM).pk == accept_debit_notice(notice=notice, by=SYSTEM).pk


def test_a_mandate_that_ended_and_a_limit_that_is_used_up_stop_an_order_before_it_leaves(cast: Cast, wang: Customer, channel: World) -> None:
    made = signed(cast, wang)
    first, second = ask(made, 500_000, "K1"), ask(made, 400_001, "K2")
    packet = mark_debits_sent(references=[first.reference, second.reference], by=SYSTEM)
    assert [debit.reference for debit in packet.debits] == [first.reference]
    assert fresh(second).failure_code == "MANDATE_LIMIT"
    third = ask(made, 100_000, "K3")
    compliance.withdraw(subject=wang.subject, kind="deduction", on=TODAY, channel="paper", evidence="CH", by=cast.lin)
    mark_debits_sent(references=[third.reference], by=SYSTEM)
    assert (fresh(third).status, fresh(third).failure_code) == ("dropped", "CONSENT_GONE")


# ---- the channel's days ---------------------------------------------------------------------------------------


def test_the_channel_settles_on_the_next_day_less_its_fee(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    live(channel)
    settlement = ChannelSettlement.objects.get()
    assert (settlement.day, settlement.status) == (TODAY, "open")
    tasks.settle_channel(TODAY.isoformat())
    assert ChannelSettlement.objects.get().status == "open", "the statement is not ready on the day itself"
    clock.tick(24 * 3600)
    business_date.open_day(TODAY + timedelta(days=1))
    live(channel, 4)
    settlement.refresh_from_db()
    assert (settlement.status, settlement.gross.fen, settlement.fee.fen, settlement.net.fen) == ("settled", 300_000, 200, 299_800)
    assert ledger_queries.journal_text(owner=settlement.subject).strip() == (
        f"2026-03-17 channel_settled {settlement.number}\n"
        "  Dr funds in transit  2,998.00\n"
        "  Dr bank charges          2.00\n"
        "  Cr channel clearing  3,000.00"
    )
    assert fresh(debit).fee.fen == 200 and "clearing" not in books()
    tasks.settle_channel(TODAY.isoformat())
    assert JournalEntry.objects.count() == 2


def test_a_statement_that_differs_books_nothing_and_the_channel_is_asked(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang))
    live(channel)
    lines = [StatementLine(reference=debit.reference, kind="collected", amount=Money(299_999))]
    settlement = settle_channel(day=TODAY, lines=lines, by=SYSTEM)
    assert settlement.status == "differs" and JournalEntry.objects.count() == 1
    assert settlement.differences == [{"reference": debit.reference, "kind": "collected", "ours": "3000.00", "theirs": "2999.99"}]
    lines = [StatementLine(reference=debit.reference, kind="collected", amount=Money(300_000), fee=Money(200))]
    assert settle_channel(day=TODAY, lines=lines, by=SYSTEM).status == "settled"


def test_a_day_of_returns_only_is_what_we_owe_the_channel(cast: Cast, wang: Customer, channel: World) -> None:
    debit = ask(signed(cast, wang, "812"))
    live(channel)
    clock.tick(24 * 3600)
    business_date.open_day(TODAY + timedelta(days=1))
    live(channel)
    assert fresh(debit).returned_on == TODAY + timedelta(days=1)
    clock.tick(24 * 3600)
    business_date.open_day(TODAY + timedelta(days=2))
    live(channel)
    second = ChannelSettlement.objects.get(day=TODAY + timedelta(days=1))
    assert (second.status, second.net.fen) == ("settled", -300_000)
    assert books() == {"transit": "-2.00", "charges": "2.00"}


# ---- pure rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "used", "at_least", "parts"), [
    (100, 0, 1, [100]), (101, 0, 1, [51, 50]), (250, 0, 1, [84, 83, 83]), (250, 100, 1, [75, 75]), (90, 250, 1, []), (90, 0, 4, [23, 23, 22, 22]),
    (1, 0, 8, [1]), (100, 200, 2, [25, 25]),
])
def test_a_sum_is_cut_into_orders_within_the_limits(wanted: int, used: int, at_least: int, parts: list[int]) -> None:
    limits = Limits(per_debit=Money(100), per_day=Money(250), used=Money(used))
    assert [part.fen for part in rules.parts_of(Money(wanted), limits, at_least=at_least)] == parts


def test_when_less_is_owed_the_first_orders_keep_theirs() -> None:
    assert [part.fen for part in rules.still_to_send([Money(50), Money(50), Money(50)], Money(70))] == [50, 20, 0]


def test_a_line_on_one_side_only_is_a_difference() -> None:
    ours = [StatementLine(reference="a", kind="collected", amount=Money(1)), StatementLine(reference="b", kind="collected", amount=Money(2))]
    theirs = [StatementLine(reference="b", kind="collected", amount=Money(2), fee=Money(9)), StatementLine(reference="c", kind="returned", amount=Money(3))]
    assert [(one.reference, one.ours, one.theirs) for one in rules.differences(ours, theirs)] == [("a", "0.01", ""), ("c", "", "0.03")]


def test_days_that_wait_for_their_statement_are_found_again(cast: Cast, wang: Customer, channel: World) -> None:
    ask(signed(cast, wang))
    live(channel)
    jobs._line.get().clear()
    clock.tick(24 * 3600)
    assert tasks.settle_channel_days() == 1
