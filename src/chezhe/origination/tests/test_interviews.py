"""面签: asked, answered, shown by photos or a video, signed by both, closed for good, and asked for before a contract is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError

from chezhe.customers.tests.filing import FLEET, OUYANG, company, person
from chezhe.documents.actions.remove_document import remove_document
from chezhe.documents.errors import DocumentOfRecord
from chezhe.documents.tests.corpus import image
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.moves import history
from chezhe.kernel.testing import WU, moment
from chezhe.origination.actions.add_interview_photo import add_interview_photo
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.discard_interview import discard_interview
from chezhe.origination.actions.record_interview import record_interview
from chezhe.origination.actions.sign_interview import sign_interview
from chezhe.origination.interviewing import errors, queries, questions, rules, steps
from chezhe.origination.interviewing.models import Interview, InterviewSignature
from chezhe.origination.interviewing.rules import Said
from chezhe.origination.interviewing.steps import Talk
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, approved, filled, start

NOW = moment("2026-03-16 15:00")
GOOD = {"yes_no": lambda one: one.expected or "yes", "text": lambda one: "用于购买自住家庭用车"}


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.at(NOW):
        yield


def talk(made: Application, **more: Any) -> Talk:
    edition = queries.asked(made, made.customer, NOW)
    said = {one.code: Said(GOOD[one.answer](one)) for one in edition.questions}
    plain = Talk(
        customer_number=made.customer.number, held_at=NOW, where="城东店二号洽谈室", channel="counter",
        answers=said | more.pop("answers", {}), note="客户表述清楚")
    return replace(plain, **more)


def upload(shade: int = 50) -> SimpleUploadedFile:
    return SimpleUploadedFile("签名.jpg", image(size=(shade, 60)))


def begun(house: House, made: Application | None = None, **more: Any) -> Interview:
    made = made or filled(house)
    return record_interview(application_number=made.number, talk=talk(made, **more), by=house.lin)


def sign(record: Interview, signer: str, house: House, **more: Any) -> Interview:
    asked = {"reference": f"QZ-{signer}-01", **more}
    return sign_interview(
        application_number=record.application.number, interview_number=record.number, signer=signer, **{"by": house.lin, **asked})


def signed(house: House, made: Application | None = None, **more: Any) -> Interview:
    record = begun(house, made, **more)
    add_interview_photo(application_number=record.application.number, interview_number=record.number, upload=upload(), by=house.lin)
    sign(record, "customer", house)
    return sign(record, "interviewer", house)


def text(response: Any) -> str:
    return response.content.decode()


def test_a_talk_is_written_down_shown_and_signed_by_both(house: House) -> None:
    record = signed(house)
    record.refresh_from_db()
    assert (record.status, record.signed_at, record.interviewer_name) == ("signed", NOW, "林") and len(record.content_sha256) == 64
    assert {one["code"] for one in record.content["answers"]} >= {"identity", "income", "car_held"}
    assert {(one.signer, one.way, one.content_sha256) for one in record.signatures.all()} == {
        ("customer", "counter", record.content_sha256), ("interviewer", "counter", record.content_sha256)}
    assert record.content_sha256 == rules.digest(steps.content_of(record))
    assert [move.verb for move in history(record.subject)] == ["begin", "sign"]


def test_a_drawn_signature_is_kept_with_its_digest(house: House) -> None:
    record = begun(house, video_reference="LX-2026-0316")
    sign(record, "customer", house, drawing=upload(70), reference="")
    mark = record.signatures.get()
    assert mark.way == "drawn" and mark.file is not None and mark.signature_sha256 == mark.file.sha256 and mark.file.is_of_record
    with pytest.raises(DocumentOfRecord):
        remove_document(document_number=str(mark.file.key), reason="误传", by=house.cast.gao)


def test_nothing_of_it_changes_once_somebody_has_signed(house: House) -> None:
    record = begun(house, video_reference="LX-1000")
    sign(record, "customer", house)
    for change in (
        lambda: record_interview(
            application_number=record.application.number, interview_number=record.number, talk=talk(record.application, note="改"), by=house.lin),
        lambda: add_interview_photo(application_number=record.application.number, interview_number=record.number, upload=upload(), by=house.lin),
    ):
        with pytest.raises(errors.InterviewSigned):
            change()
    with pytest.raises(errors.SignedAlready):
        sign(record, "customer", house)
    sign(record, "interviewer", house)
    with pytest.raises(WrongState):
        sign(record, "interviewer", house)
    with pytest.raises(WrongState):
        discard_interview(application_number=record.application.number, interview_number=record.number, reason="写错了", by=house.lin)
    for forbidden in (
        lambda: Interview.objects.filter(pk=record.pk).update(where="别处"), lambda: Interview.objects.filter(pk=record.pk).update(status="open"),
        lambda: Interview.objects.filter(pk=record.pk).delete(), lambda: InterviewSignature.objects.update(name="别人"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


def test_a_new_record_corrects_a_signed_one_with_the_reason(house: House) -> None:
    first = signed(house)
    with pytest.raises(errors.NothingToCorrect):
        begun(house, first.application)
    second = begun(house, first.application, reason="收入记录有误", video_reference="LX-2000")
    assert second.corrects == first
    first.refresh_from_db()
    assert first.status == "signed", "it stands until the correction is signed"
    sign(second, "customer", house)
    sign(second, "interviewer", house)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "signed") and queries.is_held(first.application)


def test_an_open_record_is_written_anew_or_given_up(house: House) -> None:
    record = begun(house)
    with pytest.raises(errors.InterviewOpen):
        begun(house, record.application)
    again = record_interview(
        application_number=record.application.number, interview_number=record.number, talk=talk(record.application, note="补充"), by=house.lin)
    assert again.pk == record.pk and again.content["note"] == "补充"
    with pytest.raises(ReasonRequired):
        discard_interview(application_number=record.application.number, interview_number=record.number, reason=" ", by=house.lin)
    discard_interview(application_number=record.application.number, interview_number=record.number, reason="客户改日再来", by=house.lin)
    assert begun(house, record.application).place == 2


@pytest.mark.parametrize(("wrong", "field"), [
    ({"answers": {"identity": Said("maybe")}}, "answer_identity"), ({"answers": {"identity": Said("no")}}, "answer_identity"),
    ({"answers": {"income": Said("  ")}}, "answer_income"), ({"answers": {"income": Said("长" * 301)}}, "answer_income"),
    ({"answers": {"horoscope": Said("狮子座")}}, "answers"), ({"where": ""}, "where"), ({"channel": "dream"}, "channel"),
    ({"customer_number": "C26-000000-0"}, "customer_number"), ({"held_at": NOW + timedelta(minutes=1)}, "held_on"),
    ({"held_at": moment("2020-01-01 10:00")}, "held_on"),
])
def test_what_cannot_stand_is_refused_beside_its_field(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        begun(house, **wrong)
    assert refused.value.field == field and not Interview.objects.exists()


def test_an_answer_that_is_not_as_it_should_be_needs_a_remark(house: House) -> None:
    record = begun(house, answers={"other_debts": Said("yes", "另有房贷每月 3,000 元")})
    assert next(one for one in record.content["answers"] if one["code"] == "other_debts")["remark"].startswith("另有房贷")


def test_a_signature_needs_proof_and_is_one_of_two_kinds(house: House) -> None:
    record = begun(house)
    with pytest.raises(errors.ProofMissing):
        sign(record, "customer", house)
    add_interview_photo(application_number=record.application.number, interview_number=record.number, upload=upload(), by=house.lin)
    for wrong in ({"reference": ""}, {"drawing": upload(80)}, {"reference": "1"}):
        with pytest.raises(Invalid):
            sign(record, "customer", house, **wrong)
    with pytest.raises(Invalid):
        sign(record, "witness", house)
    video = begun(house, start(house), channel="video")
    add_interview_photo(application_number=video.application.number, interview_number=video.number, upload=upload(), by=house.lin)
    with pytest.raises(errors.ProofMissing):
        sign(video, "customer", house)


def test_who_may_hold_it(house: House) -> None:
    made = approved(house)
    for by, refusal in ((house.chen, NotPermitted), (house.mei, NotFound), (WU, NotPermitted), (replace(house.lin, is_program=True), errors.InterviewByProgram)):
        with pytest.raises(refusal):
            record_interview(application_number=made.number, talk=talk(made), by=by)
    voter = replace(house.chen, permissions=house.chen.permissions | {"origination.interview"})
    with pytest.raises(errors.InterviewByDecider):
        record_interview(application_number=made.number, talk=talk(made), by=voter)
    record = record_interview(application_number=made.number, talk=talk(made, video_reference="LX-3000"), by=house.cast.gao)
    with pytest.raises(errors.InterviewerOnly):
        sign(record, "interviewer", house)
    sign(record, "customer", house)
    sign(record, "interviewer", house, by=house.cast.gao)
    assert queries.is_held(made)


def test_somebody_beside_the_borrower_is_interviewed_too(house: House) -> None:
    made, ouyang = filled(house), person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=ouyang.number, role="guarantor", by=house.lin)
    record = begun(house, made, customer_number=ouyang.number)
    assert record.customer == ouyang and not queries.is_held(made)
    assert begun(house, made).customer == house.wang


def test_the_list_is_data_with_dates_and_borrowers(house: House) -> None:
    of_person = {one.code for one in questions.asked_on(TODAY, borrower="person", product="P03").questions}
    of_company = {one.code for one in questions.asked_on(TODAY, borrower="company", product="P03").questions}
    assert "income" in of_person - of_company and {"business", "authority"} <= of_company - of_person
    assert questions.asked_on(date(2000, 1, 1), borrower="person", product="").code == questions.editions()[0].code
    assert all(one.text and one.english for edition in questions.editions() for one in edition.questions)
    assert company(FLEET, house.lin).kind == "company"


@pytest.mark.parametrize(("amount", "tier", "needed"), [
    (Money(499_999_99), "A", False), (Money(500_000_00), "A", True), (Money(60_000_00), "D", True), (Money(60_000_00), "", False), (None, "B", False),
])
def test_amount_and_tier_decide_whether_one_is_needed(amount: Money | None, tier: str, needed: bool) -> None:
    assert rules.is_needed(amount, tier, amount_from=Money(500_000_00), tiers="D, E") is needed
    assert not rules.is_needed(amount, tier, amount_from=None, tiers="")


def test_a_contract_is_refused_without_it_and_names_who_is_missing(house: House) -> None:
    made = filled(house)
    steps.require_held(made, TODAY)
    Parameter.objects.create(code="INTERVIEW_AMOUNT_FROM", unit="yuan", value="50000", effective_from=TODAY, source="测试")
    with pytest.raises(errors.InterviewMissing) as refused:
        steps.require_held(made, TODAY)
    assert made.number in str(refused.value) and "王*明" in str(refused.value)
    steps.require_held(made, TODAY - timedelta(days=1))
    signed(house, made)
    steps.require_held(made, TODAY)


def test_the_pages(house: House, browser: Any) -> None:
    made, client = filled(house), browser.acts_as(house.lin)
    base = f"/origination/{made.number}/interviews/"
    assert "还没有面签记录" in text(client.get(f"/origination/panel/interviews/?subject={made.subject}"))
    form = text(client.get(f"{base}new/"))
    assert "借款的具体用途是什么" in form and "主营业务" not in form
    assert "What exactly is the loan for?" in text(client.get(f"{base}new/", headers={"Accept-Language": "en"}))
    given = {"customer_number": house.wang.number, "channel": "counter", "held_on": "2026-03-16", "held_time": "14:30", "where": "城东店"}
    given |= {f"answer_{code}": said.answer for code, said in talk(made).answers.items()}
    wrong = client.post(f"{base}new/", given | {"held_time": "25:90", "answer_purpose": ""})
    assert wrong.status_code == 422 and not Interview.objects.exists()
    assert client.post(f"{base}new/", given | {"answer_identity": "no"}).status_code == 422
    done = client.post(f"{base}new/", given)
    record = Interview.objects.get()
    assert done["Location"] == f"{base}{record.number}/"
    assert client.post(f"{base}{record.number}/edit/", given | {"note": "已核对"}).status_code == 302
    assert client.post(f"{base}{record.number}/photos/", {"photo": SimpleUploadedFile("a.jpg", b"MZ")}).status_code == 422
    assert client.post(f"{base}{record.number}/photos/", {"photo": upload()}).status_code == 302
    assert client.post(f"{base}{record.number}/sign/", {"signer": "customer", "reference": ""}).status_code == 422
    assert client.post(f"{base}{record.number}/sign/", {"signer": "customer", "drawing": upload(90)}).status_code == 302
    assert client.post(f"{base}{record.number}/sign/", {"signer": "interviewer", "reference": "QZ-0001"}).status_code == 302
    page = text(client.get(f"{base}{record.number}/"))
    record.refresh_from_db()
    assert record.content_sha256 in page and "已核对" in page and "登记签字" not in page
    printed = text(client.get(f"{base}{record.number}/print/"))
    assert "面签记录" in printed and "手写签名" in printed
    assert record.number in text(client.get(f"/origination/panel/interviews/?subject={made.subject}"))
    refused = client.post(f"{base}{record.number}/discard/", {"reason": "写错了"}, follow=True)
    assert record.status == "signed" and refused.status_code == 200
    reviewer = browser.acts_as(house.chen)
    assert reviewer.get(f"{base}{record.number}/").status_code == 200 and reviewer.get(f"{base}new/").status_code == 403
    assert browser.acts_as(house.mei).get(f"{base}{record.number}/").status_code == 404
    assert browser.acts_as(WU).get(f"{base}{record.number}/").status_code == 403


def test_over_the_api(house: House, browser: Any) -> None:
    made, client = filled(house), browser.acts_as(house.lin)
    path = f"origination/{made.number}/interviews"
    asked = client.get(f"/api/v1/origination/{made.number}/questions").json()
    body = {
        "customer_number": house.wang.number, "held_at": "2026-03-16T14:30:00+08:00", "where": "城东店", "channel": "video",
        "video_reference": "LX-0042", "answers": [{"code": one["code"], "answer": one["expected"] or "家用"} for one in asked],
    }
    for one in body["answers"]:
        kind = next(q["answer"] for q in asked if q["code"] == one["code"])
        one["answer"] = one["answer"] if kind == "text" or one["answer"] in ("yes", "no") else "yes"
    for wrong in ({"held_at": "yesterday"}, {"held_at": "2026-03-16T14:30:00"}, {"channel": "dream"}, {"answers": []}):
        assert client.api(path, body | wrong).status_code in (400, 422), wrong
    made_now = client.api(path, body)
    assert made_now.status_code == 201
    number = made_now.json()["number"]
    assert client.api(f"{path}/{number}", body | {"note": "重写"}).json()["note"] == "重写"
    for signer in ("customer", "interviewer"):
        answer = client.post(f"/api/v1/{path}/{number}/sign", {"signer": signer, "reference": "QZ-0007"}, headers={"Idempotency-Key": signer * 4})
        assert answer.status_code == 200, answer.content
    (one,) = client.get(f"/api/v1/{path}").json()
    assert one["status"] == "signed" and len(one["signatures"]) == 2
    assert client.api(f"{path}/{number}/discard", {"reason": "写错了"}).status_code == 409
    assert browser.acts_as(house.mei).get(f"/api/v1/{path}").status_code == 404
