"""Watch lists: a version comes, every customer is held against it once, and people judge what was found."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, OUYANG, WANG, company, person
from chezhe.kernel import clock, events, jobs, simulators, worklist
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.risk import tasks
from chezhe.risk.actions.clear_hit import clear_hit
from chezhe.risk.actions.confirm_hit import confirm_hit
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.propose_hit_release import propose_hit_release
from chezhe.risk.actions.screen_chunk import screen_chunk
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.facts import queries as facts
from chezhe.risk.screening import freezing, lists, queries
from chezhe.risk.screening.lists import Entry, Heading, ListUnreadable, VersionTwice
from chezhe.risk.screening.models import Hit, HitTurn, ListEntry, ListVersion, ScreenedChunk
from chezhe.risk.tests.crew import NOW, Crew, browser, crew, ten_in_the_morning  # noqa: F401

pytestmark = pytest.mark.django_db
HEADING = Heading("UN-SC", "sanction", "安理会制裁名单", "2026-03-16", "联合国安理会")
LISTED = Entry("P-1", "person", "王小明", ("WANG Xiaoming",), "1990-01-01", ("0007",), "制裁")
OTHER = Entry("P-2", "person", "赵无名", birth="1970")


def bring(by: Actor, *entries: Entry, version: str = "2026-03-16", heading: Heading = HEADING) -> ListVersion:
    return import_watch_list(heading=replace(heading, version=version), entries=entries or (LISTED, OTHER), by=by)


def run(version: ListVersion) -> None:
    for chunk in range(version.chunks):
        screen_chunk(watchlist_number=version.number, chunk=chunk, by=SYSTEM)
    version.refresh_from_db()


def hit_of(crew: Crew, *entries: Entry) -> Hit:  # noqa: F811
    person(WANG, crew.lin)
    run(bring(crew.he, *entries))
    return Hit.objects.get()


def test_a_new_version_finds_whom_it_names(crew: Crew) -> None:  # noqa: F811
    person(OUYANG, crew.lin)
    hit = hit_of(crew)
    assert (hit.customer.name, hit.role, hit.score, hit.status) == ("王小明", "customer", 100, "open")
    assert [code for code, _points in hit.reasons] == ["same_name", "same_birth_date", "same_id_tail"]
    said = Event.objects.get(name="screening.hit")
    assert said.subject == hit.customer.subject and said.payload == {"hit": hit.number, "list": "UN-SC", "freeze": True}
    version = ListVersion.objects.get()
    assert version.screened_at is not None and ScreenedChunk.objects.count() == version.chunks


def test_the_worker_is_asked_for_every_chunk_and_tells_when_it_is_over(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(lists, "CHUNK", 1)
    person(WANG, crew.lin)
    person(OUYANG, crew.lin)
    with jobs.in_line():
        version = bring(crew.he)
        assert version.chunks > 1 and jobs.run_due() == version.chunks
    version.refresh_from_db()
    assert version.screened_at is not None and Hit.objects.count() == 1
    assert Event.objects.filter(name="watchlist.screened").count() == 1


def test_a_chunk_done_twice_is_done_once(crew: Crew) -> None:  # noqa: F811
    hit_of(crew)
    run(ListVersion.objects.get())
    assert Hit.objects.count() == 1 and HitTurn.objects.count() == 1 and Event.objects.filter(name="screening.hit").count() == 1


def test_somebody_else_of_the_same_name_is_no_hit(crew: Crew) -> None:  # noqa: F811
    person(WANG, crew.lin)
    run(bring(crew.he, replace(LISTED, birth="1971-05-05", id_numbers=())))
    assert not Hit.objects.exists()


def test_a_whole_number_means_the_person_whatever_the_name(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew, Entry("P-9", "person", "化名", id_numbers=(WANG.id_number,)))
    assert hit.score == 100 and WANG.id_number not in str(ListEntry.objects.values().get())


def test_who_stands_behind_a_company_is_screened_too(crew: Crew) -> None:  # noqa: F811
    company(replace(FLEET, actual_controller="王小明"), crew.lin)
    run(bring(crew.he, LISTED, Entry("C-1", "company", FLEET.name), Entry("P-3", "person", "赵立")))
    assert sorted(Hit.objects.values_list("role", "matched")) == [
        ("actual_controller", "王小明"), ("customer", FLEET.name), ("legal_representative", "赵立")]


def test_a_new_customer_is_held_against_the_lists_at_once(crew: Crew) -> None:  # noqa: F811
    run(bring(crew.he))
    customer = person(WANG, crew.lin)
    events.deliver_all()
    assert Hit.objects.get().customer == customer and freezing.is_frozen(customer)


def test_whether_a_list_names_somebody_is_unknown_until_all_were_asked(crew: Crew) -> None:  # noqa: F811
    customer = person(OUYANG, crew.lin)
    screen_customer(customer_number=customer.number, by=crew.he)
    assert queries.watch_now(customer) is None
    run(bring(crew.he))
    assert queries.watch_now(customer) is False
    bring(crew.he, heading=replace(HEADING, code="PEP", kind="pep", title="政要名单"))
    assert queries.watch_now(customer) is None
    screen_customer(customer_number=customer.number, by=crew.he)
    assert queries.watch_now(customer) is False


def test_the_past_is_answered_as_it_was_known(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    with clock.at(NOW + timedelta(days=2)):
        clear_hit(screening_number=hit.number, reason="证件照片比对为另一人", by=crew.he)
    seen = [queries.watch_hit([hit.customer], NOW + timedelta(days=day)).get(hit.customer_id) for day in (-1, 0, 1, 2)]
    assert seen == [None, True, True, False]
    for day, expected in ((1, True), (2, False)):
        assert facts.known([hit.customer.subject], NOW + timedelta(days=day))["watch_list_hit"].value is expected


def test_a_false_match_is_cleared_with_a_reason_and_stays_cleared(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    with pytest.raises(ReasonRequired):
        clear_hit(screening_number=hit.number, reason=" ", by=crew.he)
    assert clear_hit(screening_number=hit.number, reason="证件照片比对为另一人", by=crew.he).status == "cleared"
    assert not freezing.is_frozen(hit.customer)
    assert Event.objects.get(name="screening.cleared").payload == {"hit": hit.number, "list": "UN-SC", "freeze": False}
    run(bring(crew.he, version="2026-03-17"))
    hit.refresh_from_db()
    assert hit.status == "cleared" and Hit.objects.count() == 1
    with pytest.raises(WrongState):
        clear_hit(screening_number=hit.number, reason="再排除一次", by=crew.hu)


def test_an_entry_that_changed_is_judged_again(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    clear_hit(screening_number=hit.number, reason="证件照片比对为另一人", by=crew.he)
    run(bring(crew.he, replace(LISTED, programme="新的制裁"), version="2026-03-17"))
    hit.refresh_from_db()
    assert hit.status == "open" and hit.entry.version.version == "2026-03-17" and queries.watch_now(hit.customer)


def test_an_entry_taken_off_the_list_still_waits_for_a_person(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    run(bring(crew.he, OTHER, version="2026-03-17"))
    hit.refresh_from_db()
    assert hit.status == "open" and not queries.is_still_listed(hit) and freezing.is_frozen(hit.customer)


def test_a_true_match_is_released_by_two(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    confirm_hit(screening_number=hit.number, reason="证件号码一致", by=crew.he)
    with pytest.raises(WrongState):
        clear_hit(screening_number=hit.number, reason="改主意了", by=crew.he)
    released = propose_hit_release(screening_number=hit.number, reason="已获主管机关许可", by=crew.he)
    assert freezing.is_frozen(hit.customer)
    for stranger, refusal in ((crew.he, SamePerson), (crew.hu, Exception)):
        with pytest.raises(refusal):
            cast_vote(request_number=released.request_number, verdict="agree", opinion="", by=stranger)
    cast_vote(request_number=released.request_number, verdict="agree", opinion="", by=crew.rui)
    hit.refresh_from_db()
    assert hit.status == "released" and not freezing.is_frozen(hit.customer) and queries.watch_now(hit.customer) is False


def test_who_confirmed_cannot_be_the_second_person_either(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    confirm_hit(screening_number=hit.number, reason="证件号码一致", by=crew.he)
    both = replace(crew.he, roles=crew.he.roles | crew.rui.roles, permissions=crew.he.permissions | crew.rui.permissions)
    request = propose_hit_release(screening_number=hit.number, reason="已获主管机关许可", by=crew.hu).request_number
    with pytest.raises(SamePerson):
        cast_vote(request_number=request, verdict="agree", opinion="", by=both)


def test_a_release_that_is_refused_leaves_the_match(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    confirm_hit(screening_number=hit.number, reason="证件号码一致", by=crew.he)
    request = propose_hit_release(screening_number=hit.number, reason="已获主管机关许可", by=crew.he).request_number
    cast_vote(request_number=request, verdict="reject", opinion="许可文件不全", by=crew.rui)
    hit.refresh_from_db()
    assert hit.status == "confirmed" and queries.watch_now(hit.customer) is True


def test_only_compliance_judges_and_imports_and_only_for_the_whole_house(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    for by in (crew.rui, crew.fei, crew.lin, crew.xu):
        with pytest.raises(NotPermitted):
            clear_hit(screening_number=hit.number, reason="不该由我来", by=by)
        with pytest.raises(NotPermitted):
            bring(by, version="2026-03-17")
    with pytest.raises(WholeHouseOnly):
        bring(replace(crew.he, reach=crew.lin.reach), version="2026-03-17")
    with pytest.raises(NotFound):
        clear_hit(screening_number=hit.number, reason="不在范围", by=replace(crew.he, reach=crew.lin.reach))
    with pytest.raises(NotPermitted):
        screen_chunk(watchlist_number=ListVersion.objects.get().number, chunk=0, by=crew.he)


CSV = "code,kind,name,aliases,birth,id_numbers,programme\nP-1,person,王小明,WANG Xiaoming|小明,1990-01-01,0007,制裁\nC-1,company,某某有限公司,,,,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_people_send(encoding: str) -> None:
    entries = lists.read_csv(CSV.encode(encoding))
    assert entries == [Entry("P-1", "person", "王小明", ("WANG Xiaoming", "小明"), "1990-01-01", ("0007",), "制裁"), Entry("C-1", "company", "某某有限公司")]


@pytest.mark.parametrize(("data", "words"), [
    (b"\xff\xfe\x00\x01\x02\x80\x80\x81", "不是"), (b"", "缺少列"), (b"code,name\nP-1,x\n", "kind"),
    (b"code,kind,name\n", "没有一行条目"),
])
def test_a_file_that_is_no_list_is_refused(crew: Crew, data: bytes, words: str) -> None:  # noqa: F811
    with pytest.raises(ListUnreadable) as refused:
        import_watch_list(heading=HEADING, entries=lists.read_csv(data), by=crew.he)
    assert words in str(refused.value)


@pytest.mark.parametrize(("entry", "words"), [
    (replace(LISTED, code=""), "缺少代码"), (replace(LISTED, kind="ship"), "种类须为"), (replace(LISTED, name="123"), "缺少姓名"),
    (replace(LISTED, name="王" * 201), "200"), (replace(LISTED, birth="1990-02-30"), "出生日期"), (replace(LISTED, birth="90"), "出生日期"),
    (replace(LISTED, id_numbers=("12",)), "证件号码"), (OTHER, "重复"),
])
def test_one_bad_row_refuses_the_whole_file_and_names_it(crew: Crew, entry: Entry, words: str) -> None:  # noqa: F811
    with pytest.raises(ListUnreadable) as refused:
        bring(crew.he, OTHER, entry)
    assert words in str(refused.value) and "第 3 行" in str(refused.value) and not ListVersion.objects.exists()


@pytest.mark.parametrize("heading", [
    replace(HEADING, kind="gossip"), replace(HEADING, code="a b"), replace(HEADING, title=" "), replace(HEADING, source=""),
])
def test_a_heading_that_says_too_little_is_refused(crew: Crew, heading: Heading) -> None:  # noqa: F811
    with pytest.raises(Invalid):
        bring(crew.he, heading=heading)


def test_a_version_comes_once_and_the_newest_counts(crew: Crew) -> None:  # noqa: F811
    first = bring(crew.he)
    with pytest.raises(VersionTwice):
        bring(crew.hu)
    second = bring(crew.he, version="2026-03-17")
    first.refresh_from_db()
    assert not first.is_current and queries.current_versions() == [second] and first.sha256 == second.sha256


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_moment_leave_one_version_in_force(crew: Crew) -> None:  # noqa: F811
    outcomes: list[str] = []

    def act(by: Actor, version: str) -> None:
        try:
            with clock.at(NOW), jobs.in_line():
                bring(by, version=version)
            outcomes.append("imported")
        except VersionTwice as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=said) for said in ((crew.he, "A"), (crew.hu, "A"), (crew.hu, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["imported", "imported", "watch_list_version_twice"]
    assert ListVersion.objects.filter(is_current=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_chunks_side_by_side_end_the_round_once(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(lists, "CHUNK", 1)
    person(WANG, crew.lin)
    person(OUYANG, crew.lin)
    with jobs.in_line():
        version = bring(crew.he)

    def act(chunk: int) -> None:
        try:
            with clock.at(NOW):
                screen_chunk(watchlist_number=version.number, chunk=chunk, by=SYSTEM)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(chunk,)) for chunk in [*range(version.chunks)] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    version.refresh_from_db()
    assert version.screened_at is not None and Hit.objects.count() == 1 and version.done.count() == version.chunks
    assert Event.objects.filter(name="watchlist.screened").count() == 1


def test_the_providers_lists_come_by_kind_and_only_once(crew: Crew) -> None:  # noqa: F811
    with simulators.in_process() as world, jobs.in_line():
        world.force("watchlists", "ok", "ok")
        assert tasks.fetch_watch_lists() == 4 and tasks.fetch_watch_lists() == 0
    kinds = dict(ListVersion.objects.values_list("code", "kind"))
    assert kinds == {"PROVIDER-SANCTION": "sanction", "PROVIDER-TERROR": "terror", "PROVIDER-PEP": "pep", "PROVIDER-WANTED": "adverse"}
    assert ListVersion.objects.filter(is_current=True).count() == 4


# Pages -------------------------------------------------------------------------------------------------------------------

def upload(data: str = CSV) -> dict[str, Any]:
    return {"code": "UN-SC", "kind": "sanction", "title": "制裁名单", "version": "1", "source": "联合国",
            "file": SimpleUploadedFile("list.csv", data.encode(), "text/csv")}


def test_a_list_is_uploaded_and_its_progress_shown(crew: Crew, browser: Any) -> None:  # noqa: F811
    person(WANG, crew.lin)
    browser.acts_as(crew.he)
    assert browser.post("/risk/screening/lists/", upload("code,kind\n")).status_code == 422 and not ListVersion.objects.exists()
    page = browser.post("/risk/screening/lists/", upload())
    version = ListVersion.objects.get()
    assert page.status_code == 302 and version.entries == 2
    assert 'hx-trigger="every 1s"' in browser.get(f"/risk/screening/lists/{version.number}/").content.decode()
    run(version)
    assert 'hx-trigger="every 1s"' not in browser.get(f"/risk/screening/lists/{version.number}/progress/").content.decode()
    assert version.number in browser.get("/risk/screening/lists/").content.decode()
    for stranger, status in ((crew.rui, 403), (crew.lin, 403)):
        assert browser.acts_as(stranger).post("/risk/screening/lists/", upload()).status_code == status
    assert browser.acts_as(crew.lin).get("/risk/screening/lists/").status_code == 403


def test_a_hit_is_judged_on_its_page(crew: Crew, browser: Any) -> None:  # noqa: F811
    hit = hit_of(crew)
    address = f"/risk/screening/hits/{hit.number}/"
    page = browser.acts_as(crew.he).get(address).content.decode()
    assert "王小明" in page and "姓名（名称）相同" in page and "业务冻结" in page
    assert "王小明</td><td>王小明" not in browser.acts_as(crew.xu).get(address).content.decode()
    assert browser.post(f"{address}judge/", {"verdict": "clear", "reason": "不该由我来"}).status_code == 403
    browser.acts_as(crew.he)
    assert browser.post(f"{address}judge/", {"verdict": "clear", "reason": ""}).status_code == 422
    assert browser.post(f"{address}judge/", {"verdict": "confirm", "reason": "证件号码一致"}).status_code == 302
    assert browser.post(f"{address}judge/", {"verdict": "clear", "reason": "改主意了"}).status_code == 422
    assert browser.post(f"{address}judge/", {"verdict": "release", "reason": "已获许可"}).status_code == 302
    hit.refresh_from_db()
    assert hit.status == "release_proposed" and hit.request_number in browser.get(address).content.decode()


def test_the_piles_count_hits_in_reach(crew: Crew) -> None:  # noqa: F811
    hit = hit_of(crew)
    pile = worklist.PILES["risk.hits"]
    assert pile.count(crew.he) == 1 and hit.number in pile.first(crew.he, 5)[0].title
    assert not pile.is_work_of(crew.rui) and pile.count(replace(crew.he, reach=crew.lin.reach)) == 0


def test_programs_import_screen_and_judge(crew: Crew, browser: Any) -> None:  # noqa: F811
    customer = person(WANG, crew.lin)
    browser.acts_as(crew.he)
    said = {"code": "UN-SC", "kind": "sanction", "title": "制裁名单", "version": "1", "source": "联合国",
            "entries": [{"code": "P-1", "kind": "person", "name": "王小明", "aliases": ["小明"], "birth": "1990-01-01"}]}
    made = browser.api("risk/watch-lists", said)
    assert made.status_code == 202 and made.json()["chunks_done"] == 0
    assert browser.api("risk/watch-lists", said).json()["code"] == "watch_list_version_twice"
    assert browser.api(f"risk/diligence/{customer.number}/screen", {}).json() == {
        "customer": customer.number, "watch_list_hit": True, "is_frozen": True}
    number = browser.api("risk/watch-list-hits?status=open").json()["items"][0]["number"]
    assert browser.api(f"risk/watch-list-hits/{number}/confirm", {"reason": "证件号码一致"}).json()["status"] == "confirmed"
    assert browser.api(f"risk/watch-list-hits/{number}/release", {"reason": "已获许可"}).json()["status"] == "release_proposed"
    assert browser.api(f"risk/watch-list-hits/{number}/clear", {"reason": "改主意了"}).status_code == 409
    assert browser.api("risk/watch-lists").json()["items"][0]["code"] == "UN-SC"
    assert browser.acts_as(crew.lin).api("risk/watch-list-hits").status_code == 403


def test_customers_out_of_reach_cannot_be_screened(crew: Crew) -> None:  # noqa: F811
    customer: Customer = person(WANG, crew.lin)
    with pytest.raises(NotFound):
        screen_customer(customer_number=customer.number, by=replace(crew.fei, reach=crew.mei.reach, user_id=crew.mei.user_id))
