"""The tables' pages, their files and the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from chezhe.decisiontables import sheets
from chezhe.documents.tests import corpus
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU
from chezhe.policies import examples, queries, reading
from chezhe.policies.models import PolicyVersion
from chezhe.policies.tests.acting import DAY, changed, drafted, saved, submitted, through

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_day() -> None:
    business_date.open_day(DAY)


def page(name: str, number: str) -> str:
    return reverse(f"policies:{name}", args=[number])


def posted(version: PolicyVersion, **more: Any) -> dict[str, Any]:
    """What the editor of a version sends."""
    return {"content": json.dumps(version.content), "effective_from": "2026-04-01", "note": "试", "based_on": version.content_hash, **more}


def test_every_page_opens(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    for path, text in {
        reverse("policies:policies"): "客户分层", reverse("policies:versions"): "tier-v1", page("version", "knockout-v1"): "连三",
        page("version", draft.number): "内容与", page("try", "tier-v1"): "评分", page("compare", draft.number): "两个版本的内容相同",
        page("edit", draft.number): "data-grid", reverse("policies:versions") + "?policy=tier&status=draft": draft.number,
    }.items():
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.content.decode()[-500:])
        assert text in answer.content.decode() or text == "内容与", path


def test_the_pages_speak_english(browser, maker) -> None:
    browser.acts_as(maker)
    with translation.override("en"):
        said = {name: browser.get(page(name, "tier-v1"), headers={"Accept-Language": "en"}).content.decode() for name in ("version", "try")}
    assert "Thin file" in said["version"] and "Score" in said["try"] and "the first row that holds decides" in said["version"]


def test_wu_sees_nothing(browser, maker) -> None:
    draft = drafted(maker)
    browser.acts_as(WU)
    for path in (reverse("policies:policies"), reverse("policies:versions"), *(
            page(name, draft.number) for name in ("version", "edit", "try", "compare", "workbook", "text"))):
        assert browser.get(path).status_code == 403, path
    assert browser.api("policies/policies").status_code == 403
    for verb in ("submit", "publish", "return", "discard", "cancel", "rebase", "restore", "draft", "lint", "import"):
        assert browser.post(page(verb, draft.number)).status_code == 403, verb


def test_a_version_is_drafted_edited_submitted_and_published_on_pages(browser, maker, checker) -> None:
    browser.acts_as(maker)
    assert browser.post(page("draft", "tier-v1")).headers["Location"] == page("edit", "tier-v2")
    draft = queries.version_called("tier-v2")
    changed_table = json.loads(json.dumps(draft.content))
    changed_table["rules"][1]["when"][1] = ">= 660"
    changed_table["rules"][2]["when"][1] = "[620..660)"
    assert browser.post(page("edit", draft.number), posted(draft, content=json.dumps(changed_table))).status_code == 302
    shown = browser.get(page("version", draft.number)).content.decode()
    assert "由 &gt;= 650 改为 &gt;= 660" in shown and "[620..660)" in shown
    assert browser.post(page("submit", draft.number)).status_code == 302
    assert browser.get(page("edit", draft.number)).status_code == 409
    assert browser.post(page("publish", draft.number), {"effective_from": "2026-04-01"}).status_code == 403
    browser.acts_as(checker)
    assert browser.post(page("return", draft.number)).status_code == 422
    past = browser.post(page("publish", draft.number), {"effective_from": "2026-03-01"})
    assert past.status_code == 422 and "早于业务日期" in past.content.decode()
    assert browser.post(page("publish", draft.number), {"effective_from": "2026-04-01", "opinion": "同意"}).status_code == 302
    assert queries.version_called(draft.number).status == "published"
    assert "起生效" in browser.get(reverse("policies:policies")).content.decode()
    assert browser.post(page("cancel", draft.number), {"reason": "先回测"}).status_code == 302
    verbs = set(AuditEntry.objects.filter(subject=draft.subject, outcome="done").values_list("verb", flat=True))
    assert {f"policies.{verb}_version" for verb in ("draft", "edit", "submit", "publish", "cancel")} <= verbs


def test_a_rollback_is_one_press(browser, maker, checker) -> None:
    through(maker, checker)
    browser.acts_as(checker)
    assert 'data-opens="restore"' in browser.get(page("version", "tier-v1")).content.decode()
    assert browser.post(page("restore", "tier-v1"), {"reason": ""}).status_code == 422
    assert browser.post(page("restore", "tier-v1"), {"reason": "误伤太多"}).headers["Location"] == page("version", "tier-v3")
    assert queries.current("tier", DAY).restores.number == "tier-v1"
    assert 'data-opens="restore"' not in browser.get(page("version", "tier-v1")).content.decode()


def test_who_saves_second_keeps_what_was_typed(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    sent = posted(draft, note="我的说明")
    saved(draft, maker, score=">= 666")
    answer = browser.post(page("edit", draft.number), sent)
    assert answer.status_code == 422 and "您的填写没有保存" in answer.content.decode() and "我的说明" in answer.content.decode()
    assert queries.version_called(draft.number).table.rules[1].when[1] == ">= 666"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"name": 1}', "1" * 200, '{"name":"tier","hit_policy":"FIRST","inputs":[],"outputs":[],"rules":[]}',
                                     "[" * 5000, "null", '"x"', '{"name": "tier", "name": "tier"}'])
def test_what_is_no_table_is_refused_and_nothing_is_kept(browser, maker, content) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    answer = browser.post(page("edit", draft.number), posted(draft, content=content))
    assert answer.status_code == 422
    assert queries.version_called(draft.number).content == draft.content
    assert browser.post(page("lint", draft.number), {"content": content}).json()["findings"][0]["severity"] == "error"


def test_a_newer_version_is_pointed_out_and_taken_as_the_base(browser, maker, checker) -> None:
    draft = saved(drafted(maker), maker, score=">= 680")
    through(maker, checker, score=">= 660")
    browser.acts_as(maker)
    assert "tier-v3 已经发布" in browser.get(page("version", draft.number)).content.decode()
    assert browser.post(page("submit", draft.number)).status_code == 409
    assert browser.post(page("rebase", draft.number)).status_code == 302
    shown = browser.get(page("version", draft.number)).content.decode()
    assert "已经发布" not in shown and "由 &gt;= 660 改为 &gt;= 680" in shown


# ---- lint while one types ----


def test_lint_says_where_and_why_and_keeps_nothing(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    from chezhe.decisiontables import files

    table = files.to_json(changed(draft.table, 3, score=">= 655"))
    found = browser.post(page("lint", draft.number), {"content": json.dumps(table)}).json()["findings"]
    assert found[0]["row"] == 3 and "第 2 行" in found[0]["sentence"] and "评分 = " in found[0]["example"]
    assert queries.version_called(draft.number).content == draft.content
    assert browser.post(page("lint", draft.number), {"content": json.dumps(draft.content)}).json() == {"findings": []}


# ---- trying ----


def test_a_table_tells_its_answer_and_why_the_other_rows_did_not_give_it(browser, maker) -> None:
    browser.acts_as(maker)
    shown = browser.get(page("try", "tier-v1") + "?fact_borrower_kind=person&fact_score=655&fact_bureau_is_thin=false").content.decode()
    assert "命中" in shown and "前面已有结论" in shown and "实际 否" in shown
    lacking = browser.get(page("try", "tier-v1") + "?fact_borrower_kind=person&fact_score=&fact_bureau_is_thin=false").content.decode()
    assert "缺少这些信息" in lacking and "说不准" in lacking
    wrong = browser.get(page("try", "tier-v1") + "?fact_score=abc")
    assert wrong.status_code == 422
    money = browser.get(page("try", "route-v1") + "?fact_tier=A&fact_amount=100000&fact_exceptions=0&fact_unknown_facts=0").content.decode()
    assert "自动通过" in money and "¥100,000.00" in money
    rate = browser.get(page("try", "pricing-v1") + "?fact_tier=A&fact_ltv=55%25&fact_periods=36").content.decode()
    assert "−1.00%" in rate


def test_a_broken_draft_is_not_tried_but_explained(browser, maker) -> None:
    browser.acts_as(maker)
    draft = saved(drafted(maker), maker, score="about 600")
    shown = browser.get(page("try", draft.number) + "?fact_score=600").content.decode()
    assert "不是可读的决策表" in shown and "about" in shown
    assert browser.api(f"policies/versions/{draft.number}/evaluate", {"facts": {}}).status_code == 422


def test_recent_cases_come_from_whoever_keeps_them(browser, maker) -> None:
    def cases(policy_code: str, by: Actor, most: int) -> list[examples.Example]:
        facts = {"borrower_kind": "person", "score": 630, "bureau_is_thin": False}
        return [examples.Example("D1", "A26-000123-7", lambda: facts)] if policy_code == "tier" else []

    examples.register("probe", cases)
    try:
        browser.acts_as(maker)
        shown = browser.get(page("try", "tier-v1") + "?example=D1").content.decode()
        assert "A26-000123-7" in shown and "命中" in shown and 'value="630"' in shown
        assert "A26-000123-7" not in browser.get(page("try", "route-v1")).content.decode()
    finally:
        examples._sources.pop("probe")


# ---- files ----


def test_a_table_goes_out_as_a_workbook_and_comes_back_the_same(browser, maker) -> None:
    browser.acts_as(maker)
    for code in ("tier", "knockout", "limits"):
        draft = drafted(maker, code)
        out = browser.get(page("workbook", draft.number))
        assert out.headers["Content-Type"].endswith("sheet") and f'"{draft.number}.xlsx"' in out.headers["Content-Disposition"]
        sent = {"file": SimpleUploadedFile("t.xlsx", out.content), "based_on": draft.content_hash}
        assert browser.post(page("import", draft.number), sent).status_code == 302
        assert queries.version_called(draft.number).content_hash == draft.content_hash
        text = browser.get(page("text", draft.number)).content
        assert json.loads(text) == draft.content
        assert browser.post(page("import", draft.number), {"file": SimpleUploadedFile("t.json", text)}).status_code == 302


def test_an_imported_table_is_judged_and_may_have_errors(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    book = sheets.write_xlsx(changed(draft.table, 2, score="six"))
    assert browser.post(page("import", draft.number), {"file": SimpleUploadedFile("t.xlsx", book)}).status_code == 302
    assert queries.version_called(draft.number).findings[0]["column"] == "score"


def test_an_import_does_not_overwrite_what_somebody_else_saved(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    saved(draft, maker, score=">= 666")
    sent = {"file": SimpleUploadedFile("t.xlsx", sheets.write_xlsx(draft.table)), "based_on": draft.content_hash}
    assert browser.post(page("import", draft.number), sent).status_code == 422
    assert queries.version_called(draft.number).table.rules[1].when[1] == ">= 666"


def _hostile(draft: PolicyVersion, other: PolicyVersion) -> dict[str, bytes]:
    good = sheets.write_xlsx(draft.table)
    evil = {f"{number} {code}": content for number, (name, content, code) in enumerate(corpus.evil_sheets()) if content[:2] == b"PK"}
    return {
        **evil, "bomb": corpus.bomb(), "no workbook": b"PK\x03\x04 not a workbook", "empty": b" ", "text": b"score,tier\n650,A\n",
        "binary": b"\x00\xff" * 50, "too large": b" " * (reading.FILE_MAX + 1), "another table": sheets.write_xlsx(other.table),
        "cut": good[: len(good) // 2], "json of another": json.dumps(other.content).encode(), "deep json": b"[" * 3000,
        "some other workbook": corpus.workbook(),
    }


def test_a_hostile_file_changes_nothing(browser, maker) -> None:
    browser.acts_as(maker)
    draft = drafted(maker)
    for name, content in _hostile(draft, queries.version_called("route-v1")).items():
        answer = browser.post(page("import", draft.number), {"file": SimpleUploadedFile("t.xlsx", content)})
        assert answer.status_code == 422, (name, answer.status_code)
        api = browser.post(f"/api/v1/policies/versions/{draft.number}/import", {"file": SimpleUploadedFile("t.xlsx", content)},
                           headers={"Idempotency-Key": f"hostile-{name}".replace(" ", "-")})
        assert api.status_code == 422, (name, api.content)
    assert queries.version_called(draft.number).content == draft.content


def test_a_formula_in_a_workbook_is_refused(browser, maker) -> None:
    import io

    from openpyxl import load_workbook

    browser.acts_as(maker)
    draft = drafted(maker)
    book = load_workbook(io.BytesIO(sheets.write_xlsx(draft.table)))
    book.active["B20"] = "=HYPERLINK(\"http://example.invalid\")"
    out = io.BytesIO()
    book.save(out)
    answer = browser.post(page("import", draft.number), {"file": SimpleUploadedFile("t.xlsx", out.getvalue())})
    assert answer.status_code == 422 and "公式" in answer.content.decode()


# ---- API ----


def test_the_api_walks_a_version_into_force_and_back(browser, maker, checker) -> None:
    browser.acts_as(maker)
    assert [p["current_version"] for p in browser.api("policies/policies").json()["items"]][:2] == ["prescreen-v1", "knockout-v1"]
    made = browser.api("policies/policies/tier/versions", {}).json()
    assert (made["number"], made["status"], made["base"], made["faults"]) == ("tier-v2", "draft", "tier-v1", 0)
    table = made["table"]
    table["rules"][1]["when"][1] = ">= 660"
    table["rules"][2]["when"][1] = "[620..660)"
    said = browser.api("policies/policies/tier/lint", {"table": {**table, "rules": table["rules"][:-1]}}).json()
    assert said[0]["severity"] == "error" and "兜底" in said[0]["sentence"]
    sent = {"table": table, "effective_from": "2026-03-20", "note": "试", "based_on": made["content_hash"]}
    kept = browser.api("policies/versions/tier-v2/edit", sent).json()
    assert kept["findings"] == [] and kept["content_hash"] != made["content_hash"]
    assert browser.api("policies/versions/tier-v2/edit", sent).json()["code"] == "stale_edit"
    assert browser.api("policies/versions/tier-v2/edit", {**sent, "surprise": 1}).status_code == 422
    assert browser.api("policies/versions/tier-v2/submit", {}).json()["status"] == "submitted"
    assert browser.api("policies/versions/tier-v2/publish", {"effective_from": "2026-03-20"}).status_code == 403
    browser.acts_as(checker)
    assert browser.api("policies/versions/tier-v2/return", {"opinion": "再议"}).json()["status"] == "draft"
    browser.acts_as(maker).api("policies/versions/tier-v2/submit", {})
    browser.acts_as(checker)
    done = browser.api("policies/versions/tier-v2/publish", {"effective_from": "2026-03-20", "opinion": "同意"}).json()
    assert (done["status"], done["standing"], done["published_by"]) == ("published", "in_force", "陈")
    assert browser.api("policies/policies/tier/current").json()["number"] == "tier-v2"
    words = browser.api("policies/versions/tier-v2/compare?against=tier-v1").json()
    assert not words["is_same"] and len(words["sentences"]) == 2
    back = browser.api("policies/policies/tier/rollback", {"to_version": "tier-v1", "reason": "误伤太多"})
    assert back.status_code == 201 and back.json()["restores"] == "tier-v1"
    assert [one["standing"] for one in browser.api("policies/versions?policy=tier").json()["items"]] == ["in_force", "superseded", "superseded"]


def test_the_api_asks_a_version(browser, maker) -> None:
    browser.acts_as(maker)
    facts = {"borrower_kind": "person", "score": 655, "bureau_is_thin": False}
    told = browser.api("policies/versions/tier-v1/evaluate", {"facts": facts}).json()
    assert (told["outcome"], told["outputs"], told["rows_hit"], told["unknown"]) == ("matched", [{"tier": "A"}], [2], [])
    assert [row["state"] for row in told["rows"]] == ["out", "hit", "out", "out", "shadowed"]
    price = browser.api("policies/versions/pricing-v1/evaluate", {"facts": {"tier": "A", "ltv": "0.55", "periods": 36}}).json()
    assert price["outputs"] == [{"rate_step": "-0.01"}]
    for lacking in ({}, {**facts, "score": None}, {**facts, "score": "655"}, {**facts, "score": True}, {**facts, "score": ""}):
        assert browser.api("policies/versions/tier-v1/evaluate", {"facts": lacking}).json()["outcome"] == "refer", lacking
    assert browser.api("policies/versions/tier-v1/evaluate", {"facts": {"score": 6.5}}).status_code == 422


def test_a_draft_is_discarded_rebased_and_cancelled_over_the_api(browser, maker, checker) -> None:
    coming = through(maker, checker)
    browser.acts_as(maker)
    draft = browser.api("policies/policies/tier/versions", {"from_version": "tier-v1"}).json()
    assert draft["base"] == coming.number
    assert browser.api(f"policies/versions/{draft['number']}/rebase", {}).json()["base"] == coming.number
    assert browser.api(f"policies/versions/{draft['number']}/discard", {"opinion": "不要了"}).json()["status"] == "discarded"
    submitted(saved(drafted(maker), maker, score=">= 690"), maker)
    browser.acts_as(checker)
    browser.api("policies/versions/tier-v4/publish", {"effective_from": "2026-05-01"})
    assert browser.api("policies/versions/tier-v4/cancel", {"reason": "太严"}).json()["status"] == "cancelled"
    assert browser.api("policies/versions/tier-v2/cancel", {"reason": "太严"}).json()["code"] == "version_has_begun"
