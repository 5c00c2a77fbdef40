"""Complaints are answered by their day, by compliance; ratings are one to five, once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.utils import IntegrityError

from chezhe.compliance import queries
from chezhe.compliance.actions.answer_complaint import answer_complaint
from chezhe.compliance.actions.close_complaint import close_complaint
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.models import Complaint, Rating
from chezhe.compliance.steps import voices
from chezhe.kernel import business_date, worklist
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
TODAY, SUBJECT = date(2026, 3, 16), "probe:P1"


def filed(cast, kind="fee", words="多收了一笔费用", by="lin"):
    return file_complaint(subject=SUBJECT, kind=kind, words=words, business_date=TODAY, by=cast[by])


def test_it_is_received_answered_and_closed_by_the_day_that_the_rules_name(cast):
    one = filed(cast)
    assert (one.status, one.channel, one.due_on, one.received_by_name) == ("received", "staff", date(2026, 3, 31), "Lin")
    assert filed(cast) == one, "the same said again while it waits is one complaint"
    with pytest.raises(WrongState):
        close_complaint(complaint_number=one.number, by=cast["he"])
    with pytest.raises(ReasonRequired):
        answer_complaint(complaint_number=one.number, answer="  ", by=cast["he"])
    with pytest.raises(NotPermitted):
        answer_complaint(complaint_number=one.number, answer="已处理", by=cast["lin"])
    answered = answer_complaint(complaint_number=one.number, answer="费用已退回", by=cast["he"])
    assert (answered.status, answered.answered_by_name) == ("answered", "He")
    with pytest.raises(WrongState):
        answer_complaint(complaint_number=one.number, answer="再说一次", by=cast["he"])
    assert close_complaint(complaint_number=one.number, by=cast["he"]).status == "closed"
    assert [event.name for event in Event.objects.filter(name__startswith="complaint.").order_by("id")] == [
        "complaint.received", "complaint.answered"]
    assert filed(cast).pk != one.pk


def test_the_days_are_those_of_the_parameter(cast):
    Parameter.objects.create(code="COMPLAINT_DAYS", value="10", unit="days", effective_from=date(2026, 3, 1), source="试")
    assert filed(cast).due_on == date(2026, 3, 26)


def test_what_is_none_is_refused_and_what_is_out_of_reach_is_not_there(cast):
    for more, refusal in (({"kind": "nothing"}, Invalid), ({"words": ""}, ReasonRequired)):
        with pytest.raises(refusal):
            filed(cast, **more)
    with pytest.raises((NotFound, NotPermitted)):
        file_complaint(subject=SUBJECT, kind="fee", words="x", business_date=TODAY, by=WU)
    one = filed(cast)
    with pytest.raises((NotFound, NotPermitted)):
        close_complaint(complaint_number=one.number, by=WU)
    with pytest.raises(NotFound):
        answer_complaint(complaint_number="TS26-000999-9", answer="x", by=cast["he"])


def test_compliance_reads_answers_and_closes_by_page(cast, browser):
    business_date.open_day(TODAY)
    one = filed(cast)
    listed = browser.acts_as(cast["he"]).get("/compliance/complaints/")
    assert listed.status_code == 200 and one.number in listed.content.decode()
    address = f"/compliance/complaints/{one.number}/"
    assert "多收了一笔费用" in browser.get(address).content.decode()
    assert browser.post(f"{address}answer/", {"answer": ""}).status_code == 422
    assert browser.post(f"{address}answer/", {"answer": "费用已退回"}).status_code == 302
    assert browser.post(f"{address}close/").status_code == 302
    one.refresh_from_db()
    assert one.status == "closed" and "费用已退回" in browser.get(address).content.decode()
    assert browser.acts_as(cast["lin"]).get("/compliance/complaints/").status_code == 403
    panel = f"/compliance/complaints/of/?subject={SUBJECT}"
    assert one.number in browser.get(panel).content.decode()
    assert browser.post(panel, {"kind": "service", "words": "电话没人接"}).status_code == 200
    assert Complaint.objects.filter(kind="service").count() == 1
    assert browser.acts_as(WU).get(panel).status_code in (403, 404)
    pile = worklist.PILES["compliance.complaints"]
    assert pile.count(cast["he"]) == 1 and pile.first(cast["he"], 5)[0].title.startswith("TS26-")


def test_programs_file_read_answer_and_close(cast, browser):
    business_date.open_day(TODAY)
    made = browser.acts_as(cast["lin"]).api("compliance/complaints", {"subject": SUBJECT, "kind": "fee", "words": "多收了"})
    assert made.status_code == 201
    number = made.json()["number"]
    browser.acts_as(cast["he"])
    assert browser.api("compliance/complaints").json()["items"][0]["number"] == number
    assert browser.api(f"compliance/complaints/{number}/answer", {"answer": "已退"}).json()["status"] == "answered"
    assert browser.api(f"compliance/complaints/{number}/close", {}).json()["status"] == "closed"
    assert browser.api(f"compliance/complaints/{number}").json()["answer"] == "已退"


def test_a_rating_is_one_to_five_and_once_and_the_page_shows_the_average(cast, browser):
    business_date.open_day(TODAY)
    for place, stars in enumerate((5, 4, 4)):
        voices.rate(subject=SUBJECT, about=f"loan:L{place}", occasion="payout", stars=stars, words="", on=TODAY)
    for stars in (0, 6):
        with pytest.raises(Invalid):
            voices.rate(subject=SUBJECT, about="loan:L9", occasion="payout", stars=stars, words="", on=TODAY)
    with pytest.raises(voices.RatedAlready):
        voices.rate(subject=SUBJECT, about="loan:L0", occasion="payout", stars=1, words="", on=TODAY)
    with pytest.raises(IntegrityError):
        Rating.objects.create(subject_text=SUBJECT, about="loan:L0", occasion="payout", stars=1, rated_on=TODAY, rated_at="2026-03-16T10:00+08:00")


def test_the_averages_stand_by_month_and_occasion_in_a_chart_with_its_table(cast, browser):
    business_date.open_day(TODAY)
    for place, (stars, day) in enumerate([(5, TODAY), (4, TODAY), (4, TODAY), (2, date(2026, 2, 10)), (1, date(2025, 1, 1))]):
        voices.rate(subject=SUBJECT, about=f"loan:L{place}", occasion="payout", stars=stars, words="很快", on=day)
    assert [(one.month, one.count, str(one.average)) for one in queries.rated_by_month(TODAY)] == [
        ("2026-02", 1, "2.000"), ("2026-03", 3, "4.333")]
    page = browser.acts_as(cast["he"]).get("/compliance/ratings/")
    assert page.status_code == 200 and "4.333" in page.content.decode() and "2026-02" in page.content.decode()
    assert browser.acts_as(cast["lin"]).get("/compliance/ratings/").status_code == 403
    browser.acts_as(cast["he"])
    assert len(browser.api("compliance/ratings").json()["items"]) == 5
