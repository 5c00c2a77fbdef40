from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.errors import DealerClosed, DealerUnknown
from chezhe.channels.tests.dealing import dealer
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import FieldUnknown, Invalid, NotFound, NothingChanged, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.testing import WU
from chezhe.leads import errors, queries, rules
from chezhe.leads.actions.create_lead import create_lead
from chezhe.leads.actions.edit_lead import edit_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.reveal_field import reveal_field
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, WANG, ZHOU, lead


def create(by: object, on: date = TODAY, **changes: object) -> Lead:
    return create_lead(facts=replace(WANG, **changes), business_date=on, by=by)


def test_who_sells_keeps_what_she_took_down(cast: Cast) -> None:
    made = create_lead(facts=replace(WANG, mobile="+86 154 1234 5678"), is_mine=False, business_date=TODAY, by=cast.lin)
    assert made.number.startswith("LD26-") and (made.status, made.owner_id) == ("assigned", cast.lin.user_id)
    assert (made.masked_name, made.masked_mobile, made.protected_until) == ("王*生", "154****5678", date(2026, 4, 15))
    assert Event.objects.get(name="lead.created").payload == {"source": "walk_in"}


def test_a_manager_may_leave_it_for_assignment(cast: Cast) -> None:
    made = create_lead(facts=WANG, is_mine=False, business_date=TODAY, by=cast.gao)
    assert (made.status, made.owner_id, made.protected_until) == ("new", None, None)


