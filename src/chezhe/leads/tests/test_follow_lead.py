from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection

from chezhe.customers.errors import CustomerExists
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, person
from chezhe.customers.tests.filing import WANG as WANG_PAPERS
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.kernel import moves, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU
from chezhe.leads import errors, queries
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.actions.claim_lead import claim_lead
from chezhe.leads.actions.convert_lead import convert_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.mark_duplicate import mark_duplicate
from chezhe.leads.actions.qualify_lead import qualify_lead
from chezhe.leads.actions.record_touch import record_touch
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD
from chezhe.leads.tests.asking import TODAY, WANG, ZHOU, lead
from chezhe.staff.models import User

POOL_DAY = date(2026, 4, 16)


@pytest.fixture
def fang(cast: Cast) -> Actor:
    """Fang sells in Lin's branch."""
    return hire("方", cast.east, roles.SALES, reach=Reach.OWN)


def touch(made: Lead, by: Actor, on: date = TODAY, **more: object) -> Lead:
    return record_touch(lead_number=made.number, kind="phone", outcome="interested", business_date=on, by=by, **more)


def qualified(by: Actor, **more: object) -> Lead:
    made = lead(by, **more)
    touch(made, by)
    return qualify_lead(lead_number=made.number, by=by)


def test_its_whole_life(cast: Cast) -> None:
    made = create = lead(cast.lin)
    touch(made, cast.lin, note="周末来店", touch_next_on=date(2026, 3, 21))
    qualify_lead(lead_number=made.number, by=cast.lin)
    done = convert_lead(lead_number=made.number, facts=WANG_PAPERS, business_date=TODAY, by=cast.lin)
    assert (done.status, done.customer.name, done.customer.source) == ("converted", "王小明", create.subject)
    assert (done.customer.owner_id, done.touch_next_on) == (cast.lin.user_id, None)
    assert [m.status_to for m in moves.history(made.subject)] == ["new", "assigned", "contacted", "qualified", "converted"]
    assert Event.objects.get(name="lead.converted").payload["customer"] == done.customer.number


@pytest.mark.parametrize("verb", ["assign", "touch", "qualify", "convert", "lose", "mark_duplicate"])
@pytest.mark.parametrize("status", LEAD.statuses)
def test_every_verb_at_every_status(cast: Cast, status: str, verb: str) -> None:
    made = lead(cast.lin)
    customer = person(WANG_PAPERS, cast.lin)
    Lead.objects.filter(pk=made.pk).update(status=status, customer=customer, lost_reason="price")
    number = {"lead_number": made.number}
    act = {
        "assign": lambda: assign_lead(owner_username=_username(cast.lin), business_date=TODAY, by=cast.gao, **number),
        "touch": lambda: touch(made, cast.lin), "qualify": lambda: qualify_lead(by=cast.lin, **number),
        "convert": lambda: convert_lead(customer_number=customer.number, business_date=TODAY, by=cast.lin, **number),
        "lose": lambda: lose_lead(reason_code="price", by=cast.lin, **number),
        "mark_duplicate": lambda: mark_duplicate(reason="同一客户", by=cast.lin, **number),
    }[verb]
    if LEAD.allows(status, verb):
        assert act().status == LEAD.moves[status, verb]
    else:
        with pytest.raises(WrongState):
            act()
        made.refresh_from_db()
        assert made.status == status


def _username(by: Actor) -> str:
    return User.objects.get(pk=by.user_id).username


def test_a_manager_assigns_within_the_branch(cast: Cast, fang: Actor) -> None:
    made = lead(cast.gao, is_owned=False)
    given = assign_lead(lead_number=made.number, owner_username=_username(fang), business_date=TODAY, by=cast.gao)
    assert (given.status, given.owner_id, given.protected_until) == ("assigned", fang.user_id, date(2026, 4, 15))
    for name in ("nobody", _username(cast.mei)):
        with pytest.raises(errors.AssigneeUnknown):
            assign_lead(lead_number=made.number, owner_username=name, business_date=TODAY, by=cast.gao)
    with pytest.raises(NotPermitted):
        assign_lead(lead_number=made.number, owner_username=_username(fang), business_date=TODAY, by=cast.lin)


def test_work_prolongs_the_protection_and_the_next_day_cannot_be_past(cast: Cast) -> None:
    made = lead(cast.lin)
    assert touch(made, cast.lin, date(2026, 4, 10)).protected_until == date(2026, 5, 10)
    with pytest.raises(errors.TouchInPast):
        touch(made, cast.lin, touch_next_on=date(2026, 3, 15))
    assert made.touches.count() == 1


def test_a_lead_without_an_owner_is_assigned_first(cast: Cast) -> None:
    made = lead(cast.gao, is_owned=False)
    with pytest.raises(errors.OwnerNeeded):
        touch(made, cast.gao)


def test_the_pool_holds_what_nobody_works_on(cast: Cast, fang: Actor) -> None:
    made, orphan = lead(cast.lin), lead(cast.gao, ZHOU, is_owned=False)
    assert list(queries.pool(fang, date(2026, 4, 15))) == [orphan]
    assert set(queries.pool(fang, POOL_DAY)) == {made, orphan}
    assert made.is_in_pool(POOL_DAY) and not made.is_in_pool(date(2026, 4, 15))
    touch(made, cast.lin, date(2026, 4, 1))
    assert list(queries.pool(fang, POOL_DAY)) == [orphan]
    assert not queries.pool(cast.mei, POOL_DAY).exists() and not queries.pool(WU, POOL_DAY).exists()


