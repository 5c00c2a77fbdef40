from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import WU
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import IMPORTED_VIN, USED, vehicle

SECRETS = (USED.vin, USED.plate, USED.engine_no, "王小明")


def text(response: Any) -> str:
    return response.content.decode()


def form_of(number: str, **changes: str) -> dict[str, str]:
    return {
        "owner_number": number, "condition": "used", "vin": USED.vin, "plate": USED.plate, "brand": "大众", "model": "帕萨特",
        "energy_type": "petrol", "usage_nature": "non_commercial", "first_registered_on": "2022-05-20", "mileage_km": "56000",
        "invoice_price": "98,000", **changes,
    }


def test_the_list_is_masked_in_reach_and_searched(cast: Cast, browser: Any) -> None:
    vehicle(USED, person(WANG, cast.lin), cast.lin)
    client = browser.acts_as(cast.lin)
    page = text(client.get("/vehicles/?q=000002"))
    assert "沪A***45" in page and not [secret for secret in SECRETS if secret in page]
    assert "沪A***45" not in text(client.get("/vehicles/?q=000003"))
    body = client.get("/vehicles/?export=csv").content.decode("utf-8-sig")
    assert "沪A***45" in body and not [secret for secret in SECRETS if secret in body]
    assert "沪A***45" not in text(browser.acts_as(cast.mei).get("/vehicles/"))
    assert browser.acts_as(WU).get("/vehicles/").status_code == 403


def test_a_car_is_registered_by_page_and_an_import_with_a_warning(cast: Cast, browser: Any) -> None:
    owner = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    assert owner.number in text(client.get(f"/vehicles/new/?owner={owner.number}"))
    assert client.post("/vehicles/new/", form_of(owner.number, vin=IMPORTED_VIN)).status_code == 302
    car = Vehicle.objects.get()
    panel = client.get(f"/vehicles/panel/profile/?subject={car.subject}")
    assert car.vin == IMPORTED_VIN and "校验码不符：进口车可能没有校验码" in text(panel)


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("vin", "LSVNV2182N200000O", "车架号应为 17 位"), ("plate", "沪A1234", "车牌号应为"), ("first_registered_on", "2022-02-30", "没有这一天"),
    ("mileage_km", "-5", "不小于"), ("invoice_price", "1.999", "金额最多两位小数"), ("invoice_price", "-1", "金额不能是负数"),
    ("owner_number", "C26-000000-0", "车主须先建档"), ("plate", "", "二手车须填写车牌号"),
])
def test_a_mistake_stands_beside_its_field(cast: Cast, browser: Any, field: str, value: str, sentence: str) -> None:
    owner = person(WANG, cast.lin)
    page = browser.acts_as(cast.lin).post("/vehicles/new/", form_of(owner.number) | {field: value})
    assert page.status_code == 422 and sentence in text(page) and not Vehicle.objects.exists()
    assert re.search(rf'id="id_{field}_error"[^§]*?{sentence}', text(page))


def test_the_page_and_its_panels(cast: Cast, browser: Any) -> None:
    car = vehicle(USED, person(WANG, cast.lin), cast.lin)
    client = browser.acts_as(cast.lin)
    assert "V26-" in text(client.get(f"/vehicles/{car.number}/"))
    for panel in ("profile", "papers", "valuations", "history"):
        part = client.get(f"/vehicles/panel/{panel}/?subject={car.subject}")
        assert part.status_code == 200 and not [secret for secret in SECRETS if secret in text(part)]
        assert browser.acts_as(cast.mei).get(f"/vehicles/panel/{panel}/?subject={car.subject}").status_code == 404
        client.acts_as(cast.lin)
    owners = client.get(f"/vehicles/panel/customer/?subject={car.owner.subject}")
    assert car.number in text(owners)
    assert client.get(f"/documents/panel/?subject={car.subject}").status_code == 200
    assert browser.acts_as(cast.mei).get(f"/vehicles/panel/customer/?subject={car.owner.subject}").status_code == 404


