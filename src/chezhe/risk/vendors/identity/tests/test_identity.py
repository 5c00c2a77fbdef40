"""Identity checks: an honest person fits, a thief mostly not, and every answer becomes one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from statistics import mean

from chezhe.invented import fates, person
from chezhe.invented.tests.crowd import ON, people
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.identity import client, reading, telling

ASKED = Question(reference="Q1", consent="C26-1")
GOOD, STRANGER = fates.id_number(fates.GOOD), fates.id_number(fates.STRANGER)
PHOTO, CARD = "b" * 64, "6217000000000000004"


def test_somebody_elses_identity_is_found_in_name_face_card_and_phone(world: World) -> None:
    mobile = person(STRANGER).mobile
    name = client.check_identity(ASKED, name="张三", id_number=STRANGER)
    face = client.compare_face(ASKED, name="张三", id_number=STRANGER, photo_sha256=PHOTO)
    card = client.check_card(ASKED, name="张三", id_number=STRANGER, card=CARD, mobile=mobile)
    phone = client.check_phone(ASKED, name="张三", id_number=STRANGER, mobile=mobile)
    assert name is not None and face is not None and card is not None and phone is not None
    facts = reading.identity_facts(name) | reading.face_facts(face) | reading.card_facts(card) | reading.phone_facts(phone)
    assert not any(facts[code] for code in ("id_verified", "face_verified", "card_verified", "phone_name_match"))


def test_a_good_person_fits_everywhere(world: World) -> None:
    name = client.check_identity(ASKED, name="张三", id_number=GOOD)
    face = client.compare_face(ASKED, name="张三", id_number=GOOD, photo_sha256=PHOTO)
    assert name is not None and reading.identity_facts(name) == {"id_verified": True}
    assert face is not None and face.threshold == telling.FACE_THRESHOLD and reading.face_facts(face) == {"face_verified": True}


def test_a_number_that_was_never_given_out_has_no_record(world: World) -> None:
    assert client.check_identity(ASKED, name="张三", id_number="11010519491231002Y") is None


def test_checks_fail_honest_people_seldom() -> None:
    honest = [life for life in people() if not life.lies.borrows_identity]
    assert mean(telling.face_of(life, PHOTO).is_match for life in honest) > 0.95
    assert mean(telling.card_of(life, CARD, life.mobile).result == "match" for life in honest) > 0.93
    assert mean(telling.identity_of(life).result == "match" for life in honest) == 1


def test_a_known_number_grows_a_month_older_every_month() -> None:
    life = next(life for life in people() if life.mobile_since < date(2025, 1, 1) and life.ring is None)
    early, late = (telling.phone_of(life, life.mobile, day) for day in (date(2026, 2, 16), date(2026, 3, 16)))
    assert late.months_in_use == early.months_in_use + 1 and late.in_use_since == early.in_use_since


def test_a_dead_man_and_a_cut_off_number_tell_nothing_good() -> None:
    life = person(GOOD)
    assert reading.identity_facts(replace(telling.identity_of(life), is_deceased=True)) == {"id_verified": False}
    cut_off = replace(telling.phone_of(life, life.mobile, ON), status="cancelled")
    assert "phone_months" not in reading.phone_facts(cut_off)


def test_age_is_counted_to_the_day() -> None:
    assert reading.age_facts(date(1990, 6, 15), date(2026, 6, 14)) == {"age_years": 35}
    assert reading.age_facts(date(1990, 6, 15), date(2026, 6, 15)) == {"age_years": 36}
