"""What an application leaves behind when it is handed in, and what that says: device, sureties and dealer, through `begin`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chezhe.channels.tests.dealing import HARBOUR, dealer
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, SHAN, WANG, person
from chezhe.customers.values import PersonFacts
from chezhe.documents.tests.people import Cast
from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.kernel import clock
from chezhe.risk.deciding import steps
from chezhe.risk.deciding.asking import Asking
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import queries as facts
from chezhe.risk.guarantees.models import Security
from chezhe.risk.relations import labels, normalising, queries
from chezhe.risk.relations.models import BlacklistEntry, Trace
from chezhe.risk.relations.steps import digest_of
from chezhe.risk.tests.deciding.telling import asking, decided, tell

pytestmark = pytest.mark.usefixtures("house")
SUBJECT = "application:A26-000001-8"
DEVICE, OTHER = "DV1c82689a8da96282", "DV0000000000000001"
TODAY = date(2026, 3, 16)


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return person(WANG, cast.lin)


def online(customer: Customer, cast: Cast, device: str = DEVICE, **more: Any) -> Asking:
    return replace(asking(customer, cast.lin, **more), filed_through="online", device=device)


def good(customer: Customer, question: Asking, cast: Cast) -> Decision:
    """Everything else is known of them and good."""
    tell(customer, SUBJECT, SUBJECT)
    return decided(question, cast.lin)


def others_on(device: str, cast: Cast, count: int) -> None:
    """So many other people have filed from this device."""
    for number in range(count):
        born_on = date(1970 + number, 1, 1)
        told = PersonFacts(name="甲乙丙丁戊"[number] * 2, id_number=fates.id_number(fates.GOOD, born_on=born_on), mobile=f"1541234560{number}")
        other = person(told, cast.lin)
        steps.relate(online(other, cast, device, subject=f"application:A26-00010{number}-0"), (), clock.now())


def listed(kind: str, traced: str, value: str) -> None:
    """An entry that two people have agreed to."""
    BlacklistEntry.objects.create(
        number="BL26-000001-0", kind=kind, digest=digest_of(traced, normalising.normalise(traced, value)), masked="*",
        reason_code=labels.BLACKLIST_REASONS[0][0], words="冒用资料", source=labels.BLACKLIST_SOURCES[0][0], starts_on=TODAY,
        review_on=date(2027, 3, 16), status="in_force", proposed_by_name="瑞", proposed_at=clock.now(), in_force_at=clock.now(),
    )


@pytest.mark.parametrize(("others", "answer"), [
    (0, ("approved", [])), (1, ("approved", [])), (2, ("referred", ["R12"])), (4, ("referred", ["R12"])), (5, ("declined", ["R12"])),
])
def test_a_device_that_others_file_from_is_counted(wang: Customer, cast: Cast, others: int, answer: tuple[str, list[str]]) -> None:
    others_on(DEVICE, cast, others)
    made = good(wang, online(wang, cast), cast)
    assert (made.outcome, made.reasons, made.unknown) == (*answer, [])
    assert facts.known([wang.subject], clock.now())["same_device_people"].value == others


def test_the_device_of_an_online_customer_that_nobody_told_is_unknown_and_counters_and_dealers_have_none(wang: Customer, cast: Cast) -> None:
    untold = good(wang, online(wang, cast, ""), cast)
    assert (untold.outcome, untold.unknown, untold.reasons) == ("referred", ["same_device_people"], [])
    for way in ("counter", "dealer"):
        clock.tick(60)
        assert good(wang, replace(asking(wang, cast.lin), filed_through=way), cast).outcome == "approved"
    assert not Trace.objects.filter(kind="device").exists()


def test_a_device_is_kept_as_a_digest_of_whose_it_is(wang: Customer, cast: Cast) -> None:
    begun = decided(online(wang, cast), cast.lin).round
    left = Trace.objects.get(kind="device")
    assert (left.party, left.subject, DEVICE[-4:].upper() in left.masked.upper()) == (wang.subject, SUBJECT, True)
    assert begun is not None and DEVICE not in str(begun.asked) and DEVICE.upper() not in left.masked.upper()


@pytest.mark.parametrize("device", [DEVICE, OTHER])
def test_a_listed_device_stops_whoever_files_from_it(wang: Customer, cast: Cast, device: str) -> None:
    listed("device", "device", DEVICE)
    made = good(wang, online(wang, cast, device), cast)
    assert (made.outcome, made.reasons) == (("declined", ["R03"]) if device == DEVICE else ("approved", []))


def test_guarantors_of_the_application_and_of_its_securities_join_the_ring(wang: Customer, cast: Cast) -> None:
    ouyang, shan = person(OUYANG, cast.lin), person(SHAN, cast.lin)
    Security.objects.create(
        number="SE26-000001-0", subject_text=SUBJECT, kind="guarantor", amount=Money(1_000_00), guarantor=shan, offered_by_name="林",
        offered_at=clock.now())
    decided(replace(asking(wang, cast.lin), parties=(("guarantor", ouyang.subject),)), cast.lin)
    assert set(queries.ring_of(wang.subject, clock.now()).people) == {wang.subject, ouyang.subject, shan.subject}
    assert facts.known([wang.subject], clock.now())["ring_size"].value == 3


def test_a_dealer_is_seen_beside_those_it_brings_and_joins_nobody(wang: Customer, cast: Cast) -> None:
    harbour = dealer(cast.lin, replace(HARBOUR, contact_mobile=WANG.mobile))
    decided(replace(asking(wang, cast.lin), dealer=harbour.subject), cast.lin)
    ring = queries.ring_of(wang.subject, clock.now())
    assert harbour.subject in ring.parties and ring.people == (wang.subject,)
    assert facts.known([wang.subject], clock.now())["same_phone_people"].value == 0


def test_a_listed_dealer_stops_what_comes_through_it_and_says_nothing_of_the_customer(wang: Customer, cast: Cast) -> None:
    harbour = dealer(cast.lin)
    listed("dealer", "id", harbour.uscc)
    made = good(wang, replace(asking(wang, cast.lin), dealer=harbour.subject), cast)
    assert (made.outcome, made.reasons) == ("declined", ["R03"])
    assert facts.known([wang.subject], clock.now())["on_blacklist"].value is False
    clock.tick(60)
    assert good(wang, asking(wang, cast.lin), cast).outcome == "approved"
