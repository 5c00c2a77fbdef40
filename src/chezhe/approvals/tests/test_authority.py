"""propose_limit, declare_interest, end_interest: limits, interests, and the register of exceptions."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from chezhe.approvals import declaring, errors, limits, rules, steps
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.declare_interest import declare_interest
from chezhe.approvals.actions.end_interest import end_interest
from chezhe.approvals.actions.propose_limit import propose_limit
from chezhe.approvals.limiting import Proposed
from chezhe.approvals.models import AgreedException, Limit
from chezhe.approvals.steps import About
from chezhe.approvals.tasks import find_stuck
from chezhe.approvals.tests.desk import KIND, ask, delegation, known, team, vote
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, roles, subjects
from chezhe.kernel.errors import Invalid, NotFound, SamePerson
from chezhe.staff import steps as staff_steps
from chezhe.staff.tests.cast import AT, acting, branch, person, signed_in
from chezhe.staff.tokens import issue

pytestmark = pytest.mark.django_db
ON = AT.date()


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    known()
    monkeypatch.setitem(subjects._openers, "customer", _open)
    with clock.at(AT), jobs.in_line():
        yield


def _open(_actor, number):
    if not number.startswith("C26"):
        raise NotFound(what=number)
    return subjects.Subject(f"customer:{number}", "王*")


@pytest.fixture
def people():
    return team() | {"lu": person("lu", roles.COMPLIANCE)}


def limit(people, yuan, *, agreed=True, on=ON, **whose):
    bound = Proposed(kind=KIND, amount_max=Money(yuan * 100), starts_on=on, **(whose or {"role": roles.REVIEWER}))
    proposed = propose_limit(bound=bound, reason="授权管理", business_date=ON, by=acting(people["gao"]))
    if agreed:
        cast_vote(request_number=proposed.request_number, verdict="agree", by=acting(people["lu"]))
    return proposed


def test_a_limit_counts_once_a_second_person_has_agreed(people):
    proposed = limit(people, 50_000, agreed=False)
    assert vote(ask(people), people["rui"]).status == "approved", "only proposed"
    with pytest.raises(SamePerson):
        cast_vote(request_number=proposed.request_number, verdict="agree", by=acting(people["gao"]))
    cast_vote(request_number=proposed.request_number, verdict="agree", by=acting(people["lu"]))
    proposed.refresh_from_db()
    assert (proposed.status, proposed.settled_by_name) == ("in_force", "Lu")
    assert vote(ask(people), people["rui"]).status == "open"
    rejected = limit(people, 1, agreed=False)
    cast_vote(request_number=rejected.request_number, verdict="reject", opinion="不必", by=acting(people["lu"]))
    rejected.refresh_from_db()
    assert rejected.status == "rejected"


def test_whoever_is_above_the_limit_is_not_the_last_to_agree(people):
    limit(people, 50_000)
    limit(people, 300_000, role=roles.APPROVER)
    request = ask(people)
    assert vote(request, people["rui"]).status == "open"
    request.refresh_from_db()
    assert [stage.role for stage in request.stage_list] == [roles.REVIEWER, roles.APPROVER]
    assert [h.verb for h in request.handlings.all()] == ["lengthen"]
    assert vote(request, people["chen"]).status == "approved"


def test_up_to_the_limit_it_ends(people):
    limit(people, 100_000)
    assert vote(ask(people), people["rui"]).status == "approved"
    assert vote(ask(people, amount=Money(10_000_001)), people["rui"]).status == "open"


def test_above_everybody_the_committee_is_asked(people):
    limit(people, 50_000)
    limit(people, 60_000, role=roles.APPROVER)
    request = ask(people)
    vote(request, people["rui"])
    request.refresh_from_db()
    assert request.current_stage.is_committee and request.current_stage.veto == roles.RISK_MANAGER
    for name, status in (("chen", "open"), ("du", "open"), ("shen", "approved")):
        assert vote(request, people[name]).status == status


def test_rejecting_needs_no_limit(people):
    limit(people, 0)
    assert vote(ask(people), people["rui"], "reject", "不符").status == "rejected"


def test_where_there_are_limits_nobody_is_without(people):
    limit(people, 300_000, role=roles.APPROVER)
    request = ask(people)
    assert limits.limit_of(request, acting(people["rui"])) == Money(0)
    assert vote(request, people["rui"]).status == "open"


def test_the_nearest_limit_counts(people):
    request = ask(people, about=About(facts={"product": "P02"}))
    rui = acting(people["rui"])
    for yuan, whose in (
        (10, {"role": roles.REVIEWER}), (20, {"role": roles.REVIEWER, "product": "P02"}),
        (30, {"role": roles.REVIEWER, "branch_code": "SH01"}), (40, {"username": "rui"}),
    ):
        limit(people, yuan, **whose)
        assert limits.limit_of(request, rui) == Money(yuan * 100)
    limit(people, 5, role=roles.REVIEWER, product="P01")
    branch("HZ01", "杭州一店")
    limit(people, 6, role=roles.REVIEWER, branch_code="HZ01")
    assert limits.limit_of(request, acting(people["rong"])) == Money(3_000)
    limit(people, 99, username="rui", on=ON + timedelta(days=1))
    assert limits.limit_of(request, rui) == Money(4_000), "not before its day"


def test_a_delegate_is_bound_by_both(people):
    limit(people, 50_000)
    limit(people, 300_000, role=roles.APPROVER)
    request = ask(people)
    for giver, taker, role in (("rui", "chen", roles.REVIEWER), ("chen", "rui", roles.APPROVER)):
        by = staff_steps.actor_for(people[taker], AT, acting_for=delegation(people[giver], people[taker], role))
        assert limits.limit_of(request, by) == Money(5_000_000), (giver, taker)


def test_bounds_are_read_without_a_database():
    bounds = [rules.Bound("reviewer", None, None, "", 10), rules.Bound("approver", None, None, "", 30), rules.Bound("", 7, None, "", 20)]
    assert rules.bound_of(bounds, {"reviewer", "approver"}, {1}) == 30
    assert rules.bound_of(bounds, {"reviewer", "approver"}, {7}) == 20
    assert rules.bound_of(bounds, {"sales"}, {1}) is None
    assert rules.roles_up_to(bounds, 11) == ["approver"]


@pytest.mark.parametrize(("given", "code"), [
    ({"kind": "nothing"}, "kind_unknown"), ({"role": ""}, "limit_of_whom"), ({"username": "rui"}, "limit_of_whom"),
    ({"role": "king"}, "role_unknown"), ({"amount_max": Money(-1)}, "limit_out_of_range"), ({"role": "", "username": "no"}, "user_unknown"),
    ({"starts_on": ON - timedelta(days=1)}, "limit_past"), ({"branch_code": "XX"}, "branch_unknown"),
])
def test_a_wrong_limit_is_refused_beside_its_field(people, given, code):
    bound = Proposed(**({"kind": KIND, "role": roles.REVIEWER, "amount_max": Money(1), "starts_on": ON} | given))
    with pytest.raises(Invalid) as refused:
        propose_limit(bound=bound, reason="x", business_date=ON, by=acting(people["gao"]))
    assert refused.value.code == code
    assert not Limit.objects.filter(kind=KIND).exists()


def test_whoever_has_an_interest_stays_out(people):
    rui = acting(people["rui"])
    interest = declare_interest(subject="customer:C26-000001-1", kind="relative", words="表弟", business_date=ON, by=rui)
    request = ask(people, about=About(concerns=["customer:C26-000001-1", "dealer:D26-000002-9"]))
    with pytest.raises(errors.Biased) as refused:
        vote(request, people["rui"])
    assert "C26-000001-1" in str(refused.value) and "近亲属" in str(refused.value)
    by = staff_steps.actor_for(people["du"], AT, acting_for=delegation(people["rui"], people["du"], roles.REVIEWER))
    with pytest.raises(errors.Biased):
        steps.cast_vote(request_number=request.number, verdict="agree", by=by)
    page = signed_in(people["rui"]).get(reverse("approvals:request", args=[request.number])).content.decode()
    assert "须回避" in page
    with pytest.raises(SamePerson):
        declaring.end(interest.number, "x", ON, rui)
    end_interest(interest_number=interest.number, reason="已不往来", business_date=ON, by=acting(people["lu"]))
    with pytest.raises(declaring.InterestOver):
        end_interest(interest_number=interest.number, reason="x", business_date=ON, by=acting(people["lu"]))
    assert vote(request, people["rui"]).status == "approved"


def test_an_interest_that_leaves_nobody_is_seen(people):
    for name in ("rui", "rong"):
        declare_interest(subject="C26-000001-1", kind="other", business_date=ON, by=acting(people[name]))
    request = ask(people, {"role": roles.REVIEWER}, about=About(concerns=["customer:C26-000001-1"]))
    assert find_stuck() == 1
    request.refresh_from_db()
    assert request.stuck_at == AT


def test_who_declares_what_for_whom(people):
    rui = acting(people["rui"])
    for given, code in (
        ({"subject": "C99"}, "subject_unknown"), ({"subject": "loan:L1"}, "subject_unknown"), ({"kind": "friend"}, "interest_unknown"),
        ({"username": "rong"}, "interest_of_whom"),
    ):
        with pytest.raises(Invalid) as refused:
            declare_interest(**({"subject": "C26-000001-1", "kind": "other", "business_date": ON, "by": rui} | given))
        assert refused.value.code == code
    declare_interest(subject="C26-000001-1", kind="other", username="rui", business_date=ON, by=acting(people["lu"]))
    with pytest.raises(declaring.InterestKnown):
        declare_interest(subject="C26-000001-1", kind="other", business_date=ON, by=rui)


def test_what_was_let_pass_stands_in_the_register_with_who_agreed(people):
    about = About(facts={"product": "P02", "ltv": "0.8312", "tier": "B", "dti": None}, exceptions=[("LTV_OVER", "成数超过政策")])
    stages = ({"role": roles.REVIEWER}, {"role": roles.APPROVER})
    request = ask(people, *stages, about=about)
    vote(request, people["rui"], opinion="车况好")
    assert not AgreedException.objects.exists()
    vote(request, people["chen"], opinion="可放行")
    row = AgreedException.objects.get()
    assert (row.code, row.agreed_by_names, row.reason) == ("LTV_OVER", "Rui、Chen", "车况好\n可放行")
    assert row.agreed_by == sorted([people["rui"].pk, people["chen"].pk])
    vote(ask(people, about=about), people["rui"], "reject", "不放行")
    assert AgreedException.objects.count() == 1, "what was rejected let nothing pass"
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreedException.objects.update(words="改写")
    browser = signed_in(people["shen"])
    page = browser.get("/approvals/exceptions/").content.decode()
    assert "成数超过政策" in page and "Rui、Chen" in page
    assert "成数超过政策" in browser.get("/approvals/exceptions/?export=csv").content.decode()
    assert signed_in(people["rui"]).get("/approvals/exceptions/").status_code == 403


def test_the_pages_of_limits_and_interests(people):
    gao, lu, rui = (signed_in(people[name]) for name in ("gao", "lu", "rui"))
    given = {"kind": KIND, "role": roles.REVIEWER, "amount_max": "100000", "starts_on": ON.isoformat(), "reason": "授权"}
    assert gao.post("/approvals/limits/new/", given | {"role": ""}).status_code == 422
    assert gao.post("/approvals/limits/new/", given).url == "/approvals/limits/"
    assert "100,000.00" in gao.get("/approvals/limits/").content.decode()
    assert rui.post("/approvals/limits/new/", given).status_code == 403
    assert rui.post("/approvals/interests/new/", {"subject": "C26-000001-1", "kind": "relative", "words": "表弟"}).url == "/approvals/interests/"
    assert "C26-000001-1" in rui.get("/approvals/interests/").content.decode()
    assert "C26-000001-1" not in gao.get("/approvals/interests/").content.decode()
    number = declaring.Interest.objects.get().number
    assert lu.post(f"/approvals/interests/{number}/end/", {"reason": "已不往来"}).url == "/approvals/interests/"
    assert rui.post(f"/approvals/interests/{number}/end/", {"reason": "x"}).status_code == 403


def test_authority_over_rest(people):
    def call(name, path, key="", **body):
        _row, token = issue(people[name], "t", sorted(acting(people[name]).permissions), AT + timedelta(days=1), AT)
        headers = {"Authorization": f"Bearer {token}"}
        if not key:
            return Client().get(f"/api/v1/approvals/{path}", headers=headers)
        return Client().post(f"/api/v1/approvals/{path}", json.dumps(body), content_type="application/json",
                             headers=headers | {"Idempotency-Key": key})

    given = {"kind": KIND, "role": "reviewer", "amount_max": "100000.00", "starts_on": ON.isoformat(), "reason": "授权"}
    assert call("gao", "limits", "a", **given).json()["status"] == "proposed"
    assert call("gao", "limits").json()["items"][0]["amount_max"] == "100000.00"
    made = call("rui", "interests", "b", subject="C26-000001-1", kind="relative").json()
    assert call("rui", "interests").json()["items"][0]["number"] == made["number"]
    assert call("lu", f"interests/{made['number']}/end", "c", reason="终止").json()["ends_on"] == ON.isoformat()
    assert call("shen", "exceptions").json()["items"] == []
