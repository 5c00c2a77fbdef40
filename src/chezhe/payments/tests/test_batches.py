"""Payouts in files: made by one, sent by another, answered by the bank, each booked exactly once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, outside, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import BusinessError, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.tables import ColumnsMissing
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.payments import guards, tasks
from chezhe.payments.actions.discard_batch import discard_batch
from chezhe.payments.actions.import_batch_answer import import_batch_answer
from chezhe.payments.actions.make_batch import make_batch
from chezhe.payments.actions.note_batch_taken import note_batch_taken
from chezhe.payments.actions.resend_payout import resend_payout
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.actions.send_batch import send_batch
from chezhe.payments.actions.take_batch_file import take_batch_file
from chezhe.payments.batches import errors, rules
from chezhe.payments.models import BankNotice, BatchLine, Payout, PayoutBatch
from chezhe.payments.steps import Payee, request_payout
from chezhe.payments.tests.conftest import live, person
from chezhe.payments.vendors.bank import batch as vendor
from chezhe.payments.vendors.bank.simulator import account_with_fate

pytestmark = pytest.mark.django_db

GOOD = "6217000000000000004"
HEADING = "订单号,金额,处理结果,银行流水号,失败代码\n"


def ask(branch: Any, place: int, account: str = GOOD, yuan: int = 1_000) -> Payout:
    return request_payout(
        reference=f"disbursement:D{place}", amount=Money(yuan * 100), payee=Payee("张三", account), memo="K26-000001-5", branch_id=branch.pk,
        way="file", by=SYSTEM,
    )


@pytest.fixture
def other(branch: Any) -> Actor:
    return person("复", roles.FUNDING, branch)


def fresh(payout: Payout) -> Payout:
    return Payout.objects.get(pk=payout.pk)


def sent(funding: Actor, other: Actor, *, by_hand: bool = False) -> PayoutBatch:
    return send_batch(batch_number=make_batch(by=funding).number, by_hand=by_hand, by=other)


def test_a_file_is_made_sent_and_answered_and_every_order_is_booked_once(branch, bank, funding, other) -> None:
    good, closed = ask(branch, 1), ask(branch, 2, account_with_fate("901"))
    live(bank, 30)
    assert {fresh(good).status, fresh(closed).status} == {"requested"}, "the worker sends no order that goes by file"
    batch = sent(funding, other)
    assert (batch.count, str(batch.amount), fresh(good).status) == (2, "2000.00", "sent")
    live(bank, 180, step=30)
    batch.refresh_from_db()
    assert (batch.status, fresh(good).status, fresh(closed).status, fresh(closed).failure_code) == ("answered", "paid", "failed", "ACCOUNT_CLOSED")
    assert batch.acknowledged_at is not None and JournalEntry.objects.count() == 1
    assert ledger_queries.balance("1002.02") == Money(-100_000)
    assert Event.objects.filter(name="payout.paid").count() == 1
    assert [line.outcome for line in batch.lines.all()] == ["paid", "failed"]


def test_a_failed_order_goes_into_the_next_file_under_a_new_reference(branch, bank, funding, other) -> None:
    failed = ask(branch, 1, account_with_fate("903"))
    sent(funding, other)
    live(bank, 180, step=30)
    retry_payout(payout_number=failed.number, reason="已补足", by=funding)
    live(bank, 60, step=30)
    assert fresh(failed).status == "requested"
    again = make_batch(by=funding)
    assert [line.bank_reference for line in again.lines.all()] == [f"{failed.number}.2"]
    with pytest.raises(errors.NothingToSend):
        make_batch(by=funding)


def test_the_bank_down_for_a_day_gets_the_file_once(branch, bank, funding, other) -> None:
    good = ask(branch, 1)
    bank.force("bank", *["error_before"] * 3, "error_after")
    batch = sent(funding, other)
    for _ in range(6):
        tasks.batches.follow_batches()
        live(bank, 300, step=60)
    batch.refresh_from_db()
    assert (batch.status, fresh(good).status) == ("answered", "paid") and JournalEntry.objects.count() == 1
    assert sorted(bank.simulators["bank"].state) == sorted([good.bank_reference, f"batch:{batch.number}"])


def test_an_order_in_a_file_never_leaves_by_the_line_as_well(branch, bank, funding, other) -> None:
    good = ask(branch, 1)
    sent(funding, other, by_hand=True)
    clock.tick(3600)
    assert tasks.query_open_payouts() == 0
    tasks.send_payout(good.number)
    tasks.query_payout(good.number, 1, 0)
    live(bank, 30)
    assert bank.simulators["bank"].state == {} and fresh(good).status == "sent"
    resend_payout(payout_number=good.number, attempt=1, by=SYSTEM)
    live(bank, 30)
    assert bank.simulators["bank"].state == {} and fresh(good).acknowledged_at is None


def test_maker_is_not_sender_and_a_batch_is_sent_once(branch, bank, funding, other) -> None:
    ask(branch, 1)
    batch = make_batch(by=funding)
    with pytest.raises(errors.MadeByYou):
        send_batch(batch_number=batch.number, by=funding)
    send_batch(batch_number=batch.number, by=other)
    with pytest.raises(WrongState):
        send_batch(batch_number=batch.number, by=other)
    with pytest.raises(WrongState):
        discard_batch(batch_number=batch.number, reason="不发了", by=funding)


def test_what_the_room_above_does_not_let_go_is_not_sent(branch, bank, funding, other, monkeypatch) -> None:
    class Held(BusinessError):
        code = "held"

    held: set[str] = set()

    def guard(rest: str, by: Actor) -> None:
        if rest in held:
            raise Held()

    monkeypatch.setitem(guards._guards, "disbursement", guard)
    first, second = ask(branch, 1), ask(branch, 2)
    held.add("D1")
    batch = make_batch(by=funding)
    assert (fresh(first).status, fresh(first).failure_code, batch.count) == ("failed", "HELD_BACK", 1)
    held.add("D2")
    with pytest.raises(errors.BatchHeld) as refused:
        send_batch(batch_number=batch.number, by=other)
    assert second.number in str(refused.value) and fresh(second).status == "requested"
    discard_batch(batch_number=batch.number, reason="复核未过", by=funding)
    empty = make_batch(by=funding)
    assert (fresh(second).status, empty.status, empty.count) == ("failed", "discarded", 0)


def test_a_discarded_batch_sets_its_payouts_free(branch, bank, funding, other) -> None:
    good = ask(branch, 1)
    discard_batch(batch_number=make_batch(by=funding).number, reason="选错日期", by=funding)
    sent(funding, other)
    live(bank, 180, step=30)
    assert fresh(good).status == "paid" and BatchLine.objects.filter(payout=good, is_dropped=False).count() == 1


def test_the_file_says_what_is_paid_and_nothing_of_it_can_act(branch, funding) -> None:
    ask(branch, 1)
    Payout.objects.update(memo="=cmd()")
    batch = make_batch(by=funding)
    taken = take_batch_file(batch_number=batch.number, by=funding)
    text = taken.content.decode("utf-8-sig")
    assert text.splitlines()[1] == f"{batch.number},{Payout.objects.get().number}.1,张三,{GOOD},1000.00,'=cmd()" and taken.subject == batch.subject
    Payout.objects.update(amount=Money(1))
    with pytest.raises(errors.FileDiffers):
        take_batch_file(batch_number=batch.number, by=funding)


# ---- the bank's answer ----------------------------------------------------------------------------------------


def answer(*rows: str) -> bytes:
    return (HEADING + "".join(f"{row}\n" for row in rows)).encode()


def test_the_same_answer_again_changes_nothing_and_another_says_nothing_new(branch, bank, funding, other, finance) -> None:
    good = ask(branch, 1)
    batch = sent(funding, other, by_hand=True)
    content = answer(f"{good.bank_reference},1000.00,成功,B1,")
    for _ in range(3):
        done = import_batch_answer(batch_number=batch.number, content=content, name="回盘.csv", by=finance)
        assert (done.applied, done.known, done.troubling) == (1, 0, 0)
    told = import_batch_answer(batch_number=batch.number, content=content + b"\n", name="again.csv", by=finance)
    assert (told.applied, told.known) == (0, 1)
    assert JournalEntry.objects.count() == 1 and Event.objects.filter(name="payout.paid").count() == 1
    back = import_batch_answer(batch_number=batch.number, content=answer(f"{good.bank_reference},1000.00,退回,B1,RETURNED"), name="r.csv", by=finance)
    assert back.applied == 1 and fresh(good).status == "returned"
    assert ledger_queries.balance("1002.02") == Money(0)


@pytest.mark.parametrize(("row", "verdict"), [
    ("{own},999.99,成功,B1,", "wrong_amount"), ("Y26-999999-9.1,1000.00,成功,B1,", "unknown"), ("{own}9,1000.00,成功,B1,", "unknown"),
    ("{stranger},1000.00,成功,B1,", "unknown"),
])
def test_what_cannot_be_true_is_kept_and_books_nothing(branch, bank, funding, other, finance, row: str, verdict: str) -> None:
    own = ask(branch, 1)
    batch = sent(funding, other, by_hand=True)
    stranger = ask(branch, 2)
    content = answer(row.format(own=own.bank_reference, stranger=stranger.bank_reference))
    done = import_batch_answer(batch_number=batch.number, content=content, name="x.csv", by=finance)
    assert done.troubling == 1 and BankNotice.objects.get().verdict == verdict
    assert not JournalEntry.objects.exists() and (fresh(own).status, fresh(stranger).status) == ("sent", "requested")


def test_paid_after_failed_contradicts(branch, bank, funding, other, finance) -> None:
    own = ask(branch, 1)
    batch = sent(funding, other, by_hand=True)
    for said in ("成功", "失败"):
        import_batch_answer(batch_number=batch.number, content=answer(f"{own.bank_reference},1000.00,{said},B1,"), name="x.csv", by=finance)
    assert fresh(own).status == "paid" and BankNotice.objects.filter(verdict="contradicts").count() == 1


@pytest.mark.parametrize(("rows", "refusal"), [
    ([], errors.AnswerEmpty), (["{own},1000.00,也许,B1,"], errors.AnswerHasFaults), (["{own},一千,成功,B1,"], errors.AnswerHasFaults),
    (["{own},-5,成功,B1,"], errors.AnswerHasFaults), ([",1000.00,成功,B1,"], errors.AnswerHasFaults),
    (["{own},1000.00,成功,B1,", "{own},1000.00,成功,B1,"], errors.AnswerHasFaults),
])
def test_a_file_that_cannot_be_read_whole_is_not_read_at_all(branch, bank, funding, other, finance, rows: list[str], refusal: type) -> None:
    own = ask(branch, 1)
    batch = sent(funding, other, by_hand=True)
    with pytest.raises(refusal):
        import_batch_answer(
            batch_number=batch.number, content=answer(*(row.format(own=own.bank_reference) for row in rows)), name="x.csv", by=finance)
    with pytest.raises(ColumnsMissing):
        import_batch_answer(batch_number=batch.number, content="甲,乙\n1,2\n".encode(), name="x.csv", by=finance)
    assert fresh(own).status == "sent" and not BankNotice.objects.exists()


def test_nothing_is_answered_before_it_was_sent(branch, bank, funding, finance) -> None:
    own = ask(branch, 1)
    batch = make_batch(by=funding)
    with pytest.raises(WrongState):
        import_batch_answer(batch_number=batch.number, content=answer(f"{own.bank_reference},1000.00,成功,B1,"), name="x.csv", by=finance)


def test_an_answer_damaged_on_its_way_is_not_taken(branch, bank, funding, other, monkeypatch) -> None:
    ask(branch, 1)
    batch = sent(funding, other)
    jobs.run_due()
    clock.tick(120)
    monkeypatch.setattr(outside, "post", lambda *args, **kwargs: outside.Reply(200, {"content": "x", "sha256": "y"}))
    with pytest.raises(outside.Unreachable):
        vendor.fetch_answer(batch.number)
    tasks.batches.fetch_batch_answer(batch.number)
    batch.refresh_from_db()
    assert batch.status == "sent"
    assert note_batch_taken(batch_number=batch.number, by=SYSTEM).acknowledged_at == batch.acknowledged_at


@given(st.lists(st.builds(
    rules.RawAnswer, number=st.integers(1, 99), reference=st.text(max_size=70), amount=st.text(max_size=15), outcome=st.text(max_size=5),
    bank_serial=st.text(max_size=80), failure_code=st.text(max_size=60),
), max_size=8))
def test_every_row_is_an_answer_or_a_fault(rows: list[rules.RawAnswer]) -> None:
    answers, faults = rules.read(rows)
    assert len(answers) + len(faults) == len(rows)
    assert all(one.amount.fen > 0 and len(one.bank_serial) <= 64 for one in answers)


# ---- doors ----------------------------------------------------------------------------------------------------


def test_the_whole_way_by_page(branch, bank, funding, other, finance, browser) -> None:  # noqa: F811
    own = ask(branch, 1)

    def post(name: str, said: dict[str, Any], *args: str) -> Any:
        return browser.post(reverse(f"payments:{name}", args=args), {**said, "_once": uuid4().hex})

    browser.acts_as(funding)
    assert "生成批量付款文件" in browser.get(reverse("payments:batches")).content.decode()
    assert post("make_batch", {}).status_code == 302
    number = PayoutBatch.objects.get().number
    assert post("make_batch", {}).status_code == 302 and PayoutBatch.objects.count() == 1
    page = browser.get(reverse("payments:batch", args=[number])).content.decode()
    assert own.bank_reference in page and GOOD not in page
    taken = post("batch_file", {}, number)
    assert GOOD in taken.content.decode("utf-8-sig") and taken["Content-Disposition"] == f'attachment; filename="{number}.csv"'
    assert post("send_batch", {}, number).status_code == 409
    browser.acts_as(other)
    assert post("send_batch", {"by_hand": "yes"}, number).status_code == 302
    browser.acts_as(finance)
    content = answer(f"{own.bank_reference},1000.00,成功,B1,")
    assert post("batch_answer", {}, number).status_code == 422
    tried = post("batch_answer", {"dry_run": "yes", "file": SimpleUploadedFile("a.csv", content)}, number)
    assert "与批次一致" in tried.content.decode() and fresh(own).status == "sent"
    assert post("batch_answer", {"file": SimpleUploadedFile("a.csv", content)}, number).status_code == 302
    assert fresh(own).status == "paid" and "已回盘" in browser.get(reverse("payments:batch", args=[number])).content.decode()


def test_the_whole_way_by_api(branch, bank, funding, other, finance, browser) -> None:  # noqa: F811
    own = ask(branch, 1)
    made = browser.acts_as(funding).api("payments/batches", {})
    assert made.status_code == 201 and made.json()["lines"][0]["bank_reference"] == own.bank_reference
    number = made.json()["number"]
    assert GOOD in browser.api(f"payments/batches/{number}/file", {}).json()["content"]
    assert browser.api(f"payments/batches/{number}/discard", {"reason": "重做"}).json()["status"] == "discarded"
    number = browser.api("payments/batches", {}).json()["number"]
    assert browser.api(f"payments/batches/{number}/send", {}).json()["code"] == "same_person"
    browser.acts_as(other)
    assert browser.api(f"payments/batches/{number}/send", {"by_hand": True}).json()["status"] == "sent"
    browser.acts_as(finance)
    content = answer(f"{own.bank_reference},1000.00,成功,B1,")

    def send(said: dict[str, Any]) -> Any:
        said = {**said, "file": SimpleUploadedFile("a.csv", content)}
        return browser.post(f"/api/v1/payments/batches/{number}/answer", said, headers={"Idempotency-Key": uuid4().hex})

    assert send({"dry_run": "true"}).json()["rows"][0]["fits"] is True and fresh(own).status == "sent"
    assert send({}).json()["applied"] == 1 and fresh(own).status == "paid"
    assert browser.api(f"payments/batches/{number}").json()["status"] == "answered"
    assert [row["number"] for row in browser.api("payments/batches?status=answered").json()["items"]] == [number]
