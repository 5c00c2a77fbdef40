"""A version's way from draft to deciding: two people, sound, never changed afterwards, and back again in one action."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from chezhe.approvals import queries as approval_queries
from chezhe.approvals import steps as approval_steps
from chezhe.decisiontables import sheets
from chezhe.kernel import roles
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU
from chezhe.policies import errors, menu, queries, vocabulary
from chezhe.policies.actions.cancel_version import BegunAlready, cancel_version
from chezhe.policies.actions.discard_version import discard_version
from chezhe.policies.actions.edit_version import edit_version
from chezhe.policies.actions.import_table import import_table
from chezhe.policies.actions.rebase_version import rebase_version
from chezhe.policies.actions.return_version import return_version
from chezhe.policies.actions.roll_back_policy import InForceAlready, NeverInForce, roll_back_policy
from chezhe.policies.actions.submit_version import AnotherWaits, NothingChanged
from chezhe.policies.models import PolicyVersion
from chezhe.policies.rules import Offered
from chezhe.policies.tests.acting import (
    DAY,
    LATER,
    answer,
    changed,
    drafted,
    person,
    published,
    saved,
    submitted,
    through,
)

pytestmark = pytest.mark.django_db


def again(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.get(pk=version.pk)


def roll_back(by, to: str, reason: str = "误伤太多", on: date = DAY, code: str = "tier") -> PolicyVersion:
    return roll_back_policy(policy_code=code, to_number=to, reason=reason, business_date=on, by=by)


# ---- drafting ----


def test_a_draft_begins_with_the_newest_table_and_several_can_be_written_side_by_side(maker) -> None:
    first, second = drafted(maker), drafted(maker)
    assert [one.number for one in (first, second)] == ["tier-v2", "tier-v3"]
    assert first.table == second.table == queries.version_called("tier-v1").table and first.base.number == "tier-v1"
    assert first in menu.drafts() and second in menu.drafts()


def test_a_draft_can_begin_with_an_older_version_but_not_with_another_table(maker, checker) -> None:
    through(maker, checker)
    old = drafted(maker, from_number="tier-v1")
    assert old.table == queries.version_called("tier-v1").table and old.base.number == "tier-v2"
    with pytest.raises(Invalid):
        drafted(maker, from_number="route-v1")
    for wrong in ({"code": "nothing"}, {"from_number": "tier-v99"}):
        with pytest.raises(NotFound):
            drafted(maker, **wrong)


def test_a_table_with_errors_is_saved_with_its_findings_but_not_submitted(maker) -> None:
    draft = saved(drafted(maker), maker, score=">= six hundred")
    assert [(found["code"], found["row"], found["column"]) for found in draft.findings][0] == ("word_unknown", 2, "score")
    with pytest.raises(errors.FaultsLeft) as refusal:
        submitted(draft, maker)
    assert refusal.value.facts["count"] == 1 and "six" in str(refusal.value)
    assert again(draft).status == "draft"


def test_a_row_that_is_never_reached_is_shown_with_the_case_that_shows_it(maker) -> None:
    draft = saved(drafted(maker), maker, row=3, score=">= 655")
    found = next(one for one in draft.findings if one["code"] == "shadowed_row")
    assert found["row"] == 3 and found["facts"]["other"] == 2 and found["example"]["score"] >= 655
    with pytest.raises(errors.FaultsLeft):
        submitted(draft, maker)


@pytest.mark.parametrize(("breaks", "code"), [
    (lambda t: replace(t, rules=t.rules[:-1]), "otherwise_missing"), (lambda t: replace(t, hit_policy="UNIQUE"), "hit_policy_differs"),
    (lambda t: replace(t, inputs=(replace(t.inputs[0], name="shoe_size"), *t.inputs[1:])), "input_unknown"),
    (lambda t: replace(t, inputs=(t.inputs[0], replace(t.inputs[1], type="number"), t.inputs[2])), "type_differs"),
    (lambda t: replace(t, outputs=(replace(t.outputs[0], name="class"),)), "output_missing"),
    (lambda t: replace(t, outputs=(replace(t.outputs[0], values=('"A"', '"B"', '"C"', '"D"', '"E"')),)), "values_differ"),
    (lambda t: replace(t, rules=()), "empty_table"),
])
def test_who_relies_on_the_table_is_not_let_down(maker, breaks, code) -> None:
    draft = drafted(maker)
    kept = edit_version(version_number=draft.number, table=breaks(draft.table), effective_from=DAY, note="", by=maker)
    assert code in [found["code"] for found in kept.findings if found["severity"] == "error"]
    with pytest.raises(errors.FaultsLeft):
        submitted(kept, maker)


def test_who_saves_second_overwrites_nothing(maker) -> None:
    draft = drafted(maker)
    seen = draft.content_hash
    saved(draft, maker, score=">= 660", based_on=seen)
    with pytest.raises(errors.EditedMeanwhile):
        saved(draft, maker, score=">= 670", based_on=seen)
    assert again(draft).table.rules[1].when[1] == ">= 660"


def test_a_file_replaces_the_table_of_a_draft_and_of_nothing_else(maker) -> None:
    draft = drafted(maker)
    book = sheets.write_xlsx(changed(draft.table, 2, score=">= 661"))
    kept = import_table(version_number=draft.number, content=book, based_on=draft.content_hash, by=maker)
    assert kept.table.rules[1].when[1] == ">= 661" and kept.writer_ids == [maker.user_id]
    with pytest.raises(errors.EditedMeanwhile):
        import_table(version_number=draft.number, content=book, based_on=draft.content_hash, by=maker)
    with pytest.raises(errors.NotADraft):
        import_table(version_number="tier-v1", content=book, by=maker)
    with pytest.raises(NotPermitted):
        import_table(version_number=draft.number, content=book, by=WU)


def test_a_draft_that_changes_nothing_or_begins_in_the_past_is_not_submitted(maker) -> None:
    draft = drafted(maker)
    with pytest.raises(NothingChanged):
        submitted(draft, maker)
    with pytest.raises(errors.BeginsInThePast):
        submitted(saved(draft, maker, on=DAY - timedelta(1), score=">= 660"), maker)


def test_a_discarded_draft_stays_in_the_track_and_is_not_used(maker) -> None:
    draft = discard_version(version_number=drafted(maker).number, reason="想错了", by=maker)
    assert draft.status == "discarded" and draft not in menu.drafts()
    with pytest.raises(errors.NotADraft):
        saved(draft, maker)
    with pytest.raises(WrongState):
        discard_version(version_number=draft.number, by=maker)
    assert drafted(maker).number == "tier-v3"


# ---- two people ----


def test_the_second_person_publishes_and_the_day_decides_which_version_holds(maker, checker) -> None:
    version = through(maker, checker, on=LATER)
    assert (version.status, version.published_by_name, version.drafted_by_name) == ("published", "陈", "林")
    assert queries.current("tier", LATER - timedelta(1)).number == "tier-v1"
    assert queries.current("tier", LATER) == version
    standing = queries.standings_on(DAY)
    assert [standing(one) for one in queries.history("tier")] == ["scheduled", "in_force"]
    assert [queries.standings_on(LATER)(one) for one in queries.history("tier")] == ["in_force", "superseded"]
    told = Event.objects.get(name="policy.published").payload
    assert (told["policy"], told["version"], told["effective_from"]) == ("tier", "tier-v2", "2026-04-01")
    assert told["content_hash"] == version.content_hash and queries.by_hashes([version.content_hash]) == {version.content_hash: version}


def test_the_published_version_decides(maker, checker) -> None:
    version = through(maker, checker, score=">= 700")
    person_of_655 = {"borrower_kind": "person", "score": 655, "bureau_is_thin": False}
    assert answer(version, **person_of_655).outcome == "matched"
    assert answer(queries.version_called("tier-v1"), **person_of_655).outputs == {"tier": "A"}
    assert answer(version, **person_of_655).outputs == {"tier": "D"}
    assert queries.compiled(again(version)) is queries.compiled(version)


def test_nobody_who_ever_wrote_in_it_publishes_it(maker, checker) -> None:
    both = person("王", roles.RISK_MANAGER, roles.COMPLIANCE)
    draft = saved(drafted(both), both, score=">= 660")
    submitted(saved(draft, maker, score=">= 665"), maker)
    for one in (both, replace(maker, permissions=both.permissions, roles=both.roles)):
        with pytest.raises(SamePerson):
            published(draft, one)
    assert again(draft).status == "submitted" and published(draft, checker).status == "published"


def test_a_deputy_counts_as_the_person_deputised_for(maker, checker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with pytest.raises(SamePerson):
        published(draft, replace(checker, on_behalf_of_id=maker.user_id))


def test_what_is_submitted_is_not_edited_and_what_is_returned_is(maker, checker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with pytest.raises(errors.NotADraft):
        saved(draft, maker, score=">= 670")
    assert return_version(version_number=draft.number, opinion="先回测", by=checker).status == "draft"
    draft = submitted(saved(again(draft), maker, score=">= 670"), maker)
    approval_steps.withdraw(request_number=again(draft).approval_number, by=maker)
    assert again(draft).status == "draft"


def test_it_waits_in_the_inbox_of_whoever_may_publish(maker, checker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    assert [request.subject_text for request in approval_queries.waiting_for(checker)] == [draft.subject]
    assert not approval_queries.waiting_for(maker).exists()


def test_one_version_of_a_table_waits_at_a_time(maker) -> None:
    submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with pytest.raises(AnotherWaits):
        submitted(saved(drafted(maker), maker, score=">= 670"), maker)


def test_the_database_lets_only_one_wait(maker) -> None:
    first, second = drafted(maker), drafted(maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk__in=[first.pk, second.pk]).update(status="submitted")


def test_a_version_is_not_published_into_the_past(maker, checker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with pytest.raises(errors.BeginsInThePast):
        published(draft, checker, DAY - timedelta(1))
    assert published(draft, checker, LATER).effective_from == LATER


def test_the_publisher_decides_the_day_when_approval_took_longer(maker, checker) -> None:
    from chezhe.policies.actions.publish_version import publish_version

    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    day = DAY + timedelta(5)
    late = publish_version(version_number=draft.number, effective_from=day, business_date=day, by=checker)
    assert late.effective_from == day and queries.current("tier", DAY).number == "tier-v1"


def test_of_two_drafts_the_second_does_not_undo_the_first_unseen(maker, checker) -> None:
    first, second = saved(drafted(maker), maker, score=">= 660"), saved(drafted(maker), maker, row=4, score="[590..620)")
    published(submitted(first, maker), checker)
    with pytest.raises(errors.NewerPublished) as refusal:
        submitted(second, maker)
    assert refusal.value.facts["newest"] == first.number
    assert rebase_version(version_number=second.number, by=maker).base == again(first)
    assert published(submitted(again(second), maker), checker).status == "published"
    with pytest.raises(errors.NotADraft):
        rebase_version(version_number=second.number, by=maker)


def test_of_two_that_begin_on_one_day_the_one_published_later_holds(maker, checker) -> None:
    through(maker, checker, on=LATER, score=">= 660")
    second = through(maker, checker, on=LATER, score=">= 670")
    assert queries.current("tier", LATER) == second


def test_a_catalogue_that_lost_a_fact_refuses_the_publication(maker, checker) -> None:
    offered = [Offered("pets", "integer", "宠物数")]
    vocabulary.register("probe", lambda: offered)
    try:
        table = changed(drafted(maker).table, 2, score=">= 660")
        column = replace(table.inputs[1], name="pets", title="宠物数")
        wider = replace(
            table, inputs=(*table.inputs, column), rules=tuple(replace(rule, when=(*rule.when, "-")) for rule in table.rules))
        draft = edit_version(version_number="tier-v2", table=wider, effective_from=DAY, note="", by=maker)
        assert [found["severity"] for found in draft.findings] == ["warning"] * len(draft.findings)
        submitted(draft, maker)
        offered.clear()
        with pytest.raises(errors.FaultsLeft):
            published(draft, checker)
    finally:
        vocabulary._sources.pop("probe")


# ---- the calendar ----


def test_a_scheduled_version_can_be_cancelled_until_it_begins(maker, checker) -> None:
    version = through(maker, checker, on=LATER)
    with pytest.raises(ReasonRequired):
        cancel_version(version_number=version.number, reason=" ", business_date=DAY, by=checker)
    with pytest.raises(BegunAlready):
        cancel_version(version_number=version.number, reason="太严", business_date=LATER, by=checker)
    assert cancel_version(version_number=version.number, reason="太严", business_date=DAY, by=checker).status == "cancelled"
    assert queries.current("tier", LATER).number == "tier-v1"
    assert Event.objects.get(name="policy.cancelled").payload["version"] == version.number
    with pytest.raises(WrongState):
        cancel_version(version_number=version.number, reason="太严", business_date=DAY, by=checker)


def test_before_the_first_day_nothing_is_in_force() -> None:
    with pytest.raises(queries.NotInForce):
        queries.current("tier", date(2017, 12, 31))
    assert queries.all_current(date(2017, 12, 31)) == {}
    for ask in (lambda: queries.current("nothing", DAY), lambda: queries.history("nothing")):
        with pytest.raises(NotFound):
            ask()


# ---- back ----


def test_one_person_brings_an_earlier_version_back_at_once(maker, checker) -> None:
    through(maker, checker)
    back = roll_back(checker, "tier-v1")
    assert (back.number, back.status, back.restores.number) == ("tier-v3", "published", "tier-v1")
    assert back.content_hash == queries.version_called("tier-v1").content_hash
    assert queries.current("tier", DAY) == back and (back.drafted_by_name, back.published_by_name) == ("系统", "陈")
    assert Event.objects.filter(name="policy.published").order_by("id").last().payload["restores"] == "tier-v1"
    assert back.base.number == "tier-v2" and back.note == "误伤太多"


def test_who_wrote_the_earlier_version_does_not_bring_it_back(maker, checker) -> None:
    both = person("王", roles.RISK_MANAGER, roles.COMPLIANCE)
    written = through(both, checker, score=">= 660")
    through(maker, checker, score=">= 670")
    with pytest.raises(SamePerson):
        roll_back(both, written.number)
    back = roll_back(checker, written.number)
    assert back.writer_ids == written.writer_ids and back.content_hash == written.content_hash
    with pytest.raises(NotPermitted):
        roll_back(maker, "tier-v1")


def test_only_what_was_in_force_and_is_no_longer_can_be_brought_back(maker, checker) -> None:
    with pytest.raises(InForceAlready):
        roll_back(checker, "tier-v1")
    coming = through(maker, checker, on=LATER)
    draft = drafted(maker)
    for never in (coming.number, draft.number):
        with pytest.raises(NeverInForce):
            roll_back(checker, never)
    through(maker, checker, score=">= 690")
    with pytest.raises(Invalid):
        roll_back(checker, "route-v1")
    with pytest.raises(ReasonRequired):
        roll_back(checker, "tier-v1", reason="")


def test_a_draft_knows_that_it_was_overtaken_by_a_rollback(maker, checker) -> None:
    through(maker, checker)
    draft = saved(drafted(maker), maker, score=">= 680")
    roll_back(checker, "tier-v1")
    with pytest.raises(errors.NewerPublished):
        submitted(draft, maker)


def test_a_rolled_back_table_can_be_worked_on_again(maker, checker) -> None:
    through(maker, checker)
    back = roll_back(checker, "tier-v1")
    draft = drafted(maker)
    assert draft.base == back and draft.table == back.table


# ---- nothing is changed afterwards ----


def test_the_database_refuses_to_change_what_has_left_the_draft(maker, checker) -> None:
    version = through(maker, checker, on=LATER)
    other = queries.version_called("tier-v1")
    for change in (
        {"content": other.content}, {"content_hash": "0" * 64}, {"effective_from": DAY}, {"number": "tier-v9"}, {"status": "draft"},
        {"status": "submitted"}, {"published_by_name": "别人"}, {"base_id": None}, {"findings": [1]}, {"status": "discarded"},
    ):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            PolicyVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE policies_policyversion CASCADE")


def test_the_database_refuses_to_change_what_waits(maker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(content=queries.version_called("tier-v1").content)


def test_a_content_that_is_not_what_was_submitted_is_not_published(maker, checker) -> None:
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE policies_policyversion DISABLE TRIGGER policies_policyversion_keep")
        cursor.execute("UPDATE policies_policyversion SET content = jsonb_set(content, '{name}', '\"other\"') WHERE id = %s", [draft.pk])
        cursor.execute("ALTER TABLE policies_policyversion ENABLE TRIGGER policies_policyversion_keep")
    with pytest.raises(errors.ContentAltered):
        published(draft, checker)


def test_wu_may_do_nothing(maker) -> None:
    draft = drafted(maker)
    for act in (
        lambda: drafted(WU), lambda: saved(draft, WU), lambda: submitted(draft, WU), lambda: published(draft, WU),
        lambda: return_version(version_number=draft.number, opinion="x", by=WU), lambda: rebase_version(version_number=draft.number, by=WU),
        lambda: discard_version(version_number=draft.number, by=WU), lambda: roll_back(WU, "tier-v1"),
        lambda: cancel_version(version_number=draft.number, reason="xx", business_date=DAY, by=WU),
    ):
        with pytest.raises(NotPermitted):
            act()
