"""The registry by page and by API, for those who may and those who may not."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.kernel import subjects
from chezhe.kernel.errors import NotFound
from chezhe.kernel.testing import WU
from chezhe.risk.numbered import NUMBERED
from chezhe.risk.registry import queries
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.tests.registry.desk import Desk, another, zipped
from chezhe.risk.tests.registry.test_activating import decide
from chezhe.risk.tests.registry.test_watching import LONG_AGO, RECENT, live, poorer, twice_as_bad


def text(response: Any) -> str:
    return str(response.content.decode())


def posted(client: Any, data: bytes, **more: str) -> Any:
    given = {"name": "个人卡二号", "purpose": "person", "note": "", "file": SimpleUploadedFile("card.zip", data), **more}
    return client.post("/risk/models/new/", given)


def test_a_model_is_brought_in_decided_by_two_and_rolled_back_by_page(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.fei)
    assert "随系统提供的评分卡" in text(client.get("/risk/models/"))
    refused = posted(client, zipped(another())[:-200])
    assert refused.status_code == 422 and "截断" in text(refused) and not ScoringModel.objects.filter(is_shipped=False).exists()
    made = posted(client, zipped(another()))
    model = ScoringModel.objects.get(is_shipped=False)
    assert made.status_code == 302 and made["Location"] == f"/risk/models/{model.number}/"
    page = text(client.get(f"/risk/models/{model.number}/"))
    for word in (model.content_hash, model.data_hash, "征信评分", "未启用", "提交审批", "applications.parquet"):
        assert word in page, word
    assert "/watch/\"" not in page
    assert client.post(f"/risk/models/{model.number}/submit/", {"wish": "active", "reason": ""}).status_code == 422
    assert client.post(f"/risk/models/{model.number}/submit/", {"wish": "active", "reason": "离线验证更好"}).status_code == 302
    model.refresh_from_db()
    cast_vote(request_number=model.request_number, verdict="agree", opinion="", by=desk.rui)
    client.acts_as(desk.rui)
    assert "回退到上一个模型" in text(client.get(f"/risk/models/{model.number}/"))
    back = client.post(f"/risk/models/{model.number}/roll-back/", {"reason": "通过率异常"})
    shipped = queries.active("person")
    assert shipped is not None and shipped.is_shipped and back["Location"] == f"/risk/models/{shipped.number}/"
    assert "使用期间" in text(client.get(f"/risk/models/{model.number}/"))
    assert client.get(f"/risk/models/{model.number}/dance/").status_code in (404, 405)
    assert client.post(f"/risk/models/{model.number}/dance/").status_code == 404


def test_the_report_is_shut_in_a_sandbox(desk: Desk, browser: Any) -> None:
    shipped = queries.active("person")
    assert shipped is not None
    given = browser.acts_as(desk.xu).get(f"/risk/models/{shipped.number}/report/")
    policy = given["Content-Security-Policy"]
    assert given.status_code == 200 and "sandbox" in policy and "default-src 'none'" in policy and "allow-scripts" not in policy
    assert given["X-Frame-Options"] == "SAMEORIGIN" and given["X-Content-Type-Options"] == "nosniff"
    assert browser.get("/risk/models/MD26-000999-1/report/").status_code == 404


def test_drift_and_the_challenger_are_shown_and_answered(desk: Desk, browser: Any) -> None:
    challenger = desk.agreed(desk.upload(zipped(another(points=-60))), "shadow")
    made = decide(desk)
    live(desk, RECENT, 220, shift=poorer)
    live(desk, LONG_AGO, 300, seed=2, bad_of=twice_as_bad)
    shipped = queries.active("person")
    assert shipped is not None
    client = browser.acts_as(desk.rui)
    assert f"/risk/models/{shipped.number}/" in text(client.get(f"/risk/decisions/{made.number}/"))
    assert client.post(f"/risk/models/{shipped.number}/watch/").status_code == 302
    page = text(client.get(f"/risk/models/{shipped.number}/"))
    for word in ("模型漂移预警", "已漂移", "各特征的变化", "已满表现期贷款的不良率", "处理漂移预警", "重新校准"):
        assert word in page, word
    assert shipped.number in text(client.get("/risk/models/?drift=open")) and challenger.number not in text(client.get("/risk/models/?drift=open"))
    assert client.post(f"/risk/models/{shipped.number}/answer/", {"reason": "新渠道客群，安排重训"}).status_code == 302
    assert "新渠道客群" in text(client.get(f"/risk/models/{shipped.number}/"))
    made = client.post(f"/risk/models/{shipped.number}/recalibrate/")
    assert made.status_code == 302 and "历次校准" in text(client.get(made["Location"]))
    page = text(client.get(f"/risk/models/{challenger.number}/"))
    for word in ("影子对照", "结论对照", "层级对照", "评分差", "最近的对照", "-60.0"):
        assert word in page, word
    assert client.post(f"/risk/models/{challenger.number}/retire/", {"reason": "不再需要"}).status_code == 302


def test_whoever_has_nothing_to_do_with_models_sees_and_does_nothing(desk: Desk, browser: Any) -> None:
    shipped = queries.active("person")
    assert shipped is not None
    for who in (desk.lin, WU):
        client = browser.acts_as(who)
        for path in ("", "new/", f"{shipped.number}/", f"{shipped.number}/report/"):
            assert client.get(f"/risk/models/{path}").status_code in (302, 403), path
        for verb in ("submit", "watch", "recalibrate", "roll-back", "answer"):
            assert client.post(f"/risk/models/{shipped.number}/{verb}/", {"reason": "试试"}).status_code in (302, 403)
            assert client.post(f"/risk/models/{shipped.number}/{verb}/", {"reason": "试试"}).get("Location", "/sign-in").startswith("/s")
    client = browser.acts_as(desk.xu)
    assert client.get(f"/risk/models/{shipped.number}/").status_code == 200
    assert client.post(f"/risk/models/{shipped.number}/watch/").status_code == 403
    with pytest.raises(NotFound):
        subjects.open_subject(shipped.subject, desk.lin)
    assert NUMBERED["scoring_model"](desk.rui, shipped.number).url == f"/risk/models/{shipped.number}/"
    assert queries.active("person") == shipped


def test_the_same_over_rest(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.fei)

    def send(path: str, payload: dict[str, Any] | None = None) -> Any:
        return client.api(f"risk/models{path}", payload)

    given = {"name": "卡", "purpose": "person", "file": SimpleUploadedFile("card.zip", zipped(another()))}
    made = client.post("/api/v1/risk/models", given, headers={"Idempotency-Key": uuid4().hex})
    assert made.status_code == 201 and made.json()["status"] == "draft"
    number = made.json()["number"]
    broken = {"name": "卡", "purpose": "person", "file": SimpleUploadedFile("card.zip", b"PK")}
    refused = client.post("/api/v1/risk/models", broken, headers={"Idempotency-Key": uuid4().hex})
    assert refused.status_code == 422 and refused.json()["code"] == "model_unreadable"
    assert send(f"/{number}/submit", {"wish": "shadow", "reason": "先影子运行"}).json()["status"] == "proposed"
    assert send(f"/{number}/withdraw", {}).json()["status"] == "draft"
    assert {row["number"] for row in send("").json()["items"]} >= {number} and send(f"/{number}").json()["number"] == number
    assert [row["purpose"] for row in send("?status=active").json()["items"]] == ["valuation", "warning", "behaviour", "person"]
    desk.agreed(ScoringModel.objects.get(number=number), "shadow")
    decide(desk)
    assert send(f"/{number}/watches", {}).json()["level"] == "not_judged"
    assert len(send(f"/{number}/watches").json()["items"]) == 1 and len(send(f"/{number}/scores").json()["items"]) == 1
    assert send(f"/{number}/recalibrate", {}).json()["code"] == "model_outcomes_too_few"
    assert send(f"/{number}/retire", {"reason": "不再需要"}).json()["status"] == "draft"
    client.acts_as(desk.rui)
    shipped = queries.active("person")
    assert shipped is not None and send(f"/{shipped.number}/roll-back", {"reason": "试试"}).json()["code"] == "model_nothing_before"
    assert send(f"/{shipped.number}/watches/answer", {"reason": "试试"}).status_code == 404
    client.acts_as(desk.lin)
    for path in ("", f"/{number}", f"/{number}/watches", f"/{number}/scores"):
        assert send(path).status_code == 403
