"""An appraiser's report: whole or it does not count, one's own or not at all, and no photo of another car."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from chezhe.documents.errors import FileRefused
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.risk.actions.add_report_photo import add_report_photo
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.discard_report import discard_report
from chezhe.risk.actions.save_report import save_report
from chezhe.risk.actions.set_report_aside import set_report_aside
from chezhe.risk.actions.submit_report import submit_report
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.tests.valuing.yard import SOUND, TODAY, Yard, car_of, picture, reported, seen, upload, valued, worth
from chezhe.risk.valuing import choices, errors, looks, own
from chezhe.risk.valuing.models import AppraiserReport


def begun(car: Any, by: Any) -> AppraiserReport:
    return begin_report(vehicle_number=car.number, business_date=TODAY, by=by)


def test_it_counts_only_with_every_photo_and_every_grade(yard: Yard) -> None:
    car = car_of(yard)
    report = begun(car, yard.ping)
    with pytest.raises(errors.ReportNotWhole) as absent:
        submit_report(report_number=report.number, seen=seen(Money(1), 0, grades={"body": "A"}), business_date=TODAY, by=yard.ping)
    assert "轮胎" in str(absent.value) and "车身" not in str(absent.value)
    for place, category in enumerate(choices.PHOTOS[:-1]):
        add_report_photo(report_number=report.number, category_code=category, upload=upload(picture(place)), by=yard.ping)
    with pytest.raises(errors.PhotosMissing) as missing:
        submit_report(report_number=report.number, seen=seen(Money(90_000_00), 60_000), business_date=TODAY, by=yard.ping)
    assert str(missing.value) == "还缺照片：轮胎照片。请在车旁补拍后再提交。"
    report.refresh_from_db()
    assert report.status == "draft" and own.seen(car, TODAY, figures()).report is None
    add_report_photo(report_number=report.number, category_code="photo_tyres", upload=upload(picture(99)), by=yard.ping)
    submit_report(report_number=report.number, seen=seen(Money(90_000_00), 60_000), business_date=TODAY, by=yard.ping)
    known = fact_queries.known([car.subject], clock.now())
    assert (known["car_mileage_km"].value, known["car_flood"].value, known["car_vin_match"].value) == (60_000, False, True)
    assert known["car_flood"].source == "appraisal"


def figures() -> Any:
    from chezhe.risk.valuing import figures as of_day

    return of_day.on(TODAY)


def test_pressing_begin_twice_opens_the_same_draft(yard: Yard) -> None:
    car = car_of(yard)
    assert begun(car, yard.ping) == begun(car, yard.ping) != begun(car, yard.luo)


def test_nobody_writes_in_anothers_report(yard: Yard) -> None:
    report = begun(car_of(yard), yard.ping)
    with pytest.raises(errors.NotYourReport):
        save_report(report_number=report.number, seen=seen(Money(1), 1), business_date=TODAY, by=yard.luo)
    with pytest.raises(errors.NotYourReport):
        add_report_photo(report_number=report.number, category_code="photo_tyres", upload=upload(picture(1)), by=yard.luo)
    with pytest.raises(NotPermitted):
        save_report(report_number=report.number, seen=seen(Money(1), 1), business_date=TODAY, by=yard.cast.chen)
    with pytest.raises(NotFound):
        submit_report(report_number="VR26-000000-0", seen=seen(Money(1), 1), business_date=TODAY, by=yard.ping)


def test_a_submitted_report_is_not_changed_any_more(yard: Yard) -> None:
    report = reported(car_of(yard), yard.ping, Money(90_000_00))
    with pytest.raises(WrongState):
        save_report(report_number=report.number, seen=seen(Money(1), 1), business_date=TODAY, by=yard.ping)
    with pytest.raises(WrongState):
        discard_report(report_number=report.number, reason="写错了", by=yard.ping)


def test_a_draft_is_kept_as_it_is_and_given_up(yard: Yard) -> None:
    report = begun(car_of(yard), yard.ping)
    save_report(report_number=report.number, seen=seen(Money(88_000_00), 1, grades={"body": "C", "wings": "A"}), business_date=TODAY, by=yard.ping)
    report.refresh_from_db()
    assert (report.amount, report.grades) == (Money(88_000_00), {"body": "C"})
    with pytest.raises(errors.ValuedAhead):
        save_report(report_number=report.number, seen=seen(Money(1), 1, valued_on=TODAY.replace(day=17)), business_date=TODAY, by=yard.ping)
    assert discard_report(report_number=report.number, reason="客户改日再来", by=yard.ping).status == "discarded"


def test_the_same_photo_of_another_car_is_marked_even_saved_anew_and_smaller(yard: Yard) -> None:
    first, second = car_of(yard, serial=2), car_of(yard, serial=3)
    reported(first, yard.ping, Money(90_000_00), seed=1)
    report = begun(second, yard.ping)
    photo = add_report_photo(report_number=report.number, category_code=choices.PHOTOS[0], upload=upload(picture(100)), by=yard.ping)
    assert [(one["vehicle"], one["kind"]) for one in photo.report.repeats] == [(first.number, "same")]
    again = add_report_photo(report_number=report.number, category_code=choices.PHOTOS[1], upload=upload(smaller(picture(101)), "shot.jpg"), by=yard.ping)
    assert (first.number, "alike") in [(one["vehicle"], one["kind"]) for one in again.report.repeats]
    clean = add_report_photo(report_number=report.number, category_code=choices.PHOTOS[0], upload=upload(picture(7)), by=yard.ping)
    assert {one["category"] for one in clean.report.repeats} == {choices.PHOTOS[1]}, "a new shot of the same place clears it"


def smaller(data: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as shot:
        shot.resize((120, 90)).save(out, "JPEG", quality=70)
    return out.getvalue()


def test_plain_walls_are_no_fraud() -> None:
    wall = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 200, 200)).save(wall, "PNG")
    assert looks.is_blank(looks.look_of(wall.getvalue())) and not looks.is_blank(looks.look_of(picture(1)))
    assert looks.differing_bits(looks.look_of(picture(1)), looks.look_of(picture(2))) > looks.SAME_BITS_MAX


def test_it_refuses_what_is_no_photo_and_no_place(yard: Yard) -> None:
    report = begun(car_of(yard), yard.ping)
    with pytest.raises(errors.PhotoOfOtherKind):
        add_report_photo(report_number=report.number, category_code="id_front", upload=upload(picture(1)), by=yard.ping)
    for wrong in (upload(b"GIF89a"), None):
        with pytest.raises(FileRefused):
            add_report_photo(report_number=report.number, category_code="photo_tyres", upload=wrong, by=yard.ping)


def test_a_report_set_aside_counts_in_no_valuation(yard: Yard) -> None:
    car = car_of(yard)
    report = reported(car, yard.ping, Money(worth(car).fen))
    with pytest.raises(NotPermitted):
        set_report_aside(report_number=report.number, reason="照片不是这辆车", by=yard.luo)
    set_report_aside(report_number=report.number, reason="照片不是这辆车", by=yard.qin)
    assert valued(car, yard.shen).estimates.get(source="appraiser").failure == "no_report"


def test_the_whole_is_graded_by_its_middle_and_its_worst() -> None:
    assert own.overall_grade(dict.fromkeys("abcdefg", "A")) == "A"
    assert own.overall_grade({"a": "A", "b": "A", "c": "B", "d": "A"}) == "A"
    assert own.overall_grade({"a": "A", "b": "A", "c": "D", "d": "A"}) == "C"
    assert own.overall_grade({}) == "B"


def test_what_was_not_looked_at_stays_unknown(yard: Yard) -> None:
    report = begun(car_of(yard), yard.ping)
    partly = {point: value for point, value in SOUND.items() if point != "car_fire"}
    with pytest.raises(errors.ReportNotWhole) as absent:
        submit_report(report_number=report.number, seen=seen(Money(1), 1, findings=partly), business_date=TODAY, by=yard.ping)
    assert "火烧" in str(absent.value)
