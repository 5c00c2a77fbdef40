"""Hours, counts and people: every rule on both sides of its edge, and two who want the last slot at once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from chezhe.compliance import queries, steps
from chezhe.compliance.actions.block_contact import block_contact
from chezhe.compliance.actions.lift_contact_block import lift_contact_block
from chezhe.compliance.actions.record_contact_outcome import record_contact_outcome
from chezhe.compliance.actions.reserve_contact import reserve_contact
from chezhe.compliance.models import ContactAttempt
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU, actor, moment

pytestmark = pytest.mark.django_db
SUBJECT, MOBILE, OTHER = "probe:P1", "15400000001", "15400000002"
NOON = moment("2026-03-16 12:00")


def reserve(at=NOON, channel="voice", purpose="collection", subject=SUBJECT, address="", agency=""):
    return steps.reserve_contact(
        subject=subject, channel=channel, purpose=purpose, address=address, agency=agency, at=at, by=SYSTEM
    )


def call(outcome, **more):
    with transaction.atomic():
        return steps.complete_contact(reserve(**more).number, outcome, SYSTEM)


def refusal(**more):
    with pytest.raises(steps.ContactRefused) as caught:
        reserve(**more)
    return caught.value


@pytest.mark.parametrize("clock_time", ["22:00:00", "23:59:59", "00:00:00", "07:59:59"])
@pytest.mark.parametrize("channel", ["voice", "sms", "visit"])
def test_nobody_is_disturbed_between_22_and_8(clock_time, channel):
    refused = refusal(at=moment(f"2026-03-16 {clock_time}"), channel=channel)
    assert refused.code == "contact_quiet_hours" and "22:00–08:00" in str(refused)
    day = "2026-03-17" if clock_time >= "22" else "2026-03-16"
    assert refused.possible_at == moment(f"{day} 08:00")


@pytest.mark.parametrize("clock_time", ["08:00:00", "21:59:59"])
def test_the_day_is_open_from_8_until_22(clock_time):
    assert reserve(at=moment(f"2026-03-16 {clock_time}")).status == "reserved"


def test_a_code_somebody_asked_for_may_come_at_night_and_hours_are_shanghais():
    assert reserve(at=moment("2026-03-16 23:00"), channel="sms", purpose="service").status == "reserved"
    from datetime import UTC

    assert refusal(at=moment("2026-03-16 22:30").astimezone(UTC)).code == "contact_quiet_hours"


def test_three_effective_calls_a_day_own_and_agency_together():
    for agency in ("", "AG01", ""):
        call("effective", agency=agency)
    refused = refusal(agency="AG02")
    assert refused.code == "contact_calls_effective" and refused.possible_at == moment("2026-03-17 08:00")
    assert reserve(at=NOON + timedelta(days=1)).day == date(2026, 3, 17)
    assert reserve(subject="probe:P2").status == "reserved"


def test_calls_that_reached_nobody_do_not_count_as_effective_but_count_on_their_number():
    for _ in range(6):
        call("unanswered", address=MOBILE)
    assert refusal(address=MOBILE).code == "contact_attempts_same_number"
    assert reserve(address=OTHER).status == "reserved"


def test_a_number_shared_by_two_debtors_is_still_one_number():
    for n in range(6):
        call("unanswered", address=MOBILE, subject=f"probe:P{n % 2}")
    assert refusal(address=MOBILE, subject="probe:P9").code == "contact_attempts_same_number"


def test_the_same_number_was_six_by_our_own_rule_before_the_guide():
    assert {str(r.effective_from): r.value for r in Parameter.objects.filter(code="COLLECT_ATTEMPTS_SAME_NO")} == {
        "2018-01-01": "6", "2026-01-30": "6"}


def test_three_connected_notices_a_day():
    call("unanswered", purpose="notice")
    for _ in range(3):
        call("connected", purpose="notice")
    assert refusal(purpose="notice").code == "contact_notices_connected"
    assert reserve(purpose="collection").status == "reserved"


def test_an_open_reservation_holds_its_slot_and_a_call_not_made_gives_it_back():
    rows = [reserve() for _ in range(3)]
    assert refusal().code == "contact_calls_effective"
    steps.complete_contact(rows[0].number, "not_made", SYSTEM)
    assert reserve().status == "reserved"
    assert queries.contact_clock(SUBJECT, date(2026, 3, 16)) == queries.Clock(3, 0, 3)


@pytest.mark.parametrize(
    ("reason", "refused_for", "allowed_for"),
    [("deceased", ["service", "notice", "marketing", "collection"], []), ("disputed", ["marketing", "collection"], ["notice", "service"]),
     ("opted_out", ["marketing"], ["notice", "collection", "service"])],
)
def test_blocked_people_are_left_alone_until_the_block_is_lifted(cast, reason, refused_for, allowed_for):
    block_contact(subject=SUBJECT, reason_code=reason, note="家属来电", business_date=date(2026, 3, 16), by=cast["he"])
    for purpose in refused_for:
        refused = refusal(purpose=purpose, channel="sms")
        assert refused.code == f"contact_{reason}" and refused.possible_at is None
    for purpose in allowed_for:
        reserve(purpose=purpose, channel="sms")
    lift_contact_block(subject=SUBJECT, reason_code=reason, note="查明有误", business_date=date(2026, 3, 17), by=cast["he"])
    assert reserve(purpose="marketing", channel="sms").status == "reserved"
    with pytest.raises(NotFound):
        lift_contact_block(subject=SUBJECT, reason_code=reason, note="", business_date=date(2026, 3, 17), by=cast["he"])


def test_blocking_twice_is_blocking_once(cast):
    first, second = (
        block_contact(subject=SUBJECT, reason_code="disputed", business_date=date(2026, 3, 16), by=cast["he"]) for _ in range(2)
    )
    assert first.pk == second.pk


def test_a_stricter_figure_counts_from_its_day():
    Parameter.objects.create(code="COLLECT_CALLS_EFFECTIVE", value="1", unit="count", effective_from=date(2026, 3, 17), source="政策")
    for _ in range(3):
        call("effective")
    call("effective", at=NOON + timedelta(days=1))
    assert refusal(at=NOON + timedelta(days=1)).facts["limit"] == "1"


def test_the_outcome_is_said_once_and_in_the_words_of_its_channel(cast):
    attempt = reserve_contact(subject=SUBJECT, channel="voice", purpose="collection", at=NOON, by=cast["zhao"])
    with pytest.raises(Invalid):
        record_contact_outcome(contact_number=attempt.number, outcome="sent", by=cast["zhao"])
    record_contact_outcome(contact_number=attempt.number, outcome="effective", by=cast["zhao"])
    with pytest.raises(WrongState):
        record_contact_outcome(contact_number=attempt.number, outcome="unanswered", by=cast["zhao"])
    with pytest.raises(NotFound):
        record_contact_outcome(contact_number="CT26-000000-0", outcome="effective", by=cast["zhao"])


def test_the_number_itself_is_not_kept():
    attempt = reserve(address=MOBILE)
    assert MOBILE not in str(ContactAttempt.objects.filter(pk=attempt.pk).values()) and attempt.address_tail == "0001"


def test_wu_reserves_nothing():
    with pytest.raises(BusinessError):
        reserve_contact(subject=SUBJECT, channel="voice", purpose="collection", by=WU)
    stranger = actor("sun", "collector")
    with pytest.raises(NotFound):
        reserve_contact(subject="probe:P2", channel="voice", purpose="collection", by=stranger)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_number", [False, True])
def test_two_at_once_cannot_both_take_the_last_slot(by_number):
    done = 5 if by_number else 2
    for n in range(done):
        if by_number:
            call("unanswered", address=MOBILE, subject=f"probe:P{n}")
        else:
            call("effective")
    start, outcomes = threading.Barrier(4), []

    def take(n):
        try:
            start.wait()
            with transaction.atomic():
                reserve(address=MOBILE if by_number else "", subject=f"probe:Q{n}" if by_number else SUBJECT)
            outcomes.append("taken")
        except steps.ContactRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("taken") == 1 and len(outcomes) == 4
