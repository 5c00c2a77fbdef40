"""Rings: who belongs together, as it was known at a moment, whatever was learnt later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chezhe.customers.tests.filing import CARD, FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.invented import fates
from chezhe.kernel import clock, events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.testing import moment
from chezhe.risk.actions.trace_customer import trace_customer
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import queries as facts
from chezhe.risk.relations import labels, queries, reading, rules, steps
from chezhe.risk.relations.models import BlacklistEntry, Candidate, Trace

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-16 10:00")


@pytest.fixture(autouse=True)
def ten_in_the_morning() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def day(number: int) -> datetime:
    return moment("2026-01-01 09:00") + timedelta(days=number)


def left(who: str, at: int = 0, **values: str | list[str]) -> None:
    steps.trace(f"customer:{who}", values, day(at))


def ring(who: str, at: int = 30) -> set[str]:
    return {party.partition(":")[2] for party in queries.ring_of(f"customer:{who}", day(at)).parties}


def mobile(number: int) -> str:
    return f"138{number:08d}"


def test_people_are_joined_through_each_other() -> None:
    left("A", phone=mobile(1))
    left("B", phone=mobile(1), bank_card=CARD)
    left("C", bank_card=CARD)
    left("D", phone=mobile(2))
    assert ring("A") == {"A", "B", "C"} and ring("D") == {"D"}


def test_a_ring_is_followed_three_steps_and_no_further() -> None:
    for place, who in enumerate("ABCDE"):
        left(who, phone=[mobile(place), mobile(place + 1)])
    assert ring("A") == set("ABCD") and ring("C") == set("ABCDE")


def test_an_employers_phone_meets_a_borrowers_own() -> None:
    left("A", phone=mobile(1))
    left("B", employer_phone=mobile(1))
    assert ring("A") == {"A", "B"}


def test_a_guarantor_meets_the_person_they_are() -> None:
    left("A", id=WANG.id_number)
    left("B", guarantor=WANG.id_number)
    assert ring("B") == {"A", "B"}


def test_values_of_other_kinds_do_not_meet() -> None:
    left("A", device="6228480402564890018")
    left("B", bank_card="6228480402564890018")
    assert ring("A") == {"A"}


def test_a_mall_a_big_employer_and_a_switchboard_join_nobody() -> None:
    for place in range(30):
        left(f"M{place}", address="杭州市西湖区文三路1号", employer="杭州大厂有限公司", employer_phone="0571-88880000")
    found = queries.ring_of("customer:M0", day(30))
    assert found.size == 1 and {family for family, _count in found.common} == {"address", "employer", "phone"}
    assert queries.person_facts("customer:M0", day(30))["same_address_people"] == 29


def test_a_value_becomes_common_only_when_it_was() -> None:
    """On the day on which twelve had it, it joined them; that a thirteenth came later changes nothing about that day."""
    for place in range(13):
        left(f"M{place}", at=place, address="杭州市西湖区文三路1号")
    assert len(ring("M0", at=11)) == 12 and ring("M0", at=12) == {"M0"} and len(ring("M0", at=11)) == 12


def test_a_dealer_is_shown_and_not_passed_through() -> None:
    steps.trace("dealer:D1", {"phone": [mobile(1), mobile(2)]}, day(0))
    left("A", phone=mobile(1))
    left("B", phone=mobile(2))
    assert ring("A") == {"A", "D1"} and queries.person_facts("customer:A", day(30))["ring_size"] == 1


def test_a_ring_without_end_is_cut() -> None:
    for group in range(30):
        for member in range(15):
            left(f"G{group}-{member}", phone=mobile(group), device=f"DEVICE{group // 15:04d}{member:04d}")
    found = queries.ring_of("customer:G0-0", day(30))
    assert found.is_cut and len(found.parties) == rules.RING_MAX


def test_the_facts_count_others_and_the_ring_counts_everybody() -> None:
    left("A", phone=mobile(1), address="杭州市西湖区文三路1号", device="DEVICE0001", bank_card=CARD, employer_phone="057188880000")
    left("B", phone=mobile(1), address="杭州西湖区文三路一号")
    left("C", device="DEVICE0001", bank_card=CARD, employer_phone="0571-8888 0000")
    assert queries.person_facts("customer:A", day(30)) == {
        "same_phone_people": 1, "same_address_people": 1, "same_device_people": 1, "same_card_people": 1,
        "same_employer_phone_people": 1, "ring_size": 3, "ring_bad_rate": "0", "employer_bad_people": 0, "employer_bad_rate": "0",
    }


def test_of_a_company_other_companies_with_its_phone_are_counted_and_its_people_are_not(cast: Cast) -> None:
    other = replace(FLEET, name="杭州迅达物流有限公司", uscc=fates.company_code(fates.GOOD))
    first, second, clerk = company(FLEET, cast.lin), company(other, cast.lin), person(WANG, cast.lin)
    for one, at in ((first, 1), (clerk, 1), (second, 5)):
        steps.trace(one.subject, {"phone": mobile(1)}, day(at))
    counted = [queries.company_facts(first, day(at), [])["same_phone_companies"] for at in (2, 4, 5)]
    assert counted == [0, 0, 1] and queries.person_facts(first.subject, day(5))["same_phone_people"] == 2


def test_whoever_stands_behind_a_company_and_is_listed_counts_since_then(cast: Cast) -> None:
    firm, behind = company(FLEET, cast.lin), person(WANG, cast.lin)
    steps.trace(behind.subject, {"id": behind.id_number}, day(1))
    BlacklistEntry.objects.create(
        number="BL26-000001-0", kind="person", digest=steps.digest_of("id", behind.id_number), masked="*", words="冒用资料",
        reason_code=labels.BLACKLIST_REASONS[0][0], source=labels.BLACKLIST_SOURCES[0][0], starts_on=day(0).date(),
        review_on=day(400).date(), status="in_force", proposed_by_name="瑞", proposed_at=day(5), in_force_at=day(5),
    )
    assert [queries.company_facts(firm, day(at), [behind.subject])["owners_on_blacklist"] for at in (4, 5)] == [False, True]
    assert queries.company_facts(firm, day(9), [])["owners_on_blacklist"] is False
    steps.record_company_facts(firm, day(9), behind=[behind])
    assert facts.known([firm.subject], day(9))["owners_on_blacklist"].value is True


def test_who_shares_nothing_counts_nobody_and_is_not_unknown() -> None:
    assert queries.person_facts("customer:nobody", day(30))["ring_size"] == 1


def test_bad_outcomes_of_the_others_count_since_they_were_known() -> None:
    for who in "ABC":
        left(who, phone=mobile(1))
    for _twice in range(2):
        steps.record_outcome("customer:B", "bad", on=day(5).date(), known_at=day(6), reference="loan:L1")
    steps.record_outcome("customer:A", "bad", on=day(5).date(), known_at=day(6), reference="loan:L2")
    rate = [queries.person_facts("customer:A", day(at))["ring_bad_rate"] for at in (5, 6)]
    assert rate == ["0", "0.5"]


def test_an_outcome_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(ValueError, match="unknown outcome"):
        steps.record_outcome("customer:B", "so-so", on=day(5).date(), known_at=day(6), reference="loan:L1")


def test_other_applications_on_one_car_are_counted() -> None:
    for number, who in (("A1", "A"), ("A2", "B"), ("A3", "B")):
        steps.trace(f"application:{number}", {"vin": "LSVAA4187E2123456"}, day(1), party=f"customer:{who}")
    assert reading.applications_on_same_vin("application:A1", day(2)) == 2 and reading.applications_on_same_vin("application:A1", day(0)) == 0
    assert ring("A", at=2) == {"A", "B"} and queries.parties_of("application:A1") == ["customer:A"]


def filed(number: str, who: str, at: int, **values: str | list[str]) -> None:
    steps.trace(f"application:{number}", values, day(at), party=f"customer:{who}")


def shared(code: str, at: int, number: str = "A1") -> int:
    return int(queries.application_facts(f"application:{number}", day(at))[code])


def test_other_applications_of_the_same_sureties_are_counted_for_a_year() -> None:
    filed("A1", "A", 10, guarantor=[WANG.id_number, SHAN.id_number])
    for place, (number, surety) in enumerate((("A2", WANG), ("A3", SHAN), ("A4", OUYANG))):
        filed(number, number, place, guarantor=surety.id_number)
    filed("A5", "A", 12, guarantor=[WANG.id_number, SHAN.id_number])
    assert [shared("guarantor_applications", at) for at in (9, 10, 12, 364, 365, 366, 400)] == [0, 2, 3, 3, 2, 1, 0]
    assert shared("guarantor_applications", 30, "A4") == 0


def test_what_the_machine_declined_is_no_open_application_of_a_surety(cast: Cast) -> None:
    filed("A1", "A", 1, guarantor=WANG.id_number)
    filed("A2", "B", 1, guarantor=WANG.id_number)
    borrower = person(SHAN, cast.lin)
    routes = {"declined": "decline", "approved": "auto_approve"}
    for number, at, kind, outcome in (("DC26-000001-0", 3, "live", "declined"), ("DC26-000002-0", 5, "appeal", "approved"),
                                      ("DC26-000003-0", 7, "shadow", "declined")):
        Decision.objects.create(
            number=number, subject="application:A2", kind=kind, branch_id=borrower.branch_id, owner_id=borrower.owner_id, customer=borrower,
            decided_at=day(at), business_date=day(at).date(), outcome=outcome, route=routes[outcome], record="{}", digest="0" * 64)
    assert [shared("guarantor_applications", at) for at in (2, 3, 4, 5, 7)] == [1, 0, 0, 1, 1]


def test_a_plate_that_hangs_on_another_car_is_counted() -> None:
    filed("A1", "A", 1, vin="LSVAA4187E2123456", plate="沪A12345")
    filed("A2", "B", 1, vin="LSVAA4187E2123456", plate="沪A12345")
    filed("A3", "C", 5, vin="LSVAA4187E2999999", plate="沪 A12345")
    filed("A4", "D", 5, vin="LSVAA4187E2888888", plate="沪A54321")
    assert [shared("plate_other_vins", at) for at in (0, 4, 5)] == [0, 0, 1]
    assert shared("plate_other_vins", 5, "A3") == 1 and shared("plate_other_vins", 5, "A4") == 0


def test_bad_outcomes_at_the_same_employer_are_counted_by_its_name_and_its_phone() -> None:
    left("A", employer="杭州迅达物流有限公司", employer_phone="057188880000")
    left("B", employer="杭州迅达物流有限公司")
    left("C", 4, employer_phone="0571-8888 0000")
    left("D", phone="057188880000")
    for who, at in (("B", 6), ("C", 2), ("D", 2), ("A", 2)):
        steps.record_outcome(f"customer:{who}", "bad", on=day(at).date(), known_at=day(at), reference=f"loan:{who}")
    told = [queries.person_facts("customer:A", day(at)) for at in (3, 4, 6)]
    assert [(one["employer_bad_people"], one["employer_bad_rate"]) for one in told] == [(0, "0"), (1, "0.5"), (2, "1")]


def test_the_same_value_is_kept_once_with_the_moment_it_was_first_known() -> None:
    assert steps.trace("customer:A", {"phone": mobile(1)}, day(3)) == 1
    assert steps.trace("customer:A", {"phone": f"+86 {mobile(1)}"}, day(9)) == 0
    assert Trace.objects.get().known_at == day(3)


def test_only_a_digest_and_a_masked_form_are_kept() -> None:
    left("A", phone=mobile(1), id=WANG.id_number, address=WANG.address)
    kept = " ".join(f"{row.digest} {row.masked}" for row in Trace.objects.all())
    assert mobile(1) not in kept and WANG.id_number not in kept and "光华路" not in kept and "138****0001" in kept


def test_a_trace_cannot_be_changed_or_deleted() -> None:
    left("A", phone=mobile(1))
    for change in (lambda: Trace.objects.update(known_at=day(1)), lambda: Trace.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


ROWS = st.lists(st.tuples(
    st.sampled_from("ABCDEFGH"), st.sampled_from(["phone", "employer_phone", "device", "employer"]), st.integers(0, 4), st.integers(0, 9),
), max_size=24)


def _oracle(rows: list[tuple[str, str, int, int]], who: str, at: int) -> set[str]:
    """The same in plain Python, over what was known then."""
    known = {(party, rules.family_of(kind), value) for party, kind, value, since in rows if since <= at}
    carriers: dict[tuple[str, int], set[str]] = {}
    for party, family, value in known:
        carriers.setdefault((family, value), set()).add(party)
    seen, frontier = {who}, {who}
    for _step in range(rules.DEPTH_MAX):
        reached = set().union(*(group for (family, _v), group in carriers.items()
                                if group & frontier and len(group) <= rules.DEGREE_MAX[family]), set())
        frontier = reached - seen
        seen |= reached
    return seen


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(0, 9))
def test_what_is_learnt_later_never_changes_an_earlier_answer(rows: list[tuple[str, str, int, int]], at: int) -> None:
    texts = {"phone": mobile, "employer_phone": mobile, "device": "DEVICE{:04d}".format, "employer": "杭州第{}厂有限公司".format}
    most = dict(rules.DEGREE_MAX)
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "DEGREE_MAX", most | {"device": 3})
        earlier = [row for row in rows if row[3] <= at]
        for who, kind, value, since in earlier:
            left(who, at=since, **{kind: texts[kind](value)})
        before = {who: (ring(who, at), queries.person_facts(f"customer:{who}", day(at))) for who in "ABCDEFGH"}
        for who, kind, value, since in rows:
            left(who, at=since, **{kind: texts[kind](value)})
        for who in "ABCDEFGH":
            assert (ring(who, at), queries.person_facts(f"customer:{who}", day(at))) == before[who]
            # A value that came under two moments is known since the first row that was written.
            if len({row[:3] for row in rows}) == len(rows):
                assert ring(who, at) == _oracle(rows, who, at)
        transaction.set_rollback(True)


def test_a_new_customer_leaves_what_the_file_holds_and_meets_who_looks_alike(cast: Cast) -> None:
    twin = person(WANG, cast.lin)
    other = person(SHAN.__class__(name="王小明", id_number=SHAN.id_number, mobile=WANG.mobile, address="北京朝阳区光华路一号"), cast.lin)
    events.deliver_all()
    kinds = set(Trace.objects.filter(party=twin.subject).values_list("kind", flat=True))
    assert kinds == {"id", "phone", "address"}
    candidate = Candidate.objects.get()
    assert {candidate.first, candidate.second} == {twin.subject, other.subject} and candidate.status == "open"
    assert dict(candidate.reasons) == {"same_phone": 40, "same_address": 30, "same_name": 25} and candidate.suggestion == "duplicate"


def test_news_told_twice_finds_the_same_likeness_once(cast: Cast) -> None:
    one = person(WANG, cast.lin)
    person(SHAN.__class__(name="王小明", id_number=SHAN.id_number, mobile=WANG.mobile, address=WANG.address), cast.lin)
    events.deliver_all()
    for _again in range(2):
        trace_customer(customer_number=one.number, known_at=NOW, by=SYSTEM)
    assert Candidate.objects.count() == 1


def test_a_file_that_changed_is_gone_through_again(cast: Cast) -> None:
    firm = company(FLEET, cast.lin)
    assert queries.to_trace(10) == [firm.number]
    trace_customer(customer_number=firm.number, known_at=NOW, by=SYSTEM)
    assert queries.to_trace(10) == []
    with clock.at(NOW + timedelta(hours=1)):
        firm.accounts.create(kind="card", card_number=CARD, tail=CARD[-4:], bank_name="b", holder_name="h", added_at=clock.now())
        assert queries.to_trace(10) == [firm.number]


def test_the_facts_are_written_where_decisions_read_them(cast: Cast) -> None:
    one = person(WANG, cast.lin)
    trace_customer(customer_number=one.number, known_at=NOW, by=SYSTEM)
    steps.record_relation_facts(one.subject, NOW)
    steps.trace("application:A1", {"vin": "LSVAA4187E2123456"}, NOW, party=one.subject)
    steps.record_relation_facts("application:A1", NOW)
    known: dict[str, Any] = facts.known([one.subject, "application:A1"], NOW)
    assert {code: known[code].value for code in ("ring_size", "same_phone_people", "on_blacklist", "same_vin_applications")} == {
        "ring_size": 1, "same_phone_people": 0, "on_blacklist": False, "same_vin_applications": 0}
