"""The bell: what waits for each person, asked at once by a statement that many share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chezhe.documents.tests.people import Cast
from chezhe.kernel import business_date, clock, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.scope import ByReach
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, ZHOU, lead
from chezhe.staff.models import User


@pytest.fixture(autouse=True)
def books(db: None) -> Iterator[None]:
    business_date.open_day(TODAY)
    with clock.at(moment("2026-03-16 12:00")):
        yield


def test_together_the_piles_count_what_each_counts_alone(cast: Cast) -> None:
    lead(cast.lin)
    for actor in (cast.lin, cast.gao, cast.mei, SYSTEM):
        piles = worklist.piles_for(actor)
        assert worklist.counts_of(piles, actor) == {pile.key: pile.count(actor) for pile in piles}
    assert worklist.counts_of([worklist.PILES["leads_due"]], cast.lin) == {"leads_due": 1}


def test_one_question_counts_everything(cast: Cast, django_assert_num_queries: Any) -> None:
    mine = [pile for pile in worklist.piles_for(cast.gao) if isinstance(pile.count, worklist.Counted)]
    business_date.current()
    with django_assert_num_queries(1 + sum(pile.key in ("leads_due", "servicing.overdue", "applications_offered") for pile in mine)):
        worklist.counts_of(mine, cast.gao)


def test_nobody_is_shown_the_counts_of_another(cast: Cast) -> None:
    """They ask by the same statement, in any order, and get their own."""
    own = worklist.Counted(lambda by: User.objects.filter(pk__in=by.user_ids))
    near = ByReach(lambda by: User.objects.visible_to(by).order_by("pk").values_list("pk"))
    for actor in (cast.lin, cast.mei, cast.gao, cast.lin, SYSTEM):
        assert own(actor) == len(actor.user_ids)
        assert [row[0] for row in near.rows(actor)] == list(User.objects.visible_to(actor).order_by("pk").values_list("pk", flat=True))


def test_a_person_hidden_in_a_larger_value_is_refused(cast: Cast) -> None:
    """It would stay a stand-in, and the condition would hold for nobody."""
    hidden = worklist.Counted(lambda by: User.objects.filter(username=f"staff-{by.user_id}"))
    with pytest.raises(ValueError, match="is not among"):
        hidden(cast.lin)


def test_the_bell_is_right_as_soon_as_somebody_has_acted(cast: Cast, browser: Any) -> None:
    first, _second = lead(cast.lin), lead(cast.lin, ZHOU)
    client = browser.acts_as(cast.lin)
    assert client.get("/bell/").content == b"2"
    Lead.objects.filter(pk=first.pk).update(status="contacted", touch_next_on=TODAY + timedelta(days=5))
    assert client.get("/bell/").content == b"1"
