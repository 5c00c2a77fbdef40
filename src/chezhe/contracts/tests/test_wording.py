"""Words are written by some and published by others, name only what exists, and never run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from chezhe.contracts.actions.discard_template import discard_template
from chezhe.contracts.actions.draft_template import draft_template
from chezhe.contracts.actions.edit_template import edit_template
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.publish_template import publish_template
from chezhe.contracts.actions.return_template import return_template
from chezhe.contracts.actions.submit_template import submit_template
from chezhe.contracts.actions.write_clause import write_clause
from chezhe.contracts.models import ContractPaper, TemplateVersion
from chezhe.contracts.papers import forms, template
from chezhe.contracts.papers.fields import FIELDS, FLAGS
from chezhe.contracts.papers.obliged import numeral
from chezhe.contracts.tests.cases import case
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, person
from chezhe.contracts.tests.printing import printed
from chezhe.contracts.tests.test_papers import text_of
from chezhe.contracts.wording import comparing, errors, outline, previews, queries, rules, shipped, steps
from chezhe.contracts.wording.rules import Article, FieldMissing, Use, Wording
from chezhe.documents.papers import press
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotPermitted, SamePerson, WrongState

LOAN = "loan_contract"
PAYLOADS = [
    "{{7*7}}", "{{ config }}", "{% include 'x' %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{''.__class__}}", "{{principal.fen}}", "{{principal|upper}}",
    "#panic()", "#eval(\"1\")", "#read(\"/etc/passwd\")", "$x$", "@ref", "<label>", "\\u{41}", "= 标题", "*粗*", "{{{principal}}}", "{{principal",
]


def wording(*bodies: str, when: str = "") -> Wording:
    uses = tuple(Use(clause=f"test_{place}", version=1, body=body, when=when) for place, body in enumerate(bodies))
    return Wording(title="试", before="", articles=(Article(title="一", clauses=uses),))


# ---- pure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", shipped.KINDS)
def test_the_shipped_words_are_sound_by_themselves_and_with_every_sample(kind: str) -> None:
    said = shipped.wording(kind)
    assert rules.lint(kind, said) == () and previews.lacking(kind, said) == []
    assert steps.judged(kind, said) == [] and outline.read(outline.written(said)) == rules.as_json(said)["articles"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_a_program_is_refused_or_printed_as_it_stands(payload: str) -> None:
    found = {one.code for one in rules.lint_text("x", payload)}
    if "{" in payload or "}" in payload:
        assert found & {"braces_unbalanced", "field_unknown"}, payload
        return
    data = forms.data_of(case(), forms.Wanted(kind=LOAN), forms.Text("t-v1", wording(payload)))
    text = text_of(press.print_paper(template("articles"), data))
    assert payload.replace(" ", "") in text, payload


def test_a_value_is_text_and_is_never_read_again() -> None:
    assert rules.fill("{{borrower_name}}", {"borrower_name": "{{principal}}"}, "x") == "{{principal}}"
    with pytest.raises(FieldMissing) as missing:
        rules.fill("按{{ reference_rate }}", {}, "rate")
    assert (missing.value.name, missing.value.clause) == ("reference_rate", "rate")


def test_every_fault_is_named_where_it_stands() -> None:
    def codes(said: Wording, kind: str = "gps_notice") -> set[str]:
        return {one.code for one in rules.lint(kind, said)}

    good = shipped.wording("gps_notice")
    first = good.articles[0]
    assert codes(replace(good, title=" ")) == {"title_missing"}
    assert "obligatory_missing" in codes(wording("x")) and codes(replace(good, articles=())) >= {"articles_missing", "obligatory_missing"}
    for changed, code in (
        (replace(first, title=""), "article_title_missing"), (replace(first, block="nonsense"), "block_unknown"),
        (replace(first, block="", clauses=()), "article_empty"),
        (replace(first, clauses=(*first.clauses, Use(clause="x", version=1, body="x", when="not nonsense"))), "flag_unknown"),
        (replace(first, clauses=(*first.clauses, Use(clause="x", version=9, body=""))), "clause_empty"),
        (replace(first, clauses=(*first.clauses, Use(clause="x", version=1, body="字" * 2001))), "clause_too_long"),
        (replace(first, clauses=(*first.clauses, Use(clause="x", version=1, body="{{nobody}}"))), "field_unknown"),
        (replace(first, clauses=(*first.clauses, *first.clauses)), "clause_twice"),
    ):
        assert code in codes(replace(good, articles=(changed, *good.articles[1:]))), code
    forfeit = wording("债务人到期不还的，车辆归抵押权人所有。")
    assert "forbidden_words" in codes(forfeit, "mortgage_contract")


def test_a_clause_stands_under_its_flag_or_without_it() -> None:
    assert rules.stands("", ()) and rules.stands("floats", {"floats"}) and not rules.stands("floats", ())
    assert rules.stands("not floats", ()) and not rules.stands("not floats", {"floats"})
    assert [numeral(place) for place in (1, 10, 11, 20, 21, 30)] == ["一", "十", "十一", "二十", "二十一", "三十"]


def test_an_outline_that_nobody_understands_names_its_line() -> None:
    for text, line in (("- x_y_z/1", 1), ("## 一\n- x", 2), ("## 一\n\nfoo", 3)):
        with pytest.raises(outline.OutlineWrong) as wrong:
            outline.read(text)
        assert wrong.value.line == line


def test_two_versions_stand_side_by_side() -> None:
    before, after = wording("一样", "旧", "没了"), wording("一样", "新")
    assert [(side.before, side.after, side.state) for side in comparing.compared(before, after) if side.state != "same"] == [
        ("旧", "新", "changed"), ("没了", "", "gone")]


def test_every_field_and_flag_has_a_name_in_both_languages() -> None:
    assert all(zh and en for zh, en in (*FIELDS.values(), *FLAGS.values()))


# ---- kept -----------------------------------------------------------------------------------------------------


@pytest.fixture
def compliance(cast: Cast) -> Actor:
    return person("柯", roles.COMPLIANCE, cast.branch, Reach.ALL)


def drafted(cast: Cast, kind: str = LOAN, **changes: Any) -> TemplateVersion:
    """He writes a draft in which one clause says something else."""
    changed = write_clause(code="other_copies", name="份数与说明", body="本合同一式两份，双方各执一份。", by=cast.he)
    draft = draft_template(kind=kind, business_date=TODAY, by=cast.he)
    last = draft.wording.articles[-1]
    uses = tuple(replace(use, version=changed.version, body=changed.body) if use.clause == "other_copies" else use for use in last.clauses)
    said = replace(draft.wording, articles=(*draft.wording.articles[:-1], replace(last, clauses=uses)))
    return edit_template(**{"version_number": draft.number, "wording": said, "effective_from": TODAY, "by": cast.he, **changes})


@pytest.mark.django_db
def test_shipped_words_are_the_published_first_version_of_every_kind(cast: Cast) -> None:
    for kind in shipped.KINDS:
        version = queries.current(kind, TODAY)
        assert version is not None and (version.number, version.is_shipped) == (f"{kind}-v1", True)
        assert version.wording == shipped.wording(kind) and version.content_hash == rules.content_hash(shipped.wording(kind))


@pytest.mark.django_db
def test_one_writes_another_publishes_and_new_contracts_say_it(cast: Cast, compliance: Actor) -> None:
    draft = drafted(cast)
    version = submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    with pytest.raises(NotPermitted):
        publish_template(version_number=version.number, effective_from=TODAY, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.BeginsInThePast):
        publish_template(version_number=version.number, effective_from=TODAY - timedelta(days=1), business_date=TODAY, by=compliance)
    done = publish_template(version_number=version.number, effective_from=TODAY, business_date=TODAY, by=compliance)
    assert (done.status, done.published_by_name) == ("published", "柯") and queries.current(LOAN, TODAY - timedelta(days=1)) != done
    number = printed(prepare_contract(application_number=accepted(cast).number, business_date=TODAY, by=cast.he).number)
    paper = ContractPaper.objects.get(contract__number=number, kind=LOAN)
    assert paper.edition == "loan_contract-v2" and "一式两份" in paper.data
    with pytest.raises(IntegrityError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_templateversion SET content = '{}' WHERE number = 'loan_contract-v1'")


@pytest.mark.django_db
def test_who_wrote_in_it_does_not_publish_it(cast: Cast, compliance: Actor) -> None:
    draft = drafted(cast)
    edit_template(version_number=draft.number, wording=draft.wording, effective_from=TODAY, note="改", by=compliance)
    submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    with pytest.raises(SamePerson):
        publish_template(version_number=draft.number, effective_from=TODAY, business_date=TODAY, by=compliance)


@pytest.mark.django_db
def test_faults_stand_in_the_way_of_submitting_not_of_saving(cast: Cast) -> None:
    draft = draft_template(kind=LOAN, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.NothingChanged):
        submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    said = draft.wording
    bare = replace(said.articles[1], clauses=tuple(replace(use, when="") for use in said.articles[1].clauses))
    edit_template(version_number=draft.number, wording=replace(said, articles=(said.articles[0], bare, *said.articles[2:])),
                  effective_from=TODAY, by=cast.he)
    with pytest.raises(errors.FaultsLeft) as refused:
        submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    assert "reference_rate_name" in str(refused.value), "a fixed rate has no reference rate"
    edit_template(version_number=draft.number, wording=wording("{{nobody}}"), effective_from=TODAY, by=cast.he)
    with pytest.raises(errors.FaultsLeft):
        submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)


@pytest.mark.django_db
def test_two_editors_two_drafts_and_a_version_that_came_out_meanwhile(cast: Cast, compliance: Actor) -> None:
    draft = drafted(cast)
    other = draft_template(kind=LOAN, from_number=draft.number, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.EditedMeanwhile):
        edit_template(version_number=draft.number, wording=draft.wording, effective_from=TODAY, based_on="0" * 64, by=cast.he)
    submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.AnotherWaits):
        submit_template(version_number=other.number, business_date=TODAY, by=cast.he)
    with pytest.raises(errors.NotADraft):
        edit_template(version_number=draft.number, wording=draft.wording, effective_from=TODAY, by=cast.he)
    back = return_template(version_number=draft.number, opinion="补充说明", by=compliance)
    assert back.status == "draft"
    submit_template(version_number=draft.number, business_date=TODAY, by=cast.he)
    publish_template(version_number=draft.number, effective_from=TODAY, business_date=TODAY, by=compliance)
    with pytest.raises(errors.NewerPublished):
        submit_template(version_number=other.number, business_date=TODAY, by=cast.he)
    assert discard_template(version_number=other.number, reason="已有", by=cast.he).status == "discarded"
    with pytest.raises(WrongState):
        discard_template(version_number=other.number, by=cast.he)
    with pytest.raises(Invalid):
        draft_template(kind=LOAN, from_number="gps_notice-v1", business_date=TODAY, by=cast.he)
    with pytest.raises(Invalid):
        draft_template(kind="repayment_schedule", business_date=TODAY, by=cast.he)


@pytest.mark.django_db
def test_a_clause_gets_versions_and_says_only_what_exists(cast: Cast) -> None:
    first = write_clause(code="house_rule", name="本店约定", body="借款本金 {{principal}}。", by=cast.he)
    second = write_clause(code="house_rule", name="本店约定", body="借款本金共 {{principal}}。", note="加字", by=cast.he)
    assert (first.version, second.version) == (1, 2)
    for said in ({"code": "Bad Code"}, {"name": " "}, {"body": second.body}):
        with pytest.raises(Invalid):
            write_clause(**{"code": "house_rule", "name": "本店约定", "body": "x", "by": cast.he, **said})
    for body in ("{{nobody}}", "{principal}", ""):
        with pytest.raises(errors.FaultsLeft):
            write_clause(code="house_rule", name="本店约定", body=body, by=cast.he)
    with pytest.raises(NotPermitted):
        write_clause(code="house_rule", name="本店约定", body="x", by=cast.lin)


@pytest.mark.django_db
def test_by_page_a_draft_is_written_looked_at_and_published(cast: Cast, compliance: Actor, browser: Any) -> None:
    browser.acts_as(cast.he)
    listed = browser.get(reverse("contracts:templates")).content.decode()
    assert "loan_contract-v1" in listed and "借款合同" in listed and "partial" not in listed
    begun = browser.post(reverse("contracts:draft_template", args=["gps_notice-v1"]), {"_once": uuid4().hex})
    number = TemplateVersion.objects.get(status="draft").number
    assert begun.status_code == 302 and number in begun.url
    form = dict(browser.get(begun.url).context["form"].initial)
    said = {**form, "effective_from": TODAY.isoformat()}
    assert "看不懂" in browser.post(begun.url, {**said, "outline": "nonsense"}).content.decode()
    looked = browser.post(begun.url, {**said, "outline": "## 一\n- gps_data/1", "look": "yes"}).content.decode()
    assert "缺少必备内容" in looked and TemplateVersion.objects.get(number=number).content_hash == form["based_on"]
    added = form["outline"].replace("- gps_access/1", "- gps_access/1\n- privacy_purpose/1 when not is_company")
    assert browser.post(begun.url, {**said, "outline": added, "_once": uuid4().hex}).status_code == 302
    shown = browser.get(reverse("contracts:template", args=[number]))
    assert "<ins>" in shown.content.decode() and "没有发现问题" in shown.content.decode()
    picture = browser.get(reverse("contracts:template_page", args=[number, 2, 1]))
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n" and browser.get(reverse("contracts:template_page", args=[number, 4, 1])).status_code == 404
    assert browser.post(reverse("contracts:submit_template", args=[number]), {"_once": uuid4().hex}).status_code == 302
    browser.acts_as(compliance)
    assert browser.post(reverse("contracts:return_template", args=[number]), {"opinion": ""}).status_code == 422
    assert browser.post(reverse("contracts:return_template", args=[number]), {"opinion": "再看", "_once": uuid4().hex}).status_code == 302
    browser.acts_as(cast.he).post(reverse("contracts:submit_template", args=[number]), {"_once": uuid4().hex})
    browser.acts_as(compliance)
    address = reverse("contracts:publish_template", args=[number])
    assert browser.post(address, {"effective_from": "2020-01-01", "_once": uuid4().hex}).status_code == 422
    assert browser.post(address, {"effective_from": TODAY.isoformat(), "_once": uuid4().hex}).status_code == 302
    assert queries.current("gps_notice", TODAY) == TemplateVersion.objects.get(number=number)
    again = browser.acts_as(cast.he).post(reverse("contracts:draft_template", args=[number]), {"_once": uuid4().hex})
    other = again.url.split("/")[-3]
    assert browser.post(reverse("contracts:discard_template", args=[other]), {"reason": ""}).status_code == 422
    assert browser.post(reverse("contracts:discard_template", args=[other]), {"reason": "不改了", "_once": uuid4().hex}).status_code == 302
    library = reverse("contracts:clauses")
    assert "gps_no_removal/1" in browser.get(library).content.decode()
    clause = {"code": "shop_rule", "name": "本店", "body": "本店地址{{lender_name}}。", "note": "", "_once": uuid4().hex}
    assert browser.post(library, clause).status_code == 302 and "shop_rule/1" in browser.get(library).content.decode()
    assert browser.acts_as(cast.manager).post(library, {**clause, "_once": uuid4().hex}).status_code == 403
    assert browser.acts_as(cast.lin).get(library).status_code == 403


@pytest.mark.django_db
def test_by_api_the_same(cast: Cast, compliance: Actor, browser: Any) -> None:
    browser.acts_as(cast.he)
    base = "contracts/templates"
    assert len(browser.api(base).json()["items"]) == len(shipped.KINDS)
    made = browser.api(base, {"kind": "gps_notice"})
    assert made.status_code == 201 and made.json()["findings"] == []
    number, content = made.json()["number"], made.json()["content"]
    clause = browser.api("contracts/clauses", {"code": "gps_more", "name": "补充", "body": "装置归{{lender_name}}所有。"})
    assert clause.status_code == 201 and len(browser.api("contracts/clauses?limit=200").json()["items"]) == len(shipped.clauses()) + 1
    content["articles"][0]["clauses"].append({"clause": "gps_more", "version": 1, "when": ""})
    bad = {**content, "articles": [{**content["articles"][0], "block": "nonsense"}]}
    assert {row["code"] for row in browser.api(f"{base}/{number}/judge", bad).json()["findings"]} >= {"block_unknown", "obligatory_missing"}
    edited = browser.api(f"{base}/{number}/edit", {**content, "effective_from": TODAY.isoformat(), "note": "补充"})
    assert edited.status_code == 200 and edited.json()["findings"] == []
    assert browser.api(f"{base}/{number}/samples/1/1").content[:4] == b"\x89PNG"
    assert browser.api(f"{base}/{number}/submit", {}).json()["status"] == "submitted"
    browser.acts_as(compliance)
    assert browser.api(f"{base}/{number}/return", {"opinion": "再看"}).json()["status"] == "draft"
    browser.acts_as(cast.he).api(f"{base}/{number}/submit", {})
    done = browser.acts_as(compliance).api(f"{base}/{number}/publish", {"effective_from": TODAY.isoformat()})
    assert done.json()["status"] == "published" and browser.api(f"{base}/{number}").json()["published_by"] == "柯"
    other = browser.acts_as(cast.he).api(base, {"kind": "gps_notice"}).json()["number"]
    assert browser.api(f"{base}/{other}/discard", {"reason": "不改"}).json()["status"] == "discarded"
