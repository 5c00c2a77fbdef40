"""Papers that were read beside what is on file: agreed, taken over field by field, or a conflict that somebody judges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, OUYANG, person
from chezhe.documents import steps as document_steps
from chezhe.documents.errors import NotAgain
from chezhe.documents.models import PaperReading, StoredFile
from chezhe.documents.papers.press import sans_font
from chezhe.documents.reading import steps as reading_steps
from chezhe.documents.vendors.ocr.answers import FieldAnswer, PaperAnswer
from chezhe.invented import papers
from chezhe.kernel import jobs
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.compare_paper import compare_paper
from chezhe.origination.actions.keep_typed import keep_typed
from chezhe.origination.actions.take_from_paper import take_from_paper
from chezhe.origination.matching import comparing, errors
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, filled, start, submitted
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

FRONT = {
    "name": "王小明", "sex": "女", "nation": "汉", "born_on": "1990-01-01", "address": "北京市朝阳区光华路12号", "id_number": "110101199001010007",
}


def read(house: House, made: Application, category: str, said: dict[str, str], *, sure: dict[str, float] | None = None, subject: str = "") -> StoredFile:
    """A paper of the application of which a service read this."""
    kind = {"bank_card_photo": "bank_card", "purchase_invoice": "used_car_invoice"}.get(category, category)
    picture = papers.photographed(papers.drawn(kind, papers.contents_of(kind, 1), font=sans_font()))
    with jobs.in_line():
        file = document_steps.store_bytes(
            picture, name="a.jpg", subject=subject or made.subject, category=category, branch_id=made.branch_id, by=house.lin)
    fields = tuple(FieldAnswer(name=name, value=value, confidence=(sure or {}).get(name, 0.97)) for name, value in said.items())
    reading_steps.keep_answer(PaperReading.objects.get(file=file), PaperAnswer(why="", fields=fields))
    return file


def states(made: Application, file: StoredFile, house: House) -> dict[str, str]:
    found = compare_paper(application_number=made.number, document_number=str(file.key), by=house.lin)
    return {match.field.name: match.state for match in found.matches}


def seen(made: Application, file: StoredFile, field: str, house: House) -> str:
    found = compare_paper(application_number=made.number, document_number=str(file.key), by=house.lin)
    return next(match.seen for match in found.matches if match.field.name == field)


def take(made: Application, file: StoredFile, field: str, house: House, **more: Any) -> Application:
    asked = {"application_number": made.number, "document_number": str(file.key), "field": field, "business_date": TODAY, "by": house.lin,
             "seen": more.pop("seen", None) or seen(made, file, field, house), **more}
    return take_from_paper(**asked)


def keep(made: Application, file: StoredFile, field: str, house: House) -> Application:
    return keep_typed(
        application_number=made.number, document_number=str(file.key), field=field, seen=seen(made, file, field, house), by=house.lin)


def text(response: Any) -> str:
    return response.content.decode()


def test_a_card_is_held_against_the_borrowers_file(house: House) -> None:
    made = start(house)
    file = read(house, made, "id_front", FRONT)
    sex = "agrees" if house.wang.sex == "female" else "differs"
    assert states(made, file, house) == {
        "name": "agrees", "sex": sex, "nation": "alone", "born_on": "agrees", "address": "differs", "id_number": "agrees"}
    assert Customer.objects.get(pk=house.wang.pk).address == house.wang.address, "nothing is written by itself"


def test_one_field_is_taken_over_and_the_history_keeps_both(house: House) -> None:
    made = start(house)
    file = read(house, made, "id_front", FRONT)
    take(made, file, "address", house)
    wang = Customer.objects.get(pk=house.wang.pk)
    assert wang.address == FRONT["address"] and wang.name == house.wang.name
    change = wang.changes.get()
    assert (change.field, change.before, change.after) == ("address", house.wang.address, FRONT["address"])
    field = PaperReading.objects.get(file=file).read_fields.get(name="address")
    assert (field.verdict, field.judged_by_name) == ("taken", "林")
    with pytest.raises(errors.NothingToTake):
        take(made, file, "address", house)
    with pytest.raises(NotAgain):
        reading_steps.ask_again(file)


def test_what_was_changed_meanwhile_is_not_written_over(house: House) -> None:
    made = start(house)
    file = read(house, made, "id_front", FRONT)
    before = seen(made, file, "address", house)
    wang = Customer.objects.get(pk=house.wang.pk)
    wang.address = "北京市朝阳区光华路99号"
    wang.save()
    for refused in (lambda: take(made, file, "address", house, seen=before), lambda: take(made, file, "address", house, seen="x")):
        with pytest.raises(errors.StandsOtherwise):
            refused()
    assert Customer.objects.get(pk=house.wang.pk).address == "北京市朝阳区光华路99号"


def test_a_conflict_can_be_judged_for_what_was_typed(house: House) -> None:
    made = start(house)
    file = read(house, made, "id_front", FRONT)
    assert [one.conflicts for one in comparing.summaries(made)][0] >= 1
    keep(made, file, "address", house)
    if house.wang.sex != "female":
        keep(made, file, "sex", house)
    assert [one.conflicts for one in comparing.summaries(made)] == [0]
    assert Customer.objects.get(pk=house.wang.pk).address == house.wang.address
    with pytest.raises(errors.NoConflict):
        keep(made, file, "name", house)


def test_a_number_that_cannot_be_right_is_not_taken(house: House) -> None:
    made = start(house)
    file = read(house, made, "id_front", FRONT | {"id_number": "110101199001010001"})
    with pytest.raises(errors.PaperValueWrong) as refused:
        take(made, file, "id_number", house)
    assert "校验" in str(refused.value)


def test_a_licence_is_held_against_the_car(house: House) -> None:
    made = filled(house)
    car = {"plate": "沪A54321", "vin": USED.vin, "engine_no": "EA888-77", "registered_on": "2022-05-20", "owner": "王小明", "model": "大众牌SVW"}
    file = read(house, made, "vehicle_licence", car)
    assert states(made, file, house) == {
        "plate": "differs", "vin": "agrees", "engine_no": "agrees", "registered_on": "agrees", "owner": "agrees", "model": "alone"}
    with pytest.raises(errors.NothingToTake):
        take(made, file, "owner", house)
    take(made, file, "plate", house)
    assert Vehicle.objects.get(pk=house.car.pk).plate == "沪A54321"


def test_a_licence_on_the_file_of_a_further_car_is_held_against_that_car(house: House) -> None:
    made = filled(house)
    car = vehicle(replace(USED, vin="LRWYGCEK2RC000004", plate="沪B23456"), house.wang, house.lin)
    add_further_vehicle(application_number=made.number, vehicle_number=car.number, by=house.lin)
    file = read(house, made, "vehicle_licence", {"vin": car.vin, "plate": car.plate or ""}, subject=car.subject)
    found = states(Application.objects.get(pk=made.pk), file, house)
    assert (found["vin"], found["plate"]) == ("agrees", "agrees")


def test_without_a_car_there_is_nothing_to_hold_against(house: House) -> None:
    made = start(house)
    file = read(house, made, "registration_certificate", {"vin": USED.vin, "owner_id_number": "110101199001010007"})
    assert set(states(made, file, house).values()) == {"alone"}
    with pytest.raises(errors.NothingToTake):
        take(made, file, "vin", house)


def test_an_invoice_tells_the_price_and_who_bought(house: House) -> None:
    made = filled(house)
    file = read(house, made, "purchase_invoice", {"price": "85000.00", "buyer": "李四", "vin": USED.vin})
    assert states(made, file, house) == {"price": "empty", "buyer": "differs", "vin": "agrees"}
    done = take(made, file, "price", house)
    assert done.price is not None and done.price.fen == 8_500_000
    with pytest.raises(errors.NothingToTake):
        take(made, file, "buyer", house)


def test_a_bank_card_becomes_an_account(house: House) -> None:
    made = start(house)
    file = read(house, made, "bank_card_photo", {"bank_name": "中国工商银行", "card_number": CARD})
    assert states(made, file, house)["card_number"] == "empty"
    take(made, file, "card_number", house)
    (account,) = house.wang.accounts.all()
    assert (account.card_number, account.bank_name, account.is_main) == (CARD, "中国工商银行", True)
    assert states(made, file, house)["card_number"] == "agrees"


def test_nobody_else_and_no_other_paper(house: House) -> None:
    made, other = start(house), person(OUYANG, house.lin)
    file = read(house, made, "id_front", FRONT)
    strange = read(house, made, "id_front", FRONT, subject=other.subject)
    mark = seen(made, file, "address", house)
    for by, refusal in ((house.mei, NotFound), (house.chen, NotPermitted), (WU, NotPermitted)):
        with pytest.raises(refusal):
            take(made, file, "address", house, by=by, seen=mark)
    with pytest.raises(NotFound):
        compare_paper(application_number=made.number, document_number=str(strange.key), by=house.lin)
    with pytest.raises(NotFound):
        compare_paper(application_number=made.number, document_number=str(file.key), by=house.mei)
    with pytest.raises(errors.FieldUnread):
        take(made, file, "salary", house, seen=mark)
    with pytest.raises(NotPermitted):
        take(made, file, "address", house, seen=mark, by=replace(house.lin, permissions=house.lin.permissions - {"customers.edit"}))


def test_nothing_is_taken_into_a_case_that_was_handed_in(house: House) -> None:
    made = submitted(house)
    file = read(house, made, "bank_card_photo", {"bank_name": "中国工商银行", "card_number": CARD})
    with pytest.raises(WrongState):
        take(made, file, "card_number", house)


def test_the_pages(house: House, browser: Any) -> None:
    made, client = filled(house), browser.acts_as(house.lin)
    panel = f"/origination/panel/matching/?subject={made.subject}"
    assert "还没有可核对的识别内容" in text(client.get(panel))
    file = read(house, made, "id_front", FRONT, sure={"address": 0.41})
    page = text(client.get(panel))
    assert "项不一致" in page and "项把握不足" in page and FRONT["id_number"] not in page and FRONT["address"] not in page
    url = f"/origination/{made.number}/papers/{file.key}/"
    compared = text(client.get(url))
    assert FRONT["address"] in compared and house.wang.address in compared and "把握不足" in compared and "以录入为准" in compared
    assert AuditEntry.objects.filter(verb="origination.compare_paper", outcome="done").exists()
    stale = client.post(f"{url}address/take/", {"seen": "x"}, follow=True)
    assert "已被改动" in text(stale)
    done = client.post(f"{url}address/take/", {"seen": seen(made, file, "address", house)}, follow=True)
    assert "已采用" in text(done)
    assert client.post(f"{url}name/keep/", {"seen": seen(made, file, "name", house)}).status_code == 302
    for step in ("party", "vehicle", "documents"):
        assert "panel/matching/" in text(client.get(f"/origination/{made.number}/steps/{step}/"))
    reviewer = text(browser.acts_as(house.chen).get(url))
    assert FRONT["address"] in reviewer and "/take/" not in reviewer
    assert browser.acts_as(house.mei).get(url).status_code == 404
    assert browser.acts_as(WU).get(url).status_code == 403


def test_a_car_is_registered_with_what_its_licence_says(house: House, browser: Any) -> None:
    made, client = start(house), browser.acts_as(house.lin)
    file = read(house, made, "vehicle_licence", {"vin": "LSVNV2182N2000002", "plate": "沪A54321", "model": "大众牌SVW7147", "engine_no": "X" * 9},
                sure={"plate": 0.5})
    assert "按识别内容登记车辆" in text(client.get(f"/origination/panel/matching/?subject={made.subject}"))
    page = text(client.get(f"/vehicles/new/?owner={house.wang.number}&paper={file.key}"))
    assert 'value="LSVNV2182N2000002"' in page and 'value="大众牌"' in page and "识别把握不足" in page
    told = client.get(f"/api/v1/vehicles/paper-values/{file.key}").json()
    assert told["values"]["plate"] == "沪A54321" and told["unsure"] == ["plate"]
    assert client.get(f"/vehicles/new/?paper={'0' * 36}").status_code == 404


def test_over_the_api(house: House, browser: Any) -> None:
    made, client = filled(house), browser.acts_as(house.lin)
    file = read(house, made, "id_front", FRONT)
    (one,) = client.get(f"/api/v1/origination/{made.number}/papers").json()
    assert one["document"] == str(file.key) and one["status"] == "read"
    path = f"origination/{made.number}/papers/{file.key}"
    address = next(match for match in client.get(f"/api/v1/{path}").json() if match["field"] == "address")
    assert address["state"] == "differs" and address["may_take"]
    assert client.api(f"{path}/address/take", {"seen": "nothing"}).status_code == 409
    assert client.api(f"{path}/address/take", {"seen": address["seen"]}).status_code == 200
    assert client.api(f"{path}/name/keep", {"seen": comparing.mark_of("王小明")}).status_code == 409
    assert client.api(f"{path}/address/take", {}).status_code in (400, 422)
    assert browser.acts_as(house.mei).get(f"/api/v1/{path}").status_code == 404
