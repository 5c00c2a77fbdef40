"""What rooms offer on the pages of others: tabs by address, and next steps as buttons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.kernel.actor import Actor, Reach
from chezhe.ui import panels
from chezhe.ui.panels import Offer

LIN = Actor(key="staff:1", name="林强", user_id=1, permissions=frozenset(["leads.view"]), reach=Reach.OWN)


@pytest.fixture(autouse=True)
def only_ours() -> Iterator[None]:
    kept = dict(panels._offers)
    panels._offers.clear()
    yield
    panels._offers.clear()
    panels._offers.update(kept)


def urls(subject: str, actor: Actor | None = LIN) -> list[str]:
    return [link.url for link in panels.offers_for(subject, actor)]


def test_a_next_step_begins_with_the_number_of_its_subject() -> None:
    panels.offer(Offer("customer", "新建进件", "ui:styleguide", "leads.view", "file-text", "customer"))
    panels.offer(Offer("application", "制作合同", "ui:check", "leads.view", "writing-sign"))
    assert urls("customer:C26-000001-9") == ["/styleguide/?customer=C26-000001-9"]
    assert urls("application:vin") == ["/ui/check/vin/"]
    assert panels.broken() == []


def test_it_is_offered_only_to_whom_it_is_allowed_and_when_it_is_time() -> None:
    panels.offer(Offer("customer", "一", "ui:styleguide", "leads.create", "plus", "customer"))
    assert urls("customer:C1") == [] and urls("customer:C1", None) == []
    panels.offer(Offer("customer", "二", "ui:styleguide", "leads.view", "plus", "customer", fits=lambda number, by: number == "C2"))
    assert urls("customer:C1") == [] and urls("customer:C2") == ["/styleguide/?customer=C2"]


def test_a_step_without_a_page_is_left_out_and_reported() -> None:
    panels.offer(Offer("customer", "三", "nowhere:start", "leads.view", "plus", "customer"))
    assert urls("customer:C1") == [] and panels.broken() == ["nowhere:start"]