def test_who_claims_gets_it_and_its_protection(cast: Cast, fang: Actor) -> None:
    made = lead(cast.lin)
    with pytest.raises(errors.LeadProtected) as refused:
        claim_lead(lead_number=made.number, business_date=TODAY, by=fang)
    assert "林" in str(refused.value) and "2026-04-15" in str(refused.value)
    with pytest.raises(NotFound):
        claim_lead(lead_number=made.number, business_date=POOL_DAY, by=cast.mei)
    taken = claim_lead(lead_number=made.number, business_date=POOL_DAY, by=fang)
    assert (taken.owner_id, taken.protected_until) == (fang.user_id, date(2026, 5, 16))
    assert not Lead.objects.visible_to(cast.lin).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reach_for_it_one_gets_it() -> None:
    cast = make_cast()
    fang, he = (hire(name, cast.east, roles.SALES, reach=Reach.OWN) for name in ("方", "何"))
    made = lead(cast.lin)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def reach(by: Actor) -> None:
        try:
            start.wait(timeout=10)
            claim_lead(lead_number=made.number, business_date=POOL_DAY, by=by)
            outcomes.append("mine")
        except errors.LeadProtected as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=reach, args=(by,)) for by in (fang, he)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["lead_protected", "mine"]


def test_a_lost_lead_says_why(cast: Cast) -> None:
    made = lead(cast.lin)
    with pytest.raises(Invalid) as refused:
        lose_lead(lead_number=made.number, reason_code="mood", by=cast.lin)
    assert refused.value.field == "reason_code"
    assert lose_lead(lead_number=made.number, reason_code="competitor", reason="银行利率低", by=cast.lin).lost_reason == "competitor"
    assert moves.history(made.subject)[-1].reason == "银行利率低"
    with pytest.raises(ReasonRequired):
        mark_duplicate(lead_number=lead(cast.lin, ZHOU).number, reason="", by=cast.lin)


def test_it_becomes_a_company_or_links_the_customer_who_is_there(cast: Cast) -> None:
    made = qualified(cast.lin)
    assert convert_lead(lead_number=made.number, facts=FLEET, business_date=TODAY, by=cast.lin).customer.kind == "company"
    known, again = person(WANG_PAPERS, cast.lin), qualified(cast.lin, facts=ZHOU)
    linked = convert_lead(lead_number=again.number, customer_number=known.number.lower(), business_date=TODAY, by=cast.lin)
    assert linked.customer == known


def test_a_conversion_that_fails_leaves_everything_as_it_was(cast: Cast) -> None:
    made = qualified(cast.lin)
    for arguments, error in (
        ({}, errors.CustomerOrFacts), ({"facts": WANG_PAPERS, "customer_number": "C26-1"}, errors.CustomerOrFacts),
        ({"customer_number": "C26-000000-0"}, errors.CustomerUnknown),
    ):
        with pytest.raises(error):
            convert_lead(lead_number=made.number, business_date=TODAY, by=cast.lin, **arguments)
    person(WANG_PAPERS, cast.lin)
    with pytest.raises(CustomerExists):
        convert_lead(lead_number=made.number, facts=WANG_PAPERS, business_date=TODAY, by=cast.lin)
    made.refresh_from_db()
    assert (made.status, made.customer_id) == ("qualified", None) and Customer.objects.count() == 1


def test_a_manager_converts_for_the_one_who_followed_it_up(cast: Cast) -> None:
    made = qualified(cast.lin)
    done = convert_lead(lead_number=made.number, facts=WANG_PAPERS, business_date=TODAY, by=cast.gao)
    assert done.customer.owner_id == cast.lin.user_id


def test_another_branch_can_do_nothing(cast: Cast) -> None:
    made = lead(cast.lin)
    for act in (
        lambda: touch(made, cast.mei), lambda: qualify_lead(lead_number=made.number, by=cast.mei),
        lambda: lose_lead(lead_number=made.number, reason_code="price", by=cast.mei),
        lambda: mark_duplicate(lead_number=made.number, reason="同一客户", by=cast.mei),
        lambda: convert_lead(lead_number=made.number, facts=WANG_PAPERS, business_date=TODAY, by=cast.mei),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_waits_for_whom(cast: Cast) -> None:
    made = lead(cast.lin)
    assert list(queries.due(cast.lin, TODAY)) == [made] and not queries.due(cast.gao, TODAY).exists()
    touch(made, cast.lin, touch_next_on=date(2026, 3, 20))
    assert not queries.due(cast.lin, date(2026, 3, 19)).exists() and queries.due(cast.lin, date(2026, 3, 20)).exists()
    orphan = lead(cast.gao, ZHOU, is_owned=False)
    assert queries.count_unassigned(cast.gao) == 1 and queries.first_unassigned(cast.gao, 5)[0].url.endswith(f"{orphan.number}/")
    assert WANG.name not in str(queries.first_due(cast.lin, 5))


def test_the_board_counts_and_sorts(cast: Cast) -> None:
    made = lead(cast.lin)
    touch(made, cast.lin)
    lead(cast.lin, ZHOU)
    columns = {c.key: (c.count, len(c.cards)) for c in queries.board(cast.gao, Lead.objects.visible_to(cast.gao))}
    assert columns == {"new": (0, 0), "assigned": (1, 1), "contacted": (1, 1), "qualified": (0, 0)}


def test_the_same_mobile_as_a_customers_is_noticed(cast: Cast) -> None:
    known, made = person(WANG_PAPERS, cast.lin), lead(cast.lin)
    assert queries.known_customers(made, cast.lin) == [known] and not queries.known_customers(made, cast.mei)
