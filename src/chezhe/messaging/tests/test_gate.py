"""Nothing is sent without asking: consent, hours, counts and blocks; and what was refused is written down."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from chezhe.compliance import steps as compliance
from chezhe.compliance.models import ContactAttempt
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.models import StatusMove
from chezhe.kernel.testing import WU, moment
from chezhe.messaging import queries
from chezhe.messaging.models import Message, Template
from chezhe.messaging.tests.conftest import AT, SUBJECT
from chezhe.messaging.tests.sending import CAMPAIGN, FACTS, OVERDUE, again, run, send

pytestmark = pytest.mark.django_db


def withdraw(kind):
    compliance.withdraw(subject=SUBJECT, kind=kind, on=clock.today(), channel="recording", evidence="R", by=SYSTEM)


def test_without_consent_the_message_is_refused_and_kept_with_its_reason(world):
    message = send()
    assert (message.status, message.reason) == ("refused", "consent_missing")
    assert run(world) == 0 and not ContactAttempt.objects.exists() and not world.simulators["sms"].state
    assert "个人信息处理" in StatusMove.objects.get(subject=message.subject).reason


def test_with_consent_it_is_queued_counted_and_handed_over(world, consent):
    message = send()
    assert message.status == "queued"
    run(world, 0)
    assert again(message).status == "sent" and ContactAttempt.objects.get().outcome == "sent"


def test_a_withdrawn_consent_stops_the_next_message_and_the_one_that_waits(world, consent):
    waiting = send()
    withdraw("personal_info")
    assert send().reason == "consent_missing"
    run(world)
    assert (again(waiting).status, waiting.reason) == ("refused", "consent_missing")
    assert not world.simulators["sms"].state and ContactAttempt.objects.get().outcome == "not_made"


def test_advertising_needs_a_consent_of_its_own(world, consent):
    assert send("campaign", facts=CAMPAIGN).status == "queued"
    withdraw("marketing")
    assert send("campaign", facts=CAMPAIGN).reason == "consent_missing"
    assert send().status == "queued"


def test_collection_rests_on_the_contract_but_not_at_night(world):
    assert send("overdue_collection", facts=OVERDUE).status == "queued"
    with clock.at(moment("2026-03-16 22:00")):
        assert send("overdue_collection", facts=OVERDUE).reason == "contact_quiet_hours"
    with clock.at(moment("2026-03-17 07:59")):
        assert send("overdue_collection", facts=OVERDUE).reason == "contact_quiet_hours"
    with clock.at(moment("2026-03-17 08:00")):
        assert send("overdue_collection", facts=OVERDUE).status == "queued"


def test_the_seventh_message_to_a_number_in_a_day_is_refused(world, consent):
    assert [send().status for _ in range(7)] == ["queued"] * 6 + ["refused"]
    assert Message.objects.order_by("-id")[0].reason == "contact_attempts_same_number"


@pytest.mark.parametrize(("reason", "template", "facts"), [
    ("deceased", "repayment_reminder", FACTS), ("disputed", "overdue_collection", OVERDUE), ("opted_out", "campaign", CAMPAIGN)])
def test_blocked_people_get_nothing_even_if_it_was_queued_before(world, consent, reason, template, facts):
    waiting = send(template, facts=facts)
    compliance.block(subject=SUBJECT, reason=reason, note="", on=AT.date(), by=SYSTEM)
    assert send(template, facts=facts).reason == f"contact_{reason}"
    run(world)
    assert again(waiting).reason == f"contact_{reason}"


def test_a_message_that_slipped_into_the_night_waits_for_the_morning(world, consent):
    with clock.at(moment("2026-03-16 21:59")):
        message = send()
    with clock.at(moment("2026-03-16 22:30")):
        jobs.run_due()
        assert again(message).status == "queued"
    with clock.at(moment("2026-03-17 07:59")):
        assert jobs.run_due() == 0
    with clock.at(moment("2026-03-17 08:01")):
        jobs.run_due()
        assert again(message).status == "sent"


def test_one_reference_is_one_message(world, consent):
    first, second = send(reference="reminder:1"), send(reference="reminder:1")
    assert first.pk == second.pk and Message.objects.count() == 1
    with pytest.raises(BusinessError) as caught:
        send(reference="reminder:1", recipient_subject="probe:P2")
    assert caught.value.code == "message_reference_reused"


@pytest.mark.parametrize(
    ("template", "address", "facts", "code"),
    [("no_such", "15400000001", FACTS, "template_unknown"), ("repayment_reminder", "12345", FACTS, "address_invalid"),
     ("statement_ready", "王小明", {}, "address_invalid"), ("repayment_reminder_wechat", "o'id", FACTS, "address_invalid"),
     ("repayment_reminder", "15400000001", {**FACTS, "name": "王小明"}, "fact_invalid"),
     ("repayment_reminder", "15400000001", {}, "fact_invalid")],
)
def test_a_malformed_message_is_refused_and_leaves_no_row(template, address, facts, code):
    with pytest.raises(BusinessError) as caught:
        send(template, address, facts)
    assert (caught.value.code, caught.value.http_status) == (code, 422) and not Message.objects.exists()


def test_nobody_writes_to_somebody_elses_customer():
    with pytest.raises(NotFound):
        send(by=WU)


def test_the_address_is_encrypted_and_shown_masked(world, consent):
    message = send()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, facts::text FROM messaging_message")
        stored = " ".join(cursor.fetchone())
    assert "15400000001" not in stored and message.masked_address == "154****0001"


def test_templates_are_added_never_changed_and_seeded_once():
    from chezhe.messaging import seeds

    before = Template.objects.count()
    seeds.sow()
    assert Template.objects.count() == before == 17
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Template.objects.filter(code="campaign").update(body="x")


def test_the_newest_version_is_used_and_the_old_message_keeps_its_text(world, consent):
    message = send()
    old = queries.template("repayment_reminder")
    old.pk, old.version, old.body = None, 2, "{name} {loan} {amount} {due_on}"
    old.save(force_insert=True)
    assert send().text == "王*明 L26-000123-7 3,321.43 2026-03-20" and "请备足款项" in again(message).text


def test_an_old_night_does_not_hold_a_message_for_ever(world, consent):
    """The clock moves a day: the slot of yesterday is gone, hours alone decide."""
    message = send()
    clock.tick(timedelta(days=1).total_seconds())
    jobs.run_due()
    assert again(message).status == "sent"