def test_it_is_edited_valued_and_its_papers_taken_down_by_page(cast: Cast, browser: Any) -> None:
    car = vehicle(USED, person(WANG, cast.lin), cast.lin)
    client, base = browser.acts_as(cast.lin), f"/vehicles/{car.number}"
    page = text(client.get(f"{base}/edit/"))
    assert not [secret for secret in SECRETS if secret in page]
    kept = form_of(car.owner.number, vin="", plate="", mileage_km="60000", version="1", reason="复核")
    assert client.post(f"{base}/edit/", kept).status_code == 302
    car.refresh_from_db()
    assert (car.vin, car.mileage_km) == (USED.vin, 60_000)
    assert client.post(f"{base}/edit/", kept | {"mileage_km": "61000"}).status_code == 409
    assert client.post(f"{base}/papers/licence/", {"vin": USED.vin, "seats": "5", "registered_on": "2022-05-20"}).status_code == 302
    assert client.post(f"{base}/papers/licence/", {"vin": "X"}).status_code == 422
    assert client.get(f"{base}/papers/nonsense/").status_code == 404
    assert client.get(f"{base}/value/").status_code == 403
    appraiser = browser.acts_as(hire("平", cast.east, roles.APPRAISER, reach=Reach.BRANCH))
    assert appraiser.post(f"{base}/value/", {"source": "in_house", "amount": "91,000", "valued_on": "2026-03-16"}).status_code == 302
    assert "¥91,000.00" in text(appraiser.get(f"/vehicles/panel/profile/?subject={car.subject}"))
    assert text(appraiser.post(f"{base}/reveal/vin/", {"reason": "核对铭牌"})) == USED.vin


def test_english_pages_are_english(cast: Cast, browser: Any) -> None:
    page = text(browser.acts_as(cast.lin).get("/vehicles/new/", headers={"Accept-Language": "en"}))
    assert not re.findall(r"[\u4e00-\u9fff]+", page[page.index("<main"):page.index("</main>")])


def test_everything_is_there_over_the_api(cast: Cast, browser: Any) -> None:
    owner = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    payload = {
        "owner_number": owner.number, "vin": USED.vin, "brand": "大众", "model": "帕萨特", "condition": "used", "energy_type": "petrol",
        "plate": USED.plate, "first_registered_on": "2022-05-20", "mileage_km": 56000, "invoice_price": "98000.00",
    }
    made = client.api("vehicles", payload)
    assert made.status_code == 201 and made.json()["vin"] == "***********000002" and made.json()["price_base"] is None
    number = made.json()["number"]
    assert client.api("vehicles", payload).json()["code"] == "vin_exists"
    assert client.api("vehicles", {**payload, "wheels": 4}).status_code == 422
    paper = client.api(f"vehicles/{number}/papers", {"kind": "licence", "content": {"plate": "沪A99999", "registered_on": "2022-05-20"}})
    assert paper.status_code == 201 and paper.json()["warnings"][0]["code"] == "paper.other_plate"
    bad = client.api(f"vehicles/{number}/papers", {"kind": "licence", "content": {"registered_on": "2022-02-30"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "paper_field_unknown")
    path = f"/api/v1/vehicles/{number}"
    edited = client.patch(path, {"version": 1, "reason": "复核", "mileage_km": 60000}, content_type="application/json")
    assert edited.json()["mileage_km"] == 60000
    stale = client.patch(path, {"version": 1, "reason": "复核", "mileage_km": 1}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert client.api(f"vehicles/{number}/fields/vin/reveal", {"reason": "核对"}).json()["value"] == USED.vin
    assert client.api("vehicles/search", {"text": "000002"}).json()[0]["number"] == number
    assert client.api(f"vehicles?owner={owner.number}").json()["items"][0]["number"] == number
    appraiser = browser.acts_as(hire("平", cast.east, roles.APPRAISER, reach=Reach.BRANCH))
    valued = appraiser.api(f"vehicles/{number}/valuations", {"source": "che300", "amount": "91000.00", "valued_on": "2026-03-16"})
    assert valued.status_code == 201 and appraiser.api(f"vehicles/{number}").json()["price_base"] == "91000.00"
    assert appraiser.api(f"vehicles/{number}/valuations").json()["items"][0]["amount"] == "91000.00"
    assert browser.acts_as(cast.mei).api(f"vehicles/{number}").status_code == 404


def test_a_used_car_keeps_its_own_number_when_only_the_plate_is_new(cast: Cast, browser: Any) -> None:
    owner = person(WANG, cast.lin)
    vehicle(replace(USED, plate="沪A54321"), owner, cast.lin)
    page = browser.acts_as(cast.lin).post("/vehicles/new/", form_of(owner.number))
    assert page.status_code == 422 and "同一辆车不能重复登记" in text(page)
