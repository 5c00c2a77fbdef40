"""Values, reports and deals by page and by program: what is shown, to whom, and what a mistake looks like."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.kernel import jobs
from chezhe.kernel.testing import WU
from chezhe.risk.tests.valuing.yard import TODAY, Yard, car_of, picture, reported, upload, valued, worth
from chezhe.risk.valuing import choices
from chezhe.risk.valuing.models import AppraiserReport, MarketDeal, Valuing


def text(response: Any) -> str:
    return response.content.decode()


def panel_of(car: Any) -> str:
    return f"/risk/panel/valuing/?subject={car.subject}"


def test_a_car_is_valued_by_page(yard: Yard, browser: Any) -> None:
    car = car_of(yard)
    reported(car, yard.ping, worth(car))
    client = browser.acts_as(yard.shen)
    assert "还没有综合评估" in text(client.get(panel_of(car)))
    assert client.post(f"/risk/vehicles/{car.number}/value/").status_code == 302
    assert "正在向各来源询价" in text(client.get(panel_of(car)))
    assert client.post(f"/risk/vehicles/{car.number}/value/").status_code == 302 and Valuing.objects.count() == 1
    jobs.run_due()
    page = text(client.get(panel_of(car)))
    for words in ("各来源估值", "从综合价到放款价值", "残值走势", "预计变现天数", "车况核查", "精真估", "评估师", "可比成交不足 3 笔"):
        assert words in page, words
    assert car.vin not in page and car.plate not in page
    assert "综合评估" in text(client.get("/risk/values/")) and Valuing.objects.get().number in text(client.get("/risk/values/"))


def test_a_doubt_is_shown_and_confirmed_by_another(yard: Yard, browser: Any) -> None:
    car = car_of(yard, fates.FAR_OFF)
    reported(car, yard.ping, worth(car))
    found = valued(car, yard.shen)
    page = text(browser.acts_as(yard.luo).get(panel_of(car)))
    assert "与其他来源偏离过大" in page and "复评后确认" in page
    assert "risk.rechecks" not in page and found.number in text(browser.get("/risk/values/?status=open"))
    browser.post(f"/risk/values/{found.number}/confirm/", {"reason": ""})
    found.refresh_from_db()
    assert found.status == "rechecking"
    browser.post(f"/risk/values/{found.number}/confirm/", {"reason": "复看车辆"})
    found.refresh_from_db()
    assert found.status == "agreed" and "复看车辆" in text(browser.get(panel_of(car)))


def test_a_wreck_is_told_in_red(yard: Yard, browser: Any) -> None:
    car = car_of(yard, fates.WRECK)
    valued(car, yard.shen)
    assert "不可作为抵押物" in text(browser.acts_as(yard.shen).get(panel_of(car)))


def test_an_appraiser_walks_around_the_car(yard: Yard, browser: Any) -> None:
    car = car_of(yard)
    client = browser.acts_as(yard.ping)
    begun = client.post(f"/risk/vehicles/{car.number}/report/")
    report = AppraiserReport.objects.get()
    base = f"/risk/appraisals/{report.number}/"
    assert begun["Location"] == base and "还缺 8 张照片" in text(client.get(base))
    whole = {"mileage_km": "56000", "amount": "91,000", "valued_on": TODAY.isoformat(), "note": "左前门补漆"}
    whole |= {f"grade_{part}": "B" for part in choices.PARTS} | {"car_major_accident": "no", "car_flood": "no", "car_fire": "no"}
    whole |= {"car_vin_match": "yes", "car_plate_match": "yes"}
    assert client.post(base, {**whole, "submit": "yes"}).status_code == 422
    assert client.post(base, {**whole, "amount": "1.999"}).status_code == 422
    assert client.post(base, whole).status_code == 302
    for place, category in enumerate(choices.PHOTOS):
        assert client.post(f"{base}photos/{category}/", {"file": upload(picture(place))}).status_code == 302
    assert client.post(f"{base}photos/photo_tyres/", {"file": upload(b"MZ")}).status_code == 302
    page = text(client.get(base))
    assert page.count('loading="lazy"') == 8 and "文件" in page
    assert client.post(base, {**whole, "submit": "yes"}).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.amount, report.grades["engine"]) == ("submitted", Money(91_000_00), "B")
    done = text(client.get(base))
    assert "左前门补漆" in done and "<form" in done and 'name="amount"' not in done
    assert report.number in text(client.get("/risk/appraisals/"))


def test_who_may_not_and_who_is_elsewhere(yard: Yard, browser: Any) -> None:
    car = car_of(yard)
    report = reported(car, yard.ping, worth(car))
    assert browser.acts_as(yard.cast.mei).get(panel_of(car)).status_code == 404
    assert browser.acts_as(yard.cast.mei).get(f"/risk/appraisals/{report.number}/").status_code == 404
    assert browser.acts_as(yard.cast.lin).get(f"/risk/appraisals/{report.number}/").status_code == 200, "her customer's car"
    assert browser.acts_as(yard.cast.lin).post(f"/risk/vehicles/{car.number}/value/").status_code == 403
    assert browser.acts_as(yard.cast.chen).post(f"/risk/vehicles/{car.number}/report/").status_code == 403
    assert browser.acts_as(yard.luo).post(f"/risk/appraisals/{report.number}/set-aside/", {"reason": "不可信"}).status_code == 403
    for url in ("/risk/values/", "/risk/appraisals/", "/risk/deals/", "/risk/appraisers/", panel_of(car)):
        assert browser.acts_as(WU).get(url).status_code == 403
    assert browser.acts_as(yard.ping).get("/risk/appraisers/").status_code == 403
    assert report.number not in text(browser.acts_as(yard.cast.mei).get("/risk/appraisals/"))


def test_the_bias_of_appraisers_is_a_chart_with_its_table(yard: Yard, browser: Any) -> None:
    client = browser.acts_as(yard.qin)
    assert "还没有可比较的报告" in text(client.get("/risk/appraisers/"))
    car = car_of(yard)
    reported(car, yard.ping, worth(car))
    valued(car, yard.shen)
    page = text(client.get("/risk/appraisers/"))
    assert "校正系数" in page and "appraisers-bias-data" in page and "平" in page


def test_a_deal_is_recorded_by_page(yard: Yard, browser: Any) -> None:
    car = car_of(yard)
    client = browser.acts_as(yard.ping)
    given = {"vehicle_number": car.number, "mileage_km": "60000", "transfers": "0", "condition": "B", "price": "88,000",
             "listed_on": (TODAY - timedelta(9)).isoformat(), "sold_on": TODAY.isoformat(), "source": "瓜子"}
    assert client.post("/risk/deals/new/", {**given, "sold_on": "2026-01-01"}).status_code == 422
    assert client.post("/risk/deals/new/", {**given, "vehicle_number": ""}).status_code == 422
    assert client.post("/risk/deals/new/", given).status_code == 302
    assert MarketDeal.objects.get().price == Money(88_000_00) and "¥88,000.00" in text(client.get("/risk/deals/"))


@pytest.mark.parametrize("url", ["/risk/values/", "/risk/appraisals/", "/risk/deals/", "/risk/deals/new/", "/risk/appraisers/"])
def test_english_pages_are_english(yard: Yard, browser: Any, url: str) -> None:
    actor = yard.qin if "appraisers" in url else yard.ping
    page = text(browser.acts_as(actor).get(url, headers={"Accept-Language": "en"}))
    assert not re.findall(r"[\u4e00-\u9fff]+", page[page.index("<main"):page.index("</main>")])


def test_the_english_panel_and_report_are_english(yard: Yard, browser: Any) -> None:
    car = car_of(yard, brand="VW", series="Passat", model="330TSI")
    report = reported(car, yard.ping, worth(car))
    valued(car, yard.shen)
    for url in (panel_of(car), f"/risk/appraisals/{report.number}/"):
        page = text(browser.acts_as(yard.qin).get(url, headers={"Accept-Language": "en"}))
        body = page[page.index("<main"):page.index("</main>")] if "<main" in page else page
        body = re.sub(r"沈|平|沪[A-Z*\d]+", "", body)
        assert not re.findall(r"[\u4e00-\u9fff]+", body)


def test_everything_is_there_over_the_api(yard: Yard, browser: Any) -> None:
    car = car_of(yard)
    client = browser.acts_as(yard.ping)
    begun = client.api(f"risk/vehicles/{car.number}/appraisals", {})
    assert begun.status_code == 201 and len(begun.json()["photos_missing"]) == 8
    number = begun.json()["number"]
    seen = {"amount": "91000.00", "mileage_km": 56000, "grades": dict.fromkeys(choices.PARTS, "B"),
            "findings": {"car_major_accident": False, "car_flood": False, "car_fire": False, "car_vin_match": True, "car_plate_match": True}}
    kept = client.put(f"/api/v1/risk/appraisals/{number}", seen, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert kept.json()["amount"] == "91000.00"
    missing = client.api(f"risk/appraisals/{number}/submit", seen)
    assert (missing.status_code, missing.json()["code"]) == (422, "photos_missing")
    for place, category in enumerate(choices.PHOTOS):
        path = f"/api/v1/risk/appraisals/{number}/photos/{category}"
        assert client.post(path, {"file": upload(picture(place))}, headers={"Idempotency-Key": f"p{place}"}).status_code == 201
    assert client.api(f"risk/appraisals/{number}/submit", seen).json()["status"] == "submitted"
    assert client.api(f"risk/appraisals/{number}/discard", {"reason": "重来"}).json()["code"] == "wrong_state"
    asked = browser.acts_as(yard.shen).api(f"risk/vehicles/{car.number}/values", {})
    assert asked.status_code == 202 and asked.json()["status"] == "gathering"
    assert browser.api(f"risk/vehicles/{car.number}/values", {}).json()["code"] == "valuing_under_way"
    jobs.run_due()
    told = browser.api(f"risk/values/{asked.json()['number']}").json()
    assert {row["source"] for row in told["estimates"]} == {"jingzhengu", "che300", "appraiser", "model", "cost", "market", "invoice"}
    assert told["value"] and told["residual_fen"][0] == round(float(told["value"]) * 100)
    assert browser.api(f"risk/vehicles/{car.number}/values").json()["items"][0]["number"] == told["number"]
    assert browser.api(f"risk/appraisals/{number}").json()["amount"] == "91000.00"
    assert browser.api("risk/appraisals").json()["items"][0]["number"] == number
    deal = browser.acts_as(yard.ping).api("risk/deals", {
        "vehicle_number": car.number, "mileage_km": 56000, "price": "88000.00", "listed_on": "2026-03-01", "sold_on": "2026-03-10", "source": "瓜子"})
    assert deal.status_code == 201 and browser.api("risk/deals").json()["items"][0]["price"] == "88000.00"
    biases = browser.acts_as(yard.qin).api("risk/appraisers").json()["items"]
    assert biases[0]["appraiser"] == "平" and biases[0]["cars"] == 1
    aside = browser.api(f"risk/appraisals/{number}/set-aside", {"reason": "照片不是这辆车"})
    assert aside.json()["status"] == "set_aside"
    for path in (f"risk/values/{told['number']}", f"risk/vehicles/{car.number}/values", f"risk/appraisals/{number}"):
        assert browser.acts_as(yard.cast.mei).api(path).status_code == 404
    if told["status"] == "rechecking":
        assert browser.acts_as(yard.luo).api(f"risk/values/{told['number']}/confirm", {"reason": "复看"}).json()["status"] == "agreed"