def test_the_mobile_is_not_readable_in_the_database_nor_in_the_trail(cast: Cast) -> None:
    create(cast.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM leads_lead")
        assert WANG.mobile not in cursor.fetchone()[0]
    assert WANG.mobile not in str(list(AuditEntry.objects.values())) + str(list(Event.objects.values()))


@pytest.mark.parametrize(("field", "value", "code"), [
    ("name", "x", "person_name.form"), ("mobile", "123", "mobile.form"), ("source", "moon", "source_unknown"),
])
def test_it_refuses_a_bad_value(cast: Cast, field: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        create(cast.lin, **{field: value})
    assert (refused.value.field, refused.value.code) == (field, code) and not Lead.objects.exists()


def test_a_dealers_lead_names_an_active_dealer_of_the_branch(cast: Cast) -> None:
    harbour = dealer(cast.gao)
    with pytest.raises(errors.DealerNeeded):
        create(cast.lin, source="dealer")
    assert create(cast.lin, source="dealer", dealer_number=harbour.number).dealer == harbour
    with pytest.raises(DealerUnknown):
        create(cast.mei, source="dealer", dealer_number=harbour.number, mobile=ZHOU.mobile)
    suspend_dealer(dealer_number=harbour.number, reason="首逾偏高", by=cast.gao)
    with pytest.raises(DealerClosed):
        create(cast.lin, source="dealer", dealer_number=harbour.number, mobile=ZHOU.mobile)


def test_a_protected_twin_is_named_in_reach_and_only_told_out_of_it(cast: Cast) -> None:
    known = lead(cast.lin)
    with pytest.raises(errors.LeadExists) as refused:
        create(cast.gao)
    assert known.number in str(refused.value) and "林" in str(refused.value) and "2026-04-15" in str(refused.value)
    for by in (cast.mei, hire("方", cast.east, roles.SALES, reach=Reach.OWN)):
        with pytest.raises(errors.LeadExistsElsewhere) as told:
            create(by)
        assert known.number not in str(told.value)


def test_a_twin_in_the_pool_is_to_be_claimed(cast: Cast) -> None:
    known = lead(cast.lin)
    with pytest.raises(errors.LeadInPool) as refused:
        create(hire("方", cast.east, roles.SALES, reach=Reach.OWN), on=date(2026, 4, 16))
    assert known.number in str(refused.value)


def test_who_was_lost_may_ask_again(cast: Cast) -> None:
    lose_lead(lead_number=lead(cast.lin).number, reason_code="price", by=cast.lin)
    assert create(cast.lin).status == "assigned" and Lead.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_with_one_call_one_is_told() -> None:
    cast = make_cast()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def take(by: object) -> None:
        try:
            start.wait(timeout=10)
            create(by)
            outcomes.append("taken")
        except errors.LeadExistsElsewhere as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(by,)) for by in (cast.lin, cast.mei)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["lead_exists_elsewhere", "taken"]


def test_scope_and_rights(cast: Cast) -> None:
    made = lead(cast.lin)
    assert list(Lead.objects.visible_to(cast.gao)) == [made] and list(Lead.objects.visible_to(cast.lin)) == [made]
    for by in (cast.mei, WU, hire("方", cast.east, roles.SALES, reach=Reach.OWN)):
        assert not Lead.objects.visible_to(by).exists() and not queries.search(by, "王先生")
    for by in (cast.xu, cast.chen, WU):
        with pytest.raises(NotPermitted):
            create(by, mobile=ZHOU.mobile)
    with pytest.raises(NotFound):
        queries.open_subject(cast.mei, made.number)


def test_it_is_found_by_name_mobile_and_tail(cast: Cast) -> None:
    made = lead(cast.lin)
    for text in ("王先生", "先生", "15412345678", "5678", made.number, made.number.lower()):
        assert [hit.number for hit in queries.search(cast.lin, text)] == [made.number]
    for text in ("", "赵", "5679", "15412345679"):
        assert not queries.search(cast.lin, text)


def test_it_is_edited_once_at_a_time_and_only_while_open(cast: Cast) -> None:
    made = lead(cast.lin)
    edited = edit_lead(lead_number=made.number, version=made.version, changes={"city": "杭州"}, business_date=TODAY, by=cast.lin)
    with pytest.raises(StaleEdit):
        edit_lead(lead_number=made.number, version=made.version, changes={"city": "宁波"}, business_date=TODAY, by=cast.gao)
    with pytest.raises(NothingChanged):
        edit_lead(lead_number=made.number, version=edited.version, changes={"status": "lost"}, business_date=TODAY, by=cast.lin)
    other = lead(cast.lin, ZHOU)
    with pytest.raises(errors.LeadExists):
        edit_lead(lead_number=other.number, version=other.version, changes={"mobile": WANG.mobile}, business_date=TODAY, by=cast.lin)
    lost = lose_lead(lead_number=made.number, reason_code="price", by=cast.lin)
    with pytest.raises(WrongState):
        edit_lead(lead_number=made.number, version=lost.version, changes={"city": "宁波"}, business_date=TODAY, by=cast.lin)


def test_the_mobile_is_revealed_for_a_reason(cast: Cast) -> None:
    made = lead(cast.lin)
    assert reveal_field(lead_number=made.number, field_code="mobile", reason="首次回访", by=cast.lin).value == WANG.mobile
    assert AuditEntry.objects.get(verb="leads.reveal_field").reason == "首次回访"
    with pytest.raises(ReasonRequired):
        reveal_field(lead_number=made.number, field_code="mobile", reason="", by=cast.lin)
    with pytest.raises(FieldUnknown):
        reveal_field(lead_number=made.number, field_code="note", reason="好奇", by=cast.lin)
    with pytest.raises(NotFound):
        reveal_field(lead_number=made.number, field_code="mobile", reason="好奇", by=cast.mei)


def test_the_database_keeps_the_last_promise(cast: Cast) -> None:
    made = lead(cast.lin)
    for status in ("converted", "lost"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=made.pk).update(status=status)


@pytest.mark.parametrize(("assigned", "touched", "until"), [
    (None, None, None), (date(2026, 3, 16), None, date(2026, 4, 15)), (date(2026, 3, 16), date(2026, 4, 1), date(2026, 5, 1)),
    (date(2026, 4, 1), date(2026, 3, 16), date(2026, 5, 1)), (date(2028, 2, 1), None, date(2028, 3, 2)),
])
def test_protection_runs_thirty_days_from_the_last_work(assigned: date | None, touched: date | None, until: date | None) -> None:
    assert rules.protected_until(assigned, touched) == until
    if until:
        assert rules.is_protected(assigned, touched, until) and not rules.is_protected(assigned, touched, date.fromordinal(until.toordinal() + 1))
