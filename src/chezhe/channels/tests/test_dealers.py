from __future__ import annotations

from dataclasses import replace

import pytest

from chezhe.channels import errors, queries, steps
from chezhe.channels.actions.create_dealer import create_dealer
from chezhe.channels.actions.edit_dealer import edit_dealer
from chezhe.channels.actions.exit_dealer import exit_dealer
from chezhe.channels.actions.resume_dealer import resume_dealer
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.models import Dealer
from chezhe.channels.states import DEALER
from chezhe.channels.tests.dealing import HARBOUR, TODAY, dealer
from chezhe.documents.tests.people import Cast
from chezhe.kernel import moves
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import Invalid, NotFound, NothingChanged, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.testing import WU


def test_it_registers_a_dealer_active(cast: Cast) -> None:
    made = create_dealer(facts=replace(HARBOUR, uscc="9131 0115 ma1teyt17l"), business_date=TODAY, by=cast.gao)
    assert made.number.startswith("D26-") and (made.uscc, made.status) == (HARBOUR.uscc, "active")
    assert made.masked_contact == "孙* 154****7777"
    assert HARBOUR.contact_mobile not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(("field", "value", "code"), [
    ("uscc", "91310115MA1TEYT17X", "uscc.check_digit"), ("name", "x", "company_name.form"), ("contact_mobile", "123", "mobile.form"),
    ("contact_name", "7", "person_name.form"),
])
def test_it_refuses_a_bad_value(cast: Cast, field: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_dealer(facts=replace(HARBOUR, **{field: value}), business_date=TODAY, by=cast.gao)
    assert (refused.value.field, refused.value.code) == (field, code) and not Dealer.objects.exists()


def test_a_company_is_a_dealer_once(cast: Cast) -> None:
    known = dealer(cast.gao)
    with pytest.raises(errors.DealerExists) as refused:
        create_dealer(facts=HARBOUR, business_date=TODAY, by=cast.gao)
    assert known.number in str(refused.value)


@pytest.mark.parametrize("status", DEALER.statuses)
@pytest.mark.parametrize("verb", ["suspend", "resume", "exit"])
def test_every_verb_at_every_status(cast: Cast, status: str, verb: str) -> None:
    made = dealer(cast.gao)
    Dealer.objects.filter(pk=made.pk).update(status=status)
    act = {"suspend": suspend_dealer, "resume": resume_dealer, "exit": exit_dealer}[verb]
    if DEALER.allows(status, verb):
        assert act(dealer_number=made.number, reason="首逾偏高", by=cast.gao).status == DEALER.moves[status, verb]
        assert moves.history(made.subject)[-1].reason == "首逾偏高"
        assert Event.objects.filter(name__startswith="dealer.", subject=made.subject).count() == 1
    else:
        with pytest.raises(WrongState):
            act(dealer_number=made.number, reason="首逾偏高", by=cast.gao)


def test_a_suspension_wants_a_reason_and_a_right(cast: Cast) -> None:
    made = dealer(cast.gao)
    with pytest.raises(ReasonRequired):
        suspend_dealer(dealer_number=made.number, reason=" ", by=cast.gao)
    for by in (cast.lin, WU):
        with pytest.raises(NotPermitted):
            suspend_dealer(dealer_number=made.number, reason="首逾偏高", by=by)


def test_a_suspended_dealer_brings_nothing(cast: Cast) -> None:
    made = dealer(cast.gao)
    assert steps.active_dealer(made.number, cast.east.id) == made and list(queries.choosable(cast.east.id)) == [made]
    with pytest.raises(errors.DealerUnknown):
        steps.active_dealer(made.number, cast.west.id)
    suspend_dealer(dealer_number=made.number, reason="首逾偏高", by=cast.gao)
    with pytest.raises(errors.DealerClosed):
        steps.active_dealer(made.number, cast.east.id)
    assert not queries.choosable(cast.east.id)


def test_it_is_edited_once_at_a_time(cast: Cast) -> None:
    made = dealer(cast.gao)
    edit_dealer(dealer_number=made.number, version=1, changes={"tier": "A"}, by=cast.gao)
    with pytest.raises(StaleEdit):
        edit_dealer(dealer_number=made.number, version=1, changes={"tier": "C"}, by=cast.gao)
    with pytest.raises(NothingChanged):
        edit_dealer(dealer_number=made.number, version=2, changes={"tier": "A", "status": "exited"}, by=cast.gao)
    with pytest.raises(Invalid):
        edit_dealer(dealer_number=made.number, version=2, changes={"name": "x"}, by=cast.gao)


def test_scope(cast: Cast) -> None:
    made = dealer(cast.gao)
    assert not Dealer.objects.visible_to(cast.mei).exists() and not Dealer.objects.visible_to(WU).exists()
    with pytest.raises(NotFound):
        queries.open_subject(cast.mei, made.number)
    assert [hit.number for hit in queries.search(cast.chen, "海港")] == [made.number] and not queries.search(cast.mei, "海港")
