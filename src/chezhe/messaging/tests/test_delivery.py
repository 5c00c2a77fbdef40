"""Vendors with their quirks: silence, refusals, limits, receipts that come late, often or forged."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from chezhe.compliance.models import ContactAttempt
from chezhe.kernel import clock, jobs, signing
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.kernel.models import AuditEntry, Event, StatusMove
from chezhe.messaging import rules
from chezhe.messaging.actions.accept_receipt import accept_receipt
from chezhe.messaging.actions.record_delivery import record_delivery
from chezhe.messaging.actions.refuse_message import refuse_message
from chezhe.messaging.actions.send_message import send_message
from chezhe.messaging.actions.withdraw_message import withdraw_message
from chezhe.messaging.models import MessageReceipt
from chezhe.messaging.steps import Hold
from chezhe.messaging.tests.sending import FACTS, again, run, send

pytestmark = pytest.mark.django_db
STATEMENT = {"name": "王*明", "loan": "L26-000123-7", "day": "2026-03-15", "balance": "80,000.00", "branch": "上海一店"}
CHANNELS = {
    "sms": ("repayment_reminder", FACTS, {
        "delivered": "15400000001", "address_invalid": "15400000901", "address_blocked": "15400000902", "limited": "15400000903",
        "undelivered": "15400000904"}),
    "wechat": ("repayment_reminder_wechat", FACTS, {
        "delivered": "follower_001", "address_invalid": "follower_901", "address_blocked": "follower_902", "limited": "follower_903",
        "undelivered": "follower_905"}),
    "email": ("statement_ready", STATEMENT, {
        "delivered": "wang@example.com", "address_invalid": "nobody@example.com", "address_blocked": "suppressed@example.com",
        "limited": "busy@example.com", "undelivered": "bounce@example.com"}),
}


def sending(channel, fate="delivered", **more):
    template, facts, addresses = CHANNELS[channel]
    return send(template, addresses[fate], facts, **more)


def track(message):
    return [move.status_to for move in StatusMove.objects.filter(subject=message.subject).order_by("id")]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_message_is_handed_over_and_its_delivery_reported(world, consent, channel):
    message = sending(channel)
    assert run(world, 30) == 1
    assert again(message).status == "delivered" and message.vendor_reference and message.finished_at
    assert track(message) == ["queued", "sent", "delivered"]
    assert Event.objects.get(name="message.delivered").payload == {"message": message.number}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("fate", ["address_invalid", "address_blocked"])
def test_a_refusal_for_good_fails_with_its_reason(world, consent, channel, fate):
    message = sending(channel, fate)
    run(world)
    assert (again(message).status, message.reason, message.attempts) == ("failed", fate, 1)
    assert ContactAttempt.objects.get().outcome == "failed"
    assert Event.objects.get(name="message.failed").payload["reason"] == fate


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_message_that_does_not_arrive_fails_after_it_was_sent(world, consent, channel):
    message = sending(channel, "undelivered")
    run(world, 60)
    assert again(message).reason == "undelivered" and track(message) == ["queued", "sent", "failed"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_busy_vendor_is_asked_again_with_growing_patience(world, consent, channel):
    message = sending(channel, "limited")
    run(world, 29)
    assert (again(message).status, message.attempts) == ("queued", 1) and jobs.run_due() == 0
    run(world, 2)
    run(world, 61)
    run(world, 30)
    assert (again(message).status, message.attempts) == ("delivered", 3)


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout"])
def test_silence_is_no_answer_and_no_second_message(world, consent, fault):
    world.force("sms", fault)
    message = sending("sms")
    run(world, 31)
    # The one that was carried out reports itself, although its answer was lost; the other is asked for again.
    assert (again(message).attempts, message.status) == (1, "queued" if fault == "error_before" else "delivered")
    run(world, 31)
    run(world, 31)
    assert again(message).status == "delivered"
    assert len(world.simulators["sms"].state) == 1 and MessageReceipt.objects.count() == 1


def test_a_vendor_that_stays_silent_ends_in_failure(world, consent):
    world.set_faults("sms", error_before_rate=1)
    message = sending("sms")
    for _ in range(10):
        run(world, 3600)
        clock._virtual.set(clock.now().replace(hour=10) + timedelta(days=1))
    assert (again(message).status, message.reason, message.attempts) == ("failed", "vendor_unreachable", 6)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_same_receipt_fifteen_times_is_one_move(world, consent, channel):
    world.set_faults(channel, duplicates=14, duplicate_rate=1)
    message = sending(channel)
    assert run(world, 60) == 15
    assert track(message) == ["queued", "sent", "delivered"] and MessageReceipt.objects.count() == 1
    assert Event.objects.filter(name="message.delivered").count() == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_forged_receipt_changes_nothing(world, consent, channel):
    world.force(channel, "wrong_signature")
    message = sending(channel)
    assert run(world, 60) == 1
    forged = [callback for callback in world.waiting if callback.is_forged]
    assert not forged and again(message).status == "delivered" and MessageReceipt.objects.count() == 1


def test_a_receipt_that_never_comes_leaves_the_message_sent(world, consent):
    message = send(address="15400000906")
    run(world, 86_400)
    assert again(message).status == "sent"


def receipt_of(message, *, is_delivered=True, receipt_id="X1", code=""):
    return rules.Receipt(receipt_id=receipt_id, reference=message.number, is_delivered=is_delivered, code=code)


def test_a_receipt_that_comes_after_the_end_is_kept_and_changes_nothing(world, consent):
    message = sending("sms", "undelivered")
    run(world)
    assert accept_receipt(channel="sms", receipts=[receipt_of(message)], by=SYSTEM) == 1
    assert again(message).status == "failed" and MessageReceipt.objects.get(receipt_id="X1").was_late


def test_a_receipt_faster_than_our_own_writing_counts(world, consent):
    message = sending("sms")
    assert accept_receipt(channel="sms", receipts=[receipt_of(message)], by=SYSTEM) == 1
    assert track(message) == ["queued", "sent", "delivered"]
    run(world)
    assert again(message).status == "delivered" and len(track(message)) == 3


def test_a_receipt_for_a_message_of_another_channel_or_of_nobody_is_asked_for_again(world, consent):
    message = sending("sms")
    for channel, receipt in (("email", receipt_of(message)), ("sms", rules.Receipt(receipt_id="X", reference="M26-1", is_delivered=True))):
        with pytest.raises(NotFound):
            accept_receipt(channel=channel, receipts=[receipt], by=SYSTEM)


def test_several_mail_events_come_in_one_callback_and_deferred_is_no_end(world, consent):
    message = send("statement_ready", "slow@example.com", STATEMENT)
    run(world, 60)
    assert again(message).status == "delivered" and MessageReceipt.objects.count() == 1


def signed_post(client, channel, said, *, secret=None, at=None, **changes):
    body = json.dumps(said).encode() if not isinstance(said, bytes) else said
    headers = {**signing.sign(secret or signing.secret_of(channel), body, at=at or clock.now()), **changes}
    return client.post(f"/messaging/callbacks/{channel}/", body, content_type="application/json", headers=headers)


def test_the_way_back_is_closed_to_everybody_without_the_vendors_key(world, consent, client):
    message = sending("sms")
    run(world, 0)
    said = {"receipt_id": "R1", "reference": message.number, "biz_id": "B", "status": "DELIVRD"}
    assert client.post("/messaging/callbacks/sms/", said, content_type="application/json").status_code == 401
    assert signed_post(client, "sms", said, secret=b"guessed").status_code == 401
    assert signed_post(client, "sms", said, at=clock.now() - timedelta(minutes=6)).status_code == 401
    assert signed_post(client, "sms", said, **{signing.NONCE: "other"}).status_code == 401
    assert signed_post(client, "sms", said, secret=signing.secret_of("email")).status_code == 401
    assert again(message).status == "sent" and not MessageReceipt.objects.exists()
    assert signed_post(client, "sms", said).json() == {"code": "OK", "new": 1}
    assert signed_post(client, "sms", said).json() == {"code": "OK", "new": 0}


@pytest.mark.parametrize("said", [{"status": "DELIVRD"}, {"receipt_id": "R", "reference": "M", "status": "LOVED"}, [], b"not json", b"\xff"])
def test_a_callback_that_says_nothing_readable_is_refused(client, said):
    assert signed_post(client, "sms", said).status_code == 400


@pytest.mark.parametrize(("channel", "said"), [
    ("wechat", {"Event": "subscribe"}), ("email", {"events": "all"}), ("email", {"events": [{"type": "opened", "id": "1", "reference": "M"}]}),
    ("email", {"events": [{}] * 501})])
def test_other_vendors_callbacks_are_read_as_strictly(client, channel, said):
    assert signed_post(client, channel, said).status_code == 400


def test_there_is_no_way_back_for_unknown_vendors(client):
    assert client.post("/messaging/callbacks/pigeon/", b"{}", content_type="application/json").status_code == 404
    assert client.get("/messaging/callbacks/sms/").status_code == 405


def test_a_waiting_message_is_taken_back_and_its_slot_too(world, consent, cast):
    message = sending("sms")
    withdraw_message(message_number=message.number, reason="发错", by=cast["gao"])
    run(world)
    assert again(message).status == "withdrawn" and not world.simulators["sms"].state
    assert ContactAttempt.objects.get().status == "cancelled"
    with pytest.raises(WrongState):
        withdraw_message(message_number=message.number, reason="再次", by=cast["gao"])
    with pytest.raises(NotFound):
        withdraw_message(message_number=sending("sms").number, reason="", by=cast["feng"])


def test_the_workers_verbs_are_nobodys(cast, world, consent):
    message = sending("sms")
    for verb, said in (
        (record_delivery, {"message_number": message.number, "reply": rules.Reply(is_taken=True)}),
        (refuse_message, {"message_number": message.number, "hold": Hold("x", "x", None)}),
        (accept_receipt, {"channel": "sms", "receipts": [receipt_of(message)]}),
    ):
        with pytest.raises(NotPermitted):
            verb(**said, by=cast["he"])
    refuse_message(message_number=message.number, hold=Hold("contact_deceased", "x", None), by=SYSTEM)
    assert again(message).status == "refused"


def test_neither_audit_nor_events_nor_tracks_hold_the_number(world, consent, cast):
    send_message(template_code="repayment_reminder", subject="probe:P1", address="15400000001", facts=FACTS, by=cast["gao"])
    run(world)
    for model in (AuditEntry, Event, StatusMove, ContactAttempt):
        assert "15400000001" not in str(list(model.objects.values())), model


@pytest.mark.django_db(transaction=True)
def test_the_vendor_is_called_outside_every_transaction(world, consent, monkeypatch):
    seen = []
    from chezhe.messaging import tasks

    real = tasks._hand_over
    monkeypatch.setattr(tasks, "_hand_over", lambda waiting: seen.append(connection.in_atomic_block) or real(waiting))
    sending("sms")
    run(world)
    assert seen == [False]
