"""An application on the phone: where it stands, what is brought, the answer to an offer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chezhe.compliance import steps as compliance
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.models import StoredFile
from chezhe.documents.tests.corpus import image
from chezhe.kernel import clock
from chezhe.origination import queries, rules
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, approved, complete, filled, submitted, work
from chezhe.portal.tests.pages import at, in_english, left_in_chinese, phone, text_of

pytestmark = pytest.mark.django_db


def upload(client: Client, made: Application, category: str, *, size: tuple[int, int] = (70, 50)) -> int:
    paper = SimpleUploadedFile(f"{category}.jpg", image(size=size), content_type="image/jpeg")
    return int(client.post(at("upload", made.subject), {"category": category, "file": paper}).status_code)


def test_a_draft_is_completed_and_handed_in_on_the_phone(house: House) -> None:
    made, client = filled(house), phone(house.wang)
    home = text_of(client.get("/m/"))
    assert "填写中" in home and "去办理" in home
    page = text_of(client.get(at("supplement", made.subject)))
    assert "需要您同意" in page and "征信查询授权" in page
    early = client.post(at("submit", made.subject))
    made.refresh_from_db()
    assert early.status_code == 422 and made.status == "draft"
    missing = [category.code for category in queries.documents_missing(made)]
    assert missing and upload(client, made, "certificate") == 422, "what nobody wants is not taken"
    for place, category in enumerate(missing):
        assert upload(client, made, category, size=(70 + place, 50)) == 302
    assert StoredFile.objects.filter(subject=made.subject).count() == len(missing)
    for kind in rules.consents_needed(is_person=True, is_borrower=True):
        assert client.post(at("agree", made.subject, kind)).status_code == 302
        assert compliance.require_consent(house.wang.subject, kind, TODAY).channel == "online"
    assert client.post(at("agree", made.subject, "marketing")).status_code == 404
    done = client.post(at("submit", made.subject))
    made.refresh_from_db()
    assert done.status_code == 302 and made.status == "checking"
    shown = text_of(client.get(done["Location"]))
    assert "正在审核" in shown and "填写中" in shown, "its days are told"
    twice = client.post(at("submit", made.subject))
    assert twice.status_code == 409 and Application.objects.count() == 1


def test_what_a_reviewer_wants_is_brought_and_the_case_goes_on(house: House) -> None:
    made = submitted(house)
    vote_on_application(
        application_number=made.number, verdict="return", opinion="资料不全", wanted=("收入证明", "请说明车辆来源"), business_date=TODAY,
        by=house.chen)
    client = phone(house.wang)
    assert "等待补充资料" in text_of(client.get("/m/"))
    page = text_of(client.get(at("supplement", made.subject)))
    assert "收入证明" in page and "请说明车辆来源" in page and "陈" not in page and "资料不全" not in page
    clock.tick(60)
    assert upload(client, made, "income_proof", size=(91, 40)) == 302
    wanted = made.wanted.get(kind="other")
    assert client.post(at("answer", made.subject), {"wanted": wanted.pk, "answer": ""}).status_code == 422
    assert client.post(at("answer", made.subject), {"wanted": wanted.pk, "answer": "父亲赠与"}).status_code == 302
    assert client.post(at("answer", made.subject), {"wanted": wanted.pk, "answer": "再说一次"}).status_code in (404, 409, 422)
    assert text_of(client.get(at("supplement", made.subject))).count("已补充") == 2
    assert client.post(at("submit", made.subject)).status_code == 302
    made.refresh_from_db()
    assert made.status in ("first_review", "checking")


def test_an_offer_is_accepted_once(house: House) -> None:
    made, client = approved(house), phone(house.wang)
    assert "已批复，待您确认" in text_of(client.get("/m/"))
    page = text_of(client.get(at("offer", made.subject)))
    assert "60,000.00" in page and "接受批复" in page
    assert client.post(at("accept", made.subject)).status_code == 302
    made.refresh_from_db()
    assert made.status == "accepted" and made.offers.get().status == "accepted"
    assert client.post(at("accept", made.subject)).status_code == 409
    assert "现在没有等您答复的批复" in text_of(client.get(at("offer", made.subject)))


def test_an_offer_is_declined_with_a_reason(house: House) -> None:
    made, client = approved(house), phone(house.wang)
    assert client.post(at("decline", made.subject), {"reason": ""}).status_code == 422
    assert client.post(at("decline", made.subject), {"reason": "暂时不需要"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "withdrawn" and made.offers.get().answer == "暂时不需要"


def test_other_terms_are_a_new_request(house: House) -> None:
    made, client = approved(house), phone(house.wang)
    same = client.post(at("counter", made.subject), {"amount": "60,000", "periods": "24", "reason": "没有变化"})
    assert same.status_code in (409, 422)
    assert client.post(at("counter", made.subject), {"amount": "50,000", "periods": "24", "reason": "少借一些"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "checking" and str(made.amount) == "50000.00"
    work()


@pytest.mark.parametrize("page", ["case", "supplement", "offer"])
def test_anothers_application_is_not_there(page: str, house: House) -> None:
    made = complete(house)
    other = phone(person(OUYANG, house.lin))
    assert other.get(at(page, made.subject)).status_code == 404
    for door in ("upload", "answer", "submit", "accept", "decline", "counter", "contest"):
        assert other.post(at(door, made.subject), {"reason": "x", "answer": "x"}).status_code == 404, door
    made.refresh_from_db()
    assert made.status == "draft" and Client().get(at(page, made.subject))["Location"].startswith("/m/sign-in/")


def test_whoever_borrows_beside_another_reads_the_case_and_answers_nothing(house: House) -> None:
    made, joint = approved(house), person(OUYANG, house.lin)
    made.parties.create(customer=joint, role="co_borrower")
    client = phone(joint)
    assert client.get(at("case", made.subject)).status_code == 200
    assert client.get(at("offer", made.subject)).status_code == 404 and client.post(at("accept", made.subject)).status_code == 404


@pytest.mark.parametrize("page", ["case", "supplement", "offer"])
def test_the_pages_speak_english_too(page: str, house: House) -> None:
    made, client = filled(house), phone(house.wang)
    client.cookies["elder"] = "on"
    assert left_in_chinese(in_english(client, at(page, made.subject))) == []


def test_what_people_declined_is_appealed_against_on_the_phone_once(house: House) -> None:
    made, client = submitted(house), phone(house.wang)
    vote_on_application(application_number=made.number, verdict="reject", opinion="资料不实", business_date=TODAY, by=house.chen)
    page = text_of(client.get(at("case", made.subject)))
    assert "您可以申诉一次" in page and "要求人工复核" not in page and "资料不实" not in page
    assert client.post(at("contest", made.subject), {"reason": ""}).status_code == 422
    assert client.post(at("contest", made.subject), {"reason": "流水已重新打印"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "checking"
    work()
    made.refresh_from_db()
    assert made.status == "first_review"
